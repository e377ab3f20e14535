"""From a stop to its cause: the walk against twins that are wrong in one way, and answers made by hand."""

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from golive.checks.verdict import ExitCode
from golive.contract.document import Contract
from golive.diagnosis.preflight import Preflight, Stage, run_preflight
from golive.environment import Environment, KeyCredential, Secret, load
from golive.exchanges import failures
from golive.exchanges.failures import BudgetSpentError, TransportError
from golive.exchanges.headers import Headers
from golive.exchanges.model import Exchange, Request, Response
from golive.kit.files import resources
from golive.redaction import REDACTOR
from golive.transport.api import MessagesApi
from golive.transport.client import ApiClient
from golive.transport.token import TokenClient
from golive.twin import Twin

CONTRACT = Contract(resources() / "schemas")
Answer = tuple[int, Any] | Exception


@pytest.fixture(scope="module")
def named() -> Environment:
    return load(resources() / "tests" / "environments" / "twin-messages-alone.yaml", variables={})


@pytest.fixture(scope="module")
def forum() -> Environment:
    return load(resources() / "tests" / "environments" / "forum-7979.yaml", variables={})


def preflight_of(environment: Environment, *defects: str) -> tuple[Preflight, list[Stage], Twin]:
    """Run preflight against a twin with these defects."""
    told: list[Stage] = []
    with Twin(defects=defects) as twin:
        real = environment.with_twin(twin.address, twin.accounts, twin.tokens)
        client = ApiClient(real)
        tokens = TokenClient(client)
        try:
            result = run_preflight(
                real, MessagesApi(client, tokens, real, CONTRACT), tokens, told.append
            )
        finally:
            client.close()
    return result, told, twin


class Door:
    """Answers by the kind of request: key set, token, API; the last answer of a kind for ever."""

    def __init__(self, *, with_ids: bool = True, **answers: list[Answer]) -> None:
        self.answers = answers
        self.ids = {"X-Request-Id": "id-1"} if with_ids else {}
        self.asked: list[str] = []

    def send(self, request: Request, name: str, *, generated: bool = False) -> Exchange:
        assert not generated
        kind = (
            "keys"
            if request.url.endswith("/jwk")
            else "token"
            if request.method == "POST"
            else "api"
        )
        self.asked.append(kind)
        given = self.answers[kind]
        answer = given.pop(0) if len(given) > 1 else given[0]
        if isinstance(answer, Exception):
            raise answer
        status, body = answer
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = Headers.of({"Content-Type": "application/json", **self.ids})
        return Exchange(
            name, request, Response(status, headers, raw), datetime(2026, 8, 15, tzinfo=UTC), 0.1
        )


KEYS: list[Answer] = [(200, {"keys": []})]
TOKEN: list[Answer] = [
    (
        200,
        {
            "access_token": "a-token-of-16-chars",
            "expires_in": 570,
            "scope": "oraclehealth:millennium:message",
        },
    )
]
REFUSED = (
    'code="urn:cerner:error:oauth2:resource-access:x", error="invalid_token", subcode="unknown_kid"'
)


@pytest.fixture
def through(named: Environment) -> Callable[..., tuple[Preflight, Door]]:
    """Run preflight through a client double with these answers."""

    def go(
        environment: Environment | None = None,
        *,
        deep: bool = False,
        with_ids: bool = True,
        **answers: list[Answer],
    ) -> tuple[Preflight, Door]:
        given = {"keys": KEYS, "token": TOKEN, "api": [(200, {"items": []})], **answers}
        door = Door(with_ids=with_ids, **given)
        chosen = environment or real(named)
        tokens = TokenClient(door)  # type: ignore[arg-type]
        api = MessagesApi(door, tokens, chosen, CONTRACT)  # type: ignore[arg-type]
        return run_preflight(chosen, api, tokens, deep=deep), door

    return go


