"""Changes of status: every one is accepted, shows in the inbox, and touches nothing else."""

from __future__ import annotations

import json

import pytest

from golive import (
    Contract,
    CouldNotTellError,
    Exchange,
    Expect,
    FindingsError,
    Steps,
    check,
    counted,
    expect,
    own_words,
)
from suites.common.lists import member
from suites.common.sameness import is_lost
from suites.messages import status_steps as tour
from suites.messages.citations import INBOX, STATUS_UPDATE, STATUSES
from suites.messages.status_choice import VERSIONS, status_entry
from suites.writes.around import SEVERAL
from suites.writes.moves import (
    accepted,
    demand_nobody_else,
    demand_some,
    move_of,
    moved_along,
    moved_beside,
    reverted,
    some_moves,
    statuses,
    step_of,
)

LOCK = "contract-facts §2.5, §7.4, §9: the two versions as an optimistic lock"
SAME = "contract-facts §3, §7.4, §9: a change to the same status is not listed"
OTHER_MEMBERS = frozenset(
    {"subject", "priority", "createDateTime", "notificationType", "sender", "encounter"}
)
"""Members of an inbox item that say what a message is, and not what became of it."""
each_transition = pytest.mark.parametrize("transition", tour.TRANSITIONS)


@check("status-{transition}-is-accepted", level="must", basis="documented", source=STATUSES)
@each_transition
def test_the_change_is_accepted(transition: str, status_tour: Steps) -> None:
    """The change {transition} of an inbox message is answered with 200."""
    with expect(move_of(status_tour, transition).change) as it:
        it.status(200)


@check("status-{transition}-is-seen", level="must", basis="documented", source=STATUSES)
@each_transition
def test_the_change_is_seen(transition: str, status_tour: Steps) -> None:
    """After the change {transition} the inbox shows the new status, until the next change of the message."""
    move = move_of(status_tour, transition)
    if not move.change.succeeded:
        raise CouldNotTellError(f"the change {transition} was answered {move.change.status}")
    item = tour.item_of(move.after, move.ids[0])
    actual = "the message is not listed" if item is None else member(move.after, item, "status")
    expected = transition.rpartition("-")[2].upper()
    with expect(move.after) as it:
        it.that(actual == expected, "relation:status-after-change", expected, str(actual))
        it.findings += reverted(status_tour, move, expected)


@check("status-update-has-request-id", level="must", basis="documented", source=STATUS_UPDATE)
def test_every_update_has_a_request_id(status_tour: Steps) -> None:
    """Every answer to a status update carries opc-request-id."""
    answers = [expect(move.change) for move in some_moves(status_tour)]
    for it in answers:
        it.header("opc-request-id")
    _raise(answers)


@check("status-deleted-message-stays-listed", level="must", basis="documented", source=STATUSES)
def test_a_deleted_message_stays_in_the_inbox(status_tour: Steps) -> None:
    """A message that was set to DELETED is still listed: status alone separates inbox and trash."""
    deleting = [move for move in accepted(status_tour) if move.name.endswith("-to-deleted")]
    demand_some(deleting, "an accepted change to DELETED")
    inboxes = [expect(move.after) for move in deleting]
    for move, it in zip(deleting, inboxes, strict=True):
        lost = [one for one in move.ids if tour.item_of(move.after, one) is None]
        it.that(not lost, "relation:deleted-stays", "the message, listed", "not listed")
    _raise(inboxes)


@check(
    "status-several-messages-change-together",
    level="must",
    basis="documented",
    source=STATUS_UPDATE,
)
def test_several_messages_change_in_one_call(status_tour: Steps) -> None:
    """One update takes all the messages that it names to the same status."""
    together = [move for move in accepted(status_tour) if len(move.ids) > 1]
    if not together and tour.TOGETHER in status_tour:
        raise CouldNotTellError(
            "two messages in one update were refused, and no page says where a client reads whether they have one "
            f"owner, as they must; {own_words(status_tour[tour.TOGETHER])}",
            next_step="Choose a test_data.write_patient whose messages have one owner.",
            unsettled_shape=True,
        )
    demand_some(together, "an accepted change of two messages at once")
    inboxes = [expect(move.after) for move in together]
    for move, it in zip(together, inboxes, strict=True):
        wanted = move.name.rpartition("-")[2].upper()
        now = statuses(move.after)
        # That one is not listed any more is another check's finding.
        reached = [one for one in move.ids if now.get(one, wanted) == wanted]
        it.that(
            len(reached) == len(move.ids),
            "relation:all-reach-the-status",
            f"{counted(len(move.ids), 'message')} with status {wanted}",
            str(len(reached)),
        )
    _raise(inboxes)


@check("status-change-leaves-others-alone", level="must", basis="documented", source=STATUS_UPDATE)
def test_other_messages_keep_their_status(status_tour: Steps) -> None:
    """A message that an update does not name keeps its status.

    It decides where one moves along with two changes, to their status: somebody else may work on that inbox, too.
    """
    moves = some_moves(status_tour)
    demand_nobody_else(status_tour)
    touched = [moved_beside(moves, move) for move in moves]
    along = moved_along(moves, touched)
    inboxes = [expect(move.after) for move in moves]
    for it, found in zip(inboxes, touched, strict=True):
        moved = f"{len(found)} of them changed"
        at, expected = "relation:others-unchanged", "the other messages as they were"
        it.that(not found & along, at, expected, moved)
    _raise(inboxes)


