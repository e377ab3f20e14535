"""Reading an evidence file: as a statement or in an envelope, and only where it has the form of golive's evidence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from golive.evidence.envelope import BrokenEnvelopeError, payload_of
from golive.evidence.statement import FILES, PREDICATE_TYPE, STATEMENT_TYPE
from golive.kit.files import read_text
from golive.kit.json_schema import form_of
from golive.kit.json_text import NotJsonError, read_json

if TYPE_CHECKING:
    from pathlib import Path

LARGEST = 20_000_000
"""Bytes of an evidence file that are read; one of a run is about 40,000."""


class MalformedError(ValueError):
    """A file is not evidence; the message is a sentence about it."""


@dataclass(frozen=True)
class Evidence:
    """An evidence file: its statement, which has the form of one, and the envelope where it came in one."""

    file: Path
    statement: dict[str, Any]
    envelope: dict[str, Any] | None = None

    @property
    def golive(self) -> dict[str, Any]:
        """The part of the predicate that is golive's own."""
        part: dict[str, Any] = self.statement["predicate"]["golive"]
        return part

    def digests(self) -> dict[str, str]:
        """Return every digest that the statement names: of the run's files, and of what configured the run."""
        named = [*self.statement["subject"], *self.statement["predicate"]["configuration"]]
        return {one["name"]: one["digest"]["sha256"] for one in named}

    @cached_property
    def present(self) -> list[str]:
        """The files of the run that are beside the evidence."""
        return [name for name in FILES if (self.file.parent / name).is_file()]


def read(file: Path) -> Evidence:
    """Read an evidence file; raises UnreadableError for no text, MalformedError where it is something else."""
    data = _json(read_text(file, LARGEST).encode(), "It")
    envelope = data if "payload" in data or "payloadType" in data else None
    if envelope is not None:
        try:
            data = _json(payload_of(envelope), "What it signs")
        except BrokenEnvelopeError as error:
            raise MalformedError(str(error)) from None
    _check_form(data)
    return Evidence(file, data, envelope)


def _json(text: bytes, what: str) -> dict[str, Any]:
    try:
        data = read_json(text)
    except NotJsonError as error:
        raise MalformedError(f"{what} is not JSON that can be read: {error}.") from None
    if not isinstance(data, dict):
        raise MalformedError(f"{what} is not a JSON object.")
    return data


def _check_form(statement: dict[str, Any]) -> None:
    for member, wanted in (("_type", STATEMENT_TYPE), ("predicateType", PREDICATE_TYPE)):
        if statement.get(member) != wanted:
            raise MalformedError(f"It is not golive's evidence: its {member} is not {wanted}.")
    for error in form_of("evidence.schema.json").iter_errors(statement):
        place = "".join(f"/{step}" for step in error.instance_path) or "/"
        broken = f"{place} breaks `{error.kind.name}`"
        raise MalformedError(f"It has not the form of evidence: {broken}.")
    predicate = statement["predicate"]
    for member in ("started", "ended"):
        try:
            datetime.fromisoformat(predicate["golive"][member])
        except ValueError:
            message = f"It has not the form of evidence: {member} is not a time."
            raise MalformedError(message) from None
    names = [one["name"] for one in (*statement["subject"], *predicate["configuration"])]
    if len(set(names)) < len(names):
        raise MalformedError("It names a file or a part of the configuration twice.")