def real(environment: Environment, *, token_host: str = "authorization.cerner.com") -> Environment:
    """The environment with real URLs and a secret of its own."""
    from golive.environment import SecretCredential

    credential = SecretCredential("client", Secret("a-secret-of-some-length"))
    url = environment.token.url.replace("{twin}/authorization.cerner.com", f"https://{token_host}")
    base = environment.api.base_url.replace("{twin}/", "https://")
    return replace(
        environment,
        token=replace(environment.token, url=url, credential=credential),
        apis={"messages": replace(environment.api, base_url=base)},
        claims=replace(environment.claims, accounts={}),
    )


def stages(result: Preflight) -> list[tuple[str, bool, bool]]:
    return [(stage.name, stage.ok, stage.stops) for stage in result.stages]


# -- against a twin ------------------------------------------------------------------------------------------------


def test_a_correct_set_up_passes_every_stage_with_three_requests(named: Environment) -> None:
    result, told, twin = preflight_of(named)
    assert result.diagnosis is None
    assert stages(result) == [
        ("environment", True, False), ("names and TLS", True, False), ("token", True, False),
        ("token's claims and key", True, False), ("API", True, False),
    ]  # fmt: skip
    assert told == result.stages
    assert set(result.made) == {"key_set", "token_granted", "inbox"}
    assert len(twin.requests) == 3


def test_the_forum_post_gets_its_cause_and_cure_without_a_second_token(forum: Environment) -> None:
    result, _, twin = preflight_of(forum)
    diagnosis = result.diagnosis
    assert diagnosis is not None
    assert (diagnosis.id, diagnosis.exit_code) == ("wrong-cloud", ExitCode.CONFIGURATION)
    assert "from the sandbox cloud (authorization.sandboxcerner.com)" in diagnosis.cause
    assert "api.cernermillennium.com belongs to the production cloud" in diagnosis.cause
    assert "Take the token from authorization.cerner.com (`token.url` in " in diagnosis.cure
    assert "forum-7979.yaml, line " in diagnosis.cure
    assert "changes with it: `tenant` (line 8) and `token.credential` (line 15)." in diagnosis.cure
    assert diagnosis.change is not None
    assert diagnosis.change.place.endswith("forum-7979.yaml:11")
    assert diagnosis.change.text == (
        'url: "{twin}/authorization.cerner.com/tenants/{tenant}/hosts/api.cernermillennium.com'
        '/protocols/oauth2/profiles/smart-v1/token"'
    )
    evidence = "\n".join(diagnosis.evidence)
    assert "authorization.sandboxcerner.com granted a token (200)" in evidence
    assert "in the key set of authorization.sandboxcerner.com" in evidence
    assert (
        "answered 401 (error invalid_token, subcode unknown_kid, urn signature-verification-failed, kid "
        in evidence
    )
    assert stages(result)[-1] == ("API", False, True)
    assert [request.path.rsplit("/", 1)[-1] for request in twin.requests] == [
        "jwk",
        "token",
        "inboxItems",
    ]
    json.dumps(diagnosis.as_dict())


@pytest.mark.parametrize(
    ("defect", "cause", "code"),
    [
        ("token-endpoint-answers-503", "not-available", ExitCode.COULD_NOT_TELL),
        ("api-answers-503-to-everything", "not-available", ExitCode.COULD_NOT_TELL),
        ("token-endpoint-refuses-every-client", "pair-not-accepted", ExitCode.CONFIGURATION),
        ("api-refuses-every-token-as-unknown-kid", "unknown-key", ExitCode.CONFIGURATION),
    ],
)
def test_a_set_up_that_makes_every_check_meaningless_stops_preflight(
    named: Environment, defect: str, cause: str, code: ExitCode
) -> None:
    result, _, _ = preflight_of(named, defect)
    assert result.diagnosis is not None
    assert (result.diagnosis.id, result.diagnosis.exit_code) == (cause, code)


