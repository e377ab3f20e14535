"""Each lie of the gateway and about requests in general has a symptom that an honest twin lacks."""

import re

import pytest

ORDINARY = "12700100"
INBOX = f"patientMessages/inboxItems?patientId={ORDINARY}"
SENT = f"patientMessages/sentItems?patientId={ORDINARY}"
LOWER = "createDateTimeGreaterThanOrEqualTo"
UPPER = "createDateTimeLessThanOrEqualTo"
UNKNOWN_TENANT = "00000000-0000-4000-8000-000000000000"


def status(c, path=INBOX, **request):
    return c.get(path, **request).status_code


def first(c):
    return f"patientMessages/{c.inbox()[0]['id']}"


def scheme(c, word):
    return status(c, headers={"Authorization": f"{word} {c.token()}"})


def of_other_cloud(c):
    return c.get(INBOX, token=c.token("sandbox-cloud")).json()["message"]


def tampered(c):
    header, claims, signature = c.token().split(".")
    other = c.ask_token().json()["access_token"].split(".")[2]
    assert signature != other
    return f"{header}.{claims}.{other}"


def with_id(c, value, path=INBOX):
    return c.get(path, headers={"opc-request-id": value})


def accepting(c, value):
    return status(c, headers={"Accept": value})


def writes(c):
    item = c.inbox("12700400")[0]
    return {c.send().status_code, c.update(item["status"], item).status_code}


def bound(c, value):
    return status(c, f"{INBOX}&{LOWER}={value}")


def reversed_dates(c, path):
    return status(c, f"{path}&{LOWER}=2026-02-01T00:00:00Z&{UPPER}=2026-01-01T00:00:00Z")


def lacks_id(answer):
    return "opc-request-id" not in answer.headers


