"""What the checks of suites/writes say where `golive prove` does not ask: above all, where an answer can't be read.

That each check passes on honest answers, and fails on those that break its rule, is what `golive prove` proves. The
recording is made once, over real HTTP, with the suites' own exchanges; each row changes one thing in it.
"""

from __future__ import annotations

import importlib.util
import inspect
import json
import sys
import warnings
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from golive.checks.findings import FindingsError
from golive.contract.outcomes import CouldNotTellError, NotClaimedError
from golive.environment import find, load
from golive.exchanges.model import Exchange, Steps
from golive.exchanges.schedule import ExchangeScheduler
from golive.kit.files import resources
from golive.pytest_plugin.fixtures import EXCHANGES
from golive.pytest_plugin.making import start
from golive.pytest_plugin.state import Run
from suites.messages import status_steps as tour

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

Change = "Callable[[Any], Any]"
NAMES = (
    "sent_message",
    "sending",
    "sending_of_text",
    "replying",
    "sent_to_address",
    "sent_from_zone",
    "status_tour",
    "write_inbox",
)


def _module(path: str) -> ModuleType:
    name = "suites_" + path.removesuffix(".py").replace("/", "_")
    spec = importlib.util.spec_from_file_location(name, resources() / "suites" / path)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    with warnings.catch_warnings():
        # The mark is registered by the plugin, which rules the suites and not golive's own tests.
        warnings.simplefilter("ignore", pytest.PytestUnknownMarkWarning)
        spec.loader.exec_module(module)
    return module


for _conftest in ("conftest.py", "writes/conftest.py"):
    _module(_conftest)

WRITING = [
    f"writes/test_{name}.py"
    for name in (
        *("send", "newest", "recipients", "text"),
        *("reply", "copies", "status", "status_of_many"),
    )
]
CHECKS = {
    mark.kwargs["id"]: function
    for path in WRITING
    for function in vars(_module(path)).values()
    for mark in getattr(function, "pytestmark", ())
    if mark.name == "golive_check"
}


def _record(**changes: Any) -> dict[str, Any]:
    """Make every exchange of the folder; `defects` are told to the twin, the rest to the environment."""
    environment = load(find("twin"), variables={})
    twin = replace(environment.twin, defects=changes.pop("defects", ()))
    for section, values in changes.items():
        environment = replace(
            environment, **{section: replace(getattr(environment, section), **values)}
        )
    run = Run(environment=replace(environment, twin=twin), started=datetime.now(UTC))
    start(run)
    try:
        scheduler = ExchangeScheduler(EXCHANGES, run.services, 4)
        made = scheduler.make([(name, ()) for name in NAMES])
        results: dict[str, Any] = {name: made[name, ()] for name in NAMES}
        assert run.client is not None
        return {**results, "contract": run.services["contract"], "requests": run.client.requests}
    finally:
        assert run.twin is not None
        assert run.client is not None
        run.twin.stop()
        run.client.close()


@pytest.fixture(scope="module")
def recording() -> dict[str, Any]:
    return _record()


def _call(check_id: str, recording: dict[str, Any], transition: str = "") -> None:
    function = CHECKS[check_id]
    known = {**recording, "transition": transition}
    function(**{name: known[name] for name in inspect.signature(function).parameters})


# What can be changed in a recording.


def status(code: int) -> Change:
    return lambda made: replace(made, response=replace(made.response, status=code))


def without_header(name: str) -> Change:
    return lambda made: replace(
        made, response=replace(made.response, headers=made.response.headers.without(name))
    )


def media_type(name: str) -> Change:
    def change(made: Exchange) -> Exchange:
        headers = made.response.headers.with_("Content-Type", name)
        return replace(made, response=replace(made.response, headers=headers))

    return change


def located(url: str) -> Change:
    def change(made: Exchange) -> Exchange:
        headers = made.response.headers.with_("Location", url)
        return replace(made, response=replace(made.response, headers=headers))

    return change


def text(content: str) -> Change:
    return lambda made: replace(made, response=replace(made.response, body=content.encode()))


def body(edit: Callable[[Any], object]) -> Change:
    def change(made: Exchange) -> Exchange:
        document = json.loads(made.response.body)
        edit(document)
        return text(json.dumps(document))(made)

    return change


def put(name: str, value: object) -> Change:
    return body(lambda document: document.update({name: value}))


def cut(name: str) -> Change:
    return body(lambda document: document.pop(name))


def every_item(edit: Callable[[Any], object]) -> Change:
    return body(lambda document: [edit(item) for item in document["items"]])


