"""What is wrong with a request, and what is not."""

import pytest

from golive.contract.label import Basis
from golive.fuzz.violations import flaws

INBOX = "patientMessages/inboxItems?patientId=1"
DATE = "createDateTimeGreaterThanOrEqualTo"
SEND = {
    "patientId": "1",
    "messageSender": {"id": "1", "type": "PERSON"},
    "recipients": [{"id": "2", "type": "PERSONNEL"}],
    "content": "x",
}


@pytest.mark.parametrize(
    "path",
    [
        INBOX,
        f"{INBOX}&limit=1000&sortBy=priority&sortOrder=ASC&shouldLoadOrganizationSummary=true",
        f"{INBOX}&notificationType=MESSAGE&notificationType=REMINDER",
        f"{INBOX}&{DATE}=0001-01-01T00:00:00Z",
        f"{INBOX}&{DATE}=2016-12-31T23:59:60Z",
        f"{INBOX}&{DATE}=2024-02-29T24:00:00Z",
        f"{INBOX}&unheard=of",
        "patientMessages/720564485.1.5.prsnl",
        "elsewhere",
    ],
)
def test_what_the_contract_allows_or_leaves_open_is_no_flaw(exchange, contract, path):
    assert flaws(exchange(path), contract) == []


@pytest.mark.parametrize(
    ("path", "at", "basis"),
    [
        ("patientMessages/inboxItems", "query:patientId", Basis.DOCUMENTED),
        (f"{INBOX}&patientId=2", "query:patientId", Basis.INFERRED),
        (f"{INBOX}&limit=0", "query:limit", Basis.DOCUMENTED),
        (f"{INBOX}&limit=+1000", "query:limit", Basis.DOCUMENTED),
        (f"{INBOX}&limit={'9' * 5000}", "query:limit", Basis.DOCUMENTED),
        (f"{INBOX}&page=", "query:page", Basis.DOCUMENTED),
        (f"{INBOX}&notificationType=message", "query:notificationType", Basis.DOCUMENTED),
        (f"{INBOX}&sortBy=subject", "query:sortBy", Basis.INFERRED),
        (
            f"{INBOX}&shouldLoadOrganizationSummary=1",
            "query:shouldLoadOrganizationSummary",
            "documented",
        ),
        (f"{INBOX}&{DATE}=2024-02-30T00:00:00Z", f"query:{DATE}", Basis.DOCUMENTED),
        (f"{INBOX}&{DATE}=2024-01-01", f"query:{DATE}", Basis.DOCUMENTED),
        ("patientMessages/1,2", "path:patientMessageId", Basis.DOCUMENTED),
    ],
)
def test_what_the_contract_forbids_is_a_flaw(exchange, contract, path, at, basis):
    found = flaws(exchange(path), contract)
    assert {(flaw.at, flaw.basis) for flaw in found} == {(at, basis)}


def test_a_request_id_with_other_characters_is_a_flaw(exchange, contract):
    one = exchange("patientMessages/1", sent={"opc-request-id": "a/b"})
    assert [flaw.at for flaw in flaws(one, contract)] == ["header:opc-request-id"]


@pytest.mark.parametrize(
    ("body", "at"),
    [
        (SEND, []),
        ({**SEND, "encounter": {"id": "3"}}, []),
        ({**SEND, "subject": None}, ["body:/subject"]),
        ({**SEND, "recipients": []}, ["body:/recipients"]),
        (b"{", ["body"]),
    ],
)
def test_bodies_are_held_against_their_schema_and_may_have_more_members(
    exchange, contract, body, at
):
    one = exchange("patientMessages/sentItems", method="POST", asked=body)
    assert [flaw.at for flaw in flaws(one, contract)] == at


def test_an_operation_is_known_by_its_method_and_path(exchange, contract):
    def named(path, method="GET"):
        found = contract.operation_of(method, exchange(path, method=method).request.url)
        return found and found.operation_id

    assert named(INBOX) == "listInboxItems"
    assert named("patientMessages/sentItems", "POST") == "sendMessage"
    assert named("patientMessages/1.2") == "getMessage"
    assert named("patientMessages/1.2", "DELETE") is None
