"""The changes of status that a client asks for, and the recipients that it validates."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from golive import Steps, Wrong, check, cured_by
from suites.client import seen
from suites.common.lists import integer_of, objects

if TYPE_CHECKING:
    from collections.abc import Iterator

    from golive import Exchange


STATUS = "contract-facts §2.5"


@check("client-status-has-its-members", level="must", basis="documented", source=STATUS)
@cured_by("Fill the three members; each is required.")
def test_a_change_of_status_has_its_members(status_changes: Steps) -> Iterator[Wrong]:
    """A change of status names messages, patientId and status."""
    for one in status_changes.values():
        change = seen.body(one)
        for name in ("messages", "patientId", "status"):
            if change and change.get(name) in (None, "", []):
                yield Wrong(
                    one, f"request:/{name}", "present", "absent" if name not in change else "empty"
                )


@check("client-status-is-a-known-word", level="must", basis="documented", source=STATUS)
@cured_by("Write one of the three words, in capitals.")
def test_the_status_is_a_known_word(status_changes: Steps) -> Iterator[Wrong]:
    """A status is UNREAD, OPENED or DELETED."""
    for one in status_changes.values():
        status = seen.body(one).get("status")
        if status is not None and status not in ("UNREAD", "OPENED", "DELETED"):
            yield Wrong(one, "request:/status", "UNREAD, OPENED or DELETED", str(status) or "empty")


def _changed(one: Exchange) -> list[dict[str, Any]]:
    return objects(seen.body(one).get("messages"))


@check("client-status-names-at-most-100", level="must", basis="documented", source=STATUS)
@cured_by("Send a request for each hundred.")
def test_a_change_of_status_names_at_most_100(status_changes: Steps) -> Iterator[Wrong]:
    """A change of status names at most 100 messages."""
    for one in status_changes.values():
        number = len(_changed(one))
        if number > MOST:
            yield Wrong(one, "request:/messages", f"at most {MOST}", f"{number} messages")


MOST = 100


@check("client-status-names-versions", level="must", basis="documented", source=STATUS)
@cured_by("Take id and both versions from the item of the list.")
def test_a_change_of_status_names_versions(status_changes: Steps) -> Iterator[Wrong]:
    """Each message of a change of status has its id and both of its versions, which are numbers."""
    for one in status_changes.values():
        for index, each in enumerate(_changed(one)):
            if not isinstance(each.get("id"), str) or not each.get("id"):
                yield Wrong(
                    one,
                    f"request:/messages/{index}/id",
                    "an id, as text",
                    "absent" if "id" not in each else "another value",
                )
            for name in ("notificationVersion", "recipientNotificationVersion"):
                if type(each.get(name)) is not int:
                    actual = "absent" if name not in each else "another value"
                    yield Wrong(one, f"request:/messages/{index}/{name}", "a whole number", actual)


@check(
    "client-status-names-the-versions-that-it-read",
    level="should",
    basis="inferred",
    source="contract-facts §2.5, §9",
)
@cured_by(
    "Read the list again before the change, and pass its versions on: they are an optimistic lock."
)
def test_versions_are_those_last_read(
    status_changes: Steps, requests_of_client: Steps
) -> Iterator[Wrong]:
    """The versions of a change of status are those that the client read last."""
    known: dict[str, dict[str, Any]] = {}
    names = ("notificationVersion", "recipientNotificationVersion")

    spent: dict[str, str] = {}
    for one in sorted(requests_of_client.values(), key=lambda one: one.ended_at):
        if one.request.operation == "listInboxItems":
            items = seen.listed(one).items
            known.update(items)
            spent = {name: said for name, said in spent.items() if name not in items}
        elif one.request.operation == "getMessage" and one.succeeded:
            known[seen.message_id(one)] = seen.answer(one)
            spent.pop(seen.message_id(one), None)
        elif one.request.operation == "updateMessageStatus":
            for index, each in enumerate(_changed(one)):
                read = known.get(str(each.get("id")), {})
                for name in names:
                    if (
                        name in read
                        and integer_of(each.get(name)) is not None
                        and each[name] != read[name]
                    ):
                        at = f"request:/messages/{index}/{name}"
                        yield Wrong(one, at, f"{read[name]}, as last read", str(each[name]))
                if changed := spent.get(str(each.get("id"))):
                    at = f"request:/messages/{index}"
                    yield Wrong(one, at, "versions read after the change before", changed)
            if one.succeeded:
                said = f"those of before request {one.number}, which changed the message"
                spent |= {str(each.get("id")): said for each in _changed(one)}


@check(
    "client-status-is-of-received-messages",
    level="must",
    basis="documented",
    source="contract-facts §3",
)
@cured_by("Change the status of inbox items alone.")
def test_a_change_of_status_is_of_received_messages(
    status_changes: Steps, requests_of_client: Steps
) -> Iterator[Wrong]:
    """A change of status is one of messages of the inbox; sent items have none."""
    received, sent = (
        {
            name
            for one in requests_of_client.values()
            if one.request.operation == operation
            for name in seen.listed(one).items
        }
        for operation in seen.LISTS
    )

    for one in status_changes.values():
        for index, each in enumerate(_changed(one)):
            if str(each.get("id")) in sent - received:
                yield Wrong(
                    one, f"request:/messages/{index}/id", "a received message", "a sent item"
                )


@check("client-status-has-one-owner", level="must", basis="documented", source=STATUS)
@cured_by("Group the messages by patient, and send a request for each.")
def test_a_change_of_status_has_one_owner(
    status_changes: Steps, requests_of_client: Steps
) -> Iterator[Wrong]:
    """All messages of a change of status are those of the patient whom it names."""
    owners: dict[str, set[str]] = defaultdict(set)
    for one in requests_of_client.values():
        if one.request.operation == "listInboxItems":
            for name in seen.listed(one).items:
                owners[name].add(seen.query(one).get("patientId", ""))

    for one in status_changes.values():
        patient = str(seen.body(one).get("patientId") or "")
        for index, each in enumerate(_changed(one)):
            known = owners.get(str(each.get("id")))
            if known and patient and patient not in known:
                yield Wrong(
                    one,
                    f"request:/messages/{index}/id",
                    "a message of the patient",
                    "one of another patient's inbox",
                )


@check(
    "client-validates-by-recipient-type",
    level="must",
    basis="documented",
    source="contract-facts §2.8",
)
@cured_by("Here the member is recipientType; in a message it is type.")
def test_recipients_are_validated_by_their_type(validations: Steps) -> Iterator[Wrong]:
    """ValidateRecipients names a category, and of each recipient its id and recipientType."""
    for one in validations.values():
        asked = seen.body(one)
        if asked and asked.get("category") not in ("MESSAGES", "REMINDERS"):
            yield Wrong(
                one,
                "request:/category",
                "MESSAGES or REMINDERS",
                str(asked.get("category") or "absent"),
            )
        listed = asked.get("recipients")
        for index, each in enumerate(listed if isinstance(listed, list) else []):
            kind = each.get("recipientType") if isinstance(each, dict) else None
            if kind not in ("GROUPINBOX", "PERSONNEL"):
                yield Wrong(
                    one,
                    f"request:/recipients/{index}/recipientType",
                    "GROUPINBOX or PERSONNEL",
                    str(kind or "absent"),
                )
