"""Every check of suites/messages passes on an honest recording and fails on one that lies.

The recording is made once, over real HTTP, with the suites' own exchanges. Each lie changes one answer in it;
a test holds the table of lies complete. What can't be read is no finding: the last table says what then.
"""

from __future__ import annotations

import copy
import importlib.util
import inspect
import json
import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from golive.checks.findings import FindingsError
from golive.contract.label import Basis, Label, Level
from golive.contract.outcomes import CouldNotTellError, NotClaimedError
from golive.environment import find, load
from golive.exchanges.model import Exchange
from golive.exchanges.schedule import Kitchen
from golive.kit.files import resources
from golive.pytest_plugin.collect import start
from golive.pytest_plugin.fixtures import RECIPES
from golive.pytest_plugin.state import SERVICES, Run
from golive.redaction import VAULT

if TYPE_CHECKING:
    from types import ModuleType

Change = Callable[[Exchange], Exchange]
Edit = Callable[[Any], None]
FOLDER = resources() / "suites" / "messages"


def _module(path: str) -> ModuleType:
    name = "suites_" + path.removesuffix(".py").replace("/", "_")
    spec = importlib.util.spec_from_file_location(name, FOLDER.parent / path)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    with warnings.catch_warnings():
        # The mark is registered by the plugin, which rules the suites and not golive's own tests.
        warnings.simplefilter("ignore", pytest.PytestUnknownMarkWarning)
        spec.loader.exec_module(module)
    return module


@dataclass(frozen=True)
class Asked:
    """One check: its function, its parameters, its basis."""

    function: Callable[..., None]
    parameters: dict[str, str]
    basis: str


def _checks(path: str) -> dict[str, Asked]:
    found: dict[str, Asked] = {}
    for function in vars(_module(path)).values():
        marks = {mark.name: mark for mark in getattr(function, "pytestmark", ())}
        if "golive_check" not in marks:
            continue
        names, values = marks["parametrize"].args if "parametrize" in marks else ("", [""])
        for value in values:
            given = marks["golive_check"].kwargs
            parameters = {names: value} if names else {}
            found[given["id"].format(**parameters)] = Asked(
                function, parameters, str(given["basis"])
            )
    return found


_module("conftest.py")
_module("messages/conftest.py")
CHECKS = {
    check_id: asked
    for file in sorted(FOLDER.glob("test_*.py"))
    for check_id, asked in _checks(f"messages/{file.name}").items()
}


def _record(*defects: str, **test_data: str | None) -> dict[str, Any]:
    """Make what all checks need, on a twin with these defects; a result may be an exception."""
    environment = load(find("twin"), variables={})
    environment = replace(
        environment,
        twin=replace(environment.twin, defects=defects),
        test_data=replace(environment.test_data, **test_data),
    )
    run = Run(environment=environment, started=datetime.now(UTC))
    start(run)
    assert run.twin is not None
    assert run.client is not None
    try:
        keys = [
            RECIPES.key(name, asked.parameters, SERVICES)
            for asked in CHECKS.values()
            for name in inspect.signature(asked.function).parameters
            if name in RECIPES
        ]
        made = Kitchen(RECIPES, run.services, 8).make(keys)
        return {"made": made, "contract": run.services["contract"], "requests": run.client.requests}
    finally:
        run.twin.stop()
        run.client.close()


@pytest.fixture(scope="module")
def honest() -> dict[str, Any]:
    return _record()


def _call(check_id: str, recording: dict[str, Any], changes: dict[str, Change]) -> None:
    asked = CHECKS[check_id]
    arguments: dict[str, Any] = dict(asked.parameters)
    for name in inspect.signature(asked.function).parameters:
        if name == "contract":
            arguments[name] = recording["contract"]
        elif name in RECIPES:
            made = recording["made"][RECIPES.key(name, asked.parameters, SERVICES)]
            if isinstance(made, Exception):
                raise made
            arguments[name] = changes.get(name, lambda same: same)(made)
    asked.function(**{n: arguments[n] for n in inspect.signature(asked.function).parameters})


def _failing(recording: dict[str, Any]) -> set[str]:
    failing = set()
    for check_id in CHECKS:
        try:
            _call(check_id, recording, {})
        except FindingsError:
            failing.add(check_id)
        except CouldNotTellError:
            pass
    return failing


# ---- what an answer can be turned into ------------------------------------------------------------------


