"""`causes.yaml` as data: whole, in an order that hides nothing, and exact."""

from __future__ import annotations

import json
import string
from typing import Any

from jsonschema import Draft202012Validator

from golive.diagnosis.causes import diagnose, entries, fields, filled
from golive.kit.files import read_yaml, resources

ROOT = resources()
SCHEMA = json.loads((ROOT / "schemas" / "causes.schema.json").read_text(encoding="utf-8"))
DATA = read_yaml(ROOT / "src" / "golive" / "diagnosis" / "causes.yaml")
OTHER = "something else"


def sets_of(entry: dict[str, Any]) -> list[dict[str, Any]]:
    when = entry["when"]
    return when if isinstance(when, list) else [when]


SETS = [(entry["id"], each) for entry in entries() for each in sets_of(entry)]


def facts_of(when: dict[str, Any]) -> dict[str, Any]:
    return {
        name: wanted[0] if isinstance(wanted, list) else wanted for name, wanted in when.items()
    }


def test_the_file_keeps_its_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    Draft202012Validator(SCHEMA).validate(DATA)


def test_every_cause_has_an_id_of_its_own_and_the_last_one_matches_anything() -> None:
    ids = [entry["id"] for entry in entries()]
    assert len(set(ids)) == len(ids)
    assert entries()[-1]["when"] == {}


def test_only_known_fields_and_their_known_values_are_compared() -> None:
    for identifier, when in SETS:
        for name, wanted in when.items():
            assert name in fields(), (identifier, name)
            values = fields()[name].get("values")
            for value in wanted if isinstance(wanted, list) else [wanted]:
                assert value is None or values is None or value in values, (identifier, name, value)


def test_every_name_in_a_text_is_a_field_or_a_word() -> None:
    known = {*DATA["fields"], *DATA["words"], *DATA["places"]}
    for entry in entries():
        texts = [entry[name] for name in ("cause", "cure", "differs", "settles") if name in entry]
        for text in [*texts, *entry.get("change", {}).values()]:
            assert {name for _, name, _, _ in string.Formatter().parse(text) if name} <= known, text


def test_every_cause_can_be_reached() -> None:
    """An entry that an earlier one hides would never be told."""
    reached = [(identifier, diagnose(facts_of(when), ()).id) for identifier, when in SETS]
    assert [pair for pair in reached if pair[0] != pair[1]] == []


def test_a_near_miss_in_any_field_is_another_cause() -> None:
    taken = [
        (identifier, name)
        for identifier, when in SETS
        for name in when
        if diagnose({**facts_of(when), name: OTHER}, ()).id == identifier
    ]
    assert taken == []


def test_a_guess_says_what_would_settle_it_and_nothing_else_does() -> None:
    for entry in entries():
        assert ("guess" in entry) is ("settles" in entry)


def test_what_is_not_known_has_words_that_can_be_read() -> None:
    assert (
        filled("{token_host}, {reason}, {kid}", {})
        == "The token host, no reason given, (not shown)"
    )
    assert filled("{no_such_name}", {}) == "(unknown no such name)"
    assert diagnose({"stage": "token"}, ("evidence",)).id == "unknown"


def test_a_diagnosis_is_plain_data_with_its_change() -> None:
    found = diagnose(
        {"stage": "urls", "token_cloud": "sandbox", "api_cloud": "production"}, ("seen",)
    )
    data = found.as_dict()
    assert json.loads(json.dumps(data)) == data
    assert data["change"] == {
        "place": "token.url",
        "yaml": found.change.text if found.change else "",
    }
    refused = diagnose({"kind": "tls-expired"}, ())
    assert refused.as_dict()["change"] == {"command": "date -u"}


def test_each_exit_code_of_a_cause_may_stand_in_what_a_run_and_the_doctor_leave() -> None:
    exits = {entry["exit"] for entry in entries()}
    summary, doctor = (
        json.loads((ROOT / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8"))
        for name in ("summary", "doctor")
    )
    stopped = summary["properties"]["diagnosis"]["properties"]["exit_code"]["enum"]
    assert exits - {0} <= {*stopped}
    assert exits <= {*doctor["properties"]["exit_code"]["enum"]}
    assert exits == {*doctor["$defs"]["cause"]["properties"]["exit_code"]["enum"]}
