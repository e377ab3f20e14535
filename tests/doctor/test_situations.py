"""The table of what goes wrong: each situation is made for real, and has its cause, its evidence and its cure."""

from __future__ import annotations

import base64
import socket
import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest

from golive.checks.verdict import ExitCode
from golive.environment import Environment, KeyCredential, Secret, SecretCredential

from .conftest import Place, placed, preflight_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from golive.diagnosis.preflight import Diagnosis

MESSAGE = "oraclehealth:millennium:message"
RECIPIENT = "oraclehealth:millennium:recipient"
PUBLIC = "ec2458f2-1e24-41c8-b71b-0e701af7583d"
CUSTOMER = "7c1f5d6e-3b0a-4f5c-9d27-6a2e8b41c903"
OF_SANDBOX_CLOUD = "5a9dbc10-7e1f-4c3b-8f26-d0c4e9b71a55"
NOBODY = "00000000-1111-4222-8333-444444444444"
CLOUDS = ("authorization.cerner.com", "authorization.sandboxcerner.com")


@dataclass(frozen=True)
class Row:
    """A situation: how it is made, and the cause, a piece of evidence and of the cure, the exit code."""

    make: Callable[[Place], Environment]
    cause: str
    evidence: str
    cure: str
    code: int = 4


def pair(place: Place) -> tuple[str, str]:
    account = place.twin.accounts["system"]
    return account.client_id, account.client_secret or ""


def with_pair(place: Place, client_id: str, secret: str) -> Environment:
    return place.token(credential=SecretCredential(client_id, Secret(secret)))


def with_key(place: Place, **changes: Any) -> Environment:
    account = place.twin.accounts["system-es384"]
    key = KeyCredential(
        account.client_id, Secret(account.private_key_pem or ""), account.key_id or "", "ES384"
    )
    return place.token(client_authentication="private_key_jwt", credential=replace(key, **changes))


def at_the_sandbox_cloud(place: Place, tenant: str) -> Environment:
    url = place.environment.token.url.replace(*CLOUDS)
    return place.of_tenant(tenant, place.account("sandbox-cloud", url=url))


def at_another_api(place: Place, old: str, new: str) -> Environment:
    own = place.environment
    return replace(
        own, apis={"messages": replace(own.api, base_url=own.api.base_url.replace(old, new))}
    )


def token_url(place: Place, old: str, new: str) -> Environment:
    return place.token(url=place.environment.token.url.replace(old, new))


def basic(client_id: str, secret: str) -> str:
    return base64.b64encode(f"{client_id}:{secret}".encode()).decode()


