"""Explorations of a twin, in the size that CI can bear."""

import pickle
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import strategies as st

from golive.contract.outcomes import CouldNotTellError
from golive.exchanges.failures import BudgetSpentError
from golive.fuzz.calls import Call, Change
from golive.fuzz.categories import Category, categories
from golive.fuzz.explore import Explorer, explore
from golive.fuzz.rules import RULES, sequences
from golive.fuzz.send import Sender, usable


def operations(environment, contract):
    return [operation.operation_id for operation in usable(environment, contract)]


pytestmark = pytest.mark.whole_run


def broken(kept, speaking):
    """The rules that the kept witnesses break."""
    found = set()
    for names in kept.groups:
        group = tuple(kept[name] for name in names)
        for name, rule in RULES.items():
            if any(list(rule(one, speaking.contract, speaking.environment)) for one in group):
                found.add(name)
        found |= {name for name, rule in sequences().items() if list(rule(group))}
    return found


def explored(speaking, operation):
    return explore(speaking.api, speaking.environment, speaking.contract, operation)


@pytest.mark.parametrize(
    "seed", [1, *(pytest.param(seed, marks=pytest.mark.exhaustive) for seed in range(2, 6))]
)
def test_a_fault_free_twin_gives_no_finding_whatever_the_seed(speaking, seed):
    known = speaking(budget=400, seed=seed)
    for operation in operations(known.environment, known.contract):
        kept = explored(known, operation)
        assert broken(kept, known) == set(), kept.unusual
        assert len(kept.groups) == 1
        assert kept.requests > 5
    assert known.client.generated_requests <= 400


@pytest.mark.parametrize(
    ("defect", "operation", "rule"),
    [
        ("emoji-patient-breaks-the-server", "listInboxItems", "no-server-error"),
        ("limit-zero-accepted", "listSentItems", "invalid-refused"),
        ("long-request-id-opens-without-token", "listInboxItems", "authentication"),
        ("api-refusals-lack-challenge", "listSentItems", "headers"),
        ("semicolon-cuts-the-message-id", "getMessage", "own-data"),
        ("entities-in-content-are-escaped-twice", "sendMessage", "kept-as-sent"),
        ("fraction-of-a-version-accepted", "updateMessageStatus", "invalid-refused"),
    ],
)
def test_a_defect_is_found_and_shrunk_to_one_change(speaking, monkeypatch, defect, operation, rule):
    monkeypatch.setattr("golive.fuzz.explore.VIOLATIONS", 1)
    known = speaking(defect, budget=1000)
    kept = explored(known, operation)
    assert broken(kept, known) == {rule}
    assert len(kept.groups) == 2
    assert pickle.loads(pickle.dumps(kept)).groups == kept.groups


def test_a_long_value_is_shrunk_to_the_shortest_of_its_kind(speaking):
    known = speaking("long-patient-breaks-the-server")
    sender = Sender(
        known.api, known.environment, known.contract, known.contract.operations["listInboxItems"]
    )
    values = st.integers(4000, 9000).map(lambda size: "0" * size)
    calls = values.map(lambda v: Call("listInboxItems", (Change("query", "patientId", (v,)),)))
    explorer = Explorer(sender, seed=1, budget=100)
    kept = explorer.run([Category("long", calls)], [])
    witness = kept["1.0"].request.url
    assert kept["1.0"].status == 500
    assert 5000 <= witness.count("0") < 5100  # those of the address included


def test_the_same_seed_sends_the_same_requests(speaking):
    def urls(seed):
        known = speaking(budget=120, seed=seed)
        sent = []
        send = known.client.send
        known.client.send = lambda request, *a, **k: (
            sent.append(request.url) or send(request, *a, **k)
        )
        explored(known, "listSentItems")
        return [url.split("/message/")[1] for url in sent if "/message/" in url]

    assert urls(7) == urls(7)
    assert urls(7) != urls(8)


def test_a_violation_in_the_same_part_of_a_request_is_kept_once(speaking):
    known = speaking("year-1-breaks-the-server", "leap-second-breaks-the-server", budget=600)
    kept = explored(known, "listInboxItems")
    parts = Counter(odd.split(":")[0] for odd in kept.unusual.values())
    assert max(parts.values()) == 1


