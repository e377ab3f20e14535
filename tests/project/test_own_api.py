"""An API of a project's own, described in its folder: what a run makes of it, and of mistakes about it."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.whole_run

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
  url: "{twin}/authorization.cerner.com/tenants/{tenant}/hosts/api.cernermillennium.com/protocols/oauth2/profiles/smart-v1/token"
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


@pytest.fixture
def own_api(put):
    """A project with an API of its own, an operation, an exchange and a check that is advice."""
    put("schemas/note-20250101/openapi.yaml", API)
    put("schemas/note-20250101/notes.schema.json", '{"type": "object"}')
    put("environments/notes.yaml", ENVIRONMENT)
    put("suites/note/conftest.py", EXCHANGE)
    put("suites/note/test_notes.py", CHECK)


@pytest.mark.usefixtures("own_api")
def test_a_claimed_operation_that_answers_404_alone_is_not_proven_though_its_checks_are_advice(
    golive,
):
    done = golive("run", "notes")
    assert done.code == 5, done.out + done.err
    said = " ".join(done.out.split())
    assert "No answer was a success of listNotes (it answered 404)" in said
    assert [one["operation"] for one in done.summary["proofs"] if one["unproven"]] == ["listNotes"]
    some = golive("run", "notes", "-k", "own-notes or token-status-is-200")
    assert some.code == 0, some.out  # a selection is judged by itself
