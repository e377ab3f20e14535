"""One thing explained, as a person and a program get it.

It also loads `terms.yaml`, once: what single words mean, and the remarks on requests.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from golive.diagnosis.causes import matches
from golive.kit.files import shipped
from golive.redaction import redact

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from golive.diagnosis.causes import Change


SCOPES = re.compile(r"scopes: \[(.*)\]")
A_URL = re.compile(r'\w+: "(https://\S+)"')


@dataclass(frozen=True)
class Answer:
    """One thing explained: its kind and id, what it means, and labelled details in their order.

    `known` is False where golive could only describe what it was given.
    """

    kind: str
    id: str
    means: str
    details: tuple[tuple[str, str], ...] = ()
    source: str = "golive"
    known: bool = True

    @property
    def guessed(self) -> bool:
        """Whether it is likely and not proven."""
        return any(label == "guess" for label, _ in self.details)

    def as_dict(self) -> dict[str, object]:
        """Return the answer as `schemas/explain.schema.json` describes it."""
        return {
            "kind": self.kind,
            "id": self.id,
            "means": redact(self.means),
            "details": [{"label": label, "text": redact(text)} for label, text in self.details],
            "source": self.source,
            "known": self.known,
        }


def exact(change: Change) -> str:
    """Return what to write: of a line of YAML that holds a URL the URL alone, which fits any client."""
    if change.place == "token.scopes" and (scopes := SCOPES.fullmatch(change.text)):
        names = " ".join(re.split("[, ]+", scopes[1]))
        return f"scope={names} (in an environment file: {change.place})"
    if url := A_URL.fullmatch(change.text):
        return f"{url[1]} (in an environment file: {change.place})"
    return change.text + (f" ({change.place} of an environment file)" if change.place else "")


def stated(name: str, words: Mapping[str, object], first: Iterable[str] = ()) -> Answer:
    """Return an answer of `terms.yaml`, filled in, with lines of evidence before its details.

    It is `known` where it is not about what golive finds nothing for.
    """
    known = {name: value for name, value in words.items() if value is not None}
    row = next(
        one for one in own_answers() if one["id"] == name and matches(one.get("when", {}), known)
    )
    details = [("evidence", line) for line in first]
    for each in row.get("details", ()):
        with suppress(KeyError):  # a word of it is not known
            if matches(each.get("when", {}), known):
                details.append((each["label"], each["text"].format_map(known)))
    means, is_known = row["means"].format_map(known), row["kind"] not in ("unknown", "request")
    return Answer(row["kind"], name, means, tuple(details), row["source"], known=is_known)


def unknown(shape: str) -> Answer:
    """Say that golive does not know it, by its shape alone."""
    return stated("unknown-input", {"shape": shape})


def _knowledge() -> dict[str, Any]:
    return shipped("golive.diagnosis.paste", "terms.yaml")


def terms() -> tuple[dict[str, Any], ...]:
    """Return every word: `kind`, `id`, `means`, `basis`, `source`, perhaps `cause` or `cure`."""
    return tuple(_knowledge()["terms"])


def own_answers() -> tuple[dict[str, Any], ...]:
    """Return the rows of what golive says by itself: `kind`, `id`, `means`, `source`, perhaps `details` and more."""
    return tuple(_knowledge()["answers"])


def remarks() -> tuple[dict[str, Any], ...]:
    """Return every remark on pasted requests: `id`, `when`, `means`, `source`."""
    return tuple(_knowledge()["remarks"])
