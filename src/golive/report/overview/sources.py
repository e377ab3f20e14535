"""Finding runs in folders and archives: of each the beginning of its summary, and the whole only of those asked for.

A run is a folder that holds a `summary.json`, at most five levels below what was named: pipelines unpack the artefacts
of each job into a folder of its own. Nothing is unpacked onto the disk, no link is followed, and no more is read than a
summary may have. The same run, twice, counts once.
"""

from __future__ import annotations

import os
import tarfile
import zipfile
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from golive.kit.files import MOST_BYTES, read_regular
from golive.kit.problems import ConfigurationProblem, shown_path
from golive.report.overview.model import worst
from golive.report.summary import SUMMARY, Head, head_of

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator
    from typing import IO

PAGE = "overview.html"
"""What stands beside a `summary.json` that is an overview's own."""

BEFORE_CHECKS = 128 * 1024
"""Bytes of a summary that hold all but its checks."""

DEEPEST = 5
ARCHIVES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.xz", ".tar.bz2")
CURE = "Name folders of runs, or zip and tar archives of them."


@dataclass(frozen=True)
class Found:
    """A run: the head of its summary, and the folder or the archive with the member that holds the summary."""

    head: Head
    place: Path
    member: str = ""


@dataclass
class Sources:
    """The runs that were found, each once, and the names of what looked like one and can't be read."""

    runs: list[Found] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)

    def forget(self, keys: Container[str]) -> None:
        """Leave out the runs of these tenants, which nobody asked for."""
        self.runs = [one for one in self.runs if one.head.key not in keys]

    def once(self) -> list[Found]:
        """Return each run once, in one order whatever the order of the folders; of two copies, the one that says most.

        That is one that has ended before one that has not, then the worse verdict.
        """
        best: dict[tuple[str, str], Found] = {}
        for one in self.runs:
            head = one.head
            identity = (head.key, head.started.isoformat())
            known = best.get(identity)
            if known is None or _rank(head) < _rank(known.head):
                best[identity] = one
        return [best[identity] for identity in sorted(best)]


def _rank(head: Head) -> tuple[bool, bool, str, str]:
    return not head.finished, worst([head.code]) == 0, str(head.code.value).zfill(3), head.name


def read_sources(places: Iterable[Path]) -> Sources:
    """Find the runs in these folders and archives; raises ConfigurationProblem for a place that is neither."""
    sources = Sources()
    for place in places:
        if place.is_dir():
            _walk(sources, place.resolve(), DEEPEST)
        elif place.is_file() and place.name.endswith(ARCHIVES):
            _archive(sources, place)
        else:
            message = "there is no such folder or archive."
            raise ConfigurationProblem.of(shown_path(place), message, CURE)
    return sources


def _walk(sources: Sources, folder: Path, deep: int) -> None:
    """Look into a folder, and into those below it unless it is a run's; links are left alone."""
    if _note(sources, folder, folder.name, lambda most: read_regular(folder / SUMMARY, most)):
        return
    try:
        entries = sorted(os.scandir(folder), key=lambda one: one.name)
    except OSError:
        sources.unread.append(folder.name)
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            if deep and not entry.name.startswith("."):
                _walk(sources, Path(entry.path), deep - 1)
        elif entry.name.endswith(ARCHIVES) and entry.is_file(follow_symlinks=False):
            _archive(sources, Path(entry.path))


def _note(
    sources: Sources, place: Path, name: str, read: Callable[[int], bytes], member: str = ""
) -> bool:
    """Note the run of a summary, or that it can't be read; return whether there is one."""
    head = None
    try:
        head = head_of(name, read)
    except FileNotFoundError:
        return False
    except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError):
        pass
    if head is not None:
        sources.runs.append(Found(head, place, member))
    elif member or not (place / PAGE).is_file():
        sources.unread.append(name)
    return True


def _archive(sources: Sources, place: Path) -> None:
    try:
        members = {name for name, _ in _members(place)}
        pages = {str(PurePosixPath(name).parent) for name in members if name.endswith(PAGE)}
        for name, opened in _members(place):
            folder = PurePosixPath(name).parent
            if PurePosixPath(name).name == SUMMARY and str(folder) not in pages:
                _note(sources, place, folder.name or place.name, _once(opened), name)
    except (OSError, tarfile.TarError, zipfile.BadZipFile, EOFError, ValueError):
        sources.unread.append(place.name)


def _members(place: Path) -> Iterator[tuple[str, Callable[[], IO[bytes]]]]:
    """Yield the name of each regular file of an archive, and what opens it while the next is not asked for."""
    if place.name.endswith(".zip"):
        with zipfile.ZipFile(place) as archive:
            for info in archive.infolist():
                if not info.is_dir():
                    yield info.filename, lambda info=info: archive.open(info)  # type: ignore[misc]
        return
    with tarfile.open(place, "r:*") as tape:
        for member in tape:
            if member.isreg():
                yield member.name, lambda member=member: tape.extractfile(member)  # type: ignore[misc]


def _once(opened: Callable[[], IO[bytes]]) -> Callable[[int], bytes]:
    def read(most: int) -> bytes:
        with opened() as file:
            return file.read(most)

    return read


def summaries(found: Iterable[Found]) -> Iterator[tuple[Found, bytes]]:
    """Yield what a row needs of each run's summary: all of it, or, of a GO, what stands before the checks.

    It is empty where it can't be read; an archive is gone through once.
    """
    by_archive: dict[Path, dict[str, Found]] = {}
    for one in found:
        if one.member:
            by_archive.setdefault(one.place, {})[one.member] = one
            continue
        try:
            yield one, read_regular(one.place / SUMMARY, _needed(one))
        except OSError:
            yield one, b""
    for place, members in by_archive.items():
        for name, opened in _members(place):
            if name in members:
                one = members.pop(name)
                yield one, _once(opened)(_needed(one))


def _needed(one: Found) -> int:
    return MOST_BYTES if one.head.code else BEFORE_CHECKS
