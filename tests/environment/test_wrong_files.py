"""Every wrong file gives exactly the messages that stand beside it.

`NAME.yaml` is the file, `NAME.txt` what golive says of it, `NAME.env` (optional) the variables.
"""

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


@pytest.mark.parametrize("name", NAMES)
def test_a_wrong_file_gives_exactly_its_messages(name, monkeypatch):
    monkeypatch.chdir(WRONG)
    with pytest.raises(ConfigurationProblem) as caught:
        load(Path(f"{name}.yaml"), variables=variables_of(name))
    assert f"{caught.value}\n" == (WRONG / f"{name}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_no_message_shows_a_secret_or_the_value_of_a_variable(name, monkeypatch):
    monkeypatch.chdir(WRONG)
    variables = variables_of(name)
    with pytest.raises(ConfigurationProblem) as caught:
        load(Path(f"{name}.yaml"), variables=variables)
    said = str(caught.value)
    assert "hunter2" not in said
    assert not [value for value in variables.values() if len(value) > 7 and value in said]


@pytest.mark.parametrize("name", NAMES)
def test_the_messages_come_in_the_order_of_the_lines(name):
    with pytest.raises(ConfigurationProblem) as caught:
        load(WRONG / f"{name}.yaml", variables=variables_of(name))
    lines = [problem.line or 0 for problem in caught.value.problems]
    assert lines == sorted(lines)


def test_there_are_wrong_files_and_each_message_has_its_file():
    assert len(NAMES) >= 25
    assert {path.stem for path in WRONG.glob("*.txt")} == set(NAMES)
    assert {path.stem for path in WRONG.glob("*.env")} <= set(NAMES)
