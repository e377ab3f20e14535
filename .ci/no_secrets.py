"""Have somebody else's tool (detect-secrets) look for secrets in what a run has left: `no_secrets.py FOLDER`.

Each file of the folder is searched, a console's output among them, and of a recording and of a fingerprint what they
hold packed. Planted secrets must be found first, in copies of the folder's own kinds of files: a search that finds
nothing anywhere proves nothing. What is found and was reviewed is listed in REVIEWED. Exit codes: 0 nothing, 1 a
finding beyond that, 3 a planted secret was not found.
"""

from __future__ import annotations

import json
import re
import secrets
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from detect_secrets.core.scan import scan_file
from detect_secrets.settings import default_settings

from golive.exchanges.har_packed import LONGEST_BODY, Packed, unfold
from golive.kit.packed import pack, unpack

if TYPE_CHECKING:
    from collections.abc import Iterator

REVIEWED = {
    "historyId": "Allure's MD5 of a check's name and parameters",
    "testCaseId": "Allure's MD5 of a check's name",
    "sha256": "the digest of a file, in evidence",
    "opc-request-id": "how client and service call a request",
}
"""Members of JSON, and header fields, whose values look random and are public."""

KEY = {"n", "x", "y"}
"""What the public half of a key consists of, besides small words; `d` is its private half (RFC 7517)."""

OWN_SCRIPT = re.compile(r"'(sha256-[A-Za-z0-9+/]{43}=)'")
"""The digest by which a page lets its own script run."""

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
    text = path.read_text(encoding="utf-8", errors="replace")
    data = loaded(text)
    bodies = unpacked(data) if path.suffix == ".har" else []
    if isinstance(data, dict) and "packed" in data:
        bodies.append(json.dumps(unpack(data.pop("packed")), indent=0))
    public = {CACHE_TAG, *OWN_SCRIPT.findall(text)}
    for each in (data, *map(loaded, bodies)):
        public |= set(reviewed_values(each))
    with default_settings(), tempfile.TemporaryDirectory() as place:
        searched = path
        if bodies:
            searched = Path(place) / f"unpacked{path.suffix}"
            searched.write_text("\n".join([json.dumps(data, indent=0), *bodies]), encoding="utf-8")
        return [
            f"{path}:{one.line_number}: {one.type}"
            for one in scan_file(str(searched))
            if one.secret_value not in public
        ]


def loaded(text: str) -> object:
    """Return what a text of JSON holds, None where it is none."""
    try:
        return json.loads(text)
    except ValueError:
        return None


def unpacked(recording: object) -> list[str]:
    """Take the bodies out of a recording, the packed ones too, and return them as they came."""
    if not isinstance(recording, dict):
        return []
    log = recording["log"]
    entries = log["entries"]
    packed = log.get("_golive", {}).pop("packed", None)
    if packed:
        log["_golive"] |= unfold(packed, entries)
    return [str(one["response"]["content"].pop("text", "")) for one in entries]


def reviewed_values(data: object) -> Iterator[str]:
    """Yield the values of the reviewed members, wherever they stand, and of public keys."""
    if isinstance(data, list):
        for one in data:
            yield from reviewed_values(one)
    if not isinstance(data, dict):
        return
    names = {*REVIEWED, *(KEY if "kty" in data and "d" not in data else ())}
    yield from (str(data[name]) for name in names if name in data)
    if str(data.get("name", "")).lower() in REVIEWED:
        yield str(data.get("value"))
    for one in data.values():
        yield from reviewed_values(one)


def planted(suffix: str) -> bool:
    """Say whether a client's secret and a token are found in each form of a file of this kind."""
    token = ".".join(("eyJhbGciOiJFUzI1NiJ9", "eyJzdWIiOiJhIn0", secrets.token_urlsafe(48)))
    lines = (f'"client_secret": "{secrets.token_urlsafe(24)}"', f"Authorization: Bearer {token}")
    text = "\n".join(lines) + "\n"
    forms = {".har": [in_a_recording(text)], ".json": [text, in_a_fingerprint(text)]}
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / f"planted{suffix}"
        for form in forms.get(suffix, [text]):
            file.write_text(form, "utf-8")
            if len({line.rsplit(":", 2)[1] for line in findings(file)}) < len(lines):
                return False
    return True


def in_a_recording(text: str) -> str:
    """Return a recording in which a text stands in the packed part of a body only."""
    content = {"text": "\n" * LONGEST_BODY + text}
    answered = {"content": content, "headers": []}
    packed = Packed()
    entry = packed.fold({"request": {}, "response": answered, "_golive": {"number": 1}})
    return json.dumps({"log": {"entries": [entry], "_golive": {"packed": packed.as_text()}}})


def in_a_fingerprint(text: str) -> str:
    """Return a file in which a text stands packed only, a line a member."""
    return json.dumps({"packed": pack(json.dumps({"texts": text.splitlines()}))})


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