HONEST = {
    "a token of the sandbox cloud": Row(
        lambda p: at_the_sandbox_cloud(p, OF_SANDBOX_CLOUD),
        "wrong-cloud", "subcode unknown_kid", "Take the token from authorization.cerner.com"),
    "a token of the production cloud at a host of the sandbox cloud": Row(
        lambda p: at_another_api(p, "api.cernermillennium.com", "fhir-ehr.sandboxcerner.com"),
        "production-token-for-sandbox-host", "answered 401 (error invalid_token)", "api.cernermillennium.com"),
    "the public sandbox's tenant at the sandbox cloud": Row(
        lambda p: at_the_sandbox_cloud(p, PUBLIC),
        "sandbox-tenant-at-sandbox-cloud", "urn oauth2:token:invalid-tenant", "authorization.cerner.com"),
    "a tenant that nobody has": Row(
        lambda p: p.of_tenant(NOBODY), "unknown-tenant", "invalid-tenant", "Correct `tenant` in"),
    "a tenant with a stray character": Row(
        lambda p: p.of_tenant(PUBLIC + "x"), "malformed-tenant", "invalid-tenant", "Copy the bare id"),
    "a tenant of which the client is none": Row(
        lambda p: p.of_tenant(CUSTOMER),
        "client-not-of-this-tenant", "unauthorized-client-for-tenant", "the account was made for"),
    "a token of another tenant than the API's": Row(
        lambda p: at_another_api(p, PUBLIC, CUSTOMER),
        "tenant-mismatch", "urn tenant-mismatch", "Use one tenant"),
    "a /hosts/ segment for another API": Row(
        lambda p: token_url(p, "/hosts/api.cernermillennium.com/", "/hosts/fhir-ehr-code.cerner.com/"),
        "token-for-another-host", "answered 401", "Put the API's host"),
    "a wrong secret": Row(
        lambda p: with_pair(p, pair(p)[0], "another-secret-entirely"),
        "pair-not-accepted", "invalid-client-credentials", "A new secret comes last"),
    "an account of the production cloud at the sandbox cloud": Row(
        lambda p: p.token(url=p.environment.token.url.replace(*CLOUDS)),
        "account-of-the-other-cloud", "invalid-client-credentials", "Take the token from authorization.cerner.com"),
    "a wrong id": Row(
        lambda p: with_pair(p, "my-application", pair(p)[1]),
        "client-id-malformed", "invalid-client-credentials", "Copy the id"),
    "id and secret swapped": Row(
        lambda p: with_pair(p, *reversed(pair(p))),
        "id-and-secret-swapped", "invalid-client-credentials", "Swap the two"),
    "a line break after the secret": Row(
        lambda p: with_pair(p, pair(p)[0], pair(p)[1] + "\n"),
        "secret-with-whitespace", "invalid-client-credentials", "without the space or line break"),
    "a space before the id": Row(
        lambda p: with_pair(p, " " + pair(p)[0], pair(p)[1]),
        "secret-with-whitespace", "invalid-client-credentials", "without the space or line break"),
    "a secret that is base64 already": Row(
        lambda p: with_pair(p, pair(p)[0], basic(*pair(p))),
        "secret-already-encoded", "invalid-client-credentials", "bare secret"),
    "an assertion by a key that is not registered": Row(
        lambda p: with_key(p, key_id="another-key"),
        "assertion-not-verified", "invalid-signature", "Register the public key"),
    "an assertion of a client that nobody knows": Row(
        lambda p: with_key(p, client_id=NOBODY),
        "wrong-client-id", "invalid-client-credentials", "Copy the id"),
    "a private key that is none": Row(
        lambda p: with_key(p, private_key=Secret("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----")),
        "private-key-unusable", "token host", "a P-384 key for ES384"),
    "a scope that is not registered": Row(
        lambda p: p.account("without-message-scope"),
        "no-scope-granted", "urn oauth2:token:empty-scopes", "exact names, with spaces"),
    "scopes with a comma": Row(
        lambda p: p.token(scopes=(f"{MESSAGE},{RECIPIENT}",)),
        "scopes-with-commas", "empty-scopes", "one scope an item"),
    "a scope in SMART v1 syntax": Row(
        lambda p: p.token(scopes=("system/Patient.read",)),
        "scope-in-smart-v1-syntax", "empty-scopes", "this API's own scope"),
    "a scope in SMART v2 syntax": Row(
        lambda p: p.token(scopes=("system/Observation.rs",)),
        "scope-in-smart-v2-syntax", "empty-scopes", "this API's own scope"),
    "the message scope not asked for": Row(
        lambda p: p.token(scopes=(RECIPIENT,)),
        "scope-not-asked", "no_scope_for_resource_path", "Add it to `token.scopes`"),
    "something granted but not the message scope": Row(
        lambda p: p.account("without-message-scope", scopes=(MESSAGE, RECIPIENT)),
        "scope-dropped", "insufficient_scope", f"Have {MESSAGE} added"),
    "a token path that does not exist": Row(
        lambda p: token_url(p, "smart-v1", "smart-v2"),
        "smart-v2-in-the-url", "answered 404", "/profiles/smart-v1/"),
    "an API path that does not exist": Row(
        lambda p: at_another_api(p, "/message", "/messages"),
        "path-misspelt", "answered 404", "Correct `api.base_url`"),
    "a patient that the tenant does not have": Row(
        lambda p: replace(p.environment, test_data=replace(p.environment.test_data, patient="1")),
        "patient-unknown", "answered 404", "`test_data.patient`"),
    "a budget below the walk": Row(
        lambda p: replace(p.environment, safety=replace(p.environment.safety, budget=2)),
        "budget-too-small", "granted a token", "safety.budget"),
}  # fmt: skip


@pytest.mark.parametrize("deep", [True, False], ids=["doctor", "run"])
@pytest.mark.parametrize("row", HONEST.values(), ids=HONEST)
def test_a_wrong_set_up_has_its_cause(honest: Place, row: Row, *, deep: bool) -> None:
    result = honest.preflight(row.make(honest), deep=deep)
    holds(result.diagnosis, row)
    assert result.stages[-1].stops
    refused = any(stage.name == "token" and stage.stops for stage in result.stages)
    assert result.used_credential is not refused or row.cause == "private-key-unusable"


def holds(diagnosis: Diagnosis | None, row: Row) -> None:
    assert diagnosis is not None
    assert diagnosis.id == row.cause, diagnosis
    assert (
        any(row.evidence in line for line in diagnosis.evidence) or row.evidence == "token host"
    ), diagnosis
    assert row.cure in diagnosis.cure
    assert int(diagnosis.exit_code) == row.code
    assert "(unknown " not in diagnosis.cause + diagnosis.cure


def own(place: Place) -> Environment:
    return place.environment


