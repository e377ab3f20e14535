"""`golive show`: the exchanges of a check as `curl -v` prints them, and commands that work when they are pasted."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from har_files import ROOT, Ended, golive

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.whole_run, pytest.mark.measured]
BROKEN = "message-agrees-with-list-on-subject"


def test_the_exchange_of_a_finding_is_printed_with_its_place_marked(faulty_run: Ended):
    shown = golive(faulty_run.folder, "show", BROKEN)
    assert shown.code == 0
    lines = shown.out.splitlines()
    (marked,) = [line for line in lines if line.startswith("→ ")]
    assert re.fullmatch(
        r'→   "subject": ".* \(changed\)",   ← expected as in the list: ".*"', marked
    )
    assert "  < HTTP/1.1 200" in lines
    assert "  > Authorization: Bearer [redacted]" in lines
    asked = re.compile(r"  > GET /api\.cernermillennium\.com/.*/patientMessages/\S+ HTTP/1.1")
    assert any(asked.fullmatch(line) for line in lines)


def test_a_finding_points_into_the_recording_and_shows_its_lines(faulty_run: Ended):
    (check,) = [one for one in faulty_run.summary["checks"] if one["id"] == BROKEN]
    (finding,) = check["findings"]
    number = finding["exchange"]["number"]
    (entry,) = [
        one for one in faulty_run.har["log"]["entries"] if one["_golive"]["number"] == number
    ]
    assert entry["request"]["url"] == finding["exchange"]["url"]
    assert number in check["exchanges"]
    assert (
        next(line for line in finding["excerpt"] if line.startswith("→ "))
        .lstrip("→ ")
        .startswith('"subject"')
    )
    assert "  shows " in faulty_run.out


def test_without_a_check_the_failed_ones_are_shown(faulty_run: Ended):
    shown = golive(faulty_run.folder, "show", "latest")
    failed = [one["id"] for one in faulty_run.summary["checks"] if one["outcome"] == "failed"]
    assert len(failed) > 4
    assert [name for name in failed if f"\n{name}: " not in f"\n{shown.out}"] == []


def test_a_check_that_passed_is_shown_with_what_it_read(faulty_run: Ended):
    shown = golive(faulty_run.folder, "show", "inbox-newest-first", "--full")
    assert "(inbox_items)" in shown.out
    assert shown.out.count('"notificationType"') > 10
    assert "→ " not in shown.out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["message-agrees-with-list-on-subjct"], f'Did you mean "{BROKEN}"?'),
        (["nowhere", BROKEN], "nowhere: there is no such run."),
        (["reports", BROKEN], "this is no folder of a run that has ended."),
    ],
)
def test_a_mistyped_word_is_named(faulty_run: Ended, words: list[str], message: str):
    shown = golive(faulty_run.folder, "show", *words)
    assert shown.code == 4
    assert message in shown.out


def test_allure_has_the_exchange_of_a_finding_as_an_attachment(faulty_run: Ended):
    attached = [*(faulty_run.folder / "reports/latest/allure-results").glob("*-attachment.txt")]
    texts = [one.read_text("utf-8") for one in attached]
    assert [
        text for text in texts if "(changed)" in text and "→ " in text and "< HTTP/1.1 200" in text
    ]
    assert len(texts) < 60


def test_the_commands_of_a_finding_work_when_they_are_pasted(faulty_run: Ended, tmp_path: Path):
    shown = golive(faulty_run.folder, "show", BROKEN).out
    first = [line.strip() for line in shown.partition("Before a curl command")[2].splitlines()[1:]]
    (again,) = re.findall(r"\* again: (.*)", shown)
    program = tmp_path / "golive"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m golive "$@"\n', "utf-8")
    program.chmod(0o755)
    script = "\n".join([*first, f"{again} -s", "kill $!"])
    done = subprocess.run(
        ["sh", "-c", script],
        cwd=tmp_path,
        env={"PATH": f"{tmp_path}:/usr/bin:/bin", "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "HTTP/1.1 200" in done.stdout, done.stderr[-1500:]
    assert "(changed)" in done.stdout


def test_the_recording_is_smaller_than_what_was_sent(faulty_run: Ended):
    folder = faulty_run.folder / "reports/latest"
    sizes = {one.name: one.stat().st_size for one in folder.iterdir() if one.is_file()}
    assert sizes["exchanges.har"] < 600_000, sizes
    assert sizes["report.html"] < 400_000, sizes
    assert sum(sizes.values()) < 1_500_000, sizes
    assert (folder / "exchanges.har").stat().st_mode & 0o077 == 0


def test_of_a_run_that_stopped_the_exchanges_of_its_preflight_are_shown(tmp_path: Path):
    ended = golive(tmp_path, "run", str(ROOT / "tests" / "environments" / "forum-7979.yaml"))
    assert ended.code == 4
    shown = golive(tmp_path, "show")
    assert shown.out.startswith("The run stopped before its first check: The token comes from ")
    assert [name for name in ("key_set", "token_granted", "inbox_items") if name in shown.out] == [
        "key_set",
        "token_granted",
        "inbox_items",
    ]
    assert "unknown_kid" in shown.out
    assert shown.out.rstrip().splitlines()[-1].startswith("next step: Take the token from ")
