"""The walk before the checks: environment → names and TLS → token → its claims and key → the API, once.

It uses the objects of the run and keeps the exchanges that it made, so the checks read the same ones. It
stops at the first stage that makes every check meaningless, with one cause. An answer that is merely wrong
is no stop for a run: the checks say what is wrong with it. The doctor walks the same way, `deep`: for it that is
a stop as well, and it also asks for what else the environment claims.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Literal

from golive.contract.outcomes import CouldNotTellError
from golive.diagnosis.preflight.context import Course, Stage, StopError, Walk
from golive.diagnosis.preflight.offline import environment_stage
from golive.diagnosis.preflight.stages import claimed, names, read_api, token
from golive.diagnosis.preflight.token_stage import token_itself
from golive.environment import Safety
from golive.exchanges.failures import BudgetSpentError, TransportError
from golive.transport.budget import roomy
from golive.transport.token import NotGrantedError, UnusableKeyError

if TYPE_CHECKING:
    from collections.abc import Callable

    from golive.environment import Environment
    from golive.transport.api import ApiCalls
    from golive.transport.token import TokenClient


def walk(
    environment: Environment,
    api: ApiCalls,
    tokens: TokenClient,
    tell: Callable[[Stage], None] = lambda _: None,
    *,
    deep: bool = False,
    until: Literal["names", "token", "api"] = "api",
) -> Walk:
    """Walk the stages up to `until`; `tell` is called with each as it ends."""
    course = Course(environment, tell, deep=deep)
    try:
        _go(course, api, tokens, until)
    except StopError:
        pass
    except TransportError as error:
        course.unreachable(error)
    except BudgetSpentError as error:
        course.stuck("budget", str(error), budget=error.larger)
    except UnusableKeyError as error:
        course.stuck("private-key", str(error))
    except NotGrantedError as error:
        course.stuck("second-token", error.cause)
    except CouldNotTellError as error:
        # What came back is too odd to go on with: the checks judge it.
        course.walk.undecided = error.cause
        course.failed("API", f"not asked: {error.cause}")
    return course.walk


def too_large(
    environment: Environment, least: int, tell: Callable[[Stage], None] = lambda _: None
) -> Walk:
    """Stop before the walk: the selection needs at least so many requests, more than the budget has."""
    course = Course(environment, tell, deep=False)
    course.stage = "budget"
    reason = f"it needs at least {least} requests, and the budget has {environment.safety.budget}"
    # What comes after a write or for an item of a list was not counted, and is about as much again.
    course.stuck("selection", reason, budget=max(Safety().budget, roomy(2 * least)))
    return course.walk


def examine(environment: Environment, tell: Callable[[Stage], None] = lambda _: None) -> Walk:
    """Walk only the stages that need no network."""
    course = Course(environment, tell, deep=True)
    with suppress(StopError):
        environment_stage(course, offline=True)
    return course.walk


def _go(course: Course, api: ApiCalls, tokens: TokenClient, until: str) -> None:
    environment_stage(course)
    names(course, tokens)
    granted = token(course, tokens) if until != "names" else None
    if granted is None:
        return
    token_itself(course, granted)
    if until == "token":
        return
    first = read_api(course, api, tokens)
    if course.deep:
        claimed(course, api, first)
    course.remark()
