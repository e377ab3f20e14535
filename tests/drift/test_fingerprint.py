"""Making, writing and reading a fingerprint."""

from __future__ import annotations

import json
import os
from dataclasses import replace

import pytest

from golive.contract.outcomes import CouldNotTellError
from golive.drift.fingerprint import FILE, Fingerprint, fingerprint, read, write
from golive.exchanges.model import Steps
from golive.kit.packed import pack
from golive.kit.problems import ConfigurationProblem
from golive.redaction import REDACTOR


def test_what_was_written_is_read_again(drift, tmp_path):
    folder = tmp_path / "sandbox-20261124T120000Z"
    folder.mkdir()
    made = replace(drift.looked(drift.answer(body={"items": []})), checks={"inbox_items": ("a-b",)})
    write(folder, made)
    found = read(folder / FILE)
    assert found == replace(made, run=folder.name)
    assert found.digest == made.digest
    assert list(folder.iterdir()) == [folder / FILE]


def of_version_1(found: Fingerprint) -> dict:
    """Return a fingerprint as version 1 wrote it: what situations have alike once, checks by numbers."""
    data = found.as_dict()
    shapes = next(iter(data["situations"].values()))["shapes"]
    alike = {**next(iter(data["situations"].values())), "shapes": "shapes-0"}
    return data | {
        "schema_version": 1,
        "shared": {"shapes-0": shapes, "situation-1": alike},
        "situations": dict.fromkeys(data["situations"], "situation-1"),
        "check_ids": ["reads-every-list"],
        "checks": {name: [0] for name in data["checks"]},
    }


def test_a_file_of_version_1_is_read_too(drift, tmp_path):
    made = {(name, ()): drift.answer(name, body={"items": []}) for name in ("one", "two")}
    checks = {key: ["reads-every-list"] for key in made}
    found = fingerprint("e", drift.NOON, made, drift.CONTRACT, checks)
    (tmp_path / FILE).write_text(json.dumps(of_version_1(found)), "utf-8")
    assert read(tmp_path / FILE) == replace(found, run=tmp_path.name)


def test_a_file_is_small_and_says_of_what_it_is(drift, tmp_path):
    made = {(str(n), ()): drift.answer(str(n), body={"items": [{"id": "1"}]}) for n in range(300)}
    found = fingerprint("e", drift.NOON, made, drift.CONTRACT)
    text = write(tmp_path, found).read_text("utf-8")
    assert len(text) < 6_000
    said = json.loads(text)
    assert (said["environment"], said["digest"]) == ("e", found.digest)


def test_a_damaged_pack_is_no_fingerprint(drift, tmp_path):
    write(tmp_path, drift.looked(drift.answer()))
    data = json.loads((tmp_path / FILE).read_text("utf-8"))
    for damaged in (data["packed"][:-8], "AAAA", 1, [], pack("[1]"), pack("{}")):
        (tmp_path / FILE).write_text(json.dumps(data | {"packed": damaged}), "utf-8")
        with pytest.raises(ConfigurationProblem):
            read(tmp_path / FILE)


def test_a_file_that_says_everything_where_it_belongs_is_read_too(drift, tmp_path):
    made = {(name, ()): drift.answer(name, body={"items": []}) for name in ("one", "two")}
    found = fingerprint("e", drift.NOON, made, drift.CONTRACT, {("one", ()): ["reads-lists"]})
    (tmp_path / FILE).write_text(json.dumps(found.as_dict()), "utf-8")
    assert read(tmp_path / FILE) == replace(found, run=tmp_path.name)


def test_a_check_that_the_file_does_not_name_is_refused_with_its_place(drift, tmp_path):
    found = replace(drift.looked(drift.answer()), checks={"inbox_items": ("a-b",)})
    data = of_version_1(found) | {"checks": {"inbox_items": [1]}}
    (tmp_path / FILE).write_text(json.dumps(data), "utf-8")
    with pytest.raises(ConfigurationProblem, match="see /checks/inbox_items/0"):
        read(tmp_path / FILE)