def status(code: int) -> Change:
    return lambda made: replace(made, response=replace(made.response, status=code))


def without(header: str) -> Change:
    return lambda made: replace(
        made, response=replace(made.response, headers=made.response.headers.without(header))
    )


def having(header: str, value: str) -> Change:
    return lambda made: replace(
        made, response=replace(made.response, headers=made.response.headers.with_(header, value))
    )


def body(text: str) -> Change:
    return lambda made: replace(made, response=replace(made.response, body=text.encode()))


def edited(edit: Edit) -> Change:
    def change(made: Exchange) -> Exchange:
        document = copy.deepcopy(made.json)
        edit(document)
        return body(json.dumps(document))(made)

    return change


def member(name: str, value: object) -> Change:
    return edited(lambda document: document.update({name: value}))


def lacking(name: str) -> Change:
    return edited(lambda document: document.pop(name))


def first_item(name: str, value: object) -> Change:
    return edited(lambda document: document["items"][0].update({name: value}))


def every_item(name: str, value: object) -> Change:
    return edited(lambda document: [item.update({name: value}) for item in document["items"]])


def no_item_has(name: str) -> Change:
    return edited(lambda document: [item.pop(name, None) for item in document["items"]])


def only(keep: Callable[[list[Any]], list[Any]]) -> Change:
    return edited(lambda document: document.update(items=keep(document["items"])))


def dated(index: int, when: datetime, name: str = "createDateTime") -> Change:
    """Give one item another time."""
    text = {"dateTime": f"{when.astimezone(UTC):%Y-%m-%dT%H:%M:%S.000}", "timeZone": "UTC"}
    return edited(lambda document: document["items"][index].update({name: text}))


def with_stranger(made: Exchange) -> Exchange:
    return only(lambda found: [*found, {**found[3], "id": "1.1.1.stranger"}])(made)


def leaking(made: Exchange) -> Exchange:
    token = str(made.request.headers.get("Authorization")).removeprefix("Bearer ")
    VAULT.protect(token)
    return having("X-Echo", f"Bearer {token}")(made)


def asked_last(made: Exchange) -> Exchange:
    return having("opc-request-id", "the-same")(made)


NOW = datetime.now(UTC)
OLD, AHEAD = NOW - timedelta(days=95), NOW + timedelta(days=2)
turned = only(lambda found: found[::-1])
emptied = only(lambda found: [])
first_lost = only(lambda found: found[1:])
last_lost = only(lambda found: found[:-1])
mid_lost = only(lambda found: found[:3] + found[4:])
twice = only(lambda found: [*found, found[0]])
undeleted = only(lambda found: [item for item in found if item["status"] != "DELETED"])
shuffled = only(lambda found: found[::2] + found[1::2])
halved = only(lambda found: found[:500])
html = body("<html></html>")
plain = having("Content-Type", "text/plain")
wrong_moment = {"dateTime": "2001-02-03T04:05:06.000", "timeZone": "UTC"}
no_id = edited(lambda document: document["items"][0].pop("id"))

ID = "header:opc-request-id"
MISSING, ADDED = "relation:no-item-is-missing", "relation:no-item-is-added"
COMMON, SECRET = "relation:no-common-item", "relation:nothing-secret-comes-back"

