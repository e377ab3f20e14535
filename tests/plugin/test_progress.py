"""What is shown while a run waits for answers."""

from __future__ import annotations

import time
from types import SimpleNamespace

import pytest

from golive.pytest_plugin import progress


class Writer:
    """pytest's writer, which knows how much it has written into the line at hand."""

    fullwidth = 80

    def __init__(self, file: Terminal) -> None:
        self._file = file

    def flush(self) -> None:
        """Nothing is held back here."""

    def line(self) -> None:
        self._file.write("\n")

    @property
    def width_of_current_line(self) -> int:
        return len(self._file.text.rpartition("\n")[2])


class Terminal:
    """A terminal's reporter, and all that was written to it."""

    def __init__(self, *, isatty: bool) -> None:
        self.isatty = isatty
        self.text = ""
        self._tw = Writer(self)

    def flush(self) -> None:
        """Nothing is held back here."""

    def write(self, text: str) -> None:
        self.text += text

    def write_line(self, text: str) -> None:
        self.text += f"{text}\n"


def shown_by(
    terminal: Terminal, monkeypatch, *, verbose=0, seconds=0.2, prints="", results=()
) -> str:
    monkeypatch.setattr(progress, "SILENT", 0.05)
    monkeypatch.setattr(progress, "EVERY", 0.05)
    manager = SimpleNamespace(getplugin=lambda _: terminal)
    config = SimpleNamespace(pluginmanager=manager, option=SimpleNamespace(verbose=verbose))
    run = SimpleNamespace(client=SimpleNamespace(requests=7), results=results)
    with progress.shown(run, config, "asking", lambda: 40):
        terminal._tw._file.write(prints)
        time.sleep(seconds)
    return terminal.text


def test_a_terminal_has_one_line_that_is_rewritten_and_gone_at_the_end(monkeypatch):
    text = shown_by(Terminal(isatty=True), monkeypatch)
    assert f"{progress.BACK}  asking: 7 of at least 40 requests, 0 s" in text
    assert text.endswith(progress.BACK)
    assert "\n" not in text


def test_elsewhere_each_state_is_a_line_without_orders_to_a_terminal(monkeypatch):
    text = shown_by(Terminal(isatty=False), monkeypatch)
    assert text.startswith("  asking: 7 of at least 40 requests, 0 s\n")
    assert "\x1b" not in text


def test_elsewhere_a_state_does_not_go_on_in_the_line_of_the_marks_of_checks(monkeypatch):
    text = shown_by(Terminal(isatty=False), monkeypatch, prints="..F")
    assert text.startswith("..F\n  asking: 7 of at least 40 requests, 0 s\n")


@pytest.mark.parametrize("options", [{"seconds": 0}, {"verbose": -1}])
def test_nothing_is_shown_of_what_is_over_at_once_nor_where_quiet_is_wanted(options, monkeypatch):
    assert shown_by(Terminal(isatty=True), monkeypatch, **options) == ""


def test_more_requests_than_expected_are_no_contradiction():
    assert progress.words("asking", 50, 40, 3) == "  asking: 50 requests, 3 s"
    assert progress.words("asking", 50, 0, 3) == "  asking: 50 requests, 3 s"


def test_a_terminal_shows_the_dots_of_checks_when_the_line_is_gone(monkeypatch):
    text = shown_by(Terminal(isatty=True), monkeypatch, prints="..F", results=[1, 2, 3])
    assert "asking: 7 of at least 40 requests, 3 checks judged, 0 s" in text
    assert text.endswith(f"{progress.BACK}..F")
    assert text.count("..F") == 1
