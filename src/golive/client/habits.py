"""Clients with one bad habit each, at work at a twin, and what the checks say of them.

The clients stand in `suites/client/samples`, beside the checks; what they send goes to this machine, nowhere else.
"""

from __future__ import annotations

import contextlib
import copy
import io
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

import httpx

from golive.client.command import variables
from golive.client.journal import Journal
from golive.client.judging import judge
from golive.environment import find, is_loopback, load
from golive.kit.files import read_yaml, resources
from golive.kit.pointers import REMOVE, steps_of, with_value
from golive.kit.tls import trust
from golive.pytest_plugin.project import CLIENT, SUITES, make_importable
from golive.redaction import REDACTOR
from golive.transport.session import protect, twin_for

if TYPE_CHECKING:
    from collections.abc import Mapping

    from golive.client.judging import Judged
    from golive.contract.document import Contract
    from golive.environment import Environment
    from golive.exchanges.model import Exchange
    from golive.twin import Twin

ENVIRONMENT = "twin"
SAMPLES = (SUITES, CLIENT, "samples")
MODULES = ("sample", "behaviours", "lapses", "signing")
"""Where the clients are, below golive's resources, and their modules there."""


@dataclass(frozen=True)
class Habit:
    """A row of `habits.yaml`, which says what each member means; without `by` it is a good client."""

    name: str
    says: str
    by: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    request: str = ""
    change: Mapping[str, Any] = field(default_factory=dict)
    does: str = "Sample"
    options: Mapping[str, Any] = field(default_factory=dict)
    account: str = "system"
    twin: Mapping[str, Any] = field(default_factory=dict)
    crowded: bool = False


OF_ANY_HABIT = ("client-is-refused-nothing", "client-gets-its-token")
"""What finds each habit that the service refuses, beside the check that names it."""


@cache
def clients() -> tuple[Habit, ...]:
    """Return the clients of `habits.yaml`, in their order."""
    rows: dict[str, dict[str, Any]] = read_yaml(resources().joinpath(*SAMPLES, "habits.yaml"))
    return tuple(_habit(name, row) for name, row in rows.items())


def habits() -> tuple[Habit, ...]:
    """Return the bad habits."""
    return tuple(one for one in clients() if one.by)


def good_clients() -> tuple[Habit, ...]:
    """Return the clients without a bad habit: what a check finds in them is a false positive."""
    return tuple(one for one in clients() if not one.by)


def _habit(name: str, row: dict[str, Any]) -> Habit:
    given: dict[str, Any] = {
        key: tuple(one) if isinstance(one, list) else one for key, one in row.items()
    }
    return Habit(name, **given)


def exchanges_of(habit: Habit, contract: Contract) -> list[Exchange]:
    """Let a client with this habit work at a twin, and return what it asked."""
    environment = load(find(ENVIRONMENT))
    REDACTOR.clear()  # the secrets of the twin before are nobody's any more, and each costs a search
    journal = Journal(contract, io.StringIO())
    twin = twin_for(environment, contract, journal=journal, **habit.twin)
    try:
        journal.address = twin.address
        offered = _offered(environment, twin, habit.account)
        client = _kind(habit.does)(offered, _OnThisMachine(verify=trust(None, nobody=True)))
        vars(client).update(habit.options)
        _acquire(client, habit)
        with contextlib.suppress(httpx.HTTPError, LookupError, StopIteration):  # as a client stops
            client.work()
        if habit.crowded:
            client.read_everything(twin.patients["crowded"])
        client.http.close()
    finally:
        twin.stop()
    return journal.exchanges


def _kind(name: str) -> Any:
    """Return the class of a client."""
    make_importable()
    modules = (import_module(".".join((*SAMPLES, one))) for one in MODULES)
    return next(vars(one)[name] for one in modules if name in vars(one))


def judged(habit: Habit, contract: Contract) -> list[Judged]:
    """Return what each check says of a client with this habit."""
    return judge(exchanges_of(habit, contract), contract)


def _offered(environment: Environment, twin: Twin, name: str) -> dict[str, str]:
    from golive.twin.server import token_url

    environment = environment.with_twin(twin.address, twin.accounts, twin.tokens)
    protect(environment)
    account = twin.accounts[name]
    own = {
        "GOLIVE_TOKEN_URL": token_url(twin, account),
        "GOLIVE_CLIENT_ID": account.client_id,
        "GOLIVE_CLIENT_SECRET": account.client_secret or "",
        "GOLIVE_PRIVATE_KEY": account.private_key_pem or "",
        "GOLIVE_KEY_ID": account.key_id or "",
        "GOLIVE_ALGORITHM": account.algorithm or "",
    }
    return variables(environment) | own


def _acquire(client: Any, habit: Habit) -> None:
    """Let the client change its requests as the habit does."""
    if not habit.change:
        return
    good = client.written

    def written(call: Any) -> Any:
        if habit.request in ("*", call.name):
            call = _changed(copy.deepcopy(call), habit.change, client)
        return good(call)

    client.written = written


def _changed(call: Any, change: Mapping[str, Any], client: Any) -> Any:
    for name, value in change.items():
        match name:
            case "url":
                call.url = call.url.replace(value[0], value[1], 1)
            case "query" | "headers" | "form":
                given = {n: _filled(one, client) for n, one in (value or {}).items()}
                known = getattr(call, name) or {}
                left = {n: one for n, one in (known | given).items() if one is not None}
                setattr(call, name, left if value is not None else None)
            case "body":
                for at, one in value.items():  # a member's name, or a JSON pointer
                    steps = steps_of(at if at.startswith("/") else f"/{at}")
                    call.body = with_value(call.body, steps, REMOVE if one is None else one)
            case "as_json":
                call.body, call.form = call.form, None
            case _:
                setattr(call, name, _filled(value, client))
    return call


def _filled(value: Any, client: Any) -> Any:
    """Return a text with what the client has in place of its words in braces."""
    known = {
        "{secret}": client.offered["GOLIVE_CLIENT_SECRET"],
        "{client}": client.offered["GOLIVE_CLIENT_ID"],
        "{token}": client.held,
        "{session}": f"session={client.held}",
        "{basic}": client.basic(),
    }
    return known.get(value, value) if isinstance(value, str) else value


class _OnThisMachine(httpx.HTTPTransport):
    """The way to the twin; a request raises ValueError where its address is not one of this machine."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Let a request pass to this machine."""
        if not is_loopback(request.url.host):
            raise ValueError(f"{request.url.host} is no address of this machine")
        return super().handle_request(request)
