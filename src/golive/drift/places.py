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

    from golive.drift.promises import Promises
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
        for one in _At(path, looks).changes():
            changed += [path] if one.kind in {"type", "member-gone", "member-new"} else []
            at = path or "/"
            yield replace(one, at=at if looks.part == "body" else f"{looks.part} {at}")


class _At:
    """One place in both runs, and what is promised of it."""

    def __init__(self, path: str, looks: Looks) -> None:
        self.path, self.looks = path, looks
        self.before, self.after = looks.before.get(path), looks.after.get(path)
        self.promise = looks.promises.at(path)

    def changes(self) -> Iterator[Change]:
        """Yield what changed here."""
        before, after, looks = self.before, self.after, self.looks
        if before and after:
            yield from self._type(before, after)
            yield from self._values(before, after)
            if before.get("presence") == "always" and after.get("presence") == "sometimes":
                yield from self._rarer()
            return
        parent, _, step = self.path.rpartition("/")
        sides = (looks.before, looks.after)
        held = all("object" in side.get(parent, {}).get("types", ()) for side in sides)
        if step == names.ITEM or not held:
            return  # an empty list, or an object that was not there: data
        if before and step != names.OTHER:
            yield from self._gone(before)
        elif after and self.path not in looks.known:
            yield from self._new(" or ".join(after["types"]))

    def _change(self, severity: Severity, kind: str, was: str, now: str, said: str) -> Change:
        node = self.promise.required_by if kind.startswith("member-") else None
        node = node or self.promise.node
        known = self.promise.basis, node.address if node else ""
        return Change(severity, kind, self.looks.operation, "", was, now, said, *known)

    def _type(self, before: Place, after: Place) -> Iterator[Change]:
        promise = self.promise
        had = {*before["types"], *self.looks.known.get(self.path, before)["types"]}
        now = set(after["types"])
        new = now - had - ({"integer"} if "number" in had else set())
        if new == {"number"} and "integer" in had and promise.known and "number" in promise.types:
            return
        was, became = " or ".join(sorted(before["types"])), " or ".join(sorted(now))
        if new == {"null"}:
            forbidden = promise.known and "null" not in promise.types
            severity = Severity.BREAKING if forbidden else Severity.VISIBLE
            yield self._change(severity, "null", was, became, f"can be null, was always {was}")
        elif new:
            yield self._change(Severity.BREAKING, "type", was, became, f"is {became}, was {was}")

    def _values(self, before: Place, after: Place) -> Iterator[Change]:
        known = self.looks.known.get(self.path, {})
        had = {*before.get("values", ()), *known.get("values", ())}
        allowed = self.promise.values or frozenset()
        for value in sorted(set(after.get("values", ())) - had - allowed):
            shown = "has other values" if value == UNKNOWN else f"can be {value}, other"
            said = f"{shown} than {', '.join(sorted(allowed))}"
            yield self._change(Severity.BREAKING, "value", "", value, said)

    def _rarer(self) -> Iterator[Change]:
        if self.promise.required_by is not None:
            words = ("always", "sometimes", "is missing in some objects, was in all of them")
            yield self._change(Severity.BREAKING, "member-rarer", *words)

    def _gone(self, before: Place) -> Iterator[Change]:
        if before.get("presence") != "always":
            return
        kinds, said = " or ".join(before["types"]), "is no longer present"
        strict = self.looks.strict
        if self.promise.required_by is not None:
            yield self._change(Severity.BREAKING, "member-gone", kinds, "", said)
        elif strict or self._is_missed(before):
            said += "" if strict else " in any of very many objects"
            yield self._change(Severity.VISIBLE, "member-gone", kinds, "", said)

    def _is_missed(self, before: Place) -> bool:
        """Return whether so many objects lack the member, and so many had it, that it is no matter of data."""
        parent = self.path.rpartition("/")[0]
        there = self.looks.after.items()
        siblings = (place for other, place in there if other.rpartition("/")[0] == parent)
        many = any(one.get("evidence") == "many" for one in siblings)
        return before.get("evidence") == "many" and many and self.path not in self.looks.known_now

    def _new(self, kinds: str) -> Iterator[Change]:
        said, severity = f"is now present ({kinds})", Severity.VISIBLE
        if self.promise.forbidden:
            severity = Severity.BREAKING
            said += ", where nothing is allowed"
        elif self.promise.known:
            if not self.looks.strict:
                return
            severity = Severity.COSMETIC
        elif not self.path.endswith(f"/{names.OTHER}"):
            said += "; the contract does not know it"
        elif self.looks.promises.at(self.path.rpartition("/")[0]).known:
            said += ": a member whose name may be data"
        else:
            return
        yield self._change(severity, "member-new", "", kinds, said)
