"""`golive twin`: the twin by itself, for people with curl or Postman."""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING, Any

import click

from golive.twin import DEFECTS, Twin

if TYPE_CHECKING:
    from collections.abc import Callable


def serve(*, port: int, wait: Callable[[], object] | None = None, **settings: Any) -> None:
    """Start a twin, say how to use it, and stop it on Ctrl-C or SIGTERM.

    `settings` are those of `golive.twin.Twin`; `wait` blocks until the twin should end. Raises
    click.ClickException when the port is taken or a setting is wrong.
    """
    from golive.twin.announce import announcement

    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, _as_interrupt)
    try:
        twin = Twin(port=port, **settings).start()
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        raise click.ClickException(
            f"port {port} can't be used: {error.strerror}. Choose another one with --port, or none."
        ) from None
    try:
        click.echo(announcement(twin))
        click.echo("Press Ctrl-C to stop it.")
        (wait or threading.Event().wait)()
    except KeyboardInterrupt:
        click.echo("The twin has stopped.")
    finally:
        twin.stop()


def defect_list() -> str:
    """Return the names of all defects, each with its sentence."""
    longest = max(map(len, DEFECTS))
    return "\n".join(f"{name:<{longest}}  {sentence}" for name, sentence in DEFECTS.items())


def _as_interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt
