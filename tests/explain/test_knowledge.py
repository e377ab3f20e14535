"""The data of explain: whole, each row found by its own example and by nothing that only looks like it."""

import json
import re

import pytest
import yaml
from jsonschema import Draft202012Validator

from golive.diagnosis.causes import fields
from golive.diagnosis.paste.phrases import (
    failure_in,
    knowledge,
    pattern,
    signs_in,
    status_in,
    words_of_library,
)
from golive.diagnosis.services import fhir_parts, fhir_resource, rows, service_of
from golive.kit.files import resources

ROOT = resources()
ROWS = [(part, row) for part in ("phrases", "statuses") for row in knowledge()[part]]
FIND = {"phrases": failure_in, "statuses": status_in}


@pytest.mark.parametrize(
    ("schema", "file"), [("services", "services.yaml"), ("phrases", "paste/phrases.yaml")]
)
def test_the_data_keep_their_schema(schema, file):
    wanted = json.loads((ROOT / "schemas" / f"{schema}.schema.json").read_text())
    Draft202012Validator.check_schema(wanted)
    data = yaml.safe_load((ROOT / "src" / "golive" / "diagnosis" / file).read_text())
    Draft202012Validator(wanted).validate(data)


@pytest.mark.parametrize(("part", "row"), ROWS, ids=[row["seen"][:50] for _, row in ROWS])
def test_words_of_a_library_are_found_by_their_own_row_and_not_in_a_near_miss(part, row):
    found = FIND[part](f"before\n{row['seen']}\nafter")
    assert {**found, **row.get("fields", {})} == found
    assert found["library"] == row["library"]
    first = next(each for each in knowledge()[part] if re.search(each["pattern"], row["seen"]))
    assert first is row  # no earlier row hides it
    assert not re.search(row["pattern"], row["near"])


SIGNS = knowledge()["signs"]


@pytest.mark.parametrize("row", SIGNS, ids=[row["seen"][:50] for row in SIGNS])
def test_a_sign_is_found_in_its_own_text_and_not_in_a_near_miss(row):
    assert row["fields"].items() <= signs_in(row["seen"]).items()
    assert not row["fields"].items() <= signs_in(row["near"]).items()
    for name, value in row["fields"].items():
        assert name in ("library_hint", "scope_hint") or value in fields()[name]["values"]


PATTERNS = knowledge()["patterns"]


@pytest.mark.parametrize("name", PATTERNS)
def test_a_pattern_is_found_in_its_own_text_and_not_in_a_near_miss(name):
    row = PATTERNS[name]
    assert pattern(name).search(row["seen"])
    assert not pattern(name).search(row["near"])


def test_fields_of_phrases_are_fields_of_causes():
    for _, row in ROWS:
        for name, value in row.get("fields", {}).items():
            values = fields().get(name, {}).get("values")
            assert name == "body_form" or (values is None or value in values), (name, value)
        assert row["library"] is None or words_of_library(row["library"])


@pytest.mark.parametrize(
    ("url", "service", "owner"),
    [
        ("https://authorization.cerner.com/tenants/t/protocols/oauth2/profiles/v1/token", "authorization", "oracle"),
        ("https://authorization.sandboxcerner.com/tokeninfo", "introspection", "oracle"),
        ("https://authorization.cerner.com/tenants/t/personas/provider/authorize", "authorize", "oracle"),
        ("http://127.0.0.1:80/api.cernermillennium.com/t/message/20241001", "messages", "oracle"),
        ("https://fhir-open.cerner.com/r4/t", "fhir-open", "oracle"),
        ("https://fhir-myrecord.cerner.com/r4/t", "fhir", "oracle"),
        ("https://api.sandboxcernercare.com/oauth/access", "oauth1", "oracle"),
        ("https://code-console.cerner.com/", "other", "other"),
        ("https://authorization.cerner.com/.well-known/smart-configuration", "discovery", "oracle"),
        ("https://h.example/interconnect-prd/oauth2/token", "other", "other"),
        ("https://gateway.zscalertwo.net/auT", "filter", "network"),
    ],
)  # fmt: skip
def test_a_service_is_known_by_its_host_and_path(url, service, owner):
    found = service_of(url)
    assert (found.service, found.owner) == (service, owner)


@pytest.mark.parametrize(
    "url",
    [
        "https://h.example/",
        "https://notcerner.com/",
        "https://authorization.cerner.com.evil.example/",
        "",
        "nonsense",
    ],
)
def test_a_host_that_only_looks_like_one_is_of_no_known_owner(url):
    assert service_of(url) is None


def test_every_row_of_the_services_has_a_source_and_can_be_read():
    for row in rows():
        re.compile(row["host"])
        re.compile(row.get("path", ""))


def test_the_tenant_of_a_fhir_url_is_the_step_after_its_version():
    assert fhir_parts("https://fhir-ehr.cerner.com/r4/T/Patient/1?x=y") == ("r4", "T")
    assert fhir_parts("https://api.cernermillennium.com/T/message/20241001") is None
    assert fhir_resource("https://fhir-ehr.cerner.com/r4/T/Patient?x=y") == "Patient"
    assert fhir_resource("https://fhir-ehr.cerner.com/r4/T/metadata") is None
