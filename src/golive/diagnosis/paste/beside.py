"""Compares what stands beside a request and its answer in a paste: a token's time, a key set's kids, an assertion.

Every function returns fields of `causes.yaml`; what the paste does not hold is not compared.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from golive.diagnosis.fields import token_fields
from golive.diagnosis.paste.documents import public
from golive.diagnosis.paste.phrases import pattern
from golive.diagnosis.paste.pieces import PastedAnswer
from golive.diagnosis.paste.protect import jwts
from golive.diagnosis.services import service_of
from golive.exchanges.jwt import encoded_part, kids, read
from golive.kit.wire import http_date, iso_time
from golive.redaction.rendering import show_url, show_word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from golive.diagnosis.paste.pieces import PastedRequest
    from golive.diagnosis.paste.transcript import Transcript

LISTED = ("RS384", "ES384")
"""The algorithms that the token endpoint advertises for assertions (contract-facts §4.1)."""

LONGEST_LIFE = 300
"""Seconds that an assertion may live (contract-facts §4.1)."""

IN_MILLISECONDS = 100_000_000_000
"""A time of a JWT that is greater is counted in milliseconds: in seconds it would be in the year 5138."""

ANOTHER_ALGORITHM = f"alg is {{}}, and {' and '.join(LISTED)} alone are advertised"
OF_MILLISECONDS = (
    "iat and exp are in milliseconds, and count seconds (Math.floor(Date.now() / 1000))"
)
"""Faults of an assertion, however it is shown: by itself, or by the program that makes it."""

OBJECT = re.compile(r"\{[^{}]{1,400}\}")
LOGGED = re.compile(r"[\"'](alg|kid|kty|enc)[\"']\s{0,3}:\s{0,3}[\"']([\w.:@-]{1,80})[\"']")
"""A member of the header of a JWT, as programs log it."""


@dataclass(frozen=True)
class Beside:
    """The signed texts of a paste, decoded: its access token, its client assertion, the kids of its key sets."""

    token: str = ""
    header: dict[str, Any] | None = None
    claims: dict[str, Any] | None = None
    key_set: dict[str, Any] | None = None

    def of_call(self, request: PastedRequest | None) -> Beside:
        """Return it with the token that a call itself carries, where that is another than the first of the text."""
        scheme, own = request.authorization if request else ("", "")
        if scheme != "bearer" or own == self.token or read(own).problem:
            return self
        return replace(self, token=own)


def beside(transcript: Transcript, text: str) -> Beside:
    """Find token, assertion and key set of a paste, in compact form or decoded."""
    answers = (one.answer for one in transcript.answers)
    objects = [each.members for each in answers if isinstance(each, PastedAnswer) and each.members]
    headers = [one for one in objects if isinstance(one.get("alg"), str) and "keys" not in one]
    claims = [one for one in objects if "exp" in one and isinstance(one.get("iss"), str)]
    key_set = next((one for one in objects if isinstance(one.get("keys"), list)), None)
    header = next((one for one in headers if "enc" not in one), {})
    asserted: list[tuple[dict[str, Any], dict[str, Any]]] = []
    token = ""
    sent = transcript.token_request
    named = pattern("named_assertion").findall(text)
    for compact in [*(sent.form.get("client_assertion", []) if sent else []), *jwts(text)]:
        it = read(compact)
        if _is_an_assertion(it.claims) or (it.claims and compact in named):
            asserted.append((it.header, it.claims))
        elif not it.problem and not token:
            token = compact
    for each in claims:
        if _is_an_assertion(each):
            asserted.append((header, each))
        elif not token:
            token = ".".join(map(encoded_part, (header or {"alg": "none"}, each))) + ".c2ln"
    if not claims and not asserted and (logged := _logged_claims(text)):
        asserted.append((header, logged))
    if not header and key_set:
        header = _logged_header(text)
    if not asserted and header and key_set and not claims:
        asserted.append((header, {}))  # a header alone: its kid can be compared, its claims can't
    header_of, claims_of = asserted[0] if asserted else (None, None)
    return Beside(token, header_of, claims_of, key_set)


def token_facts(
    found: Beside, answer: PastedAnswer, text: str, tenant: str | None
) -> dict[str, Any]:
    """Return the fields of the pasted token at the time of the answer; no time where the paste has none."""
    moment = http_date(next((v for k, v in answer.headers if k.lower() == "date"), None))
    moment = moment or _moment_in(text)
    if not found.token:
        return {}
    fields = token_fields(found.token, tenant, moment or datetime.now().astimezone(), found.key_set)
    if scopes := read(found.token).scopes:
        fields["granted"] = " ".join(sorted(scopes))
    if moment is None:
        fields |= {"token_time": None, "seconds_left": None}
    elif "seconds_left" in fields:
        off = abs(fields["seconds_left"])
        late = "before" if fields["seconds_left"] <= 0 else "after"
        fields["token_age"] = f"the token's `exp` is {off} s {late} the time of the answer"
    return {name: value for name, value in fields.items() if value is not None}


def examined(facts: dict[str, Any]) -> str:
    """Say what of the token was compared with the call, and what the paste does not hold."""
    names = {
        "cloud": "clouds",
        "tenant": "tenants",
        "time": "token_time",
        "host segment": "hosts_segment",
    }
    seen = [name for name, field in names.items() if facts.get(field)]
    unseen = [name for name in names if name not in seen]
    words = f"Compared and in order: {', '.join(seen)}. " if seen else ""
    return words + (f"Not shown, so not compared: {', '.join(unseen)}." if unseen else "")


def assertion_facts(found: Beside, token_url: str | None) -> dict[str, Any]:
    """Return what of the assertion is not as the token endpoint demands, and whether its key is in the key set."""
    if found.claims is None or found.header is None:
        return {}
    facts: dict[str, Any] = {}
    kid = found.header.get("kid")
    if found.key_set and isinstance(kid, str):
        held = sorted(kids(found.key_set))
        facts["assertion_kid"] = public(kid)
        if held and kid not in held:
            facts |= key_absent(kid, held)
    start, end = found.claims.get("iat"), found.claims.get("exp")
    served = service_of(token_url) if token_url else None
    if served and served.assertion_seconds and isinstance(start, int) and isinstance(end, int):
        over = served.assertion_seconds < end - start < IN_MILLISECONDS
        facts |= {"assertion_life": "too-long", "lives": end - start} if over else {}
    if faults := list(_faults(found.header, found.claims, token_url)):
        facts |= {"assertion": "wrong", "assertion_faults": "; ".join(faults)}
    return facts


def key_absent(kid: str, held: Sequence[str]) -> dict[str, str]:
    """Return the fields of an assertion whose key is none of those that are `held` for the client."""
    shown = ", ".join(map(public, held[:6]))
    return {"assertion_key": "absent", "assertion_kid": public(kid), "set_kids": shown}


def _faults(header: dict[str, Any], claims: dict[str, Any], token_url: str | None) -> Any:
    algorithm = header.get("alg")
    if isinstance(algorithm, str) and algorithm not in LISTED:
        yield ANOTHER_ALGORITHM.format(show_word(algorithm))
    if not claims:
        return
    if "kid" not in header and header:
        yield "its header has no kid"
    audience = claims.get("aud")
    named = audience if isinstance(audience, list) else [audience]
    if token_url is None and not any(_grants(one) for one in named):
        yield "aud is no token URL"
    elif token_url and token_url not in named:
        shown = ", ".join(_url(one) for one in named if isinstance(one, str)) or "missing"
        yield f"aud is {shown}, not the token URL"
    if claims.get("iss") != claims.get("sub"):
        yield "iss and sub differ"
    yield from (f"{name} is missing" for name in ("jti", "exp") if name not in claims)
    start, end = claims.get("iat"), claims.get("exp")
    if any(isinstance(each, str) for each in (start, end)):
        yield "iat or exp is a text and no number"
    elif isinstance(end, int | float) and end > IN_MILLISECONDS:
        yield OF_MILLISECONDS
    elif isinstance(start, int) and isinstance(end, int) and end - start > LONGEST_LIFE:
        yield f"it lives for {end - start} seconds, more than {LONGEST_LIFE}"


def _grants(audience: object) -> bool:
    """Return whether an audience is a token URL, or of a server that nothing is known of."""
    served = service_of(audience) if isinstance(audience, str) else None
    return isinstance(audience, str) and (served is None or audience.endswith("/token"))


def _url(audience: str) -> str:
    """Return an audience at Oracle's own hosts as it stands there."""
    return audience.partition("?")[0] if service_of(audience) else show_url(audience)


