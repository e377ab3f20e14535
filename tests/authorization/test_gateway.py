"""A company's gateway: one origin for tokens and API, no tenant in the token URL, the key set elsewhere."""

import pytest

pytestmark = pytest.mark.whole_run

WHOLE = (
    "key_set_url: KEYS/keys",
    "issuer: https://authorization.cerner.com/",
    'parameters: {audience: "${GOLIVE_PLACE_AUDIENCE}"}',
)


def by_outcome(summary, outcome):
    return {check["id"]: check for check in summary["checks"] if check["outcome"] == outcome}


@pytest.mark.parametrize("path", ["/oauth/token", "/{tenant}/oauth2/v2.0/token"])
def test_a_gateway_of_another_form_is_go(gateway, path) -> None:
    with gateway(more=WHOLE, token_path=path, audience="https://messages.example") as (own, place):
        code, said, summary = place.run("-k", "token or tenant or inbox-newest-first")
    assert code == 0, said
    assert by_outcome(summary, "failed") == {}
    absent = by_outcome(summary, "not claimed")
    assert "token.server" in absent["token-unknown-tenant"]["reason"]
    assert "token.server" in absent["token-malformed-tenant"]["reason"]
    assert {method for method, asked in own.asked if asked != own.token_path} <= {"GET", "HEAD"}
    passed = by_outcome(summary, "passed")
    assert {"access-token-signature-verifies", "access-token-issuer-is-its-host"} <= passed.keys()
    assert {"api-unknown-tenant", "token-tampered", "inbox-newest-first"} <= passed.keys()


OF_ORACLES = ("key_set_url: KEYS/keys", "issuer: https://authorization.cerner.com/")
OBSERVED = {"token-unknown-tenant", "token-malformed-tenant", "token-response-has-correlation-id"}


def test_what_only_oracle_s_server_does_is_asked_of_one_that_the_file_calls_oracle_s(
    gateway,
) -> None:
    """A double, or a gateway in front of it: without the key its faults are not looked at, with it they decide."""
    wrong = {"defects": ["unknown-tenant-accepted"]}
    with gateway(more=OF_ORACLES, beside_keys=True, twin=wrong) as (_, place):
        code, said, summary = place.run("-m", "oauth")
        assert code == 0, said
        reasons = by_outcome(summary, "not claimed")
        assert {reasons[name]["reason"].split()[-1] for name in OBSERVED} == {"token.server"}
        missing = {one["key"]: one["adds"] for one in summary["reach"]["missing"]}
        assert missing["token.server"] > 100
        file = place.folder / "place.yaml"
        file.write_text(file.read_text().replace("  issuer:", "  server: oracle\n  issuer:"))
        code, said, summary = place.run("-m", "oauth")
    assert code == 1, said
    failed = by_outcome(summary, "failed")
    assert failed.keys() == {"token-unknown-tenant"}, said
    assert {one["basis"] for one in failed["token-unknown-tenant"]["findings"]} == {"observed"}
    assert by_outcome(summary, "passed").keys() >= OBSERVED - failed.keys()


def test_a_gateway_is_written_to_in_a_test_tenant_alone(gateway) -> None:
    tenant = "ec2458f2-1e24-41c8-b71b-0e701af7583d"
    with gateway(more=WHOLE, safety=f", writes: allowed, test_tenants: [{tenant}]") as (own, place):
        file = place.folder / "place.yaml"
        text = file.read_text().replace('other_patient: "12700300"}', RECIPIENTS)
        file.write_text(f"{text}claims: {{operations: [{OPERATIONS}]}}\n")
        code, said, summary = place.run()
    assert code == 0, said
    assert {"POST"} == {
        m for m, asked in own.asked if asked.endswith("/updatePatientMessageStatus")
    }
    assert by_outcome(summary, "failed") == {}


RECIPIENTS = """other_patient: "12700300",
  recipient: {id: "4463007", type: PERSONNEL}, copy_recipient: {id: "4463008", type: PERSONNEL}}"""
OPERATIONS = "listInboxItems, listSentItems, getMessage, sendMessage, updateMessageStatus"


