"""Two fingerprints, situation by situation: what changed, what it touches, and how serious it is.

Situations that only one of the runs asked are named and are no change: a run may be a part of another.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from golive.contract.catalogue import load
from golive.contract.operations import ADDRESS
from golive.drift import places
from golive.drift.change import Change, Comparison, Severity, grouped
from golive.drift.observation import KEY_SET, TOKEN, Reader, schema_of
from golive.drift.shape import Shape, merged

if TYPE_CHECKING:
    from collections.abc import Iterator

    from golive.contract.document import Contract
    from golive.contract.operations import Operation
    from golive.drift.fingerprint import Fingerprint
from golive.drift.observation import Situation

PROMISED = {
    "www-authenticate": (Severity.BREAKING, "standard"),  # RFC 9110 §11.6.1
    "cache-control": (Severity.BREAKING, "standard"),  # RFC 6749 §5.1
    "pragma": (Severity.BREAKING, "standard"),  # RFC 6749 §5.1
    "cerner-correlation-id": (Severity.VISIBLE, "observed"),  # contract-facts §5
}
"""Header fields that somebody relies on and no OpenAPI response describes."""


class Comparing:
    """The comparison of two fingerprints."""

    def __init__(self, first: Fingerprint, second: Fingerprint, contract: Contract) -> None:
        self.first, self.second, self.contract = first, second, contract
        self.reader = Reader(contract)
        self.known = _known(first)
        self.known_now = _known(second)
        self.cases = {case.id: case for case in load(contract.folder)}

    def compare(self) -> Comparison:
        """Return every change from the first to the second."""
        one, other = self.first.situations, self.second.situations
        both = sorted(one.keys() & other.keys())
        changes = grouped(change for name in both for change in self._of(name))
        only_first, only_second = (
            sorted(one.keys() - other.keys()),
            sorted(other.keys() - one.keys()),
        )
        keys = frozenset(change.key for change in changes)
        return Comparison(changes, len(both), tuple(only_first), tuple(only_second), keys)

    def _of(self, name: str) -> Iterator[Change]:
        """Yield what changed in one situation."""
        readers = {*self.first.checks.get(name, ()), *self.second.checks.get(name, ())}
        checks = tuple(sorted(readers))
        for change in self._changes(self.first.situations[name], self.second.situations[name]):
            basis = self._basis(name, change)
            yield replace(change, situations=(name,), checks=checks, basis=basis)

    def _basis(self, name: str, change: Change) -> str:
        """Say how a refusal is known by its row, where the change is about the refusal itself."""
        case = self.cases.get(name)
        if case is None or change.kind not in {"status", "reason"}:
            return change.basis
        about = "status" if change.kind == "status" else change.at.rpartition(":")[2]
        known = [label.basis for what, _, label in case.demands(of_oracle=True) if what == about]
        return str(known[0] if known else case.basis)

    def _changes(self, before: Situation, after: Situation) -> Iterator[Change]:
        operation, status = after["operation"], after["status"]
        if before["status"] != status:
            yield self._status(operation, before["status"], status)
            return
        yield from self._facts(operation, _facts_of(before), _facts_of(after))
        yield from self._headers(operation, status, before, after)
        yield from self._places(operation, status, before, after)

    def _status(self, operation: str, was: int, now: int) -> Change:
        severity = Severity.VISIBLE if was // 100 == now // 100 else Severity.BREAKING
        said = f"answered with {now}, was {was}"
        one = self._plain(operation, "status", str(was), str(now), said, severity)
        known = self.contract.operations.get(operation)
        if known is None:
            return one
        return replace(one, basis=known.response(was).get("x-basis", one.basis))

    def _plain(
        self, operation: str, at: str, was: str, now: str, said: str, severity: Severity
    ) -> Change:
        known = self.contract.operations.get(operation)
        node = f"{known.document}#{known.pointer}/responses" if known else ""
        basis = "documented" if known else "standard"
        return Change(severity, at.split(":")[0], operation, at, was, now, said, basis, node)

    def _facts(
        self, operation: str, before: dict[str, str], after: dict[str, str]
    ) -> Iterator[Change]:
        for at in before.keys() | after.keys():
            was, now = before.get(at, "none"), after.get(at, "none")
            if was == now or (at == "lifetime" and "none" in (was, now)):
                continue
            if at == "body" and before["media type"] != after["media type"]:
                continue  # the other type says it
            kind, _, of = at.partition(":")
            severity, said = SAID[kind]
            if kind == "keys" and NUMBERS.index(now) > NUMBERS.index(was):
                severity = Severity.COSMETIC
            shown = FORMS if at == "body" else {}
            said = said.format(of=of, was=shown.get(was, was), now=shown.get(now, now))
            yield self._plain(operation, at, was, now, said, severity)

    def _headers(
        self, operation: str, status: int, before: Situation, after: Situation
    ) -> Iterator[Change]:
        known = self.contract.operations.get(operation)
        described = {k.lower(): v for k, v in (known.headers(status) if known else {}).items()}
        had, has = set(before["headers"]), set(after["headers"])
        for name in sorted(had ^ has):
            node = described.get(name)
            gone = name in had
            if node is not None and not node.get("required"):
                continue  # opc-next-page comes where there is a next page
            severity, basis = PROMISED.get(name, (Severity.COSMETIC, "unknown"))
            if node is not None:
                severity, basis = Severity.BREAKING, node.get("x-basis", "documented")
            where = f"{_response_pointer(known, status)}/headers" if known else ""
            address = f"{known.document}#{where}" if known else ""
            about = (operation, f"header:{name}")
            if gone:
                said = ("present", "", "is no longer present")
                yield Change(severity, "header-gone", *about, *said, basis, address)
            else:
                said = ("", "present", "is now present")
                yield Change(Severity.COSMETIC, "header-new", *about, *said, basis, address)

    def _places(
        self, operation: str, status: int, before: Situation, after: Situation
    ) -> Iterator[Change]:
        strict = status >= REFUSED or operation in {TOKEN, KEY_SET}
        for part in sorted(before["shapes"].keys() & after["shapes"].keys()):
            if part == "body":
                schema = schema_of(self.contract, operation, status)
            else:
                name = part.replace("token ", "access-token-")
                schema = f"{ADDRESS}oauth/{name}.schema.json"
            about = (operation, part)
            shapes = before["shapes"][part], after["shapes"][part]
            known = ({}, {}) if strict else (self.known[about], self.known_now[about])
            promises = self.reader.promises(schema)
            yield from places.changes(places.Looks(*about, *shapes, *known, promises, strict))


REFUSED = 400
NUMBERS = ("none", "one", "several")
SAID = {
    "media type": (Severity.BREAKING, "the media type is {now}, was {was}"),
    "body": (Severity.BREAKING, "the body is {now}, was {was}"),
    "reason": (Severity.VISIBLE, "the reason of the refusal ({of}) is {now}, was {was}"),
    "token": (Severity.VISIBLE, "the token is of the form {now}, was {was}"),
    "lifetime": (Severity.VISIBLE, "a token lives for {now} seconds, was {was}"),
    "keys": (Severity.VISIBLE, "keys of the kind {of}: {now}, was {was}"),  # or cosmetic: more
}
"""By the kind of a fact: how serious it is that it is another one, and the sentence that says so."""

FORMS = {"json": "JSON", "empty": "empty", "other": "not JSON", "broken": "cut off"}


def _facts_of(situation: Situation) -> dict[str, str]:
    """Return what a situation says in single words, by the place of a change of it."""
    facts = {"media type": situation["media_type"] or "none", "body": situation["form"]}
    facts |= {f"reason:{kind}": word for kind, word in situation.get("reasons", {}).items()}
    facts |= {f"keys:{kind}": number for kind, number in situation.get("keys", {}).items()}
    others = {"token": situation.get("token_form"), "lifetime": situation.get("lifetime")}
    return facts | {at: str(said) for at, said in others.items() if said is not None}


def _response_pointer(operation: Operation, status: int) -> str:
    """Return where a status is described, or would be."""
    described = operation.description["responses"]
    family = f"{status // 100}XX"
    named = family if str(status) not in described and family in described else str(status)
    return f"{operation.pointer}/responses/{named}"


def _known(found: Fingerprint) -> dict[tuple[str, str], Shape]:
    """Return all that a run saw of each part of each operation's successes, in any situation."""
    known: dict[tuple[str, str], Shape] = {}
    for one in found.situations.values():
        for part, shape in one["shapes"].items():
            if one["status"] < REFUSED:
                about = one["operation"], part
                known[about] = merged(known[about], shape) if about in known else shape
    return known


def compare(first: Fingerprint, second: Fingerprint, contract: Contract) -> Comparison:
    """Return what changed from the first run to the second.

    The twin has what golive assumes where no public text says it: that a service has something else breaks nothing.
    """
    found = Comparing(first, second, contract).compare()
    if first.twin and not second.twin:
        changes = tuple(sorted(map(_assumed, found.changes), key=lambda one: one.severity.rank))
        return replace(found, changes=changes)
    return found


def _assumed(change: Change) -> Change:
    if change.basis not in {"inferred", "unknown"}:
        return change
    was, now = change.before or "nothing", change.after or "nothing"
    sentence = f"golive assumes {was} here; it is {now}"
    return replace(change, severity=Severity.COSMETIC, sentence=sentence)
