"""One cause, one entry: the worst first, its root before its effects."""

from __future__ import annotations

from golive.checks.verdict import Outcome
from golive.contract.harm import JSON_TEXT
from golive.report.causes import entries

from .conftest import EXCHANGE, finding, result


def failed(check_id, *findings, **changes):
    return result(check_id, "failed", findings=list(findings), **changes)


def answered(status, at="status", expected="200", actual=None, **changes):
    exchange = EXCHANGE | {"status": status, "url": changes.pop("url", "http://h/x")}
    actual = str(status) if actual is None else actual
    return finding(at=at, expected=expected, actual=actual, exchange=exchange, **changes)


def ids(checks):
    return [
        ([one["id"] for one in entry.found], [one["id"] for one in entry.left_open])
        for entry in entries(checks, Outcome.FAILED, Outcome.ADVICE)
    ]


def test_a_server_that_fails_is_one_cause_with_all_that_follows():
    checks = [
        failed("inbox-is-json", answered(500, "body", "a JSON text", "not JSON")),
        failed("inbox-status-is-200", answered(500)),
        failed("send-is-accepted", answered(500, expected="2xx", url="http://h/y")),
        result("lists", "could not tell", cause="inbox_items answered 500, not a list"),
        result("other", "could not tell", cause="inbox_items answered 503, not a list"),
        result(
            "id", "advice", findings=[answered(500, "header:opc-request-id", "present", "absent")]
        ),
    ]
    assert ids(checks) == [
        (["inbox-status-is-200", "send-is-accepted", "inbox-is-json", "id"], ["lists"])
    ]


def test_the_same_place_expectation_and_answer_are_one_entry_and_others_are_not():
    checks = [
        failed("a", answered(200, "header:x", "present", "absent")),
        failed("b", answered(200, "header:x", "present", "absent", url="http://h/y")),
        failed("c", answered(200, "header:x", "present", "other", url="http://h/z")),
    ]
    assert ids(checks) == [(["a", "b"], []), (["c"], [])]


def test_the_worst_harm_comes_first_however_much_another_cause_explains():
    checks = [
        *(
            failed(f"inbox-order-{n}", answered(200, "/a", "1", "2"), area="inbox order")
            for n in range(9)
        ),
        failed(
            "inbox-without-token",
            answered(200, expected="401", url="http://h/y"),
            area="API access",
        ),
    ]
    found = entries(checks, Outcome.FAILED)
    assert [(one.harm.name, one.explains) for one in found] == [
        ("personal data exposed", 1),
        ("client breaks", 9),
    ]


def test_what_never_came_with_success_follows_from_a_server_that_fails():
    never = result("again", "could not tell", cause="a list was never answered with success")
    fails = [failed("a", answered(500)), failed("b", answered(500, url="http://h/y"))]
    assert ids([*fails, never]) == [(["a", "b"], ["again"])]
    assert ids([fails[0], never]) == [(["a"], [])], "one request alone says nothing of the others"


def test_what_comes_in_place_of_json_is_said_with_how_often_and_not_as_what_a_check_wants():
    def page(url):
        return answered(200, "body", JSON_TEXT, "the body is an HTML page, not JSON", url=url)

    (one,) = entries([failed("a", page("http://h/1"))], Outcome.FAILED)
    assert one.sentence.startswith(one.root["statement"].rstrip("."))
    (many,) = entries(
        [failed("a", page("http://h/1")), failed("b", page("http://h/2"), page("http://h/1"))],
        Outcome.FAILED,
    )
    assert many.sentence == (
        "2 different requests were answered without JSON: the body is an HTML page, not JSON."
    )


def refused(at="status", expected="2xx", actual="401", token="$TOKEN", **changes):
    found = answered(401, at, expected, actual, **changes)
    curl = f'curl -i -H "Authorization: Bearer {token}" http://h/x'
    return found | {"exchange": found["exchange"] | {"curl": curl}}


NOW_AND_THEN = refused("relation:good-token", "each good token to be taken", "2 of 9")


def test_what_follows_from_good_tokens_that_are_refused_now_and_then_is_one_cause():
    mixed = [refused(), answered(200, "/items", "an order", "none")]
    checks = [
        failed("inbox-loses-messages", refused(), area="inbox"),
        failed("two-items", refused("/items", "present", "absent")),
        failed("narrowed", refused(token="${OTHER_TOKEN:?}", expected="200, as before")),
        failed("good-tokens-are-taken-each-time", NOW_AND_THEN, harm="access broken"),
        failed("forged", refused(token="${OTHER_TOKEN:?}", expected="403")),
        failed("mixed", *mixed),
        failed("advised", answered(200, "/items", "x", "y", advice=True), refused()),
        result("lists", "could not tell", cause="sent_items answered 401, not a list"),
    ]
    found = entries(checks, Outcome.FAILED, Outcome.ADVICE)
    together = next(one for one in found if one.root["id"] == "good-tokens-are-taken-each-time")
    assert {one["id"] for one in together.others} == {
        "inbox-loses-messages",
        "two-items",
        "narrowed",
        "advised",
    }
    assert [one["id"] for one in together.left_open] == ["lists"]
    assert together.harm.name == "access broken"
    assert {one.root["id"] for one in found} - {together.root["id"]} == {"forged", "mixed"}


def test_a_401_is_a_cause_of_its_own_where_no_good_token_was_refused_now_and_then():
    checks = [failed("a", refused()), failed("b", refused(expected="200"))]
    assert ids(checks) == [(["a"], []), (["b"], [])]


def test_a_refusal_of_the_authorization_server_gives_its_urn():
    uri = (
        "https://authorization.cerner.com/errors/urn%3Acerner%3Aerror%3Aauthorization-server%3Aoauth2%3Atoken"
        "%3Aempty-scopes/instances/0b23782a-845d-4d1a-abe0-1f8e6bea4e26?client=a&tenant=b"
    )
    refusal = answered(400)
    named = refusal | {"exchange": refusal["exchange"] | {"error_uri": uri}}
    (plain,), (said,) = (entries([failed("a", one)], Outcome.FAILED) for one in (refusal, named))
    assert plain.why == "Answered 400 where 200 is due"
    assert said.why == "Answered 400 (oauth2:token:empty-scopes) where 200 is due"
