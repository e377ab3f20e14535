"""`golive prove`: the kill matrix on the terminal and in a file."""

import hashlib
import json
from functools import partial
from itertools import islice
from pathlib import Path
from types import SimpleNamespace

import pytest
from jsonschema import Draft202012Validator
from shared import as_in_its_run, recorded

import golive.twin
from golive.cli import exit_code_of
from golive.cli.commands import prove as proving
from golive.contract.outcomes import NOT_CLAIMED
from golive.kit.files import resources
from golive.mutation import proof, responses
from golive.mutation.judge import Result
from golive.mutation.matrix import Fault, Matrix
from golive.mutation.source.mutants import all_mutants, sample
from golive.mutation.source.score import kept
from golive.twin import DEFECT_FACTS

UNUSUAL = next(name for name, facts in DEFECT_FACTS.items() if facts.needs_unusual_input)


def validate(matrix):
    schema = json.loads((resources() / "schemas" / "prove.schema.json").read_text())
    Draft202012Validator(schema).validate(matrix)


@pytest.mark.whole_run
@pytest.mark.measured
def test_one_defect_shows_which_check_detects_it(tmp_path, golive_process):
    file = tmp_path / "kill.json"
    told = ["--defect", "token-ids-repeat", "--defect", "token-ids-repeat"]
    # A process of its own: what forks shall have no threads, and here other tests may have left some.
    outcome = golive_process("prove", *told, "--json", file)
    assert outcome.code == 0, outcome.err
    out, err = outcome.out, outcome.err
    assert "token-ids-repeat: detected by access-token-id-is-unique" in out
    assert "1 fault-free run, 0 false positives" in out
    assert "Only some of the faults were injected" in out
    assert "defects: 1" in err
    matrix = json.loads(file.read_text())
    validate(matrix)
    assert not matrix["complete"]
    assert [fault["id"] for fault in matrix["lies"]] == ["token-ids-repeat"]
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.measured
@pytest.mark.whole_run
def test_mutants_are_detected_and_scored(capfd, monkeypatch):
    """A part of them, and no fault-free runs, which the test above makes: the whole is `golive prove` itself."""
    for name in ("success_mutants", "token_mutants", "refusal_mutants"):
        some = partial(_some, getattr(proof, name))
        monkeypatch.setattr(proof, name, some)
    # Of some exchanges only: what is wrong with an answer is tried out before one of a hundred is taken.
    plainest_first = responses._plainest_first
    monkeypatch.setattr(
        responses, "_plainest_first", lambda recording: plainest_first(recording)[:12]
    )
    monkeypatch.setattr(proof, "_fault_free", lambda *_, **__: None)
    monkeypatch.setattr(proof, "record", recorded)
    with as_in_its_run():
        assert exit_code_of(["prove", "--mutants-only", "--seeds", "1"]) == 0
    out, _ = capfd.readouterr()
    assert "mutants, deciding:" in out
    assert "(100.0 %)" in out
    assert "undetected:" not in out
    assert "mutants a second on one core" in out


def _state_of_the_source():
    files = sorted(Path(golive.twin.__file__).parent.rglob("*.py"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


@pytest.mark.whole_run
@pytest.mark.measured
def test_the_whole_suite_runs_against_each_mutant_and_goes_on_where_it_was(
    tmp_path, golive_process
):
    """The fault-free twin without its defects' code first, in which nothing may be found."""
    before, file = _state_of_the_source(), tmp_path / "results.jsonl"
    options = ("prove", "--source-mutants", "1", "--seed", "365", "--results", file)
    outcome = golive_process(*options)
    assert outcome.code == 0, outcome.out + outcome.err
    assert f"1 of {len(all_mutants())} mutants were drawn" in outcome.out
    assert {run.key for run in kept(file)} == {mutant.key for mutant in sample(1, seed=365)}
    assert all(run.ended == "detected" and run.by for run in kept(file))
    written = file.read_bytes()
    assert golive_process(*options).out == outcome.out
    assert file.read_bytes() == written
    assert _state_of_the_source() == before


def _some(make, recording):
    return islice(make(recording), 0, None, 100)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--mutants-only", "--defects-only"], "--mutants-only excludes"),
        (["--mutants-only", "--defect", "token-ids-repeat"], "--mutants-only excludes"),
        (["--defect", "token-id-repeats"], 'Did you mean "token-ids-repeat"?'),
        (["--defect", UNUSUAL], f"golive run twin --generated --defect {UNUSUAL}"),
        (["--seeds", "0"], "--seeds"),
        (["--source-mutants", "0"], "--source-mutants"),
        (["--source-mutants", "--mutants-only"], "--source-mutants goes with"),
        (["--source-mutants", "5", "--json", "kill.json"], "--source-mutants goes with"),
        (["--results", "results.jsonl"], "--results is for --source-mutants"),
        (["--json", "no/such/folder/kill.json"], "kill.json can't be written: No such file"),
    ],
)
def test_a_wrong_option_is_reported_before_anything_runs(arguments, words, capfd, monkeypatch):
    monkeypatch.setattr(proving, "fill", None)
    assert exit_code_of(["prove", *arguments]) == 4
    assert words in capfd.readouterr().err


