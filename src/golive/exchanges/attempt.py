"""One exchange, tried: what stops it is a result as well, distinguished by who is to blame."""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

from golive.contract.outcomes import (
    BrokenError,
    CouldNotTellError,
    InvalidRequestError,
    NotClaimedError,
    SuiteError,
)
from golive.exchanges.failures import BudgetSpentError, ForbiddenRequestError, TransportError
from golive.exchanges.model import Exchange, Made, Steps
from golive.kit.problems import shown_path
from golive.redaction import redact

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

SUITES = "suites"
"""The folder of what suites are made of, golive's and a project's own."""

Stop = CouldNotTellError | NotClaimedError | SuiteError
Result = Made | Stop


def attempt(make: Callable[..., Made], arguments: Mapping[str, Any]) -> Result:
    """Call an exchange definition; what stops it becomes its result, distinguished by who is to blame."""
    try:
        made = make(**arguments)
    except (CouldNotTellError, NotClaimedError, SuiteError) as stop:
        return _with_place(make, stop)
    except BrokenError as stop:  # a check that reads the same answer reports it
        return CouldNotTellError(
            f"{make.__name__} can't be asked for, as an answer before it is broken: {stop}",
            next_step="Fix that finding first.",
            unsettled_shape=True,
        )
    except TransportError as stop:
        failure = stop.failure
        return CouldNotTellError(
            str(stop), next_step=failure.next_step, configuration=failure.configuration
        )
    except BudgetSpentError as stop:
        return CouldNotTellError(str(stop), next_step=stop.next_step, configuration=True)
    except UnicodeEncodeError:  # half a character of an answer before it, which no request can hold
        return CouldNotTellError(
            f"{make.__name__} can't be asked for, as an answer before it holds half a character",
            next_step="Settle the findings about that answer first.",
            unsettled_shape=True,
        )
    except ForbiddenRequestError as stop:
        return SuiteError(f"a request was refused before it was sent: {stop}")
    except Exception as error:
        where = _where(make, error)
        return SuiteError(redact(f"{make.__name__}: {type(error).__name__}: {error} ({where})"))
    if not isinstance(made, Exchange | Steps):
        return SuiteError(f"{make.__name__} made {type(made).__name__}, not an exchange or Steps")
    exchanges = [made] if isinstance(made, Exchange) else list(made.values())
    for exchange in exchanges:
        if exchange.unavailable:
            return unavailable(exchange)
        if exchange.request.operation and exchange.intercepted:
            return _intercepted(exchange)
    return made


def unavailable(exchange: Exchange) -> CouldNotTellError:
    """Say that the service did not serve: 429, 502, 503 or 504."""
    from golive.environment import real_host

    host = real_host(exchange.request.url)
    return CouldNotTellError(
        f"{host} answered {exchange.status}: the service is not available now",
        next_step="Run again later; if it lasts, ask Oracle with the time and the correlation id.",
    )


def _intercepted(exchange: Exchange) -> CouldNotTellError:
    """Say that a request did not get through: the page that came says nothing about the service."""
    from golive.environment import real_host

    host = real_host(exchange.request.url)
    return CouldNotTellError(
        f"a web page without any id of the service answered for {host}: a proxy or a sign-in page",
        next_step="Open the way for this machine, or name the proxy in `safety.proxy`.",
        configuration=True,
    )


def _with_place(make: Callable[..., Made], stop: Stop) -> Stop:
    """Say of a request that its author has to correct where it is made."""
    if not isinstance(stop, InvalidRequestError):
        return stop
    return InvalidRequestError(f"{_where(make, stop)}: {make.__name__}: {stop}")


def _where(make: Callable[..., Made], error: BaseException) -> str:
    """Say where an author's code stopped: the last place in the suites, whatever golive did below it."""
    frames = traceback.extract_tb(error.__traceback__)
    theirs = [one for one in frames if SUITES in Path(one.filename).parts or _is_of(make, one)]
    place = (theirs or frames)[-1]
    return f"{shown_path(Path(place.filename))}:{place.lineno}"


def _is_of(make: Callable[..., Made], frame: traceback.FrameSummary) -> bool:
    return bool(make.__code__.co_filename == frame.filename)
