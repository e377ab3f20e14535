"""The twin on a bad day: what a client meets on the wire, and what has become of a write behind it."""

from __future__ import annotations

import json
import re
import socket
import time
import tomllib
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from golive.twin import SCENARIOS, Twin
from golive.twin.operations import OPERATIONS
from golive.twin.scenarios import Scenario, Step, scenario_of, schema

LISTS = ["listInboxItems", "listSentItems"]
PATIENT = "12700100"


def day(then, **step):
    """A scenario of one step."""
    return {"sentence": "A test.", "steps": [{"on": ["api"], "then": then, **step}]}


def inbox_status(caller):
    return caller.get("patientMessages/inboxItems", params={"patientId": PATIENT}).status_code


def asked_for_inbox(caller, *fields):
    """A socket on which the inbox has been asked for."""
    at = urlsplit(caller.twin.address)
    lines = [
        f"GET /api.cernermillennium.com/ec2458f2-1e24-41c8-b71b-0e701af7583d/message/20241001"
        f"/patientMessages/inboxItems?patientId={PATIENT} HTTP/1.1",
        f"Host: {at.netloc}",
        f"Authorization: Bearer {caller.token()}",
        "Connection: close",
        *fields,
    ]
    plug = socket.create_connection((at.hostname, at.port), timeout=10)
    plug.sendall("\r\n".join([*lines, "", ""]).encode())
    return plug


def raw_inbox(caller, *fields):
    """The bytes of an answer of the inbox, as they come, until the twin closes."""
    with asked_for_inbox(caller, *fields) as plug:
        return b"".join(iter(lambda: plug.recv(65536), b""))


def until_reset(plug):
    """The bytes that come before the connection is reset."""
    came = b""
    with plug:
        while True:
            try:
                piece = plug.recv(65536)
            except ConnectionResetError:
                return came
            assert piece, "the stream has ended in good order"
            came += piece


# The data.


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_scenario_that_has_a_name_can_be_read(name):
    scenario = scenario_of(name)
    assert isinstance(scenario, Scenario)
    assert scenario.sentence == SCENARIOS[name]
    assert all(isinstance(step, Step) for step in scenario.steps)


def test_the_schema_names_the_operations_that_the_twin_has():
    words = schema()["$defs"]["step"]["properties"]["on"]["items"]["enum"]
    names = {one.name for operations in OPERATIONS.values() for one in operations.values()}
    assert set(words) == {"any", "api", "token", "keys", *names}


def test_an_unknown_name_is_refused_with_the_nearest_one():
    with pytest.raises(ValueError, match=r'no scenario "throtled"\. Did you mean "throttled"\?'):
        Twin(scenario="throtled")
    with pytest.raises(ValueError, match="--scenarios` lists them all"):
        Twin(scenario="zzz")


def test_a_file_s_mistake_is_named_by_file_line_and_key(tmp_path):
    file = tmp_path / "day.toml"
    step = '[[steps]]\non = ["api"]\nthen = {{ {} }}\n'
    file.write_text('sentence = "x"\n' + step.format("wait = 1") + step.format("wiat = 1"))
    with pytest.raises(ValueError, match=r"day\.toml:5: steps\[1\]\.then: .*'wiat' was unexpected"):
        Twin(scenario=file)
    file.write_text("sentence = \n")
    with pytest.raises(ValueError, match=r"day\.toml is not TOML: .*line 1"):
        Twin(scenario=str(file))
    with pytest.raises(ValueError, match=r"gone\.toml can't be read: No such file"):
        Twin(scenario=tmp_path / "gone.toml")
    with pytest.raises(ValueError, match="the scenario: 'sentence' is a required property"):
        Twin(scenario={"steps": []})


def test_a_file_is_played(calling, tmp_path):
    file = tmp_path / "day.toml"
    file.write_text(
        'sentence = "x"\n[[steps]]\non = ["api"]\nthen.answer = { status = 502, body = "empty" }\n'
    )
    assert inbox_status(calling(scenario=str(file))) == 502


def test_the_page_names_every_scenario_and_its_example_is_one():
    page = (Path(__file__).parents[2] / "docs" / "twin.md").read_text("utf-8")
    rows = [line.split("|")[1] for line in page.splitlines() if line.startswith("| `")]
    assert re.findall(r"`([\w-]+)`", " ".join(rows)) == [*SCENARIOS]
    example = re.search(r"```toml\n(.*?)```", page, re.DOTALL)[1]
    answers = [step.then.answer for step in scenario_of(tomllib.loads(example)).steps]
    assert [(one.status, one.handled) for one in answers] == [(429, False), (502, True)]


# When.


def test_a_step_is_for_some_requests_of_its_operations(calling):
    caller = calling(scenario=day({"answer": {"status": 503}}, on=LISTS, after=1, times=2))
    assert caller.one(inbox_id(caller))[
        "id"
    ]  # the first of the lists; the other operation counts for nothing
    assert [inbox_status(caller) for _ in range(3)] == [503, 503, 200]


