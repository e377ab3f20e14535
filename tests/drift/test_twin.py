"""Real changes are seen, and nothing is where only data differ."""

from __future__ import annotations

import itertools
import json
import time

import pytest

from golive.drift.compare import compare
from golive.drift.fingerprint import FORM
from golive.kit.json_schema import form_of

pytestmark = pytest.mark.whole_run

SEEDS = (1, 2)

SEEN = {
    # name of the defect -> severity, operation, place; the defects of one list meet in one run
    "tokens": {
        "expires-in-is-text": ("breaking", "token", "/expires_in"),
        "refresh-token-issued": ("visible", "token", "/refresh_token"),
        "token-typ-is-at-jwt": ("breaking", "token", "token header /typ"),
        "token-response-lacks-correlation-id": (
            "visible",
            "token",
            "header:cerner-correlation-id",
        ),
        "key-set-holds-one-generation": ("visible", "keySet", "keys:RSA sig"),
        "private-key-in-key-set": ("breaking", "keySet", "/keys/[]/d"),
        "error-uri-hides-the-reason": ("visible", "token", "reason:urn"),
    },
    "grants": {
        "token-granted-with-201": ("visible", "token", "status"),
        "token-errors-may-be-cached": None,  # only a value of a header: no shape
    },
    "reading": {
        "inbox-opens-without-token": ("breaking", "listInboxItems", "status"),
        "other-tenants-token-answered-403": ("visible", "listInboxItems", "status"),
        "sent-items-lack-request-id": ("breaking", "listSentItems", "header:opc-request-id"),
        "detail-lacks-content": ("breaking", "getMessage", "/content"),
        "service-errors-lack-code": ("breaking", "listSentItems", "/code"),
        "api-refusals-lack-challenge": ("breaking", "getMessage", "header:www-authenticate"),
        "empty-inbox-lacks-items": ("breaking", "listInboxItems", "/items"),
    },
    "writing": {
        "send-answered-202": ("visible", "sendMessage", "status"),
        "status-update-answered-204": ("visible", "updateMessageStatus", "status"),
        "empty-inbox-answers-404": ("breaking", "listInboxItems", "status"),
        "service-errors-are-html": ("breaking", "getMessage", "media type"),
        "bad-requests-lack-request-id": ("breaking", "sendMessage", "header:opc-request-id"),
        "inbox-lacks-request-id": ("breaking", "listInboxItems", "header:opc-request-id"),
    },
    "an answer without id": {
        "send-answer-lacks-id": ("breaking", "sendMessage", "/id"),
    },
}


AREAS = {"tokens": "oauth", "grants": "oauth"}
"""Where a group's defects show, if that is a part of a run: a whole one takes four times as long."""


def asked_of(drift, group):
    return drift.Asked(defects=tuple(SEEN[group]), only=AREAS.get(group, ""))


def with_defects(drift, group):
    """The fault-free run, and the one with the defects of this group."""
    return drift.runs_on_twin(drift.Asked(), asked_of(drift, group))


def test_runs_on_the_fault_free_twin_differ_in_nothing_whatever_the_seed(drift, contract):
    runs = drift.runs_on_twin(*(drift.Asked(seed) for seed in SEEDS))
    for first, second in itertools.product(runs, runs):
        found = compare(first, second, contract)
        assert found.changes == ()
        assert found.compared > 140
        # Whether two tenants have ids in common, and are then asked once more, is the seed's affair.
        apart = (*found.only_first, *found.only_second)
        assert [one for one in apart if " in two tenants: " not in one] == []


def test_each_defect_is_seen_as_serious_as_it_is(drift, contract):
    drift.runs_on_twin(drift.Asked(), *(asked_of(drift, group) for group in SEEN))
    for group in SEEN:
        found = compare(*with_defects(drift, group), contract)
        seen = {(str(one.severity), one.operation, one.at) for one in found.changes}
        assert {one for one in SEEN[group].values() if one} <= seen, group
        operations = {one.operation for one in found.changes}
        assert operations <= {*contract.operations, "token", "keySet"}, group


def test_at_least_fifteen_defects_are_in_the_table():
    assert sum(1 for group in SEEN.values() for one in group.values() if one) >= 15


def test_a_change_names_what_it_touches(drift, contract):
    found = compare(*with_defects(drift, "tokens"), contract)
    one = next(change for change in found.changes if change.at == "/refresh_token")
    granted = {"granted_by_assertion", "granted_by_rsa_assertion", "second_token", "token_granted"}
    assert granted <= {*one.situations}
    assert one.node == "oauth/token-response.schema.json#"
    assert one.basis == "unknown"
    assert "token-status-is-200" in one.checks


def test_a_part_of_a_run_differs_in_nothing_from_the_whole(drift, contract):
    whole, part = drift.runs_on_twin(drift.Asked(), drift.Asked(seed=2, only="oauth"))
    found = compare(whole, part, contract)
    assert found.changes == ()
    assert found.compared == len(part.situations) < len(whole.situations)
    assert "one_message" in found.only_first
    assert found.only_second == ()


def test_a_run_s_fingerprint_keeps_its_schema_and_holds_no_value(drift):
    (run,) = drift.runs_on_twin(drift.Asked())
    data = run.as_dict()
    assert form_of(FORM).is_valid(data)
    text = json.dumps(data)
    for value in ("Mockford", "12700100", "prsnl", "synthetic", "eyJ", "Phoenix", "4463008"):
        assert value not in text
    assert str(time.gmtime().tm_year) not in json.dumps(data["situations"])
