"""A token that goes out of date under a run: who gets a fresh one, and which refusals stand."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from types import SimpleNamespace

import pytest

from golive.contract.document import Contract
from golive.environment import Secret, SecretCredential, find, load
from golive.kit.files import resources
from golive.redaction import REDACTOR
from golive.transport.api import MessagesApi
from golive.transport.client import ApiClient
from golive.transport.token import TokenClient

from .conftest import serving, whole

TENANT = "ec2458f2-1e24-41c8-b71b-0e701af7583d"
NO_KEY = (
    'code="urn:cerner:error:oauth2:resource-access:signature-verification-failed", '
    'error="invalid_token", subcode="unknown_kid", kid="2025-09-09T02:40:05.718.ec.es256"'
)
PROBLEM = {"type": "about:blank", "status": 401, "detail": NO_KEY}
CHALLENGED = b"401 Unauthorized\r\nWWW-Authenticate: Bearer " + NO_KEY.encode()
UNKNOWN = whole(json.dumps({"message": NO_KEY, "code": 401}).encode(), status=b"401 Unauthorized")
REFUSED = whole(b'{"message": "expired", "code": 401}', status=b"401 Unauthorized")
FINE = whole(b'{"items": []}')


@pytest.fixture(autouse=True)
def _clean_vault():
    REDACTOR.clear()
    yield
    REDACTOR.clear()


@pytest.fixture
def asking():
    """Start an API that answers by the number of the token it is shown; the tokens count from 1."""
    opened = []

    def start(answer):
        granted = []

        def each(connection, request):
            if request.startswith(b"POST"):
                granted.append(request)
                token = {"access_token": f"token-number-{len(granted)}", "expires_in": 570}
                connection.sendall(whole(json.dumps(token).encode()))
            else:
                number = int(request.split(b"token-number-")[1].split(b"\r")[0])
                connection.sendall(answer(number))

        context = serving(each)
        root = f"http://127.0.0.1:{context.__enter__()}"
        environment = load(find("twin"))
        credential = SecretCredential("a-client-id", Secret("a-client-secret"))
        environment = replace(
            environment,
            apis={"messages": replace(environment.api, base_url=f"{root}/{TENANT}/message")},
            token=replace(environment.token, url=f"{root}/token", credential=credential),
            claims=replace(environment.claims, accounts={}),
        )
        client = ApiClient(environment)
        opened.extend([lambda: context.__exit__(None, None, None), client.close])
        contract = Contract(resources() / "schemas")
        api = MessagesApi(client, TokenClient(client), environment, contract)
        api.retry_unknown_key = True
        return api, client

    yield start
    for close in reversed(opened):
        close()


def status(api, **more):
    return api.call("listInboxItems", name="asked", query={"patientId": "1"}, **more).status


def test_all_who_hold_the_token_of_an_unknown_key_share_one_fresh_token(asking):
    together = threading.Barrier(6, timeout=60)

    def answer(number):
        if number == 1:
            together.wait()  # all six are under way before the first hears of the key
            return UNKNOWN
        return FINE

    api, client = asking(answer)
    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(lambda _: status(api), range(6))) == [200] * 6
    assert (client.token_requests, client.repeated) == (2, 6)


@pytest.mark.parametrize(
    "refused",
    [
        whole(json.dumps(PROBLEM).encode(), status=b"401 Unauthorized"),
        whole(b"", status=CHALLENGED),
    ],
    ids=["detail", "challenge"],
)
def test_an_unknown_key_is_known_wherever_a_gateway_says_so(refused, asking):
    api, client = asking(lambda number: refused if number == 1 else FINE)
    assert status(api) == 200
    assert (client.token_requests, client.repeated) == (2, 1)


def test_a_key_that_stays_unknown_costs_one_fresh_token_and_stands(asking):
    api, client = asking(lambda _: UNKNOWN)
    assert [status(api) for _ in range(3)] == [401] * 3
    assert (client.token_requests, client.repeated) == (2, 1)


@pytest.fixture
def patient(asking, monkeypatch):
    """Start an API whose key stays unknown for so many requests, asked by an environment that repeats."""
    monkeypatch.setattr("golive.transport.retry.FIRST_WAIT_FOR_A_KEY", 0.01)

    def start(refusals, retries=2):
        asked = []

        def answer(_):
            asked.append(1)
            return UNKNOWN if len(asked) <= refusals else FINE

        api, client = asking(answer)
        client._safety = replace(client._safety, retries=retries)
        return api, client, asked

    return start


@pytest.mark.parametrize(
    ("refusals", "retries", "found", "requests"),
    [(3, 2, 200, 4), (2, 2, 200, 3), (9, 2, 401, 4), (9, 0, 401, 2), (3, 1, 401, 3)],
)
def test_a_key_that_the_api_has_not_loaded_is_waited_for(
    refusals, retries, found, requests, patient
):
    api, client, asked = patient(refusals, retries)
    assert status(api) == found
    assert len(asked) == requests
    assert (client.token_requests, client.repeated) == (2, requests - 1)


def test_a_key_that_stays_unknown_is_waited_for_only_a_few_seconds(patient, monkeypatch):
    monkeypatch.setattr("golive.transport.api.KEY_PATIENCE", 0.0)
    api, _, asked = patient(99)
    assert [status(api) for _ in range(3)] == [401] * 3
    assert len(asked) == 4 + 1 + 1


@pytest.fixture
def clock(monkeypatch):
    """The clock by which tokens are handed out; a test sets it forward."""
    at = SimpleNamespace(now=0.0)
    monkeypatch.setattr("golive.transport.token.time", SimpleNamespace(monotonic=lambda: at.now))
    return at


@pytest.mark.parametrize(("later", "found", "tokens"), [(571, 200, 2), (569, 401, 1)])
def test_only_a_token_that_has_really_ended_excuses_a_refusal(later, found, tokens, asking, clock):
    """The request may have waited for its repetition; one that came in time is the API's own fault."""

    def answer(number):
        clock.now = float(later)
        return REFUSED if number == 1 else FINE

    api, client = asking(answer)
    assert status(api) == found
    assert client.token_requests == tokens