def inbox_id(caller):
    return caller.inbox()[0]["id"]


def test_a_step_lasts_so_many_seconds(calling):
    caller = calling(scenario=day({"answer": {"status": 503}}, seconds=0.3))
    assert inbox_status(caller) == 503
    time.sleep(0.4)
    assert inbox_status(caller) == 200


def test_chance_is_decided_by_the_seed(calling):
    uneven = day({"answer": {"status": 503}}, chance=0.5)

    def statuses(seed):
        caller = calling(scenario=uneven, seed=seed)
        return [inbox_status(caller) for _ in range(12)]

    first = statuses(3)
    assert set(first) == {200, 503}
    assert statuses(3) == first
    assert statuses(4) != first


# What.


def test_tokens_expire_early_and_a_fresh_one_goes_on(calling):
    caller = calling(scenario="token-expires")
    assert [inbox_status(caller) for _ in range(4)] == [200, 200, 401, 401]
    refused = caller.get("patientMessages/inboxItems", params={"patientId": PATIENT})
    assert 'error="invalid_token"' in refused.headers["WWW-Authenticate"]
    assert "token-expired" in refused.json()["message"]
    caller.forget()
    assert inbox_status(caller) == 200


@pytest.mark.parametrize("form", ["jws", "jwe"])
def test_after_a_rotation_old_tokens_have_an_unknown_key_and_fresh_ones_pass(calling, form):
    caller = calling(scenario="key-rotation", token_form=form)
    assert [inbox_status(caller) for _ in range(3)] == [200, 200, 401]
    refused = caller.get("patientMessages/inboxItems", params={"patientId": PATIENT})
    assert 'subcode="unknown_kid"' in refused.json()["message"]
    caller.forget()
    assert inbox_status(caller) == 200
    keys = caller.http.get(f"{caller.twin.address}/authorization.cerner.com/jwk").json()["keys"]
    assert len({key["kid"] for key in keys}) == 9
    assert len({key.get("n", key.get("x")) for key in keys}) == 9


def test_a_key_that_is_not_loaded_yet_refuses_fresh_tokens_too(calling):
    caller = calling(scenario=day({"unknown_key": True}, times=2))
    assert inbox_status(caller) == 401
    caller.forget()
    assert [inbox_status(caller) for _ in range(2)] == [401, 200]


def test_one_fresh_token_and_one_repeat_outlast_a_key_that_is_not_loaded(calling):
    caller = calling(scenario="key-not-loaded")
    assert [inbox_status(caller) for _ in range(2)] == [401, 200]


def test_retry_after_comes_in_seconds_or_as_a_date(calling):
    caller = calling(scenario="throttled")
    assert inbox_status(caller) == 200
    refused = caller.get("patientMessages/inboxItems", params={"patientId": PATIENT})
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "2")
    assert refused.headers["Content-Type"].startswith("text/html")
    caller = calling(scenario="throttled-until-date")
    assert inbox_status(caller) == 200
    refused = caller.get("patientMessages/inboxItems", params={"patientId": PATIENT})
    until = parsedate_to_datetime(refused.headers["Retry-After"])
    assert timedelta(0) < until - datetime.now(UTC) <= timedelta(seconds=3)
    assert [inbox_status(caller) for _ in range(2)] == [429, 200]


def test_the_token_endpoint_can_be_throttled(calling):
    caller = calling(scenario="token-throttled")
    assert [caller.ask_token().status_code for _ in range(3)] == [429, 429, 200]


def test_a_json_refusal_has_the_gateway_s_shape(calling):
    caller = calling(scenario=day({"answer": {"status": 500, "body": "json"}}))
    assert caller.get("patientMessages/1").json()["code"] == 500


def test_a_page_stands_in_place_of_json(calling):
    caller = calling(scenario="html-page")
    assert caller.inbox()
    page = caller.get("patientMessages/inboxItems", params={"patientId": PATIENT})
    assert (page.status_code, page.text[:15]) == (200, "<!DOCTYPE html>")


def test_what_was_answered_with_503_is_kept_and_a_blind_repeat_doubles_it(calling):
    caller = calling(scenario="unavailable-after-writing")
    before = len(caller.sent("12700400"))
    assert caller.send().status_code == 503
    assert len(caller.sent("12700400")) == before + 1
    assert caller.send().status_code == 201
    assert len(caller.sent("12700400")) == before + 2


def test_what_a_reset_left_unanswered_is_kept(calling):
    caller = calling(scenario="reset-after-writing")
    before = len(caller.sent("12700400"))
    with pytest.raises(httpx.TransportError, match="reset"):
        caller.send()
    assert len(caller.sent("12700400")) == before + 1


