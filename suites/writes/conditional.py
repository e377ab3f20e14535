"""Asking whether something has changed: an earlier request again, under the condition that its answer is outdated.

An answer may have validators (ETag, Last-Modified); no page of the API says so, so what has none is not asked again.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from golive import Exchange, MessagesApi, Steps, expect, http_date
from suites.common.judging import HTTP_DATE

if TYPE_CHECKING:
    from collections.abc import Iterable

NOT_MODIFIED = 304
BY_TAG, BY_DATE = "If-None-Match", "If-Modified-Since"
VALIDATORS = {
    BY_TAG: ("ETag", re.compile(r'(W/)?"[\x21\x23-\x7e]*"')),
    BY_DATE: ("Last-Modified", HTTP_DATE),
}
"""Header of a condition -> the header that gives its value, and the form of that."""

SECOND = timedelta(seconds=1)
"""What a date of HTTP does not separate."""


def asked_again(api: MessagesApi, earlier: Exchange, name: str) -> Steps:
    """Send an earlier request once for each validator of its answer; the steps have the names of the conditions."""
    steps = Steps()
    operation = api.contract.operations[earlier.request.operation]
    for condition, (validator, form) in VALIDATORS.items():
        value = earlier.header(validator)
        if not earlier.succeeded or value is None or form.fullmatch(value) is None:
            continue
        headers = earlier.request.headers.with_(condition, value)
        for field, own in api.own_headers(with_body=False, operation=operation).items():
            headers = headers.with_(field, own)
        request = replace(earlier.request, headers=headers)
        steps[condition] = api.send(request, f"{name}: {condition}")
    return steps


def is_given_anew(asked: Iterable[Exchange], change: Exchange) -> None:
    """Raise a finding where an answer from before a change, which was seen, is called the present one."""
    for one in asked:
        tag, date = (one.request.headers.get(name) for name in (BY_TAG, BY_DATE))
        changed = http_date(change.header("Date")) or change.sent_at
        modified = http_date(date)
        if tag is None and (modified is None or changed - modified <= SECOND):
            continue
        with expect(one) as it:
            it.that(
                one.status != NOT_MODIFIED,
                "status",
                f"200, as it has changed since it was given with that {'ETag' if tag else 'date'}",
                "304: not modified",
                advice=(tag or "").startswith("W/"),  # which need not change with every change
            )
