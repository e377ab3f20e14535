"""What the checks of clients find in journals made by hand, and what they let pass."""

from __future__ import annotations

import pytest

from golive.client.judging import judge
from golive.redaction import REDACTOR

from .conftest import API, CONTRACT, TENANT, TOKEN_URL, Day, findings, unseen

LOWER, UPPER = "&createDateTimeGreaterThanOrEqualTo=", "&createDateTimeLessThanOrEqualTo="


def test_nothing_is_found_in_an_ordinary_day(day: Day):
    day.token()
    day.inbox(1, f"{LOWER}2026-11-26T00:00:00Z")
    assert day.found() == {}


def test_what_a_client_never_did_is_not_seen(day: Day):
    day.token()
    missing = unseen(day.exchanges)
    assert missing["client-names-the-patient"] == "the client listed no messages"
    assert missing["client-sends-as-a-person"] == "the client sent no message"
    assert "client-asks-for-a-scope" not in missing


def test_processes_that_start_anew_may_each_ask_for_a_token(day: Day):
    for number in range(3):
        day.token(number * 10, f"token-{number}")
        day.inbox(number * 10 + 1, token=f"token-{number}", query=f"{LOWER}2026-11-26T00:00:00Z")
    assert "client-reuses-its-token" not in day.found()


def test_a_token_for_each_call_is_a_habit(day: Day):
    for number in range(6):
        day.token(number * 10, f"token-{number}")
        day.inbox(number * 10 + 1, token=f"token-{number}", query=f"{LOWER}2026-11-26T00:00:00Z")
    assert day.found() == {"client-reuses-its-token": "request:line"}


def test_a_token_that_was_refused_may_be_replaced_at_once(day: Day):
    for number in range(6):
        day.token(number * 10, f"token-{number}")
        day.inbox(number * 10 + 1, token=f"token-{number}", status=401, query=f"&x={number}")
    assert "client-reuses-its-token" not in day.found()


@pytest.mark.parametrize(("at", "found"), [(560, False), (568, "renews"), (580, "after")])
def test_a_token_is_used_until_close_to_its_end(day: Day, at, found):
    day.token()
    day.inbox(at, f"{LOWER}2026-11-26T00:00:00Z")
    ids = day.found()
    assert ("client-renews-its-token-ahead" in ids) == (found == "renews")
    assert ("client-uses-no-token-after-its-end" in ids) == (found == "after")


def test_what_was_on_its_way_when_a_401_came_is_no_repetition(day: Day):
    day.token()
    day.inbox(1, status=401, seconds=0.5)
    day.call(1.2, "/patientMessages/a.b", status=401)
    day.token(2, "two")
    day.inbox(3, token="two")
    assert "client-does-not-repeat-a-refused-token" not in day.found()


def test_a_refused_token_that_is_sent_again_is_found(day: Day):
    day.token()
    day.inbox(1, status=401)
    day.call(2, "/patientMessages/a.b", status=401)
    found = day.found()
    assert found["client-does-not-repeat-a-refused-token"] == "request:header:Authorization"


def test_a_token_is_compared_with_the_scope_that_was_granted(day: Day):
    granted = {
        "access_token": "one",
        "expires_in": 570,
        "scope": "oraclehealth:millennium:recipient",
    }
    day.token(answer=granted)
    day.inbox(1, status=403)
    assert "client-compares-granted-with-asked" in day.found()


def test_no_scope_in_the_answer_is_no_finding(day: Day):
    day.token(answer={"access_token": "one", "expires_in": 570})
    day.inbox(1)
    assert "client-compares-granted-with-asked" not in day.found()


def test_a_grant_for_people_is_no_system_account_s(day: Day):
    day.token(body=b"grant_type=authorization_code&code=x&scope=launch")
    assert "client-grant-type-is-client-credentials" not in day.found()


