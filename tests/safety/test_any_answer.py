"""Whatever is answered is a finding or «could not tell»: never the suite's own failure.

An honest run is recorded once. Then one answer of it, or every answer of a kind, is replaced by a hostile one, and
everything that reads answers is called in memory: the walk, the doctor, every exchange that is made from others,
every check, `golive explain`, the fingerprint and what reports show of an exchange. `make test` deals the hostile
values out over the answers once, `.ci/run` several times, so that each answer has several of them; the night lets each
stand everywhere.
"""

import base64
import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

import hypothesis
import pytest
from hypothesis import strategies as st
from shared import recorded

from golive.checks.findings import FindingsError
from golive.checks.verdict import ExitCode
from golive.contract.outcomes import CouldNotTellError, NotClaimedError, SuiteError
from golive.diagnosis.paste import explain
from golive.diagnosis.preflight import run_preflight
from golive.drift.fingerprint import fingerprint
from golive.exchanges.headers import Headers
from golive.exchanges.model import Exchange, Response, Steps, exchanges_in
from golive.exchanges.schedule import ExchangeScheduler
from golive.mutation.record import Recording
from golive.pytest_plugin.fixtures import EXCHANGES
from golive.transport.api import MessagesApi
from golive.transport.token import TokenClient

pytestmark = pytest.mark.whole_run

RAW = {
    "1e999": "1e999",
    "a negative one": "-1e999",
    "NaN": "NaN",
    "10^400": "1" + "0" * 400,
    "10^300": "1" + "0" * 300,
    "10^5000": "1" + "0" * 5000,
    "1e308": "1e308",
    "-1e308": "-1e308",
    "10^20": "1" + "0" * 20,
    "a fraction": "0.5",
    "minus one": "-1",
    "half a bracket": '"http://[::1"',
    "an odd host": '"http://\u2100\u2488/"',
    "dots": '".."',
    "a dot": '"."',
    "dots inside": '"a/../b"',
    "nothing": '""',
    "a slash": '"/"',
    "a question mark": '"?"',
    "100 KB": json.dumps("a" * 100_000),
    "blank lines": json.dumps("\n" * 20_000),
    "a lone surrogate": '"\\ud800"',
    "a NUL": '"\\u0000"',
    "900 levels": "[" * 900 + "]" * 900,
    "900 objects": '{"a":' * 900 + "1" + "}" * 900,
    "null": "null",
    "true": "true",
    "a list": "[]",
    "a list of lists": "[[], {}, null]",
    "an object": "{}",
    "an odd object": '{"": {"/~": 1}, "\\ud800": 2}',
    "a zone that is a path": '"../../etc/passwd"',
    "a zone with NUL": '"a\\u0000b"',
    "a leap second": '"2016-12-31T23:59:60"',
    "the year 9999": '"9999-12-31T23:59:59.999Z"',
    "the year 0": '"0000-00-00T00:00:00"',
    "the year 1": '"0001-01-01T00:00:00"',
    "a name of a status": '"UNREAD"',
    "markup": '"<p>&#xfffffff;</p>"',
    "quotes": json.dumps('code="' + 'a="' * 3000),
}

