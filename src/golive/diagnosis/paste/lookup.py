"""Looks a single word up: a number, a URN or an `error_uri`, a token, a term, or an id of golive's own.

The tables that are quick to read come first; the checks are collected only for a word that nothing else knows.

A JWT is explained by what it says of itself, which is all that can be known without a key.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from golive.checks.authority import issuer_host
from golive.diagnosis.causes import diagnose, entries, places_in_pastes
from golive.diagnosis.paste import own_ids
from golive.diagnosis.paste.answer import Answer, terms, unknown
from golive.diagnosis.paste.answers import uri_fields
from golive.diagnosis.response_fields import urn_tail
from golive.environment import cloud_of
from golive.exchanges.error_body import error_uri_parts
from golive.exchanges.jwt import AccessToken, Form, read
from golive.kit.problems import did_you_mean
from golive.kit.wire import instant_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from golive.diagnosis.causes import Diagnosis


if TYPE_CHECKING:
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
    facts = {
        **places_in_pastes(),
        "status": number,
        "reason": f"status {number}",
    }
    if number in (429, 502, 503, 504):
        facts["unavailable"] = True
    details: list[tuple[str, str]] = []
    for stage in ("token", "api"):
        cause = diagnose({**facts, "stage": stage}, ())
        if cause.id != "unknown":
            prefix = f"from the {'API' if stage == 'api' else 'token endpoint'}, a guess without the body: "
            details.append(("likely", prefix + cause.cause))
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
        **places_in_pastes(),
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
        (
            *given,
            *_family(tail),
            ("support", "the URN, the time, the Cerner-Correlation-ID or opc-request-id"),
        ),
        "contract-facts §4.2",
        known=False,
    )


def _family(tail: str) -> list[tuple[str, str]]:
    """Say of a URN that is not known what its family is about."""
    if ":grant:" not in f":{tail}":
        return []
    said = "its family is that of the authorize endpoint, for a user's launch; client_credentials has none of it"
    return [("note", said)]


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


def token_in(word: str) -> Answer:
    """Return what a token says of itself; anything else is unknown."""
    token = read(word)
    if token.form is Form.JWE:
        return _encrypted(token)
    if token.problem:
        return unknown(f"a text like a JWT, but {token.problem}")
    issuer = str(token.claims.get("iss", "not named"))
    cloud = cloud_of(issuer_host(issuer))
    moment = instant_of(token.claims.get("exp"))
    details = [
        ("evidence", f"signed with kid {token.kid}, algorithm {token.header.get('alg')}"),
        ("issuer", f"{issuer}: {cloud or 'unknown'} cloud"),
        ("tenant", token.tenant or "not named"),
        ("client", token.client_id or "not named"),
        ("scopes", " ".join(sorted(token.scopes or ())) or "not named"),
    ]
    if moment is not None:
        state = "expired since" if moment < datetime.now(UTC) else "good until"
        details.append(("time", f"{state} {moment:%Y-%m-%dT%H:%M:%SZ}"))
    if cloud == "sandbox":
        details.append(
            (
                "change",
                "A token of the sandbox cloud is refused by api.cernermillennium.com and by every host of the "
                "production cloud: take it from authorization.cerner.com",
            )
        )
    details.append(("note", "decoded, not verified; treat the token as a secret until it expires"))
    means = "An access token (JWT). What it says of itself:"
    return Answer("token", "jwt", means, tuple(details), "contract-facts §4.1")


def _encrypted(token: AccessToken) -> Answer:
    """Say what the header of an encrypted token shows, and that the rest is for the API alone."""
    header = token.header
    shown = f"encrypted with {header.get('enc')} (alg {header.get('alg')}) under kid {token.kid}"
    details = (
        ("evidence", shown),
        (
            "note",
            "it is not damaged: a JWT library or jwt.io that expects three parts refuses it. Tenant, client, issuer "
            "and times can't be seen from outside; the granted scopes stand in `scope` of the token "
            "response, its life in `expires_in`",
        ),
    )
    means = "An encrypted access token (JWE): only the server that takes it can read it."
    return Answer("token", "jwe", means, details, "contract-facts §4.1; RFC 7516 §3.1")
