"""What the facts leave open of the neighbours of Messages, and personalities that choose otherwise there."""

from __future__ import annotations

from .personality import Neighbourly, Personality

NEIGHBOURS = (
    Personality(
        "code-pages-of-five",
        "Limit and page of codeValues are unknown (2.9); the next page is named as elsewhere in the book (2.1).",
        neighbours=Neighbourly(code_page=5, next_page_header="opc-next-page"),
    ),
    Personality(
        "silent-code-pages",
        "The same, and nothing says that there is more.",
        neighbours=Neighbourly(code_page=5),
    ),
    Personality(
        "code-pages-of-twenty",
        "The same, with the sibling's name of the header (2.1).",
        neighbours=Neighbourly(code_page=20, next_page_header="oh-next-page"),
    ),
    Personality(
        "neighbours-refuse-without-request-id",
        "opc-request-id of the lists' and the validation's 400 is only inferred (2.7 to 2.9).",
        neighbours=Neighbourly(request_id_of_list_errors=False),
    ),
    Personality(
        "methods-not-implemented",
        "A method that a server has nowhere is answered 501 (RFC 9110 9.1, 15.6.2).",
        unimplemented=501,
    ),
    Personality(
        "more-than-the-maximum-answered",
        "What more than 20 filters or 50 ids are answered with is unknown (2.9).",
        neighbours=Neighbourly(over_maximum="answered"),
    ),
    Personality(
        "filter-beside-id-refused",
        "That no filter is recognised beside id does not say whether one is ignored or refused (2.9).",
        neighbours=Neighbourly(filter_beside_id="refused"),
    ),
    Personality(
        "neighbours-lists-otherwise-called",
        "The member of a list that holds its items is inferred (2.7, 2.9).",
        neighbours=Neighbourly(inboxes_called="groupInboxes", values_called="codeValues"),
    ),
    Personality(
        "code-value-summaries",
        "The items of the list may be summaries of a code value (2.9).",
        neighbours=Neighbourly(summary_members=("id", "codeSet", "display")),
    ),
    Personality(
        "numeric-inbox-ids",
        "The members of a group inbox are known in words alone (2.7).",
        neighbours=Neighbourly(inbox_ids_are_numbers=True),
    ),
    Personality(
        "inbox-display",
        "The same: the name may be called otherwise.",
        neighbours=Neighbourly(inbox_name="displayName"),
    ),
    Personality(
        "unknown-recipients-left-out",
        "What an unknown id gives is unknown: invalid, or no entry (2.8).",
        neighbours=Neighbourly(unknown_recipient="absent"),
    ),
    Personality(
        "recipients-share-numbers",
        "No page says that an inbox and a member of the staff can't have the same number.",
        neighbours=Neighbourly(shared_numbers=True),
    ),
    Personality(
        "unknown-code-value-400",
        "What an unknown id is answered with is unknown (2.10); ids may come as text (2.9).",
        neighbours=Neighbourly(unknown_value=400, text_order=True),
    ),
)
