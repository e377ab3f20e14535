"""No secret in any output: planted, then searched for in every byte that a run writes."""

import base64
import json
from pathlib import Path
from urllib.parse import quote

import pytest

from golive.twin import Twin

LOUD = ("-o", "log_level=DEBUG", "--tb=long", "--showlocals", "-rA", "-vv")
LOUDER = (*LOUD, "-o", "log_cli=true", "-o", "log_cli_level=DEBUG")
DEFECTS = (
    "error-echoes-the-token",
    "token-response-may-be-cached",
    "inbox-answers-html",
    "private-key-in-key-set",
)


def credential(name: str) -> dict[str, str]:
    return {"client_id": f"${{GOLIVE_{name}_ID}}", "client_secret": f"${{GOLIVE_{name}_SECRET}}"}


def signing(name: str, algorithm: str) -> dict[str, str]:
    return {
        "client_id": f"${{GOLIVE_{name}_ID}}",
        "private_key": f"${{GOLIVE_{name}_KEY}}",
        "key_id": f"${{GOLIVE_{name}_KID}}",
        "algorithm": algorithm,
    }


def set_up(twin: Twin, environment_file) -> tuple[str, dict[str, str], list[str]]:
    """An environment whose every credential comes from a variable; the variables; what must not be seen."""
    accounts = {
        "MAIN": "system",
        "CLOUD": "sandbox-cloud",
        "TENANT": "customer",
        "POOR": "without-message-scope",
        "ES": "system-es384",
        "RS": "system-rs384",
    }
    variables: dict[str, str] = {"GOLIVE_EXPIRED": twin.tokens["expired-token"]}
    secrets = [twin.tokens["expired-token"], *twin.tokens["expired-token"].split(".")[1:]]
    for prefix, name in accounts.items():
        account = twin.accounts[name]
        variables[f"GOLIVE_{prefix}_ID"] = account.client_id
        if account.client_secret:
            variables[f"GOLIVE_{prefix}_SECRET"] = account.client_secret
            pair = f"{account.client_id}:{account.client_secret}".encode()
            secrets += [account.client_secret, base64.b64encode(pair).decode()]
        else:
            variables[f"GOLIVE_{prefix}_KEY"] = account.private_key_pem or ""
            variables[f"GOLIVE_{prefix}_KID"] = account.key_id or ""
            lines = (account.private_key_pem or "").splitlines()
            secrets += [line for line in lines if len(line) > 20 and not line.startswith("---")]
    file = environment_file(
        {
            "token.credential": credential("MAIN"),
            "claims.expired_token": "${GOLIVE_EXPIRED}",
            "claims.accounts.other_cloud.credential": credential("CLOUD"),
            "claims.accounts.other_tenant.credential": credential("TENANT"),
            "claims.accounts.without_message_scope.credential": credential("POOR"),
            "claims.accounts.private_key_jwt.credential": signing("ES", "ES384"),
            "claims.accounts.private_key_jwt_rsa.credential": signing("RS", "RS384"),
        },
        at=twin.address,
    )
    return file, variables, secrets


def leaks(text: str, secrets: list[str], jwt_pattern) -> list[str]:
    forms = [
        form
        for secret in secrets
        for form in (secret, quote(secret, safe=""), json.dumps(secret)[1:-1])
    ]
    return [form for form in forms if form in text] + jwt_pattern.findall(text)


@pytest.mark.parametrize(
    ("defects", "options"),
    [((), LOUDER), (DEFECTS, (*LOUD, "-k", "token_success or key_set or (errors and access)"))],
    ids=["an honest twin, everything", "a lying twin, failing checks"],
)
def test_a_loud_run_writes_no_secret(
    defects: tuple[str, ...],
    options: tuple[str, ...],
    go,
    environment_file,
    tmp_path: Path,
    jwt_pattern,
) -> None:
    out = tmp_path / "run"
    reports = [
        f"--junitxml={out}/junit.xml",
        f"--alluredir={out}/allure",
        f"--log-file={out}/log.txt",
    ]
    with Twin(defects=defects) as twin:
        file, variables, secrets = set_up(twin, environment_file)
        ended = go(f"--env={file}", *reports, "-p", "allure_pytest", *options, variables=variables)
    assert ended.code == (1 if defects else 0), ended.out
    files = [path for path in out.rglob("*") if path.is_file()]
    assert {"summary.json", "junit.xml", "log.txt"} <= {path.name for path in files}
    assert len(ended.summary["checks"]) > (10 if defects else 120)
    assert leaks(ended.out, secrets, jwt_pattern) == []
    for path in files:
        assert (
            leaks(path.read_text(encoding="utf-8", errors="replace"), secrets, jwt_pattern) == []
        ), path


LEAKING = """
import logging

def token_of(exchange):
    return exchange.json["access_token"]


@check("raises-the-token", level="must", basis="standard", source="here")
def test_raises(token_granted):
    \"\"\"A check with the token in its exception and its variables.\"\"\"
    token = token_of(token_granted)
    logging.getLogger("x").warning("token %s", token)
    raise ValueError(token)


@check("finds-the-token", level="must", basis="standard", source="here")
def test_finds(token_granted):
    \"\"\"A check with the token in its finding.\"\"\"
    token = token_of(token_granted)
    print("printed", token)
    with expect(token_granted) as it:
        it.violated("/" + token, token, token, next_step=token)


@check("can-t-tell-the-token", level="must", basis="standard", source="here")
def test_cannot(broken_recipe):
    \"\"\"A check whose exchange broke with the token in its exception.\"\"\"
"""
EXCHANGE_KEY = """
@exchange
def broken_recipe(token_granted):
    raise RuntimeError(token_granted.text)
"""


@pytest.mark.parametrize("workers", ["0", "1"])
def test_a_check_that_is_careless_with_a_token_does_not_leak_it(
    go, suite, tmp_path: Path, jwt_pattern, workers: str
) -> None:
    out = tmp_path / "run"
    reports = (f"--junitxml={out}/junit.xml", f"--alluredir={out}/allure", "-p", "allure_pytest")
    ended = go("-n", workers, *LOUD, *reports, folder=suite(LEAKING, conftest=EXCHANGE_KEY))
    assert ended.code == 3, ended.out
    assert set(ended.outcomes().values()) == {"internal error", "failed"}
    assert jwt_pattern.findall(ended.out) == []
    for path in out.rglob("*"):
        if path.is_file():
            assert jwt_pattern.findall(path.read_text(encoding="utf-8", errors="replace")) == [], (
                path
            )


def test_patients_data_stays_out_where_the_environment_does_not_call_it_synthetic(
    go, environment_file, tmp_path: Path
) -> None:
    file = environment_file(
        {
            "data": "phi",
            "twin.defects": [
                "item-of-another-patient",
                "duplicate-item",
                "detail-disagrees-with-list",
            ],
        }
    )
    out = tmp_path / "run"
    ended = go(f"--env={file}", f"--junitxml={out}/junit.xml", "-k", "not writes")
    assert ended.code == 1, ended.out
    written = ended.out + "".join(path.read_text() for path in out.rglob("*") if path.is_file())
    # The requirement table, which is on the page, gives the form of an id by Oracle's own example.
    written = written.replace("720564485.1.5.prsnl", "")
    for personal in ("12700100", "12700300", "Testpatient", "Twinwell", ".prsnl"):
        assert personal not in written, personal
