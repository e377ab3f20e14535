"""The checks of the access token and the key set, at Oracle's hosts and at others, on answers made by hand."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from joserfc import jws
from joserfc.jwk import ECKey, RSAKey
from suite_files import checks_of

from golive.checks.authority import issuers
from golive.checks.findings import FindingsError
from golive.contract.document import Contract
from golive.contract.outcomes import CouldNotTellError, NotClaimedError
from golive.environment import Environment, Secret, SecretCredential, find, load
from golive.exchanges.headers import Headers
from golive.exchanges.model import Exchange, Request, Response, Steps
from golive.kit.files import resources
from golive.redaction import REDACTOR
from golive.transport.token import TokenClient

ELSEWHERE = "https://login.example.org/oauth/token"
ENCRYPTED = (
    "eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4Q0JDLUhTMjU2Iiwia2lkIjoiMjAyNS5vY3QifQ..aXY.dGV4dA.dGFn"
)
OPAQUE = "2YotnFZFEjr1zCsicMWpAA"
INSIDE = [
    "header_keeps_its_schema",
    "claims_keep_their_schema",
    "token_is_signed_with_es256",
    "token_says_that_it_is_a_jwt",
    "signing_key_is_published",
    "signature_verifies",
    "issuer_is_the_host_that_was_asked",
    "token_is_of_the_cloud_that_the_api_trusts",
    "token_is_for_the_tenant",
    "token_is_for_the_client",
    "token_carries_the_granted_scopes",
    "token_was_issued_when_it_was_asked_for",
    "token_lives_at_least_as_long_as_announced",
    "token_outlives_expires_in_by_30_seconds",
    "tokens_times_are_in_seconds",
]


CONTRACT = Contract(resources() / "schemas")
PARTS = (
    "oauth/test_key_set",
    "oauth/test_keys",
    "oauth/test_access_token",
    "oauth/test_access_token_key",
    "oauth/test_access_token_claims",
    "oauth/test_access_token_rules",
    "oauth/test_access_token_times",
    "messages/test_first_token",
)
CHECKS = {name: check for part in PARTS for name, check in vars(checks_of(part)).items()}


@pytest.fixture(autouse=True)
def _contracts_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let findings show the names that the contract knows, as in a run."""
    monkeypatch.setattr(REDACTOR, "public", CONTRACT.words)


@pytest.fixture
def oracles() -> Environment:
    """The twin's environment at Oracle's real hosts."""
    named = load(find("twin"), variables={})
    return replace(
        named,
        token=replace(named.token, url=named.token.url.replace("{twin}/", "https://")),
        apis={
            "messages": replace(
                named.api, base_url=named.api.base_url.replace("{twin}/", "https://")
            )
        },
    )


@pytest.fixture
def others(oracles: Environment) -> Environment:
    """An authorization server of which the environment says nothing."""
    return replace(oracles, token=replace(oracles.token, url=ELSEWHERE))


def answered(
    body: object, status: int = 200, media: str = "application/json", url: str = ELSEWHERE
) -> Exchange:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    response = Response(status, Headers.of({"Content-Type": media}), raw)
    return Exchange("made", Request("POST", url), response, datetime.now(UTC), 0.1)


def part(members: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(members).encode()).decode().rstrip("=")


def signed(claims: dict[str, Any], **header: Any) -> Exchange:
    text = f"{part({'alg': 'ES256', 'kid': 'one', 'typ': 'JWT', **header})}.{part(claims)}.c2ln"
    return granted(text)


def granted(text: str, **more: Any) -> Exchange:
    return answered({"access_token": text, "token_type": "Bearer", "expires_in": 570, **more})


def call(name: str, environment: Environment, exchange: Exchange, **more: Any) -> None:
    """Call a check with those of these that it takes."""
    function = next(
        f for title, f in CHECKS.items() if title in (f"test_the_{name}", f"test_{name}")
    )
    given = {
        "token_granted": exchange,
        "second_token": exchange,
        "grants": Steps(),
        "key_set": answered({"keys": []}),
        "key_set_again": more.get("key_set", answered({"keys": []})),
        "environment": environment,
        "contract": CONTRACT,
        **more,
    }
    taken = function.__code__.co_varnames[: function.__code__.co_argcount]
    function(**{argument: given[argument] for argument in taken})


@pytest.mark.parametrize(
    "name", [*INSIDE, "access_token_is_a_signed_jwt", "each_token_has_its_own_id"]
)
@pytest.mark.parametrize("text", [ENCRYPTED, OPAQUE])
def test_the_inside_of_a_token_that_nobody_can_read_decides_nothing(oracles, name, text) -> None:
    with pytest.raises(CouldNotTellError, match="can be seen from outside") as told:
        call(name, oracles, granted(text))
    assert told.value.unsettled_shape


@pytest.mark.parametrize("name", [*INSIDE, "access_token_is_a_signed_jwt"])
def test_where_the_environment_says_opaque_nothing_of_a_token_is_read(oracles, name) -> None:
    opaque = replace(oracles, token=replace(oracles.token, form="opaque"))
    with pytest.raises(NotClaimedError, match=r"^token\.form$"):
        call(name, opaque, signed({}))