def _logged_header(text: str) -> dict[str, Any]:
    """Return the header of a JWT that a log holds in the notation of its language, and none of a key."""
    found = (dict(LOGGED.findall(each)) for each in OBJECT.findall(text))
    return next((one for one in found if one.keys() == {"alg", "kid"}), {})


MEMBER = re.compile(
    r"(?<![\w.-])[\"']?(iss|sub|aud|jti|iat|exp|nbf)[\"']?\s{0,3}(?:=>|[:=])\s{0,3}(?:[\"']([^\"'\n]{1,300})[\"']|(\d{9,16})(?![\w.]))"
)
"""A claim of a JWT, as programs print it."""


def _logged_claims(text: str) -> dict[str, Any]:
    """Return the claims of an assertion that a log holds in the notation of its language."""
    for each in reversed(re.findall(r"\{[^{}]{20,1500}\}", text)):
        found = {m[0]: int(m[2]) if m[2] else m[1] for m in MEMBER.findall(each)}
        if {"iss", "sub", "aud"} <= found.keys() and {"iat", "exp"} & found.keys():
            return found
    return {}


def _is_an_assertion(claims: dict[str, Any]) -> bool:
    """Return whether claims are those of a client assertion: the client speaks of itself, to an audience."""
    issuer = claims.get("iss")
    return isinstance(issuer, str) and "aud" in claims and not issuer.startswith("http")


def _moment_in(text: str) -> datetime | None:
    """Return the last time of a log whose zone it names."""
    found = pattern("moment_with_zone").findall(text)
    if not found:
        return None
    moment, zone = found[-1]
    return iso_time(re.split("[.,]", moment)[0] + zone)
