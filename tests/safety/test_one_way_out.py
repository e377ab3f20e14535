"""With `data: phi`, what a service answered is told by nobody who judges it: not as a finding, not as a reason.

An honest run is recorded once. Then a text or a number that stands for a patient's takes the place of one value, one
name, one header or one claim of an answer, wherever an answer has one, and whatever reads that answer is called.
"""

import base64
import json
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

import pytest

from golive.checks.findings import FindingsError
from golive.contract.outcomes import CouldNotTellError, NotClaimedError
from golive.diagnosis.preflight import run_preflight
from golive.drift.fingerprint import fingerprint
from golive.exchanges.headers import Headers
from golive.exchanges.key_sets import why_unread
from golive.exchanges.model import Exchange, Response, Steps
from golive.redaction import REDACTOR
from golive.transport.valid import guess_to_blame, own_words

from .test_any_answer import (
    WHOLE,
    Answers,
    each,
    forged,
    in_turn,
    of_the_exchange,
    recorded,
    services,
    spliced,
)

pytestmark = pytest.mark.unmeasured

NAME, RECORD, NUMBER = "Quillfeather", "MRN5550142", "5550142177"
CANARIES = (NAME.lower(), RECORD.lower(), NUMBER)
TEXTS = (
    NAME,
    RECORD,
    NUMBER,
    f"{NAME}, Ottoline ({RECORD}) is not to be seen",
    f'code="{NAME}", error="{RECORD}", subcode="{NAME}", kid="{NUMBER}"',
    f"urn:cerner:error:authorization-server:oauth2:token:{NAME}",
    f"https://{NAME}.example/tenants/{RECORD}?patient={NUMBER}",
    f"https://authorization.cerner.com/errors/urn%3A{NAME}/instances/{RECORD}?tenant={NUMBER}",
    f"9999-11-26T00:09:39.521.{NAME}",
    f"2026-11-26T{NAME}",
)
RAW = (*map(json.dumps, TEXTS), NUMBER, f'["{NAME}"]', f'{{"{NAME}": {NUMBER}}}')
HEADERS = (
    "Content-Type",
    "Cerner-Correlation-ID",
    "opc-request-id",
    "X-Request-Id",
    "Cache-Control",
    "Pragma",
    "WWW-Authenticate",
    "Allow",
    "Date",
)
VALUES = (
    *TEXTS[:4],
    f"application/{NAME}+json; {NAME}={RECORD}",
    f'Bearer realm="{NAME}", error="{RECORD}", {NAME}="x", {NAME}=1',
    f"{NAME} {RECORD}={NUMBER}",
)


@pytest.fixture(autouse=True)
def redactor() -> Iterator[None]:
    recorded()
    REDACTOR.clear()
    REDACTOR.shows_data = False
    REDACTOR.public = recorded().contract.words
    yield
    REDACTOR.clear()


def telling(response: Response, chance: random.Random) -> Response:
    """An answer with a patient in one place of it."""
    if chance.random() < 0.2:
        response = replace(response, status=chance.choice([200, 400, 401, 403, 404, 500]))
    way = chance.randrange(5)
    try:
        body = json.loads(response.body)
    except ValueError:
        way = 0
    if way == 0:
        name, value = chance.choice(HEADERS), chance.choice(VALUES)
        headers = response.headers.without(name)
        return replace(response, headers=Headers((*headers.fields, (name, value))))
    raw = chance.choice(RAW)
    if way in (1, 2) and isinstance(body, dict) and str(body.get("access_token")).count(".") == 2:
        told = {**body, "access_token": forged(body, chance, raw)}
        return replace(response, body=json.dumps(told).encode())
    if way == 1:
        members = {"code": 400, "message": TEXTS[4], "error": NAME, "error_uri": TEXTS[7]}
        told = {**members, **(body if isinstance(body, dict) else {}), NAME: int(NUMBER)}
        return replace(response, body=json.dumps(told).encode())
    return replace(response, body=spliced(body, chance, raw))


def said(error: BaseException) -> Iterator[str]:
    if isinstance(error, FindingsError):
        yield from (json.dumps(one.as_dict(), ensure_ascii=False) for one in error.findings)
    yield f"{error} {getattr(error, 'cause', '')} {getattr(error, 'next_step', '')}"