def test_of_a_gateway_that_the_environment_says_nothing_of_nothing_is_assumed(gateway) -> None:
    with gateway() as (own, place):
        code, said, summary = place.run("-k", "key-set or token or inbox-newest-first")
        assert code == 0, said
        absent = {
            name: check["reason"] for name, check in by_outcome(summary, "not claimed").items()
        }
        assert absent["key-set-status-is-200"].endswith("token.key_set_url")
        assert absent["access-token-signature-verifies"].endswith("token.key_set_url")
        assert absent["access-token-issuer-is-its-host"].endswith("token.issuer")
        cause = by_outcome(summary, "could not tell")["access-token-is-of-the-api-cloud"]["cause"]
        assert cause == "nobody knows the cloud of 127.0.0.1"
        assert not [asked for _, asked in own.asked if "jwk" in asked or asked == "/keys"]
        code, told = place.doctor()
    assert code == 0
    stages = {stage["stage"]: stage for stage in told["stages"]}
    assert not stages["key set"]["ok"]
    assert "`token.key_set_url`" in stages["key set"]["detail"]
    assert "kid" in stages["token's claims and key"]["detail"]
    assert "not in the key set" not in str(told)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((403, "text/html", b"<html>no</html>"), "status 403, text/html"),
        ((404, "application/json", b"{}"), "status 404, application/json"),
        (
            (200, "text/html", b"<!DOCTYPE html><html>hello</html>"),
            "status 200, text/html, not JSON",
        ),
    ],
)
def test_of_a_key_set_that_could_not_be_read_nothing_is_concluded(gateway, answer, said) -> None:
    with gateway(more=WHOLE, key_set=answer) as (_, place):
        code, printed, summary = place.run("-m", "oauth")
        assert code == 0, printed
        assert f"note key set: could not be read ({said})" in " ".join(printed.split())
        open_checks = by_outcome(summary, "could not tell")
        # That anybody gets it with 200 is what Oracle's clouds were seen to do.
        absent = by_outcome(summary, "not claimed")
        assert absent["key-set-status-is-200"]["reason"].endswith("token.server")
        assert {
            "key-set-keeps-its-schema",
            "key-set-kids-are-unique",
            "access-token-key-is-in-key-set",
            "access-token-signature-verifies",
        } <= open_checks.keys()
        assert said in open_checks["access-token-key-is-in-key-set"]["cause"]
        code, told = place.doctor()
    assert code == 0
    assert said in str(told["stages"])
    assert "not in the key set" not in str(told)


def test_json_in_place_of_a_key_set_is_found_and_says_nothing_of_any_key(gateway) -> None:
    with gateway(more=WHOLE, key_set=(200, "application/json", b"[]")) as (_, place):
        code, printed, summary = place.run("-m", "oauth")
    assert code == 1, printed
    assert by_outcome(summary, "failed").keys() == {"key-set-keeps-its-schema"}
    said = "status 200, application/json, without a list `keys`"
    assert f"note key set: could not be read ({said})" in " ".join(printed.split())
    open_checks = by_outcome(summary, "could not tell")
    for name in ("access-token-key-is-in-key-set", "access-token-signature-verifies"):
        assert said in open_checks[name]["cause"]


def test_encrypted_tokens_behind_a_gateway_are_go(gateway) -> None:
    with gateway(more=WHOLE, twin={"token_form": "jwe"}) as (_, place):
        code, said, summary = place.run("-k", "token or inbox-newest-first")
    assert code == 0, said
    unseen = by_outcome(summary, "could not tell")
    assert "the access token is encrypted" in unseen["access-token-signature-verifies"]["cause"]
    assert "the access token is encrypted" in unseen["token-alg-none"]["cause"]
    assert "token-tampered" in by_outcome(summary, "passed")


@pytest.mark.parametrize("form", ["opaque", "jws"])
def test_the_environment_can_say_what_kind_of_token_comes(gateway, form) -> None:
    with gateway(more=[*WHOLE, f"form: {form}"], twin={"token_form": "jwe"}) as (_, place):
        code, said, summary = place.run("-m", "oauth")
    if form == "opaque":
        assert code == 0, said
        absent = by_outcome(summary, "not claimed")
        assert absent["access-token-is-a-signed-jwt"]["reason"].endswith("token.form")
        assert absent["access-token-signature-verifies"]["reason"].endswith("token.form")
    else:
        assert code == 1, said
        assert by_outcome(summary, "failed").keys() == {"access-token-is-a-signed-jwt"}
