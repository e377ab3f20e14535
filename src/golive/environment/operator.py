"""Whom the operator trusts with a real credential, beyond the hosts that the facts name.

An environment file may be a stranger's, so it can't vouch for the hosts in it. The person who runs golive can: by a
list in the user's or the system's configuration folder, which no repository holds, or by a variable of the real
process. An entry is a host (all its ports), HOST:PORT, or `sha256:` and the digest of a file of certificates.

For the same reason names are bounded: an environment's holds nothing that a shell, a runner or a path would take
for more, and a file reaches no variable that was set for another program.

This is the one place in golive that reads `os.environ`; what a pipeline says of itself is there as well.
"""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from golive.kit.files import read_regular
from golive.kit.problems import ConfigurationProblem, Problem, shown_path

if TYPE_CHECKING:
    from collections.abc import Mapping


PROXY_NAMES = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy")
"""The variables in which a machine names its proxy; they fill `safety.proxy` and nothing else."""

ALLOWED_HOSTS = "GOLIVE_ALLOWED_HOSTS"
"""The operator's own list, from the process's real environment alone."""

_ENVIRONMENT_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,99}")
_OWN = re.compile(r"GOLIVE_[A-Za-z0-9_]+")
_SECRET = re.compile(
    r"(?:^|_)(?:SECRET|PASSWORD|PASSWD|PASSPHRASE|TOKEN|PRIVATE_KEY|API_KEY)(?:_|$)"
)
NAMED_BY_THE_RULE = "only letters, digits, hyphens, dots and underscores"


SYSTEM_LIST = Path("/etc/golive/hosts")
BUNDLE_NAMES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
"""The variables in which a machine names its certificate authorities."""

HOW = "One entry a line: HOST, HOST:PORT, or sha256:DIGEST of a CA bundle."
_MOST_BYTES = 64 * 1024
_LARGEST_BUNDLE = 4 * 1024 * 1024
_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_HOST = rf"(?:{_LABEL}(?:\.{_LABEL})*|\[[0-9A-Fa-f:.]+\])"
_ENTRY = re.compile(rf"{_HOST}(?::[0-9]{{1,5}})?|sha256:[0-9a-fA-F]{{64}}")


def is_environment_name(name: str) -> bool:
    """Say whether a text can be an environment's name."""
    return _ENVIRONMENT_NAME.fullmatch(name) is not None


def is_own(name: str) -> bool:
    """Say whether a variable is golive's by its name."""
    return _OWN.fullmatch(name) is not None


def sounds_secret(name: str) -> bool:
    """Say whether a variable holds a secret by its name."""
    return _SECRET.search(name.upper()) is not None


@dataclass(frozen=True)
class Entry:
    """One thing that is trusted, in small letters, and where that is written."""

    text: str
    place: str


@dataclass(frozen=True)
class Operator:
    """What is trusted besides what the facts name; `proxies` and `bundles` are the process's own."""

    entries: tuple[Entry, ...] = ()
    proxies: tuple[str, ...] = ()
    bundles: tuple[Path, ...] = ()

    def allows(self, host: str, port: int | None) -> bool:
        """Say whether a host is on the list, on this port."""
        name = host.casefold().rstrip(".")
        name = f"[{name}]" if ":" in name else name
        return bool({name, f"{name}:{port}"} & {entry.text for entry in self.entries})

    def allows_proxy(self, url: str) -> bool:
        """Say whether a proxy is the process's own, or on the list."""
        host, port = address(url)
        return (host, port) in map(address, self.proxies) or self.allows(host, port)

    def allows_bundle(self, path: Path) -> bool:
        """Say whether a file of certificates is the process's own, or its digest is on the list."""
        if any(path.resolve() == own.resolve() for own in self.bundles):
            return True
        return digest(path) in {entry.text for entry in self.entries}