def test_chains_are_taken_apart_and_what_was_not_made_is_left_out(drift):
    one, two = drift.answer("one", body={}), drift.answer("two", body={})
    made = {
        ("chain", ()): Steps(first=one, second=two),
        ("alone", ()): one,
        ("none", ()): CouldNotTellError("no"),
        ("generated", ()): drift.answer("random", body={}),
    }
    checks = {("chain", ()): ["c"], ("alone", ()): ["a"]}
    without = frozenset({"generated"})
    found = fingerprint("e", drift.NOON, made, drift.CONTRACT, checks, without)
    assert set(found.situations) == {"one", "two"}
    assert found.checks["one"] == ("a", "c")


def test_answers_of_one_name_are_one_situation(drift):
    one = drift.answer("same", body={"items": []})
    two = drift.answer("same", body={"items": [], "hasMore": True})
    three = drift.answer("same", body={}, status=500)
    made = {("a", ()): one, ("b", ()): two}
    shape = fingerprint("e", drift.NOON, made, drift.CONTRACT).situations["same"]["shapes"]["body"]
    assert shape["/hasMore"]["presence"] == "sometimes"
    made[("c", ())] = three
    last = fingerprint("e", drift.NOON, made, drift.CONTRACT).situations["same"]
    assert last["status"] == 500


def test_a_secret_in_a_fingerprint_is_hidden(drift, tmp_path):
    REDACTOR.protect("very-secret-name")
    write(tmp_path, Fingerprint("very-secret-name", drift.NOON, {}, {"very-secret-name": ()}))
    assert "very-secret-name" not in (tmp_path / FILE).read_text("utf-8")
    assert "very-secret-name" not in str(read(tmp_path / FILE).as_dict())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "the fingerprint can't be read: it is not JSON."),
        ("[]", "this is not a fingerprint of golive."),
    ],
)
def test_a_file_that_is_no_fingerprint_is_refused_by_name(tmp_path, text, message):
    (tmp_path / FILE).write_text(text, "utf-8")
    with pytest.raises(ConfigurationProblem) as problem:
        read(tmp_path / FILE)
    assert f"{FILE}: {message}" in str(problem.value)


def test_a_file_of_another_version_is_refused_with_the_place(drift, tmp_path):
    data = drift.looked(drift.answer(body={})).as_dict()
    (tmp_path / FILE).write_text(json.dumps(data | {"schema_version": 99}), "utf-8")
    with pytest.raises(ConfigurationProblem, match="golive: see /schema_version"):
        read(tmp_path / FILE)


def test_a_name_with_control_characters_is_refused(drift, tmp_path):
    data = drift.looked(drift.answer(body={})).as_dict()
    data["situations"] = {"\x1b[2J": data["situations"]["inbox_items"]}
    (tmp_path / FILE).write_text(json.dumps(data), "utf-8")
    with pytest.raises(ConfigurationProblem):
        read(tmp_path / FILE)


def test_a_missing_file_is_reported(tmp_path):
    with pytest.raises(ConfigurationProblem, match="No such file"):
        read(tmp_path / FILE)


@pytest.mark.parametrize("planted", ["a\n::error::x", "half \ud800"])
def test_a_fingerprint_with_signs_that_nobody_sees_is_none(tmp_path, planted) -> None:
    file = tmp_path / "fingerprint.json"
    file.write_text(json.dumps({"environment": planted}), encoding="utf-8")
    with pytest.raises(ConfigurationProblem, match="it is not JSON"):
        read(file)


def test_a_pipe_in_place_of_a_fingerprint_holds_nobody_up(tmp_path) -> None:
    file = tmp_path / "fingerprint.json"
    os.mkfifo(file)
    with pytest.raises(ConfigurationProblem, match="not a regular file"):
        read(file)
