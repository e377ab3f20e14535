"""Reads what a program or a log says of the client assertion that it makes: algorithm, key, life, unit of time."""

from __future__ import annotations

import re
from math import prod
from typing import Any

from golive.diagnosis.paste.beside import (
    ANOTHER_ALGORITHM,
    LISTED,
    LONGEST_LIFE,
    OF_MILLISECONDS,
    key_absent,
)
from golive.diagnosis.paste.phrases import pattern
from golive.diagnosis.services import service_of

SIGNED_UNDER = re.compile(
    r"(?i)\b(?:sign(?:ing|s|ed)?|assertion)\b[^\n]{0,60}?\bkid[\"']?\s{0,3}[:=]\s{0,3}[\"']?([\w.:@-]{2,80})"
)
REGISTERED = re.compile(
    r"(?im)^[^\n]{0,200}\b(?:registered|uploaded|on file|system account|console|cerner central)\b[^\n]{0,300}$"
)
KID = re.compile(r"(?i)\bkid[\"']?\s{0,3}[ :=]\s{0,3}[\"']?([\w.:@-]{2,80})")
OF_AN_ASSERTION = re.compile(r"client[_-]assertion|jwt-bearer|(?i:clientAssertion|\bassertion\b)")


def program_facts(text: str, token_url: str | None, *, shown: bool) -> dict[str, Any]:
    """Return the fields of an assertion that is not as the server of `token_url` takes it, by what makes it.

    `shown` says whether its claims stand in the text, which then hold more than what a program sets.
    """
    served = service_of(token_url) if token_url else None
    if served is None or not OF_AN_ASSERTION.search(text):
        return {}
    millis = pattern("time_in_milliseconds").search(text) is not None
    life = None if millis or shown else life_in_program(text)
    if served.owner == "oracle":
        return _of_oracle(text, life, millis=millis)
    if millis:
        return {"assertion_unit": "milliseconds"}
    most = served.assertion_seconds
    over = life and most and life > most
    return {"assertion_life": "too-long", "lives": life} if over else _key_facts(text)


def _of_oracle(text: str, life: int | None, *, millis: bool) -> dict[str, Any]:
    faults = [OF_MILLISECONDS] if millis else []
    named = {one or two for one, two in pattern("signing_algorithm").findall(text)}
    if len(named) == 1 and named.isdisjoint(LISTED):
        faults.append(ANOTHER_ALGORITHM.format(*named))
    if life and life > LONGEST_LIFE:
        faults.append(
            f"it lives for {life} seconds, as the program sets it, more than {LONGEST_LIFE}"
        )
    if faults:
        return {"assertion": "wrong", "assertion_faults": "; ".join(faults)}
    return _key_facts(text)


def _key_facts(text: str) -> dict[str, Any]:
    """Return `assertion_key: absent` where a text shows the kid that signs, and no such one among those registered."""
    signed = dict.fromkeys(SIGNED_UNDER.findall(text))
    held = dict.fromkeys(kid for line in REGISTERED.findall(text) for kid in KID.findall(line))
    if len(signed) != 1 or not held or held.keys() & signed.keys():
        return {}
    return key_absent(next(iter(signed)), [*held])


SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
PRODUCT = re.compile(r"\+ ?\(?(\d[\d_]{0,8}(?: ?\* ?\d{1,6}){0,3})(?![\d.])")
UNIT = r"(sec|min|hour|day|[smhd]\b)"
COUNTED = re.compile(
    rf"(?i)(\d{{1,6}})[\s.*,)]{{0,3}}(?:time\.|ChronoUnit\.)?{UNIT}|{UNIT}[a-z]{{0,6}}\W{{1,2}}(\d{{1,6}})"
)


def life_in_program(text: str) -> int | None:
    """Return for how many seconds a program lets an assertion live, where it shows that; None where it does not."""
    for line in pattern("end_of_an_assertion").finditer(text):
        how = line["how"]
        if match := COUNTED.search(how):
            number, unit, other, behind = match.groups()
            return int(number or behind) * SECONDS[(unit or other)[0].lower()]
        if match := PRODUCT.search(how):
            seconds = prod(int(one) for one in match[1].replace("_", "").split("*"))
            return seconds // 1000 if "Date.now() +" in how or "Millis() +" in how else seconds
    return None
