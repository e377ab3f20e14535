"""What a project adds to the contract by files in `./schemas`, and what is refused there."""

from __future__ import annotations

import re

import pytest

from golive.contract.catalogue import load
from golive.contract.document import Contract
from golive.contract.label import Basis
from golive.contract.project_schemas import MARKS
from golive.contract.publishing import self_contained
from golive.environment import load as load_environment
from golive.kit.files import resources
from golive.kit.problems import ConfigurationProblem

SCHEMAS = resources() / "schemas"
OVERLAY = "schemas/messages-20241001/inbox-items.overlay.yaml"
ROW = """\
cases:
  - id: own-inbox-limit-below-zero
    statement: A limit below zero is refused.
    area: requests
    base: inbox
    change: {set-parameter: {limit: "-1"}}
    expect: {status: 400}
    level: must
    basis: own
    source: our agreement
"""
API = """\
openapi: 3.1.0
info: {title: Notes, version: "20250101"}
servers: [{url: "https://api.cernermillennium.com/{tenant}/note"}]
security: [{oauth: [oraclehealth:millennium:note]}]
paths:
  /20250101/notes:
    get:
      operationId: listNotes
      x-golive-name: notes
      responses:
        "200":
          description: Notes.
          content: {application/json: {schema: {$ref: notes.schema.json}}}
"""


def told(call, *arguments):
    """What a configuration problem says, line by line."""
    with pytest.raises(ConfigurationProblem) as raised:
        call(*arguments)
    return str(raised.value).splitlines()


def test_a_row_is_added_to_golive_s(put):
    before = len(load(SCHEMAS))
    put("schemas/errors.yaml", ROW)
    rows = load(SCHEMAS)
    assert len(rows) == before + 1
    (added,) = (one for one in rows if one.id == "own-inbox-limit-below-zero")
    assert (added.basis, added.label.decides) == (Basis.OWN, True)


def test_an_overlay_tightens_and_takes_nothing_away(put):
    before = Contract(SCHEMAS)
    put(OVERLAY, "properties: {items: {minItems: 2}}\nadditionalProperties: true\n")
    after = Contract(SCHEMAS)
    name = "messages-20241001/inbox-items"
    for body in ({"items": []}, {"items": [{}]}, {}, [], {"items": 1}, {"items": [None, 1]}):
        old, new = before.violations(name, body), after.violations(name, body)
        assert set(old) <= set(new)
        assert all(one.basis is Basis.OWN for one in set(new) - set(old))
    added = after.violations(name, {"items": []})[-1]
    assert (added.at, added.expected, added.source) == ("/items", "minItems 2", OVERLAY)


def test_names_of_members_and_values_are_no_keywords_of_an_overlay(put):
    """What stands below `properties` and in examples is named as the API names it."""
    put(
        OVERLAY,
        "x-note: {maxItms: 1}\nproperties:\n  $id: {minLength: 1}\n  $ref: {maxLength: 3}\n  maxItms: {minLength: 1}\n"
        "  other: {const: {$schema: 1}, examples: [{$ref: nothing, x-basis: documented}]}\n",
    )
    contract = Contract(SCHEMAS)
    found = contract.violations("messages-20241001/inbox-items", {"items": [], "maxItms": ""})
    assert [(one.at, one.expected) for one in found] == [("/maxItms", "minLength 1")]


def test_an_overlay_makes_no_value_a_word_that_reports_may_show(put):
    put(OVERLAY, "properties: {colour: {enum: [mrs-smith]}}\n")
    words = Contract(SCHEMAS).words
    assert "colour" in words
    assert "mrs-smith" not in words


def test_an_api_of_the_project_s_own_is_known_and_its_promises_are_its_own(put):
    put("schemas/note-20250101/openapi.yaml", API)
    put("schemas/note-20250101/notes.schema.json", '{"type": "object", "required": ["notes"]}')
    contract = Contract(SCHEMAS)
    assert contract.operations["listNotes"].api == "note"
    found = contract.violations("note-20250101/notes", {})
    assert [(one.at, one.basis) for one in found] == [("/notes", Basis.OWN)]
    assert contract.operations["listNotes"].response(200)["x-basis"] == "own"


