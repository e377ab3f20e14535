"""Exchanges made once, in the order that needs allow, several at a time."""

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from golive.contract.outcomes import CouldNotTellError, NotClaimedError, SuiteError
from golive.exchanges import failures
from golive.exchanges.failures import BudgetSpentError, ForbiddenRequestError, TransportError
from golive.exchanges.model import Exchange, Request, Steps
from golive.exchanges.registry import ExchangeRegistry
from golive.exchanges.schedule import ExchangeScheduler, attempt
from golive.redaction import REDACTOR


@pytest.fixture
def definitions() -> ExchangeRegistry:
    return ExchangeRegistry()


@pytest.fixture
def cook(definitions: ExchangeRegistry) -> Callable[..., ExchangeScheduler]:
    def make(services: dict[str, Any] | None = None, concurrency: int = 4) -> ExchangeScheduler:
        return ExchangeScheduler(definitions, services or {}, concurrency)

    return make


def test_what_is_needed_is_made_first_and_once(definitions, cook, make_exchange) -> None:
    calls: list[str] = []

    def first(api: str) -> Exchange:
        calls.append(f"first {api}")
        return make_exchange(name="first")

    def second(first: Exchange) -> Exchange:
        calls.append(f"second {first.name}")
        return make_exchange(name="second")

    def third(first: Exchange, second: Exchange) -> Steps:
        calls.append("third")
        return Steps(a=first, b=second)

    for make in (first, second, third):
        definitions.add(make)
    scheduler = cook({"api": "API"})
    made = scheduler.make([("third", ()), ("first", ()), ("third", ())])
    assert calls == ["first API", "second first", "third"]
    assert set(made) == {("first", ()), ("second", ()), ("third", ())}
    scheduler.make([("second", ())])
    assert len(calls) == 3


def test_independent_ones_are_made_at_the_same_time(definitions, cook, make_exchange) -> None:
    together = threading.Barrier(2, timeout=60)

    def left() -> Exchange:
        together.wait()
        return make_exchange()

    def right() -> Exchange:
        together.wait()
        return make_exchange()

    definitions.add(left)
    definitions.add(right)
    made = cook().make([("left", ()), ("right", ())])
    assert all(isinstance(result, Exchange) for result in made.values())


def test_a_parameter_makes_one_exchange_for_each_of_its_values(
    definitions, cook, make_exchange
) -> None:
    def sorted_by(order: str) -> Exchange:
        return make_exchange(name=order)

    def detail(sorted_by: Exchange) -> Exchange:
        return make_exchange(name=f"detail {sorted_by.name}")

    definitions.add(sorted_by)
    definitions.add(detail)
    keys = [definitions.key("detail", {"order": order, "unused": 1}) for order in ("ASC", "DESC")]
    assert keys[0] == ("detail", (("order", "ASC"),))
    made = cook().make(keys)
    assert {result.name for result in made.values()} == {"ASC", "DESC", "detail ASC", "detail DESC"}


def test_a_test_without_the_parameter_is_reported(definitions, make_exchange) -> None:
    def sorted_by(order: str, way: str) -> Exchange:
        return make_exchange()

    definitions.add(sorted_by)
    with pytest.raises(
        SuiteError, match="exchange sorted_by needs order, way, which the test lacks"
    ):
        definitions.key("sorted_by", {})


def test_exchanges_that_need_each_other_are_reported(definitions, cook) -> None:
    def hen(egg: Exchange) -> Exchange:
        return egg

    def egg(hen: Exchange) -> Exchange:
        return hen

    definitions.add(hen)
    definitions.add(egg)
    with pytest.raises(SuiteError, match="exchanges need each other: hen → egg → hen"):
        definitions.key("hen", {})
    with pytest.raises(SuiteError, match="exchanges need each other"):
        cook().make([("hen", ())])


def test_two_exchanges_of_one_name_are_refused_and_the_same_twice_is_not(
    definitions, make_exchange
) -> None:
    def one() -> Exchange:
        return make_exchange()

    again = one

    def build() -> Callable[[], Exchange]:
        def one() -> Exchange:
            return make_exchange()

        return one

    definitions.add(one)
    definitions.add(again)
    assert "one" in definitions
    with pytest.raises(SuiteError, match="two exchanges are named one"):
        definitions.add(build())


def test_what_stopped_one_stops_what_needs_it_with_the_same_cause(definitions, cook) -> None:
    def first() -> Exchange:
        raise NotClaimedError("claims.operations")

    def second(first: Exchange) -> Exchange:
        raise AssertionError("never made")

    definitions.add(first)
    definitions.add(second)
    made = cook().make([("second", ())])
    assert made[("second", ())] is made[("first", ())]
    assert isinstance(made[("second", ())], NotClaimedError)


def test_a_stop_in_one_leaves_the_others_alone(definitions, cook, make_exchange) -> None:
    def bad() -> Exchange:
        raise ValueError("bad")

    def good() -> Exchange:
        return make_exchange()

    definitions.add(bad)
    definitions.add(good)
    made = cook(concurrency=1).make([("bad", ()), ("good", ())])
    assert isinstance(made[("bad", ())], SuiteError)
    assert isinstance(made[("good", ())], Exchange)


def raising(error: BaseException) -> Callable[[], Any]:
    def definition() -> Any:
        raise error

    return definition


