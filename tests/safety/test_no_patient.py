"""The smoke run on group inboxes and code values touches no patient, and asks nothing of the Messages API."""

import json
from pathlib import Path
from urllib.parse import urlencode

import pytest
import yaml

from golive.contract.document import Contract
from golive.environment import find, load
from golive.exchanges.jwt import read as read_token
from golive.kit.files import resources
from golive.twin import Twin
from golive.twin.http import Ask

pytestmark = pytest.mark.whole_run

ROOT = resources()
OWN = load(find("twin"), variables={}).test_data
PATIENTS = [str(value) for key, value in OWN.present().items() if key.endswith("patient")]
MARKS = Contract(ROOT / "schemas").personal


@pytest.fixture
def received(monkeypatch):
    """Every request that reaches a twin of this process, whole."""
    found: list[Ask] = []
    read = Ask.of

    def of(host, request, body):
        found.append(read(host, request, body))
        return found[-1]

    monkeypatch.setattr(Ask, "of", of)
    return found


def smoke(twin: Twin, folder: Path, *operations: str) -> tuple[Path, dict[str, str]]:
    """Point the shipped file at a twin; further operations can be claimed."""
    text = (ROOT / "environments" / "smoke.yaml").read_text(encoding="utf-8")
    document = yaml.safe_load(text.replace("https://", f"{twin.address}/"))
    document["claims"]["operations"] += operations
    document["safety"] |= {"rate": 1000, "concurrency": 8}  # a twin needs no consideration
    document["generated"] = {"gate_budget": 60}
    if operations:
        document["apis"]["messages"] = {
            "base_url": f"{twin.address}/api.cernermillennium.com/{{tenant}}/message",
            "version": "20241001",
        }
        document["token"]["scopes"].append("oraclehealth:millennium:message")
        document["test_data"]["patient"] = OWN.patient
    file = folder / "smoke.yaml"
    file.write_text(yaml.safe_dump(document), encoding="utf-8")
    account = twin.accounts["system"]
    return file, {
        "GOLIVE_PRODUCTION_TENANT": account.tenant,
        "GOLIVE_CLIENT_ID": account.client_id,
        "GOLIVE_CLIENT_SECRET": str(account.client_secret),
        "GOLIVE_CODE_SET": "90001",
        "GOLIVE_OTHER_CODE_SET": "9900",
    }


def named_patients(asks: list[Ask]) -> list[str]:
    """Say which requests name a patient, by the contract's marks or by an id that the twin knows."""
    offenders = []
    for ask in asks:
        url = f"https://{ask.host}{ask.path}?{urlencode(ask.query)}"
        is_json = ask.media_type() == "application/json"
        body = json.loads(ask.body) if is_json and ask.body else None
        said = f"{url} {ask.body!r}"
        if [*MARKS.values(url, ask.headers.items(), body)] or any(id_ in said for id_ in PATIENTS):
            offenders.append(f"{ask.method} {url}")
    return offenders


def of_messages(asks: list[Ask]) -> list[str]:
    return [f"{ask.method} {ask.path}" for ask in asks if ask.segments[1:2] == ("message",)]


def scopes_of(ask: Ask) -> str:
    """Return the claims of a request's token, as far as they can be read."""
    token = read_token(ask.headers.get("authorization", "").removeprefix("Bearer "))
    return json.dumps(token.claims)


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(("run",), id="run"),
        pytest.param(("run", "--generated"), id="generated", marks=pytest.mark.exhaustive),
        pytest.param(
            ("run", "--keep-going", "-n", "2"), id="workers", marks=pytest.mark.exhaustive
        ),
        pytest.param(("doctor",), id="doctor"),
    ],
)
def test_no_request_of_a_smoke_run_names_a_patient(tmp_path, safety, received, counted, arguments):
    with Twin() as twin:
        file, variables = smoke(twin, tmp_path)
        command, *options = arguments
        ran = safety.process(tmp_path, "-m", "golive", command, str(file), *options, **variables)
    assert ran.code == 0, ran.text
    asked = [ask for ask in received if ask.host == "api.cernermillennium.com"]
    assert asked
    assert named_patients(received) == []
    assert of_messages(received) == []
    assert not any("millennium:message" in scopes_of(ask) for ask in asked)
    assert {ask.method for ask in asked} == {"GET"}
    counted(f"{len(received)} requests, {len(asked)} of them to the APIs, none about a patient")
    if arguments == ("run",):
        assert_each_claimed_operation_is_proven(ran)


def assert_each_claimed_operation_is_proven(ran):
    assert ran.summary["verdict"] == "GO"
    proofs = {one["operation"]: one["proofs"] for one in ran.summary["proofs"]}
    assert set(proofs) == {"listGroupInboxes", "listCodeValues", "getCodeValue"}
    assert min(proofs.values()) >= 5


def test_the_proof_would_see_a_patient(tmp_path, safety, received):
    """The same count, where one operation of Messages is claimed, finds its requests."""
    with Twin() as twin:
        file, variables = smoke(twin, tmp_path, "listInboxItems")
        ran = safety.process(tmp_path, "-m", "golive", "run", str(file), **variables)
    assert ran.code == 0, ran.text
    assert len(named_patients(received)) > 20
    assert len(of_messages(received)) > 20
    assert any("millennium:message" in scopes_of(ask) for ask in received)