WRONG = {
    "a row's id that golive has": (
        "schemas/errors.yaml",
        ROW.replace("own-inbox-limit-below-zero", "inbox-without-token"),
        "schemas/errors.yaml:2: cases[0].id: golive has a row of this id. Choose another id",
    ),
    "a row's request that golive makes": (
        "schemas/errors.yaml",
        ROW.replace('limit: "-1"', 'limit: "10"'),
        "schemas/errors.yaml:6: cases[0].change: the row inbox-other-limit of golive makes the same request.",
    ),
    "a row twice": (
        "schemas/errors.yaml",
        ROW + ROW.removeprefix("cases:\n"),
        "schemas/errors.yaml:11: cases[1].id: schemas/errors.yaml has a row of this id.",
    ),
    "a row that says it is Oracle's": (
        "schemas/errors.yaml",
        ROW.replace("basis: own", "basis: documented").replace("our agr", "contract-facts §2; our agr"),
        'schemas/errors.yaml:9: cases[0].basis: a row of a project\'s is its own demand. Write "own"',
    ),
    "a row of no operation": (
        "schemas/messages-20241001/errors.yaml",
        ROW.replace("base: inbox", "base: inbax"),
        'errors.yaml:5: cases[0].base: no operation has this x-golive-name. Did you mean "inbox"?',
    ),
    "a row with an unknown change": (
        "schemas/errors.yaml",
        ROW.replace("set-parameter", "query"),
        "schemas/errors.yaml:6: cases[0].change.query: unknown key. Known here: ",
    ),
    "a misspelt key": (
        "schemas/errors.yaml",
        ROW.replace("level", "levl"),
        'schemas/errors.yaml:8: cases[0].levl: unknown key. Did you mean "level"?',
    ),
    "a key that is missing": (
        "schemas/errors.yaml",
        ROW.replace("    level: must\n", ""),
        "schemas/errors.yaml:2: cases[0].level: this key is missing. must decides, should is reported as advice.",
    ),
    "an id of another form": (
        "schemas/errors.yaml",
        ROW.replace("own-inbox-limit-below-zero", "Own Limit"),
        "schemas/errors.yaml:2: cases[0].id: it must be lower-case words and digits, joined by hyphens.",
    ),
    "a statement without a full stop": (
        "schemas/errors.yaml",
        ROW.replace("is refused.", "is refused"),
        "cases[0].statement: it must be a sentence, with a capital at its beginning and a full stop at its end.",
    ),
    "a number in place of a text": (
        "schemas/errors.yaml",
        ROW.replace('"-1"', "-1"),
        'cases[0].change.set-parameter.limit: it must be a text. Write it in quotes.',
    ),
    "a text in place of a number": (
        "schemas/errors.yaml",
        ROW.replace("400", '"400"'),
        "cases[0].expect.status: it must be a number. Write it as digits, without quotes.",
    ),
    "a word that is none of those": (
        "schemas/errors.yaml",
        ROW.replace("area: requests", "area: request"),
        'cases[0].area: it must be "oauth", "access", "requests", "send" or "status". Did you mean "requests"?',
    ),
    "an area of another base": (
        "schemas/errors.yaml",
        ROW.replace("area: requests", "area: oauth"),
        'cases[0].area: it must be "access", "requests", "send" or "status". A row on the API is not counted as oauth',
    ),
    "a change of another base": (
        "schemas/errors.yaml",
        ROW.replace("{set-parameter: {limit: \"-1\"}}", "{credential: wrong-secret}"),
        "cases[0].change.credential: this key does not go with the rest of the row. A row on the API is not counted",
    ),
    "a table that is no YAML": (
        "schemas/errors.yaml",
        "cases: [",
        "schemas/errors.yaml:1: what opens here with [ or { is not closed. Close it",
    ),
    "a tab in an overlay": (
        OVERLAY,
        "properties:\n\titems: {maxItems: 3}\n",
        f"{OVERLAY}:2: a tab stands where YAML wants spaces. Indent with spaces.",
    ),
    "a tab in a table": (
        "schemas/errors.yaml",
        ROW.replace("    statement", "\tstatement"),
        "schemas/errors.yaml:3: a tab stands where YAML wants spaces. Indent with spaces.",
    ),
    "a second document": (OVERLAY, "type: object\n---\n", f"{OVERLAY}:2: another document begins here."),
    "a tag": (OVERLAY, "type: !!python/name:os.system x\n", f"{OVERLAY}:1: YAML tags (!) are not accepted."),
    "a keyword that is misspelt": (
        OVERLAY,
        "properties:\n  items:\n    maxItms: 3\n",
        f"{OVERLAY}:3: properties.items.maxItms: JSON Schema (draft 2020-12) has no keyword of this name, so it would "
        'demand nothing. Did you mean "maxItems"?',
    ),
    "a keyword of an older JSON Schema": (
        OVERLAY,
        "allOf: [{properties: {items: {items: {divisibleBy: 3}}}}]\n",
        f"{OVERLAY}:1: allOf[0].properties.items.items.divisibleBy: JSON Schema (draft 2020-12) has no keyword of",
    ),
    "a format that is misspelt": (
        OVERLAY,
        "properties: {items: {items: {format: datetime}}}\n",
        'no format of JSON Schema, so it would demand nothing. Did you mean "date-time"?',
    ),
    "a mark that is misspelt": (
        OVERLAY,
        "properties: {items: {x-golive-personel: true}}\n",
        'items.x-golive-personel: golive has no mark of this name. Did you mean "x-golive-personal"?',
    ),
    "a misspelt keyword in a schema of an own API": (
        "schemas/messages-20241001/note.schema.json",
        '{"properties": {\n"note": {"minLenght": 1}}}',
        'schemas/messages-20241001/note.schema.json:2: properties.note.minLenght: JSON Schema (draft 2020-12) has',
    ),
    "a misspelt keyword within an own API's description": (
        "schemas/note-20250101/openapi.yaml",
        API.replace("{$ref: notes.schema.json}", "{minProps: 1}"),
        "content.application/json.schema.minProps: JSON Schema (draft 2020-12) has no keyword of this name",
    ),
    "a misspelt mark in an own API's description": (
        "schemas/note-20250101/openapi.yaml",
        API.replace("x-golive-name: notes", "x-golive-name: notes\n      x-golive-prob: true"),
        ':10: paths./20250101/notes.get.x-golive-prob: golive has no mark of this name. Did you mean "x-golive-probe"?',
    ),
    "a table that is empty": ("schemas/errors.yaml", "", "schemas/errors.yaml: the file is not a mapping"),
    "a table with a date": ("schemas/errors.yaml", "cases: 2026-01-01", "schemas/errors.yaml: the file can't be read"),
    "a key twice": (OVERLAY, "type: object\ntype: object\n", f"{OVERLAY}:2: type: this key stands twice."),
    "an overlay of nothing": (
        "schemas/messages-20241001/inbox-item.s.overlay.yaml",
        "type: object\n",
        'golive has no schema of this name to add to. Did you mean "messages-20241001/inbox-item',
    ),
    "a pattern that is no regular expression": (
        OVERLAY,
        'properties: {subject: {pattern: "["}}\n',
        f"{OVERLAY}:1: properties.subject.pattern: this is not a JSON Schema (draft 2020-12): '[' is not a 'regex'",
    ),
    "an overlay that is no schema": (OVERLAY, "type: text\n", f"{OVERLAY}:1: type: this is not a JSON Schema"),
    "an overlay that says it is Oracle's": (
        OVERLAY,
        "properties:\n  items:\n    x-basis: documented\n",
        f"{OVERLAY}:3: properties.items.x-basis: an overlay is the project's own demand.",
    ),
    "an overlay that refers to nothing": (
        OVERLAY,
        "$ref: nothing.schema.json\n",
        f"{OVERLAY}:1: $ref: no schema is there, as seen from messages-20241001.",
    ),
    "an overlay with an address": (OVERLAY, "$id: x\n", f"{OVERLAY}:1: $id: an overlay becomes a part"),
    "golive's API again": (
        "schemas/messages-20241001/openapi.yaml",
        API,
        "openapi.yaml: golive describes this API itself, and its description is not replaced.",
    ),
    "golive's schema again": (
        "schemas/messages-20241001/inbox-items.schema.json",
        "{}",
        "inbox-items.schema.json: golive has a schema of this name, and it is not replaced. Name it inbox-items",
    ),
    "an API without a version": (
        "schemas/note-20250101/openapi.yaml",
        API.replace("20250101", "2"),
        "schemas/note-20250101/openapi.yaml: the folder's name does not end in -2.",
    ),
    "an API without paths": (
        "schemas/note-20250101/openapi.yaml",
        "openapi: 3.1.0\n",
        "schemas/note-20250101/openapi.yaml: this is not an OpenAPI document with paths.",
    ),
    "an API of a list": (
        "schemas/note-20250101/openapi.yaml",
        "- 1\n",
        "schemas/note-20250101/openapi.yaml: the file is not a mapping",
    ),
    "an operation that golive has": (
        "schemas/note-20250101/openapi.yaml",
        API.replace("listNotes", "listInboxItems"),
        "schemas/note-20250101/openapi.yaml: ",
    ),
}  # fmt: skip


