"""What may be shown of a value that came from outside: itself, a word that identifies nobody, or its kind.

Where data is synthetic, values are shown as they are, without secrets. Else everything from an answer leaves by
one of these functions.

Which texts from outside may be shown where data may not: words that can identify no person.

The codes of the standards and of the facts, URNs that are made of such words, key ids by their grammar, media types,
caching rules, and ids that are random by their form. A patient's id is short and decimal, a name is no hexadecimal
number, so neither can pass for such an id. Everything else is somebody's words, and is shown as kind and length.
"""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import parse_qsl, unquote

from golive.kit.files import shipped
from golive.kit.json_text import NotJsonError, read_json
from golive.kit.wire import split_url
from golive.redaction import REDACTOR, redact, redact_url
from golive.redaction.personal import format_of

LONGEST_WORD = 200
"""Characters of a synthetic word that are shown whole."""

URL_WORDS = frozenset({"", "tenants", "errors", "instances", "unknown", "jwk", "token"})
"""Steps of the paths that the authorization server names (contract-facts §4.1, §4.4)."""

SHOWN = 100
"""How many characters of a synthetic value a message shows."""

ITEMS_SHOWN = 3
"""Items of an array of which the shape is shown where the values are not."""

ENOUGH = 20_000
"""Characters of a long value that are searched for secrets before its beginning is shown."""


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
            form = format_of(value)
            return f"a string of {len(value)} characters" + (f" ({form})" if form else "")
        case list() | tuple():
            return f"an array of {len(value)}"
        case dict():
            return f"an object of {len(value)} members"
        case _:
            return type(value).__name__


def show(value: object) -> str:
    """Render a value from an answer for a person: itself where synthetic, else its description."""
    if not REDACTOR.shows_data:
        # Two values of one text have one pseudonym: a reader sees whether they are the same.
        equal = f" {REDACTOR.pseudonym(value)}" if isinstance(value, str) else ""
        return describe(value) + equal
    text = redact(_beginning(value))
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}… ({describe(value)})"


def _beginning(value: object) -> str:
    """Write a value as JSON, of a very long one the beginning: more than is shown and than a token takes."""
    pieces: list[str] = []
    size = 0
    for piece in json.JSONEncoder(ensure_ascii=False, default=str).iterencode(value):
        pieces.append(piece)
        size += len(piece)
        if size > ENOUGH:
            break
    return "".join(pieces)


def show_word(value: object) -> str:
    """Render a header's value, a code, a claim: itself where it can identify nobody, else as `show`.

    Everything that came from outside and is no value of a message leaves by this way.
    """
    text = value if isinstance(value, str) else str(value) if type(value) is int else None
    if text is None:
        return show(value)
    if REDACTOR.shows_data:
        return redact(text) if len(text) <= LONGEST_WORD else show(value)
    return redact(text) if tells_of_nobody(text, REDACTOR.public) else show(value)


def show_reason(value: object) -> str:
    """Render a code, or what follows the fixed beginning of Oracle's URNs."""
    return value if isinstance(value, str) and is_reason(value) else show_word(value)


def show_name(name: str) -> str:
    """Render the name of a member or of a parameter that somebody else chose."""
    return (
        name if REDACTOR.shows_data or tells_of_nobody(name, REDACTOR.public) else "(another name)"
    )


def show_pointer(at: str) -> str:
    """Render a JSON pointer: the steps that are no known names are left out."""
    if REDACTOR.shows_data or not at.startswith("/"):
        return at
    return "/".join(step and show_name(step) for step in at.split("/"))


