"""The headers of every answer of a run, whatever was asked: caches, validators, origins, and how long a body is."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING

from golive import Contract, Exchange, Expect, FindingsError, check, http_date, whole_number
from suites.answers.caching import directives, is_for_anybody, seconds_fresh
from suites.common.judging import HTTP_DATE, judge

if TYPE_CHECKING:
    from collections.abc import Iterator

ENTITY_TAG = re.compile(r'(W/)?"[\x21\x23-\x7e\x80-\xff]*"')
CODINGS = {"gzip", "x-gzip", "deflate", "br", "zstd", "compress"}
LONG = timedelta(hours=1)
"""How long a list may be kept before somebody takes it for the present state; no page names a time."""
SKEW = timedelta(minutes=5)
NOT_ALLOWED = (401, 403)
SECONDS = "a whole number of seconds"
READABLE = {
    "Age": (re.compile("[0-9]{1,12}"), SECONDS),
    "Retry-After": (
        re.compile(f"[0-9]{{1,12}}|{HTTP_DATE.pattern}"),
        f"{SECONDS}, or a date in the form of HTTP",
    ),
}
"""Header -> its form, and what that is."""


@check(
    "every-answer-is-for-its-caller-alone",
    level="must",
    basis="standard",
    source="RFC 9111 §3.5, §5.2.2.9, §7.3",
)
def test_no_answer_is_for_anybody(answers: list[Exchange], contract: Contract) -> None:
    """No shared cache may give a patient's data, or a refusal, to another caller; anything else is advice."""

    def is_for_its_caller(it: Expect) -> None:
        it.that(
            not is_for_anybody(it.exchange),
            "header:Cache-Control",
            "nothing that lets a shared cache give it to another caller",
            ", ".join(sorted(directives(it.exchange))) or "an Expires alone",
            advice=not (it.exchange.status in NOT_ALLOWED or _is_personal(it.exchange, contract)),
        )

    judge((one for one in _of_operations(answers) if _is_kept(one)), is_for_its_caller)


@check(
    "every-patients-answer-is-kept-briefly",
    level="should",
    basis="standard",
    source="RFC 9111 §7.3",
)
def test_no_patients_data_are_kept_for_long(answers: list[Exchange], contract: Contract) -> None:
    """No cache of the caller's may give a patient's data for longer than an hour without asking again."""

    def is_kept_briefly(it: Expect) -> None:
        seconds = seconds_fresh(it.exchange) or 0.0
        it.that(
            seconds <= LONG.total_seconds(),
            "header:Cache-Control",
            f"at most {LONG.total_seconds():.0f} seconds",
            f"{seconds:.0f} seconds",
        )

    judge(
        (one for one in answers if one.succeeded and _is_personal(one, contract)), is_kept_briefly
    )


@check(
    "every-etag-stands-for-one-body",
    level="must",
    basis="standard",
    source="RFC 9110 §8.8.1, §8.8.3",
)
def test_an_etag_changes_with_the_body(answers: list[Exchange]) -> None:
    """Two answers to the same request with the same ETag have the same body; a weak one is advice."""
    known: dict[tuple[str, ...], list[Exchange]] = defaultdict(list)
    for one in answers:
        tag = one.header("ETag")
        if one.status == 200 and one.request.method == "GET" and tag is not None:
            known[one.request.url, one.request.headers.get("Accept") or "", tag].append(one)
    found: dict[tuple[str, bool], Expect] = {}
    for (_, _, tag), same in known.items():
        weak = tag.startswith("W/")
        other = next((one for one in same if one.response.body != same[0].response.body), None)
        it = found.setdefault((same[0].request.operation, weak), Expect(other or same[0]))
        form = "an entity tag, in quotation marks"
        it.that(ENTITY_TAG.fullmatch(tag) is not None, "header:ETag", form, "another form")
        if other is not None:
            expected = f"another than that of {same[0].name}, whose body is another one"
            it.violated("header:ETag", expected, "the same", advice=weak)
    if violated := [one for it in found.values() for one in it.findings]:
        raise FindingsError(violated)


