"""What the contract says of a place."""

from __future__ import annotations

import pytest

from golive.contract.operations import ADDRESS
from golive.drift.promises import KINDS, Promises


@pytest.fixture
def inbox(contract):
    return Promises(contract, f"{ADDRESS}messages-20241001/inbox-items.schema.json")


def test_a_member_is_found_through_references_and_branches(inbox):
    promise = inbox.at("/items/[]/createDateTime/dateTime")
    assert promise.known
    assert promise.types == {"string"}
    assert promise.node is not None
    assert promise.node.address == (
        "messages-20241001/date-time-with-zone.schema.json#/properties/dateTime"
    )


def test_an_enumeration_is_found_in_whatever_branch_says_it(inbox):
    assert inbox.at("/items/[]/status").values == {"UNREAD", "OPENED", "DELETED"}
    assert inbox.at("/items/[]/subject").values is None


def test_who_requires_a_member_and_how_that_is_known(inbox):
    promise = inbox.at("/items/[]/status")
    assert promise.required_by is not None
    assert promise.basis == "inferred"
    assert inbox.at("/items/[]/encounter").required_by is None


def test_what_only_a_branch_requires_binds_nobody(contract, inbox):
    assert inbox.at("/items/[]/createDateTime/timeZone").required_by is None
    either = Promises(contract, f"{ADDRESS}oauth/any-error.schema.json")
    assert either.at("/message").required_by is None
    assert either.at("/code").types == {"integer", "string"}


def test_an_unknown_place_is_unknown_and_names_where_it_would_belong(inbox):
    promise = inbox.at("/items/[]/archived")
    assert not promise.known
    assert promise.basis == "unknown"
    assert promise.types == KINDS
    assert promise.node is not None
    assert promise.node.address == "messages-20241001/list-item.schema.json#"


def test_items_of_which_nothing_is_known_stay_unknown(contract):
    message = Promises(contract, f"{ADDRESS}messages-20241001/patient-message.schema.json")
    assert message.at("/recipients").known
    assert not message.at("/recipients/[]").known
    assert message.at("/attachments/[]").known


def test_a_forbidden_member_is_forbidden(contract):
    keys = Promises(contract, f"{ADDRESS}oauth/key-set.schema.json")
    assert keys.at("/keys/[]/d").forbidden
    assert not keys.at("/keys/[]/kid").forbidden


def test_a_number_may_be_an_integer(contract):
    claims = Promises(contract, f"{ADDRESS}oauth/access-token-claims.schema.json")
    assert claims.at("/exp").types == {"integer", "number"}


def test_a_member_with_a_slash_in_its_name_is_found(contract):
    claims = Promises(contract, f"{ADDRESS}oauth/access-token-claims.schema.json")
    assert claims.child("", "a/b") == "/a~1b"
    assert claims.at("/urn:com:cerner:authorization:claims/tnt").known


def test_without_a_schema_nothing_is_known(contract):
    assert not Promises(contract, None).at("/x").known
    assert Promises(contract, None).at("").node is None


def test_a_schema_that_refers_to_itself_ends():
    class Loop:
        def resolve(self, base, reference):
            return base, {"allOf": [{"$ref": "#"}], "properties": {"a": True}}

    promise = Promises(Loop(), "loop").at("/a")  # type: ignore[arg-type]
    assert promise.known
    assert promise.types == KINDS
