"""Every wrong file gives exactly the messages that stand beside it.

`NAME.yaml` is the file, `NAME.txt` what golive says of it, `NAME.env` (optional) the variables.
"""

import contextlib
from pathlib import Path

import pytest
from dotenv import dotenv_values

from golive.environment import load
from golive.kit.problems import ConfigurationProblem

WRONG = Path(__file__).parent / "wrong"
NAMES = sorted(path.stem for path in WRONG.glob("*.yaml"))
USUAL = {
    "GOLIVE_WRONG_CLIENT_ID": "a-client",
    "GOLIVE_WRONG_CLIENT_SECRET": "a-secret-that-nobody-may-see",
}


def variables_of(name: str) -> dict[str, str]:
    own = WRONG / f"{name}.env"
    if not own.exists():
        return USUAL
    return {key: value or "" for key, value in dotenv_values(own, interpolate=False).items()}


@pytest.fixture(scope="module")
def said():
    """What golive says of each file, which is loaded from the folder that it lies in."""
    found = {}
    with contextlib.chdir(WRONG):
        for name in NAMES:
            try:
                load(Path(f"{name}.yaml"), variables=variables_of(name))
            except ConfigurationProblem as problem:
                found[name] = problem
    return found


def test_a_wrong_file_gives_exactly_its_messages(said, renewing):
    texts = {name: f"{problem}\n" for name, problem in said.items()}
    if renewing:
        for name, text in texts.items():
            (WRONG / f"{name}.txt").write_text(text, encoding="utf-8")
    assert texts == {name: (WRONG / f"{name}.txt").read_text(encoding="utf-8") for name in NAMES}


def test_no_message_shows_a_secret_or_the_value_of_a_variable(said):
    shown = [
        (name, value)
        for name, problem in said.items()
        for value in ("hunter2", *variables_of(name).values())
        if len(value) > 6 and value in str(problem)
    ]
    assert shown == []


def test_the_messages_come_in_the_order_of_the_lines(said):
    lines = {name: [one.line or 0 for one in problem.problems] for name, problem in said.items()}
    assert [name for name, numbers in lines.items() if numbers != sorted(numbers)] == []


def test_there_are_wrong_files_and_each_message_has_its_file():
    assert len(NAMES) >= 25
    assert {path.stem for path in WRONG.glob("*.txt")} == set(NAMES)
    assert {path.stem for path in WRONG.glob("*.env")} <= set(NAMES)