@check(
    "every-last-modified-is-past",
    level="must",
    basis="standard",
    source="RFC 9110 §8.8.2.1",
)
def test_nothing_was_modified_in_the_future(answers: list[Exchange]) -> None:
    """No Last-Modified is later than the answer's own Date, and each has the form of HTTP."""

    def is_past(it: Expect) -> None:
        it.header_matches("Last-Modified", HTTP_DATE, "a date in the form of HTTP")
        modified = http_date(it.exchange.header("Last-Modified"))
        answered = http_date(it.exchange.header("Date")) or it.exchange.sent_at + SKEW
        past = modified is None or modified <= answered
        it.that(past, "header:Last-Modified", "no later than Date", "a later time")

    judge((one for one in answers if one.header("Last-Modified") is not None), is_past)


@check(
    "every-compressed-answer-varies", level="should", basis="standard", source="RFC 9110 §12.5.5"
)
def test_what_is_compressed_says_so_to_caches(answers: list[Exchange]) -> None:
    """An answer that a cache may keep, and whose coding the caller has chosen, names Accept-Encoding in Vary."""

    def varies(it: Expect) -> None:
        named = {part.strip().lower() for part in (it.exchange.header("Vary") or "").split(",")}
        it.that(
            bool(named & {"accept-encoding", "*"}), "header:Vary", "Accept-Encoding", "not named"
        )

    judge((one for one in answers if _is_coded(one) and _is_kept(one)), varies)


@check("every-body-has-one-length", level="must", basis="standard", source="RFC 9112 §6.2")
def test_the_length_of_a_body_is_said_once(answers: list[Exchange]) -> None:
    """No answer has both Transfer-Encoding and Content-Length."""

    def is_said_once(it: Expect) -> None:
        twice = it.exchange.header("Content-Length") and it.exchange.header("Transfer-Encoding")
        expected = "none beside Transfer-Encoding"
        it.that(not twice, "header:Content-Length", expected, "both")

    judge(answers, is_said_once)


@check(
    "every-answer-keeps-credentials-from-other-origins",
    level="should",
    basis="standard",
    source="RFC 6454 §3.4.2, §8.3",
)
def test_not_every_origin_gets_credentials(answers: list[Exchange]) -> None:
    """No answer allows every origin by an asterisk, and credentials with it."""

    def keeps_credentials(it: Expect) -> None:
        every = it.exchange.header("Access-Control-Allow-Origin") == "*"
        trusts = it.exchange.header("Access-Control-Allow-Credentials") == "true"
        at, expected = "header:Access-Control-Allow-Origin", "no asterisk beside credentials"
        it.that(not (every and trusts), at, expected, "both")

    judge(answers, keeps_credentials)


@check(
    "every-age-and-wait-can-be-read",
    level="must",
    basis="standard",
    source="RFC 9111 §5.1; RFC 9110 §10.2.3",
)
def test_every_age_and_every_wait_can_be_read(answers: list[Exchange]) -> None:
    """Each Age is a whole number of seconds, and each Retry-After such a number or a date of HTTP."""

    def can_be_read(it: Expect) -> None:
        for name, (form, what) in READABLE.items():
            if it.exchange.header(name) is not None:
                it.header_matches(name, form, what)

    judge(answers, can_be_read)


@check(
    "every-answer-is-made-for-its-request",
    level="must",
    basis="standard",
    source="RFC 9111 §3.5, §5.1",
)
def test_no_answer_comes_from_a_cache(answers: list[Exchange]) -> None:
    """No answer to a request with a token is an older one that its cache must not give again: with an Age above 0."""

    def is_made_for_it(it: Expect) -> None:
        age = (it.exchange.header("Age") or "").strip()
        stored = (whole_number(age) or 0) > 0 and not is_for_anybody(it.exchange)
        it.that(not stored, "header:Age", "absent, or 0", f"{age[:12]} seconds")

    judge((one for one in _of_operations(answers) if one.header("Age")), is_made_for_it)


def _of_operations(answers: list[Exchange]) -> Iterator[Exchange]:
    return (one for one in answers if one.request.operation)


def _is_personal(one: Exchange, contract: Contract) -> bool:
    """Return whether the description of what was asked marks something of it as telling of a person."""
    operation = contract.operations.get(one.request.operation)
    return operation is not None and any(
        "x-golive-personal" in {**one, **one.get("schema", {})} for one in operation.parameters
    )


def _is_kept(one: Exchange) -> bool:
    """Return whether a cache may keep the answer at all: that of a method which reads, without no-store."""
    return one.request.method in ("GET", "HEAD") and "no-store" not in directives(one)


def _is_coded(one: Exchange) -> bool:
    named = {part.strip().lower() for part in (one.header("Content-Encoding") or "").split(",")}
    return one.succeeded and bool(named & CODINGS)
