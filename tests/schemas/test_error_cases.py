"""The error catalogue as data: valid, unambiguous, readable; and what its schema refuses."""

import json
import re
from collections import Counter
from copy import deepcopy
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from golive.kit.files import read_yaml

SCHEMAS = Path(__file__).parents[2] / "schemas"
TEXT = (SCHEMAS / "errors.yaml").read_text("utf-8")
CASES = read_yaml(SCHEMAS / "errors.yaml")["cases"]
VALIDATOR = Draft202012Validator(json.loads((SCHEMAS / "errors.schema.json").read_text("utf-8")))
PLACEHOLDER = re.compile(
    r"\{(patient|other_patient|id|recipient|recipient_type|reminder|received|now|now-1d|now-89d|now\+1d|now-1d:ms|now-1d:offset"
    r"|messages:[0-9]+|text:[0-9]+)\}"
)
SENTINEL = object()


def texts(value):
    """Yield every text within a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for member in value.values():
            yield from texts(member)
    elif isinstance(value, list):
        for member in value:
            yield from texts(member)


def by_id(case_id):
    return next(case for case in CASES if case["id"] == case_id)


def offenders(says):
    """Return the ids of the rows of which that is not true."""
    return [case["id"] for case in CASES if not says(case)]


def test_the_catalogue_is_valid_by_its_own_schema():
    assert [error.message for error in VALIDATOR.iter_errors({"cases": CASES})] == []


def test_the_first_line_wires_the_schema_for_editors():
    assert TEXT.splitlines()[0] == "# yaml-language-server: $schema=errors.schema.json"


@pytest.mark.parametrize("key", ["id", "statement"])
def test_no_two_rows_share_an_id_or_a_statement(key):
    assert [text for text, times in Counter(case[key] for case in CASES).items() if times > 1] == []


def test_no_two_rows_have_the_same_base_and_change():
    keys = Counter((case["base"], json.dumps(case["change"], sort_keys=True)) for case in CASES)
    assert [key for key, times in keys.items() if times > 1] == []


def test_every_inferred_expectation_is_one_of_the_row():
    assert offenders(lambda case: set(case.get("inferred", [])) <= set(case["expect"])) == []


def test_a_row_that_is_inferred_as_a_whole_does_not_say_so_twice():
    assert offenders(lambda case: case["basis"] != "inferred" or "inferred" not in case) == []


def test_every_deciding_row_has_an_expectation_that_decides():
    assert offenders(lambda case: set(case["expect"]) - set(case.get("inferred", []))) == []


def test_every_row_uses_known_placeholders_only():
    def are_known(case):
        left = "".join(PLACEHOLDER.sub("", text) for text in texts(case["change"]))
        return "{" not in left or "raw-body" in case["change"]

    assert offenders(are_known) == []


def test_the_basis_of_every_row_is_that_of_its_source():
    named = {"standard": "RFC", "documented": "contract-facts §", "observed": "contract-facts §"}
    assert offenders(lambda case: named.get(case["basis"], "") in case["source"]) == []


def test_a_row_that_needs_a_second_credential_claims_it():
    needed = {
        "other-cloud": "accounts.other_cloud",
        "other-tenant": "accounts.other_tenant",
        "without-scope": "accounts.without_message_scope",
        "expired": "expired_token",
    }
    assert (
        offenders(
            lambda case: (
                case["change"].get("token") not in needed
                or needed[case["change"]["token"]] in case["claims"]
            )
        )
        == []
    )


def test_a_row_that_addresses_by_email_claims_the_newest_generation():
    by_email = [case for case in CASES if "EMAIL" in set(texts(case["change"]))]
    assert by_email
    assert [case["id"] for case in by_email if case["claims"] != ["generation=new"]] == []


def test_a_token_of_the_other_cloud_is_refused_exactly_as_it_was_seen():
    case = by_id("token-of-other-cloud")
    assert case["oracle"]["basis"] == "observed"
    assert "inferred" not in case
    assert {**case["expect"], **case["oracle"]["expect"]} == {
        "status": 401,
        "code": 401,
        "error": "invalid_token",
        "urn": "signature-verification-failed",
        "subcode": "unknown_kid",
        "kid": "token",
        "body": "gateway-error",
    }


def test_what_only_oracle_does_is_known_less_firmly_than_the_row_and_never_by_an_rfc():
    order = ["standard", "documented", "observed", "inferred"]
    own = [case for case in CASES if "oracle" in case]
    assert own
    assert [
        case["id"]
        for case in own
        if order.index(case["oracle"]["basis"]) < order.index(case["basis"])
        or "RFC" in case["oracle"]["source"]
    ] == []


def test_a_row_cites_an_rfc_only_where_that_is_how_it_is_known():
    assert offenders(lambda case: ("RFC" in case["source"]) == (case["basis"] == "standard")) == []


@pytest.mark.parametrize(
    ("base", "schema"),
    [("send", "create-sent-item-details"), ("status", "modify-messages-status-details")],
)
def test_every_required_member_of_a_body_has_a_row_that_leaves_it_out(base, schema):
    document = json.loads((SCHEMAS / f"messages-20241001/{schema}.schema.json").read_text("utf-8"))
    left_out = {case["change"].get("remove-member") for case in CASES if case["base"] == base}
    assert {f"/{name}" for name in document["required"]} <= left_out


@pytest.mark.parametrize("kind", ["credential", "assertion", "token"])
def test_every_way_to_spoil_a_credential_or_a_token_has_a_row(kind):
    words = VALIDATOR.schema["$defs"]["change"]["properties"][kind]["enum"]
    rows = [*CASES, *read_yaml(SCHEMAS / "errors.yaml")["access"]]
    assert set(words) == {row["change"][kind] for row in rows if kind in row["change"]}


WRONG = {
    "no id": ("token-unknown-tenant", "id", SENTINEL),
    "an id that is not kebab-case": ("token-unknown-tenant", "id", "Token_Unknown"),
    "a statement without a full stop": ("token-unknown-tenant", "statement", "It is refused"),
    "an unknown key": ("token-unknown-tenant", "severity", "high"),
    "no change": ("token-unknown-tenant", "change", {}),
    "two changes": ("token-unknown-tenant", "change", {"tenant": "unknown", "method": "GET"}),
    "an unknown change": ("token-unknown-tenant", "change", {"remove-cookie": "a"}),
    "an unknown way to spoil a token": ("token-garbage", "change", {"token": "borrowed"}),
    "a change of the API's token on a token request": (
        "token-unknown-tenant",
        "change",
        {"token": "none"},
    ),
    "a change of the client's credential on the API": (
        "token-garbage",
        "change",
        {"credential": "none"},
    ),
    "an assertion where the client uses Basic": (
        "token-unknown-tenant",
        "change",
        {"assertion": "expired"},
    ),
    "a Basic credential where the client has a key": (
        "assertion-expired",
        "change",
        {"credential": "none"},
    ),
    "a private key that is not claimed": ("assertion-expired", "claims", SENTINEL),
    "a member that is no pointer": ("send-without-content", "change", {"remove-member": "content"}),
    "three members": (
        "send-without-content",
        "change",
        {"set-member": {"/a": 1, "/b": 2, "/c": 3}},
    ),
    "a parameter that is repeated once": (
        "inbox-other-limit",
        "change",
        {"repeat-parameter": {"limit": ["1"]}},
    ),
    "a path with a leading slash": ("message-unknown-id", "change", {"path": "/x"}),
    "an expectation without a status": ("token-unknown-tenant", "expect", {"error": "a"}),
    "a server error as a contract": ("token-unknown-tenant", "expect", {"status": 500}),
    "an unknown expectation": ("token-unknown-tenant", "expect", {"status": 400, "speed": "fast"}),
    "an unknown shape": ("token-unknown-tenant", "expect", {"status": 400, "body": "html"}),
    "a gateway's error at the token endpoint": (
        "token-unknown-tenant",
        "expect",
        {"status": 400, "body": "gateway-error"},
    ),
    "a token error at the API": ("token-garbage", "expect", {"status": 401, "body": "token-error"}),
    "an area of the API for a token request": ("token-unknown-tenant", "area", "access"),
    "the area oauth for the API": ("token-garbage", "area", "oauth"),
    "an unknown level": ("token-garbage", "level", "may"),
    "an unknown basis": ("token-garbage", "basis", "guessed"),
    "no source": ("token-garbage", "source", SENTINEL),
    "a source without a place": ("token-garbage", "source", "the documentation"),
    "an unknown claim": ("token-garbage", "claims", ["accounts.somebody"]),
    "an inferred thing that is none": ("token-garbage", "inferred", ["colour"]),
}


@pytest.mark.parametrize(("case_id", "key", "value"), WRONG.values(), ids=WRONG)
def test_the_schema_refuses(case_id, key, value):
    case = deepcopy(by_id(case_id))
    if value is SENTINEL:
        del case[key]
    else:
        case[key] = value
    assert not VALIDATOR.is_valid({"cases": [case]})


@pytest.mark.parametrize("document", [None, [], {}, {"cases": []}, {"cases": CASES[:1], "more": 1}])
def test_the_schema_refuses_a_file_of_another_shape(document):
    assert not VALIDATOR.is_valid(document)
