"""Have somebody else's tool (detect-secrets) look for secrets in what a run has left: `no_secrets.py FOLDER`.

Each file of the folder is searched, a console's output among them. Planted secrets must be found first, in copies of
the folder's own kinds of files: a search that finds nothing anywhere proves nothing. What is found and was reviewed is
listed in REVIEWED. Exit codes: 0 nothing, 1 a finding beyond that, 3 a planted secret was not found.
"""

from __future__ import annotations

import json
import secrets
import sys
import tempfile
from pathlib import Path

from detect_secrets.core.scan import scan_file
from detect_secrets.settings import default_settings

REVIEWED = {
    "historyId": "Allure's MD5 of a check's name and parameters",
    "testCaseId": "Allure's MD5 of a check's name",
}
"""Members of JSON whose values look random and are public."""

TRIES = 10
"""Random secrets that are planted: the tool passes over one that looks too regular to it."""

CACHE_TAG = "8a477f597d28d172789f06886806bc55"
"""The signature of a CACHEDIR.TAG, the same everywhere (https://bford.info/cachedir/)."""


def main(folder: Path) -> int:
    """Search the folder; never print a value."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    kinds = sorted({path.suffix for path in files})
    missed = [kind for kind in kinds if not any(planted(kind) for _ in range(TRIES))]
    if missed or not files:
        sys.stdout.write(f"planted secrets were not found in files of: {missed or 'no file'}\n")
        return 3
    found = [line for path in files for line in findings(path)]
    for line in found:
        sys.stdout.write(f"{line}\n")
    sys.stdout.write(
        f"{len(files)} files searched, {len(found)} findings beyond the reviewed ones\n"
    )
    return 1 if found else 0


def findings(path: Path) -> list[str]:
    """Return kind and line of each finding that was not reviewed."""
    public = {CACHE_TAG, *reviewed_values(path)}
    with default_settings():
        return [
            f"{path}:{one.line_number}: {one.type}"
            for one in scan_file(str(path))
            if one.secret_value not in public
        ]


def reviewed_values(path: Path) -> set[str]:
    """Return the values of the reviewed members of a file of JSON."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        return set()
    return (
        {str(data[name]) for name in REVIEWED if name in data} if isinstance(data, dict) else set()
    )


def planted(suffix: str) -> bool:
    """Say whether a client's secret and a token are found in a file of this kind."""
    token = ".".join(("eyJhbGciOiJFUzI1NiJ9", "eyJzdWIiOiJhIn0", secrets.token_urlsafe(48)))
    lines = (f'"client_secret": "{secrets.token_urlsafe(24)}"', f"Authorization: Bearer {token}")
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / f"planted{suffix}"
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        seen = {line.rsplit(":", 2)[1] for line in findings(file)}
    return seen == {"1", "2"}


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
