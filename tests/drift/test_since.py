"""Since when a change is there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from golive.drift.compare import compare
from golive.drift.runs import FARTHEST, dated

OLD, NEW = {"items": [], "code": 1}, {"items": [], "code": "1"}


@pytest.fixture
def since(drift):
    def walk(*bodies):
        """Compare the first body with the last; return since which of the bodies the change is there."""
        runs = [
            replace(
                drift.looked(*[drift.answer(body=body)] if body else [], hour=n), run=f"run {n}"
            )
            for n, body in enumerate(bodies)
        ]
        found = compare(runs[0], runs[-1], drift.CONTRACT)
        found = dated(found, runs[0], runs[-1], reversed(runs[:-1]), drift.CONTRACT)
        return [(one.since, one.unbroken) for one in found.changes]

    return walk


def test_a_change_is_as_old_as_the_earliest_run_in_a_row(since):
    assert since(OLD, OLD, NEW, NEW, NEW) == [("run 2", False)]
    assert since(OLD, NEW) == [("run 1", False)]


def test_a_change_that_went_away_in_between_began_later(since):
    assert since(OLD, NEW, OLD, NEW) == [("run 3", False)]


def test_a_run_that_did_not_ask_proves_nothing(since):
    assert since(OLD, NEW, None, NEW) == [("run 1", False)]


def test_where_every_earlier_run_shows_it_that_is_said(drift):
    first = drift.looked(drift.answer(body=OLD), environment="production")
    runs = [replace(drift.looked(drift.answer(body=NEW), hour=n), run=f"run {n}") for n in range(3)]
    found = compare(first, runs[-1], drift.CONTRACT)
    found = dated(found, first, runs[-1], reversed(runs[:-1]), drift.CONTRACT)
    assert [(one.since, one.unbroken) for one in found.changes] == [("run 0", True)]


def test_preflight_ends_somewhere(drift):
    first = drift.looked(drift.answer(body=OLD))
    last = replace(drift.looked(drift.answer(body=NEW)), run="last")
    read = []

    def earlier():
        for number in range(FARTHEST * 2):
            read.append(number)
            yield replace(last, run=f"run {number}")

    dated(compare(first, last, drift.CONTRACT), first, last, earlier(), drift.CONTRACT)
    assert len(read) == FARTHEST + 1
