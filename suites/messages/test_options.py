"""Every option that the pages describe is answered: what the other checks then read must first be there."""

from __future__ import annotations

from golive import Exchange, check
from suites.common.answers import are_answered
from suites.messages.citations import INBOX, MESSAGE, ORGANIZATION, PAGES, SENT_ITEMS


@check("inbox-answers-every-option", level="must", basis="documented", source=INBOX)
def test_the_inbox_answers_every_option(
    inbox_spelled_out: Exchange,
    inbox_long_window: Exchange,
    inbox_before_the_window: Exchange,
    inbox_between: Exchange,
    inbox_until: Exchange,
    inbox_into_the_future: Exchange,
    inbox_reminders: Exchange,
    inbox_reminders_long_window: Exchange,
    inbox_of_both_types: Exchange,
) -> None:
    """An inbox request with a documented parameter and value is answered with 2xx and JSON."""
    are_answered(
        inbox_spelled_out,
        inbox_long_window,
        inbox_before_the_window,
        inbox_between,
        inbox_until,
        inbox_into_the_future,
        inbox_reminders,
        inbox_reminders_long_window,
        inbox_of_both_types,
    )


@check("inbox-answers-every-order", level="must", basis="inferred", source=INBOX)
def test_the_inbox_answers_every_order(
    inbox_newest_first: Exchange, inbox_oldest_first: Exchange, inbox_by_priority: Exchange
) -> None:
    """An inbox request with sortBy and sortOrder as on the page of sent items is answered with 2xx and JSON."""
    are_answered(inbox_newest_first, inbox_oldest_first, inbox_by_priority)


@check("sent-items-answer-every-option", level="must", basis="documented", source=SENT_ITEMS)
def test_the_sent_items_answer_every_option(
    sent_oldest_first: Exchange,
    sent_by_priority: Exchange,
    sent_long_window: Exchange,
    sent_before_the_window: Exchange,
    sent_between: Exchange,
) -> None:
    """A request for sent items with a documented parameter and value is answered with 2xx and JSON."""
    are_answered(
        sent_oldest_first,
        sent_by_priority,
        sent_long_window,
        sent_before_the_window,
        sent_between,
    )


@check("organization-option-is-answered", level="must", basis="documented", source=ORGANIZATION)
def test_the_option_for_organizations_is_answered(
    inbox_with_organizations: Exchange, message_with_organization: Exchange
) -> None:
    """With the option for organizations, inbox and message are answered with 2xx and JSON."""
    are_answered(inbox_with_organizations, message_with_organization)


@check("other-inbox-is-answered", level="must", basis="documented", source=INBOX)
def test_the_inbox_of_another_patient_is_answered(other_inbox: Exchange) -> None:
    """The inbox of another patient is answered with 2xx and JSON."""
    are_answered(other_inbox)


@check("crowded-lists-are-answered", level="must", basis="documented", source=PAGES)
def test_a_list_of_more_than_a_page_is_answered(crowded_inbox: Exchange) -> None:
    """The inbox of a patient with more messages than a page takes is answered with 2xx and JSON."""
    are_answered(crowded_inbox)


@check("message-answers-again", level="must", basis="documented", source=MESSAGE)
def test_a_message_is_answered_again(one_message_again: Exchange) -> None:
    """A message that was read a moment ago is answered with 2xx and JSON again."""
    are_answered(one_message_again)
