"""A key set as it was answered (RFC 7517 §5): read, or not read for a reason that can be named.

A key set that could not be read says nothing about any key: that a kid is not in it, least of all.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from golive.contract.outcomes import CouldNotTellError
from golive.environment import real_host
from golive.exchanges.jwt import public_key
from golive.exchanges.model import NO_STATUS
from golive.redaction.rendering import show_word

if TYPE_CHECKING:
    from golive.exchanges.model import Exchange

STAMP = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}(?=\.)")

PRIVATE_MEMBERS = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
"""Members of a JWK that are nobody's but its holder's (RFC 7518 §6.2.2, §6.3.2, §6.4)."""


def why_unread(key_set: Exchange) -> str | None:
    """Say by status and media type why a key set could not be read; None where it was."""
    if key_set.status == NO_STATUS:
        return "no HTTP"
    found = f"status {key_set.status}, {show_word(key_set.media_type) or 'no Content-Type'}"
    if not key_set.succeeded:
        return found
    body = key_set.json_or_none
    if body is None:
        return f"{found}, not JSON"
    keys = body.get("keys") if isinstance(body, dict) else None
    return None if isinstance(keys, list) else f"{found}, without a list `keys`"


def import_problem(key: dict[str, Any]) -> str | None:
    """Say why nobody can make a public key of the members of a JWK, or return None."""
    from joserfc.errors import JoseError

    try:
        _ = public_key(key).raw_value  # made when it is asked for
    except (JoseError, ValueError, TypeError, KeyError) as error:
        return f"none ({type(error).__name__})"
    return None


def may_be_unpublished(kid: str | None, keys: list[dict[str, Any]]) -> bool:
    """Return whether a key is newer than every key of the set, by the stamps that kids begin with.

    Tokens were seen whose key the set did not show yet (contract-facts §4.4, the end of September 2025).
    """
    stamps = {_stamp(str(key.get("kid"))) for key in keys} - {""}
    own = _stamp(kid or "")
    return bool(own and stamps) and own > max(stamps)


def _stamp(kid: str) -> str:
    """Return the time stamp of a kid such as `2026-11-26T00:09:39.521.ec.es256`, empty where it has none."""
    found = STAMP.match(kid)
    return found[0] if found else ""


def keys_of(key_set: Exchange) -> list[dict[str, Any]]:
    """Return the keys of a set; raises CouldNotTellError where it could not be read."""
    unread = why_unread(key_set)
    if unread is not None:
        host = real_host(key_set.request.url)
        raise CouldNotTellError(
            f"the key set at {host} could not be read ({unread})",
            next_step="See whether the host shows its keys to this network, or name another `token.key_set_url`.",
            unsettled_shape=True,
        )
    return [key for key in key_set.json["keys"] if isinstance(key, dict)]
