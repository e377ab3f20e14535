"""A double that answered in place of the service is recognised: this machine, a twin elsewhere, mocks."""

from dataclasses import replace

import pytest

from golive.contract import Contract
from golive.doubles import double
from golive.environment import find, load
from golive.resources import resources

EXAMPLE = "720564485.1.5.prsnl"


@pytest.fixture(scope="module")
def contract():
    return Contract(resources() / "schemas")


@pytest.fixture
def environment():
    variables = dict.fromkeys(("GOLIVE_CLIENT_ID", "GOLIVE_CLIENT_SECRET"), "x-y-z-0001")
    return load(find("sandbox"), variables=variables)


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
        api=replace(environment.api, base_url="http://127.0.0.1:8700/api.cernermillennium.com/t/m"),
    )
    assert double(local, [], None) == "a double on this machine (127.0.0.1:8700)"
    assert double(environment, [], None) == ""


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