def test_a_token_of_another_host_s_own_is_no_token_of_the_api(day: Day):
    day.token()
    day.inbox(1, f"{LOWER}2026-11-26T00:00:00Z")
    day.token(
        2, "fhir", url=TOKEN_URL.replace("api.cernermillennium.com", "fhir-ehr-code.cerner.com")
    )
    day.ask(
        3,
        "GET",
        f"https://fhir-ehr-code.cerner.com/r4/{TENANT}/Patient/1",
        headers={
            "Authorization": "Bearer fhir",
            "User-Agent": "x/1",
            "Accept": "application/fhir+json",
        },
    )
    assert day.found() == {}


def test_other_apis_of_the_same_host_are_left_alone(day: Day):
    day.token()
    url = f"{API.partition('/message/')[0]}/condition/20240101/conditions?patientId=1"
    day.ask(1, "GET", url, headers={"Authorization": "Bearer one", "User-Agent": "x/1"})
    assert day.found() == {}


@pytest.mark.parametrize(
    ("bound", "found"),
    [
        ("2024-10-01T00:00:00Z", set()),
        ("2024-10-01T00:00:00%2B00:00", set()),
        ("2024-10-01T00:00:00.5Z", {"client-bounds-have-no-milliseconds"}),
        ("2024-10-01T00:00:00%2B02:00", {"client-bounds-are-in-utc"}),
        ("2024-10-01T00:00:00", {"client-bounds-are-in-utc"}),
        ("2024-10-01", {"client-bounds-are-instants"}),
        ("1727740800", {"client-bounds-are-instants"}),
        ("2027-10-01T00:00:00Z", {"client-bounds-are-in-order"}),
    ],
)
def test_a_bound_is_an_instant_in_utc_and_whole_seconds(day: Day, bound, found):
    day.token()
    day.inbox(1, f"{LOWER}{bound}")
    assert set(day.found()) == found


def test_halves_of_a_window_are_no_gap(day: Day):
    day.token()
    full = {"items": [], "hasMore": True}
    day.inbox(1, f"{LOWER}2026-09-01T00:00:00Z", answer=full)
    day.inbox(2, f"{LOWER}2026-09-01T00:00:00Z{UPPER}2026-10-15T00:00:00Z")
    day.inbox(3, f"{LOWER}2026-10-15T00:00:00Z{UPPER}2026-11-26T12:00:01Z")
    assert day.found() == {}


def test_a_full_list_that_is_the_last_is_found(day: Day):
    day.token()
    day.inbox(1, f"{LOWER}2026-09-01T00:00:00Z", answer={"items": [], "hasMore": True})
    assert day.found() == {"client-halves-a-full-window": "request:line"}


FULL = {
    "hasMore": True,
    "items": [
        {"createDateTime": {"dateTime": "2026-11-20T00:00:00", "timeZone": "UTC"}},
        {
            "notificationType": "REMINDER",
            "createDateTime": {"dateTime": "2026-01-01T00:00:00", "timeZone": "UTC"},
        },
    ],
}
BOTH = LOWER + "2026-11-0{}T00:00:00Z" + UPPER + "2026-11-{}T00:00:00Z"


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        ([(1, 14), (1, 25)], False),  # what is older than the last item, then the rest
        ([(1, 18)], True),  # a part of what is older
        ([(1, 22)], False),  # the next page by date
        ([(9, 25)], True),  # the newer half alone
        ([(1, "05"), (9, 25)], True),  # halves that leave out what is between
        ([], True),
    ],
)
def test_the_parts_of_a_full_window_cover_it(day: Day, parts, found):
    day.token()
    day.inbox(1, BOTH.format(1, 26), answer=FULL)
    for number, (begin, end) in enumerate(parts):
        day.inbox(2 + number, BOTH.format(begin, end))
    assert ("client-halves-a-full-window" in day.found()) is found