HEADER_VALUES = (
    "",
    " ",
    "a" * 100_000,
    "Mon, 01 Jan 9" + "9" * 20 + " 00:00:00 GMT",
    "Mon, 01 Jan 0001 00:00:00 +2359",
    "Fri, 31 Dec 9999 23:59:59 -2359",
    "Mon, 99 Foo -1 99:99:99 +99999999",
    ", , ;",
    '"',
    'Bearer error="',
    "Bearer " + 'a="b", ' * 5000,
    "http://[::1",
    "\u0000\u00ff",
    "-1",
    "1e999",
    "9" * 5000,
    "²",
    "text/html; charset=\u0000",
    "application/json; charset=utf-99",
)
LONG_HEADER = 1000
HEADER_NAMES = (
    *(
        "Date",
        "Content-Type",
        "Cerner-Correlation-ID",
        "opc-request-id",
        "X-Request-Id",
        "Cache-Control",
    ),
    *(
        "Pragma",
        "WWW-Authenticate",
        "Retry-After",
        "Location",
        "Allow",
        "opc-next-page",
        "ETag",
        "Vary",
    ),
    *("Age", "Expires", "Last-Modified", "Content-Length", "Content-Encoding"),
)
BODIES = (
    *(
        b"",
        b"\x00",
        b"\xff\xfe{}",
        b"<html>",
        b"[" * 100_000,
        b"0",
        b'"text"',
        b"[1]",
        b"{}",
        b"null",
    ),
    b"\n" * 20_000,
    b"a" * 20_000,
    b'{"items": [[]]}',
    b'{"keys": [1, {}, {"kid": []}]}',
    b'{"error": [], "error_uri": {}, "message": 1, "code": {}}',
    b'{"access_token": "a.b.c"}',
    b'{"access_token": "....", "expires_in": 1e308}',
    b'{"access_token": "a\\nb", "expires_in": true}',
    b'{"access_token": "2YotnFZFEjr1zCsicMWpAA", "token_type": "Bearer", "expires_in": 3600}',
    b'{"access_token": "eyJhbGciOiJSU0EtT0FFUCJ9.2YotnFZF", "token_type": "Bearer"}',
)
MARK = "\ufdd0"
"""Stands for a value until the text is written: JSON as Python writes it knows none of the hostile ones."""


WHOLE = 10
"""Of so many changed answers, one is judged among all the others of its run: that takes ten times as long."""


@cache
def honest() -> Recording:
    """The honest run; in it, what is written takes next to no time to show."""
    recording = recorded()
    safety = replace(recording.environment.safety, visible_within=0.05)
    return replace(recording, environment=replace(recording.environment, safety=safety))


