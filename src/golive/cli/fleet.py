"""Several runs at once: a process each, one rate per cloud for all, a line for each as it ends, one overview."""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing import connection
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from golive.checks.verdict import TITLES, ExitCode
from golive.cli.commands.overview import closing
from golive.cli.output import set_outputs
from golive.kit.problems import shown_path
from golive.kit.run_folders import environment_of
from golive.kit.signals import PATIENCE, treat_endings_as_interrupt
from golive.report.overview import overview, read_sources
from golive.report.overview.model import worst
from golive.report.overview.pages import write

if TYPE_CHECKING:
    from collections.abc import Sequence
    from multiprocessing.context import ForkProcess
    from pathlib import Path

    from golive.cli.targets import Asked, Target

OVERVIEW = "overview"
LOGS = "logs"
LAST_LINES = 15
GRACE = 5.0
"""Seconds more than a run may take to wrap up, before its process is killed."""


@dataclass
class _Running:
    target: Target
    process: ForkProcess
    log: Path
    known: set[str]
    began: float


def run_each(found: Sequence[Target], options: list[str], asked: Asked) -> int:
    """Run each of these by a process of its own, `asked.jobs` at a time; return the one exit code over all.

    Raises OSError where the overview can't be written.
    """
    treat_endings_as_interrupt()
    reports = asked.reports.absolute()
    began = datetime.now(UTC).replace(microsecond=0)
    (reports / LOGS).mkdir(parents=True, exist_ok=True)
    stopped = False
    with TemporaryDirectory(prefix="golive-") as rates:
        signing = ["--sign", str(asked.sign)] if asked.sign else []
        common = ["--reports", str(reports), "--rates", rates, *signing, *options]
        fleet = _Fleet(found, common, reports, asked.jobs or 1)
        try:
            fleet.run()
        except KeyboardInterrupt:
            stopped = True
            fleet.stop()
    runs = [one for one in reports.iterdir() if environment_of(one.name) in fleet.keys]
    whole = overview(read_sources(runs), dict.fromkeys(fleet.keys, ""), began)
    write(reports / OVERVIEW, whole)
    code = worst([whole.code, ExitCode.INTERRUPTED]) if stopped else whole.code
    click.echo(f"\n{closing(whole, reports / OVERVIEW, code)}")
    set_outputs(code, reports / OVERVIEW)
    return code


class _Fleet:
    """The processes of several runs."""

    def __init__(
        self, found: Sequence[Target], common: list[str], reports: Path, jobs: int
    ) -> None:
        self.keys = [one.key for one in found]
        self._waiting = list(found)[::-1]
        self._common, self._reports, self._jobs = common, reports, jobs
        self._running: dict[int, _Running] = {}
        self._ended = 0

    def run(self) -> None:
        """Run all, and say of each as it ends what became of it."""
        while self._waiting or self._running:
            while self._waiting and len(self._running) < self._jobs:
                self._start(self._waiting.pop())
            for sentinel in connection.wait(list(self._running)):
                self._report(self._running.pop(int(sentinel)))  # type: ignore[arg-type]

    def stop(self) -> None:
        """Ask those that are under way to end, as Ctrl-C does, and end those that do not."""
        import signal

        for one in self._running.values():
            with suppress(OSError, TypeError):
                os.kill(one.process.pid, signal.SIGINT)  # type: ignore[arg-type]
        until = time.monotonic() + PATIENCE + GRACE  # each leaves by itself before
        for one in self._running.values():
            one.process.join(max(0.1, until - time.monotonic()))
            if one.process.is_alive():
                one.process.kill()
                one.process.join()
            self._report(one)

    def _start(self, target: Target) -> None:
        log = self._reports / LOGS / f"{target.key}.log"
        words = ["run", *target.words, *self._common]
        process = multiprocessing.get_context("fork").Process(target=_child, args=(words, str(log)))
        known = {one.name for one in self._reports.iterdir()}
        # No thread runs here; and a fresh process would import the main module, which a .pyz can't let it do.
        process.start()
        self._running[process.sentinel] = _Running(target, process, log, known, time.monotonic())

    def _report(self, one: _Running) -> None:
        one.process.join()
        self._ended += 1
        key, took = one.target.key, time.monotonic() - one.began
        made = {each.name for each in self._reports.iterdir()} - one.known
        folders = sorted(name for name in made if environment_of(name) == key)
        code = one.process.exitcode
        verdict = TITLES[ExitCode(code)] if code in set(ExitCode) else f"ended with {code}"
        where = shown_path(self._reports / folders[-1]) if folders else shown_path(one.log)
        of = len(self.keys)
        click.echo(
            f"{self._ended:>{len(str(of))}}/{of}  {verdict:<15} {key}  {took:.0f} s  {where}"
        )
        if not folders:
            with suppress(OSError):
                said = one.log.read_text(encoding="utf-8", errors="replace").splitlines()
                click.echo("\n".join(f"  {line}" for line in said[-LAST_LINES:]), err=True)


def _child(words: list[str], log: str) -> None:
    """Run the command line with its output in a file, and end with its exit code."""
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os.dup2(file, 1)
    os.dup2(file, 2)
    from golive.cli import exit_code_of

    sys.exit(exit_code_of(words))
