"""Looks a single word up: a number, a URN or an `error_uri`, a token, a term, or an id of golive's own.

The tables that are quick to read come first; the checks are collected only for a word that nothing else knows.

A JWT is explained by what it says of itself, which is all that can be known without a key.
"""

from __future__ import annotations

import re
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from golive.diagnosis.causes import diagnose, entries, places_in_pastes
from golive.diagnosis.paste import own_ids
from golive.diagnosis.paste.answer import Answer, stated, terms, unknown
from golive.diagnosis.paste.answers import uri_fields
from golive.diagnosis.paste.documents import token_in
from golive.diagnosis.paste.protect import jwts
from golive.diagnosis.response_fields import urn_tail
from golive.environment import cloud_of
from golive.exchanges.error_body import error_uri_parts
from golive.kit.problems import did_you_mean
from golive.kit.wire import split_url, whole_number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from golive.diagnosis.causes import Diagnosis

    Checks = Callable[[], Iterable[Any]]


ID = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*", re.IGNORECASE)
HIGHEST_EXIT_CODE = 130


def look_up(word: str, checks: Checks = tuple) -> list[Answer]:
    """Return everything that a word means; one answer that is not `known` where it means nothing."""
    if (number := whole_number(word)) is not None:
        many = len(word) > 3
        return [unknown(f"a number of {len(word)} digits") if many else _number(number)]
    if word.startswith("eyJ") and word.count(".") in (2, 4):
        return [token_in(word)]
    parts = error_uri_parts(word)
    urn = parts[0] if parts else unquote(word)
    if parts or urn.startswith("urn:"):
        return [_urn(urn, word, parts[1] if parts else "")]
    found = [
        _term(entry) for entry in terms() if entry["id"] == word and entry["kind"] != "exit-code"
    ]
    found += own_ids.cause(word) + own_ids.row(word) + own_ids.defect(word)
    collected: tuple[Any, ...] = ()
    if not found and ID.fullmatch(word) and "-" in word:
        collected = tuple(checks())
        found = own_ids.check(word, collected)
    return found or [_unknown_word(word, [check.id for check in collected])]


def _term(entry: dict[str, Any]) -> Answer:
    details = [("basis", str(entry["basis"]))]
    if "cure" in entry:
        details.append(("change", entry["cure"]))
    if "cause" in entry:
        cause = own_ids.cause(entry["cause"])[0]
        details.append(("likely", f"{entry['cause']}: {cause.means}"))
        kept = ("apart", "change", "exactly", "support")
        details += [detail for detail in cause.details if detail[0] in kept]
    return Answer(entry["kind"], entry["id"], entry["means"], tuple(details), entry["source"])


def _number(number: int) -> Answer:
    by_id = {entry["id"]: entry for entry in terms() if entry["kind"] == "exit-code"}
    if str(number) in by_id:
        return _term(by_id[str(number)])
    if number <= HIGHEST_EXIT_CODE:
        words = {"number": number, "exit_codes": ", ".join(by_id)}
        return replace(stated("exit-code-of-another", words), id=str(number))
    try:
        phrase = HTTPStatus(number).phrase
    except ValueError:
        return unknown("a number that is neither an exit code nor an HTTP status")
    facts = {**places_in_pastes(), "status": number, "reason": f"status {number}"}
    facts["unavailable"] = True if number in NOT_NOW else None
    details: list[tuple[str, str]] = []
    for stage, who in (("token", "token endpoint"), ("api", "API")):
        cause = diagnose({**facts, "stage": stage}, ())
        if cause.id != "unknown":
            said = f"from the {who}, a guess without the body: {cause.cause}"
            details += [("likely", said), ("change", cause.cure)]
    details.append(("next", "paste the whole answer, headers and body, for the cause"))
    means = f"HTTP status {number} ({phrase})."
    return Answer("status", str(number), means, tuple(details), "RFC 9110 §15")


def status_alone(number: int) -> Answer:
    """Say what a status in a text leaves open that shows neither its request nor its body."""
    phrase = HTTPStatus(number).phrase if number in {*HTTPStatus} else "a status of no standard"
    facts = {"phrase": f"{number} ({phrase})", "status": number}
    return stated("status-alone", facts | {"unavailable": number in NOT_NOW or None})


NOT_NOW = (429, 502, 503, 504)
"""Statuses that only say «not now»."""


def _urn(urn: str, word: str, instance: str) -> Answer:
    tail = urn_tail(urn)
    given: list[tuple[str, str]] = []
    if instance:
        host = split_url(word).hostname or ""
        given.append(("evidence", f"{host}: {cloud_of(host) or 'unknown'} cloud"))
        given.append(("support", f"Cerner-Correlation-ID {instance}"))
    stage = "api" if "resource-access" in urn else "token"
    of_uri = uri_fields(word) if instance else {}
    facts = {**places_in_pastes(), **of_uri, "stage": stage, "urn": tail, "reason": tail}
    cause = diagnose(facts, ())
    for entry in terms():
        if entry["kind"] == "urn" and entry["id"].replace("_", "-") == tail:
            known = _term(entry)
            details = known.details
            if instance and cause.id != "unknown":
                likely = ("likely", f"{cause.id}: {cause.cause}")
                details = (details[0], likely, *_advice(cause))
            return Answer("urn", known.id, known.means, (*details, *given), known.source)
    if cause.id != "unknown":
        return Answer("urn", tail, cause.cause, (*_advice(cause), *given), cause.source)
    family = "grant" if ":grant:" in f":{tail}" else None
    answer = stated("unknown-urn", {"family": family})
    return replace(answer, details=(*given, *answer.details))


def _advice(cause: Diagnosis) -> tuple[tuple[str, str], ...]:
    return (("apart", cause.differs), ("change", cause.cure))


def _unknown_word(word: str, checks: list[str]) -> Answer:
    from golive.twin.defects import DEFECTS

    known = [entry["id"] for entry in (*terms(), *entries())] + list(DEFECTS) + checks
    near = did_you_mean(word, known) if ID.fullmatch(word) else ""
    answer = unknown(f"a word of {len(word)} characters")
    return replace(answer, means=f"{answer.means} {near}") if near else answer


URN_IN_TEXT = re.compile(r"urn(?::|%3[Aa])cerner(?::|%3[Aa])error[A-Za-z0-9_:%-]+")
BROKEN = re.compile(r"(?<=[:-])\n[ \t]*(?=[a-z])")
"""Where a URN is broken, as pages that are too narrow show it."""


def by_words(text: str) -> list[Answer]:
    """Explain the URNs and the tokens that a text names without any form around them."""
    for _ in range(3):  # a URN in a redirect is encoded twice
        text = unquote(text) if "%25" in text or "%3A" in text.upper() else text
    names = dict.fromkeys(
        match.rstrip(".:")
        for each in (text, BROKEN.sub("", text))
        for match in URN_IN_TEXT.findall(each)
    )
    found = [answer for match in names for answer in look_up(match) if answer.known]
    found += [
        answer for match in jwts(text) for answer in look_up(match.rstrip(".")) if answer.known
    ]
    return list(dict.fromkeys(found))
