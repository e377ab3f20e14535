"""The changes of an error case to who asks an API: the access token that is presented.

Every false one is protected like a true one, so that an answer that echoes what it was sent is detected.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from golive.contract.outcomes import CouldNotTellError, NotClaimedError, SuiteError
from golive.environment import KeyCredential
from golive.exchanges.error_body import members
from golive.exchanges.jwt import read
from golive.redaction import COOKIE, REDACTOR, TOKEN
from golive.refusals.forged_tokens import (
    DEGENERATE,
    GARBLED,
    demand_readable,
    forged,
    garbled,
    signed_by_client,
    tampered,
)
from golive.refusals.request_parts import in_path, pairs_of, with_encoded_letter, with_pairs

if TYPE_CHECKING:
    from golive.environment import Environment
    from golive.exchanges.model import Exchange, Request
    from golive.refusals.request_parts import Situation

BEHIND = {
    "tail": "AAAA",
    "second-word": " golive",
    "sign-behind": "~",
    "fourth-part": ".e30",
}
"""What may stand behind a token: three whole octets more of base64url, a word, a sign that is none of it, or a part."""
OF_ACCOUNTS = {
    "other-cloud": "other_cloud",
    "other-tenant": "other_tenant",
    "other-tenant-in-capitals": "other_tenant",
    "other-tenant-encoded": "other_tenant",
}
"""The changes that present the token of another account."""
RESPELLED = {
    "other-tenant-in-capitals": str.swapcase,
    "other-tenant-encoded": with_encoded_letter,
}
"""How the tenant in the path is written beside it: as a server may, or must, take for the same."""
CLIENTS_KEY = "clients-key"
FORGED = frozenset(
    {
        "alg-none",
        "alg-none-odd-case",
        "no-signature",
        "other-signature",
        "hs256-public-key",
        "own-key",
        "own-certificate",
        CLIENTS_KEY,
        "kid-is-a-path",
        "unknown-kid",
        *DEGENERATE,
    }
)
"""The changes of a token that `forged` makes."""


def change_token(request: Request, which: str, situation: Situation) -> Request:
    """Replace the access token in a request to the API."""
    environment = situation.environment
    own = (request.headers.get("Authorization") or "").removeprefix("Bearer ")
    match which:
        case "none":
            return replace(request, headers=request.headers.without("Authorization"))
        case "empty" | "basic-scheme":
            shown = "Bearer" if which == "empty" else f"Basic {own}"
            return replace(request, headers=request.headers.with_("Authorization", shown))
        case "in-query":
            bare = replace(request, headers=request.headers.without("Authorization"))
            return with_pairs(bare, [*pairs_of(bare), ("access_token", own)])
        case _ if which in GARBLED:
            value = garbled(which, own)
        case "expired":
            expired = environment.claims.expired_token
            if expired is None or not hasattr(expired, "reveal"):
                raise NotClaimedError("claims.expired_token")
            value = expired.reveal()
        case _ if which == "tampered" or which in BEHIND:
            value = _altered(own, which, opaque=environment.token.form == "opaque")
        case _ if which in FORGED:
            demand_readable(own, opaque=environment.token.form == "opaque")
            if which == "hs256-public-key" and environment.token.key_set is None:
                raise NotClaimedError("token.key_set_url")
            value = (
                signed_by_client(own, _key_credential(environment))
                if which == CLIENTS_KEY
                else forged(which, own, situation.tokens.published)
            )
        case _ if which in OF_ACCOUNTS:
            value = _granted(OF_ACCOUNTS[which], situation, own)
            request = _at_its_tenant(request, which, environment.tenant)
        case "without-scope":
            value = _without_scope(request, situation, own)
        case _:
            raise SuiteError(f"no token change is named {which}")
    REDACTOR.protect(value, kind=TOKEN)
    return replace(request, headers=request.headers.with_("Authorization", f"Bearer {value}"))


def _at_its_tenant(request: Request, which: str, tenant: str) -> Request:
    """Return the request with the tenant in its path as the change writes it."""
    if which not in RESPELLED:
        return request
    return in_path(request, tenant, RESPELLED[which](tenant))


def _key_credential(environment: Environment) -> KeyCredential:
    credential = environment.account("private_key_jwt").credential
    if not isinstance(credential, KeyCredential):
        raise NotClaimedError("claims.accounts.private_key_jwt")
    return credential


def _altered(own: str, which: str, *, opaque: bool) -> str:
    return f"{own}{BEHIND[which]}" if which in BEHIND else tampered(own, opaque=opaque)


def by_cookies(answer: Exchange) -> Request | None:
    """Return the request of an answer with the cookies that it set in place of the token; None where it set none."""
    set_by = (line.partition(";")[0].strip() for line in answer.response.headers.all("Set-Cookie"))
    cookies = [one for one in set_by if one.partition("=")[2]]
    if not cookies:
        return None
    REDACTOR.protect(*(one.partition("=")[2] for one in cookies), kind=COOKIE)
    bare = answer.request.headers.without("Authorization")
    return replace(answer.request, headers=bare.with_("Cookie", "; ".join(cookies)))


def _granted(name: str, situation: Situation, own: str) -> str:
    """Return another account's access token; CouldNotTellError where it is the run's own one."""
    account = situation.environment.claims.accounts.get(name)
    if account is None:
        raise NotClaimedError(f"claims.accounts.{name}")
    return _another(situation.tokens.grant(account).access_token, f"`claims.accounts.{name}`", own)


def _another(granted: str, whose: str, own: str) -> str:
    if granted == own:
        raise CouldNotTellError(
            f"{whose} was granted the same access token as the account of `token`"
        )
    return granted


def _without_scope(request: Request, situation: Situation, own: str) -> str:
    """Return a token that lacks the scope of the operation, and has that of another API where one is known.

    Where the account that is claimed asks for the operation's scope, which another API than Messages may need, it is
    the run's own account with one of its other scopes.
    """
    name = "without_message_scope"
    account = situation.environment.claims.accounts.get(name)
    needed = set(situation.contract.operations[request.operation].scopes)
    if account is None or not needed & set(account.scopes):
        return _lacking(needed, _granted(name, situation, own))
    main = situation.environment.main_account
    others = tuple(one for one in main.scopes if one not in needed)[:1]
    if not others:
        raise NotClaimedError("token.scopes")
    grant = situation.tokens.grant(replace(main, name="one_scope", scopes=others))
    if needed & set(str(members(grant.exchange).get("scope", "")).split()):
        raise CouldNotTellError(f"a token asked for with {others[0]} alone has more scopes")
    return _lacking(needed, _another(grant.access_token, f"{others[0]} alone", own))


def _lacking(needed: set[str], token: str) -> str:
    """Return a token that lacks these scopes; CouldNotTellError where it carries one of them after all.

    The API is right to take it then: it is the authorization server that gave more than it said.
    """
    more = needed & (read(token).scopes or frozenset())
    if more:
        raise CouldNotTellError(
            f"the token that was asked for without {sorted(more)[0]} carries it"
        )
    return token
