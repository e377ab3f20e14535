"""Which host a URL means, and which cloud a host belongs to."""

import pytest

from golive.environment import PUBLIC_SANDBOX_TENANT, cloud_of, find, load, real_host, service_root
from golive.environment.urls import HOST_RULES, segments

PATH = "/tenants/t-1/protocols/oauth2/profiles/smart-v1/token"


@pytest.mark.parametrize(
    ("origin", "host", "root"),
    [
        ("https://authorization.cerner.com", "authorization.cerner.com", None),
        ("https://Authorization.Cerner.com.:443", "authorization.cerner.com", None),
        ("http://127.0.0.1:8700/authorization.cerner.com", "authorization.cerner.com", None),
        ("http://localhost:8700/authorization.cerner.com", "authorization.cerner.com", None),
        ("http://[::1]:8700/authorization.cerner.com", "authorization.cerner.com", None),
        ("{twin}/authorization.cerner.com", "authorization.cerner.com", None),
        ("http://127.0.0.1:8700", "127.0.0.1", None),
        ("https://gateway.example.org/authorization.cerner.com", "gateway.example.org",
         "https://gateway.example.org"),
        ("{twin}", "", "{twin}"),
    ],
)  # fmt: skip
def test_a_url_means_one_host_and_has_one_root(origin, host, root):
    assert real_host(origin + PATH) == host
    assert service_root(origin + PATH) == (root or origin)


def test_the_segments_of_a_path_begin_behind_the_host_that_is_played():
    assert segments("https://authorization.cerner.com/tenants/t-1/") == ["tenants", "t-1"]
    assert segments("{twin}/authorization.cerner.com/tenants/t-1") == ["tenants", "t-1"]


@pytest.mark.parametrize(
    ("host", "cloud"),
    [
        ("authorization.cerner.com", "production"),
        ("api.cernermillennium.com", "production"),
        ("API.CernerMillennium.com.", "production"),
        ("fhir-ehr.cerner.com", "production"),
        ("authorization.sandboxcerner.com", "sandbox"),
        ("sandboxcerner.com", "sandbox"),
        ("evilsandboxcerner.com", None),
        ("authorization.cerner.com.example.org", None),
        ("127.0.0.1", None),
        ("", None),
    ],
)
def test_a_host_belongs_to_the_cloud_that_the_facts_name(host, cloud):
    assert cloud_of(host) == cloud


def test_every_rule_about_a_host_names_its_source():
    assert all("contract-facts §" in rule.source for rule in HOST_RULES)


def test_the_public_sandbox_is_a_tenant_of_the_production_cloud():
    variables = {"GOLIVE_CLIENT_ID": "a", "GOLIVE_CLIENT_SECRET": "a-secret-of-some-length"}
    sandbox = load(find("sandbox"), variables=variables)
    assert sandbox.tenant == PUBLIC_SANDBOX_TENANT
    assert cloud_of(real_host(sandbox.token.url)) == "production"
