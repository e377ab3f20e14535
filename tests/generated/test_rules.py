"""Each rule, kept and broken."""

from dataclasses import replace

import pytest

from golive.contract.label import Basis
from golive.fuzz import rules
from golive.redaction import REDACTOR
from suites.messages.kept import kept_as_changed, kept_as_sent

INBOX = "patientMessages/inboxItems?patientId=12700100"
ERROR = {"code": "X", "message": "x"}
CHANGE = "actions/updatePatientMessageStatus"


@pytest.fixture
def broken(contract, environment):
    return lambda rule, one: [
        (b.at, b.label.basis is Basis.INFERRED) for b in rule(one, contract, environment)
    ]


def test_a_server_that_fails_breaks_a_rule(broken, exchange):
    assert broken(rules.no_server_error, exchange(INBOX, 500)) == [("status", False)]
    assert broken(rules.no_server_error, exchange(INBOX, 404)) == []


@pytest.mark.parametrize(("status", "found"), [(200, 0), (404, 0), (500, 0), (204, 1), (302, 1)])
def test_only_documented_statuses_are_right(broken, exchange, status, found):
    assert len(broken(rules.documented_status, exchange(INBOX, status))) == found


def test_any_2xx_is_right_for_a_message_and_nothing_is_asked_of_an_unknown_path(broken, exchange):
    sent = exchange("patientMessages/sentItems", 202, method="POST")
    assert broken(rules.documented_status, sent) == []
    assert broken(rules.documented_status, exchange("elsewhere", 302)) == []


def test_a_body_says_that_it_is_json(broken, exchange):
    page = {"Content-Type": "text/html"}
    assert broken(rules.media_type, exchange(INBOX, 400, headers=page, answer=ERROR)) == [
        ("header:Content-Type", False)
    ]
    assert broken(rules.media_type, exchange(INBOX, 414, headers=page, answer=ERROR)) == [
        ("header:Content-Type", True)
    ]
    assert broken(rules.media_type, exchange(INBOX, headers=page, answer=b"")) == []


@pytest.mark.parametrize(
    ("path", "status", "advice"),
    [
        ("patientMessages/1", 200, False),
        ("patientMessages/1", 400, False),
        ("patientMessages/1", 404, True),
        (INBOX, 200, True),
        (INBOX, 400, True),
        ("elsewhere", 400, True),
    ],
)
def test_a_request_id_is_there_as_firmly_as_it_is_described(broken, exchange, path, status, advice):
    assert broken(rules.request_id, exchange(path, status, headers={})) == [
        ("header:opc-request-id", advice)
    ]
    assert broken(rules.request_id, exchange(path, status)) == []


@pytest.mark.parametrize(
    ("status", "given", "found"),
    [
        (401, {}, [("header:WWW-Authenticate", False)]),
        (401, {"WWW-Authenticate": ""}, [("header:WWW-Authenticate", False)]),
        (401, {"WWW-Authenticate": "Bearer"}, []),
        (403, {}, []),  # no public text promises a header of it
        (200, {}, []),  # opc-request-id has a rule of its own
        (500, {}, []),
    ],
)
def test_a_status_has_the_headers_that_the_contract_demands(broken, exchange, status, given, found):
    assert broken(rules.headers, exchange(INBOX, status, headers=given)) == found


def test_a_body_keeps_its_schema(broken, exchange):
    assert broken(rules.body_schema, exchange(INBOX, answer={"items": []})) == []
    assert broken(rules.body_schema, exchange(INBOX, answer={})) == [("/items", True)]
    assert broken(rules.body_schema, exchange(INBOX, answer=b"<p>")) == [("body", False)]
    assert broken(rules.body_schema, exchange(INBOX, 418, answer=7))
    assert broken(rules.body_schema, exchange(INBOX, 414, answer=b"<p>")) == []
    assert broken(rules.body_schema, exchange(INBOX, 500, answer=b"<p>")) == []
    assert broken(rules.body_schema, exchange(CHANGE, method="POST", answer=b"")) == []
    whole = exchange(INBOX)
    cut = replace(whole, response=replace(whole.response, broken="the body ends early"))
    assert broken(rules.body_schema, cut) == [("body", False)]


def test_what_breaks_a_rule_is_refused(broken, exchange):
    wrong = f"{INBOX}&limit=0"
    assert broken(rules.invalid_refused, exchange(wrong)) == [("query:limit", False)]
    assert broken(rules.invalid_refused, exchange(wrong, 400)) == []
    assert broken(rules.invalid_refused, exchange(f"{INBOX}&patientId=1")) == [
        ("query:patientId", True)
    ]


