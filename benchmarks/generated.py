"""How much generated requests find: one lie at a time, and honest twins with many seeds.

    python benchmarks/generated.py                   both tables
    python benchmarks/generated.py --seeds 5 --only year-1-breaks-the-server

For each lie that only unusual input reaches, one twin tells that lie alone and is explored with the profile
gate until a first rule is broken, which is then shrunk. For each seed an honest twin is
explored; every finding there is a false one. Requests are timed one by one; the sum is what a run spends on
requests, apart from the drawing and shrinking around them.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from golive.contract.document import Contract
from golive.environment import find, load
from golive.fuzz.explore import VIOLATIONS, Generated, explore
from golive.fuzz.rules import RULES, sequences
from golive.fuzz.send import usable
from golive.kit.files import resources
from golive.pytest_plugin.options import protect
from golive.transport.api import MessagesApi
from golive.transport.client import ApiClient
from golive.transport.token import TokenClient
from golive.twin import DEFECT_FACTS, Twin

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_SECONDS = 60.0
LEAST_FOUND = 0.95


@dataclass(frozen=True)
class Explored:
    """One exploration: rules broken and by what, requests, seconds in requests, seconds in all."""

    broken: tuple[str, ...]
    requests: int
    in_requests: float
    seconds: float


class _Timed(ApiClient):
    """The one door with a clock on it."""

    in_requests = 0.0

    def _receive(self, *arguments: object) -> object:  # type: ignore[override]
        start = time.perf_counter()
        try:
            return super()._receive(*arguments)  # type: ignore[arg-type]
        finally:
            self.in_requests += time.perf_counter() - start


def broken_by(kept: Generated, contract: Contract, environment: object) -> Iterator[str]:
    """Yield rule and oddity of each violation among the kept witnesses."""
    for names in kept.groups:
        group = tuple(kept[name] for name in names)
        odd = kept.unusual[names[0]]
        for name, rule in RULES.items():
            if any(list(rule(one, contract, environment)) for one in group):  # type: ignore[arg-type]
                yield f"{name} at {odd}"
        for name, sequence in sequences().items():
            if list(sequence(group)):
                yield f"{name} at {odd}"


def run(contract: Contract, *, seed: int, defects: tuple[str, ...] = ()) -> Explored:
    """Explore every operation of a twin that tells these lies."""
    start = time.perf_counter()
    environment = load(find("twin"))
    environment = replace(environment, generated=replace(environment.generated, seed=seed))
    with Twin(defects=defects) as twin:
        environment = environment.with_twin(twin.address, twin.accounts, twin.tokens)
        protect(environment)
        client = _Timed(environment)
        try:
            api = MessagesApi(client, TokenClient(client), environment, contract)
            broken: list[str] = []
            for operation in (one.operation_id for one in usable(environment, contract)):
                most = 1 if defects else VIOLATIONS
                kept = explore(api, environment, contract, operation, most=most)
                found = broken_by(kept, contract, environment)
                broken += [f"{operation}: {one}" for one in found]
                if broken and defects:
                    break
        finally:
            client.close()
    seconds = time.perf_counter() - start
    return Explored(tuple(broken), client.generated_requests, client.in_requests, seconds)


def main() -> int:
    """Print both tables; return 1 where a target is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=20, help="honest twins (default: 20)")
    parser.add_argument("--seed", type=int, default=1, help="seed of the lying twins' requests")
    parser.add_argument("--only", action="append", default=[], help="only this lie; repeatable")
    given = parser.parse_args()
    contract = Contract(resources() / "schemas")
    faults = given.only or [n for n, facts in DEFECT_FACTS.items() if facts.needs_unusual_input]
    found, in_requests, requests, seconds = 0, 0.0, 0, 0.0
    print(f"{'fault, one at a time':<48}{'found':>6}{'requests':>10}{'s in them':>11}  first by")
    for fault in faults:
        one = run(contract, seed=given.seed, defects=(fault,))
        found += bool(one.broken)
        in_requests, requests, seconds = (
            in_requests + one.in_requests,
            requests + one.requests,
            seconds + one.seconds,
        )
        first = one.broken[0] if one.broken else ""
        print(
            f"{fault:<48}{'yes' if first else 'NO':>6}{one.requests:>10}{one.in_requests:>11.2f}  {first}",
            flush=True,
        )
    print(
        f"{found} of {len(faults)} found; {requests} requests, {in_requests:.1f} s in them, {seconds:.0f} s in all"
    )
    false = 0
    for seed in range(1, given.seeds + 1):
        one = run(contract, seed=seed)
        false += len(one.broken)
        print(
            f"honest twin, seed {seed}: {len(one.broken)} findings, {one.requests} requests",
            *one.broken,
            sep="\n  ",
            flush=True,
        )
    print(f"{false} findings on {given.seeds} honest twins")
    missed = found < LEAST_FOUND * len(faults) or in_requests > MOST_SECONDS or false
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