@pytest.mark.measured
def test_a_read_only_environment_sees_get_requests_for_documented_paths_only(speaking):
    known = speaking(budget=200, writes="forbidden")
    assert operations(known.environment, known.contract) == [
        "listCodeValues",
        "getCodeValue",
        "listInboxItems",
        "listSentItems",
        "getMessage",
        "listGroupInboxes",
    ]
    for operation in operations(known.environment, known.contract):
        explored(known, operation)
    api = [r for r in known.twin.requests if r.path.startswith("/api.")]
    assert {request.method for request in api} == {"GET"}
    assert len(api) > 100


@pytest.mark.measured
def test_the_lock_refuses_a_generated_write_where_writing_is_forbidden(speaking):
    known = speaking(writes="forbidden")
    sender = Sender(
        known.api, known.environment, known.contract, known.contract.operations["sendMessage"]
    )
    assert sender.group(Call("sendMessage")) == ()
    assert "POST" not in {r.method for r in known.twin.requests if "/sentItems" in r.path}


@pytest.mark.measured
def test_generated_requests_have_a_budget_of_their_own(speaking):
    known = speaking(budget=40)
    for operation in operations(known.environment, known.contract):
        explored(known, operation)
    assert known.client.generated_requests <= 40
    assert known.client.requests == known.client.generated_requests + known.client.token_requests


@pytest.mark.measured
def test_a_spent_budget_is_reported_by_its_own_key(speaking):
    known = speaking(budget=1)
    inbox = known.api.request("listInboxItems", query={"patientId": "12700100"})
    known.api.send(inbox, "first", generated=True)
    with pytest.raises(BudgetSpentError, match=r"`generated\.gate_budget`"):
        known.api.send(inbox, "second", generated=True)
    assert known.api.send(inbox, "fixed").succeeded


@pytest.mark.measured
def test_nothing_can_be_said_where_the_plain_request_is_refused(speaking):
    known = speaking("limit-zero-accepted")
    wrong = replace(known.environment.test_data, patient="unknown")
    environment = replace(known.environment, test_data=wrong)
    with pytest.raises(
        CouldNotTellError, match="plain request for listInboxItems was answered 404"
    ):
        explore(known.api, environment, known.contract, "listInboxItems")


@pytest.mark.measured
def test_a_service_that_is_not_there_is_no_finding(speaking):
    known = speaking("api-answers-503-to-everything")
    with pytest.raises(CouldNotTellError, match="answered 503"):
        explored(known, "listInboxItems")


@pytest.mark.measured
def test_what_can_not_be_written_as_http_is_left_out(speaking):
    known = speaking()
    sender = Sender(
        known.api, known.environment, known.contract, known.contract.operations["getMessage"]
    )
    for odd in (Change("path", "patientMessageId", ".."), Change("header", "a", "b\nc")):
        assert sender.group(Call("getMessage", (odd,))) == ()


@pytest.mark.measured
def test_what_is_sent_is_followed_by_the_links_of_the_contract(speaking):
    known = speaking()
    operation = known.contract.operations["sendMessage"]
    group = Sender(known.api, known.environment, known.contract, operation).group(
        Call("sendMessage")
    )
    paths = [one.request.url.split("/20241001/")[1].split("?")[0] for one in group]
    assert paths[:1] == ["patientMessages/sentItems"]
    assert sorted(one.status for one in group) == [200, 200, 201]
    operation = known.contract.operations["updateMessageStatus"]
    group = Sender(known.api, known.environment, known.contract, operation).group(
        Call("updateMessageStatus")
    )
    assert [one.status for one in group] == [200, 200]
    assert group[1].json["status"] == "OPENED"


@pytest.mark.measured
def test_a_link_whose_value_is_absent_is_not_followed(speaking):
    known = speaking("send-answer-lacks-id")
    operation = known.contract.operations["sendMessage"]
    group = Sender(known.api, known.environment, known.contract, operation).group(
        Call("sendMessage")
    )
    assert len(group) == 2


@pytest.mark.measured
def test_an_environment_that_claims_little_gets_few_operations(environment, contract):
    few = replace(
        environment.claims, operations=("listSentItems", "getMessage", "updateMessageStatus")
    )
    assert operations(replace(environment, claims=few), contract) == ["listSentItems", "getMessage"]


@pytest.mark.measured
def test_every_operation_has_categories_of_names_of_their_own(environment, contract):
    for operation in contract.operations.values():
        names = [one.name for one in categories(operation, environment, contract)]
        assert len(set(names)) == len(names) > 15