# check id, the exchange that lies, its lie, where the finding must be
LIES: list[tuple[str, str, Change, str]] = [
    ("inbox-status-is-200", "inbox_items", status(500), "status"),
    ("inbox-is-json", "inbox_items", plain, "header:Content-Type"),
    ("inbox-is-json", "inbox_items", html, "body"),
    ("inbox-has-request-id", "inbox_items", without("opc-request-id"), ID),
    ("inbox-keeps-its-schema", "inbox_items", lacking("items"), "/items"),
    ("inbox-keeps-its-schema", "inbox_items", first_item("priority", 7), "/items/0/priority"),
    ("inbox-names-each-message-once", "inbox_items", twice, "relation:unique-ids"),
    ("inbox-newest-first", "inbox_items", turned, "/items/1/createDateTime"),
    ("inbox-keeps-the-token", "inbox_items", leaking, SECRET),
    ("inbox-keeps-deleted-items", "inbox_items", undeleted, MISSING),
    ("inbox-keeps-deleted-items", "inbox_long_window", undeleted, MISSING),
    ("empty-inbox-status-is-200", "empty_inbox", status(404), "status"),
    ("empty-inbox-keeps-its-schema", "empty_inbox", lacking("items"), "/items"),
    ("empty-inbox-lists-nothing", "empty_inbox", member("items", [{"id": "1"}]), "/items"),
    ("inbox-sorts-oldest-first", "inbox_oldest_first", turned, "/items/1/createDateTime"),
    ("inbox-sorts-newest-first", "inbox_newest_first", turned, "/items/1/createDateTime"),
    (
        "inbox-sorts-by-priority",
        "inbox_by_priority",
        shuffled,
        "relation:items-of-one-priority-stand-together",
    ),
    ("inbox-order-selects-nothing", "inbox_oldest_first", mid_lost, MISSING),
    ("inbox-order-selects-nothing", "inbox_by_priority", with_stranger, ADDED),
    (
        "inbox-omits-organization",
        "inbox_items",
        every_item("organization", {"id": "1"}),
        "/items/0",
    ),
    (
        "inbox-omits-organization-on-false",
        "inbox_spelled_out",
        first_item("organization", {"id": "1"}),
        "/items/0/organization",
    ),
    ("inbox-shows-organization", "inbox_with_organizations", no_item_has("organization"), "/items"),
    (
        "inbox-organization-keeps-its-schema",
        "inbox_with_organizations",
        every_item("organization", "Clinic"),
        "/items/0/organization",
    ),
    ("inbox-organization-selects-nothing", "inbox_with_organizations", mid_lost, MISSING),
    ("message-omits-organization", "one_message", member("organization", {"id": "1"}), "/organ"),
    ("message-shows-organization", "message_with_organization", lacking("organization"), "/organ"),
    (
        "message-shows-organization",
        "message_with_organization",
        member("organization", 1),
        "/organ",
    ),
    (
        "message-organization-agrees-with-list",
        "message_with_organization",
        member("organization", {"id": "another"}),
        "/organization",
    ),
    ("inbox-limit-1000-is-accepted", "inbox_spelled_out", status(400), "status"),
    ("inbox-limit-1000-changes-nothing", "inbox_spelled_out", first_lost, MISSING),
    ("inbox-limit-1000-changes-nothing", "inbox_spelled_out", with_stranger, ADDED),
    ("crowded-inbox-is-one-page", "crowded_inbox", twice, "/items"),
    ("crowded-inbox-fills-its-page", "crowded_inbox", halved, "/items"),
    ("crowded-inbox-names-each-message-once", "crowded_inbox", twice, "relation:unique-ids"),
    ("crowded-inbox-newest-first", "crowded_inbox", turned, "/items/1/createDateTime"),
    (
        "crowded-inbox-says-that-there-is-more",
        "crowded_inbox",
        member("hasMore", False),
        "relation:an-indicator-of-more",
    ),
    (
        "inbox-lists-messages-by-default",
        "inbox_items",
        first_item("notificationType", "REMINDER"),
        "/items/0/notificationType",
    ),
    (
        "inbox-lists-reminders-when-asked",
        "inbox_reminders",
        every_item("notificationType", "MESSAGE"),
        "/items/0/notificationType",
    ),
    ("inbox-lists-both-types", "inbox_of_both_types", first_lost, MISSING),
    ("inbox-lists-both-types", "inbox_of_both_types", with_stranger, ADDED),
    ("inbox-reminders-keep-the-schema", "inbox_reminders", lacking("items"), "/items"),
    (
        "inbox-reminders-have-shown-up",
        "inbox_reminders",
        dated(0, AHEAD, "remindDateTime"),
        "/items/0/remindDateTime",
    ),
    (
        "inbox-reminders-have-shown-up",
        "inbox_reminders",
        dated(1, OLD, "remindDateTime"),
        "/items/1/remindDateTime",
    ),
    ("inbox-reminders-newest-first", "inbox_reminders", turned, "/items/1/remindDateTime"),
    ("inbox-window-starts-90-days-ago", "inbox_items", dated(2, OLD), "/items/2/createDateTime"),
    ("inbox-window-ends-now", "inbox_items", dated(0, AHEAD), "/items/0/createDateTime"),
    ("inbox-window-is-90-days", "inbox_items", only(lambda found: found[:9]), MISSING),
    ("inbox-window-reaches-back", "inbox_long_window", first_lost, MISSING),
    ("inbox-window-reaches-back", "inbox_long_window", last_lost, MISSING),
    ("inbox-lower-bound-holds", "inbox_between", dated(4, OLD), "/items/4/createDateTime"),
    ("inbox-upper-bound-holds", "inbox_between", dated(4, AHEAD), "/items/4/createDateTime"),
    ("inbox-between-bounds-is-complete", "inbox_between", mid_lost, MISSING),
    ("inbox-bounds-are-inclusive", "inbox_between", first_lost, MISSING),
    ("inbox-future-bound-is-accepted", "inbox_into_the_future", status(400), "status"),
    (
        "inbox-future-bound-becomes-now",
        "inbox_into_the_future",
        dated(0, AHEAD),
        "/items/0/createDateTime",
    ),
    ("inbox-future-bound-adds-nothing", "inbox_into_the_future", mid_lost, MISSING),
    (
        "message-agrees-with-list-on-priority",
        "one_message",
        member("priority", {"value": "?"}),
        "/p",
    ),
    ("message-agrees-with-list-on-id", "one_message", member("id", "another"), "/id"),
    (
        "message-agrees-with-list-on-subject",
        "one_message",
        member("subject", "another"),
        "/subject",
    ),
    (
        "message-agrees-with-list-on-creation-time",
        "one_message",
        member("createDateTime", wrong_moment),
        "/createDateTime",
    ),
    (
        "message-agrees-with-list-on-type",
        "one_message",
        member("notificationType", "REMINDER"),
        "/notificationType",
    ),
    ("message-agrees-with-list-on-sender", "one_message", member("sender", {"id": "0"}), "/sender"),
    ("message-agrees-with-list-on-status", "one_message", member("status", "DELETED"), "/status"),
    (
        "message-agrees-with-list-on-version",
        "one_message",
        member("notificationVersion", 99),
        "/notificationVersion",
    ),
    (
        "message-agrees-with-list-on-recipient-version",
        "one_message",
        member("recipientNotificationVersion", 99),
        "/recipientNotificationVersion",
    ),
    ("sent-message-agrees-with-list-on-id", "one_sent_message", member("id", "another"), "/id"),
    (
        "sent-message-agrees-with-list-on-subject",
        "one_sent_message",
        member("subject", "x"),
        "/subj",
    ),
    (
        "sent-message-agrees-with-list-on-priority",
        "one_sent_message",
        member("priority", {"value": "?"}),
        "/priority",
    ),
    (
        "sent-message-agrees-with-list-on-creation-time",
        "one_sent_message",
        member("createDateTime", wrong_moment),
        "/createDateTime",
    ),
    (
        "sent-message-agrees-with-list-on-sender",
        "one_sent_message",
        member("sender", "a name alone"),
        "/sender",
    ),
    ("message-status-is-200", "one_message", status(206), "status"),
    ("message-is-json", "one_message", plain, "header:Content-Type"),
    ("message-has-request-id", "one_message", without("opc-request-id"), ID),
    ("message-keeps-its-schema", "one_message", lacking("content"), "/content"),
    (
        "message-belongs-to-the-patient",
        "one_message",
        member("patientId", "41000100"),
        "/patientId",
    ),
    ("message-keeps-the-token", "one_message", leaking, SECRET),
    ("message-reads-the-same-twice", "one_message_again", member("canReply", 1), "/canReply"),
    ("message-stays-unread", "one_message_again", member("status", "OPENED"), "/status"),
    ("sent-message-status-is-200", "one_sent_message", status(404), "status"),
    ("sent-message-has-request-id", "one_sent_message", without("opc-request-id"), ID),
    ("sent-message-keeps-its-schema", "one_sent_message", lacking("createDateTime"), "/createD"),
    ("accept-any-media-type-gets-json", "message_accepting", status(406), "status"),
    ("accept-ranked-media-types-gets-json", "message_accepting", plain, "header:Content-Type"),
    ("accept-charset-is-accepted", "one_message_again", status(406), "status"),
    (
        "accept-charset-is-accepted",
        "one_message_again",
        having("Content-Type", "application/json; charset=ISO-8859-1"),
        "header:Content-Type",
    ),
    ("callers-request-id-is-accepted", "message_with_request_id", status(400), "status"),
    (
        "callers-request-id-gets-a-request-id",
        "message_with_request_id",
        without("opc-request-id"),
        ID,
    ),
    (
        "unknown-parameter-is-no-server-error",
        "message_with_unknown_parameter",
        status(500),
        "status",
    ),
    ("sent-items-status-is-200", "sent_items", status(500), "status"),
    ("sent-items-are-json", "sent_items", plain, "header:Content-Type"),
    ("sent-items-have-request-id", "sent_items", without("opc-request-id"), ID),
    ("sent-items-keep-their-schema", "sent_items", no_id, "/items/0/id"),
    ("sent-items-name-each-message-once", "sent_items", twice, "relation:unique-ids"),
    ("sent-items-newest-first", "sent_items", turned, "/items/1/createDateTime"),
    ("sent-items-sort-oldest-first", "sent_oldest_first", turned, "/items/1/createDateTime"),
    (
        "sent-items-sort-by-priority",
        "sent_by_priority",
        only(lambda found: found[1::2] + found[::2]),
        "relation:items-of-one-priority-stand-together",
    ),
    ("sent-items-order-selects-nothing", "sent_by_priority", mid_lost, MISSING),
    ("sent-items-keep-the-token", "sent_items", leaking, SECRET),
    (
        "crowded-sent-items-name-each-message-once",
        "crowded_sent_items",
        twice,
        "relation:unique-ids",
    ),
    ("crowded-sent-items-newest-first", "crowded_sent_items", turned, "/items/1/createDateTime"),
    ("sent-items-window-starts-90-days-ago", "sent_items", dated(1, OLD), "/items/1/createDate"),
    ("sent-items-window-ends-now", "sent_items", dated(1, AHEAD), "/items/1/createDateTime"),
    ("sent-items-window-is-90-days", "sent_items", mid_lost, MISSING),
    ("sent-items-window-reaches-back", "sent_long_window", first_lost, MISSING),
    ("sent-items-window-reaches-back", "sent_long_window", last_lost, MISSING),
    ("sent-items-limit-1000-is-accepted", "sent_long_window", status(400), "status"),
    ("sent-items-lower-bound-holds", "sent_between", dated(0, OLD), "/items/0/createDateTime"),
    ("sent-items-upper-bound-holds", "sent_between", dated(0, AHEAD), "/items/0/createDateTime"),
    ("sent-items-between-bounds-are-complete", "sent_between", mid_lost, MISSING),
    ("sent-items-bounds-are-inclusive", "sent_between", first_lost, MISSING),
    ("inbox-answers-every-option", "inbox_reminders", status(400), "status"),
    ("inbox-answers-every-option", "inbox_of_both_types", html, "body"),
    ("inbox-answers-every-order", "inbox_by_priority", plain, "header:Content-Type"),
    ("sent-items-answer-every-option", "sent_by_priority", status(500), "status"),
    ("sent-items-answer-every-option", "sent_before_the_window", status(500), "status"),
    ("organization-option-is-answered", "inbox_with_organizations", status(500), "status"),
    ("organization-option-is-answered", "message_with_organization", html, "body"),
    ("other-inbox-is-answered", "other_inbox", status(500), "status"),
    ("crowded-lists-are-answered", "crowded_inbox", status(500), "status"),
    ("crowded-lists-are-answered", "crowded_sent_items", html, "body"),
    ("message-answers-again", "one_message_again", status(500), "status"),
]

