"""One thing explained, as a person and a program get it.

It also loads `terms.yaml`, once: what single words mean, and the remarks on requests.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from golive.redaction import redact

if TYPE_CHECKING:
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


def unknown(shape: str) -> Answer:
    """Say that golive does not know it, by its shape alone."""
    return Answer(
        "unknown",
        "unknown-input",
        f"golive does not know this: {shape}.",
        (
            (
                "known",
                "a response body, a header block, curl commands, an error_uri, a URN, an error code, a status, an exit "
                "code, a check, a defect, a cause, a JWT, the error of an HTTP library, a HAR or Postman file, a .env",
            ),
            (
                "next",
                "paste the request and its whole answer (`curl -i`: status, headers, body), or a library's error",
            ),
            ("give", "the time, the status, opc-request-id, Cerner-Correlation-ID or X-Request-Id"),
        ),
        known=False,
    )


@cache
def _knowledge() -> dict[str, Any]:
    from golive.kit.files import read_yaml

    loaded: dict[str, Any] = read_yaml(files("golive.diagnosis.paste").joinpath("terms.yaml"))
    return loaded


def terms() -> tuple[dict[str, Any], ...]:
    """Return every word: `kind`, `id`, `means`, `basis`, `source`, perhaps `cause` or `cure`."""
    return tuple(_knowledge()["terms"])


def remarks() -> tuple[dict[str, Any], ...]:
    """Return every remark on pasted requests: `id`, `when`, `means`, `source`."""
    return tuple(_knowledge()["remarks"])