@pytest.mark.parametrize("text", ["eyJ.b.c", f"{part({'alg': 'ES256'})}.{part({})}"])
def test_a_malformed_token_stays_a_finding(oracles, text) -> None:
    with pytest.raises(FindingsError):
        call("access_token_is_a_signed_jwt", oracles, granted(text))


def test_where_the_environment_says_jws_another_form_is_a_finding(oracles) -> None:
    jws = replace(oracles, token=replace(oracles.token, form="jws"))
    with pytest.raises(FindingsError, match="it is encrypted"):
        call("access_token_is_a_signed_jwt", jws, granted(ENCRYPTED))


@pytest.mark.parametrize(
    "issuer",
    ["https://login.example.org/", "https://[half", None, 5, "no-url", "https://127.0.0.1:8443"],
)
def test_an_issuer_of_no_known_cloud_proves_nothing(oracles, issuer) -> None:
    with pytest.raises(CouldNotTellError, match="nobody knows the cloud of") as told:
        call("token_is_of_the_cloud_that_the_api_trusts", oracles, signed({"iss": issuer}))
    assert told.value.unsettled_shape


def test_an_api_host_of_no_known_cloud_proves_nothing(oracles) -> None:
    api = replace(oracles.api, base_url="https://gateway.example.org/t/message")
    with pytest.raises(CouldNotTellError, match=r"nobody knows the cloud of gateway\.example\.org"):
        call(
            "token_is_of_the_cloud_that_the_api_trusts",
            replace(oracles, apis={"messages": api}),
            signed({"iss": "https://login.example.org/"}),
        )


def test_an_issuer_of_the_other_cloud_is_found(oracles) -> None:
    with pytest.raises(FindingsError):
        call(
            "token_is_of_the_cloud_that_the_api_trusts",
            oracles,
            signed({"iss": "https://authorization.sandboxcerner.com/"}),
        )


def test_the_issuer_has_the_forms_that_were_seen_or_the_one_that_is_named(oracles, others) -> None:
    host = "https://authorization.cerner.com"
    assert issuers(oracles) == {host, f"{host}/", f"{host}/tenants/{oracles.tenant}"}
    with pytest.raises(NotClaimedError, match=r"^token\.issuer$"):
        issuers(others)
    named = replace(others, token=replace(others.token, issuer="https://login.example.org:8443"))
    call(
        "issuer_is_the_host_that_was_asked",
        named,
        signed({"iss": "https://login.example.org:8443"}),
    )
    with pytest.raises(FindingsError):
        call(
            "issuer_is_the_host_that_was_asked",
            named,
            signed({"iss": "https://login.example.org:8443/"}),
        )


@pytest.mark.parametrize("issuer", [{"a": 1}, [], 7, None])
def test_an_issuer_that_is_no_text_is_a_finding(oracles, issuer) -> None:
    with pytest.raises(FindingsError, match="expected iss https://authorization"):
        call("issuer_is_the_host_that_was_asked", oracles, signed({"iss": issuer}))


def test_a_jti_is_optional_and_two_equal_ones_are_found(oracles) -> None:
    with pytest.raises(CouldNotTellError, match="jti, which is optional"):
        call("each_token_has_its_own_id", oracles, signed({}))
    one, later = signed({"jti": "one"}), signed({"jti": "one", "iat": 1})
    with pytest.raises(FindingsError):
        call("each_token_has_its_own_id", oracles, one, second_token=later)
    call(
        "each_token_has_its_own_id",
        oracles,
        signed({"jti": "one"}),
        second_token=signed({"jti": "two"}),
    )


@pytest.mark.parametrize("crit", [5, "b64", {"b64": 1}, None])
def test_a_crit_that_is_no_array_is_a_finding(others, crit) -> None:
    with pytest.raises(FindingsError):
        call("header_keeps_to_the_rules_of_jose", others, signed({}, b64=True, crit=crit))


@pytest.mark.parametrize("typ", ["at+jwt", "application/at+jwt", "JWT", "jwt"])
def test_a_token_of_another_server_may_be_of_the_type_of_rfc_9068(others, oracles, typ) -> None:
    call("token_says_that_it_is_a_jwt", others, signed({}, typ=typ))
    if typ.lower() != "jwt":
        with pytest.raises(FindingsError):
            call("token_says_that_it_is_a_jwt", oracles, signed({}, typ=typ))


def test_another_server_may_sign_with_another_algorithm_and_never_with_none(
    others, oracles
) -> None:
    call("token_is_signed_with_es256", others, signed({}, alg="RS256"))
    for environment, algorithm in (
        (oracles, "RS256"),
        (others, "none"),
        (others, "NonE"),
        (others, None),
    ):
        with pytest.raises(FindingsError):
            call("token_is_signed_with_es256", environment, signed({}, alg=algorithm))


