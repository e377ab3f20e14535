"""Faults that a header of any answer can have, and what an error's words can show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from golive import Mutant, Mutator, Recording, Steps, encoded, places

if TYPE_CHECKING:
    from collections.abc import Iterator

    from golive import Exchange

AREA = "every answer"
IN_TEN_YEARS = "Sat, 01 Jan 2050 00:00:00 GMT"
Fault = tuple[str, Mapping[str, str], bool]
"""The header at which it is found, the headers that an answer gets, whether the rule that they break decides."""

OF_PATIENTS: tuple[Fault, ...] = (
    ("Cache-Control", {"Cache-Control": "public"}, True),
    ("Cache-Control", {"Cache-Control": "public, max-age=86400"}, True),
    ("Cache-Control", {"Cache-Control": "s-maxage=600"}, True),
    ("Cache-Control", {"Cache-Control": "max-age=600, must-revalidate"}, True),
    ("Cache-Control", {"Cache-Control": "public", "Expires": IN_TEN_YEARS}, True),
    ("Cache-Control", {"Cache-Control": "private, max-age=31536000"}, False),
    ("Cache-Control", {"Expires": IN_TEN_YEARS}, False),
)
OF_REFUSALS: tuple[Fault, ...] = (
    ("Cache-Control", {"Cache-Control": "public, max-age=600"}, True),
)
OF_ANYTHING: tuple[Fault, ...] = (
    ("ETag", {"ETag": "1"}, True),
    ("Last-Modified", {"Last-Modified": IN_TEN_YEARS}, True),
    ("Last-Modified", {"Last-Modified": "2026-01-01T00:00:00Z"}, True),
    ("Vary", {"Content-Encoding": "gzip"}, False),
    ("Content-Length", {"Transfer-Encoding": "chunked", "Content-Length": "7"}, True),
    (
        "Access-Control-Allow-Origin",
        {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Credentials": "true"},
        False,
    ),
    ("X-Error", {"X-Error": "at com.example.Inbox.list(Inbox.java:118)"}, True),
    ("X-Debug", {"X-Debug": "SELECT * FROM messages WHERE patient = 1"}, True),
    ("X-Served-By", {"X-Served-By": "inbox-7.messages.internal"}, False),
    ("X-Backend", {"X-Backend": "10.20.30.40:8443"}, False),
    ("Server", {"Server": "Example/9.0.71"}, False),
)
WORDS: tuple[tuple[str, bool], ...] = (
    ("java.lang.NullPointerException: at com.example.Inbox.list(Inbox.java:118)", True),
    ('Traceback (most recent call last): File "/srv/app/inbox.py", line 7', True),
    ("ORA-00942: table or view does not exist", True),
    ("select id from messages where patient = 7", True),
    ("no answer from 10.20.30.40", False),
    ("can't read /opt/messages/conf/inbox.xml", False),
)
"""What an error's `details` may show, and whether the rule that it breaks decides."""


def faults(recording: Recording) -> Iterator[Mutant]:
    """Yield an answer about a patient, and one with a refusal, with each of these headers or words."""
    # In the order of their names: that in which they were made changes from run to run.
    by_name = sorted(places(recording), key=lambda place: place.name)
    known = [place for place in by_name if place.exchange.request.operation]
    patients = [p for p in known if p.key[0] == "inbox_items"]
    read = [p for p in known if p.exchange.request.method == "GET"]
    refusals = [p for p in read if p.exchange.status == 401][:1]
    for chosen, rows in ((patients, (*OF_PATIENTS, *OF_ANYTHING)), (refusals, OF_REFUSALS)):
        for place in chosen:
            for at, headers, deciding in rows:
                yield _with(Mutator(recording, place, AREA), place.exchange, at, headers, deciding)
    errors = [p for p in known if p.exchange.status == 400 and p.exchange.json_or_none][:1]
    for place in errors:
        for words, deciding in WORDS:
            body = encoded({**place.exchange.json, "details": [{"reason": words}]})
            make = Mutator(recording, place, AREA)
            what = f"an error that says: {words}"
            yield make.mutant(what, ("/details",), what, deciding=deciding, body=body)
    yield from _same_tags(recording)
    yield from _slow(recording)


def _slow(recording: Recording) -> Iterator[Mutant]:
    """Yield many readings of an inbox of which each takes ten minutes."""
    for key, made in recording.made.items():
        if isinstance(made, Steps) and key[0] == "status_tour":
            slow = Steps({name: replace(one, seconds=601.0) for name, one in made.items()})
            what = "every reading takes ten minutes"
            yield Mutant(
                f"status_tour: {what}", AREA, key, slow, ("relation:latency",), False, what
            )


def _with(
    make: Mutator, exchange: Exchange, at: str, headers: Mapping[str, str], deciding: bool
) -> Mutant:
    fields = exchange.response.headers
    for name, value in headers.items():
        fields = fields.with_(name, value)
    what = "; ".join(f"{name}: {value}" for name, value in headers.items())
    return make.mutant(what, (f"header:{at}",), what, deciding=deciding, headers=fields)


def _same_tags(recording: Recording) -> Iterator[Mutant]:
    """Yield the readings of an inbox that changes, each with the same ETag."""
    for key, made in recording.made.items():
        if not isinstance(made, Steps) or key[0] != "status_tour":
            continue
        for tag, deciding in (('"1"', True), ('W/"1"', False)):
            tagged = Steps({name: _tagged(one, tag) for name, one in made.items()})
            what = f"every reading with ETag: {tag}"
            yield Mutant(
                f"status_tour: {what}", AREA, key, tagged, ("header:ETag",), deciding, what
            )


def _tagged(one: Exchange, tag: str) -> Exchange:
    return replace(
        one, response=replace(one.response, headers=one.response.headers.with_("ETag", tag))
    )
