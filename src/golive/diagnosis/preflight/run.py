"""Preflight: environment → names and TLS → token → its claims and key → the API, once.

It uses the objects of the run and keeps the exchanges that it made, so the checks read the same ones. It
stops at the first stage that makes every check meaningless, with one cause. An answer that is merely wrong
is no stop for a run: the checks say what is wrong with it. The doctor runs the same stages, `deep`: for it that is
a stop as well, and it also asks for what else the environment claims.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Literal

from golive.contract.outcomes import CouldNotTellError
from golive.diagnosis.preflight.context import Preflight, PreflightContext, Stage, StopError
from golive.diagnosis.preflight.offline import environment_stage, token_itself
from golive.diagnosis.preflight.stages import claimed, names, read_api, token
from golive.environment import Safety
from golive.exchanges.failures import BudgetSpentError, TransportError
from golive.transport.budget import roomy
from golive.transport.credentials import UnusableKeyError
from golive.transport.token import NotGrantedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from golive.environment import Environment
    from golive.transport.api import ApiCalls
    from golive.transport.token import TokenClient


def run_preflight(
    environment: Environment,
    api: ApiCalls,
    tokens: TokenClient,
    on_stage: Callable[[Stage], None] = lambda _: None,
    *,
    deep: bool = False,
    until: Literal["names", "token", "api"] = "api",
) -> Preflight:
    """Run the stages up to `until`; `on_stage` is called with each as it ends."""
    context = PreflightContext(environment, on_stage, deep=deep)
    try:
        _go(context, api, tokens, until)
    except StopError:
        pass
    except TransportError as error:
        context.unreachable(error)
    except BudgetSpentError as error:
        context.blocked("budget", str(error), budget=error.larger)
    except UnusableKeyError as error:
        context.blocked("private-key", str(error))
    except NotGrantedError as error:
        context.blocked("second-token", error.cause)
    except CouldNotTellError as error:
        # What came back is too odd to go on with: the checks judge it.
        context.preflight.undecided = error.cause
        context.showed("API", f"not asked: {error.cause}", ok=False)
    return context.preflight


def too_large(
    environment: Environment, least: int, on_stage: Callable[[Stage], None] = lambda _: None
) -> Preflight:
    """Stop before preflight: the selection needs at least so many requests, more than the budget has."""
    context = PreflightContext(environment, on_stage, deep=False)
    context.stage = "budget"
    reason = f"it needs at least {least} requests, and the budget has {environment.safety.budget}"
    # What comes after a write or for an item of a list was not counted, and is about as much again.
    context.blocked("selection", reason, budget=max(Safety().budget, roomy(2 * least)))
    return context.preflight


def examine(
    environment: Environment, on_stage: Callable[[Stage], None] = lambda _: None
) -> Preflight:
    """Run only the stages that need no network."""
    context = PreflightContext(environment, on_stage, deep=True)
    with suppress(StopError):
        environment_stage(context, offline=True)
    return context.preflight


def _go(context: PreflightContext, api: ApiCalls, tokens: TokenClient, until: str) -> None:
    environment_stage(context)
    names(context, tokens)
    granted = token(context, tokens) if until != "names" else None
    if granted is None:
        return
    token_itself(context, granted)
    if until == "token":
        return
    first = read_api(context, api, tokens)
    if context.deep:
        claimed(context, api, first)
    context.remark()
