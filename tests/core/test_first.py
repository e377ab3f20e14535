"""The exchanges that come first."""

from dataclasses import replace

import pytest

from golive.contract.outcomes import CouldNotTellError, NotClaimedError
from golive.diagnosis.preflight import probes as first
from golive.environment import Environment
from golive.transport.api import MessagesApi
from golive.transport.token import TokenClient
from golive.twin import Twin


def test_the_first_exchanges_succeed_against_an_honest_twin(
    api: MessagesApi, tokens: TokenClient, environment: Environment
) -> None:
    assert first.key_set(api, environment).json["keys"]
    assert first.token_granted(tokens, environment).status == 200
    inbox = first.inbox_items(api, environment)
    assert inbox.name == "inbox_items"
    assert first.sent_items(api, environment).name == "sent_items"
    one = first.one_message(api, environment, inbox)
    assert one.json["id"] == inbox.json["items"][0]["id"]
    claimed = inbox.json["items"][1]["id"]
    other = replace(environment, test_data=replace(environment.test_data, message=claimed))
    assert first.one_message(api, other, inbox).json["id"] == claimed


def test_a_refused_token_is_an_answer_to_look_at(environment: Environment, make_exchange) -> None:
    class Refusing:
        def send(self, request, name):
            return make_exchange({"error": "invalid_client"}, status=401, name=name)

    exchange = first.token_granted(TokenClient(Refusing()), environment)  # type: ignore[arg-type]
    assert (exchange.status, exchange.name) == (401, "token_granted")


def test_what_is_not_claimed_is_not_asked(
    api: MessagesApi, environment: Environment, make_exchange, twin: Twin
) -> None:
    before = len(twin.requests)
    nothing = replace(environment, claims=replace(environment.claims, operations=()))
    nobody = replace(environment, test_data=replace(environment.test_data, patient=None))
    for ask in (first.inbox_items, first.sent_items):
        with pytest.raises(NotClaimedError, match=r"claims\.operations"):
            ask(api, nothing)
        with pytest.raises(NotClaimedError, match=r"test_data\.patient"):
            ask(api, nobody)
    with pytest.raises(NotClaimedError, match=r"claims\.operations"):
        first.one_message(api, nothing, make_exchange({"items": [{"id": "1"}]}))
    with pytest.raises(CouldNotTellError):
        first.one_message(api, environment, make_exchange({"items": []}))
    assert len(twin.requests) == before


def test_another_patient_can_be_asked_for(environment: Environment) -> None:
    assert first.claimed_patient(environment, "listInboxItems", "empty_patient") == "12700200"


def test_a_token_by_assertion_needs_an_account_with_a_key(
    tokens: TokenClient, environment: Environment
) -> None:
    assert first.granted_by_assertion(tokens, environment).status == 200
    bare = replace(environment, claims=replace(environment.claims, accounts={}))
    with pytest.raises(NotClaimedError, match=r"^claims\.accounts\.private_key_jwt$"):
        first.granted_by_assertion(tokens, bare)
