"""What a client sends: messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from golive import NotSeenError, Steps, Wrong, check, demand, demand_of_each
from suites.client import seen
from suites.client.citations import SEND

if TYPE_CHECKING:
    from collections.abc import Iterator

    from golive import Exchange


REQUIRED = ("content", "messageSender", "patientId", "recipients")


TYPES = ("PERSONNEL", "GROUPINBOX", "EMAIL")


@check("client-message-has-its-members", level="must", basis="documented", source=SEND)
def test_a_message_has_its_members(sendings: Steps) -> None:
    """A message that is sent has content, messageSender, patientId and recipients."""

    def rule(one: Exchange) -> Iterator[tuple[str, str, str]]:
        message = seen.body(one)
        for name in REQUIRED:
            if message and message.get(name) in (None, ""):
                yield f"request:/{name}", "present", "absent" if name not in message else "empty"

    demand_of_each(sendings.values(), rule, "Fill the four members; each is required.")


@check("client-sends-as-a-person", level="must", basis="documented", source=SEND)
def test_the_sender_is_a_person(sendings: Steps) -> None:
    """The sender of a message has the type PERSON."""

    def rule(one: Exchange) -> Iterator[tuple[str, str, str]]:
        sender = seen.body(one).get("messageSender")
        if isinstance(sender, dict) and sender.get("type") != "PERSON":
            yield "request:/messageSender/type", "PERSON", str(sender.get("type") or "absent")

    demand_of_each(
        sendings.values(),
        rule,
        "Send as the patient, or a person who acts for the patient: type PERSON.",
    )


@check("client-names-a-recipient", level="must", basis="documented", source=SEND)
def test_a_message_has_a_recipient(sendings: Steps) -> None:
    """A message has at least one recipient."""

    def rule(one: Exchange) -> Iterator[tuple[str, str, str]]:
        if seen.body(one).get("recipients") == []:
            yield "request:/recipients", "at least one", "none"

    demand_of_each(sendings.values(), rule, "Stop before the request where nobody is chosen.")


@check("client-recipients-are-of-an-allowed-type", level="must", basis="documented", source=SEND)
def test_each_recipient_has_an_allowed_type(sendings: Steps) -> None:
    """Each recipient, and each copy's, has the type PERSONNEL, GROUPINBOX or EMAIL."""

    def rule(one: Exchange) -> Iterator[tuple[str, str, str]]:
        for at, each in seen.participants(seen.body(one)):
            if each.get("type") not in TYPES:
                yield (
                    f"request:{at}/type",
                    "PERSONNEL, GROUPINBOX or EMAIL",
                    str(each.get("type") or "absent"),
                )

    demand_of_each(
        sendings.values(),
        rule,
        "Write type, one of these, in capitals; recipientType is validateRecipients' word.",
    )


@check("client-recipients-have-ids", level="must", basis="documented", source=SEND)
def test_each_recipient_has_an_id(sendings: Steps) -> None:
    """Each recipient, each copy's and the sender have an id, which is text."""

    def rule(one: Exchange) -> Iterator[tuple[str, str, str]]:
        message = seen.body(one)
        sender = message.get("messageSender")
        everybody = [*seen.participants(message)]
        everybody += [("/messageSender", sender)] if isinstance(sender, dict) else []
        for at, each in everybody:
            found = each.get("id")
            if not isinstance(found, str) or not found.strip():
                kind = "a number" if isinstance(found, int) else "absent or empty"
                yield f"request:{at}/id", "an id, as text", kind

    demand_of_each(
        sendings.values(), rule, "Keep ids as text from the answer that gave them to the request."
    )


@check("client-mail-stands-alone", level="must", basis="documented", source=SEND)
def test_a_mail_address_stands_alone(sendings: Steps) -> None:
    """A recipient of the type EMAIL is the only one, copies included."""
    mailing = [one for one in sendings.values() if "EMAIL" in _types(one)]
    if not mailing:
        raise NotSeenError("the client sent to no EMAIL")

    def rule(one: Exchange) -> Iterator[tuple[str, str, str]]:
        types = _types(one)
        if len(types) > 1:
            others = "other types as well" if set(types) != {"EMAIL"} else f"{len(types)} addresses"
            yield "request:/recipients", "one EMAIL and nobody else", others

    demand_of_each(mailing, rule, "Send a message of its own to each address.")


def _types(one: Exchange) -> list[Any]:
    return [each.get("type") for _, each in seen.participants(seen.body(one))]


@check("client-priority-is-a-known-word", level="must", basis="documented", source=SEND)
def test_the_priority_is_a_known_word(sendings: Steps) -> None:
    """The priority of a message is an object with the value HIGH or NORMAL."""
    chosen = [one for one in sendings.values() if "priority" in seen.body(one)]
    if not chosen:
        raise NotSeenError("the client gave no priority")

    def rule(one: Exchange) -> Iterator[tuple[str, str, str]]:
        priority = seen.body(one)["priority"]
        value = priority.get("value") if isinstance(priority, dict) else priority
        if value not in ("HIGH", "NORMAL"):
            yield "request:/priority/value", "HIGH or NORMAL", str(value)
        elif not isinstance(priority, dict):
            yield "request:/priority", "an object with value", "the word alone"

    demand_of_each(chosen, rule, "HIGH is what people call STAT, NORMAL is ROUTINE.")


@check(
    "client-sends-to-valid-recipients",
    level="should",
    basis="documented",
    source="contract-facts §2.8",
)
def test_no_message_goes_to_a_recipient_that_is_not_valid(
    requests_of_client: Steps,
    sendings: Steps,
    validations: Steps,
) -> None:
    """No message goes to a recipient that validateRecipients called not valid."""
    invalid: dict[tuple[str, str], Exchange] = {}

    def found() -> Iterator[Wrong]:
        for one in seen.by_time(requests_of_client):
            if one.request.operation == "validateRecipients":
                items = _rows(seen.answer(one), "items")
                said = {str(each.get("id")): each.get("isValid") for each in items}
                for each in _rows(seen.body(one), "recipients"):
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

    demand(found(), "Stop where isValid is false, and let a person choose another recipient.")


def _rows(whole: dict[str, Any], name: str) -> list[dict[str, Any]]:
    found = whole.get(name)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


@check("client-time-zone-is-a-name", level="must", basis="documented", source=SEND)
def test_the_time_zone_is_a_name(sendings: Steps) -> None:
    """The header oh-content-time-zone is the name of an IANA time zone, such as America/Chicago."""
    zoned = [
        one
        for one in sendings.values()
        if one.request.headers.get("oh-content-time-zone") is not None
    ]
    if not zoned:
        raise NotSeenError("the client sent no oh-content-time-zone")

    def rule(one: Exchange) -> Iterator[tuple[str, str, str]]:
        name = one.request.headers.get("oh-content-time-zone") or ""
        try:
            ZoneInfo(name)
        except (ValueError, OSError, LookupError):
            yield "request:header:oh-content-time-zone", "the name of an IANA zone", name or "empty"

    demand_of_each(zoned, rule, "Send the name of the zone, not an offset or an abbreviation.")
