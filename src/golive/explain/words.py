"""Looks a single word up: a code, a URN, an `error_uri`, an id, or a token.

The tables that are quick to read come first; the checks are collected only for a word that nothing else knows.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from golive.access_token import read
from golive.doctor.causes import Change, diagnose, entries, filled
from golive.environment import API_HOST, cloud_of
from golive.error_judge import error_uri_parts
from golive.explain.answer import Answer, exact, unknown
from golive.explain.answered import uri_fields, urn_tail
from golive.explain.knowledge import terms
from golive.explain.reading import WORDS, right_urls
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
    if word.startswith("eyJ") and word.count(".") == 2:
        return [_token(word)]
    parts = error_uri_parts(word)
    urn = parts[0] if parts else unquote(word)
    if parts or urn.startswith("urn:"):
        return [_urn(urn, word, parts[1] if parts else "")]
    found = [
        _term(entry) for entry in terms() if entry["id"] == word and entry["kind"] != "exit-code"
    ]
    found += _cause(word) + _row(word) + _defect(word)
    collected: tuple[Any, ...] = ()
    if not found and ID.fullmatch(word) and "-" in word:
        collected = tuple(checks())
        found = _check(word, collected)
    return found or [_unknown_word(word, [check.id for check in collected])]


def _term(entry: dict[str, Any]) -> Answer:
    details = [("basis", str(entry["basis"]))]
    if "cure" in entry:
        details.append(("change", entry["cure"]))
    if "cause" in entry:
        cause = _cause(entry["cause"])[0]
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


def _typical(entry: dict[str, Any]) -> dict[str, Any]:
    """Return words for an entry that is told without an answer at hand: the values that it asks for.

    Who asks for a cause by its name has it from the doctor or a run, so the places are those of an environment file.
    """
    when = entry["when"][0] if isinstance(entry["when"], list) else entry["when"]
    single = {name: value for name, value in when.items() if isinstance(value, str | int)}
    facts = {"api_host": API_HOST, "api_cloud": "production", **single}
    if facts["api_cloud"] == "sandbox":
        return {**facts, "api_host": None}
    return {**right_urls({}), **facts}


def _cause(word: str) -> list[Answer]:
    found = []
    for entry in entries():
        if entry["id"] != word:
            continue
        words = _typical(entry)
        details = (
            [("guess", f"What settles it: {filled(entry['settles'], words)}")]
            if "guess" in entry
            else []
        )
        details += [
            ("apart", filled(entry["differs"], words)),
            ("change", filled(entry["cure"], words)),
        ]
        change = entry.get("change", {})
        if change and "{file}" not in change.get("command", ""):
            text = filled(change.get("yaml") or change["command"], words)
            details.append(("exactly", exact(Change(text, change.get("key", "")))))
        if "give" in entry:
            details.append(("support", ", ".join(entry["give"])))
        ends = f"a stop for this cause ends a run with {entry['exit']}"
        details.append(("exit", ends if entry["exit"] else "it stops nothing; a run goes on"))
        means = filled(entry["cause"], words)
        found.append(Answer("cause", word, means, tuple(details), entry["source"]))
    return found


def _row(word: str) -> list[Answer]:
    from golive.error_catalogue import load
    from golive.resources import resources

    if f"id: {word}\n" not in (resources() / "schemas" / "errors.yaml").read_text("utf-8"):
        return []  # reading the catalogue checks all of it, which takes a while
    return [
        Answer(
            "check",
            case.id,
            case.statement,
            (
                ("basis", f"{case.level}, {case.basis}"),
                ("asked", f"a valid request ({case.base}) with one change: {case.change[0]}"),
                ("expect", ", ".join(f"{name} {value}" for name, value in case.expect.items())),
                ("run it", f"golive run ENV -k {case.id}"),
            ),
            case.source,
        )
        for case in load(resources() / "schemas")
        if case.id == word
    ]


def _defect(word: str) -> list[Answer]:
    from golive.twin.defects import DEFECT_FACTS

    facts = DEFECT_FACTS.get(word)
    if facts is None:
        return []
    details = (
        ("basis", f"{facts.basis}; seen in {facts.kind.replace('-', ' ')}, area {facts.area}"),
        ("try it", f"golive run twin --defect {word}"),
    )
    return [Answer("defect", word, f"A lie of the twin: {facts.sentence}", details)]


def _check(word: str, checks: Iterable[Any]) -> list[Answer]:
    return [
        Answer(
            "check",
            check.id,
            check.statement,
            (
                ("basis", f"{check.level}, {check.basis}: area {check.area}"),
                ("verdict", "decides" if check.deciding else "advice only"),
                ("run it", f"golive run ENV -k {check.id}"),
            ),
            check.source,
        )
        for check in checks
        if check.id == word
    ]


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


def _token(word: str) -> Answer:
    token = read(word)
    if token.problem:
        return unknown(f"a text like a JWT, but {token.problem}")
    issuer = str(token.claims.get("iss", "not named"))
    cloud = cloud_of(urlsplit(issuer).hostname or "") if "//" in issuer else None
    end = token.claims.get("exp")
    details = [
        ("evidence", f"signed with kid {token.kid}, algorithm {token.header.get('alg')}"),
        ("issuer", f"{issuer}: {cloud or 'unknown'} cloud"),
        ("tenant", token.tenant or "not named"),
        ("client", token.client_id or "not named"),
        ("scopes", " ".join(sorted(token.scopes or ())) or "not named"),
    ]
    if isinstance(end, int | float) and 0 < end < 32503680000:
        moment = datetime.fromtimestamp(end, UTC)
        state = "expired since" if moment < datetime.now(UTC) else "good until"
        details.append(("time", f"{state} {moment:%Y-%m-%dT%H:%M:%SZ}"))
    if cloud == "sandbox":
        details.append(
            (
                "change",
                "api.cernermillennium.com trusts the production cloud only: take the token from "
                "authorization.cerner.com",
            )
        )
    details.append(("note", "decoded, not verified; treat the token as a secret until it expires"))
    means = "An access token (JWT). What it says of itself:"
    return Answer("token", "jwt", means, tuple(details), "contract-facts §4.1")