@pytest.mark.parametrize(
    "defect",
    [
        "api-answers-500-with-a-stack-trace",
        "inbox-answers-html",
        "inbox-body-is-truncated",
        "redirect-to-another-host",
        "token-response-is-not-json",
        "signing-key-missing-from-key-set",
        "scope-silently-dropped",
    ],
)
def test_an_answer_that_is_merely_wrong_is_left_to_the_checks(
    named: Environment, defect: str
) -> None:
    result, _, _ = preflight_of(named, defect)
    if defect == "scope-silently-dropped":
        assert result.diagnosis is not None  # nothing is left to grant, or the API refuses the call
        assert result.diagnosis.exit_code is ExitCode.CONFIGURATION
    else:
        assert result.diagnosis is None


def test_a_tenant_of_the_other_cloud_is_unknown_to_this_one(named: Environment) -> None:
    tenant = "5a9dbc10-7e1f-4c3b-8f26-d0c4e9b71a55"
    wrong = replace(
        named,
        tenant=tenant,
        token=replace(named.token, url=named.token.url.replace(named.tenant, tenant)),
        apis={
            "messages": replace(
                named.api, base_url=named.api.base_url.replace(named.tenant, tenant)
            )
        },
    )
    result, _, _ = preflight_of(wrong)
    assert result.diagnosis is not None
    assert result.diagnosis.id == "unknown-tenant"
    assert tenant in result.diagnosis.cause


def test_a_scope_that_is_not_registered_is_named(named: Environment) -> None:
    wrong = replace(named, token=replace(named.token, scopes=("oraclehealth:millennium:nothing",)))
    result, _, _ = preflight_of(wrong)
    assert result.diagnosis is not None
    assert result.diagnosis.id == "no-scope-granted"
    assert "oraclehealth:millennium:nothing" in result.diagnosis.cause


def test_without_a_claimed_reading_operation_the_api_is_not_asked(named: Environment) -> None:
    result, _, twin = preflight_of(
        replace(named, claims=replace(named.claims, operations=("getMessage",)))
    )
    assert result.diagnosis is None
    assert stages(result)[-1] == ("API", False, False)
    assert result.stages[-1].detail == "not asked: the environment does not say `claims.operations`"
    assert len(twin.requests) == 2


def test_sent_items_stand_in_where_the_inbox_is_not_claimed(named: Environment) -> None:
    result, _, _ = preflight_of(
        replace(named, claims=replace(named.claims, operations=("listSentItems",)))
    )
    assert "sent" in result.made


# -- answers made by hand --------------------------------------------------------------------------------------------


def api_error(status: int, message: str = REFUSED) -> Answer:
    return (status, {"code": status, "message": message})


def test_a_key_that_was_rotated_a_moment_ago_heals_with_a_fresh_token(through) -> None:
    result, door = through(api=[api_error(401), (200, {"items": []})])
    assert result.diagnosis is None
    assert door.asked == ["keys", "token", "api", "token", "api"]


def test_a_key_that_stays_unknown_is_reported_after_the_second_token(through) -> None:
    result, door = through(api=[api_error(401)])
    assert (result.diagnosis.id, door.asked.count("api")) == ("unknown-key", 2)


def _part(members: dict[str, str]) -> str:
    return base64.urlsafe_b64encode(json.dumps(members).encode()).decode().rstrip("=")


OLD: Answer = (200, {"keys": [{"kty": "EC", "crv": "P-256", "kid": "old", "x": "AA", "y": "AA"}]})
KEYS_OF_NEW: Answer = (200, {"keys": [{**OLD[1]["keys"][0], "kid": "new"}]})
TOKEN_OF_NEW: Answer = (
    200,
    {
        "access_token": f"{_part({'alg': 'ES256', 'kid': 'new'})}.{_part({'sub': 'client'})}.c2ln",
        "expires_in": 570,
    },
)


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> list[Exchange]:
    """The exchanges that the client made after a wait; it waits no time and asks once."""
    waited: list[Exchange] = []

    def once_known(door: Door, ask: Callable[[], Exchange], unknown: object) -> Exchange:
        waited.append(ask())
        return waited[-1]

    monkeypatch.setattr(Door, "once_key_is_known", once_known, raising=False)
    monkeypatch.setattr(Door, "note_repetition", lambda door: None, raising=False)
    return waited


