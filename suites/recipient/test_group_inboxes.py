"""Group inboxes: all of them, by name and by id."""

from __future__ import annotations

from typing import TYPE_CHECKING

from golive import (
    Contract,
    CouldNotTellError,
    Exchange,
    Expect,
    ThinDataError,
    check,
    counted,
    expect,
    show,
)
from suites.common.alike import are_shown_alike, are_the_same_again
from suites.common.answers import are_answered, succeeds, succeeds_with_200
from suites.common.lists import (
    holds_exactly,
    identifier,
    identifiers,
    items,
    names_each_once,
    some_items,
    whole,
)

if TYPE_CHECKING:
    from collections.abc import Collection

COMMON = "contract-facts §1; mcfap/intro.html"
INBOXES = "contract-facts §2.7; op-20241001-groupinboxes-get.html"
FIELDS = "contract-facts §2.7; api-recipients.html"
CHOICES = "contract-facts §9"
SECRECY = "RFC 6749 §10.3"


@check("group-inboxes-status-is-200", level="must", basis="documented", source=INBOXES)
def test_group_inboxes_are_answered_with_200(group_inboxes: Exchange) -> None:
    """A request for all group inboxes succeeds; that the status is 200 and no other 2xx is advice."""
    with expect(group_inboxes) as it:
        succeeds_with_200(it)


@check("group-inboxes-are-json", level="must", basis="documented", source=COMMON)
def test_group_inboxes_are_json(group_inboxes: Exchange) -> None:
    """Group inboxes come as a JSON text with media type application/json."""
    with expect(group_inboxes) as it:
        it.media_type()
        it.json()


@check("group-inboxes-have-request-id", level="must", basis="inferred", source=COMMON)
def test_group_inboxes_carry_a_request_id(group_inboxes: Exchange) -> None:
    """The answer with all group inboxes carries an opc-request-id."""
    with expect(group_inboxes) as it:
        it.header("opc-request-id")


@check("group-inboxes-keep-their-schema", level="must", basis="inferred", source=FIELDS)
def test_group_inboxes_keep_their_schema(group_inboxes: Exchange, contract: Contract) -> None:
    """The list of group inboxes has the form that the contract gives."""
    with expect(group_inboxes) as it:
        it.schema(contract, "recipient-20241001/group-inboxes")


@check("group-inboxes-show-their-names", level="should", basis="inferred", source=FIELDS)
def test_group_inboxes_show_their_names(group_inboxes: Exchange) -> None:
    """At least one group inbox has a name."""
    with expect(group_inboxes) as it:
        named = [item for item in some_items(group_inboxes) if item.get("name")]
        it.that(bool(named), "/items", "a name in at least one item", "none")


@check("group-inboxes-are-listed-once", level="must", basis="inferred", source=CHOICES)
def test_each_group_inbox_is_listed_once(group_inboxes: Exchange) -> None:
    """No two group inboxes have the same id."""
    with expect(group_inboxes) as it:
        names_each_once(it, some_items(it.exchange))


@check("group-inboxes-keep-the-token", level="must", basis="standard", source=SECRECY)
def test_group_inboxes_do_not_repeat_the_token(group_inboxes: Exchange) -> None:
    """Nothing in the answer with all group inboxes repeats the token or the credential."""
    with expect(group_inboxes) as it:
        it.keeps_secrets()


@check("group-inboxes-answer-every-option", level="must", basis="documented", source=INBOXES)
def test_group_inboxes_answer_every_option(
    group_inboxes_by_asterisk: Exchange,
    group_inboxes_by_blanks: Exchange,
    group_inboxes_spelled_out: Exchange,
    group_inboxes_by_id: Exchange,
    group_inbox_by_name: Exchange,
) -> None:
    """A request for group inboxes with a documented parameter is answered with 2xx and JSON."""
    are_answered(
        group_inboxes_by_asterisk,
        group_inboxes_by_blanks,
        group_inboxes_spelled_out,
        group_inboxes_by_id,
        group_inbox_by_name,
    )


@check("group-inboxes-are-all-listed-by-asterisk", level="must", basis="documented", source=INBOXES)
def test_an_asterisk_lists_all_group_inboxes(
    group_inboxes_by_asterisk: Exchange, group_inboxes: Exchange
) -> None:
    """With an asterisk as name, the same group inboxes come as without a name."""
    _same(group_inboxes_by_asterisk, group_inboxes)


@check("group-inboxes-are-all-listed-by-blanks", level="must", basis="documented", source=INBOXES)
def test_blanks_list_all_group_inboxes(
    group_inboxes_by_blanks: Exchange, group_inboxes: Exchange
) -> None:
    """With blanks as name, the same group inboxes come as without a name."""
    _same(group_inboxes_by_blanks, group_inboxes)


@check("group-inbox-is-found-by-its-name", level="must", basis="inferred", source=INBOXES)
def test_a_group_inbox_is_found_by_its_name(
    group_inbox_by_name: Exchange, group_inboxes: Exchange
) -> None:
    """A search for the name of the first group inbox lists it."""
    with expect(group_inbox_by_name) as it:
        named = [item for item in some_items(group_inboxes) if item.get("name")]
        if not named:
            raise ThinDataError("group_inboxes shows no name, so none can be searched for")
        first = identifiers(group_inboxes, named)[0]
        found = identifiers(group_inbox_by_name, items(group_inbox_by_name))
        it.that(first in found, "relation:no-item-is-missing", "that group inbox", show(found))


