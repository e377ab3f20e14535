"""What golive can't read from the description of Messages, for generated requests and for `golive prove`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from golive import Environment, Exchange, NotClaimedError, Operation, Plain, hookimpl
from suites.messages.kept import kept_as_changed, kept_as_sent
from suites.messages.lists import some_items
from suites.messages.sending import valid_send_body
from suites.messages.status_choice import status_entry, with_versions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from golive import Category, Mutant, Recording

    Read = Callable[..., Exchange]

SUBJECT = "golive generated"
"""The subject of every plain message: always the same, so that a seed gives the same requests again."""


@hookimpl
def golive_categories(operation: Operation) -> Iterable[Category]:
    """Members of the two bodies, and what else has a form of its own."""
    from suites.messages.unusual import categories  # only now: hypothesis takes long to import

    return categories(operation)


@hookimpl
def golive_plain_request(
    operation: Operation, environment: Environment
) -> Callable[[Read], Plain] | None:
    """The plain requests that need ids and versions which the deployment has at that moment, or a page of XHTML."""
    data = environment.test_data
    match operation.operation_id:
        case "sendMessage":
            body = valid_send_body(environment, SUBJECT)
            return lambda _: Plain(body=body)
        case "updateMessageStatus":
            if "listInboxItems" not in environment.claims.operations:
                raise NotClaimedError("claims.operations")
            return _status_update(_given("write_patient", data.write_patient, operation))
    return None


def _given(key: str, value: str | None, operation: Operation) -> str:
    if value is None:
        raise NotClaimedError(f"test_data.{key}", operation=operation.operation_id)
    return value


def _status_update(patient: str) -> Callable[[Read], Plain]:
    def plain(read: Read) -> Plain:
        inbox = read("listInboxItems", query={"patientId": patient})
        item = with_versions(
            some_items(inbox)[0], lambda one: read("getMessage", path={"patientMessageId": one})
        )
        entry = status_entry(item)
        return Plain(body={"patientId": patient, "messages": [entry], "status": "OPENED"})

    return plain


@hookimpl
def golive_sequence_rules() -> dict[str, Any]:
    """What was written is found again."""
    return {"kept-as-sent": kept_as_sent, "kept-as-changed": kept_as_changed}


@hookimpl
def golive_faults(recording: Recording) -> Iterable[Mutant]:
    """Lists in another order, items that are missing or strange, details that disagree with the list."""
    from suites.messages.faults import faults

    return faults(recording)
