"""What holds of every answer of a run, whatever was asked: of the third as of the first."""

from __future__ import annotations

import re
from collections import defaultdict

from golive import (
    Basis,
    Contract,
    Exchange,
    Expect,
    Finding,
    FindingsError,
    ThinDataError,
    check,
    http_date,
    read_token,
    show_word,
)
from suites.common.answers import READING, before_elsewhere
from suites.common.judging import HTTP_DATE, judge

REQUEST_ID = "opc-request-id"
LEEWAY = 300
"""Seconds: some leeway for clocks, usually no more than a few minutes, is allowed (RFC 7519 §4.1.4, §4.1.5)."""
A_TOKENS_AGE = 10 * 365 * 86_400
"""Seconds: what is further away is not meant as a time of a token in use."""


@check("every-answer-has-a-date", level="must", basis="standard", source="RFC 9110 §6.6.1, §5.6.7")
def test_every_answer_has_a_date(answers: list[Exchange]) -> None:
    """Each answer with a status from 200 to 499 has a Date in the form of HTTP."""
    what = "the time of the answer, such as Thu, 26 Nov 2026 09:00:00 GMT"
    judge(
        (one for one in answers if 200 <= one.status < 500),
        lambda it: it.header_matches("Date", HTTP_DATE, what),
        some="no answer with a status from 200 to 499",
    )


@check("every-405-names-what-is-allowed", level="must", basis="standard", source="RFC 9110 §15.5.6")
def test_every_refusal_of_a_method_names_the_allowed(answers: list[Exchange]) -> None:
    """Each answer with 405 says in Allow which methods there are, and not that of the request."""

    def names_the_allowed(it: Expect) -> None:
        allowed, method = it.exchange.header("Allow"), it.exchange.request.method
        # An empty one says that there is no method at all (RFC 9110 §10.2.1).
        it.that(allowed is not None, "header:Allow", "present", "absent")
        named = method in (one.strip() for one in (allowed or "").split(","))
        it.that(not named, "header:Allow", f"methods without {method}", show_word(allowed))

    judge(
        (one for one in answers if one.status == 405),
        names_the_allowed,
        some="no answer with 405",
    )


@check("every-grant-is-not-stored", level="must", basis="standard", source="RFC 6749 §5.1")
def test_no_grant_may_be_stored(answers: list[Exchange]) -> None:
    """Each answer that grants a token says Cache-Control: no-store, however it was asked for."""
    judge(
        (one for one in answers if one.succeeded and _grants(one)),
        lambda it: it.header_has("Cache-Control", "no-store"),
        some="no granted token",
    )


@check(
    "every-success-had-a-token-in-its-time",
    level="must",
    basis="standard",
    source="RFC 7519 §4.1.4, §4.1.5",
)
def test_no_token_is_taken_out_of_its_time(answers: list[Exchange]) -> None:
    """No answer of an API is a success for a token whose exp is past, or whose nbf is ahead, by the server's clock."""

    def had_one_in_its_time(it: Expect) -> None:
        scheme, _, credential = (it.exchange.request.headers.get("Authorization") or "").partition(
            " "
        )
        claims = read_token(credential).claims if scheme.lower() == "bearer" else {}
        answered = (http_date(it.exchange.header("Date")) or it.exchange.sent_at).timestamp()
        for name, sign in (("exp", 1), ("nbf", -1)):
            time = claims.get(name)
            if type(time) not in (int, float) or abs(time - answered) > A_TOKENS_AGE:
                continue  # what is no time in seconds is the finding of the check of tokens' times
            late = sign * (answered - time)
            shown = (
                f"{it.exchange.status}, {late:.0f} s {'after exp' if sign > 0 else 'before nbf'}"
            )
            it.that(late <= LEEWAY, "status", "401, as the token is out of its time", shown)

    judge((one for one in answers if one.succeeded and one.request.operation), had_one_in_its_time)


@check(
    "every-success-has-its-request-id",
    level="must",
    basis="documented",
    source="contract-facts §1; mcfap/intro.html",
)
def test_every_success_has_its_request_id(answers: list[Exchange], contract: Contract) -> None:
    """Each success of an operation whose page shows opc-request-id carries it, however it was asked for."""

    def has_it(it: Expect) -> None:
        operation = contract.operations[it.exchange.request.operation]
        label = operation.header_label(it.exchange.status, REQUEST_ID)
        it.header(REQUEST_ID, advice=label.basis is Basis.INFERRED)

    judge(
        (
            one
            for one in answers
            if one.succeeded
            and one.request.method != "HEAD"
            and one.request.operation in contract.operations
            and REQUEST_ID in contract.operations[one.request.operation].headers(one.status)
        ),
        has_it,
    )


@check(
    "every-success-is-of-its-own-operation",
    level="must",
    basis="documented",
    source="contract-facts §2.1, §2.2, §2.3",
)
def test_every_success_is_of_its_own_operation(answers: list[Exchange]) -> None:
    """No operation is answered with the very text, and the ids in it, that another one was answered with."""
    borrowed = before_elsewhere(answers)

    def is_own(it: Expect) -> None:
        before = borrowed.get(id(it.exchange))
        actual = f"the text that {before.name} was answered with" if before else ""
        expected = f"what {it.exchange.request.operation} is asked for"
        it.that(before is None, "body", expected, actual)

    judge((one for one in answers if one.succeeded and one.request.operation in READING), is_own)


@check(
    "every-success-keeps-its-schema",
    level="must",
    basis="documented",
    source="contract-facts §2.1, §2.2, §2.3",
)
def test_every_success_keeps_its_schema(answers: list[Exchange], contract: Contract) -> None:
    """Each success of an operation has the form that the contract gives, like its other answers."""
    of_an_operation: dict[str, list[Expect]] = defaultdict(list)
    borrowed = before_elsewhere(answers)  # another operation's answer has that one's form
    for one in answers:
        if id(one) in borrowed:
            continue
        if not (one.succeeded and one.request.method != "HEAD" and _schema(one, contract)):
            continue
        it = Expect(one)
        it.schema(contract, _schema(one, contract))
        of_an_operation[one.request.operation].append(it)
    if not of_an_operation:
        raise ThinDataError(
            "no operation was answered with success in this run",
            next_step="Look first at what keeps the operations from a success.",
        )
    found: list[Finding] = []
    for judged in of_an_operation.values():
        # What is wrong with all of them is the finding of the operation's own checks.
        always = set.intersection(*({_place(one) for one in it.findings} for it in judged))
        found += [one for it in judged for one in it.findings if _place(one) not in always]
    if found:
        raise FindingsError(found)


def _schema(one: Exchange, contract: Contract) -> str:
    operation = contract.operations.get(one.request.operation)
    return (operation.schema(one.status) if operation else None) or ""


def _place(finding: Finding) -> str:
    return re.sub(r"/\d+", "/*", finding.at)


def _grants(one: Exchange) -> bool:
    body = one.json_or_none
    return isinstance(body, dict) and "access_token" in body