def step(name: str, change: Change) -> Change:
    return lambda steps: Steps({**steps, name: change(steps[name])})


def lost_step(name: str) -> Change:
    return lambda steps: Steps({key: made for key, made in steps.items() if key != name})


def after(name: str, edit: Callable[[Any, tuple[str, ...]], object]) -> Change:
    """Change each item of the inbox after a change of status, knowing which messages it named."""

    def change(steps: Steps) -> Steps:
        move = next(move for move in tour.moves(steps) if move.name == name)
        edited = every_item(lambda item: edit(item, move.ids))(move.after)
        return Steps({**steps, tour.seen(name): edited})

    return change


def without_the_named(steps: Steps) -> Steps:
    move = next(move for move in tour.moves(steps) if move.name == "opened-to-deleted")
    rest = [item for item in move.after.json["items"] if item["id"] not in move.ids]
    return step(tour.seen(move.name), put("items", rest))(steps)


def taken_for_the_first(steps: Steps) -> Steps:
    made = status(200)(text(steps["sent"].response.body.decode())(steps["again"]))
    listed = body(lambda document: document["items"].pop(0))(steps["listed"])
    return Steps({**steps, "again": made, "listed": listed})


def others(item: dict[str, Any], ids: tuple[str, ...]) -> None:
    if item["id"] not in ids:
        item["status"] = "DELETED"


def cut_from_items(*names: str) -> Change:
    return every_item(lambda item: [item.pop(name, None) for name in names])


def only_first_inbox(steps: Steps) -> Steps:
    return Steps({tour.FIRST: steps[tour.FIRST]})


def refused_to_both(steps: Steps) -> Steps:
    return Steps({**steps, "shared": status(400)(steps["sent"])})


def every_half_refused(steps: Steps) -> Steps:
    refused = status(400)(steps[tour.MANY])
    return Steps({**steps, **dict.fromkeys((tour.MANY, *tour.MANY_HALVES), refused)})


def another_message_deleted(steps: Steps) -> Steps:
    """Let a message be deleted after the last two updates, none of which has named it."""
    named = {entry["id"] for entry in json.loads(steps[tour.STALE].request.body)["messages"]}

    def edit(document: Any) -> None:
        other = next(item for item in document["items"] if item["id"] not in named)
        other["status"] = "DELETED" if other["status"] != "DELETED" else "UNREAD"

    return step(tour.AFTER, body(edit))(steps)


def every_change(change: Change) -> Change:
    return lambda steps: Steps(
        {name: change(made) if name in tour.TRANSITIONS else made for name, made in steps.items()}
    )


@dataclass(frozen=True)
class Row:
    """A change to one exchange, and where the check must find it."""

    check: str
    exchange: str
    change: Any
    at: str = ""
    transition: str = ""
    also: dict[str, Any] = field(default_factory=dict)

    def inject(self, recording: dict[str, Any]) -> dict[str, Any]:
        return {**recording, self.exchange: self.change(recording[self.exchange])}


SEEN = "status-{transition}-is-seen"

# What no fault of `golive prove` breaks.
BROKEN = [
    Row("send-detail-is-readable", "sending", step("read", text("<p>")), "body"),
    Row(
        "send-detail-is-readable",
        "sending",
        step("read", media_type("text/plain")),
        "header:Content-Type",
    ),
]

