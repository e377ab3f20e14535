"""Turns a paste, cut and parsed, into answers: the cause, what supports it, and remarks on the requests.

Takes any input: a single word is looked up, anything longer is read as a paste.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from golive.checks.verdict import TITLES
from golive.diagnosis.causes import Diagnosis, diagnose, matches, places_in_pastes
from golive.diagnosis.paste.answer import Answer, exact, remarks, unknown
from golive.diagnosis.paste.answers import answer_facts
from golive.diagnosis.paste.curl import failure_facts
from golive.diagnosis.paste.lookup import look_up
from golive.diagnosis.paste.parse import PastedFailure, cut
from golive.diagnosis.paste.protect import jwts, protect
from golive.diagnosis.paste.requests import (
    Transcript,
    merged,
    request_fields,
    request_marks,
    transcript_of,
)
from golive.environment import API_HOST
from golive.exchanges.error_body import GATEWAY_URN, TOKEN_URN

if TYPE_CHECKING:
    from golive.diagnosis.paste.lookup import Checks


def of_paste(transcript: Transcript) -> list[Answer]:
    """Explain requests and the answers between them: the cause first, then remarks on the requests."""
    asked = request_fields(transcript)
    about = dict(asked)
    answers: list[Answer] = []
    judged = list(dict.fromkeys(transcript.answers))
    for request, answer in judged[:MOST_ANSWERS]:
        if isinstance(answer, PastedFailure):
            facts = asked | failure_facts(request, answer)
            answers.append(_caused(diagnose(facts, _evidence(facts)), facts))
            continue
        facts = merged(asked, answer_facts(request, answer))
        about["body_form"] = facts.get("body_form", about.get("body_form"))
        if facts.get("granted_now") or (
            facts.get("status", 400) < 300 and facts["media"] != "html"
        ):
            asked |= {k: v for k, v in facts.items() if k in AFTER_A_GRANT}
            if not transcript.api_request or len(transcript.answers) == 1:
                answers.append(_granted(facts))
            continue
        answers.append(_caused(diagnose(facts, _evidence(facts)), facts))
    if not transcript.answers:
        facts = asked | {"stage": "urls"}
        found = diagnose(facts, _evidence(facts))
        answers.append(_nothing_seen(facts) if found.id == "unknown" else _caused(found, facts))
    if len(judged) > MOST_ANSWERS:
        answers.append(_more(len(judged) - MOST_ANSWERS))
    about |= asked | request_marks(transcript)
    about["hosts_is_other"] = asked.get("hosts_name") not in (None, API_HOST)
    answers += [
        Answer("remark", entry["id"], entry["means"], (), entry["source"])
        for entry in remarks()
        if matches(entry["when"], about)
    ]
    return answers


SAYS_LITTLE = frozenset({"unknown", "token-request-refused"})
"""Causes that say less than the URN does, where the word for it is known."""

MOST_ANSWERS = 4
"""Answers of one paste that are explained: more fit on no screen."""

AFTER_A_GRANT = frozenset(
    {"kid", "token_tenant", "granted", "scope", "missing", "issuer", "issuer_cloud"}
)
"""The fields of a token response that hold for the call after it."""


def _more(left: int) -> Answer:
    return Answer(
        "answer",
        "more-answers",
        f"This paste holds {left} more answers, which are not explained here; paste them by themselves.",
    )


def _granted(facts: dict[str, Any]) -> Answer:
    scope = str(facts.get("granted") or "not stated")
    means = "The answer is a success."
    if facts.get("granted_now"):
        means = f"A token was granted; scope: {scope}."
    details = [("evidence", line) for line in _evidence(facts)]
    if facts.get("missing"):
        details.append(("but", f"asked for and silently left out: {facts['missing']}"))
    return Answer("answer", "success", means, tuple(details), "contract-facts §4.1")


def _nothing_seen(facts: dict[str, Any]) -> Answer:
    return Answer(
        "request",
        "requests-without-an-answer",
        "Nothing in these requests is known to be wrong; that does not prove that they work.",
        (
            *(("evidence", line) for line in _evidence(facts)),
            ("next", "paste the answer, status and headers included, below the command"),
        ),
        "contract-facts §4.1",
    )


def _caused(found: Diagnosis, facts: dict[str, Any]) -> Answer:
    if found.id in SAYS_LITTLE and (known := _by_urn(facts)):
        return replace(known, details=(*known.details, *_seen(found, facts)))
    if found.id == "unknown":
        answer = unknown(str(facts.get("shape", "an answer without a body")))
        return replace(answer, details=(*answer.details[1:], *_seen(found, facts)))
    details = (
        [("guess", f"likely, not proven. What settles it: {found.settles}")] if found.guess else []
    )
    details += [("evidence", line) for line in found.evidence]
    details.append(("apart", found.differs))
    details.append(("change", found.cure))
    # A command about an environment file is of no use to a person who has only requests.
    if found.change and places_in_pastes()["file"] not in found.change.text:
        details.append(("exactly", exact(found.change)))
    if found.give or facts.get("ids"):
        details.append(("support", _support(found, facts.get("ids", {}))))
    return Answer("cause", found.id, found.cause, tuple(details), found.source)


def _by_urn(facts: dict[str, Any]) -> Answer | None:
    """Look the URN of an answer up among the words, for which there may be more than a cause."""
    if not facts.get("urn"):
        return None
    start = GATEWAY_URN if facts.get("stage") == "api" else TOKEN_URN
    found = look_up(f"{start}{facts['urn']}")[0]
    return found if found.known else None


def _seen(found: Diagnosis, facts: dict[str, Any]) -> list[tuple[str, str]]:
    support = [("support", f"{name} {value}") for name, value in facts.get("ids", {}).items()]
    return [*(("evidence", line) for line in found.evidence), *support]


def _support(found: Diagnosis, ids: dict[str, str]) -> str:
    """List what to give to Oracle's support: the ids with their values where the paste holds them."""
    wanted = [name for name in found.give if name not in ids and name != "correlation ids"]
    if "correlation ids" in found.give and not ids:
        wanted.append("the correlation ids")
    return ", ".join([*wanted, *(f"{name} {value}" for name, value in ids.items())])


