"""All findings of a check at once."""

import json
from pathlib import Path

import pytest

from golive.checks.expect import MOST_SHOWN, expect
from golive.checks.findings import FindingsError
from golive.contract.document import Contract
from golive.contract.label import GUESS, Basis
from golive.contract.outcomes import CouldNotTellError


def found(it) -> list[tuple[str, str, str, bool]]:
    return [(f.at, f.expected, f.actual, f.advice) for f in it.findings]


@pytest.fixture
def small_contract(tmp_path: Path) -> Contract:
    (tmp_path / "messages-20241001").mkdir()
    (tmp_path / "messages-20241001" / "openapi.yaml").write_text(
        '{"info": {"version": "20241001"}, "paths": {}}'
    )
    many = {f"m{n}": {"type": "string", "x-basis": "inferred"} for n in range(MOST_SHOWN + 5)}
    schema = {"type": "object", "properties": {**many, "zz": {"type": "string"}}}
    (tmp_path / "made.schema.json").write_text(json.dumps(schema))
    return Contract(tmp_path)


def test_nothing_found_raises_nothing(make_exchange) -> None:
    with expect(make_exchange({"a": 1}, headers={"X": "y"})) as it:
        it.status(200, 201)
        assert it.header("X") == "y"
        it.header_has("X", "Y")
        it.media_type()
        assert it.json() == {"a": 1}
        it.that(True, "relation:x", "a", "b")


def test_everything_found_is_raised_at_once_with_its_next_step(make_exchange) -> None:
    headers = {"Content-Type": "text/html", "Cache-Control": "private, max-age=0", "Empty": ""}
    exchange = make_exchange(b"<html>", status=500, headers=headers)
    with pytest.raises(FindingsError) as raised, expect(exchange) as it:  # noqa: PT012
        it.status(200, 201)
        it.header("opc-request-id")
        it.header("Empty")
        it.header_has("Cache-Control", "no-store")
        it.header_has("Pragma", "no-cache")
        it.media_type()
        it.that(False, "relation:r", "one", "two", next_step="Mend it.", advice=True)
    assert [(f.at, f.expected, f.actual) for f in raised.value.findings] == [
        ("status", "200 or 201", "500"),
        ("header:opc-request-id", "present", "absent"),
        ("header:Empty", "present", "empty"),
        ("header:Cache-Control", "no-store", "private, max-age=0"),
        ("header:Pragma", "no-cache", "absent"),
        ("header:Content-Type", "application/json", "text/html"),
        ("relation:r", "one", "two"),
    ]
    assert raised.value.findings[0].next_step == ""
    assert raised.value.findings[-1].next_step == "Mend it."
    assert not raised.value.advice


def test_an_answer_that_is_broken_as_http_is_a_finding_of_every_check(make_exchange) -> None:
    with (
        pytest.raises(FindingsError, match="a complete HTTP answer"),
        expect(make_exchange(broken="cut off")),
    ):
        pass


def test_findings_outlive_a_question_that_could_not_be_answered(make_exchange) -> None:
    with pytest.raises(FindingsError), expect(make_exchange(status=500)) as it:  # noqa: PT012
        it.status(200)
        raise CouldNotTellError("no list")


def test_a_question_that_could_not_be_answered_passes_where_nothing_was_found(
    make_exchange,
) -> None:
    with pytest.raises(CouldNotTellError), expect(make_exchange()):
        raise CouldNotTellError("no list")


def test_an_interruption_is_never_swallowed(make_exchange) -> None:
    with pytest.raises(KeyboardInterrupt), expect(make_exchange(status=500)) as it:  # noqa: PT012
        it.status(200)
        raise KeyboardInterrupt


def test_a_schema_is_held_against_the_body_or_a_given_part(make_exchange, small_contract) -> None:
    it = expect(make_exchange({"zz": 1}))
    it.schema(small_contract, "made")
    it.schema(small_contract, "made", "text")
    it.schema(small_contract, "made", {"zz": 2}, below="/other", label=GUESS)
    assert found(it) == [
        ("/zz", "string", "1", False),
        ("body", "object", '"text"', False),
        ("/other/zz", "string", "2", True),
    ]


def test_a_body_that_is_no_json_is_one_finding_and_advice_where_the_body_is(
    make_exchange, small_contract
) -> None:
    it = expect(make_exchange(b""))
    it.schema(small_contract, "made", label=GUESS)
    assert found(it) == [("body", "a JSON text (RFC 8259)", "the body is empty", True)]


def test_a_page_in_place_of_json_is_one_finding(make_exchange, small_contract) -> None:
    it = expect(make_exchange(b"<html>", headers={"Content-Type": "text/html"}))
    it.media_type()
    assert it.json() is None
    it.schema(small_contract, "made")
    assert found(it) == [
        ("body", "a JSON text (RFC 8259)", "the body is an HTML page, not JSON", False)
    ]


def test_the_same_words_about_the_same_place_are_said_once_and_in_the_firmer_way(
    make_exchange,
) -> None:
    it = expect(make_exchange())
    for advice in (True, False, True):
        it.violated("/a", "one", "two", advice=advice)
    it.violated("/a", "another", "two")
    assert found(it) == [("/a", "one", "two", False), ("/a", "another", "two", False)]


def test_each_violation_of_a_schema_has_the_source_of_its_node(make_exchange, contract) -> None:
    it = expect(make_exchange({"access_token": "a b", "token_type": "mac", "expires_in": 570}))
    it.schema(contract, "oauth/token-response")
    told = {f.at: (f.label.basis, f.label.source) for f in it.findings}
    assert told == {
        "/access_token": (Basis.STANDARD, "RFC 6750 §2.1"),
        "/token_type": (Basis.DOCUMENTED, "contract-facts §4.1"),
        "/scope": (Basis.OBSERVED, "contract-facts §4.1"),
    }


def test_a_body_of_null_is_held_against_the_schema_after_another_finding(
    make_exchange, small_contract
) -> None:
    it = expect(make_exchange(b"null", status=500))
    it.status(200)
    it.schema(small_contract, "made")
    assert found(it)[1] == ("body", "object", "null", False)


def test_no_row_of_advice_pushes_out_what_decides(make_exchange, small_contract) -> None:
    wrong = {f"m{n}": n for n in range(MOST_SHOWN + 5)}
    it = expect(make_exchange({**wrong, "zz": 1}))
    it.schema(small_contract, "made")
    assert len(it.findings) == MOST_SHOWN
    assert found(it)[0] == ("/zz", "string", "1", False)
    assert all(advice for *_, advice in found(it)[1:])
