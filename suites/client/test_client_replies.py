"""What a client sends: replies."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from golive import NotSeenError, Steps, Wrong, check, cured_by
from suites.client import seen
from suites.client.citations import SEND

if TYPE_CHECKING:
    from collections.abc import Iterator

    from golive import Exchange

AREA = "client sending"


def _replies(sendings: Steps) -> list[Exchange]:
    found = [one for one in sendings.values() if seen.body(one).get("previousMessageId")]
    if not found:
        raise NotSeenError("the client sent no reply")
    return found


@check("client-reply-says-so", area=AREA, level="should", basis="documented", source=SEND)
@cured_by("Put Re: before the subject of the message that is answered.")
def test_the_subject_of_a_reply_says_so(sendings: Steps) -> Iterator[Wrong]:
    """The subject of a reply begins with Re:, that of a forwarded message with Fw:."""
    for one in _replies(sendings):
        subject = str(seen.body(one).get("subject") or "")
        if not re.match(r"(?:re|fwd?):", subject, re.IGNORECASE):
            yield Wrong(
                one,
                "request:/subject",
                "Re: or Fw: at its beginning",
                "another beginning" if subject else "absent",
            )


@check(
    "client-replies-where-it-may",
    area=AREA,
    level="must",
    basis="documented",
    source="contract-facts §2.3, §2.4, §3",
)
@cured_by("Offer an answer only where canReply is true and the item is a MESSAGE.")
def test_a_reply_is_sent_where_it_may(
    sendings: Steps, requests_of_client: Steps
) -> Iterator[Wrong]:
    """No reply answers a reminder, or a message that says canReply: false."""
    closed: dict[str, str] = {}
    for one in requests_of_client.values():
        if one.request.operation == "listInboxItems":
            items = seen.listed(one).items.items()
            closed |= {
                n: "a reminder" for n, it in items if it.get("notificationType") == "REMINDER"
            }
        elif one.request.operation == "getMessage" and seen.answer(one).get("canReply") is False:
            closed[seen.message_id(one)] = "a message with canReply: false"

    for one in _replies(sendings):
        before = str(seen.body(one)["previousMessageId"])
        if before in closed:
            yield Wrong(
                one, "request:/previousMessageId", "a message that may be answered", closed[before]
            )


@check(
    "client-replies-to-the-same-patient", area=AREA, level="should", basis="inferred", source=SEND
)
@cured_by("Take patientId from the list in which the message stood.")
def test_a_reply_is_to_the_same_patient(
    sendings: Steps, requests_of_client: Steps
) -> Iterator[Wrong]:
    """A reply answers a message of the patient whom it names."""
    owners: dict[str, set[str]] = defaultdict(set)
    for one in filter(seen.lists, requests_of_client.values()):
        for name in seen.listed(one).items:
            owners[name].add(seen.query(one).get("patientId", ""))

    for one in _replies(sendings):
        message = seen.body(one)
        known, named = owners.get(str(message["previousMessageId"])), message.get("patientId")
        if known and named and str(named) not in known:
            yield Wrong(
                one, "request:/previousMessageId", "a message of the patient", "one of another's"
            )


@check(
    "client-replies-in-the-same-encounter", area=AREA, level="must", basis="documented", source=SEND
)
@cured_by("Leave encounter out of a reply: it is carried forward.")
def test_a_reply_keeps_the_encounter(sendings: Steps, requests_of_client: Steps) -> Iterator[Wrong]:
    """A reply that names an encounter names that of the message before."""
    known: dict[str, str] = {}
    for one in requests_of_client.values():
        if one.request.operation == "getMessage" and one.succeeded:
            known[seen.message_id(one)] = _id(seen.answer(one).get("encounter"))

    for one in _replies(sendings):
        message = seen.body(one)
        named = _id(message.get("encounter"))
        before = known.get(str(message["previousMessageId"]))
        if named and before is not None and named != before:
            yield Wrong(one, "request:/encounter", "that of the message before", "another one")


def _id(member: Any) -> str:
    found = member.get("id") if isinstance(member, dict) else member
    return str(found or "")