@pytest.mark.parametrize(
    ("published", "later", "asked", "cause"),
    [
        (True, 200, 3, None),
        (True, 401, 3, "unknown-key"),
        (False, 200, 2, "key-not-published"),  # what nobody publishes is not waited for
    ],
)
def test_a_key_that_its_issuer_publishes_is_waited_for(
    through, patient, published: bool, later: int, asked: int, cause: str | None
) -> None:
    last = api_error(401) if later == 401 else (200, {"items": []})
    result, door = through(
        keys=[KEYS_OF_NEW if published else OLD],
        token=[TOKEN_OF_NEW],
        api=[api_error(401), api_error(401), last],
    )
    assert (result.diagnosis.id if result.diagnosis else None) == cause
    assert (door.asked.count("api"), len(patient)) == (asked, asked - 2)
    if cause == "unknown-key":
        assert any("still did not know" in line for line in result.diagnosis.evidence)


EARLY = 'code="urn:x:token-not-yet-valid", error="invalid_token", subcode="issued_in_the_future"'


@pytest.mark.parametrize("later", [200, 401])
def test_a_token_whose_time_has_not_come_is_tried_again(through, patient, later: int) -> None:
    refused = api_error(401, EARLY)
    answers = [refused, (200, {"items": []}) if later == 200 else refused]
    result, door = through(keys=[KEYS_OF_NEW], token=[TOKEN_OF_NEW], api=answers)
    assert (door.asked.count("api"), len(patient)) == (2, 1)
    if later == 200:
        assert result.diagnosis is None
        return
    assert result.diagnosis.id == "token-refused-for-a-named-reason"
    assert "issued_in_the_future" in result.diagnosis.cause
    assert any("still called the token too early" in line for line in result.diagnosis.evidence)


def test_hosts_of_unknown_clouds_are_not_said_to_be_of_one_cloud(
    through, named: Environment
) -> None:
    environment = real(named, token_host="login.example.org")
    result, _ = through(environment, api=[api_error(401)])
    assert result.diagnosis.id == "unknown-key-of-unknown-cloud"
    assert "one cloud" not in result.diagnosis.cause
    assert "login.example.org and api.cernermillennium.com" in result.diagnosis.cause


def test_a_second_token_that_is_refused_is_reported(through) -> None:
    result, _ = through(token=[*TOKEN, (429, {})], api=[api_error(401)])
    assert (result.diagnosis.id, result.diagnosis.exit_code) == (
        "second-token-refused",
        ExitCode.COULD_NOT_TELL,
    )


@pytest.mark.parametrize(
    ("answer", "cause", "code"),
    [
        (api_error(401, 'error="invalid_token"'), "token-refused", 4),
        ((401, b""), "token-refused", 4),
        (
            api_error(403, 'error="insufficient_scope", subcode="no_scope_for_resource_path"'),
            "scope-not-honoured",
            4,
        ),
        ((404, {}), "patient-unknown", 4),
        ((400, {}), "patient-not-accepted", 4),
        ((429, {}), "throttled", 6),
        ((504, b""), "gateway-timed-out", 6),
    ],
)
def test_a_refusal_of_the_api_has_its_cause(through, answer: Answer, cause: str, code: int) -> None:
    result, _ = through(api=[answer])
    assert (result.diagnosis.id, int(result.diagnosis.exit_code)) == (cause, code)
    assert any("X-Request-Id id-1" in line for line in result.diagnosis.evidence)


