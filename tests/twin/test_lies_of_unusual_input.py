"""Each lie that only unusual input reaches: told for that input, and for no other."""

import pytest

from golive.twin import DEFECT_FACTS

from_patient = "patientMessages/inboxItems?patientId={}"
INBOX = from_patient.format("12700100")
LOWER, UPPER = "createDateTimeGreaterThanOrEqualTo", "createDateTimeLessThanOrEqualTo"

QUERIES = {  # lie -> a query that reaches it, and the status then and without the lie
    "emoji-patient-breaks-the-server": (from_patient.format("%F0%9F%98%80"), 500, 404),
    "long-patient-breaks-the-server": (from_patient.format("1" * 5000), 500, 404),
    "foreign-digits-break-the-server": (from_patient.format("%D9%A1"), 500, 404),
    "template-in-patient-breaks-the-server": (from_patient.format("%24%7B1%7D"), 500, 404),
    "bracketed-parameter-breaks-the-server": (f"{INBOX}&a%5Bb%5D=1", 500, 200),
    "year-1-breaks-the-server": (f"{INBOX}&{LOWER}=0001-01-01T00:00:00Z", 500, 200),
    "year-9999-breaks-the-server": (f"{INBOX}&{UPPER}=9999-12-31T00:00:00Z", 500, 200),
    "leap-second-breaks-the-server": (f"{INBOX}&{LOWER}=2016-12-31T23:59:60Z", 500, 400),
    "week-date-breaks-the-server": (f"{INBOX}&{LOWER}=2024-W01-1T00:00:00Z", 500, 400),
    "repeated-date-breaks-the-server": (f"{INBOX}&{LOWER}=x&{LOWER}=x", 500, 400),
    "impossible-day-accepted": (f"{INBOX}&{LOWER}=2024-02-30T00:00:00Z", 200, 400),
    "negative-limit-breaks-the-server": (f"{INBOX}&limit=-1", 500, 400),
    "huge-limit-breaks-the-server": (f"{INBOX}&limit=9999999999", 500, 400),
    "limit-zero-accepted": (f"{INBOX}&limit=0", 200, 400),
    "limit-with-spaces-accepted": (f"{INBOX}&limit=%201000", 200, 400),
    "empty-notification-type-breaks-the-server": (f"{INBOX}&notificationType=", 500, 400),
    "many-notification-types-break-the-server": (
        INBOX + "&notificationType=MESSAGE" * 51,
        500,
        200,
    ),
    "notification-type-in-lower-case-accepted": (f"{INBOX}&notificationType=message", 200, 400),
    "empty-page-accepted": (f"{INBOX}&page=", 200, 400),
    "sort-order-in-lower-case-accepted": (f"{INBOX}&sortOrder=asc", 200, 400),
    "numeric-flag-accepted": (f"{INBOX}&shouldLoadOrganizationSummary=1", 200, 400),
    "wildcard-patient-answered": (from_patient.format("12*"), 200, 404),
    "nul-cuts-the-patient": (from_patient.format("12700100%00x"), 200, 404),
    "long-message-id-breaks-the-server": ("patientMessages/" + "1" * 5000, 500, 404),
    "percent-in-message-id-breaks-the-server": ("patientMessages/1%252F", 500, 404),
}

MESSAGES = {  # lie -> members of a message that reach it, and the status without the lie
    "null-subject-breaks-the-server": ({"subject": None}, 400),
    "emoji-in-subject-breaks-the-server": ({"subject": "\U0001f600"}, 201),
    "long-subject-breaks-the-server": ({"subject": "x" * 5000}, 201),
    "nul-in-subject-breaks-the-server": ({"subject": "a\0"}, 201),
    "named-entity-breaks-the-server": ("&nbsp;", 201),
    "character-data-breaks-the-server": ("<![CDATA[x]]>", 201),
    "deep-content-breaks-the-server": ("<span>" * 101 + "</span>" * 101, 201),
    "attachment-of-zero-bytes-breaks-the-server": ({"attachments": [{"content": ""}]}, 201),
    "attachment-without-members-breaks-the-server": ({"attachments": [{}]}, 201),
    "many-recipients-break-the-server": (
        {"recipients": [{"id": "4463007", "type": "PERSONNEL"}] * 101},
        201,
    ),
}

