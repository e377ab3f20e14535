"""The curl command of a request: what a reader can send again, and nothing that may not be shown."""

import base64
import json
import shlex
import subprocess
from dataclasses import replace

import pytest

from golive.exchanges.curl import command
from golive.exchanges.headers import Headers
from golive.exchanges.model import Request
from golive.redaction import REDACTOR


@pytest.fixture(autouse=True)
def redactor(contract):
    REDACTOR.clear()
    REDACTOR.marks = contract.personal
    yield
    REDACTOR.clear()


def request(method="GET", headers=(), body=b"", url="https://api.example/inbox?patientId=12700100"):
    return Request(method=method, url=url, headers=Headers(headers), body=body)


def test_a_bearer_token_is_a_variable():
    told = command(request(headers=[("Authorization", "Bearer abc"), ("User-Agent", "golive")]))
    assert '-H "Authorization: Bearer $TOKEN"' in told
    assert "abc" not in told
    assert "golive" not in told


def test_a_credential_is_two_variables():
    told = command(request("POST", [("Authorization", "Basic YTpi")], b"grant_type=x"))
    assert '-X POST -u "$CLIENT_ID:$CLIENT_SECRET"' in told
    assert "YTpi" not in told


def test_another_scheme_is_not_shown():
    assert "secret" not in command(request(headers=[("Authorization", "Custom secret")]))


def test_a_form_is_shown_and_a_message_only_where_data_may_be():
    form = [("Content-Type", "application/x-www-form-urlencoded")]
    assert "--data-raw grant_type=x" in command(request("POST", form, b"grant_type=x"))
    message = request("POST", [("Content-Type", "application/json")], b'{"a": "it\'s"}')
    assert shlex.split(command(message))[-2] == '{"NAME": "VALUE"}'
    assert "--data-binary @body.json" in command(request("POST", (), b"<a>Mrs Smith</a>"))
    REDACTOR.shows_data = True
    assert shlex.split(command(message))[-2] == '{"a": "it\'s"}'
    assert "@body.json" in command(request("POST", (), b"xy" * 2000))


def test_a_body_of_the_api_is_shown_with_placeholders_where_data_may_not_be(contract):
    REDACTOR.public = contract.words
    body = {
        "patientId": "12700100",
        "subject": "Mrs Smith's leg",
        "recipients": [{"id": "4463007", "recipientType": "PERSONNEL"}],
        "notificationVersion": 12345,
        "status": None,
        "Mrs Smith": True,
    }
    sent = request("POST", [("Content-Type", "application/json")], json.dumps(body).encode())
    told = json.loads(shlex.split(command(sent))[-2])
    assert told["patientId"] == "PATIENT_ID"
    assert told["subject"] == "SUBJECT"
    assert told["recipients"] == [{"id": "ID", "recipientType": "PERSONNEL"}]
    assert (told["notificationVersion"], told["status"], told["NAME"]) == (0, None, True)
    for personal in ("12700100", "Smith", "leg", "4463007", "12345"):
        assert personal not in command(sent)


def test_a_patient_is_not_in_the_url_unless_data_may_be_shown():
    assert "12700100" not in command(request())
    REDACTOR.shows_data = True
    assert "12700100" in command(request())


def test_a_secret_in_a_form_is_not_shown_a_made_up_one_included():
    form = [("Content-Type", "application/x-www-form-urlencoded")]
    told = command(request("POST", form, b"client_secret=wrong-one&grant_type=x"))
    assert "'client_secret=***&grant_type=x'" in told


def test_a_secret_is_replaced_wherever_it_stands():
    REDACTOR.protect("hush-hush-hush")
    assert "hush" not in command(request("POST", [("X-Y", "hush-hush-hush")], b"a=hush-hush-hush"))


def test_a_long_run_of_one_character_is_a_substitution():
    told = command(request("POST", [("X-Y", "a" * 500)], b"", url="https://h/" + "%20" * 50))
    assert """-H 'X-Y: '"$(printf 'a%.0s' $(seq 500))\"""" in told
    assert "$(printf '%%20%.0s' $(seq 50))" in told