TWINS = {
    "a key that the API never learns": Row(own, "unknown-key", "unknown_kid", "Run again in 15 minutes"),
    "a key that nobody publishes": Row(own, "key-not-published", "not in the key set", "Run again in 15 minutes"),
    "a scope that is granted and not honoured": Row(own, "scope-not-honoured", "insufficient_scope", "15 minutes"),
    "a token that has expired": Row(own, "token-expired", "token-expired", "Take a new token"),
    "a token outside its time and a clock that is off": Row(own, "clock-skewed-token", "token-expired", "NTP"),
    "an assertion made by a clock that is off": Row(with_key, "clock-skewed", "bearer:expired", "NTP"),
    "too many requests": Row(own, "throttled", "answered 429", "safety.rate", 6),
    "a gateway that gives up": Row(own, "gateway-timed-out", "answered 504", "Run again later", 6),
    "a token endpoint that does not serve": Row(own, "not-available", "answered 503", "Run again later", 6),
    "an API that does not serve": Row(own, "not-available", "answered 503", "Run again later", 6),
    "a page in place of a token": Row(own, "sign-in-page", "text/html", "Open the host in a browser"),
    "a page in place of the inbox": Row(own, "sign-in-page", "text/html", "Open the host in a browser"),
    "a redirect": Row(own, "redirected", "answered 302", "portal"),
    "a server that fails": Row(own, "server-failed", "answered 500", "Run again", 6),
}  # fmt: skip


def day(on: str, then: dict[str, Any], **more: int) -> dict[str, Any]:
    """A scenario of one step."""
    return {"sentence": "A bad day.", "steps": [{"on": [on], "then": then, **more}]}


OLD_TOKENS = day("token", {"clock_behind": 3600})
SETTINGS: dict[str, dict[str, Any]] = {
    "a key that the API never learns": {"defects": ["api-refuses-every-token-as-unknown-kid"]},
    "a key that nobody publishes": {
        "defects": ["api-refuses-every-token-as-unknown-kid", "signing-key-missing-from-key-set"]
    },
    "a scope that is granted and not honoured": {"defects": ["granted-scope-not-honoured"]},
    "a token that has expired": {"scenario": OLD_TOKENS},
    "a token outside its time and a clock that is off": {
        "scenario": OLD_TOKENS,
        "clock_offset": -7200,
    },
    "an assertion made by a clock that is off": {"clock_offset": 3600},
    "too many requests": {"scenario": day("api", {"answer": {"status": 429}})},
    "a gateway that gives up": {"scenario": day("api", {"answer": {"status": 504}})},
    "a token endpoint that does not serve": {"defects": ["token-endpoint-answers-503"]},
    "an API that does not serve": {"defects": ["api-answers-503-to-everything"]},
    "a page in place of a token": {"defects": ["token-response-is-not-json"]},
    "a page in place of the inbox": {"defects": ["inbox-answers-html"]},
    "a redirect": {"defects": ["redirect-to-another-host"]},
    "a server that fails": {"defects": ["api-answers-500-with-a-stack-trace"]},
}


@pytest.mark.parametrize("name", TWINS)
def test_a_service_in_trouble_has_its_cause(name: str) -> None:
    with placed(**SETTINGS[name]) as place:
        result = place.preflight(TWINS[name].make(place))
    holds(result.diagnosis, TWINS[name])


def test_a_rotated_key_heals_and_is_remarked() -> None:
    with placed(scenario=day("api", {"unknown_key": True}, times=1)) as place:
        result = place.preflight()
    assert result.diagnosis is None
    assert [(remark.id, remark.exit_code) for remark in result.remarks] == [
        ("key-rotated", ExitCode.GO)
    ]


def test_a_clock_that_is_off_is_remarked_where_nothing_stops() -> None:
    with placed(clock_offset=7200) as place:
        result = place.preflight()
    assert result.diagnosis is None
    assert [remark.id for remark in result.remarks] == ["clock-off"]
    assert "2 hours behind" in result.remarks[0].cause


def test_a_scope_that_is_left_out_and_not_needed_is_remarked(honest: Place) -> None:
    result = honest.preflight(honest.token(scopes=(MESSAGE, "oraclehealth:millennium:nothing")))
    assert result.diagnosis is None
    assert [remark.id for remark in result.remarks] == ["scope-partly-granted"]
    assert "oraclehealth:millennium:nothing" in result.remarks[0].cause


# -- the way there ------------------------------------------------------------------------------------------------


def at_origin(place: Place, origin: str, **safety: Any) -> Environment:
    """The environment with its hosts at another origin, and these settings of safety."""
    changed = token_url(place, place.twin.address, origin)
    base = changed.api.base_url.replace(place.twin.address, origin)
    return replace(
        changed,
        apis={"messages": replace(changed.api, base_url=base)},
        claims=replace(changed.claims, accounts={}),
        safety=replace(changed.safety, **safety),
    )


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def test_a_name_that_does_not_resolve(honest: Place) -> None:
    result = preflight_of(at_origin(honest, "https://no-such-host.invalid"))
    row = Row(own, "name-does-not-resolve", "does not resolve", "Check the host's spelling", 6)
    holds(result.diagnosis, row)


