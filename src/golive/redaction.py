"""Keeps secrets and patients' data out of everything that is written.

Secrets are replaced by value, in every form that HTTP, JSON, HTML, a shell or a JWT gives them. There is
one vault for the process, because the sinks (log records, exceptions, reports) can't be handed an object.
Data from message bodies is shown only where the environment declares it synthetic; elsewhere a value is
described by its type and length.
"""

from __future__ import annotations

import base64
import html
import json
import logging
import re
import shlex
import threading
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, quote_plus, urlencode, urlsplit, urlunsplit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MARK = "[redacted]"
SHORTEST = 8
"""Shorter strings occur by chance, so they can't be replaced safely."""

SHOWN = 100
"""How many characters of a synthetic value a message shows."""

PERSONAL_PARAMETERS = {
    "patientId": "PATIENT",
    "createDateTimeGreaterThanOrEqualTo": "INSTANT",
    "createDateTimeLessThanOrEqualTo": "INSTANT",
}
"""Query parameters that tell of a patient, the times of messages among them, and what is shown instead."""


PRIVATE_MEMBERS = ("d", "p", "q", "dp", "dq", "qi", "k")
"""What a JSON Web Key keeps secret (RFC 7518 §6)."""

# Control characters could drive a terminal; half a surrogate pair can be written to no file.
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def derived_forms(secret: str) -> Iterator[str]:
    """Yield the secret and the forms in which it may come back."""
    raw = secret.encode("utf-8", "replace")
    yield secret
    for quoted in (quote(raw, safe=""), quote(raw), quote_plus(raw)):
        yield quoted
        yield re.sub("%[0-9A-F]{2}", lambda code: code[0].lower(), quoted)
    for in_json in (json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]):
        yield in_json
        yield in_json.replace("/", "\\/")
    yield repr(secret)[1:-1]
    yield html.escape(secret)
    yield html.escape(secret, quote=False)
    yield html.escape(secret).replace("&#x27;", "&#39;").replace("&quot;", "&#34;")
    yield shlex.quote(secret)
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        encoded = encode(raw).decode()
        yield encoded
        yield encoded.rstrip("=")
        yield quote(encoded, safe="")
    if secret.count(".") in (2, 4) and secret.startswith("eyJ"):
        yield from secret.split(".")
    if "\n" in secret:
        yield from (line for line in secret.splitlines() if not line.startswith("-----"))
    yield from _private_members(secret)


def _private_members(secret: str) -> list[str]:
    """Return the private numbers of a JSON Web Key, none for any other text."""
    try:
        members = json.loads(secret) if secret.lstrip().startswith("{") else None
    except (ValueError, RecursionError):
        return []
    if not isinstance(members, dict):
        return []
    return [members[name] for name in PRIVATE_MEMBERS if isinstance(members.get(name), str)]


class Vault:
    """The values that must not be written, and whether message data may be shown."""

    def __init__(self) -> None:
        self.shows_data = False
        self._secrets: set[str] = set()
        self._forms: set[str] = set()
        self._longest_first: tuple[str, ...] = ()
        self._lock = threading.Lock()

    def protect(self, *secrets: str) -> None:
        """Replace these values, and their derived forms, from now on."""
        with self._lock:  # exchanges are made on several threads
            for secret in secrets:
                if len(secret) >= SHORTEST and secret not in self._secrets:
                    self._secrets.add(secret)
                    self._forms.update(f for f in derived_forms(secret) if len(f) >= SHORTEST)
                    self._longest_first = ()

    def protect_pair(self, name: str, secret: str) -> None:
        """Protect a client credential: the secret itself and its HTTP Basic form."""
        self.protect(secret, f"{name}:{secret}", f"{quote_plus(name)}:{quote_plus(secret)}")

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every protected value, to hand to another process in memory."""
        return tuple(sorted(self._secrets))

    def redact(self, text: str) -> str:
        """Return the text with every protected form replaced."""
        with self._lock:
            if len(self._longest_first) != len(self._forms):
                self._longest_first = tuple(sorted(self._forms, key=len, reverse=True))
            forms = self._longest_first
        # Hundreds of searches for one string each take a fraction of one search for any of hundreds.
        for form in forms:
            if form in text:
                text = text.replace(form, MARK)
        return text

    def clear(self) -> None:
        """Forget everything (a test's clean start)."""
        self.__init__()  # type: ignore[misc]


VAULT = Vault()


def redact(text: str) -> str:
    """Replace every protected value in the text, and escape what no report can carry."""
    return UNPRINTABLE.sub(_escaped, VAULT.redact(text))


def _escaped(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"


def contains_secret(text: str) -> bool:
    """Tell whether a protected value, in any form, stands in the text."""
    return VAULT.redact(text) != text


def redact_url(url: str) -> str:
    """Replace secrets and, where data may not be shown, patients' identifiers in a URL."""
    if not VAULT.shows_data:
        parts = urlsplit(url)
        pairs = [
            (name, PERSONAL_PARAMETERS.get(name, value))
            for name, value in parse_qsl(parts.query, keep_blank_values=True)
        ]
        if any(name in PERSONAL_PARAMETERS for name, _ in pairs):
            url = urlunsplit(parts._replace(query=urlencode(pairs, safe=":")))
        url = re.sub(r"(/patientMessages/)(?!inboxItems|sentItems)[^/?]+", r"\1MESSAGE", url)
    return redact(url)


def describe(value: object) -> str:
    """Say what kind of value this is, without the value."""
    match value:
        case None:
            return "null"
        case bool():
            return "a boolean"
        case int() | float():
            return "a number"
        case str():
            return f"a string of {len(value)} characters"
        case list() | tuple():
            return f"an array of {len(value)}"
        case dict():
            return f"an object of {len(value)} members"
        case _:
            return type(value).__name__


def show(value: object) -> str:
    """Render a value from an answer for a person: itself where synthetic, else its description."""
    if not VAULT.shows_data:
        return describe(value)
    text = redact(json.dumps(value, ensure_ascii=False, default=str))
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}… ({describe(value)})"


def redact_all(texts: Iterable[str]) -> list[str]:
    """Redact each of the texts."""
    return [redact(text) for text in texts]


def redact_log_records() -> None:
    """Make every log record of the process, whatever library makes it, free of protected values."""
    make = logging.getLogRecordFactory()
    if getattr(make, "redacts", False):
        return

    def make_redacted(*args: object, **kwargs: object) -> logging.LogRecord:
        record = make(*args, **kwargs)
        try:
            text = record.getMessage()
        except Exception:
            # A wrongly written log call is not this suite's fault; its parts still must not leak.
            text = f"{record.msg} {record.args}"
        record.msg, record.args = redact(text), ()
        if record.exc_info and record.exc_info[0] is not None:
            record.exc_text = redact(f"{record.exc_info[0].__name__}: {record.exc_info[1]}")
        return record

    make_redacted.redacts = True  # type: ignore[attr-defined]
    logging.setLogRecordFactory(make_redacted)