def test_ids_that_are_known_to_be_a_person_s_are_hidden_and_the_rest_is_shown():
    body = b'{"patientId": "12700100", "id": "55.prsnl", "status": "READ"}'
    told = command(request("POST", (), body), hidden=["12700100"])
    assert shlex.split(told)[-2] == '{"patientId": "PATIENT", "id": "ID", "status": "READ"}'


def test_nothing_after_a_body_of_a_file_is_a_comment():
    told = shlex.split(command(request("POST", (), b"xy" * 4000), hidden=[]), comments=True)
    assert told[-1].startswith("https://api.example/inbox")


OWN = "Basic " + base64.b64encode(b"me:AbcdeF").decode()
SHELL = {"CLIENT_ID": "me", "CLIENT_SECRET": "AbcdeF", "TOKEN": "eyJhIjoxfQ.eyJiIjoyfQ.c2ln"}


def words(sent, **variables):
    """Return what the shell makes of the command, and what it says where it refuses."""
    asked = ["sh", "-c", f"printf '%s\\n' {command(sent)}"]
    done = subprocess.run(asked, env=SHELL | variables, capture_output=True, text=True, check=False)
    return done.stdout.splitlines(), done.stderr


def basic(pair):
    return "Basic " + base64.b64encode(pair.encode()).decode()


@pytest.mark.parametrize("secret", ["", "Abcde", "AbcdeF0", "aBCDEf"])
def test_a_false_secret_that_is_made_of_the_right_one_is_made_of_it(secret):
    sent = request("POST", [("Authorization", basic(f"me:{secret}"))])
    found, _ = words(replace(sent, credential=OWN))
    assert f"me:{secret}" in found
    assert "AbcdeF" not in command(replace(sent, credential=OWN))


def test_a_false_credential_is_never_sent_as_the_right_one():
    pair = replace(request("POST", [("Authorization", basic("me:other"))]), credential=OWN)
    assert "me:not-the-secret" in words(pair)[0]
    unpaired = replace(request("POST", [("Authorization", basic("nothing"))]), credential=OWN)
    assert f"Authorization: {basic('no-colon')}" in words(unpaired)[0]


def test_what_no_command_can_make_has_to_be_set_before_it_is_sent():
    other = replace(request("POST", [("Authorization", basic("you:their"))]), credential=OWN)
    assert words(other)[0] == []
    assert "OTHER_SECRET: set it to the secret of that client" in words(other)[1]
    assert "you:mine" in words(other, OTHER_SECRET="mine")[0]
    own = f"Bearer {SHELL['TOKEN']}"
    token = replace(request(headers=[("Authorization", "Bearer else")]), credential=own)
    assert "OTHER_TOKEN: set it to the token that the check describes" in words(token)[1]
    form = [("Content-Type", "application/x-www-form-urlencoded")]
    signed = replace(request("POST", form, b"client_assertion=a.b.c"), credential="")
    assert "ASSERTION: set it" in words(signed)[1]


@pytest.mark.parametrize(
    "presented",
    [
        "Bearer eyJhIjoxfQ.eyJiIjoyfQ.",
        "Bearer eyJhbGciOiJub25lIn0.eyJiIjoyfQ.",
        "Basic eyJhIjoxfQ.eyJiIjoyfQ.c2ln",
    ],
)
def test_an_unsigned_token_and_one_under_another_scheme_are_made_of_the_own_one(presented):
    own = f"Bearer {SHELL['TOKEN']}"
    sent = replace(request(headers=[("Authorization", presented)]), credential=own)
    assert f"Authorization: {presented}" in words(sent)[0]
    assert "eyJ" not in command(sent)


def test_the_right_credential_in_the_wrong_place_is_sent_there():
    form = [("Content-Type", "application/x-www-form-urlencoded")]
    sent = request("POST", form, b"a=b&client_id=me&client_secret=AbcdeF")
    assert "a=b&client_id=me&client_secret=AbcdeF" in words(replace(sent, credential=OWN))[0]
    url = f"https://h/x?access_token={SHELL['TOKEN']}"
    asked = replace(request(url=url), credential=f"Bearer {SHELL['TOKEN']}")
    assert url in words(asked)[0]
    assert SHELL["TOKEN"] not in command(asked)