# The lies that need what another exchange holds: check id, who lies, from whom it copies.
BORROWED: list[tuple[str, str, str, str]] = [
    ("inboxes-of-two-patients-differ", "other_inbox", "inbox_items", COMMON),
    ("inbox-and-sent-items-differ", "sent_items", "inbox_items", COMMON),
    ("inbox-reminders-are-no-messages", "inbox_items", "inbox_reminders", COMMON),
    ("request-ids-are-distinct", "one_message_again", "inbox_items", ID),
]


def test_the_table_of_lies_is_complete() -> None:
    lied_to = {lie[0] for lie in LIES} | {lie[0] for lie in BORROWED}
    assert lied_to == CHECKS.keys()


@pytest.mark.parametrize("check_id", CHECKS)
def test_each_check_passes_on_an_honest_recording(check_id: str, honest: dict[str, Any]) -> None:
    _call(check_id, honest, {})


def test_reading_costs_few_requests(honest: dict[str, Any]) -> None:
    assert honest["requests"] <= 33


@pytest.mark.parametrize(
    ("check_id", "liar", "lie", "at"), LIES, ids=[f"{lie[0]}-{n}" for n, lie in enumerate(LIES)]
)
def test_each_check_fails_on_a_lie(
    check_id: str, liar: str, lie: Change, at: str, honest: dict[str, Any]
) -> None:
    with pytest.raises(FindingsError) as caught:
        _call(check_id, honest, {liar: lie})
    places = [finding.at for finding in caught.value.findings]
    assert places[0].startswith(at), places
    check = Label(Level.MUST, Basis.DOCUMENTED, "contract-facts §2")
    assert all(finding.next_step for finding in caught.value.under(check))