def test_a_page_in_place_of_a_list_is_no_list(day: Day):
    day.token()
    since = f"{LOWER}2026-11-26T12:00:00Z"
    page = {"status": 200, "body": b"", "answer": "<html>"}
    day.inbox(0, f"{LOWER}2026-11-26T00:00:00Z")
    day.inbox(60, since, **page)
    assert day.found() == {"client-reads-again-what-was-no-list": "request:line"}
    day.inbox(62, since)
    assert day.found() == {}


@pytest.mark.parametrize("status", [429, 500, 503, 404, 403, 409])
def test_what_a_bad_day_brings_is_no_refusal_of_a_wrong_request(day: Day, status):
    day.token()
    day.call(1, "/patientMessages/a.b", status=status)
    day.token(2, "two", status=503, answer={})
    assert "client-is-refused-nothing" not in day.found()
    assert "client-gets-its-token" not in day.found()


def test_a_refused_request_is_named_in_the_words_of_the_refusal(day: Day, monkeypatch):
    monkeypatch.setattr(REDACTOR, "shows_data", True)
    day.token()
    day.inbox(1, "&x=1", status=400, answer={"code": "X", "message": "x is not known."})
    one = next(
        j for j in judge(day.exchanges, CONTRACT) if j.check.id == "client-is-refused-nothing"
    )
    assert one.found.findings[0].actual == "400 x is not known."


def test_a_refused_token_request_is_forgiven_where_another_one_was_granted(day: Day):
    day.token(0, status=401, answer={"error": "invalid_client"})
    assert day.found() == {"client-gets-its-token": "request:line"}
    day.token(1)
    assert day.found() == {}


@pytest.mark.parametrize("at", ["X-Client-Secret", "Cookie"])
def test_a_secret_or_a_token_in_another_header_is_found(day: Day, at):
    token = day.token(name="opaque-token-of-a-day")
    day.call(1, "/patientMessages/a.b", token, headers={at: "[redacted]"})
    assert day.found() == (
        {}
        if at == "Cookie"
        else {"client-keeps-its-secret-for-the-token-endpoint": f"request:header:{at}"}
    )
    day.call(2, "/patientMessages/a.c", token, headers={at: f"t={token}"})
    assert day.found()["client-keeps-its-token-in-authorization"] == f"request:header:{at}"


def test_what_another_program_took_out_of_a_recording_is_no_secret(day: Day):
    day.token(headers={"Authorization": "[redacted]", "User-Agent": "x/1"})
    day.call(1, "/patientMessages/a.b", "[redacted]", headers={"X-Api-Key": "[redacted]"})
    assert "client-keeps-its-secret-for-the-token-endpoint" not in day.found()


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        (f"{LOWER}2026-11-26T00:00:00Z", f"{LOWER}2026-11-26T12:00:30Z", True),
        (f"{LOWER}2026-11-26T00:00:00Z", f"{LOWER}2026-11-26T11:55:00Z", False),
        (BOTH.format(1, "03"), BOTH.format(5, "07"), False),  # what a person looks at
    ],
)
def test_two_windows_up_to_now_are_polls(day: Day, first, second, found):
    day.token()
    day.inbox(1, first)
    day.inbox(60, second)
    assert ("client-windows-leave-no-gap" in day.found()) is found


def test_windows_that_do_not_meet_leave_a_gap(day: Day):
    day.token()
    for begin, end in (("01", "05"), ("06", "10"), ("10", "15")):
        day.inbox(1, f"{LOWER}2026-10-{begin}T00:00:00Z{UPPER}2026-10-{end}T00:00:00Z")
    assert day.found() == {
        "client-windows-leave-no-gap": "request:query:createDateTimeGreaterThanOrEqualTo"
    }


def test_a_client_that_waits_as_it_is_asked_to_is_right(day: Day):
    day.token()
    day.inbox(1, f"{LOWER}2026-11-26T00:00:00Z", status=429, answered={"Retry-After": "5"})
    day.inbox(6.2, f"{LOWER}2026-11-26T00:00:00Z")
    assert day.found() == {}


