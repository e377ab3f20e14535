"""What a recording keeps of a token: its header and claims, and a name that shows whether two are the same.

The signature, without which a token is no credential, is never kept.
"""

from __future__ import annotations

from typing import Any

from golive.exchanges.jwt import JOSE, REBUILT, Form, encoded_part, read
from golive.redaction import REDACTOR


def kept(token: str) -> dict[str, Any]:
    """Return what a file may hold of a token: form, name, and the inside where data may be shown."""
    found = read(token)
    about: dict[str, Any] = {"form": str(found.form), "name": REDACTOR.pseudonym(token)[7:-1]}
    about["parts"] = len(found.parts)
    if found.form in (Form.JWS, Form.JWE):
        inside = {"header": found.header, "claims": found.claims}
        about |= inside if REDACTOR.shows_data else {"hidden": True}
    return about


def rebuilt(about: dict[str, Any]) -> str:
    """Return a token of the same form and inside, which nothing accepts; raises ValueError, TypeError, LookupError."""
    name, parts = f"{REBUILT}{about['name']}", int(about["parts"])
    if about.get("hidden") or about["form"] == Form.OPAQUE or not 1 < parts < 10:
        return name
    if about["form"] == Form.MALFORMED:
        return ".".join((f"{JOSE}=", *["e30"] * (parts - 2), name))
    payload = encoded_part(about["claims"])
    filling = ["e30"] * (parts - 3)
    return ".".join((encoded_part(about["header"]), payload, *filling, name))