@pytest.mark.parametrize(("check_id", "liar", "source", "at"), BORROWED)
def test_each_comparison_fails_on_what_is_borrowed(
    check_id: str, liar: str, source: str, at: str, honest: dict[str, Any]
) -> None:
    lender: Exchange = honest["made"][source, ()]
    if at == ID:
        lie = having("opc-request-id", str(lender.header("opc-request-id")))
    else:
        lie = edited(lambda document: document["items"].append(lender.json["items"][0]))
    with pytest.raises(FindingsError) as caught:
        _call(check_id, honest, {liar: lie})
    assert [finding.at for finding in caught.value.findings] == [at]


def test_a_2xx_other_than_200_is_advice_for_a_list(honest: dict[str, Any]) -> None:
    with pytest.raises(FindingsError) as caught:
        _call("inbox-status-is-200", honest, {"inbox_items": status(206)})
    assert caught.value.advice
    with pytest.raises(FindingsError) as caught:
        _call("inbox-status-is-200", honest, {"inbox_items": status(500)})
    assert not caught.value.advice


def test_a_schema_violation_on_an_inferred_member_is_advice(honest: dict[str, Any]) -> None:
    with pytest.raises(FindingsError) as caught:
        _call("inbox-keeps-its-schema", honest, {"inbox_items": first_item("subject", 7)})
    assert caught.value.advice
    with pytest.raises(FindingsError) as caught:
        _call("message-keeps-its-schema", honest, {"one_message": lacking("content")})
    assert not caught.value.advice