def test_nobody_is_served_without_a_credential(broken, exchange):
    assert broken(rules.authentication, exchange(INBOX, sent={})) == [("status", False)]
    assert broken(rules.authentication, exchange(INBOX, 401, sent={})) == []
    assert broken(rules.authentication, exchange(INBOX)) == []


def test_no_secret_and_no_stack_comes_back(broken, exchange):
    REDACTOR.protect("a-very-secret-token")
    assert broken(rules.no_secret, exchange(INBOX, answer={"x": "a-very-secret-token"})) == [
        ("body", False)
    ]
    stack = b"java.lang.Error\n\tat com.example.Inbox.list(Inbox.java:118)\n"
    assert broken(rules.no_secret, exchange(INBOX, 500, answer=stack)) == [("body", True)]
    assert broken(rules.no_secret, exchange(INBOX, answer=stack)) == []  # a patient's message
    assert broken(rules.no_secret, exchange(INBOX, answer={})) == []


def test_data_comes_only_for_whom_was_named(broken, exchange):
    some = {"items": [{"id": "1"}]}
    assert broken(rules.own_data, exchange(INBOX, answer=some)) == []
    stranger = "patientMessages/sentItems?patientId=12*"
    assert broken(rules.own_data, exchange(stranger, answer=some)) == [("/items", False)]
    assert broken(rules.own_data, exchange(stranger, answer={"items": []})) == []
    assert broken(rules.own_data, exchange("patientMessages/1%3Bx", answer={"id": "1"})) == [
        ("/id", False)
    ]
    assert broken(rules.own_data, exchange("patientMessages/1", answer={"id": "1"})) == []
    assert broken(rules.own_data, exchange("patientMessages/1", 404, answer=ERROR)) == []


def test_a_body_is_a_guess_where_only_that_the_status_has_it_is_inferred(broken, exchange):
    listed = exchange(INBOX, 400, answer={})
    for path, advice in (
        ("message/20241001/patientMessages/1", False),
        ("codeSystem/20240101/codeValues/1", False),
        ("codeSystem/20240101/codeValues", True),
        ("recipient/20241001/groupInboxes", True),
    ):
        url = f"https://api.cernermillennium.com/t/{path}"
        made = replace(listed, request=replace(listed.request, url=url))
        assert ("/code", advice) in broken(rules.body_schema, made)


def test_only_a_person_s_data_comes_for_whom_was_named_alone(broken, exchange):
    listed = exchange(INBOX, answer={"items": [{"id": "1"}]})
    url = "https://api.cernermillennium.com/t/codeSystem/20240101/codeValues?codeSet=1"
    values = replace(listed, request=replace(listed.request, url=url))
    assert broken(rules.own_data, values) == []


def test_what_was_sent_is_listed_and_read_as_it_was_sent(exchange):
    asked = {"subject": "S", "content": "C"}
    sent = exchange(
        "patientMessages/sentItems", 201, method="POST", asked=asked, answer={"id": "7"}
    )
    listed = exchange("patientMessages/sentItems", answer={"items": [{"id": "7"}]})
    read = exchange("patientMessages/7", answer={"id": "7", **asked})
    assert list(kept_as_sent((sent, listed, read))) == []
    assert list(kept_as_sent((sent,))) == []
    lost = exchange("patientMessages/sentItems", answer={"items": []})
    other = exchange("patientMessages/7", answer={"id": "7", "subject": "?", "content": "C"})
    gone = exchange("patientMessages/7", 404, answer=b"")
    found = [
        (b.at, b.label.basis is Basis.INFERRED) for b in kept_as_sent((sent, lost, other, gone))
    ]
    assert found == [("/items", False), ("/subject", True), ("status", True)]


def test_a_status_that_was_set_is_the_one_that_is_read(exchange):
    changed = exchange(CHANGE, method="POST", asked={"status": "OPENED"}, answer=b"")
    right = exchange("patientMessages/7", answer={"status": "OPENED"})
    wrong = exchange("patientMessages/7", answer={"status": "UNREAD"})
    assert list(kept_as_changed((changed, right))) == []
    assert [b.at for b in kept_as_changed((changed, wrong))] == ["/status"]
    assert list(kept_as_changed((right, wrong))) == []
    assert list(kept_as_changed((exchange(CHANGE, method="POST", asked=b"["), wrong)))
