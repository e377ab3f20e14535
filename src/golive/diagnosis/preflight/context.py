"""One preflight as it runs: what is known so far, what was shown, and how it ends."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NoReturn

from golive.diagnosis.causes import Diagnosis, diagnose
from golive.diagnosis.fields import patient_fields, shown_fields
from golive.diagnosis.preflight.facts import place, proxy_fields, setting_facts
from golive.diagnosis.response_fields import answer_fields, shape_of
from golive.environment import address_of, asked_in_short, is_double, real_host
from golive.exchanges.failures import PROTOCOL, TransportError
from golive.exchanges.model import NO_STATUS
from golive.redaction import redact

if TYPE_CHECKING:
    from collections.abc import Callable

    from golive.diagnosis.causes import Change
    from golive.environment import Environment
    from golive.exchanges.model import Exchange

NAMES = {
    "urls": "without the network",
    "names": "names and TLS",
    "claims": "token's claims and key",
    "api": "API",
    "claimed": "claims",
}
REMARKABLE = {"healed": "api", "clock": "claimed", "scope": "claimed", "certificate": "claimed"}
"""Fields that can be worth a remark where nothing stopped -> the stage of the remark's entry."""

AUTHORITY = re.compile(r"https?://([^/\"]+)")
"""Whom a URL in a line of YAML asks."""

OF_ONE_ANSWER = (
    "status",
    "media",
    "error",
    "urn",
    "subcode",
    "reason",
    "names_reason",
    "unavailable",
)


@dataclass(frozen=True)
class Stage:
    """One stage of preflight and what it showed; `stops` where preflight ends here."""

    name: str
    ok: bool
    detail: str
    stops: bool = False

    def __str__(self) -> str:
        mark = "ok  " if self.ok else "STOP" if self.stops else "note"
        return f"  {mark} {self.name}: {self.detail}"

    def as_dict(self) -> dict[str, object]:
        """Return the stage as JSON can hold it."""
        return {"stage": self.name, "ok": self.ok, "stops": self.stops, "detail": self.detail}


@dataclass
class Preflight:
    """What preflight learnt: its stages, the exchanges by name, and the diagnosis where it stopped.

    `remarks` are causes that stopped nothing, such as a clock that is off. `used_credential` says whether a token
    was granted, that is, whether the credential was used with success; `read_with_success`, whether the API answered
    with it; `undecided` says why preflight could not go on without a cause. `unseen` are the names of the stages that
    showed nothing because there was nothing to be seen from outside.
    """

    stages: list[Stage] = field(default_factory=list)
    made: dict[str, Exchange] = field(default_factory=dict)
    diagnosis: Diagnosis | None = None
    remarks: list[Diagnosis] = field(default_factory=list)
    used_credential: bool = False
    read_with_success: bool = False
    undecided: str | None = None
    unseen: list[str] = field(default_factory=list)


class StopError(Exception):
    """Preflight ends here."""


class PreflightContext:
    """The state of one preflight; the stages write into it."""

    def __init__(
        self, environment: Environment, on_stage: Callable[[Stage], None], *, deep: bool
    ) -> None:
        self.environment, self.deep = environment, deep
        self.preflight = Preflight()
        self.stage = "environment"
        self.facts: dict[str, Any] = setting_facts(environment)
        self.evidence: list[str] = []
        self._on_stage = on_stage

    def showed(self, name: str, detail: str, *, ok: bool = True) -> None:
        """Add a stage that is in order, or one that showed something odd and stops nothing."""
        self._add(Stage(name, ok, detail))

    def unseen(self, name: str, why: str) -> None:
        """Note what could not be seen from outside; that stops nothing and proves nothing."""
        self.preflight.unseen.append(name)
        self.showed(name, why, ok=False)

    def stop_if_unserved(self, exchange: Exchange) -> None:
        """End preflight where an answer is not HTTP, or only says "not now"."""
        if exchange.status == NO_STATUS:
            self.unreachable(TransportError(PROTOCOL, real_host(exchange.request.url)))
            raise StopError
        if exchange.unavailable:
            self.stop(exchange)

    def stop(self, exchange: Exchange, **more: object) -> NoReturn:
        """End preflight with the cause that this answer has."""
        found = shown_fields(answer_fields(exchange))
        if found["media"] == "none":
            found["body_seen"] = "nothing"
        host = real_host(exchange.request.url)
        if self.stage == "api":
            found |= patient_fields(exchange.request.url)
        self.facts.update({**found, **more}, stage=self.stage, host=host)
        said = ", ".join(
            f"{n} {found[n]}" for n in ("error", "subcode", "urn", "kid") if found.get(n)
        )
        asked = asked_in_short(exchange.request.url)
        self.evidence.append(f"{asked} answered {exchange.status}" + (f" ({said})" if said else ""))
        if not said:
            self.evidence.append(f"what came: {shape_of(exchange)}")
        ids = ", ".join(f"{name} {value}" for name, value in exchange.correlation.items())
        if ids:
            self.evidence.append(f"at {exchange.summary()['sent_at']}, {ids}")
        reason = self.facts["reason"]
        short = f"status {exchange.status}"
        self.end(short if reason == short else f"{short} ({reason})")

    def unreachable(self, error: TransportError) -> None:
        """End preflight where no answer came."""
        failure = error.failure
        self.facts.update(
            proxy_fields(self.environment, error.host),
            stage=self.stage,
            host=error.host,
            kind=failure.kind,
            status=failure.status,
            unreachable=True,
            happened=failure.happened,
            next_step=failure.next_step,
            reason=failure.happened,
        )
        self.evidence.append(str(error))
        self._conclude(failure.happened)

    def blocked(self, kind: str, reason: str, **more: object) -> None:
        """End preflight where a request could not be made for a reason on this side."""
        self.facts.update({"stage": self.stage, "kind": kind, "reason": reason, **more})
        self._conclude(reason)

    def end(self, detail: str) -> NoReturn:
        """End preflight with the cause that the facts have."""
        self._conclude(detail)
        raise StopError

    def remark(self) -> None:
        """Note what stopped nothing and is still worth a word."""
        for name, stage in REMARKABLE.items():
            others = {*REMARKABLE, *OF_ONE_ANSWER} - {name}
            facts = {key: value for key, value in self.facts.items() if key not in others}
            found = self.diagnose({**facts, "stage": stage})
            if found.id != "unknown":
                self.preflight.remarks.append(found)

    def diagnose(self, facts: dict[str, Any]) -> Diagnosis:
        """Return the cause of these facts with the evidence so far."""
        found = diagnose(facts, tuple(self.evidence), lambda key: place(self.environment, key))
        return replace(found, change=None) if self._leads_away(found.change) else found

    def _leads_away(self, change: Change | None) -> bool:
        """Return whether a change would send what is meant for a server on this machine to a real one."""
        led = AUTHORITY.search(change.text) if change and change.place else None
        asked = (self.environment.token.url, self.environment.api.base_url)
        return (
            led is not None and any(map(is_double, asked)) and led[1] not in map(address_of, asked)
        )

    def _conclude(self, detail: str) -> None:
        self._add(Stage(NAMES.get(self.stage, self.stage), False, detail, stops=True))
        self.preflight.diagnosis = self.diagnose(self.facts)

    def _add(self, stage: Stage) -> None:
        stage = replace(stage, detail=redact(stage.detail))
        self.preflight.stages.append(stage)
        self._on_stage(stage)