KEPT = {  # lie -> members of a message, the member that changes, what it becomes
    "emoji-in-content-is-lost": ("\U0001f600", "content", "??"),
    "long-content-is-cut": ("x" * 20_000, "content", None),
    "entities-in-content-are-escaped-twice": ("&amp;", "content", "&amp;amp;"),
    "attachment-of-zero-bytes-is-dropped": ({"attachments": [{"content": ""}]}, "attachments", []),
}

UPDATES = {  # lie -> how the one entry and the status are changed, and the status with the lie
    "null-status-breaks-the-server": (lambda entry: entry, None, 500),
    "huge-version-breaks-the-server": (
        lambda entry: {**entry, "notificationVersion": 2**63},
        "OPENED",
        500,
    ),
    "fraction-of-a-version-accepted": (
        lambda entry: {**entry, "notificationVersion": entry["notificationVersion"] + 0.5},
        "OPENED",
        200,
    ),
    "version-as-text-accepted": (
        lambda entry: {**entry, "notificationVersion": str(entry["notificationVersion"])},
        "OPENED",
        200,
    ),
    "status-in-lower-case-accepted": (lambda entry: entry, "opened", 200),
}


ALONE = {  # tried by tests of their own
    "long-query-answered-with-html",
    "emoji-message-id-answered-as-text",
    "nul-in-message-id-shows-the-token",
    "quote-in-message-id-refused-without-code",
    "semicolon-cuts-the-message-id",
    "long-query-opens-without-token",
    "long-request-id-opens-without-token",
    "proxy-header-opens-without-token",
    "long-request-id-breaks-the-server",
    "long-request-id-gets-none",
    "odd-time-zone-breaks-the-server",
    "deep-json-breaks-the-server",
}


@pytest.fixture
def liar(calling):
    return lambda name: calling(defects=[name])


PAGE = (
    '<!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"><head><title>Hello</title></head>'
    "<body><p>{}</p></body></html>"
)


def members(odd):
    return {"content": PAGE.format(odd)} if isinstance(odd, str) else odd


def test_every_defect_of_the_area_is_tried_here():
    tried = {*QUERIES, *MESSAGES, *KEPT, *UPDATES, *ALONE}
    area = {name for name, facts in DEFECT_FACTS.items() if facts.needs_unusual_input}
    assert tried == area
    assert len(area) >= 30


@pytest.mark.parametrize("name", QUERIES)
def test_an_odd_query_or_path_reaches_the_defect_and_a_fault_free_twin_keeps_its_rules(
    liar, caller, name
):
    path, lied, honest = QUERIES[name]
    assert caller.get(path).status_code == honest
    lying = liar(name)
    assert lying.get(path).status_code == lied
    assert lying.get(INBOX).status_code == 200


@pytest.mark.parametrize("name", MESSAGES)
def test_an_odd_message_reaches_the_defect(liar, writer, name):
    odd, honest = MESSAGES[name]
    assert writer.send(**members(odd)).status_code == honest
    lying = liar(name)
    assert lying.send(**members(odd)).status_code == 500
    assert lying.send().status_code == 201


@pytest.mark.parametrize("name", KEPT)
def test_an_odd_message_is_kept_otherwise(liar, writer, name):
    odd, member, becomes = KEPT[name]
    wanted = members(odd)
    assert writer.one(writer.send(**wanted).json()["id"])[member] == wanted[member]
    lying = liar(name)
    kept = lying.one(lying.send(**wanted).json()["id"])[member]
    if becomes is None:
        assert kept == wanted[member][:20_000]
    elif isinstance(becomes, str):
        assert kept == PAGE.format(becomes)
    else:
        assert kept == becomes
    assert lying.one(lying.send().json()["id"])["content"] == lying.draft()["content"]


@pytest.mark.parametrize("name", UPDATES)
def test_an_odd_change_of_status_reaches_the_defect(liar, writer, name):
    change, status, lied = UPDATES[name]
    for who, answered in ((writer, (400, 409)), (liar(name), (lied,))):
        entry = next(item for item in who.inbox("12700400") if item["status"] == "UNREAD")
        assert who.update(status, change(entry)).status_code in answered
        entry = who.inbox("12700400")[0]
        assert who.update("OPENED", entry).status_code == 200


