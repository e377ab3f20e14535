"""An API that golive has never heard of: a folder beside the others, and everything about it works."""

import json
import shutil
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import yaml

from golive.checks.coverage import proves
from golive.contract.catalogue import load as load_errors
from golive.contract.document import Contract
from golive.contract.outcomes import NotClaimedError, SuiteError
from golive.contract.requirements import load as load_requirements
from golive.diagnosis.preflight import run_preflight
from golive.diagnosis.preflight.facts import setting_facts
from golive.environment import SecretCredential
from golive.environment.secret import Secret
from golive.exchanges.curl import command
from golive.exchanges.writes import entry
from golive.kit.files import resources
from golive.redaction import REDACTOR, redact, redact_url
from golive.refusals.changes import changed
from golive.refusals.request_parts import Situation
from golive.transport.session import connect

PERSON, NOTE = "8675309-A", "note-4711"
SCOPE = "example:persons"
FOLDER = "persons-20300101"
JSON = {"application/json": {"schema": {"$ref": "persons.schema.json"}}}
DOCUMENT = {
    "openapi": "3.1.1",
    "info": {"title": "Persons", "version": "20300101"},
    "servers": [{"url": "https://api.example.org/{tenant}/persons"}],
    "security": [{"systemAccount": [SCOPE]}],
    "paths": {
        "/20300101/persons": {
            "get": {
                "operationId": "findPersons",
                "x-golive-name": "persons",
                "x-golive-probe": True,
                "parameters": [{"$ref": "#/components/parameters/person"}],
                "responses": {
                    "200": {
                        "x-golive-items": "/found/all",
                        "content": JSON,
                        "links": {
                            "first": {
                                "operationId": "readNote",
                                "parameters": {"noteId": "$response.body#/found/all/0/note"},
                            }
                        },
                    },
                    "4XX": {"content": JSON},
                },
            }
        },
        "/20300101/persons/{personId}/notes/{noteId}": {
            "get": {
                "operationId": "readNote",
                "parameters": [
                    {"name": "personId", "in": "path", "required": True}
                    | {"x-golive-personal": True, "x-golive-test-data": "patient"},
                    {"name": "noteId", "in": "path", "required": True, "x-golive-personal": True},
                ],
                "responses": {"200": {"content": JSON}},
            }
        },
        "/20300101/notes": {
            "post": {
                "operationId": "addNote",
                "x-golive-name": "add-note",
                "requestBody": {
                    "content": {"application/json": {"schema": {"$ref": "note.schema.json"}}}
                },
                "responses": {"201": {"description": "Added."}},
            }
        },
    },
    "components": {
        "parameters": {
            "person": {
                "name": "personId",
                "in": "query",
                "required": True,
                "x-golive-test-data": "patient",
                "x-golive-personal": True,
                "schema": {"type": "string"},
            }
        }
    },
}
NOTE_SCHEMA = {
    "type": "object",
    "properties": {
        "personId": {"type": "string", "x-golive-test-data": "patient", "x-golive-personal": True},
        "kind": {"enum": ["PLAIN", "OTHER"]},
        "to": {
            "type": "array",
            "items": {"$ref": "one.schema.json"},
            "x-golive-test-data": "recipient",
        },
        "about": {"allOf": [{"$ref": "one.schema.json"}]},
        "never": {"type": "string"},
    },
    "required": ["personId", "kind", "to", "about"],
    "additionalProperties": False,
}
ONE = {
    "type": "object",
    "properties": {"id": {"type": "string"}, "type": {"const": "PERSONNEL"}},
    "required": ["id", "type"],
}
ROW = {
    "id": "persons-without-person",
    "statement": "Persons are not listed without a person.",
    "area": "requests",
    "base": "persons",
    "change": {"remove-parameter": "personId"},
    "expect": {"status": 400},
    "level": "must",
    "basis": "documented",
    "source": "contract-facts §1",
}
REQUIREMENT = {
    "id": "persons-are-listed",
    "statement": "Persons are listed for whoever may see them.",
    "basis": "documented",
    "source": "contract-facts §1",
    "untestable": "It is an example of a row that stands elsewhere.",
}


@pytest.fixture(scope="module")
def schemas(tmp_path_factory):
    """The shipped `schemas/`, and beside them the folder of another API: read only."""
    folder = tmp_path_factory.mktemp("another") / "schemas"
    shutil.copytree(resources() / "schemas", folder)
    mine = folder / FOLDER
    mine.mkdir()
    (mine / "openapi.yaml").write_text(yaml.safe_dump(DOCUMENT))
    (mine / "persons.schema.json").write_text(json.dumps({"type": "object"}))
    (mine / "note.schema.json").write_text(json.dumps(NOTE_SCHEMA))
    (mine / "one.schema.json").write_text(json.dumps(ONE))
    (mine / "errors.yaml").write_text(yaml.safe_dump({"cases": [ROW]}))
    (mine / "requirements.yaml").write_text(yaml.safe_dump({"requirements": [REQUIREMENT]}))
    return folder


