"""Two shapes of one answer: which places changed.

Where data decide what an answer holds, an absent member proves nothing unless the contract requires it or
very many objects lack it; a new one is a change only where the contract does not know it and no situation
of the operation had it. A refusal, a token and a key set hold the same members whatever the data.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from golive.drift import promises as names
from golive.drift.change import Change, Severity
from golive.drift.shape import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from golive.drift.promises import Promise, Promises
    from golive.drift.shape import Place, Shape


@dataclass(frozen=True)
class Looks:
    """A part of one situation in both runs.

    `known` and `known_now` are all that the two runs saw of this part of the operation, in any situation;
    `strict` says that the members do not depend on data.
    """

    operation: str
    part: str
    before: Shape
    after: Shape
    known: Shape
    known_now: Shape
    promises: Promises
    strict: bool


def changes(looks: Looks) -> Iterator[Change]:
    """Yield what changed; what is below a place that changed is not reported as well."""
    changed: list[str] = []
    for path in sorted(looks.before.keys() | looks.after.keys()):
        if any(path.startswith(f"{above}/") for above in changed):
            continue
        for one in _changes_at(path, looks):
            changed += [path] if one.kind in {"type", "member-gone", "member-new"} else []
            at = path or "/"
            yield replace(one, at=at if looks.part == "body" else f"{looks.part} {at}")


def _changes_at(path: str, looks: Looks) -> Iterator[Change]:
    before, after = looks.before.get(path), looks.after.get(path)
    promise = looks.promises.at(path)
    if before and after:
        yield from _type(path, before, after, promise, looks)
        yield from _values(path, before, after, promise, looks)
        if before.get("presence") == "always" and after.get("presence") == "sometimes":
            yield from _rarer(promise, looks)
        return
    parent, _, step = path.rpartition("/")
    sides = (looks.before, looks.after)
    held = all("object" in side.get(parent, {}).get("types", ()) for side in sides)
    if step == names.ITEM or not held:
        return  # an empty list, or an object that was not there: data
    if before and step != names.OTHER:
        yield from _gone(path, before, promise, looks)
    elif after and path not in looks.known:
        yield from _new(path, after, promise, looks)


def _make(
    looks: Looks, promise: Promise, severity: Severity, kind: str, was: str, now: str, said: str
) -> Change:
    node = promise.required_by if kind.startswith("member-") else None
    node = node or promise.node
    at = node.address if node else ""
    return Change(severity, kind, looks.operation, "", was, now, said, promise.basis, at)


def _type(
    path: str, before: Place, after: Place, promise: Promise, looks: Looks
) -> Iterator[Change]:
    had = {*before["types"], *looks.known.get(path, before)["types"]}
    now = set(after["types"])
    new = now - had - ({"integer"} if "number" in had else set())
    if new == {"number"} and "integer" in had and promise.known and "number" in promise.types:
        return
    if not new:
        return
    was, became = " or ".join(sorted(before["types"])), " or ".join(sorted(now))
    if new == {"null"}:
        forbidden = promise.known and "null" not in promise.types
        severity = Severity.BREAKING if forbidden else Severity.VISIBLE
        kind, said = "null", f"can be null, was always {was}"
    else:
        kind, severity, said = "type", Severity.BREAKING, f"is {became}, was {was}"
    yield _make(looks, promise, severity, kind, was, became, said)


def _values(
    path: str, before: Place, after: Place, promise: Promise, looks: Looks
) -> Iterator[Change]:
    had = {*before.get("values", ()), *looks.known.get(path, {}).get("values", ())}
    allowed = promise.values or frozenset()
    for value in sorted(set(after.get("values", ())) - had - allowed):
        shown = "has other values" if value == UNKNOWN else f"can be {value}, other"
        said = f"{shown} than {', '.join(sorted(allowed))}"
        yield _make(looks, promise, Severity.BREAKING, "value", "", value, said)


def _rarer(promise: Promise, looks: Looks) -> Iterator[Change]:
    if promise.required_by is not None:
        said = "is missing in some objects, was in all of them"
        yield _make(looks, promise, Severity.BREAKING, "member-rarer", "always", "sometimes", said)


def _gone(path: str, before: Place, promise: Promise, looks: Looks) -> Iterator[Change]:
    if before.get("presence") != "always":
        return
    kinds, said = " or ".join(before["types"]), "is no longer present"
    if promise.required_by is not None:
        yield _make(looks, promise, Severity.BREAKING, "member-gone", kinds, "", said)
    elif looks.strict or _is_missed(path, before, looks):
        said += "" if looks.strict else " in any of very many objects"
        yield _make(looks, promise, Severity.VISIBLE, "member-gone", kinds, "", said)


def _is_missed(path: str, before: Place, looks: Looks) -> bool:
    """Return whether so many objects lack the member, and so many had it, that it is no matter of data."""
    parent = path.rpartition("/")[0]
    siblings = (place for other, place in looks.after.items() if other.rpartition("/")[0] == parent)
    many = any(one.get("evidence") == "many" for one in siblings)
    return before.get("evidence") == "many" and many and path not in looks.known_now


def _new(path: str, after: Place, promise: Promise, looks: Looks) -> Iterator[Change]:
    kinds = " or ".join(after["types"])
    if promise.forbidden:
        said = f"is now present ({kinds}), where nothing is allowed"
        yield _make(looks, promise, Severity.BREAKING, "member-new", "", kinds, said)
    elif promise.known:
        if looks.strict:
            said = f"is now present ({kinds})"
            yield _make(looks, promise, Severity.COSMETIC, "member-new", "", kinds, said)
    elif path.endswith(f"/{names.OTHER}"):
        if looks.promises.at(path.rpartition("/")[0]).known:
            said = f"is now present ({kinds}): a member whose name may be data"
            yield _make(looks, promise, Severity.VISIBLE, "member-new", "", kinds, said)
    else:
        said = f"is now present ({kinds}); the contract does not know it"
        yield _make(looks, promise, Severity.VISIBLE, "member-new", "", kinds, said)