def test_a_message_that_came_between_two_requests_is_no_finding(honest: dict[str, Any]) -> None:
    def with_fresh_item(made: Exchange) -> Exchange:
        grown = only(lambda found: [{**found[0], "id": "1.1.1.fresh"}, *found])(made)
        return dated(0, made.sent_at)(grown)

    _call("inbox-limit-1000-changes-nothing", honest, {"inbox_spelled_out": with_fresh_item})


def test_a_zone_written_otherwise_is_the_same_time(honest: dict[str, Any]) -> None:
    listed: Exchange = honest["made"]["inbox_items", ()]
    from suites.messages.lists import items, moment

    at = moment(listed, items(listed)[0])
    same = {"dateTime": f"{at:%Y-%m-%dT%H:%M:%S.000}", "timeZone": "Etc/UTC"}
    changes = {"one_message": member("createDateTime", same)}
    _call("message-agrees-with-list-on-creation-time", honest, changes)


# check id, the exchange that is changed, how, and whether thin data or an absent inferred member is the cause
SILENT: list[tuple[str, str, Change, bool]] = [
    ("inbox-newest-first", "inbox_items", emptied, True),
    ("inbox-newest-first", "inbox_items", only(lambda found: found[:1]), True),
    ("inbox-newest-first", "inbox_items", no_item_has("createDateTime"), True),
    ("inbox-newest-first", "inbox_items", status(500), False),
    ("inbox-newest-first", "inbox_items", html, True),
    ("inbox-names-each-message-once", "inbox_items", no_item_has("id"), True),
    ("inbox-keeps-deleted-items", "inbox_items", no_item_has("status"), True),
    ("inbox-sorts-by-priority", "inbox_by_priority", no_item_has("priority"), True),
    ("inbox-sorts-by-priority", "inbox_by_priority", only(lambda found: found[:1]), True),
    ("inbox-lists-messages-by-default", "inbox_items", no_item_has("notificationType"), True),
    ("inbox-lists-reminders-when-asked", "inbox_reminders", emptied, True),
    ("inbox-reminders-have-shown-up", "inbox_reminders", no_item_has("remindDateTime"), True),
    ("inbox-omits-organization", "inbox_items", emptied, True),
    (
        "inbox-organization-keeps-its-schema",
        "inbox_with_organizations",
        no_item_has("organization"),
        True,
    ),
    (
        "inbox-limit-1000-changes-nothing",
        "inbox_items",
        only(lambda found: found * 50),
        True,
    ),
    ("inbox-window-reaches-back", "inbox_before_the_window", emptied, True),
    ("inbox-bounds-are-inclusive", "inbox_items", only(lambda found: found[4:6]), True),
    ("message-agrees-with-list-on-subject", "one_message", lacking("subject"), True),
    ("message-agrees-with-list-on-subject", "one_message", status(404), False),
    ("message-agrees-with-list-on-subject", "inbox_items", first_lost, True),
    ("message-belongs-to-the-patient", "one_message", lacking("patientId"), True),
    ("message-stays-unread", "inbox_items", first_item("status", "OPENED"), True),
]