@pytest.fixture
def own_schemas(schemas, tmp_path):
    """A copy of it, to be changed."""
    return shutil.copytree(schemas, tmp_path / "schemas")


@pytest.fixture
def service():
    """A server of that API and of tokens; it keeps what it was asked."""
    asked: list[tuple[str, str, str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            asked.append((self.command, self.path, self.headers.get("Authorization", ""), body))
            if self.path == "/token":
                scope = body.partition("scope=")[2].partition("&")[0].replace("%3A", ":")
                found = {"access_token": f"token-for-{scope}", "token_type": "Bearer"}
                self.say(200, found | {"expires_in": 570, "scope": scope})
            elif "personId=" not in self.path and "/notes" not in self.path:
                self.say(400, {"message": "personId is required"})
            else:
                self.say(200, {"found": {"all": [{"note": NOTE, "of": PERSON}]}})

        do_GET = do_POST = answer  # noqa: N815 - as http.server calls them

        def say(self, status, document) -> None:
            raw = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


@pytest.fixture
def claiming(named_environment, service):
    """Make an environment that claims operations of that API alone."""
    root, _ = service
    credential = SecretCredential("a-client-id", Secret("a-client-secret"))

    def make(*operations, scopes=(SCOPE,), writes=None, beside=(), **data):
        known = named_environment
        return replace(
            known,
            data="phi",
            apis={
                "persons": replace(
                    known.api, base_url=f"{root}/{known.tenant}/persons", version="20300101"
                ),
                **{name: known.apis[name] for name in beside},
            },
            token=replace(
                known.token,
                url=f"{root}/token",
                scopes=scopes,
                credential=credential,
                key_set_url=None,
            ),
            claims=replace(known.claims, operations=operations, accounts={}, expired_token=None),
            test_data=replace(known.test_data, **{"patient": PERSON, "message": None, **data}),
        )

    return make


@pytest.fixture
def connected(schemas, claiming):
    opened = []

    def make(*operations, **more):
        found = connect(claiming(*operations, **more), schemas)
        opened.append(found)
        return found

    yield make
    for one in opened:
        one.close()


def test_its_operations_are_known_beside_the_others(schemas) -> None:
    contract = Contract(schemas)
    assert {"findPersons", "readNote", "addNote", "listInboxItems"} <= contract.operations.keys()
    found = contract.named("persons")
    assert (found.api, found.folder, found.version) == ("persons", FOLDER, "20300101")
    assert (found.scopes, found.items(), found.schema(404)) == (
        (SCOPE,),
        "/found/all",
        f"{FOLDER}/persons",
    )
    assert contract.operations["addNote"].body == f"{FOLDER}/note"
    url = "https://gateway.example.org/x/20300101/persons/1/notes/2?a=b"
    assert contract.operation_of("GET", url).operation_id == "readNote"
    assert contract.operation_of("PUT", url) is None
    assert contract.operation_of("GET", url.replace("/persons", "/20300101/persons")) is None


def test_it_is_probed_with_its_own_reading_and_its_own_scope(connected, service) -> None:
    known = connected("findPersons", "readNote")
    found = run_preflight(known.environment, known.api, known.tokens, deep=True)
    assert found.diagnosis is None, found.diagnosis
    assert found.read_with_success
    assert list(found.made) == ["token_granted", "persons", "readNote"]
    tenant = known.environment.tenant
    assert [path for _, path, _, _ in service[1]] == [
        "/token",
        f"/{tenant}/persons/20300101/persons?personId={PERSON}",
        f"/{tenant}/persons/20300101/persons/{PERSON}/notes/{NOTE}",
    ]
    assert {shown for _, path, shown, _ in service[1] if path != "/token"} == {
        f"Bearer token-for-{SCOPE}"
    }


def test_a_list_and_a_reading_of_it_are_proofs(connected) -> None:
    known = connected("findPersons", "readNote", "addNote")
    listed = known.api.plain("findPersons", name="listed")
    note = known.api.plain("readNote", name="note", after=listed)
    added = known.api.plain("addNote", name="added")
    empty = replace(listed, response=replace(listed.response, body=b'{"found": {"all": []}}'))
    full = dict.fromkeys(("findPersons", "readNote", "addNote"), "full")
    assert proves([listed, note, added], known.contract) == full
    assert proves([empty], known.contract) == {"findPersons": "envelope"}


def test_a_plain_body_has_its_required_members_and_its_test_data(connected) -> None:
    known = connected("addNote")
    body = json.loads(known.api.plain_request("addNote").body)
    recipient = known.environment.test_data.recipient
    assert body == {
        "personId": PERSON,
        "kind": "PLAIN",
        "to": [{"id": recipient.id, "type": recipient.type}],
        "about": {"id": "golive", "type": "PERSONNEL"},
    }
    with pytest.raises(NotClaimedError, match=r"test_data\.recipient"):
        connected("addNote", recipient=None).api.plain_request("addNote")


def test_an_api_whose_scope_is_not_asked_for_gets_a_token_of_its_own(connected, service) -> None:
    both = connected("findPersons", scopes=("oraclehealth:millennium:message", SCOPE))
    both.api.plain("findPersons", name="x")
    asked = {"scopes": ("oraclehealth:millennium:message",)}
    connected("findPersons", **asked, beside=("messages",)).api.plain("findPersons", name="x")
    # A scope of an API that the environment does not name is a mistake of its own, for the diagnosis to find.
    connected("findPersons", **asked).api.plain("findPersons", name="x")
    unknown = connected("findPersons", scopes=("another:scope",))
    unknown.api.plain("findPersons", name="x")
    scopes = [body.partition("scope=")[2] for _, path, _, body in service[1] if path == "/token"]
    message = "oraclehealth%3Amillennium%3Amessage"
    own = "example%3Apersons"
    assert scopes == [f"{message}+{own}", own, message, "another%3Ascope"]


def test_its_persons_are_protected_before_the_first_answer(connected) -> None:
    known = connected("findPersons", "readNote", "addNote", patient=None)
    for secret, request in (
        ("4444-one", known.api.request("findPersons", query={"personId": "4444-one"})),
        ("5555-two", known.api.request("readNote", path={"personId": "5555-two", "noteId": "n"})),
    ):
        shown = (
            redact_url(request.url),
            repr(request),
            command(request),
            str(entry(replace(request, method="POST"), None)),
        )
        assert not [text for text in shown if secret in text]
        assert redact(secret) == secret  # not known yet: the place alone says it
        known.api.send(request, "x")
        assert secret not in redact(f"said {secret}.")
    url = redact_url("https://h/t/persons/20300101/persons/6666-six/notes/7777-seven?x=1")
    assert url == "https://h/t/persons/20300101/persons/PATIENT/notes/NOTE_ID?x=1"
    body = {"personId": "8888-eight", "kind": "PLAIN", "to": [ONE_OF], "about": ONE_OF}
    known.api.send(known.api.request("addNote", body=body), "x")
    assert "8888-eight" not in redact("said 8888-eight.")
    assert REDACTOR.marks.members >= {"personId"}


ONE_OF = {"id": "1", "type": "PERSONNEL"}


def test_every_id_of_the_test_data_is_protected_whatever_its_key(connected) -> None:
    ids = {"empty_patient": "id-empty", "other_patient": "id-other", "message": "id-message"}
    connected("findPersons", **ids)
    said = redact(" ".join([*ids.values(), PERSON]))
    assert not [one for one in (*ids.values(), PERSON) if one in said]


def test_its_refusals_and_requirements_stand_in_its_folder(schemas, connected, service) -> None:
    case = next(case for case in load_errors(schemas) if case.id == ROW["id"])
    assert REQUIREMENT["id"] in {row.id for row in load_requirements(schemas)}
    known = connected("findPersons")
    situation = Situation.of(known.environment, known.contract, known.tokens)
    wrong = changed(case, known.api.plain_request("findPersons"), situation)
    assert known.api.send(wrong, case.id).status == 400
    assert situation.values["patient"] == PERSON
    assert "personId" not in service[1][-1][1]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"base": "person"}, "no operation has the x-golive-name person. There are: add-note, "),
        ({"change": {"raw-body": "x"}}, "a request of persons has no body to change"),
        ({"id": "token-wrong-secret"}, "two rows have the id token-wrong-secret"),
    ],
)
def test_a_row_that_fits_no_operation_is_refused(own_schemas, change, message) -> None:
    (own_schemas / FOLDER / "errors.yaml").write_text(yaml.safe_dump({"cases": [ROW | change]}))
    with pytest.raises(SuiteError, match=f"^{FOLDER}/errors.yaml: .*{message}"):
        load_errors(own_schemas)


@pytest.mark.parametrize(
    ("folder", "message"),
    [
        (
            "again-20300101",
            r"has an operation (persons|findPersons|readNote|addNote|add-note), too",
        ),
        ("again-2", r"^again-2/openapi.yaml: the folder's name does not end in -20300101"),
    ],
)
def test_a_folder_that_can_t_stand_beside_the_others_is_refused(
    own_schemas, folder, message
) -> None:
    shutil.copytree(own_schemas / FOLDER, own_schemas / folder)
    with pytest.raises(SuiteError, match=message):
        _ = Contract(own_schemas).operations


def test_the_diagnosis_measures_an_environment_by_its_own_api(
    own_schemas, claiming, tmp_path, monkeypatch
) -> None:
    monkeypatch.chdir(tmp_path)
    facts = setting_facts(claiming("findPersons"))
    assert [facts[name] for name in ("path", "version", "message_scope")] == [
        "known",
        "known",
        "asked",
    ]
    assert facts["message_scope_name"] == SCOPE
    assert facts["right_base_url"].endswith("/{tenant}/persons")
    other = setting_facts(claiming("findPersons", scopes=("oraclehealth:millennium:message",)))
    assert other["message_scope"] == "not-asked"
