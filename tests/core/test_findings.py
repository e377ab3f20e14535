"""What a check may raise."""

import pickle

import pytest

from golive.findings import CouldNotTellError, Finding, FindingsError, NotClaimedError, SuiteError
from golive.redaction import VAULT


def test_a_finding_is_redacted_when_it_is_made(make_exchange) -> None:
    VAULT.protect("the-secret-token")
    finding = Finding.of(
        make_exchange(url="https://h/the-secret-token"),
        "/the-secret-token",
        expected="not the-secret-token",
        actual="the-secret-token",
        next_step="replace the-secret-token",
    )
    assert "the-secret-token" not in str(finding.as_dict())
    assert finding.as_dict()["actual"] == "[redacted]"
    assert finding.as_dict()["advice"] is False


def test_findings_come_together_and_are_advice_only_if_all_are(make_exchange) -> None:
    def finding(advice: bool) -> Finding:
        return Finding.of(
            make_exchange(), "status", expected="200", actual="500", next_step="", advice=advice
        )

    assert FindingsError([finding(True), finding(True)]).advice
    mixed = FindingsError([finding(True), finding(False)])
    assert not mixed.advice
    assert str(mixed) == "status: expected 200, got 500\nstatus: expected 200, got 500"


def test_could_not_tell_is_redacted_and_survives_the_way_to_another_process() -> None:
    VAULT.protect("the-secret-token")
    error = CouldNotTellError(
        "no the-secret-token",
        next_step="the-secret-token",
        unsettled_shape=True,
        configuration=True,
    )
    again = pickle.loads(pickle.dumps(error))
    assert isinstance(again, CouldNotTellError)
    assert (again.cause, again.next_step) == ("no [redacted]", "[redacted]")
    assert (again.unsettled_shape, again.configuration) == (True, True)


@pytest.mark.parametrize("error", [NotClaimedError("claims.operations"), SuiteError("wrong")])
def test_the_others_survive_the_way_to_another_process(error: Exception) -> None:
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert again.args == error.args
