"""`golive doctor` as a person meets it: one command, one cause, the line to change."""

from __future__ import annotations

import json
import re

import pytest
from jsonschema import Draft202012Validator

from .conftest import ROOT

FILES = ROOT / "tests" / "environments"
SWAPPED = {
    "GOLIVE_CLIENT_ID": "Zx81-kq_secret-looking-word",
    "GOLIVE_CLIENT_SECRET": "3a5e58c6-51ad-4d4f-9b8b-0d4b8e4a3c11",
}
NEWCOMERS = {
    "forum-7979": ("wrong-cloud", 'url: "{twin}/authorization.cerner.com/tenants/', ":11"),
    "sandbox-cloud-tenant": ("unknown-tenant", "tenant: (the tenant of the system account", ":7"),
    "swapped-credential": ("id-and-secret-swapped", None, None),
    "missing-scope": ("no-scope-granted", None, None),
    "production-without-tenant": ("url-without-tenant", 'url: "https://authorization.cerner.com/tenants/', ":9"),
}  # fmt: skip


@pytest.fixture
def variables(monkeypatch, folder):
    for name, value in SWAPPED.items():
        monkeypatch.setenv(name, value)


@pytest.mark.usefixtures("variables")
@pytest.mark.parametrize("name", NEWCOMERS)
def test_a_newcomers_environment_gets_one_cause_and_the_line_to_change(golive, name, monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(ROOT)
    cause, written, line = NEWCOMERS[name]
    outcome = golive("doctor", f"tests/environments/{name}.yaml")
    assert len(outcome.out.splitlines()) <= 42
    assert outcome.code == 4
    assert outcome.out.count("  cause ") == 1
    assert f"({cause})" in " ".join(outcome.out.split())
    if written:
        assert f"write     {written}" in outcome.out
        assert f"{name}.yaml{line}\n" in outcome.out
    assert SWAPPED["GOLIVE_CLIENT_SECRET"] not in outcome.out
    assert outcome.err == ""


@pytest.mark.usefixtures("variables")
def test_a_credential_in_the_wrong_order_is_no_fault_of_the_urls(golive):
    outcome = golive("doctor", FILES / "swapped-credential.yaml")
    assert "  ok   URLs and clouds: " in outcome.out
    assert "  note credential and scopes: " in outcome.out
    exchanged = (
        'export GOLIVE_CLIENT_ID="$GOLIVE_CLIENT_SECRET" GOLIVE_CLIENT_SECRET="$GOLIVE_CLIENT_ID"'
    )
    assert f"run       {exchanged}\n" in outcome.out


def test_the_cure_names_the_variables_of_the_file(golive, folder, monkeypatch):
    text = (FILES / "swapped-credential.yaml").read_text(encoding="utf-8")
    mine = folder / "mine.yaml"
    mine.write_text(text.replace("GOLIVE_CLIENT", "GOLIVE_ACME"), encoding="utf-8")
    outcome = golive("doctor", mine)
    assert "run       export GOLIVE_ACME_ID=… GOLIVE_ACME_SECRET=…\n" in outcome.out
    monkeypatch.setenv("GOLIVE_ACME_ID", SWAPPED["GOLIVE_CLIENT_ID"])
    monkeypatch.setenv("GOLIVE_ACME_SECRET", SWAPPED["GOLIVE_CLIENT_SECRET"])
    outcome = golive("doctor", mine, "--offline")
    assert (
        'run       export GOLIVE_ACME_ID="$GOLIVE_ACME_SECRET" GOLIVE_ACME_SECRET="$GOLIVE_ACME_ID"\n'
        in outcome.out
    )


@pytest.mark.usefixtures("variables")
@pytest.mark.parametrize(
    "name", ["forum-7979", "missing-scope", "sandbox-cloud-tenant", "swapped-credential"]
)
def test_a_run_stops_with_the_same_cause(golive_process, name, monkeypatch):
    outcome = golive_process("run", FILES / f"{name}.yaml", "suites/messages/test_inbox.py")
    if name == "swapped-credential":  # a process of these tests has no variables of golive's
        assert "GOLIVE_CLIENT_ID is not set" in outcome.out + outcome.err
    else:
        assert f"({NEWCOMERS[name][0]})" in " ".join(outcome.out.split())
    assert outcome.code == 4


def test_the_twin_is_in_order_and_says_what_that_is_worth(golive):
    outcome = golive("doctor")
    assert outcome.code == 0
    for stage in ("file and variables", "URLs and clouds", "credential and scopes", "names and TLS",
                  "token", "token's claims and key", "API", "claims"):  # fmt: skip
        assert f"  ok   {stage}: " in outcome.out
    assert "says nothing about the real service" in " ".join(outcome.out.split())
    assert re.search(
        r"getCodeValue.*; claimed and not tried sendMessage", " ".join(outcome.out.split())
    )


@pytest.mark.usefixtures("variables")
def test_without_the_network_nothing_is_said_about_the_credential(golive, monkeypatch):
    monkeypatch.setenv("GOLIVE_CLIENT_ID", SWAPPED["GOLIVE_CLIENT_SECRET"])
    monkeypatch.setenv("GOLIVE_CLIENT_SECRET", "a-secret-of-some-length")
    outcome = golive("doctor", "--offline", "sandbox")
    said = " ".join(outcome.out.split())
    assert outcome.code == 0
    assert "this does not show whether it works" in said
    assert "nothing was sent" in said
    assert "a-secret-of-some-length" not in said
    assert " ok names and TLS" not in said
    assert "authorization.cerner.com and api.cernermillennium.com, both production cloud" in said
    assert said.endswith("whether it works. exit code 0; nothing was sent")


@pytest.mark.parametrize(
    ("name", "cause"),
    [("forum-7979", "wrong-cloud"), ("swapped-credential", "id-and-secret-swapped")],
)
@pytest.mark.usefixtures("variables")
def test_what_can_be_seen_without_the_network_is_seen(golive, name, cause):
    outcome = golive("doctor", FILES / f"{name}.yaml", "--offline")
    assert outcome.code == 4
    assert f"({cause})" in " ".join(outcome.out.split())
    assert "nothing was sent" in outcome.out


def test_a_template_in_place_of_the_secret_is_named_without_the_network(golive, monkeypatch):
    monkeypatch.setenv("GOLIVE_CLIENT_ID", "3f6d1c1e-5d0f-4a53-9a1b-70f1d1d1a001")
    monkeypatch.setenv("GOLIVE_CLIENT_SECRET", "{{client_secret}}")
    outcome = golive("doctor", "--offline", "sandbox")
    assert outcome.code == 4
    assert "(placeholder-in-place-of-the-credential)" in " ".join(outcome.out.split())


@pytest.mark.usefixtures("variables")
@pytest.mark.parametrize("arguments", [["twin"], ["twin", "--offline"], ["production"],
                                       [FILES / "forum-7979.yaml"]])  # fmt: skip
def test_machines_get_one_object(golive, arguments):
    outcome = golive("doctor", *arguments, "--json")
    document = json.loads(outcome.out)
    schema = json.loads((ROOT / "schemas" / "doctor.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(document)
    assert document["exit_code"] == outcome.code
    assert document["credential_used"] is (arguments[0] != "production" and len(arguments) == 1)


def written(folder, **changes):
    text = (FILES / "twin-messages-alone.yaml").read_text(encoding="utf-8")
    for old, new in changes.values():
        assert old in text
        text = text.replace(old, new)
    file = folder / "mine.yaml"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("old", "new", "cause"),
    [
        ("tenant: ec2458f2-1e24-41c8-b71b-0e701af7583d\n\n", 'tenant: "ec2458f2 1e24"\n\n', "malformed-tenant"),
        ("    - oraclehealth:millennium:message\n  client", '    - "a,b"\n  client', "scopes-with-commas"),
        ("api.cernermillennium.com/{tenant}/message\"\n  version", "api.cernermillennium.com/message\"\n  version",
         "base-url-without-tenant"),
        ("api.cernermillennium.com/{tenant}/message\"\n  version", "api.cernermillennium.com/x/message\"\n  version",
         "url-of-another-tenant"),
        ('  version: "20241001"', '  version: "20230101"', "api-version-unknown"),
        ("  seed: 1", "  sead: 1", "file-wrong"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_file_is_a_cause_like_any_other(golive, folder, old, new, cause):
    outcome = golive("doctor", written(folder, it=(old, new)))
    assert outcome.code == 4
    assert f"({cause})" in " ".join(outcome.out.split())
    assert "mine.yaml" in outcome.out
    assert "nothing was sent" in outcome.out


@pytest.mark.usefixtures("variables")
def test_a_secret_that_was_copied_with_a_space_is_reported_without_it(golive, monkeypatch):
    monkeypatch.setenv("GOLIVE_CLIENT_SECRET", "a-secret-of-some-length ")
    outcome = golive("doctor", "sandbox")
    assert "(secret-with-whitespace)" in " ".join(outcome.out.split())
    assert "run       export GOLIVE_CLIENT_SECRET=" in outcome.out
    assert "a-secret-of-some-length" not in outcome.out


def test_an_environment_that_reads_nothing_proves_nothing(golive, folder):
    old = (
        "operations: [listInboxItems, listSentItems, getMessage, sendMessage, updateMessageStatus]"
    )
    outcome = golive("doctor", written(folder, it=(old, "operations: [getMessage]")))
    assert outcome.code == 5
    assert "this shows nothing about the API" in " ".join(outcome.out.split())


def test_remarks_stop_nothing(golive, folder):
    file = written(folder, it=("  seed: 1", "  seed: 1\n  clock_offset: 7200"))
    outcome = golive("doctor", file)
    assert outcome.code == 0
    assert "note: This machine's clock is 2 hours behind" in " ".join(outcome.out.split())


def test_an_unknown_defect_of_the_twin_is_a_mistake_of_the_user(golive, folder):
    outcome = golive(
        "doctor", written(folder, it=("  seed: 1", "  seed: 1\n  defects: [no-such-lie]"))
    )
    assert outcome.code == 4
    assert "twin.defects" in outcome.err


def test_an_environment_that_is_not_there_is_reported(golive):
    outcome = golive("doctor", "nowhere")
    assert outcome.code == 4
    assert "there is no such environment" in outcome.err


def test_a_file_that_names_no_patient_passes_preflight_to_its_end(golive, tmp_path) -> None:
    text = (FILES / "twin-messages-alone.yaml").read_text(encoding="utf-8")
    text = text.replace("writes: allowed", "writes: forbidden").replace(
        "attack_credential: allowed", "attack_credential: forbidden"
    )
    file = tmp_path / "nobody.yaml"
    file.write_text(re.sub(r"test_data:\n(  .*\n)+", "", text), encoding="utf-8")
    ended = golive("doctor", str(file))
    assert "internal error" not in ended.err + ended.out
    assert "not asked: the environment does not say `test_data.patient`" in ended.out
    assert ended.code == 5


OF_MANY = """\
environment: twin
tenants:
  - {name: river, tenant: ec2458f2-1e24-41c8-b71b-0e701af7583d}
  - {name: hill, tenant: ec2458f2-0000-4000-8000-0e701af7583d}
"""


def test_a_tenant_of_a_file_of_tenants_is_examined_as_its_run_would_be(golive, folder):
    # The twin's own file lets write, which is for its test tenants alone.
    (folder / "environments").mkdir()
    text = (ROOT / "environments" / "twin.yaml").read_text().replace(": allowed", ": forbidden")
    (folder / "environments" / "mine.yaml").write_text(text)
    (folder / "tenants.yaml").write_text(OF_MANY.replace("environment: twin", "environment: mine"))
    fine = golive("doctor", "--tenants", "tenants.yaml", "--only", "river")
    assert (fine.code, fine.out.splitlines()[0]) == (0, "golive doctor: mine@river"), fine.out
    wrong = golive("doctor", "--tenants", "tenants.yaml", "--only", "hill")
    assert wrong.code == 4
    assert "(unknown-tenant)" in " ".join(wrong.out.split())
    assert "at tenants.yaml:4\n" in wrong.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--tenants", "tenants.yaml"), "tenants.yaml has 2 tenants: name one with --only."),
        (("--tenants", "tenants.yaml", "--only", "rivr"), 'Did you mean "river"?'),
        (("twin", "--tenants", "tenants.yaml"), "each tenant of --tenants names its environment"),
        (("twin", "--only", "river"), "--only and --shard choose among the tenants of --tenants"),
    ],
)
def test_one_tenant_has_to_be_named(golive, folder, words, said):
    (folder / "tenants.yaml").write_text(OF_MANY)
    outcome = golive("doctor", *words)
    assert outcome.code == 4
    assert said in outcome.err