def paths(value: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield above
    steps = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for step, inner in steps:
        yield from paths(inner, (*above, step))


def changed(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = changed(copy[path[0]], path[1:], new)
    return copy


def spliced(value: Any, chance: random.Random, raw: str) -> bytes:
    """The JSON text with one of its values, or the name of one, replaced by this raw text."""
    path = chance.choice(list(paths(value))[:400])
    text = json.dumps(changed(value, path, MARK), ensure_ascii=False)
    return text.replace(json.dumps(MARK, ensure_ascii=False), raw).encode("utf-8", "surrogatepass")


def hostile(response: Response, chance: random.Random) -> Response:
    """An answer that nobody would give: one thing about it is changed."""
    way = chance.randrange(10)
    if way == 0:
        return replace(
            response,
            status=chance.choice([0, 100, 200, 201, 204, 304, 400, 401, 403, 404, 500, 599]),
        )
    if way == 1:
        return replace(response, body=chance.choice(BODIES))
    if way in (2, 3):
        name, value = chance.choice(HEADER_NAMES), chance.choice(HEADER_VALUES)
        headers = response.headers if chance.random() < 0.3 else response.headers.without(name)
        return replace(response, headers=Headers((*headers.fields, (name, value))))
    try:
        body = json.loads(response.body)
    except ValueError:
        return replace(response, body=chance.choice(BODIES))
    raw = chance.choice(list(RAW.values()))
    if way in (4, 5) and isinstance(body, dict) and str(body.get("access_token")).count(".") == 2:
        return replace(
            response, body=json.dumps({**body, "access_token": forged(body, chance, raw)}).encode()
        )
    return replace(response, body=spliced(body, chance, raw))


def forged(body: dict[str, Any], chance: random.Random, raw: str) -> str:
    """The answer's token with a hostile value in its header or its claims."""
    parts = body["access_token"].split(".")
    at = chance.choice([0, 1, 1])
    members = json.loads(base64.urlsafe_b64decode(parts[at] + "=="))
    encrypted = chance.random() < 0.2
    if encrypted:
        members = {"alg": "RSA-OAEP-256", "enc": "A256GCM", "kid": "1", "typ": "JWT"}
    parts[at] = base64.urlsafe_b64encode(spliced(members, chance, raw)).decode().rstrip("=")
    return ".".join([parts[at], *"abcd"] if encrypted else parts)


class Answers:
    """In place of the one door: answers a request as it was answered in the honest run, or a hostile way."""

    def __init__(self, recording: Recording, change: Callable[[str, Response], Response]) -> None:
        self._change = change
        self.recorded = {one.name: one for one in exchanges_in(recording.made.values())}
        self.requests = self.token_requests = self.repeated = 0

    def send(self, request: Any, name: str, *, generated: bool = False) -> Exchange:
        like = self.recorded.get(name) or self.recorded["inbox_items"]
        response = self._change(name, like.response)
        return Exchange(name, request, response, datetime.now(UTC), 0.01)

    def note_repetition(self) -> None:
        self.repeated += 1


def services(recording: Recording, answers: Answers) -> dict[str, Any]:
    tokens = TokenClient(answers)  # type: ignore[arg-type]
    contract, environment = recording.contract, recording.environment
    api = MessagesApi(answers, tokens, environment, contract)  # type: ignore[arg-type]
    return {"api": api, "tokens": tokens, "environment": environment, "contract": contract}


def call_checks(
    recording: Recording, made: dict[Any, Any], only: Any = None, *, whole: bool = True
) -> None:
    """Call the checks that read this exchange, those of every answer on all answers or (`whole`: no) on its own."""
    for case in recording.cases:
        keys = case.exchanges.values()
        if only is not None and only not in keys:
            continue
        if not all(isinstance(made.get(key), Exchange | Steps) for key in keys):
            continue
        try:
            case.call(made, None if whole else only)
        except (CouldNotTellError, NotClaimedError, pytest.skip.Exception):
            pass
        except FindingsError as error:
            for finding in error.findings:
                json.dumps(finding.as_dict(), ensure_ascii=False).encode()


def report(recording: Recording, made: dict[Any, Any]) -> None:
    fair = {key: value for key, value in made.items() if isinstance(value, Exchange | Steps)}
    for exchange in exchanges_in(fair.values()):
        json.dumps(exchange.summary(), ensure_ascii=False).encode()
    found = fingerprint("twin", datetime.now(UTC), fair, recording.contract, {})
    assert found is not None


def paste(response: Response) -> str:
    head = "".join(f"{name}: {value}\n" for name, value in response.headers)
    return f"HTTP/1.1 {response.status} X\n{head}\n{response.body.decode('utf-8', 'replace')}"


def hold(recording: Recording, change: Callable[[str, Response], Response]) -> None:
    """Drive everything with answers that are changed so; anything else than an allowed end raises."""
    for deep in (False, True):
        served = services(recording, Answers(recording, change))
        walked = run_preflight(recording.environment, served["api"], served["tokens"], deep=deep)
        assert walked.diagnosis is None or walked.diagnosis.exit_code is not ExitCode.INTERNAL_ERROR
    served["api"].retry_unknown_key = True
    scheduler = ExchangeScheduler(EXCHANGES, served, 1, dict(walked.made and {}))
    made = scheduler.make(list(recording.made))
    wrong = {key: str(one) for key, one in made.items() if isinstance(one, SuiteError)}
    assert wrong == {}
    call_checks(recording, made)
    report(recording, made)


def in_turn(small: int, *larger: int) -> pytest.MarkDecorator:
    """Give a test a number of examples: the small one, and in `.ci/run` and at night larger ones that begin alike."""
    marks = (pytest.mark.by_day, pytest.mark.exhaustive, pytest.mark.night)
    numbers = zip((small, *larger), marks, strict=False)
    return pytest.mark.parametrize(
        "examples", [pytest.param(number, marks=mark) for number, mark in numbers]
    )


def of_the_exchange(seed: object, name: str) -> random.Random:
    """Give the chance of one exchange: exchanges are made at the same time, in an order that is never the same."""
    return random.Random(f"{seed} {name}")


def each(examples: int, once: Callable[[int], None]) -> None:
    """Call this with as many seeds, always the same ones."""

    @hypothesis.settings(
        max_examples=examples, deadline=None, database=None, derandomize=True,
        suppress_health_check=list(hypothesis.HealthCheck),
        phases=[hypothesis.Phase.generate],  # a seed has no simpler one
    )  # fmt: skip
    @hypothesis.given(seed=st.integers(0, 2**32))
    def with_seed(seed: int) -> None:
        once(seed)

    with_seed()


def everywhere(name: str, response: Response, value: str) -> Response:
    """An answer in which this value stands in one place, or in its token."""
    chance = of_the_exchange(value, name)
    try:
        body = json.loads(response.body)
    except ValueError:
        return response
    if isinstance(body, dict) and str(body.get("access_token")).count(".") == 2:
        if chance.random() < 0.5:
            token = forged(body, chance, RAW[value])
            return replace(response, body=json.dumps({**body, "access_token": token}).encode())
        return response
    return replace(response, body=spliced(body, chance, RAW[value]))


def headed(name: str, response: Response, value: str) -> Response:
    """An answer that has some of the headers with this value: a check that reads one meets it in some answer."""
    many = 1 if len(value) > LONG_HEADER else 3
    headers = response.headers
    for field in of_the_exchange(value, name).sample(HEADER_NAMES, many):
        headers = Headers((*headers.without(field).fields, (field, value)))
    return replace(response, headers=headers)


def dealt(values: Sequence[str], turn: int, name: str) -> str:
    """Give each exchange one of these, and another one each turn."""
    return values[(of_the_exchange("dealt", name).randrange(len(values)) + turn) % len(values)]


def turns(number: int, by_day: int) -> pytest.MarkDecorator:
    """Let `make test` take the first turns, and `.ci/run` the others as well."""
    others = (pytest.param(turn, marks=pytest.mark.exhaustive) for turn in range(by_day, number))
    return pytest.mark.parametrize("turn", [*range(by_day), *others])


@turns(8, by_day=1)
def test_a_value_in_each_answer_ends_no_run_by_the_suite_s_own_failure(turn: int) -> None:
    hold(honest(), lambda name, old: everywhere(name, old, dealt([*RAW], turn, name)))


@turns(4, by_day=0)
def test_headers_in_each_answer_end_no_run_by_the_suite_s_own_failure(turn: int) -> None:
    hold(honest(), lambda name, old: headed(name, old, dealt(HEADER_VALUES, turn, name)))


@pytest.mark.night
@pytest.mark.parametrize("value", RAW)
def test_a_value_that_stands_everywhere_ends_no_run_by_the_suite_s_own_failure(
    value: str,
) -> None:
    hold(honest(), lambda name, old: everywhere(name, old, value))


@pytest.mark.night
@pytest.mark.parametrize("value", HEADER_VALUES, ids=lambda value: value[:40])
def test_a_header_that_stands_everywhere_ends_no_run_by_the_suite_s_own_failure(value: str) -> None:
    hold(honest(), lambda name, old: headed(name, old, value))


@pytest.mark.exhaustive  # by day, each answer of a run has one of these values in it: above
@pytest.mark.parametrize("examples", [12])
def test_no_answer_makes_a_run_the_suite_s_own_failure(examples: int) -> None:
    def once(seed: int) -> None:
        share = random.Random(seed).choice([0.05, 0.3, 1.0])

        def change(name: str, response: Response) -> Response:
            chance = of_the_exchange(seed, name)
            return hostile(response, chance) if chance.random() < share else response

        hold(honest(), change)

    each(examples, once)


@in_turn(40, 200, 400)
def test_no_answer_makes_a_check_or_an_explanation_crash(examples: int) -> None:
    recording = honest()

    def once(seed: int) -> None:
        chance = random.Random(seed)
        key = chance.choice([key for key, one in recording.made.items() if one])
        old: Any = recording.made[key]
        if isinstance(old, Steps):
            step = chance.choice(list(old))
            one = replace(old[step], response=hostile(old[step].response, chance))
            new: Any = Steps({**old, step: one})
        else:
            new = one = replace(old, response=hostile(old.response, chance))
        made = {**recording.made, key: new}
        call_checks(recording, made, only=key, whole=seed % WHOLE == 0)
        assert explain(paste(one.response))
        assert explain(one.response.body.decode("utf-8", "replace"))

    each(examples, once)