def address(url: str) -> tuple[str, int | None]:
    """Give host and port of a URL; both are nothing where it is none."""
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
        return (parts.hostname or "").rstrip("."), port
    except ValueError:
        return "", None


def digest(path: Path) -> str:
    """Give the entry that stands for a file's content; empty where it can't be read."""
    try:
        content = read_regular(path, _LARGEST_BUNDLE)
    except OSError:
        return ""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def is_entry(text: str) -> bool:
    """Say whether a text can be an entry."""
    return _ENTRY.fullmatch(text) is not None


def users_list(variables: Mapping[str, str]) -> Path | None:
    """Give the path of the user's own list, whether or not it is there; None for a user without a home."""
    folder = variables.get("XDG_CONFIG_HOME", "")
    if Path(folder).is_absolute():  # the specification has a relative one ignored
        return Path(folder) / "golive" / "hosts"
    home = variables.get("HOME", "")
    return Path(home) / ".config" / "golive" / "hosts" if Path(home).is_absolute() else None


def process_variables() -> dict[str, str]:
    """Give the variables that were set for this process for real: the operator's word."""
    return dict(os.environ)


def operator_of(variables: Mapping[str, str]) -> Operator:
    """Read the lists; `variables` are those of the real process, never those of a `.env`.

    Raises ConfigurationProblem where a list can't be read, or holds something that is not an entry.
    """
    entries = [*_of_variable(variables.get(ALLOWED_HOSTS, ""))]
    for path in (users_list(variables), SYSTEM_LIST):
        entries += _of_file(path) if path else []
    return Operator(
        tuple(entries),
        tuple(variables[name] for name in PROXY_NAMES if variables.get(name)),
        tuple(Path(variables[name]) for name in BUNDLE_NAMES if variables.get(name)),
    )


def _of_variable(text: str) -> list[Entry]:
    words = text.replace(",", " ").split()
    if not all(map(is_entry, words)):
        cure = "Separate entries by spaces: HOST, HOST:PORT, or sha256:DIGEST of a CA bundle."
        raise _wrong(ALLOWED_HOSTS, None, "the variable holds something that is not a host.", cure)
    return [Entry(word.casefold(), ALLOWED_HOSTS) for word in words]


def _of_file(path: Path) -> list[Entry]:
    place = shown_path(path)
    try:
        text = read_regular(path, _MOST_BYTES).decode("utf-8")
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return []  # what can't be read allows nothing
    except (OSError, UnicodeDecodeError):
        raise _wrong(place, None, "the list of allowed hosts can't be read.", HOW) from None
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        word = line.partition("#")[0].strip()
        if word and not is_entry(word):
            raise _wrong(place, number, "this is not a host.", HOW)
        if word:
            found.append(Entry(word.casefold(), place))
    return found


def _wrong(file: str, line: int | None, message: str, cure: str) -> ConfigurationProblem:
    return ConfigurationProblem([Problem(file, line, "", message, cure)])


@dataclass(frozen=True)
class GithubActions:
    """A job of GitHub Actions: the checked-out repository, and the files that it reads from a step."""

    workspace: Path
    step_summary: Path | None
    output: Path | None


def in_pipeline() -> bool:
    """Return whether this process runs in a pipeline: every CI server that is in use sets CI."""
    return process_variables().get("CI", "").lower() not in ("", "0", "false")


def github_actions() -> GithubActions | None:
    """Give the job that this process runs in, None outside of GitHub Actions.

    What a runner says, it says in the real environment: a `.env` decides of no file that is written to.
    """
    variables = process_variables()
    if variables.get("GITHUB_ACTIONS") != "true":
        return None

    def file(name: str) -> Path | None:
        return Path(variables[name]) if variables.get(name) else None

    return GithubActions(
        workspace=file("GITHUB_WORKSPACE") or Path.cwd(),
        step_summary=file("GITHUB_STEP_SUMMARY"),
        output=file("GITHUB_OUTPUT"),
    )
