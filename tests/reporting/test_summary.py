"""`summary.json` against its schema: made up here, and from real runs on the twin."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from golive.checks.verdict import ExitCode
from golive.kit.files import resources
from golive.pytest_plugin.conclude import summary
from golive.report.html.render import summary_in
from golive.report.summary import as_json, whole

from .conftest import finding, result

SCHEMA = json.loads((resources() / "schemas" / "summary.schema.json").read_text())
SHAPE = Draft202012Validator(SCHEMA, format_checker=FormatChecker())
DEVIATION = {"reason": "a known one", "ticket": "T-1", "until": "2026-12-31"}


def without(known, name):
    return {key: value for key, value in known.items() if key != name}


@pytest.fixture
def full_run(run, stopped_walk):
    run.preflight = stopped_walk
    run.client = SimpleNamespace(requests=3, token_requests=1, repeated=0, was_answered=True)
    run.faults = ["twice the same", "twice the same"]
    run.results = [
        result("b-failed", "failed", findings=[finding()]),
        result("a-passed"),
        result("c-advice", "advice", findings=[finding(advice=True)]),
        result("d-unknown", "could not tell", cause="It was down.", next_step="Wait."),
        result("e-unclaimed", "not claimed", reason="test_data.patient"),
        result("f-broken", "internal error", cause="KeyError"),
        result("g-tolerated", "known deviation", findings=[finding()], deviation=DEVIATION),
        result("h-unseen", "not seen", reason="not seen: the client sent no message"),
    ]
    return run


def test_the_schema_is_valid():
    Draft202012Validator.check_schema(SCHEMA)


def test_a_run_that_knows_nothing_has_a_valid_summary(run):
    data = summary(run, ExitCode.NOTHING_PROVEN)
    SHAPE.validate(data)
    assert (data["requests"], data["diagnosis"], data["checks"]) == (0, None, [])
    assert data["started"] == "2026-01-02T03:04:05.678Z"


def test_every_outcome_has_a_valid_place(full_run):
    data = summary(full_run, ExitCode.INTERNAL_ERROR)
    SHAPE.validate(data)
    assert set(data["counts"].values()) == {1}
    assert [check["id"][0] for check in data["checks"]] == list("abcdefgh")
    assert data["internal_errors"] == ["twice the same"]
    assert data["diagnosis"]["id"] == "wrong-cloud"
    assert data["walk"][1] == {"stage": "API", "ok": False, "stops": True, "detail": "status 401"}


def test_the_file_keeps_of_a_check_what_its_format_names(full_run):
    data = summary(full_run, ExitCode.INTERNAL_ERROR)
    assert (
        data["checks"][0]["unsettled_shape"] is False
    )  # which reports need, and files do not hold
    written = json.loads(as_json(data))
    SHAPE.validate(written)
    known = set(SCHEMA["$defs"]["check"]["properties"])
    assert all(set(check) <= known for check in written["checks"])


def test_the_file_is_short_about_checks_without_events_and_is_read_whole(full_run):
    full_run.results += [
        result("i-envelope", proves={}, operations=["getMessage"], against_success=True),
        result("j-advisory", level="should", deciding=False, exchanges=[3]),
    ]
    data = summary(full_run, ExitCode.INTERNAL_ERROR)
    text = as_json(data)
    written = json.loads(text)
    SHAPE.validate(written)
    by_id = {one["id"]: one for one in written["checks"]}
    assert by_id["a-passed"] == {
        "id": "a-passed", "statement": "Every item has an id.", "area": "inbox", "basis": "documented", "source": 0,
        "outcome": "passed", "proves": {"listInboxItems": "full"},
    }  # fmt: skip
    assert by_id["b-failed"]["nodeid"]
    assert written["sources"] == ["RFC 9110 §15.1"]
    read = {one["id"]: one for one in whole(written)["checks"]}
    in_no_file = {"nodeid", "line", "seconds", "unsettled_shape", "configuration"}
    for known in data["checks"]:
        lost = {
            name: value for name, value in known.items() if read[known["id"]].get(name) != value
        }
        assert lost.keys() <= in_no_file, known["id"]


def test_a_file_of_version_1_which_has_everything_is_read_as_it_is(full_run):
    data = summary(full_run, ExitCode.INTERNAL_ERROR) | {"schema_version": 1}
    SHAPE.validate(data)
    assert whole(json.loads(json.dumps(data))) == json.loads(json.dumps({**data, "checks": [
        {"operations": ["listInboxItems"], "exchanges": [], **one} for one in data["checks"]
    ]}))  # fmt: skip


def test_a_source_that_is_not_on_the_list_is_no_summary(full_run):
    data = json.loads(as_json(summary(full_run, ExitCode.INTERNAL_ERROR)))
    data["checks"][0]["source"] = 99
    assert summary_in(json.dumps(data).encode()) is None
    data["checks"][0]["source"] = 0
    assert summary_in(json.dumps(data).encode()) is not None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"verdict": "MAYBE"}, "is not one of"),
        ({"exit_code": 2}, "is not one of"),
        ({"requests": "3"}, "is not of type 'integer'"),
        ({"started": "yesterday"}, "is not a 'date-time'"),
        ({"checks": [result("Not-Kebab")]}, "does not match"),
        ({"checks": [result("x", "failed")]}, "should be non-empty"),
        ({"checks": [result("x", "passed", findings=[finding()])]}, "expected to be empty"),
        ({"checks": [result("x", "could not tell")]}, "'cause' is a required"),
        ({"checks": [result("x", "not claimed")]}, "'reason' is a required"),
        ({"checks": [result("x", "known deviation", findings=[finding()])]}, "'deviation' is a"),
        ({"checks": [result("x", deviation=DEVIATION)]}, "False schema"),
        (
            {"checks": [without(result("x", "failed", findings=[finding()]), "nodeid")]},
            "'nodeid' is a",
        ),
        ({"known_deviations": [{"check": "x"}]}, "'reason' is a required"),
    ],
)
def test_the_schema_refuses_what_is_wrong(full_run, change, said):
    data = summary(full_run, ExitCode.INTERNAL_ERROR) | change
    assert any(said in error.message for error in SHAPE.iter_errors(data))
