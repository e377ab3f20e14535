"""Errors that name their cause themselves: each found by its own words, and by nothing that only looks like them."""

import json
import re

import pytest
from jsonschema import Draft202012Validator

from golive.diagnosis.causes import entries, errors
from golive.diagnosis.paste import explain
from golive.diagnosis.paste.phrases import failure_in, words_of_library
from golive.kit.files import read_yaml, resources

ROOT = resources()
ROWS = errors()


def test_the_data_keep_their_schema():
    wanted = json.loads((ROOT / "schemas" / "named-errors.schema.json").read_text())
    Draft202012Validator.check_schema(wanted)
    file = ROOT / "src" / "golive" / "diagnosis" / "named_errors.yaml"
    Draft202012Validator(wanted).validate(read_yaml(file))


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_an_error_is_found_by_its_own_words_and_not_by_a_near_miss(row):
    assert failure_in(f"before\n{row['seen']}\nafter")["kind"] == row["id"]
    assert not re.search(row["words"], row["near"])
    assert "library" not in row or words_of_library(row["library"])


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_an_error_alone_is_explained_by_its_row(row):
    answers = explain(f"the job ended with this today:\n{row['seen']}\n")
    assert answers[0].id == row["id"], [one.id for one in answers]
    assert answers[0].guessed is row.get("guess", False)


def test_no_two_entries_share_what_they_are():
    named = {row["id"] for row in ROWS}
    assert len(named) == len(ROWS)
    assert sum(one["id"] in named for one in entries()) == len(ROWS)


def test_a_model_of_ones_own_that_does_not_fit_is_not_settled_by_the_answer_that_it_could_not_read():
    said = "The JSON value could not be converted to System.Int32. Path: $.items[0].id"
    call = (
        "GET https://api.cernermillennium.com/ec2458f2-1e24-41c8-b71b-0e701af7583d/message/20241001"
    )
    text = f'{said}\n{call}/patientMessages/inboxItems?patientId=1 -> 200\n{{"items": [{{"id": "7.1"}}]}}\n'
    assert explain(text)[0].id == "own-model-of-another-type"
