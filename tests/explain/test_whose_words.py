# ruff: noqa: E501
"""What fits by a form alone, or by what is not there, is not stated: other JSON, a proxy with a login, no scope."""

import json

import pytest

from golive.diagnosis.paste import explain

TENANT = "ec2458f2-1e24-41c8-b71b-0e701af7583d"
CLOUD = "https://authorization.cerner.com"
TOKEN = f"{CLOUD}/tenants/{TENANT}/hosts/api.cernermillennium.com/protocols/oauth2/profiles/smart-v1/token"


def first(text):
    return explain(text)[0]


def refused(tail, error):
    uri = f"{CLOUD}/errors/urn%3Acerner%3Aerror%3Aauthorization-server%3Aoauth2%3Atoken%3A{tail}/instances/7f?client=unknown&tenant={TENANT}"
    return json.dumps({"error": error, "error_uri": uri})


def test_a_code_that_is_no_status_is_not_of_the_api():
    assert first('{"code": 20003, "message": "Authenticate", "status": 401}').id == "status-alone"
    assert first('{"code": 401, "message": "Authenticate"}').id == "token-refused"


@pytest.mark.parametrize(
    ("proxy", "cause"),
    [
        ("http://D%5Csvc:p%40ss@proxy:8080", "proxy-login-not-taken"),
        ("http://proxy:8080", "proxy-wants-a-login"),
    ],
)
def test_a_login_that_is_given_to_the_proxy_is_not_asked_for_again(proxy, cause):
    text = f"OSError('Tunnel connection failed: 407 Proxy Authentication Required')\nHTTPS_PROXY={proxy}\n{TOKEN}\n"
    answer = first(text)
    assert answer.id == cause
    assert "p%40ss" not in repr(answer)


@pytest.mark.parametrize(
    ("call", "cause"),
    [
        (
            f"client.fetch_token('{TOKEN}', grant_type='client_credentials')",
            "scope-not-in-what-is-shown",
        ),
        (
            f"client.fetch_token('{TOKEN}', grant_type='client_credentials', scope=s)",
            "no-scope-granted",
        ),
        (f"token url {TOKEN}", "no-scope-granted"),
    ],
)
def test_a_scope_that_nothing_names_is_missed_only_where_a_request_is_shown(call, cause):
    assert first(f"{call}\nresponse body: {refused('empty-scopes', 'invalid_scope')}\n").id == cause


def test_the_tail_of_a_urn_in_a_log_is_read():
    line = f"05:00:00 POST {TOKEN} 401 error=invalid_client urn=oauth2:token:invalid-client-credentials\n"
    assert first(line).id == "pair-not-accepted"
    assert (
        first(line.replace("urn=oauth2:token:invalid-client-credentials", "")).id
        == "client-refused-for-an-unread-reason"
    )


def test_an_issuer_of_the_network_behind_openssl_is_named():
    text = "verify error:num=20:unable to get local issuer certificate\nissuer=C = US, O = Palo Alto Networks, CN = decrypt.hosp.local\n"
    assert first(text).id == "certificate-of-an-inspecting-proxy"
    assert (
        first("verify error:num=20:unable to get local issuer certificate\n").id
        == "certificate-not-trusted"
    )


@pytest.mark.parametrize(
    ("hosts", "cause"),
    [("127.0.0.1", "name-led-to-a-private-address"), ("159.140.1.1", "connection-refused")],
)
def test_a_name_that_leads_to_a_private_address_is_named(hosts, cause):
    text = f"Connection refused: authorization.cerner.com/{hosts}:443\n"
    assert first(text).id == cause


def test_a_server_without_an_entry_is_left_open():
    text = 'HTTP/1.1 403 Forbidden\nServer: gateway/1.0\n\n{"message":"the tenant of inbox is switched off here"}\n'
    assert first(text).id == "refused-by-an-unnamed-server"


def test_words_of_a_proxy_of_ones_own_come_before_its_502():
    text = f'upstream prematurely closed connection while reading response header, upstream: "{TOKEN}"\n502 Bad Gateway\n'
    assert first(text).id == "upstream-closed-early"
    assert first(f"POST {TOKEN} 502 Bad Gateway\n").id == "not-available"


def test_a_server_is_named_by_its_host_and_not_by_a_form_that_others_have_too():
    text = 'GET https://fhir.nextgen.com/nge/fhir/r4/Patient\nHTTP/1.1 401 Unauthorized\nContent-Type: application/json\n\n{"error":{"code":"401","message":"Access denied due to invalid OAuth token."}}\n'
    assert "NextGen" in first(text).means
    assert "Microsoft" not in first(text).means


def test_a_variable_that_a_pipeline_left_as_a_command_is_blank():
    text = f"1.sh: line 1: OH_SECRET: command not found\nPOST {TOKEN} 401 {refused('invalid-client-credentials', 'invalid_client')}\n"
    assert first(text).id == "credential-is-blank"
    assert first(text.replace("OH_SECRET", "OH_TOOL")).id != "credential-is-blank"


@pytest.mark.parametrize(
    ("form", "cause"),
    [
        (
            "grant_type=client_credentials&scope=inbox/read",
            "another-server-refuses-client-credentials",
        ),
        ("grant_type=authorization_code&code=abc", "another-server-refuses-the-grant"),
    ],
)
def test_a_refused_grant_is_explained_by_the_grant_that_was_asked_for(form, cause):
    url = "https://hosp.auth.eu-central-1.amazoncognito.com/oauth2/token"
    text = (
        f"$ curl -s -X POST {url} -u \"$ID:$SECRET\" -d '{form}'\n" + '{"error":"invalid_grant"}\n'
    )
    assert first(text).id == cause


@pytest.mark.parametrize(
    ("said", "cause"),
    [
        ("Invalid secret", "another-server-says-why"),
        ("Authentication failed.", "another-server-refuses"),
    ],
)
def test_a_few_words_that_name_a_thing_are_a_reason(said, cause):
    text = f'POST https://api.fhir.example/oauth2/token\nHTTP/1.1 400 Bad Request\nContent-Type: application/json\n\n{{"error":"invalid_request","error_description":"{said}"}}\n'
    assert first(text).id == cause
