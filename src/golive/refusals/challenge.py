"""`WWW-Authenticate` as RFC 9110 §11.6.1 writes it: challenges, each a scheme and its parameters.

RFC 6750 §3 puts the reason of a refused token there, and not into the body.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from golive.contract.label import Basis, standard
from golive.redaction.rendering import show_name, show_word

if TYPE_CHECKING:
    from golive.checks.expect import Expect
    from golive.contract.label import Label
    from golive.exchanges.model import Exchange

NAME = "WWW-Authenticate"
BASIC = "basic"
NEED_ONE = frozenset({401, 403})
OF_A_BODY = frozenset({400, 422})
"""Statuses of an API with which a token that opens nothing is refused (RFC 6750 §3)."""
# What repeats is possessive (`++`), so that no text makes the search slower than its length.
SCHEME = re.compile(r"[ ,]*+([A-Za-z0-9!#$%&'*+.^_`|~-]++)(?= |,|$)")
PARAMETER = re.compile(
    r"""[ ,]*+([A-Za-z0-9!#$%&'*+.^_`|~-]++) *= *(?:"((?:[^"\\]|\\.)*+)"|([^\s,"=]++))(?= *(?:,|$))"""
)
"""One parameter (RFC 9110 §11.2); what stands in quotes is no parameter."""

TOKEN68 = re.compile(r" ++[A-Za-z0-9._~+/-]++=*+(?= *(?:,|$))")
"""What a scheme may have in place of parameters (RFC 9110 §11.2)."""


@dataclass(frozen=True)
class Challenge:
    """One challenge: its scheme, and its parameters in order, names in small letters."""

    scheme: str
    parameters: tuple[tuple[str, str], ...]

    def repeated(self) -> dict[str, int]:
        """Return the names that occur more than once, with their number."""
        names = [name for name, _ in self.parameters]
        return {name: names.count(name) for name in sorted(set(names)) if names.count(name) > 1}


def challenges(value: str) -> list[Challenge]:
    """Return the challenges in a field's value up to the first thing that is none."""
    return _read(value)[0]


def behind_challenges(value: str) -> str:
    """Return what stands in a field's value from the first thing on that is no challenge; empty where all is one."""
    return value[_read(value)[1] :].strip(" ,")


def _read(value: str) -> tuple[list[Challenge], int]:
    """Return the challenges in a field's value, and where the last of them ends."""
    found: list[Challenge] = []
    at = 0
    while scheme := SCHEME.match(value, at):
        at = scheme.end()
        parameters: list[tuple[str, str]] = []
        while parameter := PARAMETER.match(value, at):
            quoted = re.sub(r"\\(.)", r"\1", parameter[2] or "")
            parameters.append((parameter[1].lower(), parameter[3] or quoted))
            at = parameter.end()
        if not parameters and (data := TOKEN68.match(value, at)):
            at = data.end()
        found.append(Challenge(scheme[1], tuple(parameters)))
    return found, at


def bearer(exchange: Exchange) -> Challenge | None:
    """Return the Bearer challenge of an answer, or None where it has none."""
    given = challenges(exchange.header(NAME) or "")
    return next((one for one in given if one.scheme.lower() == "bearer"), None)


def challenge_error(exchange: Exchange) -> str | None:
    """Return the `error` of the Bearer challenge (RFC 6750 §3), or None where it has none."""
    challenge = bearer(exchange)
    return dict(challenge.parameters).get("error") if challenge else None


def judge(it: Expect, label: Label, *, is_api: bool) -> None:
    """Check that a refusal names the scheme by which its caller may come in.

    An API that takes bearer tokens says so (RFC 6750 §3); a token endpoint names any scheme, and must where it
    answers 401 (RFC 9110 §15.5.2), as it does to a client that used the Authorization header: then that of the client
    (RFC 6749 §5.2). A 400 needs no challenge, but of an API that was shown no credentials: whatever else is wrong with
    the request, its answer has one (RFC 6750 §3).
    """
    bare = is_api and it.exchange.request.headers.get("Authorization") is None
    if it.exchange.status not in (NEED_ONE if is_api else {401}) | (OF_A_BODY if bare else set()):
        return
    guess = label.basis is Basis.INFERRED
    value = it.exchange.header(NAME)
    shown = "absent" if value is None else show_word(value) or "empty"
    at = f"header:{NAME}"
    if not is_api:
        tried = it.exchange.request.headers.get("Authorization")
        clause = "RFC 6749 §5.2; RFC 9110 §11.6.1" if tried else "RFC 9110 §15.5.2, §11.6.1"
        known = label if guess else standard(clause)
        schemes = {one.scheme.lower() for one in challenges(value or "")}
        it.that(bool(schemes), at, "a challenge", shown, label=known)
        # It matches the scheme that was used; of one that is none for clients, no server need speak.
        other = (
            bool(schemes) and (tried or "").lower().startswith("basic ") and BASIC not in schemes
        )
        it.that(not other, at, "a Basic challenge, as the client used Basic", shown, label=known)
        return
    known = label if guess else standard("RFC 6750 §3")
    challenge = bearer(it.exchange)
    it.that(challenge is not None, at, "a Bearer challenge", shown, label=known)
    for name, number in (challenge.repeated() if challenge else {}).items():
        wanted = f"{show_name(name)} at most once in a challenge"
        it.violated(at, wanted, f"{number} times", label=known)