def test_a_long_query_can_be_answered_by_a_page(liar):
    answer = liar("long-query-answered-with-html").get(f"{INBOX}&x={'1' * 4000}")
    assert answer.headers["content-type"].startswith("text/html")


def test_an_emoji_as_a_message_id_can_be_answered_as_text(liar):
    lying = liar("emoji-message-id-answered-as-text")
    answer = lying.get("patientMessages/%F0%9F%98%80")
    assert answer.headers["content-type"].startswith("text/plain")
    assert lying.get("patientMessages/1").headers["content-type"] == "application/json"


def test_a_nul_in_a_message_id_can_show_the_token(liar):
    lying = liar("nul-in-message-id-shows-the-token")
    assert lying.token() in lying.get("patientMessages/1%00").text


def test_a_quote_in_a_message_id_can_be_refused_without_a_code(liar):
    answer = liar("quote-in-message-id-refused-without-code").get("patientMessages/1'")
    assert (answer.status_code, list(answer.json())) == (400, ["message"])


def test_what_follows_a_semicolon_in_a_message_id_can_be_cut(liar):
    lying = liar("semicolon-cuts-the-message-id")
    known = lying.inbox()[0]["id"]
    assert lying.one(f"{known};x")["id"] == known


@pytest.mark.parametrize(
    ("name", "path", "headers"),
    [
        ("long-query-opens-without-token", f"{INBOX}&x={'0' * 8001}", {}),
        ("long-request-id-opens-without-token", INBOX, {"opc-request-id": "a" * 2001}),
        ("proxy-header-opens-without-token", INBOX, {"X-Original-URL": "127.0.0.1"}),
    ],
)
def test_an_odd_request_can_be_let_in_without_a_token(liar, caller, name, path, headers):
    lying = liar(name)
    for who, answered in ((caller, 401), (lying, 200)):
        assert who.get(path, token=None, headers=headers).status_code == answered
    assert lying.get(INBOX, token=None).status_code == 401


def test_a_long_request_id_can_break_the_server_or_get_none(liar):
    long = {"opc-request-id": "a" * 1025}
    lying = liar("long-request-id-breaks-the-server")
    assert lying.get(INBOX, headers=long).status_code == 500
    assert (
        "opc-request-id" not in liar("long-request-id-gets-none").get(INBOX, headers=long).headers
    )


def test_an_odd_time_zone_can_break_the_server(liar):
    lying = liar("odd-time-zone-breaks-the-server")
    assert lying.send(headers={"oh-content-time-zone": "../UTC"}).status_code == 500
    assert lying.send(headers={"oh-content-time-zone": "nowhere"}).status_code == 400


def test_a_deeply_nested_body_can_break_the_server(liar, caller):
    body = {"content": b"[" * 5000 + b"]" * 5000, "headers": {"Content-Type": "application/json"}}
    for who, answered in ((caller, 400), (liar("deep-json-breaks-the-server"), 500)):
        assert who.api("POST", "patientMessages/sentItems", **body).status_code == answered


@pytest.mark.parametrize(
    "content",
    [
        b'{"attachments": [{"x": 1e999}]}',
        b'{"subject": "\\ud83d"}',
        b'{"x": 1' + b"0" * 5000 + b"}",
    ],
)
def test_a_fault_free_twin_refuses_json_that_can_not_be_written_again(caller, content):
    headers = {"Content-Type": "application/json"}
    answer = caller.api("POST", "patientMessages/sentItems", content=content, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "MalformedBody")


def test_a_fault_free_twin_refuses_a_declaration_that_is_none(caller):
    assert caller.send(content=PAGE.format("<![x")).status_code == 400


@pytest.mark.parametrize("name", ["attachments", "subject", "previousMessageId", "encounter"])
def test_a_fault_free_twin_takes_null_for_a_value_of_the_wrong_type(caller, name):
    assert caller.send(**{name: None}).status_code == 400