def test_a_reset_before_the_request_is_handled_writes_nothing(calling):
    caller = calling(scenario=day({"reset": "before"}, on=["sendMessage"], times=1))
    before = len(caller.sent("12700400"))
    with pytest.raises(httpx.TransportError, match="reset"):
        caller.send()
    assert len(caller.sent("12700400")) == before


def test_a_reset_within_an_answer_leaves_half_of_it(calling):
    caller = calling(scenario="reset-while-reading")
    head, _, body = until_reset(asked_for_inbox(caller)).partition(b"\r\n\r\n")
    promised = int(re.search(rb"content-length: (\d+)", head)[1])
    assert head.startswith(b"HTTP/1.1 200")
    assert len(body) == promised // 2
    assert inbox_status(caller) == 200


def test_a_slow_answer_is_of_a_write_that_is_done(calling):
    caller = calling(scenario=day({"wait": 0.5}, on=["sendMessage"], times=1))
    before = len(caller.sent("12700400"))
    with pytest.raises(httpx.ReadTimeout):
        caller.api("POST", "patientMessages/sentItems", json=caller.draft(), timeout=0.1)
    assert len(caller.sent("12700400")) == before + 1


def test_a_crowded_patient_has_more_than_a_page(calling):
    caller = calling(scenario="crowded")
    answer = caller.get("patientMessages/inboxItems", params={"patientId": PATIENT}).json()
    assert (len(answer["items"]), answer["hasMore"]) == (1000, True)
    half = calling().inbox()
    assert len(half) < 100


def test_a_message_changes_between_reading_and_writing(calling):
    caller = calling(scenario="changed-in-between")
    item = caller.inbox("12700400")[0]
    assert caller.update("OPENED", item).status_code == 409
    assert caller.update("OPENED", item).status_code == 409
    fresh = next(one for one in caller.inbox("12700400") if one["id"] == item["id"])
    assert caller.update("OPENED", fresh).status_code == 200


def test_every_object_has_an_unknown_member(calling):
    caller = calling(scenario="unknown-members")
    grant = caller.ask_token().json()
    assert grant["token_type"] == "Bearer"
    assert "addedLater" in grant
    item = caller.inbox()[0]
    assert item["addedLater"] == item["sender"]["addedLater"] == {"since": "2027"}


def test_some_words_are_unknown_and_the_same_each_time(calling):
    caller = calling(scenario="unknown-words")
    items = caller.inbox()
    assert {"ARCHIVED", "OPENED"} < {item["status"] for item in items}
    assert "URGENT" in {item["priority"]["value"] for item in items}
    assert caller.inbox() == items
    assert caller.ask_token().json()["token_type"] == "Bearer"


def test_bodies_are_compressed_for_those_who_take_it_and_come_in_chunks(calling):
    caller = calling(scenario="gzip-and-chunks")
    answer = caller.get("patientMessages/inboxItems", params={"patientId": PATIENT})
    assert (answer.headers["Content-Encoding"], answer.json()["hasMore"]) == ("gzip", False)
    assert answer.headers["Transfer-Encoding"] == "chunked"
    assert "Content-Length" not in answer.headers
    for takes in ("Accept-Encoding: gzip;q=0, br", "Accept: */*"):
        head, _, body = raw_inbox(caller, takes).partition(b"\r\n\r\n")
        assert b"content-encoding" not in head.lower()
        sizes = [int(line, 16) for line in body.split(b"\r\n")[::2] if line]
        assert len([size for size in sizes if size]) == 7


def test_header_names_have_other_capitals(calling):
    caller = calling(scenario="other-capitals")
    head, _, body = raw_inbox(caller).partition(b"\r\n\r\n")
    assert b"\r\ncOnTeNt-tYpE: application/json" in head
    assert json.loads(body)["items"]
    assert b"CONTENT-TYPE" in {name for name, _ in caller.ask_token().headers.raw}


def test_two_steps_can_be_for_one_request(calling):
    two = [
        {"on": ["api"], "then": {"unknown_members": True}},
        {"on": ["listInboxItems"], "then": {"chunks": 2}},
    ]
    caller = calling(scenario={"sentence": "x", "steps": two})
    answer = caller.get("patientMessages/inboxItems", params={"patientId": PATIENT})
    assert "addedLater" in answer.json()
    assert answer.headers["Transfer-Encoding"] == "chunked"


def test_refusals_keep_their_own_status_and_other_hosts_have_no_bad_day(calling):
    caller = calling(scenario=day({"answer": {"status": 503}}, on=["keys"]))
    assert caller.http.get(f"{caller.twin.address}/authorization.cerner.com/jwk").status_code == 503
    assert caller.http.get(f"{caller.twin.address}/elsewhere.example/x").status_code == 404
    assert caller.get("patientMessages/inboxItems").status_code == 400
