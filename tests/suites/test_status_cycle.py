"""The tour of statuses against the twin, with somebody on the line who spoils chosen steps."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest

from golive.contract.outcomes import CouldNotTellError
from golive.environment import find, load
from golive.exchanges.failures import RESET, TransportError
from golive.exchanges.headers import Headers
from golive.exchanges.model import Exchange, Request, Response
from golive.exchanges.writes import Patience
from golive.pytest_plugin.making import start
from golive.pytest_plugin.state import Run
from suites.common.lists import items
from suites.messages import status_steps as tour
from suites.messages.status_choice import MOST, STATUSES, status_entry, with_versions
from suites.messages.status_cycle import StatusCycle

PATIENT = "12700400"


class Spoiler:
    """Passes calls on; `spoiled` maps a step to what becomes of its exchange, or to an error.

    `unsent` are the steps that are answered 400 without reaching the twin.
    """

    def __init__(self, api: Any, spoiled: dict[str, Any], unsent: tuple[str, ...] = ()) -> None:
        self._api = api
        self._spoiled = spoiled
        self._unsent = unsent
        self._last: Exchange | None = None

    def call(self, operation: str, *, name: str, **given: Any) -> Exchange:
        step = name.removeprefix("status_tour: ")
        spoil = self._spoiled.get(step)
        if isinstance(spoil, Exception):
            raise spoil
        if step in self._unsent:
            request = self._api.request(operation, **given)
            assert self._last is not None
            refusal = replace(self._last.response, status=400, body=b"{}")
            return replace(self._last, name=name, request=request, response=refusal)
        made = self._last = self._api.call(operation, name=name, **given)
        return spoil(made) if spoil else made


class Line:
    """The twin and the way to it; nothing is looked for again for longer than `within` seconds."""

    def __init__(self, defects: tuple[str, ...] = (), within: float = 0.0, **settings: Any) -> None:
        self.within = within
        self.noted: list[dict[str, Any]] = []
        environment = load(find("twin"), variables={})
        twin = replace(environment.twin, defects=defects, **settings)
        environment = replace(environment, twin=twin)
        self.run = Run(environment=environment, started=datetime.now(UTC))
        start(self.run)
        self.api = self.run.services["api"]

    def inbox(self) -> dict[str, str]:
        made = self.api.call("listInboxItems", name="inbox", query={"patientId": PATIENT})
        return {item["id"]: item["status"] for item in items(made)}

    def tour(self, spoiled: dict[str, Any] | None = None, *unsent: str, alone: bool = True) -> Any:
        spoiler = Spoiler(self.api, spoiled or {}, unsent)
        patience = Patience(self.within, self.noted)
        return StatusCycle(spoiler, PATIENT, may_read_one=alone, patience=patience).run()

    def stop(self) -> None:
        assert self.run.twin is not None
        assert self.run.client is not None
        self.run.twin.stop()
        self.run.client.close()


@pytest.fixture
def line(request):
    made = Line(getattr(request, "param", ()))
    yield made
    made.stop()


def edited(edit):
    """Change the list of items of an inbox."""

    def change(made: Exchange) -> Exchange:
        document = json.loads(made.response.body)
        document["items"] = edit(document["items"])
        response = replace(made.response, body=json.dumps(document).encode())
        return replace(made, response=response)

    return change


def broken() -> TransportError:
    return TransportError(RESET, "api.cernermillennium.com")


def names(steps):
    return [move.name for move in tour.moves(steps)]


@pytest.mark.parametrize("home", STATUSES)
def test_the_round_visits_all_six_changes_and_ends_where_it_began(line, home):
    before = line.inbox()
    only = edited(lambda found: [item for item in found if item["status"] == home])
    steps = line.tour({tour.FIRST: only})
    assert sorted(names(steps)) == sorted(tour.TRANSITIONS)
    assert [len(move.ids) for move in tour.moves(steps)] == [2, 2, 1, 1, 2, 2]
    assert line.inbox() == before
    assert [name for name in steps if name.startswith("back to")] == ["back to opened"]  # the many


def _named(made):
    return {entry["id"] for entry in json.loads(made.request.body)["messages"]}


def test_as_many_messages_as_a_call_may_name_change_at_once_and_go_back(line):
    before = line.inbox()
    steps = line.tour()
    named = _named(steps[tour.MANY])
    assert len(named) == MOST
    assert {before[one] for one in named} == {"OPENED"}
    seen = {item["id"]: item["status"] for item in items(steps[tour.MANY_SEEN])}
    assert {seen[one] for one in named} == {"UNREAD"}
    assert line.inbox() == before


def test_many_that_are_refused_together_go_in_two_halves_and_back(line):
    before = line.inbox()
    steps = line.tour(None, tour.MANY)
    halves = [_named(steps[step]) for step in tour.MANY_HALVES]
    assert halves[0] | halves[1] == _named(steps[tour.MANY])
    assert [len(half) for half in halves] == [50, 50]
    assert line.inbox() == before


def test_many_that_are_refused_and_change_all_the_same_go_back_without_another_try(line):
    before = line.inbox()
    refused = lambda made: replace(made, response=replace(made.response, status=400))  # noqa: E731
    steps = line.tour({tour.MANY: refused})
    assert tour.MANY_HALVES[0] not in steps
    assert line.inbox() == before


def test_fewer_messages_than_a_call_may_name_are_not_moved_together(line):
    steps = line.tour({tour.AFTER: edited(lambda found: found[:MOST])})
    assert tour.MANY not in steps


@pytest.mark.parametrize("step", [tour.MANY, tour.MANY_SEEN])
def test_many_messages_are_put_back_when_the_connection_breaks(line, step):
    before = line.inbox()
    with pytest.raises(TransportError):
        line.tour({step: broken()})
    assert line.inbox() == before


def test_each_change_starts_where_the_one_before_it_ended(line):
    walked = names(line.tour())
    ends = [name.split("-to-") for name in walked]
    assert all(one[1] == other[0] for one, other in pairwise(ends))


def test_a_message_that_is_alone_in_its_status_goes_alone(line):
    steps = line.tour({tour.FIRST: edited(lambda found: found[:1])})
    assert {len(move.ids) for move in tour.moves(steps)} == {1}


def test_two_items_of_one_id_are_one_message(line):
    steps = line.tour({tour.FIRST: edited(lambda found: found[:1] * 2)})
    assert {len(move.ids) for move in tour.moves(steps)} == {1}


def test_a_refused_change_does_not_end_the_round(line):
    before = line.inbox()
    steps = line.tour(None, "opened-to-deleted")
    assert names(steps) == [
        "unread-to-opened",
        "opened-to-deleted",
        "opened-to-unread",
        "unread-to-deleted",
        "deleted-to-unread",
    ]
    assert line.inbox() == before


def test_versions_that_somebody_else_made_outdated_are_read_again(line):
    """Between the reading and the change somebody else changes the message; then everything goes on."""
    before = line.inbox()

    def moved_meanwhile(made):
        item = next(one for one in items(made) if one["status"] == "OPENED" and one["id"] == home)
        body = {"patientId": PATIENT, "messages": [status_entry(item)], "status": "UNREAD"}
        line.api.call("updateMessageStatus", name="status_tour: by somebody else", body=body)
        return made

    home = next(one for one, status in before.items() if status == "UNREAD")
    only = edited(lambda found: [item for item in found if item["id"] == home])
    steps = line.tour({tour.FIRST: only, "inbox after unread-to-opened": moved_meanwhile})
    assert steps["opened-to-deleted"].status == 200
    assert "inbox as opened-to-deleted was refused" in steps
    assert sorted(names(steps)) == sorted(tour.TRANSITIONS)
    assert line.inbox() == before


def test_another_message_that_moves_meanwhile_is_not_waited_for(line):
    line.within = 60.0
    other = list(line.inbox())[-1]

    def with_another(made):
        document = json.loads(made.response.body)
        item = next(one for one in document["items"] if one["id"] == other)
        item["status"] = "DELETED"
        return replace(made, response=replace(made.response, body=json.dumps(document).encode()))

    line.tour({"inbox after unread-to-opened": with_another})
    assert all(one["seen"] for one in line.noted)


def test_a_round_that_ends_elsewhere_is_put_back(line):
    before = line.inbox()
    steps = line.tour(None, "opened-to-deleted", "opened-to-unread")
    assert names(steps)[-1] == "opened-to-unread"
    assert tour.SAME not in steps
    assert tour.RESTORED in steps
    assert line.inbox() == before


@pytest.mark.parametrize(
    "step",
    [
        "unread-to-opened",
        "inbox after unread-to-opened",
        "opened-to-deleted",
        "inbox after opened-to-deleted",
        tour.SAME,
        tour.STALE,
    ],
)
def test_messages_are_put_back_when_the_connection_breaks(line, step):
    before = line.inbox()
    with pytest.raises(TransportError):
        line.tour({step: broken()})
    assert line.inbox() == before


def test_messages_are_put_back_when_only_the_answer_is_lost(line):
    before = line.inbox()

    def lose(_):
        raise broken()

    with pytest.raises(TransportError):
        line.tour({"opened-to-deleted": lose})
    assert line.inbox() == before


def test_the_first_failure_is_reported_when_the_way_back_fails_too(line):
    with pytest.raises(TransportError):
        line.tour({"opened-to-deleted": broken(), tour.AFTER: ValueError("the way back")})


def test_an_unreadable_inbox_midway_is_reported_and_messages_are_put_back(line):
    before = line.inbox()
    spoilt = lambda made: replace(made, response=replace(made.response, status=500))  # noqa: E731
    with pytest.raises(CouldNotTellError, match="answered 500"):
        line.tour({"inbox after opened-to-deleted": spoilt})
    assert line.inbox() == before


@pytest.mark.parametrize("line", [("deleted-message-vanishes",)], indirect=True)
def test_a_message_that_is_no_longer_listed_is_found_by_its_id(line):
    before = line.inbox()
    steps = line.tour()
    assert names(steps)[-1] == "opened-to-deleted"
    assert any(name.startswith("lost message") for name in steps)
    assert line.inbox() == before


@pytest.mark.parametrize("line", [("deleted-message-vanishes",)], indirect=True)
def test_a_message_that_may_not_be_read_by_its_id_is_left(line):
    before = line.inbox()
    steps = line.tour(alone=False)
    assert not any(name.startswith("lost message") for name in steps)
    assert len(line.inbox()) == len(before) - 1


@pytest.mark.parametrize("line", [("deleted-message-vanishes",)], indirect=True)
def test_a_message_that_cannot_be_read_by_its_id_is_left(line):
    gone = lambda made: replace(made, response=replace(made.response, status=404))  # noqa: E731
    steps = line.tour({"lost": gone})
    assert any(name.startswith("lost message") for name in steps)
    assert tour.RESTORED in steps  # the other one is back


@pytest.mark.parametrize("line", [("status-change-does-not-stick",)], indirect=True)
def test_without_new_versions_there_are_no_outdated_ones(line):
    steps = line.tour()
    assert names(steps) == ["unread-to-opened", "unread-to-deleted"]
    assert tour.SAME in steps
    assert tour.STALE not in steps


def test_an_outdated_change_that_was_let_through_is_undone(line):
    before = line.inbox()
    home = next(iter(before))

    def applied(made):
        # As if the service had ignored the versions: the same change with those it has now.
        item = next(item for item in items(fresh()) if item["id"] == home)
        body = {"patientId": PATIENT, "messages": [status_entry(item)], "status": "DELETED"}
        return line.api.call("updateMessageStatus", name="status_tour: applied", body=body)

    def fresh():
        return line.api.call("listInboxItems", name="inbox", query={"patientId": PATIENT})

    steps = line.tour({tour.STALE: applied})
    assert tour.RESTORED in steps
    assert line.inbox() == before


@pytest.mark.parametrize(
    "item",
    [
        {},
        {"id": "1"},
        {"id": "1", "notificationVersion": 1},
        {"id": "1", "notificationVersion": 1, "recipientNotificationVersion": "1"},
        {"id": "1", "notificationVersion": True, "recipientNotificationVersion": 1},
        {"id": 1.5, "notificationVersion": 1, "recipientNotificationVersion": 1},
        {"id": True, "notificationVersion": 1, "recipientNotificationVersion": 1},
        {"id": "", "notificationVersion": 1, "recipientNotificationVersion": 1},
    ],
)
def test_an_item_without_id_or_versions_cannot_be_changed(item):
    with pytest.raises(CouldNotTellError) as caught:
        status_entry(item)
    assert caught.value.unsettled_shape


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (lambda found: [], "no items"),
        (lambda found: [{**found[0], "status": "LOST"}], "not documented"),
        (lambda found: [{**found[0], "status": None}], "status"),
        (lambda found: [{**found[0], "id": None}], "lacks its id"),
    ],
)
def test_an_inbox_that_has_nothing_to_move_is_left_alone(line, edit, words):
    before = line.inbox()
    with pytest.raises(CouldNotTellError, match=words):
        line.tour({tour.FIRST: edited(edit)})
    assert line.inbox() == before


@pytest.mark.parametrize(
    ("item", "status", "found"),
    [
        ({"id": "1"}, 200, {"notificationVersion": 3, "recipientNotificationVersion": 4}),
        ({"id": "1"}, 404, {}),
        ({"id": "1", "notificationVersion": 7}, 200, {"notificationVersion": 7}),
        ({}, 200, {}),
    ],
    ids=["in the message alone", "the message can't be read", "one in the list", "no id"],
)
def test_versions_that_a_list_does_not_show_are_those_of_the_message(item, status, found) -> None:
    def read(one: str) -> Exchange:
        message = {"id": one, "notificationVersion": 3, "recipientNotificationVersion": 4}
        response = Response(status, Headers(), json.dumps(message).encode())
        return Exchange("one", Request("GET", f"http://x/{one}"), response, datetime.now(UTC), 0.1)

    assert with_versions(item, read) == {**item, **found}


def lagging(seconds: float):
    """Answer lists as they were so many seconds ago, as a replica that is behind does."""
    kept: list[tuple[float, Any]] = []

    def change(made: Exchange) -> Exchange:
        now = time.monotonic()
        kept.append((now, made.response))
        old = [response for at, response in kept if at <= now - seconds] or [kept[0][1]]
        return replace(made, response=old[-1])

    return change


class EveryList(dict):
    """Spoils each reading of the inbox that is made after the first one."""

    def __init__(self, change) -> None:
        super().__init__()
        self._change = change

    def get(self, step, default=None):
        return self._change if step.startswith("inbox") else default


def test_a_replica_that_is_behind_breaks_no_contract():
    line = Line(within=4.0)
    try:
        before = line.inbox()
        spoiled = EveryList(lagging(0.6))
        steps = line.tour(spoiled)
        made = [move.change for move in tour.moves(steps)]
        assert sorted(names(steps)) == sorted(tour.TRANSITIONS)
        assert {one.status for one in made} == {200}
        assert steps[tour.SAME].status == 200
        assert line.inbox() == before
    finally:
        line.stop()


def test_outdated_versions_are_read_again_until_others_are_shown():
    answers = [_answer(409), _answer(409), _answer(200)]
    shown = [[{"v": 1}], [{"v": 1}], [{"v": 2}], [{"v": 2}], [{"v": 3}]]
    sent: list[Any] = []

    def update(entries):
        sent.append(entries)
        return answers[len(sent) - 1]

    made = tour.with_current_versions(update, [{"v": 1}], lambda: shown.pop(0), Patience(30.0, []))
    assert made.status == 200
    assert sent == [[{"v": 1}], [{"v": 2}], [{"v": 3}]], "no entries are sent twice"


def test_versions_that_stay_as_they_were_sent_are_not_sent_again():
    sent: list[Any] = []

    def update(entries):
        sent.append(entries)
        return _answer(409)

    made = tour.with_current_versions(update, [{"v": 1}], lambda: [{"v": 1}], Patience(0.5, []))
    assert made.status == 409
    assert sent == [[{"v": 1}]]


def _answer(status: int) -> Exchange:
    request = Request("POST", "https://api.example.org/actions/updatePatientMessageStatus")
    response = Response(status, Headers.of({}), b"")
    return Exchange("made", request, response, datetime.now(UTC), 0.0)
