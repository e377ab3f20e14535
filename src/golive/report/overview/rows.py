"""From runs to rows: a pure function, which gives the same overview whatever the order of what it is given."""

from __future__ import annotations

from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from golive.checks.verdict import PRECEDENCE, ExitCode
from golive.contract.harm import harms
from golive.kit.json_text import leading_members
from golive.kit.problems import counted
from golive.report.groups import grouped
from golive.report.html.render import summary_in
from golive.report.overview.model import Overview, Row
from golive.report.overview.sources import Found, summaries
from golive.report.reasons import reasons

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from golive.report.overview.sources import Sources
    from golive.report.summary import Head

NIGHTS = 30
"""Runs of a tenant that its row shows."""

MOST_FAILED = 50
NO_RUN = "There is no run of this tenant."
TOO_OLD = "The last run of this tenant is older than what was asked for."
RUN_IT = "Run it, or find out what became of its run folder."
UNREADABLE = "The summary of its last run can't be read by this version of golive."
OTHER_TENANT = "Its last run asked another tenant than the list names."
NOT_COUNTED = "Not counted: it asked {}, and other runs real deployments."
A_DOUBLE = "Its last run asked {}, and other runs of its environment a real deployment."


def overview(
    sources: Sources, tenants: Mapping[str, str] | None = None, since: datetime | None = None
) -> Overview:
    """Return the overview of runs: a row for each tenant of the list, or, without one, for all there are runs of.

    The list has the tenants' ids by the keys of their runs; an id that is empty or a variable's may be any.
    A run that began before `since` is history and no verdict.
    """
    by_key = grouped(sources.once(), lambda one: one.head.key)
    left_out = [f"{name}: its summary can't be read." for name in sorted(set(sources.unread))]
    listed = tenants or {}
    if tenants is not None:
        foreign = sorted(by_key.keys() - listed.keys())
        left_out += [
            f"{key}: {counted(len(by_key.pop(key)), 'run')} of what is not on the list."
            for key in foreign
        ]
    for runs in by_key.values():
        runs.sort(key=lambda one: (one.head.started, one.head.name))
    last = {key: runs[-1] for key, runs in by_key.items()}
    rows = {key: _unknown(Row(key, ExitCode.COULD_NOT_TELL), NO_RUN) for key in listed}
    for found, content in summaries(last.values()):
        key = found.head.key
        rows[key] = _row(by_key[key], content, listed.get(key, ""), since)
    heads = [one.head for runs in by_key.values() for one in runs]
    settled = _without_doubles(rows.values(), heads, listed)
    return Overview(tuple(sorted(settled, key=_order)), tuple(left_out))


def rows_of(data: Any) -> tuple[Row, ...]:
    """Return the rows that an overview's `summary.json` holds; raises ValueError where it is of another form."""
    try:
        return tuple(
            Row(
                key=str(row["key"]),
                code=ExitCode(row["exit_code"]),
                tenant=str(row["tenant"]),
                run=str(row["run"]),
                counts=bool(row["counts"]),
                reason=str(row["reason"]),
                next_step=str(row["next_step"]),
                harm=str(row["harm"]),
                double=str(row["double"]),
            )
            for row in data["tenants"]
        )
    except (KeyError, TypeError) as error:
        raise ValueError(data) from error


def _unknown(row: Row, why: str) -> Row:
    """Return the row of a tenant of which the last run, where there is one, says nothing."""
    return replace(row, code=ExitCode.COULD_NOT_TELL, reason=why, next_step=RUN_IT, since=None)


def _row(runs: Sequence[Found], content: bytes, tenant: str, since: datetime | None) -> Row:
    """Return the row of a tenant for its runs, the oldest first, and the whole summary of the last."""
    head = runs[-1].head
    nights = tuple((one.head.started, one.head.code) for one in runs[-NIGHTS:])
    row = Row(
        head.key,
        head.code,
        tenant=head.tenant,
        run=head.name,
        double=head.double,
        since=_since(runs),
        nights=nights,
        runs=len(runs),
    )
    row = _with_details(row, content)
    if "$" not in tenant and tenant and head.tenant and tenant != head.tenant:
        return _unknown(row, OTHER_TENANT)
    if since is not None and head.started < since:
        return _unknown(row, TOO_OLD)
    return row


def _since(runs: Sequence[Found]) -> datetime:
    """Return when the first of the runs in a row began that have the last one's verdict."""
    alike = takewhile(lambda one: one.head.code == runs[-1].head.code, reversed(runs))
    return [one.head.started for one in alike][-1]


def _with_details(row: Row, content: bytes) -> Row:
    """Return the row with what the summary of the last run says: its reach, and why it is no GO."""
    if row.code is ExitCode.GO:
        data = leading_members(content.decode("utf-8", "replace"), {"reach"})
        return replace(row, reach=_reach(data))
    whole = summary_in(content)
    if whole is None:
        return _unknown(row, UNREADABLE)
    found = reasons(whole)
    row = replace(row, reach=_reach(whole))
    if not found:
        return replace(row, reason=whole["meaning"])
    hurting = [one.harm for one in found if one.harm]
    return replace(
        row,
        reason=found[0].sentence,
        next_step=found[0].next_step,
        harm=min(hurting, key=lambda one: one.rank).name if hurting else "",
        failed=tuple(
            {"check": one.checks[0], "sentence": one.sentence}
            for one in found[:MOST_FAILED]
            if one.harm and one.checks
        ),
    )


def _reach(data: Mapping[str, Any]) -> int | None:
    reach = data.get("reach")
    percent = reach.get("percent") if isinstance(reach, dict) else None
    return percent if isinstance(percent, int) else None


def _without_doubles(
    rows: Iterable[Row], heads: Iterable[Head], listed: Mapping[str, str]
) -> list[Row]:
    """Let no double's verdict pass for a deployment's.

    Where other runs of the environment asked a real one, it is not known how the tenant is. A row of an environment of
    doubles alone has no say among real ones, unless it is on the list.
    """
    real = {_environment(one.key) for one in heads if one.tenant and not one.double}
    found = []
    for row in rows:
        if row.double and _environment(row.key) in real:
            row = _unknown(row, A_DOUBLE.format(row.double))
        elif row.double and real and row.key not in listed:
            row = replace(row, counts=False, reason=row.reason or NOT_COUNTED.format(row.double))
        found.append(row)
    return found


def _environment(key: str) -> str:
    return key.partition("@")[0]


def _order(row: Row) -> tuple[int, int, str]:
    code = PRECEDENCE.index(row.code) if row.code in PRECEDENCE else len(PRECEDENCE)
    return code, harms()[row.harm].rank if row.harm else len(harms()), row.key