@check("group-inbox-name-may-hold-any-character", level="must", basis="documented", source=INBOXES)
def test_a_name_may_hold_any_number_of_any_characters(
    group_inboxes_by_odd_name: Exchange,
) -> None:
    """A search by a name with any type and number of characters is answered with 2xx and JSON."""
    are_answered(group_inboxes_by_odd_name)


@check("group-inbox-name-may-hold-any-letter", level="must", basis="documented", source=INBOXES)
def test_a_name_with_a_letter_beyond_ascii_is_found(
    group_inbox_by_name_beyond_ascii: Exchange,
    group_inbox_by_name: Exchange,
    group_inboxes: Exchange,
) -> None:
    """Where a search for a group inbox by its own name lists it, so does one for a name with letters beyond ASCII."""
    if not _lists_its_name(group_inbox_by_name, group_inboxes):
        raise CouldNotTellError(
            f"{group_inbox_by_name.name} does not list the group inbox of that name either, and no page says "
            "which inboxes a name finds",
            unsettled_shape=True,
        )
    with expect(group_inbox_by_name_beyond_ascii) as it:
        succeeds(it)
        there = _lists_its_name(it.exchange, group_inboxes)
        it.that(there, "relation:no-item-is-missing", "the group inbox of that name", "not listed")


@check("group-inbox-name-is-heeded", level="must", basis="inferred", source=INBOXES)
def test_a_name_that_no_group_inbox_has_does_not_list_all(
    group_inboxes_by_odd_name: Exchange, group_inboxes: Exchange
) -> None:
    """A search by a name that no group inbox has lists fewer than all."""
    with expect(group_inboxes_by_odd_name) as it:
        everything = some_items(group_inboxes)
        found = items(group_inboxes_by_odd_name)
        it.that(
            len(found) < len(everything), "/items", "fewer than all group inboxes", str(len(found))
        )


@check("group-inboxes-by-id-are-those", level="must", basis="documented", source=INBOXES)
def test_group_inboxes_by_id_are_those(group_inboxes_by_id: Exchange) -> None:
    """A request for several ids lists exactly the group inboxes of those ids."""
    asked = [value for name, value in group_inboxes_by_id.request.query if name == "id"]
    with expect(group_inboxes_by_id) as it:
        _exactly(it, asked)


@check("group-inboxes-leave-unknown-ids-out", level="must", basis="documented", source=INBOXES)
def test_unknown_ids_are_left_out(
    group_inboxes_with_unknown_id: Exchange, group_inboxes: Exchange
) -> None:
    """Where a part of the ids is unknown, the group inboxes of the others are listed."""
    known = identifiers(group_inboxes, some_items(group_inboxes))[:1]
    with expect(group_inboxes_with_unknown_id) as it:
        if succeeds(it):
            _exactly(it, known)


@check("group-inboxes-of-unknown-ids-are-none", level="must", basis="documented", source=INBOXES)
def test_unknown_ids_alone_give_an_empty_array(group_inboxes_of_unknown_ids: Exchange) -> None:
    """Where all ids are unknown, the answer is a success with an empty array."""
    with expect(group_inboxes_of_unknown_ids) as it:
        body = it.json() if succeeds(it) else None
        if isinstance(body, dict):
            found = body.get("items")
            it.that(isinstance(found, list), "/items", "an array", "none", advice=True)
            if isinstance(found, list):
                it.that(not found, "/items", "an empty array", counted(len(found), "item"))


@check("every-list-shows-a-group-inbox-alike", level="must", basis="documented", source=FIELDS)
def test_every_list_shows_a_group_inbox_alike(
    answers: list[Exchange], group_inboxes: Exchange, group_inboxes_by_id: Exchange
) -> None:
    """A group inbox has the same name in each list that shows it."""
    are_shown_alike([group_inboxes_by_id, *answers], group_inboxes, ("name",))


@check("group-inboxes-are-the-same-again", level="must", basis="documented", source=INBOXES)
def test_group_inboxes_are_the_same_each_time(
    answers: list[Exchange], group_inboxes: Exchange
) -> None:
    """Group inboxes that are asked for several times in the same way are the same ones each time."""
    are_the_same_again(answers, group_inboxes)


@check("group-inboxes-take-a-request-id", level="must", basis="documented", source=INBOXES)
def test_a_caller_may_name_the_request(group_inboxes_with_request_id: Exchange) -> None:
    """A request for group inboxes may have the documented headers opc-request-id and accept-charset."""
    are_answered(group_inboxes_with_request_id)


def _lists_its_name(searched: Exchange, group_inboxes: Exchange) -> bool:
    """Return whether a search lists a group inbox of the very name that was searched for."""
    name = dict(searched.request.query)["name"]
    wanted = {identifier(item) for item in some_items(group_inboxes) if item.get("name") == name}
    return bool(wanted & set(identifiers(searched, items(searched))))


def _same(exchange: Exchange, all_of_them: Exchange) -> None:
    some_items(all_of_them)
    wanted = identifiers(all_of_them, whole(all_of_them))
    with expect(exchange) as it:
        _exactly(it, wanted)


def _exactly(it: Expect, wanted: Collection[str]) -> None:
    """The list has these ids and no other."""
    if not wanted:
        raise ThinDataError("there are no ids to compare")
    holds_exactly(it, wanted, "every group inbox that was asked for")
