"""What a client sends: messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from golive import NotSeenError, Steps, Wrong, check, cured_by
from suites.client import seen
from suites.client.citations import SEND
from suites.common.lists import objects

if TYPE_CHECKING:
    from collections.abc import Iterator

    from golive import Exchange


REQUIRED = ("content", "messageSender", "patientId", "recipients")


TYPES = ("PERSONNEL", "GROUPINBOX", "EMAIL")


@check("client-message-has-its-members", level="must", basis="documented", source=SEND)
@cured_by("Fill the four members; each is required.")
def test_a_message_has_its_members(sendings: Steps) -> Iterator[Wrong]:
    """A message that is sent has content, messageSender, patientId and recipients."""
    for one in sendings.values():
        message = seen.body(one)
        for name in REQUIRED:
            if message and message.get(name) in (None, ""):
                yield Wrong(
                    one, f"request:/{name}", "present", "absent" if name not in message else "empty"
                )


@check("client-sends-as-a-person", level="must", basis="documented", source=SEND)
@cured_by("Send as the patient, or a person who acts for the patient: type PERSON.")
def test_the_sender_is_a_person(sendings: Steps) -> Iterator[Wrong]:
    """The sender of a message has the type PERSON."""
    for one in sendings.values():
        sender = seen.body(one).get("messageSender")
        if isinstance(sender, dict) and sender.get("type") != "PERSON":
            yield Wrong(
                one, "request:/messageSender/type", "PERSON", str(sender.get("type") or "absent")
            )


@check("client-names-a-recipient", level="must", basis="documented", source=SEND)
@cured_by("Stop before the request where nobody is chosen.")
def test_a_message_has_a_recipient(sendings: Steps) -> Iterator[Wrong]:
    """A message has at least one recipient."""
    for one in sendings.values():
        if seen.body(one).get("recipients") == []:
            yield Wrong(one, "request:/recipients", "at least one", "none")


@check("client-recipients-are-of-an-allowed-type", level="must", basis="documented", source=SEND)
@cured_by("Write type, one of these, in capitals; recipientType is validateRecipients' word.")
def test_each_recipient_has_an_allowed_type(sendings: Steps) -> Iterator[Wrong]:
    """Each recipient, and each copy's, has the type PERSONNEL, GROUPINBOX or EMAIL."""
    for one in sendings.values():
        for at, each in seen.participants(seen.body(one)):
            if each.get("type") not in TYPES:
                yield Wrong(
                    one,
                    f"request:{at}/type",
                    "PERSONNEL, GROUPINBOX or EMAIL",
                    str(each.get("type") or "absent"),
                )


@check("client-recipients-have-ids", level="must", basis="documented", source=SEND)
@cured_by("Keep ids as text from the answer that gave them to the request.")
def test_each_recipient_has_an_id(sendings: Steps) -> Iterator[Wrong]:
    """Each recipient, each copy's and the sender have an id, which is text."""
    for one in sendings.values():
        message = seen.body(one)
        sender = message.get("messageSender")
        everybody = [*seen.participants(message)]
        everybody += [("/messageSender", sender)] if isinstance(sender, dict) else []
        for at, each in everybody:
            found = each.get("id")
            if not isinstance(found, str) or not found.strip():
                kind = "a number" if isinstance(found, int) else "absent or empty"
                yield Wrong(one, f"request:{at}/id", "an id, as text", kind)


@check("client-mail-stands-alone", level="must", basis="documented", source=SEND)
@cured_by("Send a message of its own to each address.")
def test_a_mail_address_stands_alone(sendings: Steps) -> Iterator[Wrong]:
    """A recipient of the type EMAIL is the only one, copies included."""
    mailing = [one for one in sendings.values() if "EMAIL" in _types(one)]
    if not mailing:
        raise NotSeenError("the client sent to no EMAIL")

    for one in mailing:
        types = _types(one)
        if len(types) > 1:
            others = "other types as well" if set(types) != {"EMAIL"} else f"{len(types)} addresses"
            yield Wrong(one, "request:/recipients", "one EMAIL and nobody else", others)


def _types(one: Exchange) -> list[Any]:
    return [each.get("type") for _, each in seen.participants(seen.body(one))]


@check("client-priority-is-a-known-word", level="must", basis="documented", source=SEND)
@cured_by("HIGH is what people call STAT, NORMAL is ROUTINE.")
def test_the_priority_is_a_known_word(sendings: Steps) -> Iterator[Wrong]:
    """The priority of a message is an object with the value HIGH or NORMAL."""
    chosen = [one for one in sendings.values() if "priority" in seen.body(one)]
    if not chosen:
        raise NotSeenError("the client gave no priority")

    for one in chosen:
        priority = seen.body(one)["priority"]
        value = priority.get("value") if isinstance(priority, dict) else priority
        if value not in ("HIGH", "NORMAL"):
            yield Wrong(one, "request:/priority/value", "HIGH or NORMAL", str(value))
        elif not isinstance(priority, dict):
            yield Wrong(one, "request:/priority", "an object with value", "the word alone")


@check(
    "client-sends-to-valid-recipients",
    level="should",
    basis="documented",
    source="contract-facts §2.8",
)
@cured_by("Stop where isValid is false, and let a person choose another recipient.")
def test_no_message_goes_to_a_recipient_that_is_not_valid(
    requests_of_client: Steps,
    sendings: Steps,
    validations: Steps,
) -> Iterator[Wrong]:
    """No message goes to a recipient that validateRecipients called not valid."""
    invalid: dict[tuple[str, str], Exchange] = {}

    for one in seen.by_time(requests_of_client):
        if one.request.operation == "validateRecipients":
            items = objects(seen.answer(one).get("items"))
            said = {str(each.get("id")): each.get("isValid") for each in items}
            for each in objects(seen.body(one).get("recipients")):
                named = str(each.get("id")), str(each.get("recipientType"))
                if said.get(named[0]) is False:
                    invalid[named] = one
                else:
                    invalid.pop(named, None)
        elif one.request.operation == "sendMessage":
            for at, each in seen.participants(seen.body(one)):
                before = invalid.get((str(each.get("id")), str(each.get("type"))))
                if before:
                    why = f"isValid: false in the answer to request {before.number}"
                    yield Wrong(one, f"request:{at}/id", "a recipient that is valid", why)


@check("client-time-zone-is-a-name", level="must", basis="documented", source=SEND)
@cured_by("Send the name of the zone, not an offset or an abbreviation.")
def test_the_time_zone_is_a_name(sendings: Steps) -> Iterator[Wrong]:
    """The header oh-content-time-zone is the name of an IANA time zone, such as America/Chicago."""
    zoned = [
        one
        for one in sendings.values()
        if one.request.headers.get("oh-content-time-zone") is not None
    ]
    if not zoned:
        raise NotSeenError("the client sent no oh-content-time-zone")

    for one in zoned:
        name = one.request.headers.get("oh-content-time-zone") or ""
        try:
            ZoneInfo(name)
        except (ValueError, OSError, LookupError):
            yield Wrong(
                one,
                "request:header:oh-content-time-zone",
                "the name of an IANA zone",
                name or "empty",
            )
