"""What a person is told of a violation: what was odd, how to see it again, a curl command without secrets.

A shrunk text may still be thousands of characters long where the length is what matters, so a long run of
one character is written as the shell would make it.
"""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

from golive.environment import available
from golive.problems import shown_path
from golive.redaction import VAULT, redact, redact_url

if TYPE_CHECKING:
    from golive.environment import Environment
    from golive.exchange import Request

RUN_OF_ONE = re.compile(r"((?:%[0-9A-F]{2}|[A-Za-z0-9<>&;/ ]){1}?)\1{39,}")
LONGEST_BODY = 3_000
"""Characters of a body, runs shortened, above which a command helps nobody any more."""


def curl(request: Request, environment: Environment) -> str:
    """Return the command that sends the request again; the token is to be put into TOKEN.

    Ids of test data are replaced where the environment does not say `data: synthetic`.
    """
    words = ["curl -i"]
    if request.method != "GET":
        words.append(f"-X {request.method}")
    for name, value in request.headers:
        if name == "Authorization":
            words.append('-H "Authorization: Bearer $TOKEN"')
        elif name == "User-Agent":
            continue
        else:
            words.append(f"-H {_in_shell(f'{name}: {value}')}")
    if request.body:
        words.append(f"--data-raw {_body(request, environment)}")
    words.append(_in_shell(redact_url(request.url)))
    return redact(" ".join(words))


def short_url(url: str) -> str:
    """Return a URL as a report shows it: long runs of one character are counted."""
    return RUN_OF_ONE.sub(lambda run: f"{run[1]}…{len(run[0]) // len(run[1])} times", url)


def _body(request: Request, environment: Environment) -> str:
    text = request.body.decode("utf-8", "backslashreplace")
    if not VAULT.shows_data:
        for identifier in _identifiers(environment):
            text = text.replace(identifier, "PATIENT")
        text = re.sub(r'("id": ")[^"]*', r"\1ID", text)
    shown = _in_shell(text)
    return shown if len(shown) <= LONGEST_BODY else f"@body.json  # {len(request.body)} bytes"


def _identifiers(environment: Environment) -> list[str]:
    data = environment.test_data
    known = (data.patient, data.write_patient, data.other_patient, data.message)
    return [one for one in known if one]


def _in_shell(text: str) -> str:
    """Quote a text for a POSIX shell, long runs as a substitution."""
    quoted, end = "", 0
    for run in RUN_OF_ONE.finditer(text):
        quoted += shlex.quote(text[end : run.start()]) if run.start() > end else ""
        quoted += f'"{_substitution(run)}"'
        end = run.end()
    return quoted + (shlex.quote(text[end:]) if end < len(text) or not text else "")


def _substitution(run: re.Match[str]) -> str:
    times = len(run[0]) // len(run[1])
    unit = run[1].replace("%", "%%")
    return f"$(printf '{unit}%.0s' $(seq {times}))"


def repeat(environment: Environment, slug: str) -> str:
    """Return the command that makes the same generated requests again."""
    by_name = {path.stem: path.resolve() for path in available()}
    has_name = by_name.get(environment.name) == environment.path.resolve()
    generated = environment.generated
    return (
        f"golive run {environment.name if has_name else shlex.quote(shown_path(environment.path))} --generated "
        f"--profile {generated.profile} --seed {generated.seed} -k generated-{slug}"
    )
