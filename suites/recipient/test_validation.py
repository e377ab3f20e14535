"""The validation of recipients: what it says of those who are known, of strangers, and of a mix."""

from __future__ import annotations

import json
from typing import Any

import pytest

from golive import (
    Contract,
    Environment,
    Exchange,
    Expect,
    Steps,
    ThinDataError,
    check,
    expect,
    show,
)
from suites.common.lists import identifiers, items
from suites.common.other_tokens import judge_taken, scope_alone_check
from suites.recipient.other_tenant import UNKNOWN

COMMON = "contract-facts §1; mcfap/intro.html"
VALIDATION = "contract-facts §2.8; op-20241001-actions-validaterecipients-post.html"
CHOICES = "contract-facts §9"
SECRECY = "RFC 6749 §10.3"
FEW = 2
pytestmark = pytest.mark.writes


def _verdicts(exchange: Exchange) -> dict[str, Any]:
    found = items(exchange)
    return dict(
        zip(identifiers(exchange, found), (item.get("isValid") for item in found), strict=True)
    )


def _asked(exchange: Exchange) -> set[str]:
    return {one["id"] for one in json.loads(exchange.request.body)["recipients"]}


def _is_refused(it: Expect) -> bool:
    """Whether there is no verdict on recipients that the service does not know: a refusal is as good as one."""
    status = it.exchange.status
    it.that(
        200 <= status < 300 or 400 <= status < 500, "status", "2xx or 4xx", str(status), advice=True
    )
    return not it.exchange.succeeded


@check("validation-status-is-200", level="must", basis="documented", source=VALIDATION)
def test_the_validation_is_answered_with_200(validation: Exchange) -> None:
    """The validation of a recipient is answered with 200."""
    with expect(validation) as it:
        it.status(200)


@check("validation-is-json", level="must", basis="documented", source=VALIDATION)
def test_the_validation_is_json(validation: Exchange) -> None:
    """The validation comes as a JSON text with media type application/json."""
    with expect(validation) as it:
        it.media_type()
        it.json()


@check("validation-has-request-id", level="must", basis="documented", source=VALIDATION)
def test_the_validation_carries_a_request_id(validation: Exchange) -> None:
    """The answer to a validation carries an opc-request-id."""
    with expect(validation) as it:
        it.header("opc-request-id")


@check("validation-keeps-its-schema", level="must", basis="documented", source=VALIDATION)
def test_the_validation_keeps_its_schema(validation: Exchange, contract: Contract) -> None:
    """The validation's body has the form that the contract gives."""
    with expect(validation) as it:
        it.schema(contract, "recipient-20241001/validated-recipients")


@check("validation-keeps-the-token", level="must", basis="standard", source=SECRECY)
def test_the_validation_does_not_repeat_the_token(validation: Exchange) -> None:
    """Nothing in the validation's answer repeats the token or the credential."""
    with expect(validation) as it:
        it.keeps_secrets()


@check("validation-names-the-recipient", level="must", basis="inferred", source=VALIDATION)
def test_the_validation_names_the_recipient(validation: Exchange) -> None:
    """The validation has an entry for the recipient that was asked for."""
    with expect(validation) as it:
        missing = sorted(_asked(validation) - _verdicts(validation).keys())
        it.that(not missing, "relation:no-item-is-missing", "every recipient", show(missing))


@check("validation-knows-the-recipient", level="should", basis="documented", source=VALIDATION)
def test_the_recipient_of_the_test_data_is_valid(validation: Exchange) -> None:
    """The recipient to whom test messages are sent is valid."""
    _knows_the_recipient(validation)


def _knows_the_recipient(validation: Exchange) -> None:
    with expect(validation) as it:
        for index, item in enumerate(items(validation)):
            it.that(
                item.get("isValid") is True,
                f"/items/{index}/isValid",
                "true",
                show(item.get("isValid")),
                next_step="Choose a recipient who has a configuration of the Message Center (test_data.recipient).",
            )


@check("validation-does-not-know-a-stranger", level="must", basis="documented", source=VALIDATION)
def test_a_recipient_who_does_not_exist_is_not_valid(validation_of_a_stranger: Exchange) -> None:
    """A recipient who does not exist is not called valid, be it personnel or a group inbox."""
    with expect(validation_of_a_stranger) as it:
        if _is_refused(it):
            return
        for index, item in enumerate(items(validation_of_a_stranger)):
            it.that(item.get("isValid") is not True, f"/items/{index}/isValid", "no true", "true")


