"""Calls every operation with the client that openapi-python-client has made; any surprise ends it with an error."""

from __future__ import annotations

import os

import httpx
from messages_api import AuthenticatedClient
from messages_api.api.changes import send_message, update_message_status
from messages_api.api.lists import list_inbox_items, list_sent_items
from messages_api.api.message import get_message
from messages_api.models import (
    AnyError,
    CreateSentItemDetails,
    InboxItem,
    InboxItems,
    MessageSimple,
    ModifyMessagesStatusDetails,
    ModifyMessagesStatusDetailsStatus,
    ParticipantSimple,
    ParticipantSimpleType,
    PatientMessage,
    Recipient,
    RecipientType,
    SentItem,
    SentItemCreated,
    SentItems,
)

GIVEN = os.environ
PATIENT = GIVEN["GOLIVE_WRITE_PATIENT"]
SINCE = "2020-01-01T00:00:00Z"


def granted() -> str:
    """Take an access token."""
    answer = httpx.post(
        GIVEN["GOLIVE_TOKEN_URL"],
        auth=(GIVEN["GOLIVE_CLIENT_ID"], GIVEN["GOLIVE_CLIENT_SECRET"]),
        data={"grant_type": "client_credentials", "scope": GIVEN["GOLIVE_SCOPE"]},
        headers={"Accept": "application/json"},
    )
    token = answer.raise_for_status().json()["access_token"]
    assert isinstance(token, str)
    return token


def main() -> None:
    """List, read, send, find, change, and be refused."""
    base = GIVEN["GOLIVE_API_URL"].removesuffix("/20241001")
    api = AuthenticatedClient(base, granted())

    inbox = list_inbox_items.sync(
        client=api, patient_id=PATIENT, create_date_time_greater_than_or_equal_to=SINCE
    )
    assert isinstance(inbox, InboxItems), inbox
    first = inbox.items[0]
    assert isinstance(first, InboxItem)
    print(f"  listInboxItems: {len(inbox.items)} items, the first {first.status.value}")

    message = get_message.sync(first.id, client=api)
    assert isinstance(message, PatientMessage), message
    assert message.subject == first.subject
    assert message.create_date_time == first.create_date_time
    print(f"  getMessage: {len(message.content)} characters, {message.create_date_time.time_zone}")

    sent = send_message.sync(
        client=api,
        body=CreateSentItemDetails(
            content='<html xmlns="http://www.w3.org/1999/xhtml"><head><title>Test</title></head>'
            "<body><p>Made by a generated client.</p></body></html>",
            message_sender=ParticipantSimple(id=PATIENT, type_=ParticipantSimpleType.PERSON),
            patient_id=PATIENT,
            recipients=[Recipient(id=GIVEN["GOLIVE_RECIPIENT_ID"], type_=RecipientType.PERSONNEL)],
            subject="From a generated client",
        ),
    )
    assert isinstance(sent, SentItemCreated), sent
    listed = list_sent_items.sync(client=api, patient_id=PATIENT)
    assert isinstance(listed, SentItems), listed
    found = next(item for item in listed.items if item.id == sent.id)
    assert isinstance(found, SentItem)
    print(f"  sendMessage, listSentItems: {found.subject}")

    assert isinstance(first.notification_version, int)
    assert isinstance(first.recipient_notification_version, int)
    was_opened = first.status.value == "OPENED"
    wanted = "UNREAD" if was_opened else "OPENED"
    changed = update_message_status.sync_detailed(
        client=api,
        body=ModifyMessagesStatusDetails(
            messages=[
                MessageSimple(
                    id=first.id,
                    notification_version=first.notification_version,
                    recipient_notification_version=first.recipient_notification_version,
                )
            ],
            patient_id=PATIENT,
            status=ModifyMessagesStatusDetailsStatus(wanted),
        ),
    )
    assert changed.status_code == 200, changed
    again = get_message.sync(first.id, client=api)
    assert isinstance(again, PatientMessage)
    assert again.status == wanted
    print(f"  updateMessageStatus: {first.status.value} to {again.status}")

    absent = get_message.sync_detailed("999999", client=api)
    assert absent.status_code == 404
    assert isinstance(absent.parsed, AnyError), absent
    print(f"  getMessage of no message: {absent.parsed.code}")


if __name__ == "__main__":
    main()