def _evidence(facts: dict[str, Any]) -> tuple[str, ...]:
    lines = []
    for what, host, cloud in (
        ("token", "token_host", "token_cloud"),
        ("API", "api_host", "api_cloud"),
    ):
        if facts.get(host):
            lines.append(f"{what} host {facts[host]}: {facts.get(cloud) or 'unknown'} cloud")
    values = [
        f"{name.replace('_', ' ')} {facts[name]}"
        for name in (
            "status",
            "error",
            "urn",
            "subcode",
            "kid",
            "issuer",
            "tenant",
            "token_tenant",
            "asked",
        )
        if facts.get(name) is not None
    ]
    return (*lines, ", ".join(values)) if values else tuple(lines)


URN_IN_TEXT = re.compile(r"urn(?::|%3[Aa])cerner(?::|%3[Aa])error[A-Za-z0-9_:%-]+")
STATUS_IN_TEXT = re.compile(
    r"\s*+(?:status|error|HTTP)?+:?+\s*+([1-5]\d\d)\s*+[A-Za-z ]{0,40}", re.IGNORECASE
)
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


def explain(text: str, checks: Checks = tuple) -> list[Answer]:
    """Explain an input, secrets protected first; the last resort is an answer that is not `known`.

    `checks` collects the checks; it is called only for a word that nothing else knows.
    """
    protect(text)
    word = text.strip().strip("\"'")
    code = exit_code_in(word)
    if code is not None:
        return look_up(code)
    if not re.search(r"\s", word) and not word.startswith(("{", "<")):
        return look_up(word, checks)
    pieces = cut(text)
    if pieces:
        return of_paste(transcript_of(pieces))
    found = [
        answer for match in URN_IN_TEXT.findall(text) for answer in look_up(match) if answer.known
    ]
    found += [
        answer for match in jwts(text) for answer in look_up(match.rstrip(".")) if answer.known
    ]
    if not found and (match := STATUS_IN_TEXT.fullmatch(text)):
        found = look_up(match[1])
    return list(dict.fromkeys(found)) or [unknown(f"{len(text)} characters of text")]
