"""An API of a project's own, described in its folder: what a run makes of it, and of mistakes about it."""

from __future__ import annotations

import pytest

pytestmark = [pytest.mark.whole_run, pytest.mark.measured]

API = """\
openapi: 3.1.0
info: {title: Notes, version: "20250101"}
servers: [{url: "https://api.cernermillennium.com/{tenant}/note"}]
paths:
  /20250101/notes:
    get:
      operationId: listNotes
      x-golive-name: notes
      parameters:
        - {name: limit, in: query, schema: {enum: ["1000"]}}
        - {name: kind, in: query, schema: {type: string}}
      responses:
        "200":
          description: Notes.
          content: {application/json: {schema: {$ref: notes.schema.json}}}
"""
ENVIRONMENT = """\
title: Notes on the twin, which has none
tenant: ec2458f2-1e24-41c8-b71b-0e701af7583d
token:
  url: "{twin}/authorization.cerner.com/tenants/{tenant}/hosts/api.cernermillennium.com/protocols/oauth2/\
profiles/smart-v1/token"
  scopes: [oraclehealth:millennium:message]
  client_authentication: client_secret_basic
  credential: {twin: system}
apis:
  note: {base_url: "{twin}/api.cernermillennium.com/{tenant}/note", version: "20250101"}
claims: {operations: [listNotes]}
data: synthetic
"""
EXCHANGE = '''
from golive import Environment, Exchange, MessagesApi, exchange

@exchange
def notes(api: MessagesApi, environment: Environment) -> Exchange:
    """The notes."""
    return api.call("listNotes", name="notes")
'''
CHECK = '''
from golive import Exchange, check, expect

@check("own-notes-are-listed", level="should", basis="own", source="our agreement")
def test_notes_are_listed(notes: Exchange):
    """The notes are listed."""
    with expect(notes) as it:
        it.status(200)
'''

FEW = ("suites/note", "suites/oauth/test_token_success.py")


@pytest.fixture
def own_api(put):
    """A project with an API of its own, an operation, an exchange and a check that is advice."""
    put("schemas/note-20250101/openapi.yaml", API)
    put("schemas/note-20250101/notes.schema.json", '{"type": "object"}')
    put("environments/notes.yaml", ENVIRONMENT)
    put("suites/note/conftest.py", EXCHANGE)
    put("suites/note/test_notes.py", CHECK)


@pytest.mark.unmeasured
@pytest.mark.usefixtures("own_api")
def test_a_claimed_operation_that_answers_404_alone_is_not_proven_though_its_checks_are_advice(
    golive,
):
    done = golive("run", "notes")
    assert done.code == 5, done.out + done.err
    said = " ".join(done.out.split())
    assert "No answer was a success of listNotes (it answered 404)" in said
    assert [one["operation"] for one in done.summary["proofs"] if one["unproven"]] == ["listNotes"]
    some = golive("run", "notes", *FEW, "-k", "own-notes or token-status-is-200")
    assert some.code == 0, some.out  # a selection is judged by itself


WRONG_REQUESTS = {
    "operation": ('api.call("listNote", name="notes")', 'no API has an operation listNote. Did you mean "listNotes"?'),
    "claim": (
        'api.call(golive.demand_claimed(environment, "listNote"))',
        'no API has an operation listNote. Did you mean "listNotes"?',
    ),
    "test data": (
        'api.call(golive.claimed_data(environment, "listNotes", "patiant"))',
        'no API has test data patiant. Did you mean "patient"?',
    ),
    "value": (
        'api.call("listNotes", name="notes", query={"limit": 20})', "listNotes: the value of limit must be one of 1000",
    ),
    "parameter": (
        'api.call("listNotes", name="notes", query={"limt": 1000})',
        'listNotes has no query parameter limt. Did you mean "limit"?',
    ),
}  # fmt: skip


@pytest.mark.unmeasured
@pytest.mark.usefixtures("own_api")
@pytest.mark.parametrize("what", WRONG_REQUESTS)
def test_a_request_that_the_contract_does_not_have_is_its_author_s_mistake(golive, put, what):
    code, words = WRONG_REQUESTS[what]
    put(
        "suites/note/conftest.py",
        "import golive\n" + EXCHANGE.replace('api.call("listNotes", name="notes")', code),
    )
    done = golive("run", "notes", "suites/note")
    assert done.code == 4, done.out + done.err
    assert f"suites/note/conftest.py:8: notes: {words}" in " ".join(done.out.split())
    assert "internal error" not in done.out
    assert "Traceback" not in done.out + done.err


@pytest.mark.unmeasured
@pytest.mark.usefixtures("own_api")
def test_a_number_that_the_contract_allows_is_sent(golive, put):
    call = EXCHANGE.replace('name="notes"', 'name="notes", query={"limit": 1000, "kind": "a"}')
    put("suites/note/conftest.py", call)
    done = golive("run", "notes", *FEW, "-k", "own-notes or token-status-is-200")
    assert done.code == 0, done.out
    (finding,) = done.check("own-notes-are-listed")["findings"]
    assert finding["exchange"]["url"].endswith("/notes?limit=1000&kind=a")


@pytest.mark.usefixtures("own_api")
@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (
            EXCHANGE.replace("environment: Environment", "inbox_itms: Exchange"),
            'it takes inbox_itms, which is no exchange, no service and no parameter of '
            'test_notes_are_listed. Did you mean "inbox_items"?',
        ),
        (
            "from functools import partial\n" + EXCHANGE.replace("@exchange", '@partial(exchange, plain="listNote")'),
            'no API has an operation listNote. Did you mean "listNotes"?',
        ),
    ],
    ids=["need", "plain"],
)  # fmt: skip
def test_an_exchange_that_can_t_be_made_is_named_before_anything_is_sent(golive, put, wrong, words):
    put("suites/note/conftest.py", wrong)
    done = golive("run", "notes", "suites/note")
    assert done.code == 4, done.out + done.err
    line = wrong[: wrong.index("@")].count("\n") + 1
    assert f"suites/note/conftest.py:{line}: notes: {words}" in " ".join(done.out.split())
    assert done.summary["requests"] == 0
    assert "1 mistake, named above" in done.out
