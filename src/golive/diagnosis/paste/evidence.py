"""What a paste shows, read once: its exchanges, its words, and the fields of `causes.yaml` that they hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from golive.diagnosis.causes import errors
from golive.diagnosis.paste.asserted import program_facts
from golive.diagnosis.paste.beside import assertion_facts, beside
from golive.diagnosis.paste.clocks import clock_facts
from golive.diagnosis.paste.compared import (
    assertion_audience,
    issuer_facts,
    longer_scope,
    moved_facts,
    place_of_the_form,
    printed_tenant,
    redirect_uris,
)
from golive.diagnosis.paste.pair import pair_facts, pairs_compared
from golive.diagnosis.paste.parse import cut
from golive.diagnosis.paste.phrases import (
    failure_in,
    knowledge,
    pattern,
    status_in,
    words_of_library,
)
from golive.diagnosis.paste.pieces import PastedAnswer
from golive.diagnosis.paste.requests import request_fields
from golive.diagnosis.paste.residue import text_facts, troubled
from golive.diagnosis.paste.timeline import (
    bound_facts,
    events_of,
    kept_facts,
    life_facts,
    use_facts,
)
from golive.diagnosis.paste.transcript import Transcript, transcript_of

if TYPE_CHECKING:
    from golive.diagnosis.paste.beside import Beside
    from golive.diagnosis.paste.pieces import Answered
    from golive.diagnosis.paste.timeline import Event


@dataclass(frozen=True)
class Evidence:
    """What a paste shows: its exchanges, its words, and the fields of its requests, to which a granted token adds.

    `words` are those of the fields that the text around the requests gives, `granted` those of a token response.
    `later` says whether the program's exchanges went well after what failed.

    `alone` says whether no other tool was tried beside the program.

    `log` is the text with the times that a log puts before its lines, which `text` has no more. `failed` and `status`
    are what a library said of a failure, and of a status.
    """

    transcript: Transcript
    text: str
    log: str
    asked: dict[str, Any]
    words: dict[str, Any]
    granted: dict[str, Any]
    failed: dict[str, Any]
    status: dict[str, Any]
    near: Beside
    later: bool
    alone: bool

    def settles(self, one: Answered) -> bool:
        """Return whether what was refused was taken later; with another pair it is not the same that was taken."""
        return one.refused and "pair_fault" not in self.asked and self.transcript.ended_well(one)

    def asked_by(self, one: Answered) -> dict[str, Any]:
        """Return the fields of the requests that an answer came to: its own, and the last token request before it."""
        whole, own = self.transcript, self.transcript.until(one)
        same = (own.token_request, own.api_request) == (whole.token_request, whole.api_request)
        return self.asked if same else request_fields(own, self.text) | self.words | self.granted


WAITED = ("timeout", "connect-timeout", "not-connected")
"""Failures that pass by themselves."""


OF_A_BODY = ("page-parsed", "not-json", "body-compressed")
"""Failures to read an answer that came: a success without a time beside them may be that very answer."""

OF_AN_EXCHANGE = frozenset(row["id"] for row in errors() if "first" not in row)
"""Errors by their words that come of an exchange, so a success without a time beside them may be that very one."""


def of_another_tool(text: str) -> bool:
    """Return whether a text shows what a person tried beside a program, which says nothing of the program."""
    return any(map(pattern("curl").match, text.split("\n")))


def ended_well(text: str) -> bool:
    """Return whether the exchanges that a program logs went well."""
    if not text or of_another_tool(text):
        return False
    answers = transcript_of(cut(text)).answers
    well = (one.taken or one.succeeded for one in answers)
    return bool(answers) and all(well) and not troubled(text, bodies=True)


def is_another(kind: object, behind: str, events: list[Event]) -> bool:
    """Return whether a success behind words of this kind is another answer: it has a time, or is JSON after a page."""
    if kind not in (*OF_A_BODY, *OF_AN_EXCHANGE):
        return True
    timed = any(one.at is not None and one.what and one.status < 300 for one in events)
    shown = (one.answer for one in transcript_of(cut(behind)).answers)
    readable = any(isinstance(one, PastedAnswer) and one.members for one in shown)
    return timed or (kind in OF_A_BODY and readable)


def evidence_in(transcript: Transcript, text: str, log: str) -> Evidence:
    """Read the fields that requests and words show."""
    failed, status, near = failure_in(text), status_in(text), beside(transcript, text)
    behind, _ = failed.pop("behind", ""), status.pop("behind", "")
    if pattern("taken_call").search(behind) and not troubled(behind, bodies=True):
        failed["afterwards"] = "taken"
    events = events_of(log)
    last = [each.status for each in events if not each.grant and each.what][-1:]
    if status.get("status", 400) < 400 <= max(last, default=0):
        status["status"] = last[0]  # what failed last counts, and not what went well before it
    asked = request_fields(transcript, text)
    of_requests = dict(asked)
    asked |= words_of_library(failed.get("library") or status.get("library"))
    asked |= text_facts(text, asked, transcript) | kept_facts(log)
    if place := knowledge()["places"].get(asked.get("runs_in")):
        asked["ca_bundle_at"] += place
    asked |= life_facts(events) | bound_facts(log) | use_facts(events)
    token_url = transcript.token_request.url if transcript.token_request else None
    asked |= assertion_facts(near, token_url)
    asked |= assertion_audience(near, token_url) | issuer_facts(near, text)
    if "token_tenant" not in asked:
        asked |= printed_tenant(text, asked.get("tenant"))
    asked |= clock_facts(text, log) | pairs_compared(text)
    if "assertion" not in asked:
        asked |= program_facts(text, token_url, shown=near.claims is not None)
    asked |= moved_facts(text) | place_of_the_form(transcript, text)
    asked |= redirect_uris(transcript, text) | pair_facts(transcript, text)
    asked |= longer_scope(asked.get("asked"), text)
    words = {k: v for k, v in asked.items() if k not in of_requests or of_requests[k] != v}
    alone = not of_another_tool(text)
    passed = failed.get("kind") in WAITED and "afterwards" in failed and alone
    later = passed or (ended_well(behind) and is_another(failed.get("kind"), behind, events))
    return Evidence(transcript, text, log, asked, words, {}, failed, status, near, later, alone)