def test_the_client_may_stand_in_client_id(oracles, others) -> None:
    credential = SecretCredential("me", Secret("a-secret-of-some-length"))
    for environment in (oracles, others):
        own = replace(environment, token=replace(environment.token, credential=credential))
        call("token_is_for_the_client", own, signed({"client_id": "me"}))
        with pytest.raises(FindingsError):
            call("token_is_for_the_client", own, signed({"client_id": "somebody"}))


@pytest.mark.parametrize("name", ["header_keeps_its_schema", "claims_keep_their_schema"])
def test_oracle_s_claims_are_not_asked_of_another_server(others, name) -> None:
    with pytest.raises(NotClaimedError, match=r"^token\.server$"):
        call(name, others, signed({"iss": "https://login.example.org/"}))


def test_claims_of_a_double_are_judged_but_for_the_issuer_that_is_its_own(others) -> None:
    double = replace(others, token=replace(others.token, server="oracle"))
    old = "urn:com:cerner:authorization:claims"
    claims = {"iss": "https://login.example.org/", "sub": "a", "azp": "a", "exp": 600, "iat": 0}
    claims |= {old: {"ver": "1.0", "tnt": "t", "azs": "s"}}
    claims |= {"jti": "one", "urn:cerner:authorization:claims:version:1": {}}
    call("claims_keep_their_schema", double, replace(signed(claims), of_oracle=True))
    for wrong in ({**claims, old: {"ver": "1.0", "azs": "s"}}, {**claims, "iss": None}):
        kept = {name: value for name, value in wrong.items() if value is not None}
        with pytest.raises(FindingsError):
            call("claims_keep_their_schema", double, replace(signed(kept), of_oracle=True))


@pytest.mark.parametrize("claim", ["exp", "iat"])
def test_a_time_that_no_standard_demands_may_be_absent(others, claim) -> None:
    claims = {"exp": time.time() + 600, "iat": time.time()}
    del claims[claim]
    with pytest.raises(CouldNotTellError, match=f"no {claim}, which is optional") as told:
        call("token_lives_at_least_as_long_as_announced", others, signed(claims))
    assert told.value.unsettled_shape


@pytest.mark.parametrize(
    ("exp", "unit"),
    [
        (lambda now: (now + 600) * 1000, "milliseconds"),
        (lambda now: (now + 600) * 10**6, "microseconds"),
        (lambda now: now + 600, None),
        (lambda now: now + 0.5, None),
        (lambda now: 253402300799, None),  # the end of the year 9999: long, and still seconds
        (lambda now: 0, None),
    ],
)
def test_a_time_that_is_one_of_today_in_a_finer_unit_is_not_in_seconds(others, exp, unit) -> None:
    made = signed({"exp": exp(int(time.time()))})
    if unit is None:
        call("tokens_times_are_in_seconds", others, made)
        return
    with pytest.raises(FindingsError) as raised:
        call("tokens_times_are_in_seconds", others, made)
    assert [one.actual for one in raised.value.findings] == [f"exp in {unit}"]


@pytest.mark.parametrize("name", ["exp", "iat", "nbf"])
def test_a_time_that_is_a_text_is_no_numeric_date(others, name) -> None:
    with pytest.raises(FindingsError) as raised:
        call("tokens_times_are_in_seconds", others, signed({name: str(int(time.time()))}))
    assert [one.expected for one in raised.value.findings] == [f"{name} as a number"]


def of_the_end(status: int, seconds: float) -> Exchange:
    made = answered({"items": []}, status)
    return replace(made, sent_at=made.sent_at + timedelta(seconds=seconds))


def test_a_token_that_is_refused_before_its_time_is_over_does_not_last(oracles, others) -> None:
    name, first = "first_token_of_a_run_is_good_at_its_end", granted("token")

    def ask(status: int, seconds: float, environment: Environment = oracles) -> None:
        call(name, environment, first, first_token_at_the_end=of_the_end(status, seconds))

    ask(200, 20)
    with pytest.raises(FindingsError) as raised:
        ask(503, 20)
    assert raised.value.findings[0].advice  # it is not the token's fault
    with pytest.raises(FindingsError) as raised:
        ask(401, 20)
    assert "20 s old, of 570 s" in raised.value.findings[0].expected
    with pytest.raises(CouldNotTellError, match="may have expired"):
        ask(401, 560)
    with pytest.raises(NotClaimedError):  # that tokens can't be revoked is said of Oracle's alone
        ask(401, 20, others)


@pytest.mark.parametrize(
    ("status", "seconds", "outcome"),
    [
        (200, 5, None),
        (200, 55, None),  # that it is good settles it, however little is left
        (401, 5, FindingsError),
        (401, 35, CouldNotTellError),
        (200, 60, CouldNotTellError),
    ],
)
def test_a_token_of_a_minute_is_judged_as_long_as_it_lives(
    oracles, status: int, seconds: float, outcome: type[Exception] | None
) -> None:
    first = granted("token", expires_in=60)
    ends = {"first_token_at_the_end": of_the_end(status, seconds)}
    with nullcontext() if outcome is None else pytest.raises(outcome):
        call("first_token_of_a_run_is_good_at_its_end", oracles, first, **ends)


