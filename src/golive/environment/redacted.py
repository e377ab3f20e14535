"""What of an environment may be seen, and what must never be."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from golive.environment.secret import proxy_address, proxy_secrets
from golive.environment.sections import (
    KeyCredential,
    SecretCredential,
    TwinCredential,
    TwinToken,
)
from golive.kit.invisible import with_escapes

if TYPE_CHECKING:
    from golive.environment.model import Environment
    from golive.environment.sections import (
        Account,
        Claims,
        Credential,
        Safety,
        TestData,
        Token,
    )

HIDDEN = "***"


def secrets_of(environment: Environment) -> tuple[str, ...]:
    """Collect every secret text of an environment, each once; their derived forms are not here."""
    return tuple(dict.fromkeys(secret for _, secret in keyed_secrets_of(environment)))


def keyed_secrets_of(environment: Environment) -> tuple[tuple[str, str], ...]:
    """Collect every secret text of an environment with the dotted key that it was given by."""
    found: list[tuple[str, str]] = []
    for account in (environment.main_account, *environment.claims.accounts.values()):
        above = f"claims.accounts.{account.name}" if account.name else "token"
        match account.credential:
            case SecretCredential(client_secret=secret):
                found.append((f"{above}.credential.client_secret", secret.reveal()))
            case KeyCredential(private_key=secret):
                found.append((f"{above}.credential.private_key", secret.reveal()))
            case TwinCredential():
                pass
    expired = environment.claims.expired_token
    if expired is not None and not isinstance(expired, TwinToken):
        found.append(("claims.expired_token", expired.reveal()))
    found += [("safety.proxy", secret) for secret in proxy_secrets(environment.safety.proxy)]
    return tuple(found)


def redacted_environment(environment: Environment) -> dict[str, object]:
    """Write an environment as JSON can hold it, for summary.json.

    Client ids and tenants stay, because support asks for them. Ids of test data stay only where the
    environment says `data: synthetic`: a patient's id is patient data.
    """
    return {
        "name": environment.name,
        "title": environment.title,
        "tenant": environment.tenant,
        "token": {**_account(environment.main_account), **_server(environment.token)},
        "api": asdict(environment.api),
        "test_data": _test_data(environment.test_data, shown=environment.data == "synthetic"),
        "claims": _claims(environment.claims),
        "safety": _safety(environment.safety),
        "generated": asdict(environment.generated),
        "twin": {**asdict(environment.twin), "defects": list(environment.twin.defects)},
        "data": environment.data,
        "demands": dict(environment.demands),
    }


def way_of(environment: Environment) -> tuple[str, ...]:
    """Name what stands between golive and the hosts: a proxy, without its password, and a CA bundle."""
    safety = environment.safety
    found = []
    if safety.proxy is not None:
        found.append(f"by the proxy {proxy_address(safety.proxy)}")
    if safety.ca_bundle is not None:
        found.append(f"trusting the private CA {with_escapes(safety.ca_bundle.name)}")
    return tuple(found)


def _account(account: Account) -> dict[str, object]:
    return {
        "tenant": account.tenant,
        "url": account.token_url,
        "scopes": list(account.scopes),
        "client_authentication": account.client_authentication,
        "credential": _credential(account.credential),
        "parameters": list(account.parameters),
    }


def _server(token: Token) -> dict[str, object]:
    return {"key_set_url": token.key_set, "issuer": token.issuer, "form": token.form}


def _credential(credential: Credential) -> dict[str, object]:
    match credential:
        case SecretCredential(client_id=client_id):
            return {"client_id": client_id, "client_secret": HIDDEN}
        case KeyCredential(client_id=client_id, key_id=key_id, algorithm=algorithm):
            shown = {"client_id": client_id, "key_id": key_id, "algorithm": algorithm}
            return {**shown, "private_key": HIDDEN}
        case TwinCredential(name=name):
            return {"twin": name}


def _test_data(test_data: TestData, *, shown: bool) -> dict[str, object]:
    present = {key: value for key, value in asdict(test_data).items() if value is not None}
    return present if shown else dict.fromkeys(present, HIDDEN)


def _claims(claims: Claims) -> dict[str, object]:
    return {
        "operations": list(claims.operations),
        "generation": claims.generation,
        "organization_summary": claims.organization_summary,
        "expired_token": claims.expired_token is not None,
        "accounts": {name: _account(account) for name, account in claims.accounts.items()},
    }


def _safety(safety: Safety) -> dict[str, object]:
    return {
        "writes": safety.writes,
        "test_tenants": list(safety.test_tenants),
        "attack_credential": safety.attack_credential,
        "rate": safety.rate,
        "concurrency": safety.concurrency,
        "budget": safety.budget,
        "connect_timeout": safety.connect_timeout,
        "read_timeout": safety.read_timeout,
        "retries": safety.retries,
        "longest_wait": safety.longest_wait,
        "visible_within": safety.visible_within,
        "time_limit": safety.time_limit,
        "proxy": proxy_address(safety.proxy),
        "ca_bundle": safety.ca_bundle.name if safety.ca_bundle else None,
    }