@pytest.mark.parametrize(
    ("status", "cause"), [(404, "test-data-unknown"), (400, "test-data-not-accepted")]
)
def test_a_refusal_of_a_request_without_a_patient_blames_no_patient(
    through, named: Environment, status: int, cause: str
) -> None:
    there = real(named)
    base = there.api.base_url.replace("/message", "/recipient")
    apis = {"recipient": replace(there.api, base_url=base)}
    claims = replace(there.claims, operations=("listGroupInboxes",))
    result, _ = through(replace(there, apis=apis, claims=claims), api=[(status, {})])
    assert result.diagnosis.id == cause
    said = f"{result.diagnosis.cause} {result.diagnosis.cure}"
    assert "names no patient" in said
    assert "test_data.patient" not in said
    assert "claims.operations" in said or status == 400


@pytest.mark.parametrize("status", [302, 500])
def test_another_answer_of_the_api_is_a_note_and_no_stop(through, status: int) -> None:
    result, _ = through(api=[(status, {})])
    assert result.diagnosis is None
    assert stages(result)[-1] == ("API", False, False)


URI = "https://authorization.cerner.com/errors/urn%3Acerner%3Aerror%3Aauthorization-server%3A{}/instances/i-1"


@pytest.mark.parametrize(
    ("answer", "cause", "code"),
    [
        (
            (
                400,
                {
                    "error": "invalid_grant",
                    "error_uri": URI.format("oauth2%3Atoken%3Ainvalid-tenant"),
                },
            ),
            "unknown-tenant",
            4,
        ),
        (
            (
                401,
                {
                    "error": "invalid_client",
                    "error_uri": URI.format("oauth2%3Atoken%3Ainvalid_client_credentials"),
                },
            ),
            "client-id-malformed",
            4,
        ),
        (
            (
                401,
                {
                    "error": "invalid_client",
                    "error_uri": URI.format("client-assertion%3Ajwt-bearer%3Ainvalid-signature"),
                },
            ),
            "assertion-not-verified",
            4,
        ),
        (
            (
                400,
                {
                    "error": "invalid_scope",
                    "error_uri": URI.format("oauth2%3Atoken%3Aempty-scopes"),
                },
            ),
            "no-scope-granted",
            4,
        ),
        ((400, {"error": "unauthorized_client"}), "unregistered-scope", 4),
        ((401, {"error": "invalid_client"}), "client-refused", 4),
        ((400, {"error": "invalid_request"}), "token-request-refused", 4),
        ((401, b"<html>"), "error-page", 4),
        ((401, b"no"), "client-refused-for-an-unread-reason", 4),
        ((401, b""), "client-refused-without-a-reason", 4),
        ((400, b""), "token-request-refused-without-a-reason", 4),
        ((400, {"error": {"odd": 1}, "error_uri": "https://[half"}), "token-request-refused", 4),
        ((404, b""), "token-path-unknown", 4),
        ((418, {}), "unknown", 4),
        ((503, b""), "not-available", 6),
    ],
)
def test_a_refusal_of_the_token_endpoint_has_its_cause(
    through, answer: Answer, cause: str, code: int
) -> None:
    result, door = through(token=[answer])
    assert (result.diagnosis.id, int(result.diagnosis.exit_code)) == (cause, code)
    assert "api" not in door.asked
    assert result.made["token_granted"].status == answer[0]


@pytest.mark.parametrize("answer", [(200, {}), (200, b"<html>"), (500, {}), (302, {})])
def test_no_token_without_a_refusal_is_left_to_the_checks(through, answer: Answer) -> None:
    result, door = through(token=[answer])
    assert result.diagnosis is None
    assert stages(result)[-1] == ("token", False, False)
    assert "api" not in door.asked


NOTHING: dict[str, list[Answer]] = {"token": [(200, b"")], "api": [(200, b"")]}
EMPTY = {"token": "token-answer-without-token", "api": "success-without-json"}