def filling(monkeypatch, *, then=None, **attributes):
    """Let the proof be this, without running anything."""

    def fill(matrix, *_, **__):
        for name, value in attributes.items():
            setattr(matrix, name, value)
        if then is not None:
            raise then

    monkeypatch.setattr(proving, "fill", fill)


def fault(name, **result):
    found = Result(**{kind: [check] for kind, check in result.items()})
    return Fault.of(name, "defect", "area", "It says so.", found, deciding=True)


def test_what_was_learnt_before_an_interruption_is_kept(tmp_path, capfd, monkeypatch):
    filling(monkeypatch, then=KeyboardInterrupt, faults=[fault("told", detected_by="one")])
    file = tmp_path / "kill.json"
    assert exit_code_of(["prove", "--json", str(file)]) == 130
    assert "INTERRUPTED" in capfd.readouterr().out
    matrix = json.loads(file.read_text())
    validate(matrix)
    assert [told["id"] for told in matrix["lies"]] == ["told"]


def test_whatever_is_left_open_is_named_and_fails(capfd, monkeypatch):
    filling(
        monkeypatch,
        complete=True,
        checks={"one": True, "idle": True},
        faults=[
            fault("kept", detected_by="one"),
            fault("missed"),
            fault("hinted", advised_by="one"),
            fault("broke", crashed="one: KeyError"),
            fault("half", detected_by="one", missed_by="two"),
        ],
        false_alarms=["seed 2: one failed"],
    )
    assert exit_code_of(["prove"]) == 1
    out = capfd.readouterr().out
    assert "undetected: defect missed: It says so." in out
    assert "undetected: defect hinted: It says so. Detected as advice only, by one." in out
    assert "no longer detected by two: defect half: It says so." in out
    assert "crashed: defect broke: one: KeyError" in out
    assert "false positive: seed 2: one failed" in out
    assert "nothing makes this check fail: idle" in out


def test_a_check_that_the_twin_s_environment_does_not_claim_is_named_with_what_is_missing(
    monkeypatch,
):
    skipped = {"id": "new", "outcome": "not claimed", "reason": f"{NOT_CLAIMED}claims.operations"}
    runs = [SimpleNamespace(name="seed 2", results=[skipped], faults=[])]
    monkeypatch.setattr(proof, "honest_runs", lambda *_: runs)
    matrix = Matrix()
    proof._fault_free(matrix, 1, 1, lambda *_: None, workers=False)
    assert matrix.false_alarms == [
        "seed 2: new not claimed: environments/twin.yaml, with which faults are injected, lacks its claims.operations"
    ]


def test_why_a_defect_was_not_detected_is_said_beside_it(capfd, monkeypatch):
    filling(monkeypatch, faults=[fault("new", why="no row in src/golive/mutation/defects.yaml")])
    assert exit_code_of(["prove", "--defect", "token-ids-repeat"]) == 1
    out = capfd.readouterr().out
    assert "new: detected by no check: no row in src/golive/mutation/defects.yaml" in out


@pytest.mark.parametrize(
    ("options", "seeds", "workers"),
    [
        ([], 20, True),
        (["--defect", "token-ids-repeat"], 1, False),
        (["--defect", "token-ids-repeat", "--seeds", "3"], 3, True),
        (["--mutants-only"], 20, True),
    ],
)
def test_a_named_defect_takes_one_fault_free_run(monkeypatch, options, seeds, workers):
    asked = {}
    monkeypatch.setattr(
        proving, "fill", lambda _, seeds, *__, **more: asked.update(more, seeds=seeds)
    )
    exit_code_of(["prove", *options])
    assert (asked["seeds"], asked["workers"]) == (seeds, workers)


def test_a_long_list_of_open_ends_is_cut(capfd, monkeypatch):
    filling(monkeypatch, complete=True, faults=[fault(f"lie {n}") for n in range(60)])
    assert exit_code_of(["prove"]) == 1
    out = capfd.readouterr().out
    assert "… and 20 more (see --json)" in out


@pytest.mark.parametrize("open_end", [{}, {"detected_by": "one", "missed_by": "two"}])
def test_a_part_with_an_open_end_fails_too(monkeypatch, open_end):
    filling(monkeypatch, faults=[fault("missed", **open_end)])
    assert exit_code_of(["prove", "--defect", "token-ids-repeat"]) == 1


def test_a_complete_proof_without_open_ends_passes(monkeypatch):
    filling(
        monkeypatch, complete=True, faults=[fault("kept", detected_by="one")], checks={"one": True}
    )
    assert exit_code_of(["prove"]) == 0
