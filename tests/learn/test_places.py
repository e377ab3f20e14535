"""What stands elsewhere in an answer is read at the place of its role, and named at its real place."""

from __future__ import annotations

import copy

import pytest

from golive.contract.places import Places

ITEM = {"messageId": "1", "state": "NEW", "created": "2024-10-01T14:30:00Z", "other": {"v": 3}}

LISTS = [
    ("the same", "/items", {"items": [ITEM]}, "/items/*"),
    ("another member", "/messages", {"messages": [ITEM]}, "/messages/*"),
    ("deeper", "/data/messages", {"data": {"messages": [ITEM]}}, "/data/messages/*"),
    ("the answer itself", "", [ITEM], "/*"),
]


def places(real_list, item):
    return Places(
        moved={
            **({} if real_list == "/items" else {"/items": real_list}),
            "/items/*/id": f"{item}/messageId",
            "/items/*/status": f"{item}/state",
            "/items/*/createDateTime/dateTime": f"{item}/created",
            "/items/*/notificationVersion": f"{item}/other/v",
        },
        words={"/items/*/status": {"NEW": "UNREAD"}},
        instants=frozenset({"/items/*/createDateTime/dateTime"}),
    )


@pytest.mark.parametrize(
    ("real_list", "body", "item"), [one[1:] for one in LISTS], ids=[one[0] for one in LISTS]
)
def test_everything_is_read_at_its_role_and_goes_back_to_where_it_was(real_list, body, item):
    found = places(real_list, item)
    read = found.read(copy.deepcopy(body), {}.get)
    one = read["items"][0]
    assert (one["id"], one["status"], one["notificationVersion"]) == ("1", "UNREAD", 3)
    assert one["createDateTime"] == {"dateTime": "2024-10-01T14:30:00", "timeZone": "UTC"}
    assert found.real("/items/7/id") == f"{item}/messageId".replace("*", "7")
    assert found.real("/items/7/createDateTime/dateTime") == f"{item}/created".replace("*", "7")
    back, headers = found.served(read)
    assert headers == {}
    again = copy.deepcopy(back)
    assert found.read(again, {}.get)["items"][0]["id"] == "1"
    for way in [step for step in real_list.split("/") if step]:
        back = back[way]
    assert {k: v for k, v in back[0].items() if k in ITEM} == ITEM


def test_a_member_of_the_role_s_name_is_not_taken_for_it_where_the_role_is_elsewhere():
    found = Places(moved={"/id": "/messageId"})
    assert found.read({"id": "of something else", "messageId": "1"}, {}.get) == {"id": "1"}
    assert found.read({"id": "of something else"}, {}.get) == {}


@pytest.mark.parametrize(
    "body", [None, 1, "text", [], {}, {"items": None}, {"items": {"a": 1}}, {"items": [1, None]}]
)
def test_an_answer_of_another_form_is_read_as_it_came(body):
    found = places("/items", "/items/*")
    assert found.read(copy.deepcopy(body), {}.get) == body


def test_what_a_header_says_is_read_in_the_body():
    found = Places(moved={"/hasMore": "header:X-More"}, headers={"opc-next-page": "oh-next-page"})
    assert found.read({"items": []}, {"X-More": "true"}.get) == {"items": [], "hasMore": True}
    assert found.served({"items": [], "hasMore": True}) == ({"items": []}, {"X-More": "true"})
    assert found.real("/hasMore") == "header:X-More"
    assert found.real("header:opc-next-page") == "header:oh-next-page"


def test_what_answers_do_not_have_is_taken_out_of_the_twin_s_and_names_its_role():
    found = Places(
        moved={"/items": "/messages"},
        absent={"/items/*/priority/value": "priority", "/id": "message-id"},
    )
    body = {"id": "7", "items": [{"priority": {"value": "HIGH"}, "id": "1"}]}
    served = {"messages": [{"priority": {}, "id": "1"}]}
    assert found.served(copy.deepcopy(body)) == (served, {})
    roles = [
        found.absent_role(one) for one in ("priority", "priority/value", "id", "pri", "subject")
    ]
    assert roles == ["priority", "priority", "message-id", None, None]


def test_a_zone_beside_a_time_that_is_a_text_goes_with_it():
    found = Places(
        moved={
            "/createDateTime/timeZone": "/tz",
            "/createDateTime/dateTime": "/createDateTime",
        }
    )
    body = {"createDateTime": "2024-10-01T09:30:00", "tz": "America/Chicago"}
    read = found.read(copy.deepcopy(body), {}.get)
    assert read == {"createDateTime": {"dateTime": body["createDateTime"], "timeZone": body["tz"]}}
    assert found.served(read) == (body, {})


@pytest.mark.parametrize(
    ("zone", "text", "read"),
    [
        ("Australia/Sydney", "2024-10-01T04:30:00Z", ("2024-10-01T14:30:00", "Australia/Sydney")),
        ("Nowhere/At all", "2024-10-01T04:30:00Z", ("2024-10-01T04:30:00", "Nowhere/At all")),
        ("Europe/Berlin", "2024-10-27T01:30:00Z", ("2024-10-27T01:30:00", "UTC")),
    ],
    ids=["in its zone", "an unknown zone", "the second of two hours of one name"],
)
def test_an_instant_with_a_zone_beside_it_is_the_same_instant_in_that_zone(zone, text, read):
    found = Places(instants=frozenset({"/createDateTime/dateTime"}))
    body = {"createDateTime": {"dateTime": text, "timeZone": zone}}
    assert found.read(body, {}.get)["createDateTime"] == dict(
        zip(("dateTime", "timeZone"), read, strict=True)
    )


def test_the_twin_keeps_a_zone_beside_an_instant_where_the_mapping_names_its_place():
    time = "/createDateTime/dateTime"
    moved = {"/createDateTime/timeZone": "/createDateTime/zoneId"}
    body = {"createDateTime": {"dateTime": "2024-10-01T14:30:00", "timeZone": "Australia/Sydney"}}
    instant = "2024-10-01T04:30:00Z"
    beside = {"createDateTime": {"dateTime": instant, "zoneId": "Australia/Sydney"}}
    served = Places(moved=moved, instants=frozenset({time})).served(copy.deepcopy(body))
    assert served == (beside, {})
    served, _ = Places(instants=frozenset({time})).served(copy.deepcopy(body))
    assert served == {"createDateTime": {"dateTime": instant}}


def test_a_z_that_says_nothing_is_left_out_where_the_zone_rules():
    found = Places(local=frozenset({"/createDateTime/dateTime"}))
    body = {"createDateTime": {"dateTime": "2024-10-01T14:30:00:123Z", "timeZone": "UTC"}}
    read = found.read(copy.deepcopy(body), {}.get)
    assert read["createDateTime"]["dateTime"] == "2024-10-01T14:30:00:123"
    assert found.served(read) == (body, {})