@pytest.mark.parametrize(
    ("check_id", "changed", "change", "unsettled"),
    SILENT,
    ids=[f"{row[0]}-{n}" for n, row in enumerate(SILENT)],
)
def test_a_check_that_can_not_read_its_answer_accuses_nobody(
    check_id: str, changed: str, change: Change, unsettled: bool, honest: dict[str, Any]
) -> None:
    with pytest.raises(CouldNotTellError) as caught:
        _call(check_id, honest, {changed: change})
    assert caught.value.unsettled_shape is unsettled


def test_two_lists_without_items_prove_nothing(honest: dict[str, Any]) -> None:
    changes = {"inbox_items": emptied, "inbox_spelled_out": emptied}
    with pytest.raises(CouldNotTellError, match="no items to compare"):
        _call("inbox-limit-1000-changes-nothing", honest, changes)


def test_an_inbox_without_deleted_messages_proves_nothing_about_them(
    honest: dict[str, Any],
) -> None:
    lists = ("inbox_items", "inbox_long_window", "inbox_spelled_out")
    with pytest.raises(CouldNotTellError, match="shows no deleted message"):
        _call("inbox-keeps-deleted-items", honest, dict.fromkeys(lists, undeleted))


def test_a_twin_that_hides_deleted_messages_leaves_the_question_open() -> None:
    with pytest.raises(CouldNotTellError, match="shows no deleted message"):
        _call("inbox-keeps-deleted-items", _record("deleted-message-vanishes"), {})


def test_answers_without_request_ids_are_not_compared(honest: dict[str, Any]) -> None:
    answers = ("inbox_items", "sent_items", "one_message", "one_message_again")
    with pytest.raises(CouldNotTellError, match="fewer than two"):
        _call("request-ids-are-distinct", honest, dict.fromkeys(answers, without("opc-request-id")))


# defect of the twin, and a check that must notice it
NOTICED = [
    ("inbox-answers-html", "inbox-is-json"),
    ("inbox-body-is-truncated", "inbox-is-json"),
    ("inbox-ignores-sort-order", "inbox-sorts-oldest-first"),
    ("inbox-window-is-30-days", "inbox-window-is-90-days"),
    ("future-bound-is-not-clamped", "inbox-future-bound-becomes-now"),
    ("inbox-lacks-request-id", "inbox-has-request-id"),
    ("detail-disagrees-with-list", "message-agrees-with-list-on-subject"),
    ("item-of-another-patient", "message-belongs-to-the-patient"),
    ("duplicate-item", "inbox-names-each-message-once"),
]


@pytest.mark.parametrize(("defect", "check_id"), NOTICED)
def test_a_lying_twin_is_noticed(defect: str, check_id: str) -> None:
    assert check_id in _failing(_record(defect))


def test_what_the_environment_does_not_name_is_not_claimed() -> None:
    recording = _record(empty_patient=None, other_patient=None, crowded_patient=None)
    for name in ("empty_inbox", "other_inbox", "crowded_inbox", "crowded_sent_items"):
        assert isinstance(recording["made"][name, ()], NotClaimedError)


def test_a_patient_with_an_empty_inbox_leaves_the_dependent_exchanges_unmade() -> None:
    made = _record(patient="12700200")["made"]
    for name in ("inbox_between", "sent_between", "one_message", "one_sent_message"):
        assert isinstance(made[name, ()], CouldNotTellError)
    assert made["message_with_organization", ()].unsettled_shape