UNREADABLE = [
    Row("send-is-accepted", "sent_message", status(400)),
    Row("send-status-is-200-or-201", "sent_message", status(422)),
    Row("send-answer-keeps-its-schema", "sent_message", status(400)),
    Row("reply-is-accepted", "replying", step("reply", status(400))),
    Row("copy-is-accepted", "replying", step("reply", status(400))),
    Row("send-item-is-listed-once", "sending", step("listed", cut_from_items("subject"))),
    Row("send-item-is-listed-once", "sending", step("listed", cut("items"))),
    Row("send-detail-is-readable", "sending", lost_step("read")),
    Row("send-detail-keeps-its-schema", "sending", step("read", status(404))),
    Row("send-detail-has-the-text", "sending", step("read", text("[]"))),
    Row("send-detail-has-the-subject", "sending", step("read", cut("subject"))),
    Row(
        "send-detail-has-the-recipients", "sending", step("read", put("recipients", [{"id": "1"}]))
    ),
    Row("send-detail-has-the-recipients", "sending", step("read", put("recipients", "all"))),
    Row("send-location-leads-to-the-message", "sending", step("sent", located("/elsewhere"))),
    Row("send-twice-gives-two-messages", "sending_of_text", step("again", status(409))),
    Row("send-twice-gives-two-messages", "sending_of_text", step("listed", put("items", []))),
    Row("send-twice-gives-two-messages", "sending_of_text", taken_for_the_first),
    Row("send-goes-to-all-recipients", "sending_of_text", step("read", cut("recipients"))),
    Row("send-goes-to-all-recipients", "sending_of_text", refused_to_both),
    Row("reply-keeps-every-character", "replying", step("reply", status(400))),
    Row("reply-keeps-every-character", "replying", step("read", cut("content"))),
    Row("reply-keeps-its-subject", "replying", step("read", cut("subject"))),
    Row("send-detail-has-the-sender", "sending", step("read", cut("sender"))),
    Row("reply-names-the-message-before", "replying", step("reply", status(400))),
    Row("reply-names-the-message-before", "replying", lost_step("read")),
    Row("reply-names-the-message-before", "replying", step("read", cut("previousMessageId"))),
    Row("reply-stays-in-the-conversation", "replying", step("original", cut("conversationId"))),
    Row("reply-carries-the-encounter-forward", "replying", step("original", status(404))),
    Row("reply-carries-the-encounter-forward", "replying", step("original", cut("encounter"))),
    Row(
        "reply-carries-the-encounter-forward",
        "replying",
        step("original", put("encounter", {"number": 1})),
    ),
    Row(
        "reply-carries-the-responsible-forward",
        "replying",
        step("original", cut("responsiblePersonnelId")),
    ),
    Row("reply-leaves-the-message-before-it", "replying", step("original_after", cut("status"))),
    Row("reply-keeps-its-priority", "replying", step("read", cut("priority"))),
    Row("reply-keeps-its-priority", "replying", step("read", put("priority", "HIGH"))),
    *(
        Row(check, "status_tour", only_first_inbox, transition="unread-to-opened")
        for check in CHECKS
        if check.startswith("status-")
    ),
    Row(SEEN, "status_tour", step("unread-to-opened", status(400)), transition="unread-to-opened"),
    Row(
        SEEN,
        "status_tour",
        step(tour.seen("unread-to-opened"), cut_from_items("status")),
        transition="unread-to-opened",
    ),
    Row(
        SEEN,
        "status_tour",
        step(tour.seen("unread-to-opened"), status(500)),
        transition="unread-to-opened",
    ),
    Row("status-change-raises-the-versions", "status_tour", every_change(status(400))),
    Row(
        "status-change-raises-the-versions",
        "status_tour",
        step(tour.seen("unread-to-opened"), cut_from_items("notificationVersion")),
    ),
    Row("status-deleted-message-stays-listed", "status_tour", every_change(status(400))),
    Row("status-several-messages-change-together", "status_tour", every_change(status(400))),
    Row(
        "status-change-leaves-others-alone",
        "status_tour",
        step(tour.FIRST, cut_from_items("status")),
    ),
    Row("status-refused-update-changes-nothing", "status_tour", step(tour.STALE, status(200))),
    Row("status-refused-update-changes-nothing", "status_tour", another_message_deleted),
    Row("status-of-100-messages-changes-together", "status_tour", lost_step(tour.MANY)),
    Row("status-of-100-messages-changes-together", "status_tour", every_half_refused),
    Row("status-of-100-messages-changes-together", "status_tour", step(tour.MANY, status(400))),
]


def _named(rows: list[Row]) -> list[Any]:
    return [
        pytest.param(row, id=f"{row.check.format(transition=row.transition)}-{number}")
        for number, row in enumerate(rows)
    ]


@pytest.mark.parametrize("fault", _named(BROKEN))
def test_a_check_fails_on_an_answer_that_breaks_its_rule(fault, recording):
    with pytest.raises(FindingsError) as caught:
        _call(fault.check, fault.inject(recording), fault.transition)
    assert fault.at in {finding.at for finding in caught.value.findings} or not fault.at


@pytest.mark.parametrize("fault", _named(UNREADABLE))
def test_what_cannot_be_read_is_no_finding(fault, recording):
    with pytest.raises(CouldNotTellError):
        _call(fault.check, fault.inject(recording), fault.transition)


@pytest.mark.parametrize("change", [status(200), without_header("Location")])
def test_an_answer_need_not_have_a_location(change, recording):
    fault = step("sent", change)(recording["sending"])
    _call("send-location-leads-to-the-message", {**recording, "sending": fault})


def test_findings_of_several_changes_come_together(recording):
    fault = every_change(without_header("opc-request-id"))
    with pytest.raises(FindingsError) as caught:
        _call("status-update-has-request-id", {"status_tour": fault(recording["status_tour"])})
    assert len(caught.value.findings) == 6