@pytest.mark.parametrize("after", ["5", "Thu, 26 Nov 2026 12:00:06 GMT"])
def test_one_that_does_not_wait_is_found(day: Day, after):
    day.token()
    day.inbox(1, f"{LOWER}2026-11-26T00:00:00Z", status=503, answered={"Retry-After": after})
    day.inbox(2, f"{LOWER}2026-11-26T00:00:00Z")
    assert day.found() == {"client-waits-as-it-is-asked-to": "request:time"}


def message(**more):
    content = "<html><head><title>x</title></head><body><p>x</p></body></html>"
    return {
        "patientId": "1",
        "messageSender": {"id": "1", "type": "PERSON"},
        "recipients": [{"id": "2", "type": "PERSONNEL"}],
        "content": content,
        **more,
    }


@pytest.mark.parametrize("lost", [{"status": 504}, {"status": 0, "broken": "reset"}])
def test_a_write_with_an_unknown_outcome_is_looked_for_before_it_is_repeated(lost):
    for looks in (True, False):
        day = Day()
        day.token()
        day.call(1, "/patientMessages/sentItems", method="POST", body=message(), **lost)
        if looks:
            day.call(2, f"/patientMessages/sentItems?patientId=1{LOWER}2026-11-26T00:00:00Z")
        day.call(3, "/patientMessages/sentItems", method="POST", body=message(), status=201)
        assert ("client-looks-before-it-writes-again" in day.found()) is not looks


@pytest.mark.parametrize("status", [400, 429])
def test_a_write_that_was_refused_may_be_repeated(day: Day, status):
    day.token()
    day.call(1, "/patientMessages/sentItems", method="POST", body=message(), status=status)
    day.call(60, "/patientMessages/sentItems", method="POST", body=message(), status=201)
    assert not {"client-looks-before-it-writes-again", "client-writes-nothing-twice"} & set(
        day.found()
    )


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, set()),
        (
            {
                "content": '<!DOCTYPE html><html lang="en"><head><title>a&nbsp;b</title></head><body>x</body></html>'
            },
            set(),
        ),
        ({"content": "Hello"}, {"client-content-is-a-whole-document"}),
        ({"priority": {"value": "HIGH"}}, set()),
        ({"priority": "HIGH"}, {"client-priority-is-a-known-word"}),
        ({"recipients": [{"id": "a@b.example", "type": "EMAIL"}]}, set()),
        ({"subject": "RE: x", "previousMessageId": "5"}, set()),
        ({"recipients": [{"id": 2, "type": "PERSONNEL"}]}, {"client-recipients-have-ids"}),
    ],
)
def test_a_message_is_as_the_page_says(day: Day, change, found):
    day.token()
    day.call(1, "/patientMessages/sentItems", method="POST", body=message(**change), status=201)
    assert set(day.found()) == found


def test_a_finding_names_the_first_request_and_how_many_share_it(day: Day, monkeypatch):
    from golive.client.judging import judge

    from .conftest import CONTRACT

    monkeypatch.setattr(REDACTOR, "shows_data", True)
    day.token()
    for at in (1, 2, 3):
        day.inbox(at, f"{LOWER}2026-11-26T00:00:00Z&limit=50")
    found = next(
        one.found
        for one in judge(day.exchanges, CONTRACT)
        if one.check.id == "client-limit-is-1000"
    )
    (finding,) = found.findings
    assert (finding.actual, finding.exchange["number"]) == ("50; so in 3 requests", 2)
    assert [wrong.request.number for wrong in found.each] == [2, 3, 4]
    line, status = finding.as_dict()["excerpt"]
    assert line.startswith("→ > GET https://api.cernermillennium.com/")
    assert line.endswith("← expected 1000")
    assert status == "  < HTTP 200"


