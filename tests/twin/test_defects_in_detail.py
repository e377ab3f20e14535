"""What a lie leaves alone, and how far it goes. That each one shows at all, `golive prove` proves."""

import base64
import json
import re
import uuid

INBOX = "patientMessages/inboxItems?patientId=12700100"
SUMMARY = {"shouldLoadOrganizationSummary": "true"}


def test_a_gateway_that_is_open_to_all_for_one_operation_refuses_wrong_tokens_there(calling):
    caller = calling(defects=["inbox-opens-without-token"])
    assert caller.get(INBOX, token="rubbish").status_code == 401
    assert caller.api("DELETE", INBOX, token=None).status_code == 401


def test_a_repeated_request_id_keeps_its_form(calling):
    caller = calling(defects=["request-ids-repeat"])
    answer = caller.get(INBOX, headers={"opc-request-id": "mine"})
    assert re.fullmatch("mine/[0-9a-f]{32}/[0-9a-f]{32}", answer.headers["opc-request-id"])


def test_a_message_without_organization_keeps_none(calling):
    caller = calling(defects=["detail-has-another-organization"])
    plain = next(item for item in caller.inbox(**SUMMARY) if "organization" not in item)
    assert "organization" not in caller.one(plain["id"], **SUMMARY)


def test_a_server_that_lets_strangers_in_does_so_where_nobody_is_registered(calling):
    caller = calling(defects=["unknown-client-accepted", "unknown-tenant-accepted"])
    url = caller.token_url().replace(caller.twin.accounts["system"].tenant, str(uuid.uuid4()))
    assert "access_token" in caller.ask_token(url=url, auth=("nobody", "at-all")).json()


def test_the_issuer_of_the_sandbox_cloud_is_mistaken_as_well(calling):
    caller = calling(defects=["token-issuer-is-the-other-cloud"])
    text = caller.token("sandbox-cloud").split(".")[1]
    issuer = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))["iss"]
    assert issuer == "https://authorization.cerner.com/"


def test_defects_of_replies_leave_other_messages_alone(calling):
    caller = calling(defects=["reply-leaves-the-conversation"])
    message = caller.one(caller.send().json()["id"])
    assert message["conversationId"] == f"{message['id']}.conversation"


def test_a_service_that_takes_fragments_takes_plain_words_too(calling):
    caller = calling(defects=["html-fragment-accepted"])
    assert caller.send(content="plain words").status_code == 201


def test_a_missing_list_of_messages_is_not_an_empty_one(calling):
    caller = calling(defects=["update-without-messages-accepted"])
    assert caller.update("OPENED", messages=[]).status_code == 400
