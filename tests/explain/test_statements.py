# ruff: noqa: E501
"""What people say in a paste rules causes out: a pair that works elsewhere is not said to be wrong."""

import json

import pytest

from golive.diagnosis.paste import explain

TENANT = "ec2458f2-1e24-41c8-b71b-0e701af7583d"
TOKEN = f"https://authorization.cerner.com/tenants/{TENANT}/hosts/api.cernermillennium.com/protocols/oauth2/profiles/smart-v1/token"
URI = f"https://authorization.cerner.com/errors/urn%3Acerner%3Aerror%3Aauthorization-server%3Aoauth2%3Atoken%3Ainvalid-client-credentials/instances/7f?client=unknown&tenant={TENANT}"
REFUSED = f"POST {TOKEN}\nHTTP/1.1 401\nContent-Type: application/json\n\n{json.dumps({'error': 'invalid_client', 'error_uri': URI})}\n"
OF_OTHERS = 'POST https://ids.hospital.example/connect/token\n401 {"error":"invalid_client"}\n'

WORKS = [
    "same id and secret with curl -u works",
    "it works in Postman",
    "worked fine with curl",
    "in Postman the same works",
    "The identical credentials are accepted there: 200",
]
DOES_NOT = [
    "it doesn't work in Postman",
    "does not work with curl either",
    "never worked in Postman",
    "same id and secret with curl -u does not work",
    "does it work with curl?",
    "Postman shows the same error",
]


@pytest.mark.parametrize("said", WORKS)
def test_a_pair_that_works_elsewhere_is_not_wrong(said):
    assert explain(f"{REFUSED}{said}\n")[0].id == "pair-taken-elsewhere"
    assert explain(f"{OF_OTHERS}{said}\n")[0].id == "pair-taken-elsewhere"


@pytest.mark.parametrize("said", DOES_NOT)
def test_a_pair_that_fails_everywhere_may_be_wrong(said):
    assert explain(f"{REFUSED}{said}\n")[0].id == "pair-not-accepted"
    assert explain(f"{OF_OTHERS}{said}\n")[0].id == "another-server-refuses-the-client"


@pytest.mark.parametrize(
    ("said", "cause"),
    [
        ("we checked client id and secret twice", "another-server-refuses-a-checked-client"),
        ("the client id is correct, the secret too", "another-server-refuses-a-checked-client"),
        ("we have not checked the client id yet", "another-server-refuses-the-client"),
        ("the secret is not correct I think", "another-server-refuses-the-client"),
    ],
)
def test_a_pair_that_was_checked_is_not_said_to_be_wrong(said, cause):
    assert explain(f"{OF_OTHERS}{said}\n")[0].id == cause
    assert explain(f"{REFUSED}{said}\n")[0].id == "pair-not-accepted"  # the server's word counts
