"""The error cases of each API's own folder: rows of the one form, about operations of that folder alone."""

import json
from collections import Counter
from copy import deepcopy
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

SCHEMAS = Path(__file__).parents[2] / "schemas"
FOLDERS = sorted(path.parent.name for path in SCHEMAS.glob("*/errors.yaml"))
TEXTS = {folder: (SCHEMAS / folder / "errors.yaml").read_text("utf-8") for folder in FOLDERS}
CASES = {folder: yaml.safe_load(text)["cases"] for folder, text in TEXTS.items()}
OF_ALL = yaml.safe_load((SCHEMAS / "errors.yaml").read_text("utf-8"))["cases"]
FORM = json.loads((SCHEMAS / "errors.schema.json").read_text("utf-8"))


def operations(folder):
    """The operations of a folder by their short names."""
    document = yaml.safe_load((SCHEMAS / folder / "openapi.yaml").read_text("utf-8"))
    return {
        operation["x-golive-name"]: operation
        for item in document["paths"].values()
        for operation in item.values()
    }


def form_of(folder):
    """The form of a row, with the folder's operations as what may be changed."""
    form = deepcopy(FORM)
    form["$defs"]["case"]["properties"]["base"]["enum"] = list(operations(folder))
    return Draft202012Validator(form)


def test_two_apis_have_error_cases_of_their_own():
    assert FOLDERS == ["code-system-20240101", "recipient-20241001"]


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_cases_of_an_api_have_the_form_of_all_cases_and_are_about_its_operations(folder):
    errors = form_of(folder).iter_errors({"cases": CASES[folder]})
    assert [f"{list(error.absolute_path)}: {error.message}" for error in errors] == []


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_first_line_wires_the_schema_for_editors(folder):
    assert TEXTS[folder].startswith("# yaml-language-server: $schema=../errors.schema.json\n")


@pytest.mark.parametrize("key", ["id", "statement"])
def test_no_two_rows_of_all_files_share_an_id_or_a_statement(key):
    rows = [*OF_ALL, *(case for cases in CASES.values() for case in cases)]
    assert [text for text, times in Counter(case[key] for case in rows).items() if times > 1] == []


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_two_rows_have_the_same_base_and_change(folder):
    keys = Counter((c["base"], json.dumps(c["change"], sort_keys=True)) for c in CASES[folder])
    assert [key for key, times in keys.items() if times > 1] == []


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_row_says_once_and_truly_how_it_is_known(folder):
    for case in CASES[folder]:
        inferred, source = set(case.get("inferred", [])), case["source"]
        assert inferred < set(case["expect"]), case["id"]
        assert not (inferred and case["basis"] == "inferred"), case["id"]
        assert ("RFC" in source) == (case["basis"] == "standard"), case["id"]
        if "oracle" in case:
            assert case["oracle"]["basis"] == "inferred", case[
                "id"
            ]  # nothing of these APIs was seen


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_reading_request_has_no_body_to_change_and_no_row_needs_what_is_not_claimed(folder):
    for case in CASES[folder]:
        [change] = case["change"]
        if change in {"remove-member", "set-member", "json-body", "raw-body"}:
            assert "requestBody" in operations(folder)[case["base"]], case["id"]
        claim = {"other-cloud": "other_cloud", "other-tenant": "other_tenant"}
        claim["without-scope"] = "without_message_scope"
        account = claim.get(case["change"].get("token"))
        assert case.get("claims", []) == ([f"accounts.{account}"] if account else []), case["id"]


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_required_member_of_a_body_has_a_row_that_leaves_it_out(folder):
    for name, operation in operations(folder).items():
        if "requestBody" not in operation:
            continue
        reference = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
        schema = json.loads((SCHEMAS / folder / reference).read_text("utf-8"))
        left_out = {c["change"].get("remove-member") for c in CASES[folder] if c["base"] == name}
        assert {f"/{member}" for member in schema["required"]} <= left_out


TENANTS = [{"token": "other-tenant"}, {"tenant": "unknown"}]


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize("change", TENANTS, ids=str)
def test_another_tenant_is_judged_alike_for_every_api(folder, change):
    [of_messages] = [
        case for case in OF_ALL if case["change"] == change and case["base"] == "inbox"
    ]
    cases = [case for case in CASES[folder] if case["change"] == change]
    assert cases
    for case in cases:
        for key in ("expect", "inferred", "level", "basis", "claims", "oracle"):
            assert case.get(key) == of_messages.get(key), (case["id"], key)
        assert case["basis"] == "observed"


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_documented_word_of_a_body_is_tried_as_another_word_and_in_small_letters(folder):
    for name, operation in operations(folder).items():
        if "requestBody" not in operation:
            continue
        reference = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
        rows = [case["change"] for case in CASES[folder] if case["base"] == name]
        tried = [next(iter(row["set-member"].items())) for row in rows if "set-member" in row]
        for pointer, words in words_of(SCHEMAS / folder / reference):
            given = {value for at, value in tried if at == pointer and isinstance(value, str)}
            assert given & {word.lower() for word in words}, f"{name}{pointer} in small letters"
            assert {one.upper() for one in given} - set(words), f"{name}{pointer}: another word"


def words_of(file, above=""):
    """Yield the place of each member of a body with the words that are allowed there, in the first item of arrays."""
    for member, schema in json.loads(file.read_text("utf-8"))["properties"].items():
        if "enum" in schema:
            yield f"{above}/{member}", schema["enum"]
        elif "$ref" in schema.get("items", {}):
            yield from words_of(file.parent / schema["items"]["$ref"], f"{above}/{member}/0")


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_operation_is_asked_for_without_a_token(folder):
    asked = {case["base"] for case in CASES[folder] if case["change"] == {"token": "none"}}
    assert asked == set(operations(folder))
