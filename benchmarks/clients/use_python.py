"""Calls every operation with the client that openapi-python-client has made; any surprise ends it with an error."""

from __future__ import annotations

import os

from messages_api import AuthenticatedClient
from messages_api.api.changes import send_message, update_message_status
from messages_api.api.lists import list_inbox_items, list_sent_items
from messages_api.api.message import get_message
from messages_api.models import (
    CreateSentItemDetails,
    GatewayError,
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

PATIENT = os.environ["MESSAGES_PATIENT"]
SINCE = "2020-01-01T00:00:00Z"


def main() -> None:
    """List, read, send, find, change, and be refused."""
    api = AuthenticatedClient(os.environ["MESSAGES_API"], os.environ["MESSAGES_TOKEN"])

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
            recipients=[
                Recipient(id=os.environ["MESSAGES_RECIPIENT"], type_=RecipientType.PERSONNEL)
            ],
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

    refused = get_message.sync_detailed(
        first.id, client=AuthenticatedClient(os.environ["MESSAGES_API"], "no-token")
    )
    assert refused.status_code == 401
    assert isinstance(refused.parsed, GatewayError)
    print(f"  refused without a token: {refused.parsed.code}")


if __name__ == "__main__":
    main()