UNREAD = [
    answered(b"<html></html>", 403, "text/html"),
    answered({"error": "no"}, 404),
    answered(b"<html></html>", 200, "text/html"),
    answered({"items": []}),
]
OF_KEYS = [
    "no_two_keys_share_a_kid",
    "no_private_key_is_published",
]


@pytest.mark.parametrize("key_set", UNREAD, ids=["403", "404", "a page", "no keys"])
@pytest.mark.parametrize("name", OF_KEYS)
def test_nothing_is_concluded_from_another_server_s_unread_key_set(others, name, key_set) -> None:
    with pytest.raises(CouldNotTellError, match="could not be read") as told:
        call(name, others, granted("x"), key_set=key_set)
    assert told.value.unsettled_shape


@pytest.mark.parametrize("key_set", UNREAD, ids=["403", "404", "a page", "no keys"])
def test_that_a_key_set_is_public_was_seen_at_oracle_s_hosts_alone(others, key_set) -> None:
    with pytest.raises(NotClaimedError, match=r"^token\.server$"):
        call("key_set_is_public", others, granted("x"), key_set=key_set)


def test_oracle_s_key_set_can_be_read_by_anybody(oracles) -> None:
    with pytest.raises(FindingsError):
        call("key_set_is_public", oracles, granted("x"), key_set=UNREAD[0])


@pytest.mark.parametrize("key_set", UNREAD[:3], ids=["403", "404", "a page"])
def test_what_does_not_call_itself_a_key_set_breaks_no_rule_for_key_sets(
    oracles, others, key_set
) -> None:
    for environment in (oracles, others):
        with pytest.raises(CouldNotTellError, match="could not be read") as told:
            call("key_set_keeps_its_schema", environment, granted("x"), key_set=key_set)
        assert told.value.unsettled_shape


def test_json_without_a_list_of_keys_breaks_the_rule_for_key_sets(oracles, others) -> None:
    for environment in (oracles, others):
        with pytest.raises(FindingsError, match="/keys: expected present, got absent"):
            call("key_set_keeps_its_schema", environment, granted("x"), key_set=UNREAD[3])


@pytest.mark.parametrize("name", ["signing_key_is_published", "signature_verifies"])
@pytest.mark.parametrize("key_set", UNREAD, ids=["403", "404", "a page", "no keys"])
def test_no_key_is_missed_in_a_key_set_that_nobody_has_read(oracles, name, key_set) -> None:
    with pytest.raises(CouldNotTellError, match="could not be read"):
        call(name, oracles, signed({}), key_set=key_set)


def later(oracles: Environment, *claims: dict[str, Any]) -> Steps:
    """Token answers to the environment's own account, after the first."""
    credential = SecretCredential("me", Secret("a-secret-of-some-length"))
    own = replace(oracles.main_account, credential=credential)
    request = TokenClient(None).request(own)  # type: ignore[arg-type] - nothing is sent
    made = [replace(signed(one), name=f"made {n}", request=request) for n, one in enumerate(claims)]
    return Steps({str(number): one for number, one in enumerate(made, 2)})


@pytest.fixture
def mine(oracles: Environment) -> Environment:
    credential = SecretCredential("me", Secret("a-secret-of-some-length"))
    return replace(oracles, token=replace(oracles.token, credential=credential))


def test_a_finding_about_a_later_token_says_which_one_it_is(mine) -> None:
    right, wrong = signed({"azp": "me"}), {"azp": "somebody"}
    with pytest.raises(FindingsError) as found:
        call("token_is_for_the_client", mine, right, grants=later(mine, {"azp": "me"}, wrong))
    [one] = found.value.findings
    assert "(token 3 of 3, made 1, " in one.actual
    assert one.actual.endswith(" UTC)")
    with pytest.raises(FindingsError) as found:
        call("token_is_for_the_client", mine, right, grants=later(mine, wrong, wrong))
    [one] = found.value.findings
    assert "(token 2 of 3, made 0, " in one.actual
    assert one.actual.endswith(" UTC, and 1 more)")


def test_a_finding_that_all_tokens_share_is_one_and_names_none(mine) -> None:
    wrong = {"azp": "somebody"}
    with pytest.raises(FindingsError) as found:
        call("token_is_for_the_client", mine, signed(wrong), grants=later(mine, wrong, wrong))
    [one] = found.value.findings
    assert "token" not in one.actual


def test_what_the_first_token_does_not_show_is_not_said_and_a_later_one_can_still_be_wrong(
    mine,
) -> None:
    with pytest.raises(CouldNotTellError, match="opaque"):
        call("token_is_for_the_client", mine, granted(OPAQUE), grants=later(mine, {"azp": "me"}))
    with pytest.raises(FindingsError, match="token 2 of 2"):
        call(
            "token_is_for_the_client",
            mine,
            signed({"azp": "me"}),
            grants=later(
                mine,
                {"azp": "x"},
            ),
        )