@pytest.mark.parametrize("kind", ["token", "api"])
def test_a_success_with_nothing_in_it_stops_a_run_where_no_id_of_the_service_came(
    through, kind: str
) -> None:
    answers = {kind: NOTHING[kind]}
    result, _ = through(with_ids=False, **answers)
    assert (result.diagnosis.id, int(result.diagnosis.exit_code)) == (EMPTY[kind], 1)
    assert through(**answers)[0].diagnosis is None


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        ("token", (200, {})),
        ("token", (200, b"")),
        ("api", (200, b"")),
        ("api", (204, b"")),
        ("api", (200, b'{"items": [')),
    ],
)
def test_a_success_that_shows_nothing_is_no_go_of_the_doctor(
    through, kind: str, answer: Answer
) -> None:
    result, _ = through(deep=True, **{kind: [answer]})
    assert (result.diagnosis.id, int(result.diagnosis.exit_code)) == (EMPTY[kind], 1)


def test_no_change_leads_from_a_server_of_one_s_own_to_a_real_one(
    through, named: Environment
) -> None:
    there = real(named)
    assert through(there, token=[(404, b"")])[0].diagnosis.change is not None
    url = "http://localhost:8080/oauth/{tenant}/token"
    mock = replace(there, token=replace(there.token, url=url))
    assert through(mock, token=[(404, b"")])[0].diagnosis.change is None


def test_a_token_that_fits_in_no_header_is_left_to_the_checks(through) -> None:
    result, _ = through(token=[(200, {"access_token": "späße im token"})])
    assert result.diagnosis is None
    assert stages(result)[-1] == ("API", False, False)


@pytest.mark.parametrize(
    ("stage", "failure", "cause", "code"),
    [
        ("keys", failures.DNS, "name-does-not-resolve", 6),
        ("keys", failures.REFUSED, "connection-refused", 6),
        ("keys", failures.TLS, "tls-handshake-failed", 6),
        ("keys", failures.ROUTE, "unreachable", 6),
        ("keys", failures.EXPIRED, "certificate-expired", 6),
        ("keys", failures.UNTRUSTED, "certificate-not-trusted", 4),
        ("token", failures.PROXY, "proxy-failed", 4),
        ("token", failures.TIMEOUT, "no-answer-in-time", 6),
        ("api", failures.RESET, "unreachable", 6),
        ("api", failures.PROTOCOL, "not-http", 1),
    ],
)
def test_a_host_that_is_not_reached_is_named_with_what_happened(
    through, stage: str, failure: failures.Failure, cause: str, code: int
) -> None:
    result, _ = through(**{stage: [TransportError(failure, "some.host")]})
    assert (result.diagnosis.id, int(result.diagnosis.exit_code)) == (cause, code)
    assert "some.host" in result.diagnosis.cause
    assert result.diagnosis.evidence[-1] == f"some.host: {failure.happened}"
    assert result.stages[-1].stops


@pytest.mark.parametrize("stage", ["keys", "token", "api"])
def test_a_budget_below_preflight_stops_it(through, stage: str) -> None:
    result, _ = through(**{stage: [BudgetSpentError(1)]})
    assert (result.diagnosis.id, result.diagnosis.exit_code) == (
        "budget-too-small",
        ExitCode.CONFIGURATION,
    )


def test_a_key_that_can_t_sign_stops_preflight(through, named: Environment) -> None:
    environment = real(named)
    key = KeyCredential(
        "client",
        Secret("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"),
        "kid",
        "ES384",
    )
    environment = replace(environment, token=replace(environment.token, credential=key))
    result, _ = through(environment)
    assert (result.diagnosis.id, result.diagnosis.exit_code) == (
        "private-key-unusable",
        ExitCode.CONFIGURATION,
    )


def test_nothing_that_is_printed_holds_a_secret_or_drives_a_terminal(through) -> None:
    REDACTOR.protect("the-secret-scope")
    result, _ = through(
        token=[
            (
                200,
                {
                    "access_token": "a-token-of-16-chars",
                    "expires_in": 570,
                    "scope": "the-secret-scope\x1b[2J",
                },
            )
        ],
        api=[api_error(403, 'error="the-secret-scope"')],
    )
    shown = str(result.stages) + str(result.diagnosis.as_dict())
    assert "the-secret-scope" not in shown
    assert "\x1b" not in shown


