"""Requests that differ in a detail which must not matter, and what all answers have in common.

The headers are documented for one message, so that is what they are tried on.
"""

from __future__ import annotations

import re
from collections import Counter

import pytest

from golive import CouldNotTellError, Exchange, check, expect, show_word
from suites.messages.citations import ACCEPT, CHOICES, COMMON

HEAD, NOT_IMPLEMENTED = "RFC 9110 §9.1, §9.3.2", 501
CHARSET = re.compile(r"charset\s*=\s*\"?([^\s;\"]+)", re.IGNORECASE)


@check("accept-{accept}-gets-json", level="must", basis="standard", source=ACCEPT)
@pytest.mark.parametrize("accept", ["any-media-type", "ranked-media-types"])
def test_a_caller_that_accepts_json_gets_json(accept: str, message_accepting: Exchange) -> None:
    """An Accept header that allows application/json ({accept}) gets the message as JSON."""
    with expect(message_accepting) as it:
        it.status(200)
        it.media_type()


@check("accept-charset-is-accepted", level="must", basis="documented", source=COMMON)
def test_a_charset_may_be_asked_for(one_message_again: Exchange) -> None:
    """A request that takes another charset beside UTF-8, the documented default, is answered in UTF-8."""
    with expect(one_message_again) as it:
        it.status(200)
        named = CHARSET.search(one_message_again.header("Content-Type") or "")
        charset = named[1].lower() if named else "utf-8"
        it.that(charset == "utf-8", "header:Content-Type", "charset utf-8", show_word(charset))
        if not it.findings:
            it.json()


@check("callers-request-id-is-accepted", level="must", basis="documented", source=COMMON)
def test_a_callers_request_id_is_accepted(message_with_request_id: Exchange) -> None:
    """A caller may send an opc-request-id of letters, digits, underscores and hyphens."""
    with expect(message_with_request_id) as it:
        it.status(200)


@check("callers-request-id-gets-a-request-id", level="must", basis="documented", source=COMMON)
def test_a_callers_request_id_gets_a_request_id(message_with_request_id: Exchange) -> None:
    """The answer to a request with the caller's own opc-request-id carries one, too."""
    with expect(message_with_request_id) as it:
        it.header("opc-request-id")


@check("unknown-parameter-is-no-server-error", level="should", basis="inferred", source=CHOICES)
def test_an_unknown_parameter_is_no_server_error(
    message_with_unknown_parameter: Exchange,
) -> None:
    """A query parameter that no page names is ignored or refused, and breaks nothing."""
    with expect(message_with_unknown_parameter) as it:
        status = message_with_unknown_parameter.status
        it.that(200 <= status < 300 or 400 <= status < 500, "status", "2xx or 4xx", str(status))


@check("request-ids-are-distinct", level="must", basis="inferred", source=COMMON)
def test_each_answer_has_its_own_request_id(
    inbox_items: Exchange,
    sent_items: Exchange,
    one_message: Exchange,
    one_message_again: Exchange,
) -> None:
    """No two answers carry the same opc-request-id."""
    exchanges = (inbox_items, sent_items, one_message, one_message_again)
    values = [value for value in (one.header("opc-request-id") for one in exchanges) if value]
    if len(values) < 2:
        raise CouldNotTellError("fewer than two answers carry an opc-request-id")
    repeated = {value for value, times in Counter(values).items() if times > 1}
    last = next((one for one in exchanges[::-1] if one.header("opc-request-id") in repeated), None)
    with expect(last or one_message_again) as it:
        it.that(last is None, "header:opc-request-id", "an id of its own", "another answer's id")


@check(
    "other-origins-get-no-credentials",
    level="must",
    basis="standard",
    source="RFC 6454 §3.4.2, §8.3",
)
def test_another_origin_gets_no_credentials(message_from_another_origin: Exchange) -> None:
    """A page of any other origin, which the answer repeats, may not read a message with a caller's credentials."""
    asked = message_from_another_origin.request.headers.get("Origin")
    trusts = message_from_another_origin.header("Access-Control-Allow-Credentials")
    with expect(message_from_another_origin) as it:
        it.that(it.exchange.status < 500, "status", "any answer but 5xx", str(it.exchange.status))
        repeated = it.exchange.header("Access-Control-Allow-Origin") == asked
        it.that(
            not (repeated and trusts == "true"),
            "header:Access-Control-Allow-Origin",
            "no credentials for an origin that nobody has named",
            "the origin that asked, with credentials",
        )


@check("message-by-head-is-no-server-error", level="must", basis="standard", source=HEAD)
def test_head_is_answered_without_a_server_error(message_by_head: Exchange) -> None:
    """HEAD of a message is answered as GET is, or refused as a method that is not offered, and breaks nothing."""
    with expect(message_by_head) as it:
        status = message_by_head.status
        fails = status >= 500 and status != NOT_IMPLEMENTED
        it.that(not fails, "status", "2xx as for GET, or 405", f"{status}")
        answered = fails or message_by_head.succeeded
        it.that(answered, "status", "2xx, as for GET", f"{status}", advice=True)
