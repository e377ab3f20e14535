"""What the checks of every answer take for a fault, and what they let pass because it is none."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from suite_files import checks_of

from golive import (
    Contract,
    Exchange,
    FindingsError,
    NotClaimedError,
    Request,
    ThinDataError,
    resources,
)
from golive.environment import find, load
from golive.environment.sections import Latency
from golive.exchanges.headers import Headers
from golive.exchanges.model import Response
from suites.answers.caching import is_for_anybody, seconds_fresh
from suites.answers.insides import NETWORK, PROGRAM, shown, versions

TWIN = load(find("twin"), variables={})
NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
DATE = ("Date", "Thu, 26 Nov 2026 09:00:00 GMT")
CONTRACT = Contract(resources() / "schemas")
INBOX = "https://api.cernermillennium.com/t/message/20241001/patientMessages/inboxItems?patientId=1"


HEADERS = checks_of("answers/test_every_header")


def _answer(*fields, status=200, body=b"{}", asked=(("Authorization", "Bearer x"),), url=INBOX):
    request = Request("GET", url, Headers(tuple(asked)), operation="listInboxItems")
    response = Response(status, Headers((DATE, *fields)), body)
    return Exchange("made", request, response, NOW, 0.1)


def _says(value):
    return ("Cache-Control", value)


@pytest.mark.parametrize(
    ("fields", "anybody"),
    [
        ((), False),
        ((_says("no-store"),), False),
        ((_says("private, max-age=600"),), False),
        ((_says("max-age=600"),), False),  # one with Authorization is not kept for that alone
        ((_says("public"),), True),
        ((_says("public, max-age=600"),), True),
        ((_says("public, max-age=0"),), False),
        ((_says("public, no-cache"),), False),
        ((_says('public, no-cache="Set-Cookie"'),), True),  # that field alone is asked for again
        ((_says("Public, S-MaxAge=60"),), True),
        ((_says("must-revalidate"),), False),
        ((_says("must-revalidate, max-age=60"),), True),
        ((_says("public"), ("Vary", "Accept-Encoding, Authorization")), False),
        ((_says("public, no-store, max-age=60"),), False),
        ((_says("public"), ("Expires", "0")), False),
        ((("Expires", "Thu, 26 Nov 2026 10:00:00 GMT"),), False),
    ],
)
def test_an_answer_is_for_anybody_only_where_a_shared_cache_may_keep_it(fields, anybody):
    assert is_for_anybody(_answer(*fields)) is anybody


@pytest.mark.parametrize(
    ("fields", "anybody"),
    [((), False), ((_says("max-age=60"),), True), ((_says("private, max-age=60"),), False)],
)
def test_a_refusal_of_a_caller_without_a_token_is_kept_for_all_where_it_says_for_how_long(
    fields, anybody
):
    assert is_for_anybody(_answer(*fields, status=401, asked=())) is anybody


def test_a_lifetime_is_read_from_max_age_before_expires():
    later = ("Expires", "Thu, 26 Nov 2026 10:00:00 GMT")
    assert seconds_fresh(_answer(later)) == 3600
    assert seconds_fresh(_answer(_says("max-age=7"), later)) == 7
    assert seconds_fresh(_answer(_says("max-age=7, no-cache"))) == 0
    assert seconds_fresh(_answer()) is None


def _places(check, *answers, **more):
    try:
        check(list(answers), **more)
    except FindingsError as error:
        return [(found.at, found.advice) for found in error.findings]
    return []


def test_a_shared_code_value_is_advice_and_a_shared_message_is_none():
    one = _answer(_says("public, max-age=60"))
    check = HEADERS.test_no_answer_is_for_anybody
    assert _places(check, one, contract=CONTRACT) == [("header:Cache-Control", False)]
    request = Request("GET", INBOX, one.request.headers, operation="listCodeValues")
    other = Exchange("made", request, one.response, NOW, 0.1)
    assert _places(check, other, contract=CONTRACT) == [("header:Cache-Control", True)]


@pytest.mark.parametrize(
    ("tags", "bodies", "found"),
    [
        (('"1"', '"1"'), (b"{}", b"{}"), []),
        (('"1"', '"2"'), (b"{}", b"[]"), []),
        (('"1"', '"1"'), (b"{}", b"[]"), [("header:ETag", False)]),
        (('W/"1"', 'W/"1"'), (b"{}", b"[]"), [("header:ETag", True)]),
        (("1", "2"), (b"{}", b"[]"), [("header:ETag", False)]),
    ],
)
def test_an_entity_tag_has_one_body(tags, bodies, found):
    answers = [_answer(("ETag", tag), body=body) for tag, body in zip(tags, bodies, strict=True)]
    assert _places(HEADERS.test_an_etag_changes_with_the_body, *answers) == found


def test_an_entity_tag_of_another_message_may_be_the_same():
    answers = [
        _answer(("ETag", '"1"'), body=body, url=f"{INBOX}{n}")
        for n, body in enumerate((b"{}", b"[]"))
    ]
    assert _places(HEADERS.test_an_etag_changes_with_the_body, *answers) == []


@pytest.mark.parametrize(
    ("modified", "found"),
    [
        ("Thu, 26 Nov 2026 09:00:00 GMT", 0),
        ("Thu, 26 Nov 2026 09:00:01 GMT", 1),
        ("2026-11-26T09:00:00Z", 1),
    ],
)
def test_nothing_is_modified_after_its_date(modified, found):
    answer = _answer(("Last-Modified", modified))
    assert len(_places(HEADERS.test_nothing_was_modified_in_the_future, answer)) == found


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ((("Content-Encoding", "gzip"),), 1),
        ((("Content-Encoding", "gzip"), ("Vary", "Origin, accept-encoding")), 0),
        ((("Content-Encoding", "identity"),), 0),
        ((("Content-Encoding", "gzip"), _says("no-store")), 0),
    ],
)
def test_what_is_compressed_and_kept_varies(fields, found):
    assert (
        len(_places(HEADERS.test_what_is_compressed_says_so_to_caches, _answer(*fields))) == found
    )


def test_many_answers_of_a_host_with_the_same_fault_are_one_finding_with_their_number():
    both = (("Transfer-Encoding", "chunked"), ("Content-Length", "2"))
    with pytest.raises(FindingsError) as caught:
        HEADERS.test_the_length_of_a_body_is_said_once([_answer(*both), _answer(), _answer(*both)])
    (found,) = caught.value.findings
    assert found.actual == "both; 2 of 3 answers of this host"


def _refusal(words):
    return _answer(status=400, body=f'{{"code": "X", "details": ["{words}"]}}'.encode())


@pytest.mark.parametrize(
    "words",
    [
        "java.sql.SQLException: bad",
        "at com.example.Inbox.list(Inbox.java:118)",
        "at Example.Inbox.List(String id) in C:/src/Inbox.cs:line 7",
        "at list (/srv/app/inbox.js:7:12)",
        "SELECT id FROM messages",
        "ORA-00942",
    ],
)
def test_what_shows_the_program_is_found_in_an_error(words):
    assert {at for at, _ in shown(_refusal(words), PROGRAM)} == {"/details"}


@pytest.mark.parametrize(
    "words",
    [
        "Select one from the list of recipients.",
        "Unable to convert HTML to RTF",
        "Please update your request and set a patientId.",
        "urn:cerner:error:oauth2:resource-access:signature-verification-failed",
        "subcode=unknown_kid, kid=2025-09-09T02:40:05.718.ec.es256",
        "/2025/09/09 api.cernermillennium.com version 10.2.3",
        "The path /20241001/patientMessages is not known.",
    ],
)
def test_what_an_error_says_in_plain_words_is_no_inside(words):
    assert [*shown(_refusal(words), PROGRAM), *shown(_refusal(words), NETWORK)] == []


@pytest.mark.parametrize(
    "words", ["10.1.2.3 is down", "inbox-7.messages.internal", "/opt/messages/conf/inbox.xml"]
)
def test_what_shows_the_network_is_found_in_an_error(words):
    assert [at for at, _ in shown(_refusal(words), NETWORK)] == ["/details"]


def test_a_message_may_tell_of_anything_and_an_error_may_repeat_what_was_asked():
    assert [*shown(_answer(body=b'{"content": "SELECT id FROM messages"}'), PROGRAM)] == []
    asked = _answer(status=404, body=b'{"message": "no ORA-00001"}', url=f"{INBOX}ORA-00001")
    assert [*shown(asked, PROGRAM)] == []


def test_a_version_of_a_program_is_seen_in_a_header():
    assert [*versions(_answer(("Server", "Example/9.0.71")))] == ["Server"]
    assert [*versions(_answer(("Server", "Example")))] == []


# -- how fast it answers ----------------------------------------------------------------------------------------

LATENCY = checks_of("answers/test_latency")


def _in(*seconds, status=200):
    return [replace(_answer(status=status), seconds=one) for one in seconds]


def _claiming(**latency):
    claims = replace(TWIN.claims, latency={name: Latency(p95) for name, p95 in latency.items()})
    return replace(TWIN, claims=claims)


def _judged(answers, environment):
    return LATENCY.test_operations_answer_as_fast_as_claimed(answers, environment)


def test_a_latency_within_the_claim_is_none_and_a_longer_one_names_the_slowest_answer():
    answers = _in(*[0.1] * 19, 4.0)
    assert _judged(answers, _claiming(listInboxItems=4000)) is None
    with pytest.raises(FindingsError) as raised:
        _judged([*answers, *_in(4.0)], _claiming(listInboxItems=3000))
    [found] = raised.value.findings
    assert (found.at, found.expected) == (
        "relation:latency",
        "95 of 100 successes of listInboxItems within 3000 ms",
    )
    assert found.actual == "4000 ms, of 21 successes"
    assert found.exchange["milliseconds"] == 4000


def test_nine_successes_are_too_few_to_judge_a_latency_by_and_refusals_are_none():
    answers = [*_in(*[9.0] * 9), *_in(*[9.0] * 9, status=400)]
    with pytest.raises(ThinDataError, match=r"fewer than 10 successes .*: listInboxItems 9"):
        _judged(answers, _claiming(listInboxItems=3000))


def test_without_a_claim_no_latency_is_judged():
    with pytest.raises(NotClaimedError):
        _judged(_in(9.0), _claiming())
