"""What the body of a request may hold: typed members, the content of a message, and who may send to whom.

Content is a complete XHTML document without disallowed tags. A fragment is refused in the words that were seen on the
wire (contract-facts §2.4, row 21 of §5); a disallowed tag with a message that names it. Oracle's list of tags is not
public: this one holds what runs, loads, links or submits.

The sender is the patient. Recipients are PERSONNEL or GROUPINBOX, or one single EMAIL address, which can't be mixed
with the others over recipients and carbon copies together (§2.4, in its newest generation).
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

from golive.twin.http import bad_request, broken
from golive.twin.store import Participant

if TYPE_CHECKING:
    from golive.twin.http import Ask
    from golive.twin.world import World


_RUNS = {"applet", "canvas", "embed", "math", "object", "script", "svg"}
_LOADS = {"audio", "base", "img", "link", "meta", "picture", "source", "style", "track", "video"}
_LEADS_ELSEWHERE = {"a", "frame", "frameset", "iframe", "map"}
_SUBMITS = {"button", "form", "input", "select", "textarea"}
DISALLOWED = frozenset(_RUNS | _LOADS | _LEADS_ELSEWHERE | _SUBMITS)
_EMPTY = frozenset({"area", "br", "col", "hr", "img", "input", "link", "meta", "wbr"})
_HEAD_ONLY = frozenset({"meta", "style"})  # harmless where a document describes itself
_SKELETON = ["html", "html/head", "html/head/title", "html/body"]
_Attributes = list[tuple[str, str | None]]


class _Reader(HTMLParser):
    """Notes a document's skeleton, its disallowed tags, and whether its tags are balanced."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[str] = []
        self.skeleton: list[str] = []
        self.disallowed: set[str] = set()
        self.balanced = True

    def handle_starttag(self, tag: str, attrs: _Attributes) -> None:  # noqa: ARG002
        self._meet(tag)
        if tag not in _EMPTY:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: _Attributes) -> None:  # noqa: ARG002
        self._meet(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _EMPTY:
            return
        if not self._open or self._open.pop() != tag:
            self.balanced = False

    def handle_data(self, data: str) -> None:
        # Text outside the root element makes a fragment of the whole.
        if data.strip() and not self._open:
            self.balanced = False

    def _meet(self, tag: str) -> None:
        path = "/".join([*self._open, tag])
        if len(self._open) < 2 or path in _SKELETON:
            self.skeleton.append(path)
        if tag in DISALLOWED and not (tag in _HEAD_ONLY and self._open == ["html", "head"]):
            self.disallowed.add(tag)

    def is_document(self) -> bool:
        """Whether there is one html with a head, its title, and a body, all of them closed."""
        return self.balanced and not self._open and self.skeleton == _SKELETON


def check_content(world: World, content: str) -> None:
    """Raise a 400 unless ``content`` can be sent."""
    reader = _Reader()
    try:
        reader.feed(content)
        reader.close()
    except AssertionError:  # the library's word for a declaration that it can't make sense of
        reader.balanced = False
    if not reader.is_document():
        if world.injects("html-fragment-accepted"):
            return
        raise bad_request("Unable to convert HTML to RTF", "InvalidContent")
    if world.injects("script-accepted"):
        return
    if "<script" not in content and world.injects("disallowed-tags-found-in-lower-case-only"):
        return
    if reader.disallowed:
        tags = ", ".join(sorted(reader.disallowed))
        raise bad_request(f"The content has tags that are not allowed: {tags}.", "InvalidContent")


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _finite(number: str) -> float:
    value = float(number)
    if value in (float("inf"), float("-inf")):
        raise ValueError("a number that no double can hold")
    return value


def _parsed(body: bytes) -> Any:
    """Return a JSON document that can be written again; raise ValueError or RecursionError."""
    text = body.decode("utf-8")
    document = json.loads(text, parse_constant=_no_constant, parse_float=_finite)
    # Half a surrogate pair can be escaped in JSON (RFC 8259 §8.2) and be written to nothing.
    json.dumps(document, ensure_ascii=False).encode("utf-8")
    return document


def read_object(world: World, ask: Ask, members: frozenset[str]) -> dict[str, Any]:
    """Return the body as an object that has no other members than these; raise a 400 otherwise."""
    try:
        document = _parsed(_as_decoded(world, ask.body))
    except (ValueError, RecursionError) as error:
        if isinstance(error, RecursionError) and world.injects("deep-json-breaks-the-server"):
            raise broken() from None
        raise bad_request("The body is not JSON.", "MalformedBody") from None
    if not isinstance(document, dict):
        raise bad_request("The body must be a JSON object.", "MalformedBody")
    unknown = sorted(document.keys() - members)
    if unknown:
        raise bad_request(f"The body has members that are not known: {', '.join(unknown)}.")
    return document


def _as_decoded(world: World, body: bytes) -> bytes:
    """Return a body as the service reads it; what is not UTF-8 is malformed, whatever a defect takes it for."""
    with suppress(UnicodeDecodeError):
        if world.injects("json-is-read-as-latin-1") and body.decode():
            return body.decode("latin-1").encode()
    return body


def text(document: dict[str, Any], name: str, *, required: bool = False) -> str | None:
    """Return a string member; a required one must be there and not be blank."""
    value = document.get(name)
    if name not in document and not required:  # null is a value, and of no documented type
        return None
    if not isinstance(value, str) or not value.strip():
        raise bad_request(f"{name} must be a string that is not blank.", "MissingParameter")
    return value


def required_text(document: dict[str, Any], name: str) -> str:
    """Return a string member that must be there."""
    return text(document, name, required=True) or ""


def objects(document: dict[str, Any], name: str, *, required: bool = False) -> list[dict[str, Any]]:
    """Return a member that is an array of objects; empty when it is absent and not required."""
    value = document.get(name)
    if name not in document and not required:  # null is a value, and of no documented type
        return []
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise bad_request(f"{name} must be an array of objects.")
    return value


_KINDS = ("PERSONNEL", "GROUPINBOX", "EMAIL")
_ADDRESS = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")


def read_sender(world: World, tenant: str, body: dict[str, Any], patient_id: str) -> Participant:
    """Return the sender, who must be the patient as a PERSON."""
    value = body.get("messageSender")
    if value is None and world.injects("send-without-sender-accepted"):
        return Participant(patient_id, "PERSON")
    if not isinstance(value, dict):
        raise bad_request("messageSender is required.", "MissingParameter")
    sender = Participant(required_text(value, "id"), required_text(value, "type"))
    known = world.directory.receives(tenant, sender.id, "PERSONNEL")
    if sender.type == "PERSONNEL" and known and world.injects("sender-may-be-personnel"):
        return sender
    if sender.type != "PERSON":
        raise bad_request("messageSender must be of type PERSON.")
    if sender.id != patient_id:
        raise bad_request("messageSender must be the patient.")
    return sender


def read_recipients(
    world: World,
    tenant: str,
    body: dict[str, Any],
) -> tuple[tuple[Participant, ...], tuple[Participant, ...]]:
    """Return recipients (at least one) and carbon copies."""
    if body.get("recipients") is None:
        raise bad_request("recipients is required.", "MissingParameter")
    recipients = _read(world, tenant, body, "recipients")
    copies = _read(world, tenant, body, "carbonCopyRecipients")
    if not recipients:
        raise bad_request("recipients must name at least one recipient.")
    _check_addresses(world, recipients, copies)
    return recipients, () if world.injects("copies-are-lost") else copies


def _check_addresses(
    world: World, recipients: tuple[Participant, ...], copies: tuple[Participant, ...]
) -> None:
    everyone = (*recipients, *copies)
    addresses = [one for one in everyone if one.type == "EMAIL"]
    if addresses and len(addresses) < len(everyone):
        within = any(one.type == "EMAIL" for one in recipients)
        if within and world.injects("email-mixed-with-others-accepted"):
            return
        if not within and world.injects("email-as-copy-accepted"):
            return
        raise bad_request("EMAIL can't be mixed with other types of recipients.")
    if len(addresses) > 1 and not world.injects("two-emails-accepted"):
        raise bad_request("Only one EMAIL address is allowed over recipients and carbon copies.")


def _read(world: World, tenant: str, body: dict[str, Any], name: str) -> tuple[Participant, ...]:
    return tuple(_recipient(world, tenant, entry, name) for entry in objects(body, name))


def _recipient(world: World, tenant: str, entry: dict[str, Any], name: str) -> Participant:
    participant = Participant(required_text(entry, "id"), required_text(entry, "type"))
    if participant.type == "PERSON" and world.injects("person-as-recipient-accepted"):
        return participant
    if participant.type not in _KINDS:
        raise bad_request(f"the type of {name} must be one of {', '.join(_KINDS)}.")
    if participant.type == "EMAIL":
        if not _ADDRESS.fullmatch(participant.id):
            raise bad_request(f"{name} has an EMAIL that is not an address.")
    elif not world.directory.receives(tenant, participant.id, participant.type):
        raise bad_request(f"{name} names a recipient that is not known.")
    return participant
