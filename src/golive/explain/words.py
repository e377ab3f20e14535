"""Looks a single word up: a number, a URN or an `error_uri`, a token, a term, or an id of golive's own.

The tables that are quick to read come first; the checks are collected only for a word that nothing else knows.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from golive.doctor.causes import diagnose, entries
from golive.environment import API_HOST, cloud_of
from golive.error_parts import error_uri_parts
from golive.explain import own_ids
from golive.explain.answer import Answer, unknown
from golive.explain.answered import uri_fields, urn_tail
from golive.explain.jwt import token_in
from golive.explain.knowledge import terms
from golive.explain.reading import WORDS
from golive.problems import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from golive.doctor.causes import Diagnosis

    Checks = Callable[[], Iterable[Any]]

ID = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*", re.IGNORECASE)
HIGHEST_EXIT_CODE = 130


def look_up(word: str, checks: Checks = tuple) -> list[Answer]:
    """Return everything that a word means; one answer that is not `known` where it means nothing."""
    if word.isdigit():
        return (
            [_number(int(word))] if len(word) <= 3 else [unknown(f"a number of {len(word)} digits")]
        )
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
        details += [
            detail
            for detail in cause.details
            if detail[0] in ("apart", "change", "exactly", "support")
        ]
    return Answer(entry["kind"], entry["id"], entry["means"], tuple(details), entry["source"])


def _number(number: int) -> Answer:
    by_id = {entry["id"]: entry for entry in terms() if entry["kind"] == "exit-code"}
    if str(number) in by_id:
        return _term(by_id[str(number)])
    if number <= HIGHEST_EXIT_CODE:
        known = ", ".join(by_id)
        return Answer(
            "exit-code",
            str(number),
            f"golive never ends with {number}; another program, or the shell, did.",
            (("known", f"golive's exit codes: {known}"),),
        )
    try:
        phrase = HTTPStatus(number).phrase
    except ValueError:
        return unknown("a number that is neither an exit code nor an HTTP status")
    facts = {**WORDS, "api_host": API_HOST, "status": number, "reason": f"status {number}"}
    if number in (429, 502, 503, 504):
        facts["unavailable"] = True
    details: list[tuple[str, str]] = []
    for stage in ("token", "api"):
        cause = diagnose({**facts, "stage": stage}, ())
        if cause.id != "unknown":
            told = f"from the {'API' if stage == 'api' else 'token endpoint'}, a guess without the body: "
            details.append(("likely", told + cause.cause))
            details.append(("change", cause.cure))
    details.append(("next", "paste the whole answer, headers and body, for the cause"))
    return Answer(
        "status", str(number), f"HTTP status {number} ({phrase}).", tuple(details), "RFC 9110 §15"
    )


def _urn(urn: str, word: str, instance: str) -> Answer:
    tail = urn_tail(urn)
    given: list[tuple[str, str]] = []
    if instance:
        host = urlsplit(word).hostname or ""
        given.append(("evidence", f"{host}: {cloud_of(host) or 'unknown'} cloud"))
        given.append(("support", f"Cerner-Correlation-ID {instance}"))
    stage = "api" if "resource-access" in urn else "token"
    facts = {
        **WORDS,
        **(uri_fields(word) if instance else {}),
        "stage": stage,
        "urn": tail,
        "reason": tail,
    }
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
    return Answer(
        "unknown",
        "unknown-urn",
        "golive knows no URN of this name; the server states its reason in it.",
        (*given, ("support", "the URN, the time, the Cerner-Correlation-ID or opc-request-id")),
        "contract-facts §4.2",
        known=False,
    )


def _advice(cause: Diagnosis) -> tuple[tuple[str, str], ...]:
    return (("apart", cause.differs), ("change", cause.cure))


def _unknown_word(word: str, checks: list[str]) -> Answer:
    from golive.twin.defects import DEFECTS

    known = [entry["id"] for entry in (*terms(), *entries())] + list(DEFECTS) + checks
    near = did_you_mean(word, known) if ID.fullmatch(word) else ""
    answer = unknown(f"a word of {len(word)} characters")
    return (
        answer
        if not near
        else Answer("unknown", answer.id, f"{answer.means} {near}", answer.details, known=False)
    )
