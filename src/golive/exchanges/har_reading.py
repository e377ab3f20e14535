"""Reads an HTTP Archive (HAR 1.2): golive's own, or one that a browser, Postman or a proxy wrote."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from golive.exchanges.har_entry import NotAnEntryError, exchange_of, object_in
from golive.exchanges.har_others import log_of_newman
from golive.exchanges.har_packed import unfold
from golive.kit.files import UnreadableError, read_text
from golive.kit.problems import ConfigurationProblem

if TYPE_CHECKING:
    from pathlib import Path

    from golive.contract.document import Contract
    from golive.exchanges.model import Exchange

LARGEST = 256 * 1024 * 1024
"""Bytes of an archive that are read: a browser's of a long session has some tens of megabytes."""

EXPORT = "Export it again: in a browser's developer tools, «Save all as HAR with content»."
Json = dict[str, Any]


@dataclass(frozen=True)
class Archive:
    """The exchanges of an archive in their order, and what golive itself wrote of its run, {} in another's archive.

    `skipped` counts entries without any answer: what was blocked, cancelled, or is still on its way.
    """

    file: Path
    exchanges: list[Exchange]
    own: Json = field(default_factory=dict)
    skipped: int = 0

    def without_answers(self) -> Archive:
        """Return a copy that holds no more than what the service did not serve."""
        return replace(self, exchanges=[one for one in self.exchanges if one.unavailable])

    @property
    def shows_credentials(self) -> bool:
        """Whether any request has an Authorization header; browsers leave it out unless they are asked."""
        return any(one.request.headers.get("Authorization") for one in self.exchanges)


def log_of(file: Path) -> Json:
    """Return the `log` of an archive, its entries being objects; raises ConfigurationProblem."""
    try:
        data = json.loads(read_text(file, LARGEST))
    except UnreadableError as error:
        raise ConfigurationProblem.of(file, str(error), error.cure, error.line) from None
    except json.JSONDecodeError as error:
        cut = "it ends in the middle" if error.pos >= len(error.doc.rstrip()) else error.msg
        message = f"this is not JSON, and so no HTTP Archive ({cut})."
        raise ConfigurationProblem.of(file, message, EXPORT, error.lineno) from None
    except RecursionError:
        raise ConfigurationProblem.of(file, "this JSON is nested too deeply.", EXPORT) from None
    log = data.get("log") if isinstance(data, dict) else None
    log = log or log_of_newman(data)
    entries = log.get("entries") if isinstance(log, dict) else None
    if not isinstance(entries, list):
        message = "this is JSON, but no HTTP Archive: it has no list `log.entries`."
        raise ConfigurationProblem.of(file, message, EXPORT)
    for number, entry in enumerate(entries):
        if not isinstance(entry, dict):
            raise _broken(file, number, "it must be an object")
    own = log.get("_golive")  # type: ignore[union-attr]
    if isinstance(own, dict) and "packed" in own:
        try:
            own |= unfold(own["packed"], entries)
        except ValueError:
            message = "its `_golive.packed`, with the long bodies, can't be read."
            raise ConfigurationProblem.of(file, message, "Make the run again.") from None
    return log  # type: ignore[return-value]


def read_archive(file: Path, contract: Contract) -> Archive:
    """Return an archive's exchanges, each with the operation of the contract that it asked.

    Raises ConfigurationProblem for what is no archive, with the entry and the member that is wrong.
    """
    log = log_of(file)
    own = object_in(log, "_golive")
    tokens = object_in(own, "tokens")
    exchanges, skipped = [], 0
    for number, entry in enumerate(log["entries"], 1):
        try:
            exchange = exchange_of(entry, number, contract, tokens)
        except NotAnEntryError as error:
            raise _broken(file, number - 1, str(error)) from None
        if exchange is None:
            skipped += 1
        else:
            exchanges.append(exchange)
    if not exchanges:
        raise ConfigurationProblem.of(file, "the archive holds no answer at all.", EXPORT)
    return Archive(file, exchanges, own, skipped)


def _broken(file: Path, number: int, why: str) -> ConfigurationProblem:
    return ConfigurationProblem.of(file, f"log.entries[{number}]: {why}.", EXPORT)
