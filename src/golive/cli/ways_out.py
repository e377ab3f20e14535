"""Every way out of the command line: the exit code of whatever ended it, and what is told on stderr."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from golive.verdict import ExitCode

if TYPE_CHECKING:
    from collections.abc import Callable


def code_of(call: Callable[[], object]) -> int:
    """Call the command line and return the exit code of the way in which it ended."""
    from golive.legible import legible
    from golive.problems import ConfigurationProblem

    legible(sys.stdout)
    legible(sys.stderr)
    try:
        call()
        sys.stdout.flush()
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.exceptions.NoArgsIsHelpError as asked:
        click.echo(asked.format_message())
        return ExitCode.GO
    except click.ClickException as mistake:
        mistake.show()
        return ExitCode.CONFIGURATION
    except ConfigurationProblem as problem:
        click.echo(str(problem), err=True)
        return ExitCode.CONFIGURATION
    except (click.Abort, KeyboardInterrupt):
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        # The reader has seen enough (`golive checks | head`). Python would complain while it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.GO
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else ExitCode.INTERNAL_ERROR
    except Exception as error:  # the last resort: one redacted line, no traceback
        click.echo(f"golive: internal error: {_in_one_line(error)}", err=True)
        return ExitCode.INTERNAL_ERROR
    return ExitCode.GO


def _in_one_line(error: Exception) -> str:
    import traceback

    from golive.redaction import redact

    frame = traceback.extract_tb(error.__traceback__)[-1]
    words = str(error).split("\n")[0]
    return redact(f"{type(error).__name__}: {words} ({Path(frame.filename).name}:{frame.lineno})")