@check("validation-names-only-what-was-asked", level="must", basis="documented", source=VALIDATION)
def test_the_validation_is_no_search(validation: Exchange, validation_of_a_mix: Exchange) -> None:
    """The validation names no recipient that was not asked for."""
    for exchange in (validation, validation_of_a_mix):
        with expect(exchange) as it:
            extra = sorted(_verdicts(exchange).keys() - _asked(exchange))
            it.that(not extra, "relation:no-item-is-added", "no other recipient", show(extra))


@check("validation-takes-a-mix", level="must", basis="documented", source=VALIDATION)
def test_personnel_and_group_inboxes_can_be_mixed(validation_of_a_mix: Exchange) -> None:
    """Personnel and group inboxes can be validated in one request."""
    with expect(validation_of_a_mix) as it:
        it.status(200)


@check("validation-answers-each-of-a-mix", level="must", basis="inferred", source=CHOICES)
def test_each_recipient_of_a_mix_is_answered(validation_of_a_mix: Exchange) -> None:
    """Each of several recipients has an entry; one that does not exist may have none."""
    with expect(validation_of_a_mix) as it:
        asked = _asked(validation_of_a_mix) - {*UNKNOWN}
        missing = sorted(asked - _verdicts(validation_of_a_mix).keys())
        it.that(not missing, "relation:no-item-is-missing", "every recipient", show(missing))


@check("validation-tells-a-stranger-in-a-mix", level="must", basis="documented", source=VALIDATION)
def test_a_stranger_among_others_is_not_valid(validation_of_a_mix: Exchange) -> None:
    """A recipient who does not exist is not called valid among others who are."""
    with expect(validation_of_a_mix) as it:
        verdict = _verdicts(validation_of_a_mix).get(UNKNOWN[0])
        it.that(verdict is not True, "/items", "no true for the unknown id", "true")


@check("validation-heeds-the-type", level="must", basis="documented", source=VALIDATION)
def test_a_recipient_is_valid_under_its_own_type_alone(
    validation_of_other_types: Exchange, validation_of_a_mix: Exchange
) -> None:
    """Recipients who are valid under their own type are not all of them valid under the other one, too."""
    own = _verdicts(validation_of_a_mix)
    known = [one for one in sorted(_asked(validation_of_other_types)) if own.get(one) is True]
    if len(known) < FEW:
        raise ThinDataError(
            f"fewer than {FEW} recipients are valid under their own type",
            next_step="An inbox that receives messages, and a test_data.recipient who does, would show it.",
        )
    with expect(validation_of_other_types) as it:
        if _is_refused(it):
            return
        other = _verdicts(validation_of_other_types)
        both = [one for one in known if other.get(one) is True]
        # The id of one may be that of another recipient, too: numbers are given to both kinds.
        it.that(
            not both,
            "/items",
            "no true for an id of the other type",
            f"true for {len(both)}",
            advice=len(both) < len(known),
        )


@check("validation-of-reminders-is-answered", level="must", basis="documented", source=VALIDATION)
def test_reminders_can_be_validated(validation_of_reminders: Exchange, contract: Contract) -> None:
    """The category REMINDERS is answered like the category MESSAGES."""
    with expect(validation_of_reminders) as it:
        it.status(200)
        if it.exchange.succeeded:
            it.schema(contract, "recipient-20241001/validated-recipients")


@check("validation-with-patient-is-answered", level="must", basis="documented", source=VALIDATION)
def test_a_validation_may_name_a_patient(
    validation_for_a_patient: Exchange, contract: Contract
) -> None:
    """A validation that names a patient is answered like one that names none."""
    with expect(validation_for_a_patient) as it:
        it.status(200)
        if it.exchange.succeeded:
            it.schema(contract, "recipient-20241001/validated-recipients")


@check(
    "validation-with-patient-knows-the-recipient",
    level="should",
    basis="documented",
    source=VALIDATION,
)
def test_the_recipient_of_the_test_data_is_valid_for_the_patient(
    validation_for_a_patient: Exchange,
) -> None:
    """The recipient to whom test messages about a patient are sent is valid for that patient."""
    _knows_the_recipient(validation_for_a_patient)


@scope_alone_check("validation-needs-no-other-scope")
def test_a_validation_needs_no_other_scope(
    strangers_validated: Steps, environment: Environment
) -> None:
    """A validation of recipients is answered for a token that has the scope of its API and no other."""
    judge_taken(strangers_validated, "asked", environment, "token.scopes")