@check("status-change-changes-nothing-else", level="must", basis="documented", source=STATUS_UPDATE)
def test_a_change_of_status_changes_nothing_else(status_tour: Steps) -> None:
    """A message whose status was changed keeps its other members."""
    moves = accepted(status_tour)
    inboxes = [expect(move.after) for move in moves]
    for move, it in zip(moves, inboxes, strict=True):
        for one in move.ids:
            before, after = tour.item_of(move.before, one), tour.item_of(move.after, one)
            for name in OTHER_MEMBERS & before.keys() if before and after else ():
                same = name in after and not is_lost(name, before, after)
                it.that(same, f"/items/*/{name}", "as before the change", "another value")
    _raise(inboxes)


@check("status-change-raises-the-versions", level="must", basis="inferred", source=LOCK)
def test_a_change_raises_the_versions(status_tour: Steps) -> None:
    """A change of status makes the owner's or the recipient's version of the message greater, and neither smaller."""
    moves = accepted(status_tour)
    inboxes = [expect(move.after) for move in moves]
    for move, it in zip(moves, inboxes, strict=True):
        for one in move.ids:
            before, after = tour.item_of(move.before, one), tour.item_of(move.after, one)
            if before is None or after is None:
                continue  # that a message is gone is another check's finding
            for name in VERSIONS:
                member(move.after, after, name)
            old, new = status_entry(before), status_entry(after)
            # Each copy has a version of its own; which of them a change of the patient's status is of, nobody says.
            for name in VERSIONS:
                kept = new[name] >= old[name]
                it.that(kept, f"relation:{name}", f"{old[name]} or more", str(new[name]))
            raised = any(new[name] > old[name] for name in VERSIONS)
            it.that(raised, "relation:versions", "a version greater than before", "both as before")
    _raise(inboxes)


@check("status-same-again-is-accepted", level="should", basis="inferred", source=SAME)
def test_the_same_status_again_is_accepted(status_tour: Steps) -> None:
    """The status that a message already has is accepted."""
    with expect(step_of(status_tour, tour.SAME)) as it:
        it.status(200)


@check("status-outdated-version-is-refused", level="must", basis="inferred", source=LOCK)
def test_an_outdated_version_is_refused(status_tour: Steps, contract: Contract) -> None:
    """An update with versions that were current earlier in the run is refused with an error body."""
    stale = step_of(status_tour, tour.STALE)
    with expect(stale) as it:
        it.that(400 <= stale.status < 500, "status", "a 4xx", str(stale.status))
        if not stale.succeeded:
            it.schema(contract, "oauth/any-error")


@check("status-refused-update-changes-nothing", level="must", basis="inferred", source=LOCK)
def test_a_refused_update_changes_nothing(status_tour: Steps) -> None:
    """After an update that was refused for its versions, every message is as it was."""
    stale = step_of(status_tour, tour.STALE)
    if stale.succeeded:
        raise CouldNotTellError("the update with outdated versions was not refused")
    last = some_moves(status_tour)[-1].after
    after = step_of(status_tour, tour.AFTER)
    before, now = statuses(last), statuses(after)
    refused = json.loads(stale.request.body)
    named = [entry["id"] for entry in refused["messages"]]
    done = [one for one in named if before.get(one) != now.get(one) == refused["status"]]
    with expect(after) as it:
        expected = "the statuses from before the refused update"
        it.that(not done, "relation:nothing-changed", expected, f"{refused['status']}, as it asked")
    if before != now:
        raise CouldNotTellError(
            "statuses changed, and not as the refused update asked: the accepted one before it may have done that",
            next_step="Compare the inbox before and after the two updates.",
            unsettled_shape=True,
        )


@check("inbox-is-answered-after-each-change", level="must", basis="documented", source=INBOX)
def test_the_inbox_is_answered_after_each_change(status_tour: Steps) -> None:
    """The inbox is answered with 2xx after every change of status."""
    inboxes = [expect(one) for one in status_tour.values() if one.request.method == "GET"]
    for it in inboxes:
        it.that(it.exchange.succeeded, "status", "any 2xx", str(it.exchange.status))
    _raise(inboxes)


@check("status-tour-ends-where-it-began", level="must", basis="documented", source=STATUSES)
def test_every_message_is_back_where_it_was(status_tour: Steps, write_inbox: Exchange) -> None:
    """After all changes each message that was moved has the status in which it was found."""
    found, now = statuses(step_of(status_tour, tour.FIRST)), statuses(write_inbox)
    moved = {one for move in some_moves(status_tour) for one in move.ids}
    astray = sorted(one for one in moved if now.get(one) != found[one])
    if 0 < len(astray) < SEVERAL:
        what = f"{len(astray)} of {counted(len(moved), 'message')} are not as they were found; "
        demand_nobody_else(status_tour, what)
    with expect(write_inbox) as it:
        it.that(
            not astray,
            "relation:restored",
            f"{counted(len(moved), 'message')} as they were found",
            f"{len(astray)} of them otherwise",
            next_step="Put the status of these messages of the patient for writing right by hand.",
        )


def _raise(collected: list[Expect]) -> None:
    findings = [finding for it in collected for finding in it.findings]
    if findings:
        raise FindingsError(findings)
