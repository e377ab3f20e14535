"""What a paste shows, read once: its exchanges, its words, and the fields of `causes.yaml` that they hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from golive.diagnosis.paste.beside import assertion_facts, beside
from golive.diagnosis.paste.phrases import failure_in, status_in, words_of_library
from golive.diagnosis.paste.requests import request_fields
from golive.diagnosis.paste.residue import text_facts
from golive.diagnosis.paste.timeline import events_of, life_facts

if TYPE_CHECKING:
    from golive.diagnosis.paste.beside import Beside
    from golive.diagnosis.paste.transcript import Transcript


@dataclass(frozen=True)
class Evidence:
    """What a paste shows: its exchanges, its words, and the fields of its requests, to which a granted token adds.

    `log` is the text with the times that a log puts before its lines, which `text` has no more. `failed` and `status`
    are what a library said of a failure, and of a status.
    """

    transcript: Transcript
    text: str
    log: str
    asked: dict[str, Any]
    failed: dict[str, Any]
    status: dict[str, Any]
    near: Beside


def evidence_in(transcript: Transcript, text: str, log: str) -> Evidence:
    """Read the fields that requests and words show."""
    failed, status, near = failure_in(text), status_in(text), beside(transcript, text)
    asked = request_fields(transcript, text)
    asked |= words_of_library(failed.get("library") or status.get("library"))
    asked |= text_facts(text, asked, transcript) | life_facts(events_of(log))
    sent = transcript.token_request
    asked |= assertion_facts(near, sent.url if sent else None)
    return Evidence(transcript, text, log, asked, failed, status, near)