def test_a_token_that_was_put_in_on_purpose_is_never_replaced(asking):
    api, client = asking(lambda _: UNKNOWN)
    assert status(api, headers={"Authorization": "Bearer token-number-9"}) == 401
    assert client.repeated == 0


def test_before_preflight_has_ended_no_token_is_replaced(asking):
    api, client = asking(lambda _: UNKNOWN)
    api.retry_unknown_key = False
    assert status(api) == 401
    assert client.repeated == 0


def test_a_request_of_before_is_sent_with_the_token_of_now(asking, clock):
    """What is asked again at the end of a run was built with a token that has ended since."""
    api, client = asking(lambda _: FINE)
    early = api.request("listInboxItems", query={"patientId": "1"})
    clock.now = 509.0
    assert api.send(early, "in time").request == early
    clock.now = 511.0  # a minute before the end, as wherever a token is given out
    sent = api.send(early, "asked again").request
    assert sent.headers.get("Authorization") != early.headers.get("Authorization")
    assert sent.credential == sent.headers.get("Authorization")
    assert (sent.url, client.token_requests) == (early.url, 2)


def test_a_token_that_is_false_on_purpose_stays_however_late_it_is_sent(asking, clock):
    api, client = asking(lambda _: REFUSED)
    early = api.request("listInboxItems", query={"patientId": "1"})
    false = "Bearer token-number-9"
    forged = replace(early, headers=early.headers.with_("Authorization", false))
    clock.now = 600.0
    assert api.send(forged, "forged").request.headers.get("Authorization") == false
    assert client.token_requests == 1
