"""From checked data to an Environment: nothing is judged any more, only defaults are filled in."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, cast

from golive.environment.credential_rules import KEY_ACCOUNTS
from golive.environment.model import Environment
from golive.environment.rules import ca_bundle_path
from golive.environment.secret import Secret
from golive.environment.sections import (
    Account,
    Api,
    Claims,
    Generation,
    KeyCredential,
    KnownDeviation,
    Recipient,
    Safety,
    SecretCredential,
    TestData,
    Token,
    TwinCredential,
    TwinSettings,
    TwinToken,
)

if TYPE_CHECKING:
    from golive.environment.sections import ClientAuthentication, Credential
    from golive.environment.yaml_source import Source

DEFAULT_SCOPES = ("oraclehealth:millennium:message",)
DEFAULT_VERSION = "20241001"

Members = dict[str, Any]


def build(source: Source) -> Environment:
    """Make the Environment of a source without problems."""
    data = cast("Members", source.data)
    token = _token(data)
    return Environment(
        name=source.path.stem,
        path=source.path,
        title=data.get("title", source.path.stem),
        tenant=data["tenant"],
        token=token,
        api=Api(
            base_url=_url(data["api"]["base_url"], data["tenant"]).rstrip("/"),
            version=data["api"].get("version", DEFAULT_VERSION),
        ),
        test_data=_test_data(data.get("test_data", {})),
        claims=_claims(data.get("claims", {}), data, token),
        safety=_safety(data.get("safety", {}), source),
        twin=TwinSettings(**_with_tuples(data.get("twin", {}))),
        data=data.get("data", "phi"),
        generated=Generation(**data.get("generated", {})),
        demands=data.get("demands", {}),
        known_deviations=tuple(
            KnownDeviation(**{**entry, "until": date.fromisoformat(entry["until"])})
            for entry in data.get("known_deviations", ())
        ),
        lines=dict(source.lines),
    )


def _url(template: str, tenant: str) -> str:
    return template.replace("{tenant}", tenant)


def _with_tuples(members: Members) -> Members:
    return {
        name: tuple(value) if isinstance(value, list) else value for name, value in members.items()
    }


def _token(data: Members) -> Token:
    members = data["token"]
    credential = _credential(members["credential"])
    key_set, issuer = members.get("key_set_url"), members.get("issuer")
    return Token(
        url=_url(members["url"], data["tenant"]),
        scopes=tuple(members.get("scopes", DEFAULT_SCOPES)),
        client_authentication=members.get("client_authentication")
        or _authentication(credential, "client_secret_basic"),
        credential=credential,
        key_set_url=_url(key_set, data["tenant"]) if key_set else None,
        issuer=_url(issuer, data["tenant"]) if issuer else None,
        form=members.get("form"),
        parameters=dict(members.get("parameters", {})),
    )


def _credential(members: Members) -> Credential:
    if "twin" in members:
        return TwinCredential(members["twin"])
    if "private_key" in members:
        return KeyCredential(
            client_id=members["client_id"],
            private_key=Secret(members["private_key"]),
            key_id=members["key_id"],
            algorithm=members["algorithm"],
        )
    return SecretCredential(members["client_id"], Secret(members["client_secret"]))


def _authentication(
    credential: Credential, otherwise: ClientAuthentication
) -> ClientAuthentication:
    """Give the way in which a credential can authenticate; for a twin's account, `otherwise`."""
    match credential:
        case SecretCredential():
            return "client_secret_basic"
        case KeyCredential():
            return "private_key_jwt"
        case TwinCredential():
            return otherwise


def _test_data(members: Members) -> TestData:
    people = {
        name: Recipient(**members[name]) if members.get(name) else None
        for name in ("recipient", "copy_recipient")
    }
    return TestData(**{**members, **people})


def _claims(members: Members, data: Members, token: Token) -> Claims:
    expired = members.get("expired_token")
    accounts: Members = members.get("accounts", {})
    given: Members = {
        "expired_token": TwinToken(expired["twin"]) if isinstance(expired, dict) else None,
        "accounts": {
            name: _account(name, account, data, token) for name, account in accounts.items()
        },
    }
    if isinstance(expired, str):
        given["expired_token"] = Secret(expired)
    return Claims(**{**_with_tuples(members), **given})


def _account(name: str, members: Members, data: Members, token: Token) -> Account:
    """Complete an account by what it leaves out. An inherited URL gets its own tenant."""
    tenant = str(members.get("tenant", data["tenant"]))
    credential = _credential(members["credential"])
    usual: ClientAuthentication = (
        "private_key_jwt" if name in KEY_ACCOUNTS else token.client_authentication
    )
    return Account(
        name=name,
        tenant=tenant,
        token_url=_url(members.get("token_url", data["token"]["url"]), tenant),
        scopes=tuple(members.get("scopes", token.scopes)),
        client_authentication=members.get("client_authentication")
        or _authentication(credential, usual),
        credential=credential,
        parameters=dict(members.get("parameters", token.parameters)),
    )


def _safety(members: Members, source: Source) -> Safety:
    given = _with_tuples(members)
    if "proxy" in given:
        given["proxy"] = Secret(given["proxy"])
    if "ca_bundle" in given:
        given["ca_bundle"] = ca_bundle_path(source.path, given["ca_bundle"])
    return Safety(**given)
