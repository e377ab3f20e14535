"""The shape of a value: places, types, presence, and no value."""

from __future__ import annotations

import json

import pytest

from golive.contract.operations import ADDRESS
from golive.drift.promises import Promises
from golive.drift.shape import DEEPEST, UNKNOWN, kind_of, merged, shape_of


@pytest.fixture
def inbox(contract):
    return Promises(contract, f"{ADDRESS}messages-20241001/inbox-items.schema.json")


def items(*ones):
    return {"items": list(ones)}


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        *((None, "null"), (True, "boolean"), (1, "integer"), (1.5, "number")),
        *(("", "string"), ([], "array"), ({}, "object")),
    ],
)
def test_the_kinds_of_json(value, kind):
    assert kind_of(value) == kind


def test_all_items_have_one_shape(inbox):
    shape = shape_of(items({"id": "1", "x": None}, {"id": "2", "x": 1}, {"id": "3"}), inbox)
    assert shape["/items/[]/id"] == {"types": ["string"], "presence": "always", "evidence": "few"}
    assert shape["/items/[]/x"] == {
        "types": ["integer", "null"],
        "presence": "sometimes",
        "evidence": "few",
    }
    assert shape["/items/[]"] == {"types": ["object"]}


def test_many_objects_are_evidence(inbox):
    shape = shape_of(items(*[{"id": str(n)} for n in range(20)]), inbox)
    assert shape["/items/[]/id"]["evidence"] == "many"


def test_only_the_contract_s_words_are_kept_of_enumerated_values(inbox):
    shape = shape_of(items({"status": "OPENED"}, {"status": "Ottoline"}), inbox)
    assert shape["/items/[]/status"]["values"] == [UNKNOWN, "OPENED"]
    assert "Ottoline" not in json.dumps(shape)


def test_a_map_keyed_by_data_is_one_place(inbox):
    body = {"byPatient": {"12700100": {"name": "x"}, "Ottoline Quill": {"name": "y"}}}
    shape = shape_of(body, inbox)
    assert set(shape) == {"", "/byPatient", "/byPatient/{}", "/byPatient/{}/name"}
    assert shape["/byPatient/{}/name"]["presence"] == "always"


def test_an_object_with_very_many_unknown_members_is_a_map_whatever_its_keys(inbox):
    words = [f"{a}{b}" for a in "abcdefg" for b in "hijklmn"]
    assert set(shape_of(dict.fromkeys(words, 1), inbox)) == {"", "/{}"}


def test_what_lies_very_deep_is_not_recorded(inbox):
    value: object = 1
    for _ in range(500):
        value = {"a": value}
    assert len(shape_of(value, inbox)) == DEEPEST + 1


def test_merging_keeps_all_that_was_seen(inbox):
    first = shape_of(items({"id": "1", "x": 1, "status": "OPENED"}), inbox)
    second = shape_of(items({"id": "2", "y": "", "status": "UNREAD"}), inbox)
    both = merged(first, second)
    assert both["/items/[]/status"]["values"] == ["OPENED", "UNREAD"]
    assert both["/items/[]/id"]["presence"] == "always"
    assert both["/items/[]/x"]["presence"] == both["/items/[]/y"]["presence"] == "sometimes"
    assert merged(both, both) == both


def test_merging_with_an_empty_list_takes_nothing_away(inbox):
    first = shape_of(items({"id": "1"}), inbox)
    assert merged(first, shape_of(items(), inbox)) == first
    assert merged(shape_of(items(), inbox), first) == first
