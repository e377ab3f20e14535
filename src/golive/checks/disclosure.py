"""Which secret came back in an answer: what this run had sent or been granted before, and nothing later.

What an answer itself grants is no repetition of a secret, however wrong the grant; neither is the token that
a server grants again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from golive.redaction import REDACTOR, SECRET_MEMBERS

if TYPE_CHECKING:
    from golive.exchanges.model import Exchange


def repeated_secrets(exchange: Exchange) -> tuple[str, ...]:
    """Return in words what comes back: the credential or the token of this request, else another of this run."""
    if exchange.repeats is not None:
        return exchange.repeats
    fields = "\n".join(f"{name}: {value}" for name, value in exchange.response.headers)
    found = REDACTOR.found_in(f"{fields}\n{_text(exchange)}", exchange.secrets_known)
    if not found:
        return ()
    request = exchange.request
    sent = "\n".join([request.url, *(value for _, value in request.headers)])
    own = REDACTOR.found_in(f"{sent}\n{request.body.decode('utf-8', 'replace')}")
    # A forged token shares parts with the one that it was made of: what was sent here is what came back.
    of_this = {f"the {kind} of this request" for secret, kind in found.items() if secret in own}
    return tuple(sorted(of_this or {f"another {kind} of this run" for kind in found.values()}))


def _text(exchange: Exchange) -> str:
    """Return the body as text, that of a success without what it grants."""
    text, body = exchange.text, exchange.json_or_none
    if exchange.succeeded and isinstance(body, dict):
        for name in SECRET_MEMBERS:
            granted = body.get(name)
            if isinstance(granted, str) and granted:
                text = text.replace(granted, "")
    return text
