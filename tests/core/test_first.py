"""The exchanges that come first."""

from dataclasses import replace

import pytest

from golive.contract.outcomes import CouldNotTellError, NotClaimedError
from golive.diagnosis.preflight import probes as first
from golive.environment import Environment
from golive.transport.api import MessagesApi
from golive.transport.plain import claimed_data
from golive.transport.token import TokenClient
from golive.twin import Twin


def of(api: MessagesApi, tokens: TokenClient, environment: Environment) -> MessagesApi:
    """The same door for another environment."""
    return MessagesApi(api._client, tokens, environment, api.contract)


def test_the_first_exchanges_succeed_against_a_fault_free_twin(
    api: MessagesApi, tokens: TokenClient, environment: Environment
) -> None:
    assert first.key_set(api, environment).json["keys"]
    assert first.token_granted(tokens, environment).status == 200
    probes = first.probes(api.contract, environment)
    assert [one.operation_id for one in probes] == [
        "listInboxItems",
        "listSentItems",
        "listGroupInboxes",
        "listCodeValues",
    ]
    assert {first.reading(api, one).status for one in probes} == {200}
    inbox = api.plain("listInboxItems", name="inbox_items")
    assert inbox.name == "inbox_items"
    one = api.plain("getMessage", name="one_message", after=inbox)
    assert one.json["id"] == inbox.json["items"][0]["id"]
    claimed = inbox.json["items"][1]["id"]
    other = replace(environment, test_data=replace(environment.test_data, message=claimed))
    assert of(api, tokens, other).plain("getMessage", name="x", after=inbox).json["id"] == claimed


def test_a_refused_token_is_an_answer_to_look_at(environment: Environment, make_exchange) -> None:
    class Refusing:
        def send(self, request, name):
            return make_exchange({"error": "invalid_client"}, status=401, name=name)

    exchange = first.token_granted(TokenClient(Refusing()), environment)  # type: ignore[arg-type]
    assert (exchange.status, exchange.name) == (401, "token_granted")


def test_what_is_not_claimed_is_not_asked(
    api: MessagesApi, tokens: TokenClient, environment: Environment, make_exchange, twin: Twin
) -> None:
    before = len(twin.requests)
    claims = replace(environment.claims, operations=())
    nothing = of(api, tokens, replace(environment, claims=claims))
    nobody = replace(environment, test_data=replace(environment.test_data, patient=None))
    for operation in ("listInboxItems", "listSentItems"):
        with pytest.raises(NotClaimedError, match=r"claims\.operations"):
            nothing.plain(operation, name="x")
        with pytest.raises(NotClaimedError, match=r"test_data\.patient"):
            of(api, tokens, nobody).plain(operation, name="x")
    some, none = (
        make_exchange({"items": items}, operation="listInboxItems") for items in ([{"id": "1"}], [])
    )
    with pytest.raises(NotClaimedError, match=r"claims\.operations"):
        nothing.plain("getMessage", name="x", after=some)
    with pytest.raises(NotClaimedError, match=r"test_data\.message"):
        api.plain("getMessage", name="x")
    for answer, why in ((none, "no items"), (replace(some, response=none.response), "no items")):
        with pytest.raises(CouldNotTellError, match=why):
            api.plain("getMessage", name="x", after=answer)
    for body in ({"items": [{}]}, {"items": [{"id": True}]}, {"items": {}}, []):
        odd = make_exchange(body, operation="listInboxItems")
        with pytest.raises(CouldNotTellError, match="inferred member id is absent"):
            api.plain("getMessage", name="x", after=odd)
    refused = make_exchange({}, status=400, operation="listInboxItems")
    with pytest.raises(CouldNotTellError, match="answered 400, not a list"):
        api.plain("getMessage", name="x", after=refused)
    assert len(twin.requests) == before


def test_another_patient_can_be_asked_for(environment: Environment) -> None:
    assert claimed_data(environment, "listInboxItems", "empty_patient") == "12700200"


def test_a_token_by_assertion_needs_an_account_with_a_key(
    tokens: TokenClient, environment: Environment
) -> None:
    assert first.granted_by_assertion(tokens, environment).status == 200
    bare = replace(environment, claims=replace(environment.claims, accounts={}))
    with pytest.raises(NotClaimedError, match=r"^claims\.accounts\.private_key_jwt$"):
        first.granted_by_assertion(tokens, bare)
