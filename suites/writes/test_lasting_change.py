"""A change of status that is left as it is until the run ends: it lasts, and the message is otherwise what it was."""

from __future__ import annotations

import json
from typing import Any

from golive import (
    CouldNotTellError,
    Exchange,
    Steps,
    ThinDataError,
    check,
    counted,
    expect,
    own_words,
    show,
)
from suites.common.lists import identifiers, items, member, same_json
from suites.common.sameness import is_lost
from suites.messages.citations import CHOICES, STATUS_UPDATE, STATUSES
from suites.messages.lists import message
from suites.messages.recognise import same_text
from suites.messages.status_choice import COLLECTIONS, VERSIONS
from suites.messages.status_steps import item_of, shown_status
from suites.writes.conditional import BY_DATE, BY_TAG, is_given_anew

CONFLICT = 409
SERVER_ERROR = 500
CONDITIONS = "RFC 9110 §13.1.2, §13.1.3, §15.4.5"
MAY_CHANGE = frozenset({"status", "content", *VERSIONS})


@check("status-change-lasts", level="must", basis="documented", source=STATUSES)
def test_a_change_of_status_lasts(lasting_change_at_the_end: Steps) -> None:
    """A status that was changed early is shown at the end of the run, and the former one when it is taken back."""
    for step in lasting_change_at_the_end.values():
        with expect(step) as it:
            it.that(step.status < SERVER_ERROR, "status", "200", str(step.status))
    one, wanted = _changed(lasting_change_at_the_end)
    if shown_status(lasting_change_at_the_end["seen"], one) != wanted:
        raise CouldNotTellError(
            "the inbox never showed the change that was to last",
            next_step="Fix the findings about the changes of status first.",
        )
    with expect(lasting_change_at_the_end["listed"]) as it:
        it.status(200)
        items(it.exchange)  # an answer that is no list shows no status, and not another one
        found = shown_status(it.exchange, one)
        expected = f"{show(wanted)}, which the inbox showed after the change"
        it.that(found == wanted, "relation:status-lasts", expected, show(found))
    _is_taken_back(lasting_change_at_the_end, one)


@check(
    "status-change-shows-in-the-message",
    level="must",
    basis="documented",
    source=f"{STATUSES}; {STATUS_UPDATE}; {CHOICES}",
)
def test_a_message_has_its_new_status(lasting_change_at_the_end: Steps) -> None:
    """A message that showed its inbox item's status before a change shows the new one after it; the rest is advice."""
    one, wanted = _changed(lasting_change_at_the_end)
    read = lasting_change_at_the_end["read"]
    if shown_status(lasting_change_at_the_end["listed"], one) != wanted:
        raise CouldNotTellError("the inbox does not show the changed status either")
    former = (item_of(lasting_change_at_the_end["inbox"], one) or {}).get("status")
    showed = message(lasting_change_at_the_end["before"]).get("status")
    with expect(read) as it:
        found = member(read, message(read), "status")
        # That a message has this member is inferred; one that once said what the inbox says has it.
        stale = found == former == showed
        expected = f"{show(wanted)}, as in the inbox"
        it.that(found == wanted, "/status", expected, show(found), advice=not stale)


@check("status-change-leaves-the-message", level="must", basis="documented", source=STATUS_UPDATE)
def test_a_change_of_status_leaves_the_message(lasting_change_at_the_end: Steps) -> None:
    """A message whose status was changed has the text and the other members that it had before."""
    _changed(lasting_change_at_the_end)
    before, read = message(lasting_change_at_the_end["before"]), lasting_change_at_the_end["read"]
    with expect(read) as it:
        it.status(200)
        after = message(read)
        for name in sorted((before.keys() | after.keys()) - MAY_CHANGE):
            same = same_json(before.get(name), after.get(name))
            # What is documented and had something in it is not left out by a change of status.
            gone = name in COLLECTIONS and before.get(name) and not after.get(name)
            shown = gone or None not in (before.get(name), after.get(name))
            sure = shown and is_lost(name, before, after)
            it.that(same, f"/{name}", "as before the change", "another value", advice=not sure)
        expected = "the text from before the change"
        it.that(same_text(before, after), "/content", expected, "another one")


