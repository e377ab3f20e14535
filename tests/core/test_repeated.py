"""Questions that are asked again at the end of a run, and what the report says of them."""

import pytest

from golive.exchanges.model import Steps
from golive.exchanges.registry import ExchangeRegistry
from golive.exchanges.repeated import asked_again, repeated_words


@pytest.fixture
def definitions(make_exchange):
    def question() -> Steps:
        return Steps(first=make_exchange(), midway=make_exchange(), last=make_exchange())

    def chain() -> Steps:
        return Steps(one=make_exchange(), two=make_exchange())

    registry = ExchangeRegistry()
    registry.add(question, repeats=True)
    registry.add(chain)
    return registry


def test_what_was_asked_three_times_meets_a_fault_of_one_in_three_by_seventy_percent(definitions):
    made = {(name, ()): definitions[name].make() for name in ("question", "chain")}
    assert [one | {"operation": ""} for one in asked_again(definitions, made)] == [
        {"operation": "", "times": 3, "met": 0.7}
    ]


def test_the_words_name_operation_times_and_probability():
    words = repeated_words([{"operation": "listInboxItems", "times": 3, "met": 0.7}])
    assert "listInboxItems 3 times (70%)" in words
    assert "one answer of three" in words
    assert repeated_words([]) == ""
