"""What is learnt of a place, and what is left open, from answers made by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from golive.contract.document import Contract
from golive.drift.compare import compare
from golive.drift.fingerprint import Fingerprint
from golive.drift.promises import Promises
from golive.drift.shape import places_in, shape_of_places
from golive.drift.traits import merged_traits, traits_of
from golive.kit.files import resources
from golive.learning.lessons import lessons
from golive.learning.lines import proposals, schema_lines

CONTRACT = Contract(resources() / "schemas")
INBOX = "https://golive.invalid/messages-20241001/inbox-items.schema.json"
STARTED = datetime(2026, 11, 24, 12, tzinfo=UTC)
LINE = "messages-20241001/list-item.learnt.yaml"


def item(number, **changes):
    whole = {
        "id": f"72{number}.1.5.prsnl",
        "subject": f"Results of day {number}",
        "status": "UNREAD",
        "createDateTime": {
            "dateTime": f"2024-10-0{number % 9 + 1}T09:30:00",
            "timeZone": "Europe/Vienna",
        },
    }
    whole |= {name: value for name, value in changes.items() if value is not None}
    return {name: value for name, value in whole.items() if changes.get(name, 0) is not None}


def taught(*bodies, runs=1):
    """What inboxes with these bodies teach, in runs that are all the same."""
    made = [replace(run(*bodies), run=f"there-{number}") for number in range(runs)]
    return lessons(made, CONTRACT)


def asked(**statuses):
    """What a run teaches whose requests for the newest first had these words and these answers."""
    made = run(*inboxes(lambda one: one, times=len(statuses) + 1))
    for one, (word, status) in zip(made.situations.values(), statuses.items(), strict=False):
        one |= {"asked": {"descending": word}, "status": status}
    return lessons([made], CONTRACT)


def run(*bodies):
    situations = {}
    for number, body in enumerate(bodies):
        found = places_in(body, Promises(CONTRACT, INBOX))
        traits = {p: traits_of(one.found, CONTRACT.mapping.vocabulary) for p, one in found.items()}
        situations[f"inbox_{number}"] = {
            "operation": "listInboxItems",
            "status": 200,
            "media_type": "application/json",
            "form": "json",
            "headers": [],
            "shapes": {"body": shape_of_places(found)},
            "traits": traits,
        }
    return Fingerprint("there", STARTED, situations, run="there-1")


def about(found, role):
    (one,) = [answer for answer in found.answers if answer.role == role]
    return one


def inboxes(change, times=4):
    return [{"items": [change(item(n)) for n in range(30)]} for _ in range(times)]


def renamed(old, new):
    return lambda one: {new if name == old else name: value for name, value in one.items()}


def test_a_member_under_another_name_of_the_same_words_is_recognised():
    one = about(taught(*inboxes(renamed("id", "patientMessageId"))), "message-id")
    assert (one.standing, one.place) == ("settled", "/items/*/patientMessageId")


def test_two_members_that_look_alike_leave_the_question_open():
    def change(one):
        return {**renamed("id", "idOfMessage")(one), "messageOfId": one["id"] + "9"}

    one = about(taught(*inboxes(change)), "message-id")
    assert one.standing == "open"
    assert "/items/*/idOfMessage and /items/*/messageOfId" in one.why


def test_a_name_that_says_nothing_is_not_taken_for_a_subject():
    one = about(taught(*inboxes(renamed("subject", "preview"))), "subject")
    assert one.standing == "open"


def test_a_member_in_which_a_value_repeats_is_no_id():
    found = taught(*inboxes(lambda one: {**one, "id": None, "ownerId": "7.prsnl"}))
    assert about(found, "message-id").place != "/items/*/ownerId"


@pytest.mark.parametrize(
    ("change", "times", "runs", "standing"),
    [
        (lambda one: {**one, "priority": None}, 10, 2, "settled"),
        (lambda one: {**one, "priority": None}, 20, 1, "open"),
        (lambda one: {**one, "priority": None}, 9, 2, "open"),
        (lambda one: {**one, "rank": "HIGH"}, 10, 2, "settled at /items/*/rank"),
    ],
    ids=["twenty answers of two runs", "one run", "too few answers", "a word that may be it"],
)
def test_what_none_of_many_answers_had_is_absent(change, times, runs, standing):
    one = about(taught(*inboxes(change, times), runs=runs), "priority")
    found = f"{one.standing} at {one.place}" if one.place not in ("", "absent") else one.standing
    assert found == standing
    assert one.place == "absent" or standing != "settled"


def test_a_role_that_may_be_under_a_name_that_says_nothing_is_not_called_absent():
    one = about(taught(*inboxes(renamed("subject", "preview"), 10), runs=2), "subject")
    assert (one.standing, one.place) == ("open", "")


def test_a_zone_that_is_a_member_beside_a_time_that_is_a_text_is_recognised():
    def change(one):
        return {**one, "createDateTime": "2024-10-01T09:30:00", "tz": "Europe/Vienna"}

    found = taught(*inboxes(change))
    assert about(found, "created-time").place == "/items/*/createDateTime"
    assert about(found, "created-zone").place == "/items/*/tz"
    assert found.rows()["created-time"].keys() == {"places", "x-basis", "x-source"}


def test_a_zone_of_reminders_that_few_answers_have_is_recognised():
    def moment(name):
        return {name: {"dateTime": "2024-10-01T09:30:00", "zoneId": "Europe/Vienna"}}

    usual = inboxes(lambda one: {**one, **moment("createDateTime")}, times=12)
    reminders = inboxes(
        lambda one: {**one, **moment("createDateTime"), **moment("remindDateTime")}, times=3
    )
    found = taught(*usual, *reminders)
    assert about(found, "created-zone").place == "/items/*/createDateTime/zoneId"
    assert about(found, "reminder-zone").place == "/items/*/remindDateTime/zoneId"
    rare = taught(*usual, *inboxes(renamed("id", "messageId"), times=3))
    assert about(rare, "message-id").place == "/items/*/id"


def test_an_instant_is_not_learnt_where_a_zone_stands_beside_it():
    def change(one):
        time = {"dateTime": "2024-10-01T09:30:00Z", "zoneId": "Europe/Vienna"}
        return {**one, "createDateTime": time}

    found = taught(*inboxes(change))
    asked, settled = [one for one in found.answers if one.role == "created-time"]
    assert (asked.standing, settled.standing, settled.instant) == ("open", "settled", False)
    assert "form: instant" in asked.why
    assert "form" not in found.rows()["created-time"]
    assert about(found, "created-zone").place == "/items/*/createDateTime/zoneId"


def test_another_word_for_descending_is_learnt_where_requests_with_it_were_answered():
    found = asked(DESCENDING=200)
    assert about(found, "descending").place == "DESCENDING"
    assert found.rows()["descending"]["word"] == "DESCENDING"
    assert any("DESCENDING, not DESC" in one for one in found.news())
    assert asked(DESC=200).news() == []
    refused = about(asked(DESC=400, DESCENDING=400), "descending")
    assert (refused.standing, refused.place) == ("open", "")
    assert refused.why.startswith("refused: DESC, DESCENDING; ")


def test_what_only_two_answers_show_is_not_learnt():
    bodies = [*inboxes(renamed("id", "messageId"), times=2), {"items": []}, {"items": []}]
    one = about(taught(*bodies), "message-id")
    assert (one.standing, one.why) == ("open", "only 2 answers have it")


def test_one_wrong_type_among_thirty_is_no_rule_and_is_named():
    bodies = inboxes(lambda one: one)
    for body in bodies:
        body["items"][3]["id"] = 7
    found = taught(*bodies)
    one = about(found, "message-id")
    assert one.standing == "contradicted"
    assert "integer and string" in one.why
    assert "/properties/id" not in schema_lines(found).get(LINE, {})


def test_a_member_that_is_missing_once_is_not_required_and_still_has_its_place():
    bodies = inboxes(lambda one: one)
    for body in bodies:
        del body["items"][3]["subject"]
    found = taught(*bodies)
    assert about(found, "subject").standing == "settled"
    assert "required" not in str(schema_lines(found))


def test_another_type_of_an_inferred_member_is_a_line_and_of_a_documented_one_is_not():
    found = taught(
        *inboxes(
            lambda one: {**one, "id": int(one["id"][2:].split(".")[0]) + 1, "notificationType": 5}
        )
    )
    lines = schema_lines(found)[LINE]
    assert lines["/properties/id"]["type"] == "integer"
    assert lines["/properties/id"]["x-basis"] == "observed"
    dated = taught(
        *inboxes(lambda one: {**one, "createDateTime": {"dateTime": 5, "timeZone": "UTC"}})
    )
    assert "dateTime" not in str(schema_lines(dated))


def test_words_of_the_list_stand_for_the_documented_ones_and_others_are_not_kept():
    def change(one):
        return {**one, "status": "READ" if one["id"] > "7215" else "NEW"}

    assert about(taught(*inboxes(change)), "status").words == {"UNREAD": "NEW", "OPENED": "READ"}
    name = {**item(1), "status": "EXAMPLETON"}
    assert "words" not in traits_of([name["status"]], CONTRACT.mapping.vocabulary)


@pytest.mark.parametrize(
    ("values", "form"),
    [
        (["2024-10-01T09:30:00Z", "2024-10-01T09:30:00.5+01:00"], "instant"),
        (["2024-10-01T09:30:00", "2024-10-01T09:30:00:123Z"], "local-time"),
        (["Europe/Vienna"], "zone"),
        (["Hello you"], "text"),
        (["2024-13-41T09:30:00Z"], "id"),
        (["a.1", "Hello you"], "text"),
    ],
)
def test_the_form_of_texts(values, form):
    assert traits_of(values, frozenset()) == {"form": form}


def test_traits_of_two_looks_are_what_both_have():
    assert merged_traits({"form": "id"}, {"form": "id", "repeats": True}) == {
        "form": "id",
        "repeats": True,
    }
    assert merged_traits({"form": "id"}, {"form": "zone"}) == {"form": "text"}
    word = {"form": "word", "words": ["NEW"]}
    assert merged_traits(word, {"form": "word", "words": ["READ"]})["words"] == ["NEW", "READ"]


def test_a_line_is_proposed_for_each_place_that_deserves_one_and_for_each_role_that_is_elsewhere():
    found = taught(*inboxes(lambda one: renamed("id", "messageId")({**one, "archived": False})))
    proposed = proposals(found)
    line = proposed["listInboxItems", "/items/[]/archived"]
    assert (line.file, line.at) == (LINE, "/properties/archived")
    assert '"type": "boolean"' in line.line
    line = proposed["listInboxItems", "/items/[]/messageId"]
    assert (line.file, line.at) == ("mapping.yaml", "/roles/message-id")
    assert line.line == '{"listInboxItems": "/items/*/messageId"}'


def test_what_differs_from_the_twin_is_an_assumption_of_golive_and_breaks_nothing():
    (usual,) = inboxes(lambda one: one, times=1)
    (other,) = inboxes(renamed("id", "messageId"), times=1)
    twin, service = replace(run(usual), twin=True), run(other)
    found = {one.at: one for one in compare(twin, service, CONTRACT).changes}
    assert {str(one.severity) for one in found.values()} == {"cosmetic"}
    assert found["/items/[]/id"].sentence == "golive assumes string here; it is nothing"
    again = compare(run(usual), service, CONTRACT).changes
    assert str(again[0].severity) == "breaking"
