"""An empty folder, and the command line in this process."""

from __future__ import annotations

import sys
from dataclasses import dataclass

import pytest

from golive.cli import exit_code_of


@dataclass
class Outcome:
    code: int
    out: str
    err: str


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("GOLIVE_CLIENT_ID", "GOLIVE_CLIENT_SECRET", "GOLIVE_PATIENT_ID"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def golive(folder, capsys):
    def call(*arguments):
        code = exit_code_of([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return Outcome(code, said.out, said.err)

    return call


@pytest.fixture
def typed(monkeypatch):
    """Let somebody type these lines at a terminal."""

    def type_(*lines):
        given = iter(lines)

        def answer(prompt=""):
            sys.stdout.write(prompt)
            try:
                return next(given)
            except StopIteration:
                raise EOFError from None

        monkeypatch.setattr("click.termui.visible_prompt_func", answer)
        monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
        return given

    return type_


def tree(folder):
    """Every file below a folder, by its path."""
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in folder.rglob("*")
        if path.is_file()
    }