NOTES = "schemas/note-20250101/openapi.yaml"
PARAMETER = "      x-golive-name: notes\n      parameters: [{name: kind, in: query, %s}]\n"
BROKEN = {
    "a reference to no file": (
        API.replace("notes.schema", "note.schema"),
        "13: paths./20250101/notes.get.responses.200.content.application/json.schema.$ref: no schema is there, as seen "
        'from note-20250101. Did you mean "notes.schema.json"?',
    ),
    "a reference to nothing in a file": (
        API.replace("notes.schema.json", '"notes.schema.json#/$defs/not"'),
        "13: paths./20250101/notes.get.responses.200.content.application/json.schema.$ref: nothing stands at "
        '#/$defs/not. Did you mean "/$defs/note"?',
    ),
    "response for responses": (
        API.replace("responses:", "response:"),
        "10: paths./20250101/notes.get.response: OpenAPI 3.1 has no key of this name here (operation). "
        'Did you mean "responses"?',
    ),
    "no responses": (API[: API.index("      responses:")], "7: paths./20250101/notes.get: it has no responses."),
    "no operationId": (
        API.replace("      operationId: listNotes\n", ""),
        "7: paths./20250101/notes.get: it has no operationId. Write operationId: golive needs it.",
    ),
    "a parameter's key": (
        API.replace("      x-golive-name: notes\n", PARAMETER % "requird: true, schema: {type: string}"),
        "10: paths./20250101/notes.get.parameters[0].requird: OpenAPI 3.1 has no key of this name here (parameter). "
        'Did you mean "required"?',
    ),
    "test data": (
        API.replace("      x-golive-name: notes\n", PARAMETER % "x-golive-test-data: patiant"),
        "10: paths./20250101/notes.get.parameters[0].x-golive-test-data: there is no test data of this key. "
        'Did you mean "patient"?',
    ),
    "items": (
        API.replace("description: Notes.", "x-golive-item: /items"),
        "12: paths./20250101/notes.get.responses.200.x-golive-item: golive has no mark of this name. "
        'Did you mean "x-golive-items"?',
    ),
    "items that are no pointer": (
        API.replace("description: Notes.", "x-golive-items: items"),
        "12: paths./20250101/notes.get.responses.200.x-golive-items: this is not a JSON pointer to a list.",
    ),
    "a status": (API.replace('"200"', "ok"), "11: paths./20250101/notes.get.responses.ok: this is no status."),
    "a status without quotes": (
        API.replace('"200"', "200"),
        '11: paths./20250101/notes.get.responses.200: this is no status. Write it in quotes: "200".',
    ),
    "a list of parameters": (
        API.replace("      x-golive-name: notes\n", "      x-golive-name: notes\n      parameters: {kind: a}\n"),
        "10: paths./20250101/notes.get.parameters: a list is wanted here.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", BROKEN)
def test_a_mistake_in_an_own_api_is_one_line_with_its_cure(put, what):
    text, wanted = BROKEN[what]
    put(NOTES, text)
    put("schemas/note-20250101/notes.schema.json", '{"$defs": {"note": {}}, "type": "object"}')
    put("schemas/note-20250101/errors.yaml", ROW.replace("base: inbox", "base: notes"))
    environment = SCHEMAS.parent / "environments" / "twin.yaml"
    (line,) = told(load_environment, environment)
    assert line.startswith(f"{NOTES}:{wanted}"), line
    assert told(Contract, SCHEMAS) == [line]


def test_every_key_that_the_page_lists_may_stand_in_an_own_api_and_no_other():
    page = (SCHEMAS.parent / "docs" / "writing-an-api.md").read_text("utf-8")
    assert set(re.findall(r"(?m)^\| `(x-golive-[a-z-]+)` \|", page)) == MARKS


def test_a_reference_to_golive_s_own_schemas_and_within_a_file_leads_somewhere(put):
    refused = "{application/json: {schema: {$ref: ../oauth/service-error.schema.json}}}"
    put(NOTES, f'{API}        "4XX": {{description: No., content: {refused}}}\n')
    put(
        "schemas/note-20250101/notes.schema.json",
        '{"$defs": {"note": {"type": "object"}}, "properties": {"items": {"items": {"$ref": "#/$defs/note"}}}}',
    )
    contract = Contract(SCHEMAS)
    document = self_contained(contract, "note-20250101")
    responses = document["paths"]["/20250101/notes"]["get"]["responses"]
    for status, name in (("200", "notes"), ("4XX", "service-error")):
        reference = responses[status]["content"]["application/json"]["schema"]["$ref"]
        assert reference == f"#/components/schemas/{name}"
        assert name in document["components"]["schemas"]
    note = document["components"]["schemas"]["notes"]["properties"]["items"]["items"]["$ref"]
    assert note == "#/components/schemas/notes/$defs/note"


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_told_with_file_place_and_cure(put, what):
    name, text, wanted = WRONG[what]
    put("schemas/note-20250101/notes.schema.json", '{"type": "object"}')
    put(name, text)
    environment = SCHEMAS.parent / "environments" / "twin.yaml"
    lines = told(load_environment, environment)
    assert any(wanted in line for line in lines), lines
    assert len(lines) == 1 + (what == "a row twice"), lines  # one mistake, one line
    assert all(line.startswith("schemas/") for line in lines)
    assert lines == told(Contract, SCHEMAS)


def test_other_files_of_a_repository_s_schemas_are_nobody_s_business(put):
    put("schemas/order.schema.json", "{broken")
    put("schemas/shop/order.schema.json", "{broken")
    put("schemas/tables.sql", "create table")
    Contract(SCHEMAS).violations("messages-20241001/inbox-items", {})


def test_golive_s_own_files_demand_nothing_of_a_project_s(monkeypatch):
    monkeypatch.chdir(SCHEMAS.parent)
    assert not [one.id for one in load(SCHEMAS) if one.basis is Basis.OWN]
    marked = [
        file.name for file in SCHEMAS.rglob("*-*/*.json") if '"x-basis": "own"' in file.read_text()
    ]
    assert not marked


@pytest.mark.whole_run
def test_a_broken_overlay_ends_a_run_with_4_before_anything_is_sent(golive, put):
    put("schemas/errors.yaml", ROW.replace("base: inbox", "base: inbax"))
    for command in (("run", "twin"), ("checks",), ("doctor", "twin")):
        done = golive(*command)
        assert done.code == 4, (command, done.out, done.err)
        assert "schemas/errors.yaml:5: cases[0].base: " in done.out + done.err
        assert "Traceback" not in done.out + done.err


@pytest.mark.whole_run
def test_a_run_holds_the_deployment_to_what_the_project_adds(golive, put):
    put("schemas/errors.yaml", ROW)
    put(OVERLAY, "properties: {items: {maxItems: 1}}\n")
    done = golive(
        "run", "twin", "-k", "own-inbox-limit or inbox-keeps-its-schema or inbox-status-is-200"
    )
    assert done.code == 1, done.out
    assert done.check("own-inbox-limit-below-zero")["outcome"] == "passed"
    assert f"must, the project's own demand: {OVERLAY}" in done.out
    assert "the contract is not broken" in " ".join(done.out.split())