# -- what can't be seen from outside -------------------------------------------------------------------------------

ENCRYPTED = (
    "eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4Q0JDLUhTMjU2Iiwia2lkIjoiMjAyNS5vY3QifQ..aXY.dGV4dA.dGFn"
)


def granting(token: str) -> list[Answer]:
    return [(200, {**TOKEN[0][1], "access_token": token})]


@pytest.mark.parametrize(
    ("token", "why"),
    [
        (ENCRYPTED, "encrypted (a JWE of five parts, kid 2025.oct)"),
        ("a-token-of-16-chars", "opaque (no JWT)"),
    ],
)
def test_of_a_token_that_nobody_can_read_no_stage_is_in_order(
    through, token: str, why: str
) -> None:
    result, _ = through(token=granting(token))
    stage = next(one for one in result.stages if one.name == "token's claims and key")
    assert (stage.ok, stage.stops) == (False, False)
    assert stage.detail.startswith(f"the token is {why}: tenant, client, issuer")
    assert result.unseen == ["token's claims and key"]
    assert result.diagnosis is None


def test_an_encrypted_token_s_key_is_not_looked_for_in_the_key_set(through) -> None:
    result, _ = through(token=granting(ENCRYPTED), api=[api_error(401)])
    assert result.diagnosis.id == "unknown-key"
    assert "not in the key set" not in str(result)


@pytest.mark.parametrize("answer", [(403, b""), (404, {}), (200, b"<html></html>"), (200, [])])
def test_a_key_set_that_could_not_be_read_is_no_evidence(through, answer: Answer) -> None:
    token = f"{part({'alg': 'ES256', 'kid': 'one'})}.{part({'iss': 'https://authorization.cerner.com/'})}.c2ln"
    result, _ = through(keys=[answer], token=granting(token), api=[api_error(401)])
    assert result.diagnosis.id == "unknown-key"
    stage = next(one for one in result.stages if one.name == "key set")
    assert (stage.ok, stage.stops) == (False, False)
    assert stage.detail.startswith(f"could not be read (status {answer[0]}, application/json")
    assert "its kid one not looked up" in " ".join(result.diagnosis.evidence)


def part(members: dict[str, str]) -> str:
    return base64.urlsafe_b64encode(json.dumps(members).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    ("claims", "whose"),
    [
        ({"client_id": "client"}, "tenant not named, its own client"),
        ({"azp": "client"}, "tenant not named, its own client"),
        ({"azp": "somebody"}, "tenant not named, another client"),
        ({}, "tenant not named, no client named"),
        ({"iss": "https://[half"}, "tenant not named, no client named"),
    ],
)
def test_the_client_is_read_from_azp_or_client_id(named: Environment, claims, whose) -> None:
    token = f"{part({'alg': 'ES256', 'kid': 'one'})}.{part(claims)}.c2ln"
    door = Door(keys=KEYS, token=granting(token), api=[(200, {"items": []})])
    chosen, tokens = real(named), TokenClient(door)  # type: ignore[arg-type]
    result = run_preflight(chosen, MessagesApi(door, tokens, chosen, CONTRACT), tokens, deep=True)  # type: ignore[arg-type]
    stage = next(one for one in result.stages if one.name == "token's claims and key")
    assert stage.detail.startswith(f"{whose}, no expiry named")


@pytest.mark.parametrize(
    ("until", "asked"),
    [("names", ["keys"]), ("token", ["keys", "token"]), ("api", ["keys", "token", "api"])],
)
def test_preflight_goes_no_further_than_it_is_asked_to(named: Environment, until, asked) -> None:
    door = Door(keys=KEYS, token=TOKEN, api=[(200, {"items": []})])
    chosen, tokens = real(named), TokenClient(door)  # type: ignore[arg-type]
    run_preflight(chosen, MessagesApi(door, tokens, chosen, CONTRACT), tokens, until=until)  # type: ignore[arg-type]
    assert door.asked == asked
