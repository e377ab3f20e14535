"""GO over nothing, or over somebody else: what has to be proven, and of whom."""

import pytest

from golive.twin import Twin

READING = ["listInboxItems", "listSentItems", "getMessage"]


def unproven(ended) -> list[str]:
    return [one["operation"] for one in ended.summary["proofs"] if one["unproven"]]


def reading(environment_file, **changes):
    return environment_file({"claims.operations": READING, "safety.writes": "forbidden", **changes})


def test_without_a_patient_nothing_that_is_claimed_was_read(go, environment_file) -> None:
    ended = go(f"--env={reading(environment_file, test_data={})}")
    assert ended.code == 5, ended.out
    assert unproven(ended) == READING
    assert (
        "listInboxItems (not claimed by the environment: test_data.patient)"
        in ended.summary["meaning"]
    )
    assert "test_data.patient" in ended.out


def test_a_patient_without_messages_proves_no_list(go, environment_file) -> None:
    ended = go(f"--env={reading(environment_file, test_data={'patient': '12700200'})}")
    assert ended.code == 5, ended.out
    assert unproven(ended) == READING


def test_a_selection_of_the_token_checks_is_judged_by_itself_and_says_so(
    go, environment_file
) -> None:
    ended = go(f"--env={reading(environment_file, test_data={})}", "-m", "oauth")
    assert ended.code == 0, ended.out
    assert "Token flow only: no operation of the API was judged." in ended.summary["meaning"]
    assert unproven(ended) == []


def test_an_operation_of_which_nothing_was_selected_needs_no_proof(go) -> None:
    ended = go("-k", "sent-items-answer or sent-items-keep", "-n", "1")
    assert ended.code == 0, ended.out
    judged = [one["operation"] for one in ended.summary["proofs"] if one["selected"]]
    assert judged == ["listSentItems"]
    assert "Token flow only" not in ended.summary["meaning"]


OTHER_LIST = """
import dataclasses, json

from golive.transport.api import MessagesApi

original = MessagesApi.send


def renamed(self, request, name, **more):
    made = original(self, request, name, **more)
    if made.request.operation != "listInboxItems" or not made.succeeded:
        return made
    body = json.loads(made.response.body)
    body["messages"] = body.pop("items")
    response = dataclasses.replace(made.response, body=json.dumps(body).encode())
    return dataclasses.replace(made, response=response)


MessagesApi.send = renamed
"""


@pytest.mark.measured
def test_a_list_that_can_t_be_read_proves_nothing_and_stays_open(go, suite) -> None:
    body = '''
from suites.common import lists as listing


@check("granted", level="must", basis="standard", source="RFC 6749 §5.1")
def test_granted(token_granted):
    """A token is granted."""
    with expect(token_granted) as it:
        it.status(200)


@check("ordered", level="must", basis="documented", source="contract-facts §2.1")
def test_ordered(inbox_items):
    """The items have ids."""
    listing.identifiers(inbox_items, listing.some_items(inbox_items))


@check("answered", level="must", basis="documented", source="contract-facts §2.1")
def test_answered(inbox_items):
    """The list is answered with 200."""
    with expect(inbox_items) as it:
        it.status(200)
'''
    ended = go(folder=suite(body, conftest=OTHER_LIST))
    assert ended.code == 5, ended.out
    assert unproven(ended) == ["listInboxItems"]
    open_sentence = (
        "1 deciding check remains open: listInboxItems: the inferred member items is absent or of another form "
        "(listInboxItems 1)."
    )
    assert open_sentence in ended.summary["meaning"]
    assert [one["envelope_only"] for one in ended.summary["proofs"]][:1] == [0]


def test_why_checks_stay_open_is_said_in_their_own_words_the_commonest_first(go, suite) -> None:
    body = """
import pytest
from golive import ThinDataError

CAUSES = ["one list shows summaries"] * 3 + ["no expires_in"] * 2 + ["the third", "the fourth", "the fifth"]


@check("open-{number}", level="must", basis="standard", source="RFC 6749 §5.1")
@pytest.mark.parametrize("number", [*map(str, range(len(CAUSES)))])
def test_open(number, token_granted):
    'Question {number} is open.'
    raise ThinDataError(CAUSES[int(number)])


@check("granted", level="must", basis="standard", source="RFC 6749 §5.1")
def test_granted(token_granted):
    'A token is granted.'
    with expect(token_granted) as it:
        it.status(200)
"""
    meaning = go(folder=suite(body)).summary["meaning"]
    assert "8 deciding checks remain open: one list shows summaries (" in meaning
    assert "3); no expires_in (" in meaning
    assert "2); the third (" in meaning
    assert "1); other reasons (" in meaning
    assert "the fourth" not in meaning


def test_a_twin_at_an_address_is_called_a_double_on_every_surface(
    go, environment_file, tmp_path
) -> None:
    junit = tmp_path / "junit.xml"
    with Twin(seed=1) as twin:
        account = twin.accounts["system"]
        file = environment_file(
            {
                "token.credential": {
                    "client_id": account.client_id,
                    "client_secret": "${GOLIVE_CLIENT_SECRET}",
                },
                "claims": {"operations": READING},
                "safety.writes": "forbidden",
            },
            at=twin.address,
        )
        ended = go(
            f"--env={file}",
            "-k",
            "inbox-answers or key-set or message-is or sent-items-answer",
            f"--junitxml={junit}",
            variables={"GOLIVE_CLIENT_SECRET": account.client_secret},
        )
        address = twin.address.removeprefix("http://")
    assert ended.code == 0, ended.out
    named = f"{address} on this machine, in place of authorization.cerner.com"
    flat = " ".join(ended.out.split())
    assert f"token from {named}" in flat
    assert ended.summary["double"] == f"a double on this machine ({address})"
    assert "it proves that the suite works, not that the API does" in ended.summary["meaning"]
    assert "it proves that the suite works, not that the API does" in flat
    pages = {
        name: (ended.folder / name).read_text(encoding="utf-8")
        for name in ("report.html", "summary.md")
    }
    for page in pages.values():
        assert named in page
        assert "No blocking findings" not in page
    assert named in junit.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("absent", "key"),
    [("write_patient", "test_data.write_patient"), ("recipient", "test_data.recipient")],
)
def test_writing_that_is_claimed_and_could_not_be_asked_is_not_proven(
    go, environment_file, absent, key
) -> None:
    ended = go(f"--env={environment_file({f'test_data.{absent}': None})}", "-m", "writes")
    assert ended.code == 5, ended.out
    assert "sendMessage" in unproven(ended)
    assert f"sendMessage (not claimed by the environment: {key})" in ended.summary["meaning"]
