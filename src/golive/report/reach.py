"""How far a run reaches, in words: the same on the terminal, in Markdown and on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from golive.checks.kill_matrix import WRITES
from golive.checks.reach import Why

if TYPE_CHECKING:
    from golive.report.summary import Data

NAMED = 5
"""Obstacles that are named where there is little room."""

WHAT = {
    "data": "a wildcard in a patient's id, which is asked only where the patients are invented",
    "safety.writes": "sending and changing messages",
    "safety.attack_credential": "the real client id with a wrong secret",
    "safety.access_rules": "each access rule at each operation, and what varies another question",
    "claims.operations": "operations that are not claimed",
    "claims.generation": "what only the new generation of the API has",
    "claims.organization_summary": "the organization's summary",
    "claims.expired_token": "an expired token",
    "claims.latency": "how fast operations answer",
    "claims.accounts.other_cloud": "the other cloud's token",
    "claims.accounts.other_tenant": "another tenant's token",
    "claims.accounts.without_message_scope": "a token without the message scope",
    "claims.accounts.private_key_jwt": "authentication by a signed assertion",
    "claims.accounts.private_key_jwt_rsa": "authentication by an assertion signed with RSA",
    "test_data.patient": "a patient's messages",
    "test_data.empty_patient": "a patient without messages",
    "test_data.crowded_patient": "a list longer than one page",
    "test_data.write_patient": "messages that may be changed",
    "test_data.other_patient": "a second patient",
    "test_data.recipient": "a recipient",
    "test_data.copy_recipient": "a copy of a message",
    "test_data.message": "a message by its id",
    "test_data.code_set": "a code set",
    "test_data.other_code_set": "a second code set",
    "token.credential.client_secret": "authentication by a client secret",
    "token.form": "the inside of a token",
    "token.issuer": "the issuer of a token",
    "token.key_set_url": "the keys that verify tokens",
    "token.server": "what Oracle's own authorization server does",
    "token.url": "an authorization server at Oracle's host, or at another one than the API's",
    "api.base_url": "what Oracle's own API host does",
}
"""What is not looked at where the environment lacks a key."""

OPTIONS = {
    Why.OVER_BUDGET: ("what the budget left out", "a larger `--budget`"),
    Why.NOT_SELECTED: ("checks that were not selected", "a run without `-k`, `-m` and paths"),
    Why.NOT_RUN: ("checks that did not run", "a run that reaches its end"),
}
"""What is not looked at for want of an option, and what would look at it."""


def sentence(reach: Data) -> str:
    """Say of how many known faults this run could have detected one: of those of its mode, and of all."""
    part = f"could have detected {reach['reached']:,} of {reach['of_mode']:,} known faults"
    if reach["of_mode"] == reach["all"]:
        return f"{part} ({reach['percent']} %)"
    defects = reach["defects"]
    return (
        f"{part} that {_mode(reach['mode'])} can show ({reach['percent']} %; defects: {defects['reached']} of "
        f"{defects['of_mode']}), and of {reach['all']:,} in all"
    )


def out_of_reach(reach: Data) -> list[str]:
    """Say what was out of reach, worst first, each with the key that would bring it within reach.

    Of what could not be decided, the first cause stands for all: the checks name the others.
    """
    missing = reach.get("missing", [])
    first, *others = [one for one in missing if one["why"] == Why.COULD_NOT_TELL] or [None]
    more = f"; {len(others)} more {'cause' if len(others) == 1 else 'causes'}" if others else ""
    return [
        f"{what_of(one)}: {_cure(one)} {one['adds']:,}{more if one is first else ''}"
        for one in missing
        if one not in others
    ]


def left_to(data: Data) -> str:
    """Say of checks that a run left out on purpose which run makes them: of another profile, or another setting."""
    missing = (data.get("reach") or {}).get("missing", [])
    cure = next(
        (one["cure"] for one in missing if "cure" in one), "safety.access_rules: everywhere"
    )
    return f"left to `{cure}`"


def not_tested(reach: Data) -> str:
    """Say in one sentence what the environment's claims left untested, empty where they left nothing."""
    absent = {
        one["key"]: f"{what_of(one)} (`{one['cure']}`)" if "cure" in one else what_of(one)
        for one in reach["missing"]
        if one["why"] == Why.NOT_CLAIMED
    }
    writes = absent.pop("safety.writes", "")
    named = [*([f"{writes} (this run was read-only)"] if writes else []), *absent.values()]
    more = f"; and {len(named) - NAMED} more" if len(named) > NAMED else ""
    return f"Not tested: {'; '.join(named[:NAMED])}{more}." if named else ""


def shortfall(reach: Data, demanded: int, place: str) -> str:
    """Say that a run reaches less far than its environment demands, and what would help most."""
    helping = sorted(reach["missing"], key=lambda one: -int(one["adds_of_mode"]))[:NAMED]
    cures = "; ".join(f"{what_of(one)}: {_cure(one)} {one['adds']:,}" for one in helping)
    share = f"{reach['percent']} % of {demanded} %"
    return f"Less reach than {place} demands ({share}): this run {sentence(reach)}. {cures}."


def what_of(one: Data) -> str:
    """Say what was not looked at."""
    key = str(one["key"])
    if one["why"] in OPTIONS:
        return OPTIONS[one["why"]][0]
    if one["why"] == Why.COULD_NOT_TELL:
        return f"what could not be decided ({key})"
    return WHAT.get(key) or (
        f"the API {key.removeprefix('apis.')}" if key.startswith("apis.") else key
    )


def _cure(one: Data) -> str:
    if one["why"] in OPTIONS:
        return f"{OPTIONS[one['why']][1]} adds"
    if one["why"] == Why.COULD_NOT_TELL:
        return "a verdict adds"
    return f"`{one.get('cure', one['key'])}` adds"


def _mode(mode: Data) -> str:
    how = "a writing run" if mode[WRITES] else "a read-only run"
    *apis, last = mode["apis"]
    return f"{how} of {', '.join(apis)} and {last}" if apis else f"{how} of {last}"