def test_a_message_that_is_gone_is_not_asked_for_its_versions(recording):
    steps = without_the_named(recording["status_tour"])
    _call("status-change-raises-the-versions", {"status_tour": steps})


def test_a_change_may_be_of_one_copy_and_its_version_alone(recording):
    kept = every_item(lambda item: item.update(recipientNotificationVersion=1))
    steps = recording["status_tour"]
    seen = {tour.FIRST, *map(tour.seen, tour.TRANSITIONS)}
    made = Steps({name: kept(one) if name in seen else one for name, one in steps.items()})
    _call("status-change-raises-the-versions", {"status_tour": made})


def test_an_encounter_that_is_shown_with_more_members_is_the_same_one(recording):
    steps = step("read", body(lambda shown: shown["encounter"].update(type="Office visit")))
    _call("reply-carries-the-encounter-forward", {"replying": steps(recording["replying"])})


def test_everything_costs_34_requests_and_two_tokens(recording):
    assert recording["requests"] == 36


def test_the_reply_is_looked_up_in_the_list_where_its_answer_has_no_id(recording):
    chain = EXCHANGES["replying"].make
    answers = recording["replying"]
    listed = recording["sending"]["listed"]

    class Api:
        def __init__(self):
            self.visibility = []

        def request(self, operation, *, body, **_):
            return replace(answers["reply"].request, body=json.dumps(body).encode())

        def send(self, request, name):
            self.subject = json.loads(request.body)["subject"]
            return replace(text("")(answers["reply"]), request=request)

        def call(self, operation, *, name, **_):
            if operation == "listSentItems":
                return put("items", [{"id": "7.7", "subject": self.subject}])(listed)
            return answers["original"]

    environment = load(find("twin"), variables={})
    sent, contract = recording["sent_message"], recording["contract"]
    text_sent = recording["sending_of_text"]
    made = chain(Api(), environment, contract, sent, text_sent, recording["write_inbox"])
    assert list(made) == ["original", "reply", "listed", "read", "original_after"]


@pytest.mark.parametrize(
    ("changes", "key", "names"),
    [
        ({"safety": {"writes": "forbidden"}}, "safety.writes", set(NAMES)),
        ({"safety": {"test_tenants": ()}}, "safety.writes", set(NAMES)),
        ({"claims": {"operations": ("listInboxItems",)}}, "claims.operations", set(NAMES)),
        ({"test_data": {"write_patient": None}}, "test_data.write_patient", set(NAMES)),
        (
            {"test_data": {"recipient": None}},
            "test_data.recipient",
            set(NAMES) - {"status_tour", "write_inbox"},
        ),
        (
            {"claims": {"generation": "middle"}},
            "claims.generation",
            {"sent_to_address", "sent_from_zone"},
        ),
    ],
)
def test_what_the_environment_does_not_allow_is_not_claimed(changes, key, names):
    made = _record(**changes)
    refused = {name for name in NAMES if isinstance(made[name], NotClaimedError)}
    assert refused == names
    assert {made[name].key for name in names} == {key}


def test_nothing_is_sent_where_writing_is_forbidden():
    assert _record(safety={"writes": "forbidden"})["requests"] == 0


@pytest.mark.parametrize(
    ("before", "after", "decides"),
    [("OPENED", "DELETED", True), ("OPENED", "UNREAD", True), ("UNREAD", "OPENED", False)],
)
def test_a_reply_may_open_the_message_before_it_and_nothing_else(recording, before, after, decides):
    steps = recording["replying"]
    steps = step("original", put("status", before))(steps)
    steps = step("original_after", put("status", after))(steps)
    with pytest.raises(FindingsError) as raised:
        _call("reply-leaves-the-message-before-it", {**recording, "replying": steps})
    (found,) = [one for one in raised.value.findings if one.at == "/status"]
    assert found.advice is not decides


@pytest.mark.parametrize(
    ("status", "decides"), [(400, False), (422, False), (405, True), (500, True)]
)
def test_a_refusal_may_be_meant_for_the_address_that_golive_made_up(recording, status, decides):
    sent = recording["sent_to_address"]
    body = json.dumps({"code": "x", "message": "The EMAIL address is not in the address book"})
    answer = replace(sent.response, status=status, body=body.encode())
    kind = FindingsError if decides else CouldNotTellError
    with pytest.raises(kind, match=None if decides else "address book"):
        _call(
            "send-to-one-address-is-accepted",
            {**recording, "sent_to_address": replace(sent, response=answer)},
        )
