"""A double that answered in place of the service is recognised: this machine, a twin elsewhere, mocks."""

from dataclasses import replace

import pytest

from golive.checks.doubles import double
from golive.contract.document import Contract
from golive.contract.publishing import self_contained
from golive.environment import find, load
from golive.exchanges.headers import Headers
from golive.kit.files import resources
from golive.transport.api import MessagesApi
from golive.transport.client import ApiClient
from golive.transport.token import TokenClient
from suites.messages.sending import valid_send_body

EXAMPLE = "720564485.1.5.prsnl"


@pytest.fixture(scope="module")
def contract():
    return Contract(resources() / "schemas")


@pytest.fixture
def environment():
    variables = dict.fromkeys(("GOLIVE_CLIENT_ID", "GOLIVE_CLIENT_SECRET"), "x-y-z-0001")
    return load(find("sandbox"), variables=variables)


@pytest.fixture
def environment_of_twin(twin):
    """A running twin, and the environment that names it."""
    named = load(find("twin"), variables={})
    return twin, named.with_twin(twin.address, twin.accounts, twin.tokens)


@pytest.fixture
def answer(make_exchange):
    def make(body, url="https://api.cernermillennium.com/t/message", **more):
        made = make_exchange(body, **more)
        request = replace(made.request, operation="getMessage", url=url)
        return replace(made, request=request)

    return make


def test_a_program_on_this_machine_is_a_double_and_is_named_by_its_address(environment) -> None:
    local = replace(
        environment,
        apis={
            "messages": replace(
                environment.api, base_url="http://127.0.0.1:8700/api.cernermillennium.com/t/m"
            )
        },
    )
    assert double(local, [], None) == "a double on this machine (127.0.0.1:8700)"
    assert double(environment, [], None) == ""


def test_a_mock_on_this_machine_is_called_a_mock_as_well(environment, answer, contract) -> None:
    local = replace(
        environment,
        apis={"messages": replace(environment.api, base_url="http://127.0.0.1:8700/t/message")},
    )
    assert double(local, [answer({"id": EXAMPLE, "status": "UNREAD"})], contract) == (
        "a mock (its answer to getMessage holds only the contract's examples)"
        " on this machine (127.0.0.1:8700)"
    )
    twin = answer({"id": "1"}, headers={"X-Golive-Twin": "1"})
    assert double(local, [twin], contract) == "a double on this machine (127.0.0.1:8700)"


def test_a_twin_served_elsewhere_says_what_it_is(environment, answer, contract) -> None:
    made = answer({"id": "1"}, headers={"X-Golive-Twin": "1"})
    assert double(environment, [made], contract) == "a twin of golive at api.cernermillennium.com"


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"headers": {"Matched-Stub-Id": "8a1"}}, "a mock (WireMock) at"),
        ({"url": "https://a1.mock.pstmn.io/message"}, "a mock (Postman's mock servers) at"),
    ],
)
def test_well_known_mocks_are_recognised(environment, answer, contract, more, words) -> None:
    assert double(environment, [answer({"id": "1"}, **more)], contract).startswith(words)


@pytest.mark.parametrize(
    ("body", "is_mock"),
    [
        ({"id": EXAMPLE, "status": "UNREAD"}, True),
        ({"content": "string", "createDateTime": {"dateTime": "2024-10-01T00:00:00Z"}}, True),
        ({"id": EXAMPLE, "subject": "Your appointment"}, False),
        ({"status": "UNREAD", "priority": {"value": "HIGH"}}, False),
        ({"canReply": True}, False),
        ([], False),
    ],
)
def test_an_answer_of_nothing_but_examples_is_a_mock(
    environment, answer, contract, body, is_mock
) -> None:
    found = double(environment, [answer(body)], contract)
    assert found.startswith("a mock (its answer to getMessage holds only") is is_mock


def shown(contract):
    """Each operation's answer in a mock that is made from the contract's own document."""
    for item in self_contained(contract, "messages-20241001")["paths"].values():
        for operation in item.values():
            answer = operation["responses"]["200"]
            if "$ref" in answer:
                answer = self_contained(contract, "messages-20241001")["components"]["responses"][
                    "sent"
                ]
            for media in answer.get("content", {}).values():
                yield operation["operationId"], media["example"]


def test_a_mock_made_from_the_contract_is_recognised_by_each_of_its_answers(
    environment, answer, contract
) -> None:
    answers = dict(shown(contract))
    assert set(answers) == {"listInboxItems", "listSentItems", "getMessage", "sendMessage"}
    for operation, body in answers.items():
        made = answer(body)
        made = replace(made, request=replace(made.request, operation=operation))
        assert double(environment, [made], contract) == (
            f"a mock (its answer to {operation} holds only the contract's examples)"
            " at api.cernermillennium.com"
        )


def honest_answers(api, twin):
    """What an honest twin answers to all that an environment can claim."""
    for whose, patient in twin.patients.items():
        if whose.startswith("customer"):  # of another tenant
            continue
        for operation in ("listInboxItems", "listSentItems"):
            listed = api.call(operation, name="list", query={"patientId": patient})
            yield listed
            for item in listed.json["items"][:10]:
                yield api.call("getMessage", name="one", path={"patientMessageId": item["id"]})


def test_a_service_s_answer_is_never_taken_for_a_mocks(environment, environment_of_twin, contract):
    twin, named = environment_of_twin
    client = ApiClient(named)
    try:
        api = MessagesApi(client, TokenClient(client), named, contract)
        answers = list(honest_answers(api, twin))
        answers.append(api.call("sendMessage", name="send", body=valid_send_body(named)))
    finally:
        client.close()
    assert len(answers) > 40
    assert all(answer.succeeded for answer in answers)
    elsewhere = [
        replace(
            one,
            request=replace(one.request, url="https://api.cernermillennium.com/t/message"),
            response=replace(one.response, headers=Headers.of({})),
        )
        for one in answers
    ]
    assert [double(environment, [one], contract) for one in elsewhere] == [""] * len(answers)
