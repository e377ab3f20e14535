"""The checks that found something where a change is."""

from __future__ import annotations

import json

import pytest

from golive.drift.change import Change, Comparison, Severity
from golive.drift.runs import SUMMARY, checks_by_place, with_detected_by


def write(folder, *checks):
    data = {
        "checks": [
            {"id": name, "findings": [{"at": at} for at in places]} for name, places in checks
        ]
    }
    (folder / SUMMARY).write_text(json.dumps(data), "utf-8")


def test_places_are_folded_as_in_a_fingerprint(tmp_path):
    write(tmp_path, ("a", ["/items/17/status", "header:Content-Type"]), ("b", ["/items/2/status"]))
    assert checks_by_place(tmp_path) == {
        "/items/[]/status": {"a", "b"},
        "header:content-type": {"a"},
    }


def test_only_checks_that_read_the_situation_are_named(tmp_path):
    write(tmp_path, ("a", ["header:Content-Type"]), ("b", ["header:Content-Type"]))
    one = Change(Severity.BREAKING, "media type", "o", "media type", "x", "y", "s", checks=("b",))
    found = with_detected_by(Comparison((one,), 1), tmp_path)
    assert found.changes[0].detected_by == ("b",)


@pytest.mark.parametrize(
    "text", [None, "{", "{}", '{"checks": [1]}', '{"checks": [{"findings": [{}]}]}']
)
def test_a_summary_that_can_t_be_read_takes_nothing_away(tmp_path, text):
    if text is not None:
        (tmp_path / SUMMARY).write_text(text, "utf-8")
    assert checks_by_place(tmp_path) == {}