@check("status-that-one-has-stops-no-other", level="must", basis="documented", source=STATUS_UPDATE)
def test_a_message_that_has_the_status_stops_no_other(lasting_change_at_the_end: Steps) -> None:
    """An update that is accepted and names first a message that has the status already takes the other one to it."""
    one, wanted = _changed(lasting_change_at_the_end)
    named = json.loads(lasting_change_at_the_end["change"].request.body)["messages"]
    if "mixed" in lasting_change_at_the_end:
        refused = lasting_change_at_the_end["mixed"]
        raise CouldNotTellError(
            "an update that names a message which has the status already was refused, and no page says whether it may "
            f"be; {own_words(refused)}",
            unsettled_shape=True,
        )
    if len(named) == 1:
        raise ThinDataError(
            f"the inbox of the patient for writing has no further message of status {wanted}",
            next_step="Give that patient more messages, of both UNREAD and OPENED.",
        )
    seen = lasting_change_at_the_end["seen"]
    with expect(seen) as it:
        items(seen)
        found = shown_status(seen, one)
        expected = f"{counted(len(named), 'message')} with status {wanted}"
        actual = f"{show(found)} of the one after it"
        it.that(found == wanted, "relation:all-reach-the-status", expected, actual)


@check("changed-message-is-not-304", level="must", basis="standard", source=CONDITIONS)
def test_a_changed_message_is_given_anew(lasting_change_at_the_end: Steps) -> None:
    """A caller who has a message from before its status changed, with its ETag or date, does not get 304."""
    one, wanted = _changed(lasting_change_at_the_end)
    if shown_status(lasting_change_at_the_end["listed"], one) != wanted:
        raise CouldNotTellError("the inbox does not show that the message has changed")
    asked = _conditions(lasting_change_at_the_end)
    is_given_anew(asked, lasting_change_at_the_end["change"])


@check("changed-inbox-is-not-304", level="must", basis="standard", source=CONDITIONS)
def test_a_changed_inbox_is_given_anew(inbox_asked_conditionally: Steps) -> None:
    """A caller who has an inbox from before a change of status, with its ETag or date, does not get 304."""
    if inbox_asked_conditionally:
        asked = _conditions(inbox_asked_conditionally)
        is_given_anew(asked, inbox_asked_conditionally["change"])


def _changed(steps: Steps) -> tuple[str, Any]:
    """Return the message that was changed, and to which status; CouldNotTellError where the change was refused."""
    change = steps["change"]
    if not change.succeeded or "listed" not in steps:
        raise CouldNotTellError(
            f"the change that was to last was answered {change.status}",
            next_step="Fix the findings about the changes of status first.",
        )
    body = json.loads(change.request.body)
    return body["messages"][-1]["id"], body["status"]


def _is_taken_back(steps: Steps, one: str) -> None:
    before = item_of(steps["inbox"], one) or {}
    back = steps["back"]
    by_hand = "Put the status of this message of the patient for writing right by hand."
    if back.status == CONFLICT:  # as where reading a message changes it
        raise CouldNotTellError("the message has changed since, by whomever", next_step=by_hand)
    with expect(back) as it:
        it.that(back.succeeded, "status", "200", str(back.status), next_step=by_hand)
    with expect(steps["restored"]) as it:
        identifiers(it.exchange, items(it.exchange))
        found = shown_status(it.exchange, one)
        same = found == before.get("status")
        wanted = show(before.get("status"))
        it.that(same, "relation:restored", wanted, show(found), next_step=by_hand)


def _conditions(steps: Steps) -> list[Exchange]:
    return [steps[name] for name in (BY_TAG, BY_DATE) if name in steps]
