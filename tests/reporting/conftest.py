from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from golive.checks.verdict import ExitCode
from golive.diagnosis.preflight import Diagnosis, Preflight, Stage
from golive.environment import find, load
from golive.pytest_plugin.state import Run


@pytest.fixture(scope="session")
def environment():
    return load(find("twin"), variables={})


@pytest.fixture
def run(environment):
    """A run of which nothing is known yet."""
    return Run(environment=environment, started=datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC))


@pytest.fixture
def asked():
    """A client that has sent something."""
    return SimpleNamespace(requests=147, token_requests=29, repeated=0, was_answered=True)


@pytest.fixture
def stopped_walk():
    diagnosis = Diagnosis(
        id="wrong-cloud",
        cause="The token comes from the other cloud, " * 4,
        evidence=("the first piece of evidence", "the second one"),
        cure="Take the token from the right cloud.",
        source="contract-facts §6.3",
        exit_code=ExitCode.CONFIGURATION,
    )
    stages = [Stage("environment", True, "fine"), Stage("API", False, "status 401", stops=True)]
    return Preflight(stages=stages, diagnosis=diagnosis)


EXCHANGE = {
    "name": "inbox_items",
    "method": "GET",
    "url": "http://127.0.0.1:1/api.cernermillennium.com/x",
    "status": 200,
    "sent_at": "2026-01-02T03:04:05.678Z",
    "milliseconds": 12,
    "correlation": {"opc-request-id": "abc"},
}


def finding(number=0, **changes):
    return {
        "at": f"/items/{number}/id",
        "expected": "a text",
        "actual": "a number",
        "level": "must",
        "basis": "documented",
        "source": "RFC 9110 §15.1",
        "next_step": "Report it.",
        "exchange": EXCHANGE,
        "advice": False,
        **changes,
    }


def result(check_id="inbox-ids", outcome="passed", **changes):
    return {
        "id": check_id,
        "statement": "Every item has an id.",
        "area": "inbox",
        "level": "must",
        "basis": "documented",
        "source": "RFC 9110 §15.1",
        "outcome": outcome,
        "deciding": True,
        "against_success": True,
        "operations": ["listInboxItems"],
        "proves": {"listInboxItems": "full"},
        "unsettled_shape": False,
        "configuration": False,
        "nodeid": f"suites/messages/test_inbox.py::{check_id}",
        "seconds": 0.001,
        "findings": [],
        **changes,
    }
