"""What client generators make of the contract: a client in Python and one in TypeScript, judged by `golive client`.

    python benchmarks/clients.py                    both; the second needs node and npm
    python benchmarks/clients.py --only python

The document is the one that `golive openapi` writes. Each generator is installed in its pinned version into a
temporary folder, what it makes is type-checked (mypy, tsc) against a small program that calls every operation,
and that program is run under `golive client`: take a token, list the inbox, read its first message, send one, find it
among the sent items, change a status, and ask for a message that is not there. Anything but that, and any
verdict but GO, ends with 1.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

PYTHON = ("openapi-python-client==0.29.1", "mypy==2.4.1")
NODE = ("@hey-api/openapi-ts@0.95.0", "typescript@5.9.3", "@types/node@20.19.25")
PROGRAMS = Path(__file__).parent / "clients"


def done(*command: str | Path, cwd: Path) -> str:
    """Run a program to its end and return what it printed; ends the whole where it fails."""
    ran = subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode:
        raise SystemExit(f"{' '.join(map(str, command))}\n{ran.stdout}{ran.stderr}")
    return ran.stdout + ran.stderr


def python_client(document: Path, folder: Path) -> str:
    """Generate the Python client, check it and use it; return what the program printed."""
    done(sys.executable, "-m", "venv", folder / "venv", cwd=folder)
    python = folder / "venv" / "bin" / "python"
    done(python, "-m", "pip", "install", "-q", *PYTHON, cwd=folder)
    made = done(
        *(folder / "venv" / "bin" / "openapi-python-client", "generate", "--meta", "none"),
        *("--path", document, "--output-path", folder / "messages_api"),
        cwd=folder,
    )
    unread = [line for line in made.splitlines() if "WARNING" in line or "Unable" in line]
    if unread:
        raise SystemExit("\n".join(("openapi-python-client left something out", *unread)))
    program = folder / "use_python.py"
    program.write_text((PROGRAMS / "use_python.py").read_text("utf-8"), encoding="utf-8")
    done(python, "-m", "mypy", "--strict", program, "messages_api", cwd=folder)
    return judged(python, program, cwd=folder)


def typescript_client(document: Path, folder: Path) -> str:
    """Generate the TypeScript client, check it and use it with node; return what the program printed."""
    (folder / "package.json").write_text('{"private": true}\n', encoding="utf-8")
    done("npm", "install", "--no-audit", "--no-fund", *NODE, cwd=folder)
    done("npx", "openapi-ts", "-i", document, "-o", folder / "messages_api", cwd=folder)
    program = folder / "use_typescript.ts"
    program.write_text((PROGRAMS / "use_typescript.ts").read_text("utf-8"), encoding="utf-8")
    options = "--strict --target es2022 --module commonjs --esModuleInterop --outDir built"
    done("npx", "tsc", program, *options.split(), cwd=folder)
    return judged("node", folder / "built" / "use_typescript.js", cwd=folder)


def judged(*command: str | Path, cwd: Path) -> str:
    """Let a program work under `golive client`; return what it printed and the verdict's lines."""
    golive = (sys.executable, "-m", "golive", "client", "--")
    return done(*golive, *command, cwd=cwd)


def main() -> int:
    """Make and use the clients; print what each did."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", choices=["python", "typescript"], help="only this one")
    only = parser.parse_args().only
    clients = {"python": python_client, "typescript": typescript_client}
    with tempfile.TemporaryDirectory() as name:
        document = Path(name) / "messages.yaml"
        print(done(sys.executable, "-m", "golive", "openapi", document, cwd=Path(name)), end="")
        for language, client in clients.items():
            if only in (None, language):
                folder = Path(name) / language
                folder.mkdir()
                print(f"{language}:", client(document, folder), sep="\n", end="", flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
