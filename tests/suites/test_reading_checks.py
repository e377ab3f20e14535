"""What the checks of suites/messages say where `golive prove` does not ask: above all, where an answer can't be read.

That each check passes on honest answers, and fails on those that break its rule, is what `golive prove` proves. The
recording is made once, over real HTTP, with the suites' own exchanges; each row changes one answer in it.
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
from golive.contract.outcomes import CouldNotTellError, NotClaimedError, ThinDataError
from golive.environment import find, load
from golive.exchanges.model import Exchange
from golive.exchanges.schedule import ExchangeScheduler
from golive.kit.files import resources
from golive.pytest_plugin.fixtures import EXCHANGES
from golive.pytest_plugin.making import start
from golive.pytest_plugin.state import Run

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
            EXCHANGES.key(name, asked.parameters)
            for asked in CHECKS.values()
            for name in inspect.signature(asked.function).parameters
            if name in EXCHANGES
        ]
        made = ExchangeScheduler(EXCHANGES, run.services, 8).make(keys)
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
        elif name in EXCHANGES:
            made = recording["made"][EXCHANGES.key(name, asked.parameters)]
            if isinstance(made, Exception):
                raise made
            arguments[name] = changes.get(name, lambda same: same)(made)
    asked.function(**{n: arguments[n] for n in inspect.signature(asked.function).parameters})


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


def no_item_has(name: str) -> Change:
    return edited(lambda document: [item.pop(name, None) for item in document["items"]])


def only(keep: Callable[[list[Any]], list[Any]]) -> Change:
    return edited(lambda document: document.update(items=keep(document["items"])))


def dated(index: int, when: datetime, name: str = "createDateTime") -> Change:
    """Give one item another time."""
    text = {"dateTime": f"{when.astimezone(UTC):%Y-%m-%dT%H:%M:%S.000}", "timeZone": "UTC"}
    return edited(lambda document: document["items"][index].update({name: text}))


NOW = datetime.now(UTC)
OLD = NOW - timedelta(days=95)
turned = only(lambda found: found[::-1])
emptied = only(lambda found: [])
first_lost = only(lambda found: found[1:])
undeleted = only(lambda found: [item for item in found if item["status"] != "DELETED"])
html = body("<html></html>")
plain = having("Content-Type", "text/plain")

MISSING = "relation:no-item-is-missing"
COMMON = "relation:no-common-item"

# What no fault of `golive prove` breaks: check id, the exchange that is changed, how, where the finding must be
BROKEN: list[tuple[str, str, Change, str]] = [
    ("sent-message-keeps-its-schema", "one_sent_message", lacking("createDateTime"), "/createD"),
    ("accept-ranked-media-types-gets-json", "message_accepting", plain, "header:Content-Type"),
    (
        "accept-charset-is-accepted",
        "one_message_again",
        having("Content-Type", "application/json; charset=ISO-8859-1"),
        "header:Content-Type",
    ),
    ("inbox-answers-every-option", "inbox_of_both_types", html, "body"),
    ("inbox-answers-every-order", "inbox_by_priority", plain, "header:Content-Type"),
    ("organization-option-is-answered", "message_with_organization", html, "body"),
    ("crowded-lists-are-answered", "crowded_inbox", html, "body"),
]


def test_reading_costs_few_requests(honest: dict[str, Any]) -> None:
    assert honest["requests"] <= 115


@pytest.mark.parametrize(("check_id", "changed", "change", "at"), BROKEN)
def test_a_check_fails_on_an_answer_that_breaks_its_rule(
    check_id: str, changed: str, change: Change, at: str, honest: dict[str, Any]
) -> None:
    with pytest.raises(FindingsError) as caught:
        _call(check_id, honest, {changed: change})
    places = [finding.at for finding in caught.value.findings]
    assert places[0].startswith(at), places
    check = Label(Level.MUST, Basis.DOCUMENTED, "contract-facts §2")
    assert all(finding.next_step for finding in caught.value.under(check))


def test_another_tenant_s_own_message_of_that_id_is_no_finding(honest: dict[str, Any]) -> None:
    asked = CHECKS["message-stays-in-its-tenant"]
    own = honest["made"][EXCHANGES.key("one_message", asked.parameters)]
    with pytest.raises(FindingsError) as caught:
        _call("message-stays-in-its-tenant", honest, {"message_in_another_tenant": lambda _: own})
    assert [one.at for one in caught.value.findings] == ["status"]
    other = member("content", "<p>other</p>")(member("subject", "Other")(own))
    _call("message-stays-in-its-tenant", honest, {"message_in_another_tenant": lambda _: other})


@pytest.mark.parametrize(
    ("name", "own", "theirs"),
    [
        ("inbox-stays-in-its-tenant", "inbox_items", "inbox_in_another_tenant"),
        ("sent-items-stay-in-their-tenant", "sent_items", "sent_in_another_tenant"),
    ],
)
def test_another_tenant_s_own_messages_by_these_ids_are_no_finding(
    honest: dict[str, Any], name: str, own: str, theirs: str
) -> None:
    mine = honest["made"][EXCHANGES.key(own, CHECKS[name].parameters)]
    with pytest.raises(FindingsError) as caught:
        _call(name, honest, {theirs: lambda _: mine})
    assert [one.at for one in caught.value.findings] == ["status"]
    body = json.loads(mine.response.body)
    for item in body["items"]:
        item["subject"] = "Of another tenant"
    response = replace(mine.response, body=json.dumps(body).encode())
    _call(name, honest, {theirs: lambda _: replace(mine, response=response)})


def test_a_reminder_of_the_time_before_the_window_need_not_be_listed(
    honest: dict[str, Any],
) -> None:
    name, long = "inbox-reminders-shown-lately-are-listed", "inbox_reminders_long_window"
    _call(name, honest, {long: dated(0, OLD, "remindDateTime")})
    with pytest.raises(FindingsError):
        _call(name, honest, {"inbox_reminders": first_lost})
    with pytest.raises(ThinDataError, match="no reminder showed up"):
        _call(name, honest, {long: emptied})


def test_a_reminder_that_says_nothing_of_replies_decides_nothing(honest: dict[str, Any]) -> None:
    with pytest.raises(CouldNotTellError):
        _call("reminder-can-not-be-replied-to", honest, {"one_reminder": lacking("canReply")})


def test_a_2xx_other_than_200_is_advice_for_a_list(honest: dict[str, Any]) -> None:
    with pytest.raises(FindingsError) as caught:
        _call("inbox-status-is-200", honest, {"inbox_items": status(206)})
    assert all(one.advice for one in caught.value.findings)
    with pytest.raises(FindingsError) as caught:
        _call("inbox-status-is-200", honest, {"inbox_items": status(500)})
    assert not all(one.advice for one in caught.value.findings)


def test_a_schema_violation_on_an_inferred_member_is_advice(honest: dict[str, Any]) -> None:
    with pytest.raises(FindingsError) as caught:
        _call("inbox-keeps-its-schema", honest, {"inbox_items": first_item("subject", 7)})
    assert all(one.advice for one in caught.value.findings)
    with pytest.raises(FindingsError) as caught:
        _call("message-keeps-its-schema", honest, {"one_message": lacking("content")})
    assert not all(one.advice for one in caught.value.findings)


def test_a_message_that_came_between_two_requests_is_no_finding(honest: dict[str, Any]) -> None:
    def with_fresh_item(made: Exchange) -> Exchange:
        grown = only(lambda found: [{**found[0], "id": "1.1.1.fresh"}, *found])(made)
        return dated(0, made.sent_at)(grown)

    _call("inbox-limit-1000-changes-nothing", honest, {"inbox_spelled_out": with_fresh_item})


def test_a_zone_written_otherwise_is_the_same_time(honest: dict[str, Any]) -> None:
    listed: Exchange = honest["made"]["inbox_items", ()]
    from suites.common.lists import items
    from suites.messages.lists import moment

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
        only(lambda found: (found * 50)[:1000]),
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
def test_a_check_that_can_not_read_its_answer_makes_no_finding(
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


def test_what_the_environment_does_not_name_is_not_claimed() -> None:
    recording = _record(empty_patient=None, other_patient=None, crowded_patient=None)
    for name in ("empty_inbox", "other_inbox", "crowded_inbox", "crowded_sent_items"):
        assert isinstance(recording["made"][name, ()], NotClaimedError)


def test_a_patient_with_an_empty_inbox_leaves_the_dependent_exchanges_unmade() -> None:
    made = _record(patient="12700200")["made"]
    for name in ("inbox_between", "sent_between", "one_message", "one_sent_message"):
        assert isinstance(made[name, ()], CouldNotTellError)
    assert made["message_with_organization", ()].unsettled_shape