def test_an_excerpt_shows_the_header_the_body_or_the_form_that_is_meant(day: Day, monkeypatch):
    from golive.exchanges.excerpt import excerpt

    monkeypatch.setattr(REDACTOR, "shows_data", True)

    day.token()
    sent = day.call(1, "/patientMessages/sentItems", method="POST", body=message(subject="x"))
    form, _ = day.exchanges
    assert (
        excerpt(sent, "request:header:Authorization", "y")[1]
        == "→ > Authorization: Bearer [redacted]   ← expected y"
    )
    assert any(
        "subject" in line and "expected y" in line
        for line in excerpt(sent, "request:/subject", "y")
    )
    assert "client_credentials" not in str(excerpt(form, "request:form:scope", "y"))
    assert excerpt(form, "request:form:other", "y")[1] == "→ (other: absent)   ← expected y"


def test_the_good_client_s_day_is_free_of_findings_after_a_trip_through_a_file(good_day, tmp_path):
    from golive.client.journal import line_of, read_journal

    from .conftest import CONTRACT

    file = tmp_path / "journal.jsonl"
    file.write_text("".join(line_of(one) + "\n" for one in good_day), "utf-8")
    again = read_journal(file, CONTRACT).exchanges
    assert findings(again) == {}
    assert unseen(again) == unseen(good_day)


def test_what_a_browser_leaves_out_is_not_seen(day: Day):
    """Recordings of browsers have no Authorization header, and none of its absence can be blamed on the client."""
    day.token(headers={"Content-Type": "application/x-www-form-urlencoded", "User-Agent": "x/1"})
    headers = {"User-Agent": "x/1", "opc-request-id": "a"}
    url = f"{API}/patientMessages/inboxItems?patientId=1{LOWER}2026-11-26T00:00:00Z"
    day.ask(1, "OPTIONS", url, headers={"User-Agent": "x/1"})
    day.ask(2, "GET", url, headers=headers, answer={"items": []})
    assert day.found() == {}
    missing = unseen(day.exchanges)
    for name in ("client-sends-a-bearer-token", "client-authenticates-in-one-way"):
        assert missing[name] == "the recording shows no credential"


def test_a_call_without_a_token_that_is_refused_is_found(day: Day):
    day.token()
    url = f"{API}/patientMessages/inboxItems?patientId=1{LOWER}2026-11-26T00:00:00Z"
    day.ask(1, "GET", url, headers={"User-Agent": "x/1", "opc-request-id": "a"}, status=401)
    assert day.found() == {"client-sends-a-bearer-token": "request:header:Authorization"}


def test_what_a_recording_has_of_other_sites_is_left_alone(day: Day):
    day.token()
    day.inbox(1, f"{LOWER}2026-11-26T00:00:00Z")
    basic = {"Authorization": "Basic b3RoZXI6c2VjcmV0LXNlY3JldA=="}
    day.ask(2, "GET", "https://tracker.example/pixel?token=abc&password=x", headers=basic)
    assert day.found() == {}


def test_the_api_s_token_at_another_site_is_found(day: Day):
    day.token()
    day.inbox(1, f"{LOWER}2026-11-26T00:00:00Z")
    day.ask(
        2, "GET", "https://tracker.example/pixel?x=one", headers={"Authorization": "Bearer one"}
    )
    assert day.found() == {
        "client-keeps-its-token-for-the-api": "request:header:Authorization",
        "client-keeps-tokens-out-of-urls": "request:query:x",
    }


def test_what_a_client_does_wrong_is_no_ticket_to_oracle():
    from golive.report.published import ticket

    exchange = {"sent_at": "x", "method": "GET", "url": API, "status": 400, "correlation": {}}
    finding = {
        "at": "status",
        "basis": "documented",
        "source": "contract-facts §2.1",
        "exchange": exchange,
    }
    finding |= {"expected": "200", "actual": "400"}
    assert ticket("It answers.", [finding]).startswith("Expected: It answers.")
    assert ticket("It asks.", [finding | {"at": "request:query:limit"}]) == ""