def test_a_token_of_an_account_that_is_not_named_is_left_out(mine) -> None:
    unknown = Steps({"2": signed({"azp": "somebody"})})
    call("token_is_for_the_client", mine, signed({"azp": "me"}), grants=unknown)


def test_a_grant_without_scope_is_of_all_that_was_asked_for(mine) -> None:
    asked = " ".join(mine.token.scopes)
    [right] = later(mine, {"scope": asked}).values()
    call("token_carries_the_granted_scopes", mine, right)
    [wrong] = later(mine, {"scope": mine.token.scopes[0]}).values()
    with pytest.raises(FindingsError):
        call("token_carries_the_granted_scopes", mine, wrong)


def test_three_tokens_carry_three_ids(oracles) -> None:
    one, two = signed({"jti": "one"}), signed({"jti": "two"})
    call("each_token_has_its_own_id", oracles, one, second_token=two, grants=Steps({"2": two}))
    again = Steps({"2": two, "3": signed({"jti": "two", "iat": 1})})
    with pytest.raises(FindingsError):
        call("each_token_has_its_own_id", oracles, one, second_token=two, grants=again)


def certified(key: ECKey) -> dict[str, Any]:
    """Return a certificate of the key and its two thumbprints, as members of a JWK."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test")])
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    made = x509.CertificateBuilder(name, name, key.public_key, 7, begin, begin + timedelta(days=9))
    data = made.sign(key.private_key, SHA256()).public_bytes(Encoding.DER)

    def encoded(digest: bytes) -> str:
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")

    return {
        "x5c": [base64.b64encode(data).decode()],
        "x5t": encoded(hashlib.sha1(data).digest()),
        "x5t#S256": encoded(hashlib.sha256(data).digest()),
    }


POINT_KEY = ECKey.generate_key("P-256")
POINT = POINT_KEY.as_dict(private=False)
OTHER_POINT = ECKey.generate_key("P-256").as_dict(private=False)
RSA = RSAKey.generate_key(2048).as_dict(private=False)
SMALL = {**RSA, "n": RSA["n"][:168]}


def keys(*entries: dict[str, Any], **headers: str) -> Exchange:
    named = [{"kid": f"key {number}", **one} for number, one in enumerate(entries)]
    made = answered({"keys": named})
    for name, value in headers.items():
        changed = made.response.headers.with_(name.replace("_", "-"), value)
        made = replace(made, response=replace(made.response, headers=changed))
    return made


SOUND = [
    ("point_is_on_its_curve", POINT),
    ("rsa_key_is_strong", RSA),
    ("algorithm_fits_its_key", {**POINT, "alg": "ES256"}),
    ("algorithm_fits_its_key", {**RSA, "alg": "PS512"}),
    ("algorithm_fits_its_key", {**RSA, "alg": "RSA-OAEP", "use": "enc"}),
    ("algorithm_fits_its_key", {**POINT, "alg": "ECDH-ES+A128KW", "use": "enc"}),
    ("algorithm_fits_its_key", {**POINT, "alg": "HS1"}),
    ("algorithm_fits_its_key", {"kty": "new", "alg": "ES256"}),
    ("certificate_is_of_its_key", POINT),
    ("certificate_is_of_its_key", {**POINT, **certified(POINT_KEY)}),
    ("certificate_is_of_its_key", {**POINT, "x5t": certified(POINT_KEY)["x5t"]}),
    ("what_a_key_says_of_its_use_agrees", POINT),
    ("what_a_key_says_of_its_use_agrees", {**RSA, "use": "enc", "alg": "RSA-OAEP"}),
    ("what_a_key_says_of_its_use_agrees", {**POINT, "use": "sig", "key_ops": ["verify"]}),
    ("what_a_key_says_of_its_use_agrees", {**POINT, "use": "sig", "key_ops": []}),
]
BROKEN = [
    ("point_is_on_its_curve", {**POINT, "y": POINT["x"]}, ""),
    ("rsa_key_is_strong", SMALL, "/n"),
    ("rsa_key_is_strong", {**RSA, "n": "AAAA" + RSA["n"]}, "/n"),
    ("rsa_key_is_strong", {**RSA, "e": "AQ"}, "/e"),
    ("rsa_key_is_strong", {**RSA, "e": "AQAC"}, "/e"),
    ("algorithm_fits_its_key", {**POINT, "alg": "ES384"}, "/alg"),
    ("algorithm_fits_its_key", {**POINT, "alg": "RS256"}, "/alg"),
    ("algorithm_fits_its_key", {**RSA, "alg": "ES256"}, "/alg"),
    ("algorithm_fits_its_key", {**RSA, "alg": "HS256"}, "/alg"),
    ("algorithm_fits_its_key", {**POINT, "alg": "none"}, "/alg"),
    ("algorithm_fits_its_key", {**POINT, "alg": "RSA-OAEP"}, "/alg"),
    ("what_a_key_says_of_its_use_agrees", {**RSA, "use": "sig", "alg": "RSA-OAEP"}, "/use"),
    ("certificate_is_of_its_key", {**OTHER_POINT, **certified(POINT_KEY)}, "/x5c"),
    ("certificate_is_of_its_key", {**POINT, "x5c": ["AAAA"]}, "/x5c"),
    ("certificate_is_of_its_key", {**POINT, "x5c": []}, "/x5c"),
    ("certificate_is_of_its_key", {**POINT, "x5c": "text"}, "/x5c"),
    ("certificate_is_of_its_key", {**POINT, "x5t#S256": "AAAA"}, "/x5t#S256"),
    ("certificate_is_of_its_key", {**POINT, "x5t": 7}, "/x5t"),
    (
        "certificate_is_of_its_key",
        {**POINT, **certified(POINT_KEY), "x5t": "A" * 27},
        "/x5t",
    ),
    ("what_a_key_says_of_its_use_agrees", {**POINT, "alg": "ES256", "use": "enc"}, "/use"),
    (
        "what_a_key_says_of_its_use_agrees",
        {**POINT, "use": "sig", "key_ops": ["encrypt"]},
        "/key_ops",
    ),
    (
        "what_a_key_says_of_its_use_agrees",
        {**POINT, "use": "enc", "key_ops": ["verify"]},
        "/key_ops",
    ),
]


def every(name: str) -> str:
    return name if name.startswith("what") else f"every_{name}"


@pytest.mark.parametrize(("name", "key"), SOUND)
def test_a_key_that_is_sound_is_no_finding(others, name, key) -> None:
    call(every(name), others, granted("x"), key_set=keys(POINT, key))


@pytest.mark.parametrize(("name", "key", "at"), BROKEN)
def test_every_key_is_judged_and_not_the_first_alone(others, name, key, at) -> None:
    with pytest.raises(FindingsError) as found:
        call(every(name), others, granted("x"), key_set=keys(POINT, key))
    assert [one.at for one in found.value.findings] == [f"/keys/1{at}"]


def test_a_small_exponent_is_advice(others) -> None:
    with pytest.raises(FindingsError) as found:
        call("every_rsa_key_is_strong", others, granted("x"), key_set=keys({**RSA, "e": "Aw"}))
    assert [(one.at, one.advice) for one in found.value.findings] == [("/keys/0/e", True)]


def test_a_key_that_is_wrong_at_the_end_of_the_run_alone_is_found(others) -> None:
    twice = {"key_set": keys(POINT, RSA), "key_set_again": keys(POINT, SMALL)}
    with pytest.raises(FindingsError) as found:
        call("every_rsa_key_is_strong", others, granted("x"), **twice)
    assert [one.at for one in found.value.findings] == ["/keys/1/n"]


def test_what_is_wrong_with_both_answers_is_one_finding(others) -> None:
    with pytest.raises(FindingsError) as found:
        call("every_rsa_key_is_strong", others, granted("x"), key_set=keys(SMALL))
    assert len(found.value.findings) == 1


def test_a_second_key_set_that_can_t_be_read_says_nothing_of_its_keys(others) -> None:
    call(
        "every_rsa_key_is_strong",
        others,
        granted("x"),
        key_set=keys(RSA),
        key_set_again=UNREAD[0],
    )


def test_a_kid_names_the_same_key_at_the_end_and_new_kids_may_come(others) -> None:
    before = keys(POINT, RSA)
    call("a_kid_stays_with_its_key", others, granted("x"), key_set=before, key_set_again=before)
    new = keys(POINT, RSA, OTHER_POINT)
    call("a_kid_stays_with_its_key", others, granted("x"), key_set=before, key_set_again=new)
    call("a_kid_stays_with_its_key", others, granted("x"), key_set=new, key_set_again=before)
    changed = keys(OTHER_POINT, RSA)
    with pytest.raises(FindingsError) as found:
        call(
            "a_kid_stays_with_its_key", others, granted("x"), key_set=before, key_set_again=changed
        )
    assert [one.at for one in found.value.findings] == ["/keys/0"]


def test_keys_of_two_types_may_share_a_kid_and_each_stays_with_it(others) -> None:
    name, kid = "a_kid_stays_with_its_key", {"kid": "one"}
    both = keys(POINT | kid, RSA | kid)
    turned, one = keys(RSA | kid, POINT | kid), keys(POINT | kid)
    for before, after in ((both, both), (both, turned), (both, one), (one, both)):
        call(name, others, granted("x"), key_set=before, key_set_again=after)
    for before, after, at in (
        (both, keys(OTHER_POINT | kid, RSA | kid), "/keys/0"),
        (one, keys(RSA | kid), "/keys/0"),
        (one, keys(POINT | kid, OTHER_POINT | kid), "/keys/1"),
    ):
        with pytest.raises(FindingsError) as found:
            call(name, others, granted("x"), key_set=before, key_set_again=after)
        assert [each.at for each in found.value.findings] == [at]


def test_a_curve_has_the_name_that_its_algorithm_needs(others) -> None:
    name = "every_algorithm_fits_its_key"
    key = ECKey.generate_key("P-256", private=True)
    point = {**key.as_dict(private=False), "kid": "one", "alg": "ES256"}
    call(name, others, granted("x"), key_set=keys(point), key_set_again=keys(point))
    other = keys({**point, "crv": "secp256r1"})
    with pytest.raises(FindingsError) as found:
        call(name, others, granted("x"), key_set=other, key_set_again=other)
    (one,) = found.value.findings
    assert (one.at, one.expected) == ("/keys/0/crv", "P-256, as ES256 needs")
    text = jws.serialize_compact({"alg": "ES256", "kid": "one"}, b'{"sub":"me"}', key)
    with pytest.raises(FindingsError, match="can't be read as a key"):
        call("signature_verifies", others, granted(text), key_set=other)


def test_of_the_keys_that_share_a_kid_one_has_to_verify(others) -> None:
    key, other = (ECKey.generate_key("P-256", private=True) for _ in "12")
    text = jws.serialize_compact({"alg": "ES256", "kid": "one"}, b'{"sub":"me"}', key)
    point, wrong = ({**each.as_dict(private=False), "kid": "one"} for each in (key, other))
    rsa = {**RSA, "kid": "one"}
    for entries in ([point, rsa], [rsa, point]):
        call("signature_verifies", others, granted(text), key_set=answered({"keys": entries}))
    for entries in ([wrong, rsa], [rsa], [{**point, "kid": "two"}, rsa]):
        with pytest.raises(FindingsError):
            call("signature_verifies", others, granted(text), key_set=answered({"keys": entries}))


def test_oracles_token_is_verified_by_any_algorithm_that_golive_knows(oracles) -> None:
    key, other = (ECKey.generate_key("P-384", private=True) for _ in "12")
    text = jws.serialize_compact(
        {"alg": "ES384", "kid": "one"}, b'{"sub":"me"}', key, algorithms=["ES384"]
    )
    right, wrong = ({**each.as_dict(private=False), "kid": "one"} for each in (key, other))
    call("signature_verifies", oracles, granted(text), key_set=answered({"keys": [right]}))
    with pytest.raises(FindingsError, match="BadSignature"):
        call("signature_verifies", oracles, granted(text), key_set=answered({"keys": [wrong]}))
    with pytest.raises(FindingsError):  # which is what is wrong with it
        call("token_is_signed_with_es256", oracles, granted(text))


@pytest.mark.parametrize("algorithm", ["EdDSA", "ES256K", "HS256"])
def test_a_signature_that_golive_can_not_try_is_not_called_wrong(oracles, algorithm) -> None:
    with pytest.raises(CouldNotTellError, match="was not tried"):
        call("signature_verifies", oracles, signed({}, alg=algorithm), key_set=keys(POINT))


def test_a_token_without_a_signature_does_not_verify(oracles) -> None:
    one = {"keys": [{**ECKey.generate_key("P-256").as_dict(private=False), "kid": "one"}]}
    with pytest.raises(FindingsError):
        call("signature_verifies", oracles, signed({}, alg="none"), key_set=answered(one))


def test_a_token_without_kid_is_of_the_key_that_verifies_it(others) -> None:
    published, ended = (
        "signing_key_is_published",
        "every_key_that_signed_is_published_until_the_end",
    )
    key, other = (ECKey.generate_key("P-256", private=True) for _ in "12")
    text = jws.serialize_compact({"alg": "ES256", "typ": "at+jwt"}, b'{"sub":"me"}', key)
    one, another = (answered({"keys": [each.as_dict(private=False)]}) for each in (key, other))
    call(published, others, granted(text), key_set=one)
    call(ended, others, granted(text), key_set=one)
    with pytest.raises(FindingsError, match="none that verifies 1 of them"):
        call(ended, others, granted(text), key_set=one, key_set_again=another)
    for name in (published, ended):
        with pytest.raises(CouldNotTellError, match="no kid"):
            call(name, others, granted(text), key_set=another)


def test_the_keys_of_all_tokens_are_there_at_the_end(mine) -> None:
    name = "every_key_that_signed_is_published_until_the_end"
    first = signed({"azp": "me"}, kid="key 0")
    of_the_run = {"grants": Steps({"2": signed({"azp": "me"}, kid="key 1")})}
    call(name, mine, first, key_set_again=keys(POINT, OTHER_POINT), **of_the_run)
    with pytest.raises(FindingsError):
        call(name, mine, first, key_set_again=keys(POINT), **of_the_run)
    with pytest.raises(CouldNotTellError, match="could not be read"):
        call(name, mine, first, key_set_again=UNREAD[0], **of_the_run)


def test_a_key_in_use_may_come_but_not_go(mine) -> None:
    name, now = "a_key_in_use_stays_published", time.time()

    def read(**given: Exchange) -> Steps:
        moment = datetime.now(UTC)
        return Steps(
            {
                step: replace(one, sent_at=moment + timedelta(seconds=number))
                for number, (step, one) in enumerate(given.items())
            }
        )

    of_both, of_one = keys(POINT, OTHER_POINT), keys(POINT)
    first = signed({"azp": "me", "exp": now + 600}, kid="key 1")
    for right in (
        read(first=of_both, again=of_both),
        read(first=of_one, again=of_both),  # a key that comes late
    ):
        call(name, mine, first, key_sets_at_the_end=right)
    back = read(first=of_both, between=of_one, again=of_both)
    with pytest.raises(FindingsError):
        call(name, mine, first, key_sets_at_the_end=back)
    for other in (
        signed({"azp": "me", "exp": now + 600}, kid="key 0"),
        signed({"azp": "me", "exp": now - 5}, kid="key 1"),  # no token of it is valid any more
    ):
        call(name, mine, other, key_sets_at_the_end=back)
    with pytest.raises(CouldNotTellError, match="could not be read"):
        call(name, mine, first, key_sets_at_the_end=read(first=UNREAD[0], again=of_both))
    for then, decides in ((of_both, False), (of_one, True)):
        refused = read(first=of_both, between=UNREAD[0], again=then)
        with pytest.raises(FindingsError) as raised:
            call(name, mine, first, key_sets_at_the_end=refused)
        assert raised.value.advice is not decides


def test_the_clouds_share_neither_kid_nor_key(oracles) -> None:
    own = keys({**POINT, "kid": "a"}, {**RSA, "kid": "b"})
    call("clouds_share_no_key", oracles, granted("x"), key_set=own, other_key_set=keys(OTHER_POINT))
    for shared in (keys({**OTHER_POINT, "kid": "a"}), keys({**POINT, "kid": "c"})):
        with pytest.raises(FindingsError):
            call("clouds_share_no_key", oracles, granted("x"), key_set=own, other_key_set=shared)


@pytest.mark.parametrize(
    "value", ["public, max-age=31536000", "S-MaxAge=172801", 'max-age="999999"']
)
def test_a_key_set_that_outlives_a_rotation_in_caches_is_found(oracles, others, value) -> None:
    name = "no_cache_keeps_the_key_set_beyond_a_rotation"
    with pytest.raises(FindingsError):
        call(name, oracles, granted("x"), key_set=keys(POINT, Cache_Control=value))
    for fine in ("max-age=172800", "no-store", "x-max-age=99999999999"):
        call(name, oracles, granted("x"), key_set=keys(POINT, Cache_Control=fine))
    with pytest.raises(NotClaimedError):
        call(name, others, granted("x"), key_set=keys(POINT, Cache_Control=value))


def given_at(age: float, left: int, **claims: Any) -> Exchange:
    """An answer with a token that was issued some seconds ago, lives 600, and of whose life this many are announced."""
    issued = int(time.time() - age)
    text = f"{part({'alg': 'ES256'})}.{part({'iat': issued, 'exp': issued + 600, **claims})}.c2ln"
    return granted(text, expires_in=left)


def test_a_kept_token_may_be_as_old_as_its_answer_counts_down(oracles) -> None:
    name, fresh = "token_was_issued_when_it_was_asked_for", Steps({"2": given_at(0, 570)})
    call(name, oracles, given_at(300, 270), grants=fresh)
    for wrong in (given_at(300, 570), given_at(-300, 270), given_at(550, 270)):
        with pytest.raises(FindingsError):
            call(name, oracles, wrong, grants=fresh)
    with pytest.raises(FindingsError):  # all of them announce the same
        call(name, oracles, given_at(300, 270))


def test_another_server_may_date_a_token_back_as_far_as_it_lives_longer(oracles, others) -> None:
    name = "token_was_issued_when_it_was_asked_for"
    call(name, others, given_at(300, 299))
    for environment, left in ((oracles, 299), (others, 570)):
        with pytest.raises(FindingsError):
            call(name, environment, given_at(300, left))


def test_the_grace_of_a_kept_token_is_what_is_left_of_it_beyond_its_answer(oracles) -> None:
    name, fresh = "token_outlives_expires_in_by_30_seconds", Steps({"2": given_at(0, 570)})
    call(name, oracles, given_at(2, 568), grants=fresh)
    call(name, oracles, given_at(300, 271), grants=fresh)
    for wrong in (given_at(300, 200), given_at(300, 300)):
        with pytest.raises(FindingsError):
            call(name, oracles, wrong, grants=fresh)
    with pytest.raises(FindingsError):  # all of them announce the same
        call(name, oracles, given_at(2, 568))


def test_the_same_token_again_has_the_same_id_and_another_token_has_not(oracles) -> None:
    first, again = given_at(9, 561, jti="one"), given_at(9, 561, jti="one")
    other, wrong = given_at(0, 570, jti="two"), given_at(5, 565, jti="one")
    call(
        "each_token_has_its_own_id", oracles, first, second_token=again, grants=Steps({"2": other})
    )
    for second, later in ((wrong, other), (again, wrong), (other, wrong)):
        more = {"second_token": second, "grants": Steps({"2": later})}
        with pytest.raises(FindingsError):
            call("each_token_has_its_own_id", oracles, first, **more)
    with pytest.raises(CouldNotTellError, match="is the same one"):
        call("each_token_has_its_own_id", oracles, first, second_token=again)
