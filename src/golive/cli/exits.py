"""Every way out of the command line: the exit code of whatever ended it, and what is printed on stderr."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from golive.checks.verdict import ExitCode

if TYPE_CHECKING:
    from collections.abc import Callable


def code_of(call: Callable[[], object], *, decides: bool = False) -> int:
    """Call the command line and return what it returned, or the exit code of the way in which it ended.

    Where the code `decides`, it is the same whether or not anybody could read what was printed. Elsewhere what
    is printed is all there is: a full disk is reported, a reader who has seen enough is not.
    """
    from golive.kit.streams import READER_LEFT, lasting_streams, legible

    with lasting_streams() as (out, err):
        legible(out)
        legible(err)
        code = _ended(call)
        out.flush()
        if code == ExitCode.GO and out.lost and not decides and out.lost.errno not in READER_LEFT:
            click.echo(f"Error: the output can't be written: {out.lost.strerror}.", err=True)
            return ExitCode.CONFIGURATION
        return code


def _ended(call: Callable[[], object]) -> int:
    from golive.kit.problems import ConfigurationProblem, place_of

    try:
        returned = call()
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
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else ExitCode.INTERNAL_ERROR
    except Exception as error:  # the last resort: one redacted line, no traceback
        from golive.redaction import redact

        words = str(error).split("\n")[0]
        told = redact(f"{type(error).__name__}: {words} ({place_of(error)})")
        click.echo(f"golive: internal error: {told}", err=True)
        return ExitCode.INTERNAL_ERROR
    return returned if isinstance(returned, int) else ExitCode.GO
