"""The error cases of each API's own folder: rows of the one form, about operations of that folder alone."""

import json
from collections import Counter
from copy import deepcopy
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from golive.kit.files import read_yaml

SCHEMAS = Path(__file__).parents[2] / "schemas"
FOLDERS = sorted(path.parent.name for path in SCHEMAS.glob("*/errors.yaml"))
TEXTS = {folder: (SCHEMAS / folder / "errors.yaml").read_text("utf-8") for folder in FOLDERS}
CASES = {folder: read_yaml(SCHEMAS / folder / "errors.yaml")["cases"] for folder in FOLDERS}
FORM = json.loads((SCHEMAS / "errors.schema.json").read_text("utf-8"))


def operations(folder):
    """The operations of a folder by their short names."""
    document = read_yaml(SCHEMAS / folder / "openapi.yaml")
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
    of_all = read_yaml(SCHEMAS / "errors.yaml")["cases"]
    rows = [*of_all, *(case for cases in CASES.values() for case in cases)]
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
        claim["other-tenant-encoded"] = "other_tenant"
        named = case["change"].get("token", case["change"].get("without-token-by"))
        account = claim.get(named)
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
