"""One code value, read by its id."""

from __future__ import annotations

from golive import (
    Contract,
    Exchange,
    ThinDataError,
    check,
    expect,
    show,
)
from suites.common.lists import asked_id, identifier, same_json, some_items

VALUE = "contract-facts §2.10; op-20240101-codevalues-codevalueid-get.html"
CHOICES = "contract-facts §9"
SECRECY = "RFC 6749 §10.3"


@check("code-value-status-is-200", level="must", basis="documented", source=VALUE)
def test_a_code_value_is_answered_with_200(code_value: Exchange) -> None:
    """A code value is answered with 200."""
    with expect(code_value) as it:
        it.status(200)


@check("code-value-is-json", level="must", basis="documented", source=VALUE)
def test_a_code_value_is_json(code_value: Exchange) -> None:
    """A code value comes as a JSON text with media type application/json."""
    with expect(code_value) as it:
        it.media_type()
        it.json()


@check("code-value-has-request-id", level="must", basis="documented", source=VALUE)
def test_a_code_value_carries_a_request_id(code_value: Exchange) -> None:
    """The answer with a code value carries an opc-request-id."""
    with expect(code_value) as it:
        it.header("opc-request-id")


@check("code-value-keeps-its-schema", level="must", basis="documented", source=VALUE)
def test_a_code_value_keeps_its_schema(code_value: Exchange, contract: Contract) -> None:
    """A code value has the form that the contract gives."""
    with expect(code_value) as it:
        it.schema(contract, "code-system-20240101/code-value")


@check("code-value-is-the-one-asked-for", level="must", basis="documented", source=VALUE)
def test_a_code_value_is_the_one_asked_for(code_value: Exchange) -> None:
    """A code value that is read by its id has that id."""
    _is_asked_for(code_value)


@check("another-code-value-is-the-one-asked-for", level="must", basis="documented", source=VALUE)
def test_another_code_value_is_the_one_asked_for(another_code_value: Exchange) -> None:
    """A second code value that is read by its id is answered with 200, and has that id."""
    with expect(another_code_value) as it:
        it.status(200)
    _is_asked_for(another_code_value)


@check("another-code-value-keeps-its-schema", level="must", basis="documented", source=VALUE)
def test_another_code_value_keeps_its_schema(
    another_code_value: Exchange, contract: Contract
) -> None:
    """A second code value has the form that the contract gives, too."""
    with expect(another_code_value) as it:
        it.schema(contract, "code-system-20240101/code-value")


@check("code-value-agrees-with-list", level="must", basis="inferred", source=CHOICES)
def test_a_code_value_agrees_with_the_list(code_value: Exchange, code_values: Exchange) -> None:
    """A code value has the members and values that the list shows of it."""
    _agrees(code_value, code_values)


@check("another-code-value-agrees-with-list", level="must", basis="inferred", source=CHOICES)
def test_another_code_value_agrees_with_the_list(
    another_code_value: Exchange, code_values: Exchange
) -> None:
    """A second code value has the members and values that the list shows of it, too."""
    _agrees(another_code_value, code_values)


@check("code-value-takes-a-request-id", level="must", basis="documented", source=VALUE)
def test_a_caller_may_name_the_request(code_value_with_request_id: Exchange) -> None:
    """A request for a code value may have an opc-request-id of the caller's own."""
    with expect(code_value_with_request_id) as it:
        it.status(200)
        it.header("opc-request-id")


@check("code-value-keeps-the-token", level="must", basis="standard", source=SECRECY)
def test_a_code_value_does_not_repeat_the_token(code_value: Exchange) -> None:
    """Nothing in the answer with a code value repeats the token or the credential."""
    with expect(code_value) as it:
        it.keeps_secrets()


def _is_asked_for(exchange: Exchange) -> None:
    with expect(exchange) as it:
        body = it.json()
        if it.exchange.succeeded and isinstance(body, dict):
            same = str(body.get("id")) == asked_id(exchange)
            it.that(same, "/id", "the id asked for", show(body.get("id")))


def _agrees(exchange: Exchange, listing: Exchange) -> None:
    with expect(exchange) as it:
        body, wanted = it.json(), asked_id(exchange)
        listed = next((one for one in some_items(listing) if identifier(one) == wanted), None)
        if listed is None or not isinstance(body, dict):
            raise ThinDataError("the list does not show the code value that was read")
        for name, value in listed.items():
            same = name in body and same_json(body[name], value)
            it.that(same, f"/{name}", f"as in the list: {show(value)}", show(body.get(name)))