def show_url(url: str) -> str:
    """Render a URL that somebody answered: itself where host, path and query are made of known words."""
    if REDACTOR.shows_data:
        return redact_url(url)
    parts = split_url(url)
    steps = [step for part in parts.path.split("/") for step in (unquote(part),)]
    values = [value for _, value in parse_qsl(parts.query)]
    names = [name for name, _ in parse_qsl(parts.query)]
    fine = parts.scheme in {"https", "http"} and set(names) <= {"client", "tenant"}
    known = all(
        one in URL_WORDS or tells_of_nobody(one, REDACTOR.public)
        for one in (parts.hostname or " ", *steps, *values)
    )
    bare = not (parts.fragment or parts.username or parts.password)
    return redact(url) if fine and known and bare else f"a URL ({describe(url)})"


def show_shape(body: bytes) -> str:
    """Return the shape of a JSON body as JSON: names and words of the contract, kinds in place of values."""
    try:
        return json.dumps(_shape(read_json(body)))
    except NotJsonError as error:
        return f"({len(body)} bytes: {error})"


def _shape(value: Any) -> Any:
    """Return a JSON value with kinds in place of its values; of an array only the first items."""
    match value:
        case dict():
            return {show_name(name): _shape(one) for name, one in value.items()}
        case list():
            more = [f"and {len(value) - ITEMS_SHOWN} more"] if len(value) > ITEMS_SHOWN else []
            return [*(_shape(one) for one in value[:ITEMS_SHOWN]), *more]
        case bool() | None:
            return value
    return show_word(value)


def words(text: str) -> frozenset[str]:
    """Return the words of a text that lists them."""
    return frozenset(text.split())


KNOWN = {
    kind: words(text) for kind, text in shipped("golive.redaction", "known_words.yaml").items()
}
"""The words of the standards and of the facts, by what they are of."""

REASONS = KNOWN["reasons"]
WORDS = frozenset().union(*(KNOWN[kind] for kind in ("oauth", "oracle", "terms")))

# RFC 9111 §5.2, §5.4
CACHING = re.compile(
    r"no-store|no-cache|no-transform|private|public|immutable|must-revalidate|proxy-revalidate"
    r"|(?:max-age|s-maxage)=[0-9]{1,9}"
)
MEDIA_TYPE = re.compile(
    r"application/(?:(?:(?:problem|fhir|scim|hal|ld|soap|xhtml)\+)?(?:json|xml)|jwk-set\+json|x-www-form-urlencoded|octet-stream|pdf|jwt)"
    r"|text/(?:html|plain|xml|csv|css|javascript)|charset=[a-zA-Z0-9-]{1,12}|image/(?:png|gif|jpeg)"
)
URN_BEGINNING = "urn:cerner:error:"
KID = re.compile(
    r"[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]\.[0-9]{3}"
    r"\.(?:ec\.es(?:256|384)|rsa|oct)"
)
UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
RANDOM = rf"(?:{UUID}|(?=[0-9]*[a-fA-F])[0-9a-fA-F]{{16,64}})"
ID = re.compile(rf"/?{RANDOM}(?:/{RANDOM}){{0,3}}")
VERSION = re.compile("v?[0-9]")
SHORT_NUMBER = re.compile(r"-?[0-9]{1,4}")
"""As short as what is not looked for in texts either: a status, a lifetime in seconds."""

FORMS = (CACHING, MEDIA_TYPE, KID, ID, SHORT_NUMBER)
LONGEST = 500


def is_reason(text: str) -> bool:
    """Return whether a text is words of reasons alone, with `:`, `-` or `_` between them, as the ends of URNs are."""
    parts = re.split("[:_-]", text)
    return len(text) <= LONGEST and all(
        word in REASONS or (VERSION.fullmatch(word) and at > 0) for at, word in enumerate(parts)
    )


def tells_of_nobody(text: str, own: frozenset[str]) -> bool:
    """Return whether every word of a text is a known one; `own` are the contract's and the environment's words."""
    if len(text) > LONGEST:
        return False
    parts = [word for word in re.split("[ ,;]", text) if word]
    return all(
        word in own
        or word in WORDS
        or (word.startswith(URN_BEGINNING) and is_reason(word.removeprefix(URN_BEGINNING)))
        or any(form.fullmatch(word) for form in FORMS)
        for word in parts
    )