def test_a_proxy_that_only_other_programs_use(
    honest: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.invalid:3128")
    result = preflight_of(at_origin(honest, "https://no-such-host.invalid"))
    holds(
        result.diagnosis,
        Row(own, "proxy-needed", "does not resolve", "Name the proxy in `safety.proxy`"),
    )


def test_a_proxy_that_does_not_work(honest: Place) -> None:
    proxy = Secret(f"http://127.0.0.1:{free_port()}")
    result = preflight_of(at_origin(honest, "https://no-such-host.invalid", proxy=proxy))
    holds(result.diagnosis, Row(own, "proxy-failed", "proxy", "Correct `safety.proxy`"))


@pytest.mark.parametrize(
    ("status", "cause", "words"),
    [(407, "proxy-wants-a-login", "a login of its own"), (403, "proxy-refuses-the-host", "answers 403")],
)  # fmt: skip
def test_a_proxy_that_answers_is_known_by_its_status(
    honest: Place, status: int, cause: str, words: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                with connection:
                    connection.recv(4096)
                    connection.sendall(
                        f"HTTP/1.1 {status} No\r\nContent-Length: 0\r\n\r\n".encode()
                    )

        threading.Thread(target=answer, daemon=True).start()
        proxy = Secret(f"http://127.0.0.1:{listening.getsockname()[1]}")
        result = preflight_of(at_origin(honest, "https://no-such-host.invalid", proxy=proxy))
    assert result.diagnosis is not None
    assert result.diagnosis.id == cause
    assert words in result.diagnosis.cause
    assert f"the proxy answered {status}" in str(result.diagnosis.evidence)


def test_a_port_at_which_nothing_listens(honest: Place) -> None:
    result = preflight_of(at_origin(honest, f"http://127.0.0.1:{free_port()}"))
    holds(result.diagnosis, Row(own, "connection-refused", "refused", "Check host and port", 6))


def test_a_host_that_says_nothing(honest: Place) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        origin = f"http://127.0.0.1:{silent.getsockname()[1]}"
        result = preflight_of(at_origin(honest, origin, read_timeout=0.1))
    holds(result.diagnosis, Row(own, "no-answer-in-time", "in time", "safety.read_timeout", 6))


@pytest.mark.parametrize(
    ("status", "media", "body", "row"),
    [
        (403, "text/html", b"<html>Blocked</html>",
         Row(own, "error-page", "text/html", "let authorization.cerner.com through")),
        (407, "text/plain", b"Proxy",
         Row(own, "proxy-wants-a-login", "answered 407", "user and password (`safety.proxy`")),
        (418, "application/json", b'{"odd": [1]}',
         Row(own, "unknown", "what came: a JSON object with odd: list", "the correlation ids")),
    ],
)  # fmt: skip
def test_an_answer_of_something_in_between(
    honest: Place, status: int, media: str, body: bytes, row: Row
) -> None:
    from .conftest import in_between

    with in_between(status, media, body) as origin:
        result = preflight_of(at_origin(honest, origin))
    holds(result.diagnosis, row)
    assert result.diagnosis is not None
    assert "id-of-the-answer" in result.diagnosis.evidence[-1]
    assert not result.used_credential


def test_a_certificate_of_an_unknown_authority(honest: Place, certificate: Any) -> None:
    from .conftest import tls_server

    _, context = certificate(days=30)
    with tls_server(context) as origin:
        result = preflight_of(at_origin(honest, origin))
    holds(result.diagnosis, Row(own, "certificate-not-trusted", "not trusted", "safety.ca_bundle"))


def test_a_certificate_that_has_expired(honest: Place, certificate: Any) -> None:
    from .conftest import tls_server

    bundle, context = certificate(days=-1)
    with tls_server(context) as origin:
        result = preflight_of(at_origin(honest, origin, ca_bundle=bundle))
    holds(result.diagnosis, Row(own, "certificate-expired", "expired", "inform the owner", 6))


@pytest.mark.parametrize(("days", "state"), [(5, "ends-soon"), (300, "ok")])
def test_the_time_that_a_certificate_has_left_is_shown(
    honest: Place, certificate: Any, days: int, state: str
) -> None:
    from golive.diagnosis.causes import diagnose

    from .conftest import tls_server

    bundle, context = certificate(days=days)
    with tls_server(context) as origin:
        result = preflight_of(at_origin(honest, origin, ca_bundle=bundle))
    told = next(stage for stage in result.stages if stage.name == "names and TLS")
    assert "certificate good until 20" in told.detail
    found = diagnose({"stage": "claimed", "certificate": state}, ())
    assert (found.id == "certificate-ends-soon") is (state == "ends-soon")