def everything(
    made: dict[Any, Any], key: Any, one: Exchange, *, whole: bool = False
) -> Iterator[str]:
    """Yield what is said of one answer by whoever reads it, or (`whole`) reads all answers with it."""
    recording = recorded()
    for case in recording.readers(key):
        try:
            case.call(made, None if whole else key)
        except (FindingsError, CouldNotTellError, NotClaimedError) as error:
            yield from said(error)
        except pytest.skip.Exception:
            pass
    yield json.dumps(one.summary(), ensure_ascii=False)
    yield f"{why_unread(one)} {own_words(one)} {guess_to_blame(recording.contract, one)}"
    found = fingerprint("twin", datetime.now(UTC), {key: made[key]}, recording.contract, {})
    yield json.dumps(found.as_dict(), ensure_ascii=False)


def assert_tells_nothing(text: str) -> None:
    read = unquote(text).lower()
    assert [one for one in CANARIES if one in read] == [], text


@in_turn(25, 200, 2000)
def test_no_check_and_no_report_repeats_an_answer_s_personal_data(examples: int) -> None:
    recording = recorded()

    def once(seed: int) -> None:
        chance = random.Random(seed)
        made = (key for key, one in recording.made.items() if one)  # a chain may have asked nothing
        key = chance.choice(sorted(made, key=str))  # exchanges end in any order
        old: Any = recording.made[key]
        step = chance.choice(list(old)) if isinstance(old, Steps) else None
        of = old if step is None else old[step]
        one = replace(of, response=telling(of.response, chance))
        new = one if step is None else Steps({**old, step: one})
        REDACTOR.learn(one.json_or_none, personal=one.succeeded and one.request.operation != "")
        made = {**recording.made, key: new}
        for text in everything(made, key, one, whole=seed % WHOLE == 0):
            assert_tells_nothing(text)

    each(examples, once)


def test_no_parameter_of_a_challenge_is_named_as_the_service_named_it() -> None:
    made = recorded().made
    value = f'Bearer realm="{NAME}", {NAME}="x", {NAME}=1'
    refused = {k: one for k, one in made.items() if isinstance(one, Exchange) and one.status == 401}
    assert len(refused) > 5
    for key, one in refused.items():
        headers = one.response.headers.without("WWW-Authenticate")
        headers = Headers((*headers.fields, ("WWW-Authenticate", value)))
        new = replace(one, response=replace(one.response, headers=headers))
        told = list(everything({**made, key: new}, key, new))
        for text in told:
            assert_tells_nothing(text)


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "RSA-OAEP-256", "enc": "A256GCM", "kid": NAME},
        {"alg": NAME, "typ": NAME, "kid": f"9999-11-26T00:09:39.521.{NAME}"},
    ],
    ids=["encrypted", "signed"],
)
def test_nothing_in_the_header_of_a_token_is_reported_as_the_service_wrote_it(
    header: dict[str, str],
) -> None:
    made: Any = recorded().made
    key = next(key for key, one in made.items() if getattr(one, "name", "") == "token_granted")
    granted = made[key]
    parts = granted.json["access_token"].split(".")
    parts[0] = base64.urlsafe_b64encode(json.dumps(header).encode()).decode().rstrip("=")
    parts = [parts[0], *"abcd"] if "enc" in header else parts
    body = json.dumps({**granted.json, "access_token": ".".join(parts)}).encode()
    new = replace(granted, response=replace(granted.response, body=body))
    told = list(everything({**made, key: new}, key, new))
    assert any("kid" in text for text in told)
    for text in told:
        assert_tells_nothing(text)


@in_turn(40, 120, 240)
def test_no_preflight_repeats_an_answer_s_personal_data(examples: int) -> None:
    recording = recorded()

    def once(seed: int) -> None:
        def change(name: str, response: Response) -> Response:
            return telling(response, of_the_exchange(seed, name))

        served = services(recording, Answers(recording, change))
        told: list[Any] = []
        walked = run_preflight(
            recording.environment, served["api"], served["tokens"], told.append, deep=seed % 2 == 0
        )
        assert_tells_nothing(f"{told} {walked.undecided} {walked.unseen}")
        if walked.diagnosis is not None:
            assert_tells_nothing(
                json.dumps(walked.diagnosis.as_dict(), ensure_ascii=False, default=str)
            )

    each(examples, once)