@pytest.mark.parametrize(
    ("error", "kind", "words"),
    [
        (CouldNotTellError("c"), CouldNotTellError, "c"),
        (NotClaimedError("k"), NotClaimedError, "k"),
        (SuiteError("s"), SuiteError, "s"),
        (
            TransportError(failures.TIMEOUT, "host"),
            CouldNotTellError,
            "host: no answer came in time",
        ),
        (
            BudgetSpentError(7),
            CouldNotTellError,
            "golive's own limit, not the service's: the budget of 7 requests is spent (`safety.budget`)",
        ),
        (
            BudgetSpentError(7, "generated.gate_budget"),
            CouldNotTellError,
            "golive's own limit, not the service's: the budget of 7 requests is spent "
            "(`generated.gate_budget`)",
        ),
        (ForbiddenRequestError("no"), SuiteError, "a request was refused before it was sent: no"),
    ],
)
def test_each_stop_has_words_of_its_own(error: Exception, kind: type, words: str) -> None:
    result = attempt(raising(error), {})
    assert type(result) is kind
    assert str(result) == words


def test_any_other_exception_is_the_suite_s_own_with_its_place_and_without_secrets() -> None:
    REDACTOR.protect("the-secret-token")
    result = attempt(raising(KeyError("the-secret-token")), {})
    assert isinstance(result, SuiteError)
    assert "the-secret-token" not in str(result)
    assert str(result).startswith("definition: KeyError: '[redacted]' (tests/core/test_making.py:")


def test_an_interruption_is_not_held_back() -> None:
    with pytest.raises(KeyboardInterrupt):
        attempt(raising(KeyboardInterrupt()), {})


@pytest.mark.parametrize("made", [None, {}, "text", []])
def test_a_definition_that_makes_something_else_is_reported(made: Any) -> None:
    result = attempt(lambda: made, {})
    assert isinstance(result, SuiteError)
    assert "not an exchange or Steps" in str(result)


def test_too_many_requests_are_the_callers_own(make_exchange) -> None:
    result = attempt(lambda: make_exchange(status=429), {})
    assert isinstance(result, CouldNotTellError)
    assert "answered 429: it takes fewer requests than golive sends" in str(result)
    assert "safety.concurrency" in result.next_step


@pytest.mark.parametrize("status", [502, 503, 504])
def test_an_answer_that_says_not_now_is_no_exchange(make_exchange, status: int) -> None:
    result = attempt(lambda: make_exchange(status=status), {})
    assert isinstance(result, CouldNotTellError)
    assert (
        str(result)
        == f"api.cernermillennium.com answered {status}: the service is not available now"
    )
    steps = attempt(lambda: Steps(a=make_exchange(), b=make_exchange(status=status)), {})
    assert isinstance(steps, CouldNotTellError)


def test_an_interruption_while_making_does_not_wait_for_answers(
    definitions, make_exchange, monkeypatch
) -> None:
    from golive.exchanges import schedule as making

    begun, release = threading.Event(), threading.Event()

    def slow() -> Exchange:
        begun.set()
        release.wait(20)
        return make_exchange()

    def interrupted(*_args: Any, **_options: Any) -> Any:
        begun.wait(5)
        raise KeyboardInterrupt

    definitions.add(slow)
    monkeypatch.setattr(making, "wait", interrupted)
    try:
        with pytest.raises(KeyboardInterrupt):
            ExchangeScheduler(definitions, {}, 2).make([("slow", ())])
        assert not release.is_set()
    finally:
        release.set()


def test_which_operations_an_exchange_asked_is_known_even_where_it_could_not(make_exchange) -> None:
    def listed(api):
        return asked(api, "listInboxItems")

    def told(listed):
        return listed

    def written(api):
        return api.call("sendMessage")

    definitions = ExchangeRegistry()
    for one in (listed, told, written):
        definitions.add(one)
    known = {"listInboxItems", "getMessage", "sendMessage"}
    made = replace(
        make_exchange({}), request=Request("GET", "https://h.example/", operation="getMessage")
    )
    results = {
        "an answer": (made, {"getMessage"}),
        "could not tell": (CouldNotTellError("x"), {"listInboxItems"}),
        "no test data": (
            NotClaimedError("test_data.patient", operation="listInboxItems"),
            {"listInboxItems"},
        ),
        "not claimed": (NotClaimedError("claims.operations"), set()),
    }
    for result, operations in results.values():
        found = definitions.operations(("listed", ()), {("listed", ()): result}, known)
        assert found == operations
    stopped = {("listed", ()): CouldNotTellError("x"), ("told", ()): CouldNotTellError("x")}
    assert definitions.operations(("told", ()), stopped, known) == {"listInboxItems"}
    assert definitions.operations(("written", ()), {}, known) == {"sendMessage"}


def asked(api, operation):
    return api.call(operation)


def test_a_test_s_parameter_chooses_the_plain_request_that_is_taken(
    definitions, cook, make_exchange
) -> None:
    def one() -> Exchange:
        return make_exchange(name="one")

    def other() -> Exchange:
        return make_exchange(name="other")

    def changed(row: str, control: Exchange) -> Exchange:
        return make_exchange(name=f"{row} of {control.name}")

    definitions.add(one, plain="getOne")
    definitions.add(other, plain="getOther")
    definitions.add(changed, control=lambda given: f"get{given['row']}")
    keys = [definitions.key("changed", {"row": row}) for row in ("One", "Other")]
    made = cook().make(keys)
    assert [made[key].name for key in keys] == ["One of one", "Other of other"]
    with pytest.raises(SuiteError, match=r'no exchange says that it sends it \(plain="getThird"\)'):
        definitions.key("changed", {"row": "Third"})
