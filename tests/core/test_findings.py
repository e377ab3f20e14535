"""What a check may raise."""

import pickle
from collections.abc import Callable
from dataclasses import replace

import pytest

from golive.checks.findings import Finding, FindingsError
from golive.contract.label import GUESS, Basis, Label, Level, documented, observed, standard
from golive.contract.outcomes import CouldNotTellError, NotClaimedError, SuiteError
from golive.redaction import REDACTOR

AT_ORACLE = "https://authorization.cerner.com/tenants/t/token"
CHECK = Label(Level.MUST, Basis.DOCUMENTED, "contract-facts §1")


def test_a_finding_is_redacted_when_it_is_made(make_exchange) -> None:
    REDACTOR.protect("the-secret-token")
    finding = Finding.of(
        make_exchange(url="https://h/the-secret-token"),
        "/the-secret-token",
        expected="not the-secret-token",
        actual="the-secret-token",
        next_step="replace the-secret-token",
    )
    assert "the-secret-token" not in str(finding.as_dict())
    assert "the-secret-token" not in repr(finding)
    assert finding.as_dict()["actual"] == "[redacted]"


def test_findings_come_together_and_a_guess_alone_is_advice(make_exchange) -> None:
    def finding(label: Label | None) -> Finding:
        return Finding.of(make_exchange(), "status", expected="200", actual="500", label=label)

    mixed = FindingsError([finding(GUESS), finding(None)])
    assert [one.advice for one in mixed.findings] == [True, False]
    assert str(mixed) == "status: expected 200, got 500\nstatus: expected 200, got 500"


@pytest.fixture
def found(make_exchange) -> Callable[..., Finding]:
    """A finding about an answer of this URL, as one of a documented `must`."""

    def make(url: str = AT_ORACLE, label: Label | None = None, operation: str = "") -> Finding:
        exchange = make_exchange(url=url)
        asked = replace(exchange, request=replace(exchange.request, operation=operation))
        return Finding.of(asked, "/x", expected="1", actual="2", label=label).under(CHECK)

    return make


def test_a_finding_that_says_nothing_of_its_own_has_the_label_of_its_check(found) -> None:
    told = found().as_dict()
    assert (told["level"], told["basis"], told["source"]) == (
        "must",
        "documented",
        "contract-facts §1",
    )
    assert told["advice"] is False


def test_a_finding_that_is_known_in_another_way_says_how(found) -> None:
    told = found(label=standard("RFC 6750 §3", Level.SHOULD)).as_dict()
    assert (told["level"], told["basis"], told["source"]) == ("should", "standard", "RFC 6750 §3")
    assert told["advice"] is True
    assert found(label=GUESS).as_dict()["source"] == "contract-facts §1"


@pytest.mark.parametrize("level", list(Level))
@pytest.mark.parametrize("basis", list(Basis))
def test_only_a_must_that_is_not_inferred_decides(found, level: Level, basis: Basis) -> None:
    decides = level is Level.MUST and basis is not Basis.INFERRED
    assert found(label=Label(level, basis, "s")).as_dict()["advice"] is not decides


def test_nothing_of_an_advisory_check_decides(found) -> None:
    assert found().as_dict(advisory=True)["advice"] is True


@pytest.mark.parametrize(
    "known", [documented("contract-facts §4.1"), observed("contract-facts §4.1")]
)
def test_what_is_known_of_oracle_s_servers_is_a_guess_about_another_authorization_server(
    found, known: Label
) -> None:
    assert found(AT_ORACLE, known).advice is False
    assert found("http://127.0.0.1:1/authorization.cerner.com/x", known).advice is False
    assert found("https://login.example.org/token", known).label.basis is Basis.INFERRED
    # Behind a company's gateway, the API is still Oracle's.
    assert found("https://gateway.example.org/x", known, "listInboxItems").advice is False
    assert found("https://login.example.org/token", standard("RFC 6749 §5.1")).advice is False


def test_the_next_step_is_that_of_what_is_known(found) -> None:
    assert "report it to Oracle" in found().next_step
    assert (
        "the operator of authorization.cerner.com"
        in found(label=standard("RFC 6749 §5.2")).next_step
    )
    assert found(label=GUESS).next_step.startswith("golive infers this")
    gateway = found("https://gateway.example.org/x", operation="getMessage").next_step
    assert "Oracle" not in gateway
    assert "the operator of gateway.example.org" in gateway


def test_could_not_tell_is_redacted_and_reaches_another_process_unchanged() -> None:
    REDACTOR.protect("the-secret-token")
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
def test_the_others_reach_another_process_unchanged(error: Exception) -> None:
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert again.args == error.args
