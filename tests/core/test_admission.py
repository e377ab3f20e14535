"""What passes the door for an environment whose authorization server is not Oracle's."""

from dataclasses import replace

import pytest

from golive.environment import Environment
from golive.exchanges.failures import ForbiddenRequestError
from golive.exchanges.headers import Headers
from golive.exchanges.model import Request
from golive.transport.admission import Admission

TENANT = "ec2458f2-1e24-41c8-b71b-0e701af7583d"
OTHER = "7c1f5d6e-3b0a-4f5c-9d27-6a2e8b41c903"
API = f"https://gateway.example.org/health/{TENANT}/message"
SENT = "20241001/patientMessages/sentItems"


def placed(
    environment: Environment, token_url: str, *, writes: str = "allowed", **token
) -> Admission:
    return Admission(
        replace(
            environment,
            token=replace(environment.token, url=token_url, **token),
            apis={"messages": replace(environment.api, base_url=API)},
            claims=replace(environment.claims, accounts={}),
            safety=replace(environment.safety, writes=writes, test_tenants=(TENANT,)),
        )
    )


def asked(url: str, method: str = "POST") -> Request:
    return Request(method, url, Headers())


@pytest.mark.parametrize(
    "url",
    [
        "https://login.example.org/oauth/token",
        f"https://login.example.org/{TENANT}/oauth2/v2.0/token",
        "https://gateway.example.org/oauth/token",
    ],
)
def test_a_token_request_is_what_goes_to_the_token_url(named_environment, url) -> None:
    assert placed(named_environment, url, writes="forbidden").admit(asked(url))


def test_what_only_looks_like_a_token_url_is_none(named_environment) -> None:
    admission = placed(
        named_environment, "https://login.example.org/oauth/token", writes="forbidden"
    )
    with pytest.raises(ForbiddenRequestError, match=r"POST to no tenant of the API"):
        admission.admit(asked("https://login.example.org/protocols/oauth2/token"))


def test_an_unknown_tenant_is_asked_for_at_a_host_of_its_own_alone(named_environment) -> None:
    own = f"https://login.example.org/{TENANT}/oauth2/v2.0/token"
    assert placed(named_environment, own).admit(asked(own.replace(TENANT, OTHER)))
    shared = f"https://gateway.example.org/{TENANT}/oauth2/v2.0/token"
    with pytest.raises(ForbiddenRequestError):
        placed(named_environment, shared).admit(asked(shared.replace(TENANT, OTHER)))


@pytest.mark.parametrize(
    "query", ["?client_id=a&client_secret=b", "?grant_type=client_credentials"]
)
def test_a_token_url_has_a_query_at_a_host_of_its_own_alone(named_environment, query) -> None:
    own = "https://login.example.org/oauth/token"
    assert placed(named_environment, own, writes="forbidden").admit(asked(own + query))
    shared = "https://gateway.example.org/oauth/token"
    with pytest.raises(ForbiddenRequestError):
        placed(named_environment, shared, writes="forbidden").admit(asked(shared + query))


def test_the_tenant_is_read_at_the_place_where_the_base_url_has_it(named_environment) -> None:
    admission = placed(named_environment, "https://gateway.example.org/oauth/token")
    assert not admission.admit(asked(f"{API}/{SENT}"))
    for path in (
        f"health/{OTHER}/message/{SENT}",
        f"{TENANT}/message/{SENT}",
        f"other/{TENANT}/message/{SENT}",
        "",
    ):
        with pytest.raises(ForbiddenRequestError):
            admission.admit(asked(f"https://gateway.example.org/{path}"))


def test_writing_behind_a_gateway_needs_permission_like_everywhere(named_environment) -> None:
    admission = placed(
        named_environment, "https://gateway.example.org/oauth/token", writes="forbidden"
    )
    with pytest.raises(
        ForbiddenRequestError, match=rf"POST to tenant {TENANT} needs `safety.writes: allowed`"
    ):
        admission.admit(asked(f"{API}/{SENT}"))


def test_a_token_url_below_the_api_opens_no_way_to_write(named_environment) -> None:
    admission = placed(named_environment, f"{API}/{SENT}", writes="forbidden")
    with pytest.raises(ForbiddenRequestError):
        admission.admit(asked(f"{API}/{SENT}"))


def test_the_key_set_s_host_is_read_and_nothing_is_posted_there(named_environment) -> None:
    keys = f"https://keys.example.org/{TENANT}/keys"
    admission = placed(named_environment, "https://login.example.org/oauth/token", key_set_url=keys)
    assert not admission.admit(asked(keys, "GET"))
    with pytest.raises(ForbiddenRequestError):
        admission.admit(asked(keys))
    with pytest.raises(ForbiddenRequestError, match="is not a host of"):
        admission.admit(asked("https://elsewhere.example.org/keys", "GET"))


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_a_token_url_takes_no_other_writing_method(named_environment, method) -> None:
    url = "https://login.example.org/oauth/token"
    with pytest.raises(ForbiddenRequestError):
        placed(named_environment, url).admit(asked(url, method))
