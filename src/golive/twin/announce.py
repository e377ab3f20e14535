"""What the twin says about itself to a person who will use it with curl or Postman."""

from __future__ import annotations

from typing import TYPE_CHECKING

from golive.twin.names import (
    API_HOST,
    CUSTOMER_TENANT,
    MESSAGE_SCOPE,
    ORDINARY_PATIENT,
    PRODUCTION_CLOUD,
    SANDBOX_CLOUD,
    SANDBOX_CLOUD_TENANT,
    SANDBOX_TENANT,
)

if TYPE_CHECKING:
    from golive.twin.accounts import TwinAccount
    from golive.twin.server import Twin


def token_url(twin: Twin, account: TwinAccount) -> str:
    """Return the token URL of an account's cloud and tenant, at the twin."""
    return (
        f"{twin.address}/{account.cloud_host}/tenants/{account.tenant}/hosts/{API_HOST}"
        "/protocols/oauth2/profiles/smart-v1/token"
    )


def _account(account: TwinAccount) -> list[str]:
    lines = [f"  {account.name}", f"    client id  {account.client_id}"]
    if account.client_secret is not None:
        lines.append(f"    secret     {account.client_secret}")
    else:
        lines.append(f"    key id     {account.key_id} ({account.algorithm})")
        lines += [f"    {line}" for line in (account.private_key_pem or "").splitlines()]
    lines.append(f"    cloud      {account.cloud_host}, tenant {account.tenant}")
    lines.append(f"    scopes     {' '.join(account.scopes)}")
    return lines


def announcement(twin: Twin) -> str:
    """Return a page on a running twin: URLs, tenants, accounts, patients, two curl commands."""
    system = twin.accounts["system"]
    inbox = (
        f"{twin.address}/{API_HOST}/{SANDBOX_TENANT}/message/20241001/patientMessages/inboxItems"
        f"?patientId={ORDINARY_PATIENT}"
    )
    lines = [
        f"The twin listens at {twin.address}",
        "Everything in it is synthetic. Its accounts are made at each start and work nowhere else.",
        "A real URL becomes the twin's when https:// is replaced by that address and a slash.",
        "",
        "URLs",
        f"  token, production cloud  {token_url(twin, system)}",
        f"  token, sandbox cloud     {token_url(twin, twin.accounts['sandbox-cloud'])}",
        f"  keys, production cloud   {twin.address}/{PRODUCTION_CLOUD}/jwk",
        f"  keys, sandbox cloud      {twin.address}/{SANDBOX_CLOUD}/jwk",
        f"  API                      {twin.address}/{API_HOST}/{SANDBOX_TENANT}/message/20241001/",
        f"  recipients               {twin.address}/{API_HOST}/{SANDBOX_TENANT}/recipient/20241001/",
        f"  code values              {twin.address}/{API_HOST}/{SANDBOX_TENANT}/codeSystem/20240101/",
        "",
        "Tenants",
        f"  {SANDBOX_TENANT}  the developer sandbox, in the production cloud",
        f"  {CUSTOMER_TENANT}  a customer's production tenant, in the production cloud",
        f"  {SANDBOX_CLOUD_TENANT}  in the sandbox cloud only",
        "",
        "Accounts",
        *(line for account in twin.accounts.values() for line in _account(account)),
        "",
        "Patients",
        *(f"  {patient}  {role}" for role, patient in twin.patients.items()),
        "",
        "Get a token",
        f"  curl -s -u '{system.client_id}:{system.client_secret}'"
        f" -d grant_type=client_credentials -d scope={MESSAGE_SCOPE} '{token_url(twin, system)}'",
        "",
        "Read the inbox (put the access_token of the answer into TOKEN first)",
        f"  curl -s -H \"Authorization: Bearer $TOKEN\" '{inbox}'",
    ]
    return "\n".join(lines) + "\n"
