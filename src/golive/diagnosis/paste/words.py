"""Explains a paste by the words of the libraries and the text in it, where no answer in it explains itself."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from golive.checks.verdict import TITLES
from golive.diagnosis.causes import diagnose
from golive.diagnosis.fields import grant_covers
from golive.diagnosis.paste.answers import answer_facts
from golive.diagnosis.paste.curl import HOST, kind_facts
from golive.diagnosis.paste.found import SAYS_LITTLE, best, caused, evidence_of, explained
from golive.diagnosis.paste.lookup import look_up
from golive.diagnosis.paste.named import filter_in, host_named_in
from golive.diagnosis.paste.pieces import PastedAnswer
from golive.diagnosis.paste.requests import merged
from golive.diagnosis.paste.residue import error_uri_in, oauth_error_in

if TYPE_CHECKING:
    from golive.diagnosis.paste.answer import Answer
    from golive.diagnosis.paste.requests import Transcript

URN_IN_TEXT = re.compile(r"urn(?::|%3[Aa])cerner(?::|%3[Aa])error[A-Za-z0-9_:%-]+")


def of_words(
    asked: dict[str, Any],
    failed: dict[str, Any],
    status: dict[str, Any],
    text: str,
    transcript: Transcript,
) -> list[Answer]:
    """Explain by what a library said, where no answer explains itself."""
    if stated := error_uri_in(text):
        body = {"error": oauth_error_in(text), "error_uri": stated}
        answer = PastedAnswer(status.get("status"), (), json.dumps(body))
        facts = merged(asked, answer_facts(transcript.token_request, answer))
        found = diagnose(facts, evidence_of(facts))
        if found.id not in SAYS_LITTLE:
            return [caused(found, facts)]
    name = filter_in(text)
    if name:
        facts = asked | {"service": "filter", "server": name, "stage": "client"}
        return [explained(facts)]
    if failed:
        named = HOST.search(text)
        hosts = [(named[1] or named[2]) if named else None, asked.get("host"), host_named_in(text)]
        host = failed.get("host") or next((one for one in hosts if one), None)
        kind = kind_facts(failed["kind"], str(host or "")) if "kind" in failed else {}
        facts = asked | kind | {k: v for k, v in failed.items() if k != "host"}
        return [best(facts, asked)]
    has_its_own = any(one.answer.status for one in transcript.answers)
    call, answered = transcript.api_request, [one.request for one in transcript.answers]
    unanswered = call if call and answered and call not in answered else None
    if status and (unanswered or not has_its_own):
        request = unanswered or transcript.token_request or transcript.api_request
        if transcript.answers and not unanswered:
            request = transcript.answers[-1][0] or request
        if request is None and status.get("body_form") is None:
            last = len(text.strip().rpartition("\n")[2]) if status.get("library") else len(text)
            failed = status["status"] >= 400
            return look_up(str(status["status"])) if failed and last < A_FEW_WORDS else []
        facts = merged(asked, answer_facts(request, PastedAnswer(status["status"])))
        facts["covers"] = grant_covers(request.url, facts.get("granted")) if request else None
        if status.get("body_form") == "fhir":
            facts |= {"body_form": "fhir", "stage": "api", "service": facts.get("service", "fhir")}
        return [best(facts, asked)]
    if (
        transcript.token_request
        and not has_its_own
        and (error := oauth_error_in(text))
        and not URN_IN_TEXT.search(text)
    ):
        return [best(asked | {"stage": "token", "error": error, "reason": error}, asked)]
    return []


A_FEW_WORDS = 300
"""Characters of a text whose only content may be the status in it."""


EXIT_IN_TEXT = re.compile(
    r"(?:[\w.]++\s++){0,3}?(?:exit(?:ed|s)?|rc|returned)\s*+(?:(?:code|status|with)\s*+)?"
    r"(?:(?:code|status)\s*+)?(?:[:=]\s*+)?(\d{1,3})[.!]?",
    re.IGNORECASE,
)
"""«exit 6», «golive exited with code 4», «rc=130»."""


def exit_code_in(text: str) -> str | None:
    """Return the exit code that a few words name: by its number, or by the verdict as a run prints it."""
    if match := EXIT_IN_TEXT.fullmatch(text):
        return match[1]
    said = text.rstrip(".:").upper()
    return next((str(int(code)) for code, title in TITLES.items() if title == said), None)
