"""How a twin can be asked to be: its settings, and the defects that it can inject.

A defect has a name, one sentence, and what is known of it: data, in `defects.toml`. The defect itself is a row of
`edits.toml`, where a change of requests or of answers is all of it; else a branch in the twin's own logic that asks
``world.injects(...)`` for its name at the place where a faulty deployment would go wrong. A test holds them together: a
name that nothing asks for, or one that is asked for and not listed, fails it.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, Protocol, get_args

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from golive.twin.scenarios import Scenario


Kind = Literal["one-response", "two-exchanges", "state"]
Basis = Literal["standard", "documented", "observed", "inferred"]

UNUSUAL_INPUT = "unusual input"
"""The area of the defects that fixed requests are not expected to detect."""


@dataclass(frozen=True)
class DefectFacts:
    """What is known of one defect.

    ``area`` is the part of the contract that it is about. ``kind`` says what it takes to see it:
    "one-response" stands in one answer, whatever was asked; "two-exchanges" shows only when the
    answer is held against what was asked for or against another exchange (for a wrong request that
    is accepted, the right one); "state" shows only after an earlier request that has changed or
    used something up. ``basis`` is how the rule that it breaks is known (contract-facts §0).
    """

    sentence: str
    area: str
    kind: Kind
    basis: Basis

    @property
    def needs_unusual_input(self) -> bool:
        """Whether only input that nobody types reaches it: the business of generated requests."""
        return self.area == UNUSUAL_INPUT

    @property
    def is_advice(self) -> bool:
        """Whether the broken rule is only inferred, so that no verdict may rest on it."""
        return self.basis == "inferred"


def _load() -> dict[str, DefectFacts]:
    table = tomllib.loads(files(__package__).joinpath("defects.toml").read_text("utf-8"))
    facts: dict[str, DefectFacts] = {}
    for area, faults in table.items():
        for name, (kind, basis, sentence) in faults.items():
            if name in facts or kind not in get_args(Kind) or basis not in get_args(Basis):
                raise ValueError(f"defects.toml: {name} is listed twice or has an unknown word")
            facts[name] = DefectFacts(sentence, area, kind, basis)
    return facts


DEFECT_FACTS: Mapping[str, DefectFacts] = MappingProxyType(_load())
"""Name of each defect -> what is known of it, in the order of the areas."""

DEFECTS: Mapping[str, str] = MappingProxyType(
    {name: facts.sentence for name, facts in DEFECT_FACTS.items()}
)
"""Name of each defect -> its sentence."""


def command(name: str) -> str:
    """Return the command line whose run meets the defect: some are reached by generated requests alone."""
    generated = " --generated" if DEFECT_FACTS[name].needs_unusual_input else ""
    return f"golive run twin{generated} --defect {name}"


def chosen(names: Iterable[str]) -> frozenset[str]:
    """Return ``names`` as a set; raise ValueError, with a suggestion, for an unknown one."""
    wanted = frozenset(names)
    for name in sorted(wanted - DEFECTS.keys()):
        near = get_close_matches(name, DEFECTS, n=1)
        hint = (
            f' Did you mean "{near[0]}"?'
            if near
            else " `golive twin --list-defects` lists them all."
        )
        raise ValueError(f'The twin knows no defect "{name}".{hint}')
    return wanted


FORMS = ("jws", "jwe")
MOST_TENANTS = 999

Fields = list[tuple[str, str]]


class ServedAs(Protocol):
    """What makes a twin speak as another deployment does."""

    def read(self, method: str, path: str, query: Sequence[tuple[str, str]]) -> Fields:
        """Return a request's query in the twin's own words."""

    def __call__(
        self, method: str, path: str, status: int, fields: Fields, body: bytes
    ) -> tuple[Fields, bytes]:
        """Return the header fields and the body to send in place of an answer's."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How a twin was asked to be: see `golive.twin.server.Twin` for the meaning and the units."""

    seed: int = 1
    latency: float = 0.0
    token_lifetime: int = 570
    clock_offset: float = 0.0
    visible_after: float = 0.0
    token_form: str = "jws"  # noqa: S105 - a form, no password
    defects: frozenset[str] = frozenset()
    scenario: Scenario | None = None
    served_as: ServedAs | None = None
    accounts_seed: int | None = None
    tenants: int = 0

    def __post_init__(self) -> None:
        """Raise ValueError for what makes no sense."""
        if self.latency < 0:
            raise ValueError("The twin's latency can't be negative.")
        if self.token_lifetime < 1:
            raise ValueError("The twin's tokens must live for at least one second.")
        if self.visible_after < 0:
            raise ValueError("What is written can't be visible before it is written.")
        if not 0 <= self.tenants <= MOST_TENANTS:
            raise ValueError(f"The twin can have 0 to {MOST_TENANTS} further tenants.")
        if self.token_form not in FORMS:
            raise ValueError(f"The twin's tokens have one of the forms {' and '.join(FORMS)}.")
