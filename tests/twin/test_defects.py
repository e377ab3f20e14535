"""Each lie is told, and only where it was ordered."""

import base64
import json
import re
from pathlib import Path

import httpx
import pytest

import golive.twin
from golive.twin import DEFECT_FACTS, DEFECTS, defects

INBOX = "patientMessages/inboxItems?patientId=12700100"
DAY = 86400


def test_every_defect_is_asked_for_and_every_one_asked_for_is_listed():
    package = Path(golive.twin.__file__).parent
    source = "".join(path.read_text("utf-8") for path in package.rglob("*.py"))
    assert set(re.findall(r'\.lies\(\s*"([^"]+)"', source)) == set(DEFECTS)


def test_every_defect_has_a_test():
    tests = "".join(path.read_text("utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    assert {name for name in DEFECTS if f'"{name}"' not in tests} == set()


def test_at_most_a_quarter_of_the_defects_shows_in_one_response_alone():
    alone = [name for name, facts in DEFECT_FACTS.items() if facts.kind == "one-response"]
    assert len(DEFECTS) >= 90
    assert len(alone) * 4 <= len(DEFECTS)


def test_no_two_defects_have_the_same_sentence():
    assert len(set(DEFECTS.values())) == len(DEFECTS)


def test_the_facts_say_the_same_as_the_plain_table_and_know_what_is_advice():
    assert {name: facts.sentence for name, facts in DEFECT_FACTS.items()} == DEFECTS
    assert DEFECT_FACTS["duplicate-item"].is_advice
    assert not DEFECT_FACTS["other-clouds-token-accepted"].is_advice


@pytest.mark.parametrize(
    "table",
    [
        '[a]\nx = ["one-response", "standard", "S."]\n[b]\nx = ["state", "standard", "S."]',
        '[a]\nx = ["perhaps", "standard", "S."]',
        '[a]\nx = ["state", "rumour", "S."]',
    ],
)
def test_a_table_with_a_name_or_a_word_that_can_not_be_is_refused(monkeypatch, tmp_path, table):
    (tmp_path / "defects.toml").write_text(table)
    monkeypatch.setattr(defects, "files", lambda package: tmp_path)
    with pytest.raises(ValueError, match="x is listed twice or has an unknown word"):
        defects._load()


@pytest.mark.parametrize("name", DEFECTS)
def test_a_defect_has_a_plain_name_and_one_sentence(name):
    assert re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", name)
    assert re.fullmatch(r"[A-Z][^\n]*\.", DEFECTS[name])


@pytest.fixture
def liar(calling):
    def make(name, **settings):
        return calling(defects=[name], **settings)

    return make


def test_the_token_endpoint_can_be_down(liar):
    assert liar("token-endpoint-answers-503").ask_token().status_code == 503


def test_the_token_endpoint_can_refuse_everyone(liar):
    answer = liar("token-endpoint-refuses-every-client").ask_token()
    assert answer.json()["error"] == "invalid_client"


def test_a_token_answer_can_be_html(liar):
    answer = liar("token-response-is-not-json").ask_token()
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")


def test_token_answers_can_be_cacheable(liar):
    caller = liar("token-response-may-be-cached")
    for answer in (caller.ask_token(), caller.ask_token(scope="x")):
        assert not {"cache-control", "pragma"} & set(answer.headers)


def test_the_correlation_id_can_differ(liar):
    answer = liar("correlation-id-differs-from-error-uri").ask_token(scope="x")
    assert answer.headers["cerner-correlation-id"] not in answer.json()["error_uri"]


def test_a_wrong_secret_can_be_accepted(liar, unknown):
    caller = liar("wrong-secret-accepted")
    known = caller.twin.accounts["system"]
    assert caller.ask_token(auth=(known.client_id, "wrong-secret")).status_code == 200
    assert caller.ask_token(auth=(unknown, "wrong-secret")).status_code == 401


def test_a_scope_can_be_dropped(liar):
    caller = liar("scope-silently-dropped")
    both = "oraclehealth:millennium:message oraclehealth:millennium:recipient"
    for scope in (both, "oraclehealth:millennium:message"):
        assert caller.ask_token(scope=scope).json()["scope"] == "oraclehealth:millennium:recipient"
    assert caller.get(INBOX).status_code == 403


def key_set(caller):
    answer = caller.http.get(f"{caller.twin.address}/authorization.cerner.com/jwk")
    return answer.json()["keys"]


def test_the_key_set_can_hold_private_keys(liar):
    assert all("d" in key for key in key_set(liar("private-key-in-key-set")))


def test_the_key_set_can_lack_the_key_in_use(liar):
    caller = liar("signing-key-missing-from-key-set")
    header = caller.token().split(".")[0]
    kid = json.loads(base64.urlsafe_b64decode(header + "=="))["kid"]
    assert len(key_set(caller)) == 8
    assert kid not in {key["kid"] for key in key_set(caller)}
    assert caller.get(INBOX).status_code == 200


def test_the_api_can_refuse_every_token(liar):
    answer = liar("api-refuses-every-token-as-unknown-kid").get(INBOX)
    assert answer.status_code == 401
    assert 'subcode="unknown_kid", kid="20' in answer.json()["message"]


def test_an_expired_token_can_be_accepted(liar):
    caller = liar("expired-token-accepted")
    assert caller.get(INBOX, token=caller.twin.tokens["expired-token"]).status_code == 200


@pytest.mark.parametrize(
    ("claim", "status"),
    [
        ({"azs": "oraclehealth:millennium:message", "tnt": "SANDBOX"}, 200),
        ({"azs": 7, "tnt": "SANDBOX"}, 403),
        ("text", 401),
    ],
)
def test_an_unsigned_token_can_be_accepted(liar, claim, status):
    caller = liar("unsigned-token-accepted")
    tenant = caller.twin.accounts["system"].tenant
    if isinstance(claim, dict):
        claim = {**claim, "tnt": tenant}
    claims = {"exp": 99999999999, "urn:com:cerner:authorization:claims": claim}
    token = ".".join(
        base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")
        for part in ({"alg": "none"}, claims)
    )
    assert caller.get(INBOX, token=f"{token}.").status_code == status


def test_the_other_clouds_token_can_be_accepted(liar):
    caller = liar("other-clouds-token-accepted")
    assert caller.get(INBOX, token=caller.token("sandbox-cloud")).status_code == 200
    assert caller.get(INBOX).status_code == 200


def test_another_tenants_token_can_be_accepted(liar):
    caller = liar("other-tenants-token-accepted")
    assert caller.get(INBOX, token=caller.token("customer")).status_code == 200


def test_errors_can_repeat_the_token(liar):
    caller = liar("error-echoes-the-token")
    for answer in (
        caller.get("nowhere"),
        caller.get(INBOX, token=caller.token("without-message-scope")),
    ):
        token = answer.request.headers["authorization"].removeprefix("Bearer ")
        assert answer.status_code >= 400
        assert token in answer.text


def test_the_api_can_be_down(liar):
    answer = liar("api-answers-503-to-everything").get(INBOX)
    assert answer.status_code == 503
    assert "opc-request-id" in answer.headers


def test_the_api_can_show_a_stack_trace(liar):
    answer = liar("api-answers-500-with-a-stack-trace").get(INBOX)
    assert answer.status_code == 500
    assert "\tat com.example" in answer.text


def test_the_api_can_redirect_elsewhere(liar):
    answer = liar("redirect-to-another-host").get(INBOX)
    assert answer.status_code == 302
    assert answer.headers["location"].startswith("https://messages.example.invalid/")


def test_the_inbox_can_be_html(liar):
    answer = liar("inbox-answers-html").get(INBOX)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")


def test_the_inbox_can_be_cut_short(liar):
    caller = liar("inbox-body-is-truncated")
    with pytest.raises(httpx.RemoteProtocolError, match="peer closed connection"):
        caller.get(INBOX)
    assert caller.get("patientMessages/sentItems?patientId=12700100").status_code == 200


def test_the_inbox_can_ignore_the_order(liar):
    caller = liar("inbox-ignores-sort-order")
    assert caller.inbox(sortOrder="ASC") == caller.inbox(sortBy="priority") == caller.inbox()
    assert caller.sent(sortOrder="ASC") != caller.sent()


def test_the_inbox_can_have_a_shorter_window(liar):
    caller = liar("inbox-window-is-30-days")
    assert len(caller.inbox()) < 12
    assert len(caller.sent()) == 7


def test_a_future_bound_can_be_believed(liar, instant):
    caller = liar("future-bound-is-not-clamped")
    bound = {"createDateTimeLessThanOrEqualTo": instant(30 * DAY)}
    assert len(caller.inbox(**bound)) == len(caller.inbox()) + 1
    assert len(caller.inbox(**bound, notificationType="REMINDER")) == 3


def test_the_inbox_can_lack_its_request_id(liar):
    caller = liar("inbox-lacks-request-id")
    assert "opc-request-id" not in caller.get(INBOX).headers
    sent = caller.get("patientMessages/sentItems?patientId=12700100")
    assert "opc-request-id" in sent.headers


def test_deleted_messages_can_vanish(liar):
    items = liar("deleted-message-vanishes").inbox()
    assert {item["status"] for item in items} == {"UNREAD", "OPENED"}


def test_a_detail_can_disagree(liar):
    caller = liar("detail-disagrees-with-list")
    item = caller.inbox()[0]
    assert caller.one(item["id"])["subject"] != item["subject"]


def test_the_inbox_can_hold_another_patients_message_on_top(liar):
    caller = liar("item-of-another-patient")
    assert caller.one(caller.inbox()[0]["id"])["patientId"] == "12700400"


def test_an_item_can_come_twice(liar):
    items = liar("duplicate-item").inbox()
    assert items[0] == items[1]
    assert len(items) == 25


def test_a_status_change_can_be_forgotten(liar):
    caller = liar("status-change-does-not-stick")
    old = next(item for item in caller.inbox("12700400") if item["status"] == "UNREAD")
    assert caller.update("OPENED", old).status_code == 200
    assert caller.inbox("12700400").count(old) == 1


def test_a_sent_item_can_stay_away(liar):
    caller = liar("sent-item-never-appears")
    sent = caller.send().json()["id"]
    assert caller.sent("12700400") == []
    assert caller.one(sent)["id"] == sent