ACCESS = {
    "api-refusals-lack-challenge": lambda c: (
        "www-authenticate" not in c.get(INBOX, token=None).headers
    ),
    "error-code-without-token": lambda c: (
        "error=" in c.get(INBOX, token=None).headers["www-authenticate"]
    ),
    "inbox-opens-without-token": lambda c: (
        status(c, token=None) == 200 and status(c, SENT, token=None) == 401
    ),
    "sent-items-open-without-token": lambda c: status(c, SENT, token=None) == 200,
    "message-opens-without-token": lambda c: status(c, first(c), token=None) == 200,
    "send-works-without-token": lambda c: (
        c.api("POST", "patientMessages/sentItems", json=c.draft(), token=None).status_code == 201
    ),
    "status-changes-without-token": lambda c: (
        c.api("POST", "actions/updatePatientMessageStatus", json={}, token=None).status_code == 400
    ),
    "token-under-basic-accepted": lambda c: (
        scheme(c, "Basic") == 200 and scheme(c, "Digest") == 401
    ),
    "token-in-query-accepted": lambda c: (
        status(c, f"{INBOX}&access_token={c.token()}", token=None) == 200
    ),
    "garbage-token-answered-400": lambda c: status(c, token="rubbish") == 400,
    "tampered-token-accepted": lambda c: status(c, token=tampered(c)) == 200,
    "unknown-kid-called-expired": lambda c: "token-expired" in of_other_cloud(c),
    "unknown-kid-not-named": lambda c: (
        "unknown_kid" in of_other_cloud(c) and ".ec.es256" not in of_other_cloud(c)
    ),
    "other-tenants-token-answered-403": lambda c: status(c, token=c.token("customer")) == 403,
    "scope-not-enforced": lambda c: status(c, token=c.token("without-message-scope")) == 200,
    "missing-scope-answered-401": lambda c: (
        status(c, token=c.token("without-message-scope")) == 401
    ),
    "granted-scope-not-honoured": lambda c: status(c) == 403,
    "scope-opens-reading-only": lambda c: status(c) == 200 and writes(c) == {403},
    "unknown-tenant-served": lambda c: (
        status(c, tenant=UNKNOWN_TENANT) == 200 and status(c, tenant="not%20one") == 401
    ),
    "malformed-tenant-served": lambda c: (
        status(c, tenant="not%20one") == 200 and status(c, tenant=UNKNOWN_TENANT) == 401
    ),
}
REQUESTS = {
    "service-errors-are-html": lambda c: (
        c.get("nowhere").status_code == 404 and "<html" in c.get("nowhere").text
    ),
    "service-errors-come-with-200": lambda c: (
        status(c, "nowhere") == 200 and "code" in c.get("nowhere").json()
    ),
    "service-errors-lack-code": lambda c: "code" not in c.get("nowhere").json(),
    "bad-requests-lack-request-id": lambda c: (
        lacks_id(c.get(f"{INBOX}&limit=7")) and not lacks_id(c.get("nowhere"))
    ),
    "request-ids-repeat": lambda c: (
        len({c.get(INBOX).headers["opc-request-id"] for _ in range(2)}) == 1
    ),
    "charset-header-refused": lambda c: (
        c.get(INBOX, headers={"accept-charset": "UTF-8"}).status_code == 406
    ),
    "callers-request-id-refused": lambda c: with_id(c, "abc").status_code == 400,
    "callers-request-id-gets-none": lambda c: (
        lacks_id(with_id(c, "abc")) and not lacks_id(c.get(INBOX))
    ),
    "forbidden-request-id-breaks-the-server": lambda c: with_id(c, "a b/c!").status_code == 500,
    "unknown-parameter-breaks-the-server": lambda c: (
        status(c, f"{INBOX}&colour=red") == 500 and status(c) == 200
    ),
    "accept-wildcard-refused": lambda c: (
        accepting(c, "*/*") == 406 and accepting(c, "application/json") == 200
    ),
    "only-first-accepted-type-read": lambda c: (
        accepting(c, "text/html;q=0.1, application/json") == 406
    ),
    "xml-breaks-the-server": lambda c: accepting(c, "application/xml") == 500,
    "unknown-path-answered": lambda c: c.get("nowhere").status_code == 200,
    "inbox-takes-posts": lambda c: (
        c.api("POST", INBOX).status_code == 200 and c.api("POST", first(c)).status_code == 405
    ),
    "inbox-without-patient-answered": lambda c: (
        status(c, "patientMessages/inboxItems") == 200
        and status(c, "patientMessages/sentItems") == 400
    ),
    "sent-items-without-patient-answered": lambda c: (
        status(c, "patientMessages/sentItems") == 200
        and status(c, "patientMessages/inboxItems") == 400
    ),
    "repeated-patient-accepted": lambda c: status(c, f"{INBOX}&patientId=12700300") == 200,
    "inbox-reversed-dates-accepted": lambda c: (
        reversed_dates(c, INBOX) == 200 and reversed_dates(c, SENT) == 400
    ),
    "sent-reversed-dates-accepted": lambda c: (
        reversed_dates(c, SENT) == 200 and reversed_dates(c, INBOX) == 400
    ),
    "malformed-date-ignored": lambda c: bound(c, "yesterday") == 200,
    "milliseconds-accepted": lambda c: (
        bound(c, "2026-01-01T00:00:00.000Z") == 200 and bound(c, "yesterday") == 400
    ),
    "offset-accepted": lambda c: (
        bound(c, "2026-01-01T00:00:00%2B00:00") == 200
        and bound(c, "2026-01-01T00:00:00.000Z") == 400
    ),
    "any-limit-accepted": lambda c: status(c, f"{INBOX}&limit=10") == 200,
    "unknown-notification-type-accepted": lambda c: (
        status(c, f"{INBOX}&notificationType=LETTER") == 200
    ),
    "unknown-sort-key-accepted": lambda c: (
        status(c, f"{SENT}&sortBy=colour") == 200 and status(c, f"{SENT}&sortOrder=UP") == 400
    ),
    "inbox-lacks-request-id": lambda c: lacks_id(c.get(INBOX)),
    "sent-items-lack-request-id": lambda c: lacks_id(c.get(SENT)),
    "message-lacks-request-id": lambda c: lacks_id(c.get(first(c))) and not lacks_id(c.get(INBOX)),
    "send-answer-lacks-request-id": lambda c: lacks_id(c.send()) and not lacks_id(c.get(SENT)),
    "status-answer-lacks-request-id": lambda c: lacks_id(
        c.update("OPENED", c.inbox("12700400")[0])
    ),
}
SYMPTOMS = {**ACCESS, **REQUESTS}


@pytest.mark.parametrize("name", SYMPTOMS)
def test_the_lie_shows_and_an_honest_twin_does_not_tell_it(name, shows):
    shows(name, SYMPTOMS[name])


def test_a_gateway_that_is_open_to_all_for_one_operation_refuses_wrong_tokens_there(calling):
    caller = calling(defects=["inbox-opens-without-token"])
    assert caller.get(INBOX, token="rubbish").status_code == 401
    assert caller.api("DELETE", INBOX, token=None).status_code == 401


def test_a_repeated_request_id_keeps_its_form(calling):
    caller = calling(defects=["request-ids-repeat"])
    answer = caller.get(INBOX, headers={"opc-request-id": "mine"})
    assert re.fullmatch("mine/[0-9a-f]{32}/[0-9a-f]{32}", answer.headers["opc-request-id"])
