"""Who may know whom: the layout's rules, held by reading the imports."""

import ast
import importlib
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import golive
from golive.contract.document import Contract

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "golive"
MODULES = sorted(SOURCE.rglob("*.py"))
SUITES = sorted((ROOT / "suites").rglob("*.py"))
LONGEST = 250
BELOW: dict[str, set[str]] = {
    "kit": set(),
    "twin": set(),
    "redaction": {"kit"},
    "contract": {"kit", "redaction"},
    "environment": {"kit", "twin", "contract"},
    "exchanges": {"kit", "redaction", "environment", "contract"},
    "checks": {"kit", "redaction", "environment", "contract", "exchanges"},
    "transport": {"kit", "redaction", "environment", "contract", "exchanges", "checks", "twin"},
    "refusals": {"kit", "redaction", "environment", "contract", "exchanges", "checks", "transport"},
    "fuzz": {
        "kit", "redaction", "environment", "contract", "exchanges", "checks", "transport", "refusals",
    },
    "diagnosis": {
        "kit", "redaction", "environment", "contract", "exchanges", "checks", "transport", "twin",
    },
    "drift": {"kit", "redaction", "contract", "exchanges"},
    "learning": {"kit", "contract", "drift"},
    "report": {"kit", "redaction", "environment", "contract", "exchanges", "checks"},
    "evidence": {"kit", "contract", "environment", "exchanges", "checks", "drift", "report"},
    "pytest_plugin": {
        "kit", "redaction", "environment", "contract", "exchanges", "checks", "transport", "diagnosis", "drift",
        "learning", "report", "twin",
    },
    "client": {
        "kit", "redaction", "environment", "contract", "exchanges", "checks", "transport", "pytest_plugin", "twin",
    },
    "mutation": {
        "kit", "redaction", "environment", "contract", "exchanges", "checks", "transport", "pytest_plugin", "client",
        "twin",
    },
    "scaffold": {"kit", "environment"},
    "cli": {
        "kit", "redaction", "environment", "contract", "exchanges", "checks", "transport", "diagnosis", "drift",
        "learning", "report", "evidence", "pytest_plugin", "client", "mutation", "scaffold", "twin",
    },
    "__init__": {
        "kit", "redaction", "environment", "contract", "exchanges", "checks", "transport", "refusals", "fuzz",
        "diagnosis", "pytest_plugin", "mutation",
    },
    "__main__": {"cli"},
}  # fmt: skip
"""What each package may import, for types too; each stands below what may import it (docs/architecture.md)."""

ABOVE = {"pytest_plugin", "report", "cli", "mutation", "client"}
SENDING = {
    "httpx", "httpcore", "socket", "http.client", "urllib.request", "urllib3", "requests", "aiohttp", "ftplib",
    "smtplib", "socketserver", "subprocess", "pty", "websockets",
}  # fmt: skip
OPENING = {
    "open_connection", "open_unix_connection", "create_connection", "create_datagram_endpoint", "connect",
    "connect_ex", "sock_connect", "urlopen", "system", "popen", "subprocess_exec",
    "subprocess_shell", "create_subprocess_exec", "create_subprocess_shell", "posix_spawn", "posix_spawnp", "fork",
    "forkpty", "execl", "execle", "execlp", "execlpe", "execv", "execve", "execvp", "execvpe", "spawnl", "spawnle",
    "spawnlp", "spawnlpe", "spawnv", "spawnve", "spawnvp", "spawnvpe", "startfile", "get_server_certificate",
}  # fmt: skip
"""Functions of other modules, asyncio's and os's among them, that open a connection or start a program."""

QUIET = {
    "__future__", "argparse", "ast", "atexit", "base64", "binascii", "bisect", "click", "codecs", "collections",
    "concurrent.futures", "contextlib", "contextvars", "copy", "cryptography", "csv", "dataclasses", "datetime",
    "difflib", "dotenv", "email.utils", "enum", "errno", "fcntl", "fnmatch", "functools", "gc", "golive", "graphlib",
    "hashlib", "hmac", "html", "http.HTTPStatus", "importlib.resources", "inspect", "io", "ipaddress", "itertools",
    "jinja2", "joserfc", "ahocorasick_rs", "json", "jsonschema", "jsonschema_rs", "logging", "lzma", "markupsafe",
    "math", "os", "pathlib", "pickle", "pluggy", "pyrate_limiter", "pytest", "random", "re", "referencing", "rich",
    "secrets", "shlex", "shutil", "signal", "stat", "statistics", "string", "suites", "sys", "tarfile", "tempfile",
    "jsonschema_specifications", "tenacity",
    "textwrap", "threading", "time", "tomllib", "traceback", "types", "typing", "unicodedata", "urllib.parse",
    "uuid", "xml.etree", "yaml", "zipfile", "zlib", "zoneinfo", "gzip", "struct",
}  # fmt: skip
"""What a module may import without being able to reach another machine or to start a program."""

SAMPLE = {"client.habits"}
"""What lets the clients of `suites/client/samples` work at a twin: it refuses an address elsewhere than here."""

LOUD = {
    "_pytest": {"report.junit"}, "allure": {"report.allure"}, "allure_pytest": {"report.allure"},
    "asyncio": {"twin"}, "http": {"diagnosis"}, "http.cookiejar": {"transport.connections"},
    "httpcore": {"transport.receiving"},
    "httpx": {"transport.client", "transport.connections", "transport.receiving", *SAMPLE},
    "hypothesis": {"fuzz"},
    "exec": {"mutation.source.runs"}, "modules": {"mutation.source.runs"},
    "importlib": {"mutation.runs", "mutation.source.runs", "checks.hooks", "golive", "pytest_plugin.project", "cli",
                  "client.judging", "client.habits"},
    "fork": {"mutation.runs"}, "logging.handlers": set(),
    "multiprocessing": {"mutation", "kit.signals", "cli.fleet"},
    "schemathesis": {"fuzz"}, "subprocess": {"client.command"}, "socket": {"twin", "exchanges.failures"},
    "ssl": {"kit.tls", "exchanges.failures", "transport.receiving"},
    "starlette.applications": {"twin"}, "starlette.datastructures": {"twin"}, "starlette.requests": {"twin"},
    "starlette.responses": {"twin"}, "starlette.routing": {"twin"}, "starlette.types": {"twin"}, "uvicorn": {"twin"},
}  # fmt: skip
"""What only these may import or call, and why it is no second door: they listen, bound or name what the client
does, or go on as a second process of golive's."""

THROUGH = {"httpx", "httpcore", "socket", "_http", "subprocess", "modules", "__builtins__"}
"""Names by which another module's connections, or any module at all, could be reached."""


def name_of(file: Path) -> str:
    """The dotted name of a module below src."""
    parts = file.relative_to(SOURCE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def area_of(file: Path) -> str:
    """The top-level module or package of golive that a file belongs to."""
    return file.relative_to(SOURCE).parts[0].removesuffix(".py")


def lies_in(file: Path, names: set[str]) -> bool:
    """Whether a file is one of these modules of golive, or below one of these packages."""
    own = name_of(file).removeprefix("golive.") if file.is_relative_to(SOURCE) else ""
    return any(own == name or own.startswith(f"{name}.") for name in names)


@cache
def tree_of(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


@cache
def nodes_of(file: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(tree_of(file)))


def _is_type_checking(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.If)
        and isinstance(node.test, ast.Name)
        and node.test.id == "TYPE_CHECKING"
    )


OFFERED = golive._homes()
"""What the public face offers: the module and the name there, by the name here."""


def _statements(node: ast.AST, *, for_types: bool) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if _is_type_checking(child) and not for_types:
            continue
        yield child
        yield from _statements(child, for_types=for_types)


@cache
def imports(file: Path, *, for_types: bool = True) -> set[str]:
    """Every module that a file imports, a `from` import with each of its names."""
    found: set[str] = set()
    for node in _statements(tree_of(file), for_types=for_types):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: a relative import"
            found.add(node.module or "")
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def uses(file: Path, package: str, *, for_types: bool = True) -> bool:
    return any(
        name == package or name.startswith(package + ".")
        for name in imports(file, for_types=for_types)
    )


def users(package: str, files: list[Path] = MODULES, *, for_types: bool = True) -> set[str]:
    return {area_of(file) for file in files if uses(file, package, for_types=for_types)}


def makes_requests(file: Path) -> bool:
    """Whether a file of the suites makes unusual requests, with the libraries for it."""
    return "generated" in file.parts or file.name == "unusual.py"


def is_sample(file: Path) -> bool:
    """Whether a file is a client that `golive prove` lets work at a twin, and that is given its way there."""
    return file.is_relative_to(ROOT / "suites" / "client" / "samples")


def test_there_is_something_to_look_at() -> None:
    assert len(MODULES) > 50
    assert len(SUITES) > 5


def test_golive_never_imports_the_suites_or_the_tests() -> None:
    for package in ("suites", "tests", "conftest"):
        assert users(package) == set()


def test_the_core_knows_nothing_of_pytest() -> None:
    """Only what stands above the plugin does: reports, the command line, and `prove`, which runs checks."""
    for package in ("pytest", "_pytest", "xdist"):
        assert users(package) <= ABOVE


def test_only_the_plugin_s_users_import_the_plugin() -> None:
    assert users("golive.pytest_plugin", for_types=False) <= ABOVE - {"report"}


def test_only_the_reports_import_allure() -> None:
    for package in ("allure", "allure_commons", "allure_pytest"):
        assert users(package) <= {"report"}
        assert not [file for file in SUITES if uses(file, package)]


def test_only_generated_requests_import_schemathesis() -> None:
    for package in ("schemathesis", "hypothesis"):
        assert users(package) == {"fuzz"}
        assert not [file for file in SUITES if uses(file, package) and not makes_requests(file)]


def test_no_other_module_loads_generated_requests_when_it_is_imported() -> None:
    """The two libraries cost more than a second; a run without `--generated` must not pay for them."""
    heavy = {"golive.fuzz.explore", "golive.fuzz.categories"}
    heavy |= {f"golive.{name}" for name, (home, _) in OFFERED.items() if home in heavy}
    heavy |= {"golive.kinds"} | {f"suites.{f.parent.name}.unusual" for f in SUITES}
    for file in MODULES + SUITES:
        if file.is_relative_to(SOURCE / "fuzz") or file.name == "unusual.py":
            continue
        top = {
            name
            for node in tree_of(file).body
            if isinstance(node, ast.ImportFrom)
            for name in [node.module or "", *(f"{node.module}.{one.name}" for one in node.names)]
        }
        assert not top & heavy, file


def test_only_the_environment_reads_environment_variables() -> None:
    for file in MODULES + SUITES:
        if file.is_relative_to(SOURCE / "environment"):
            continue
        for node in nodes_of(file):
            named = isinstance(node, ast.Attribute) and node.attr in {
                "environ",
                "environb",
                "getenv",
            }
            assert not named, f"{file} reads environment variables"
        assert not imports(file) & {"os.environ", "os.getenv", "dotenv"}, file


def test_only_the_client_opens_connections() -> None:
    """The twin listens, `exchanges.failures` names the exceptions of sockets, `transport.connections` and
    `transport.receiving` make and bound those of the client; the sample clients ask a twin, and
    `client.command` starts the user's own command.
    """
    named = {
        "socket": {"twin", "exchanges.failures"},
        "httpcore": {"transport.receiving"},
        "httpx": {"transport.connections", "transport.receiving", *SAMPLE},
        "subprocess": {"client.command"},
    }
    for package in SENDING:
        allowed = {"transport.client"} | named.get(package, set())
        found = [
            file for file in MODULES + SUITES if uses(file, package) and not lies_in(file, allowed)
        ]
        found = [file for file in found if package != "httpx" or not is_sample(file)]
        assert found == [], package


def test_nothing_calls_what_opens_a_connection_or_starts_a_program() -> None:
    """The client opens its connections inside httpx; the twin's sockets only listen."""
    for file in MODULES + SUITES:
        calls = {
            n.func.attr
            for n in nodes_of(file)
            if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute)
        }
        own = {name for name in LOUD if lies_in(file, LOUD[name])}
        assert not calls & OPENING - own, file


def may_import(file: Path, name: str) -> bool:
    """Whether a module is known to be quiet, or loud and this file's own."""
    generated = not file.is_relative_to(SOURCE) and makes_requests(file)
    for cut in range(name.count(".") + 1):  # the nearest name decides
        above = name.rsplit(".", cut)[0]
        if above in LOUD:
            may = lies_in(file, LOUD[above]) or (generated and "fuzz" in LOUD[above])
            return may or (above == "httpx" and is_sample(file))
        if above in QUIET:
            return True
    return False


def modules_named(file: Path) -> set[str]:
    """Every module that a file imports, without the names that it takes from it."""
    found: set[str] = set()
    for node in _statements(tree_of(file), for_types=False):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return found


def doors(file: Path) -> list[str]:
    """Everything in a file by which it could reach another machine past the client, or start a program."""
    found = [f"imports {name}" for name in modules_named(file) if not may_import(file, name)]
    for node in nodes_of(file):
        if isinstance(node, ast.ImportFrom):
            loud = LOUD.keys() | SENDING | THROUGH
            is_own = (node.module or "").startswith("golive")
            names = {alias.name for alias in node.names} & (loud if is_own else OPENING)
            found += [f"takes {name} from {node.module}" for name in names]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            allowed = lies_in(file, LOUD.get(node.func.id, set()))
            if node.func.id in {"__import__", "exec", "eval"} and not allowed:
                found.append(f"calls {node.func.id}")
        elif isinstance(node, ast.Attribute) and node.attr in OPENING | THROUGH:
            of_self = isinstance(node.value, ast.Name) and node.value.id == "self"
            may = lies_in(file, LOUD.get(node.attr, set())) or (
                lies_in(file, {"transport.client"}) and of_self
            )
            if not may:
                found.append(f"reaches for {node.attr}")
    return found


def test_no_file_has_a_second_door() -> None:
    """Held by what is allowed, so that a way nobody has thought of is refused, too."""
    assert {str(file): found for file in MODULES + SUITES if (found := doors(file))} == {}


@pytest.mark.parametrize(
    "line",
    [
        "from urllib import request",
        "import urllib.request as r",
        "from http import client",
        "import http.client",
        "import socket",
        "import _socket",
        "import requests",
        "import aiohttp",
        "from asyncio import open_connection",
        "import asyncio",
        "from subprocess import run",
        "from os import posix_spawn",
        "from os import system",
        "import os; os.posix_spawn('/usr/bin/curl', ['curl'], {})",
        "import os; os.execvp('curl', ['curl'])",
        "import os; go = os.system",
        "import importlib; importlib.import_module('so' + 'cket')",
        "__import__('socket')",
        "exec('import socket')",
        "import sys; sys.modules['socket']",
        "import ssl; ssl.get_server_certificate(('x', 443))",
        "from multiprocessing.connection import Client",
        "import xmlrpc.client",
        "import logging.handlers",
        "import imaplib",
        "import webbrowser",
        "import ctypes",
        "import anyio",
        "import h11",
        "from starlette.testclient import TestClient",
        "import httpx",
        "from golive.transport.client import httpx",
        "from golive.transport import client; client.httpx.get('http://x')",
        "def f(api): api._client._http.get('http://x')",
    ],
)
def test_a_second_door_would_be_seen(line: str, tmp_path: Path, monkeypatch) -> None:
    file = tmp_path / "golive" / "redaction" / "redactor.py"
    file.parent.mkdir(parents=True)
    file.write_text(line, encoding="utf-8")
    monkeypatch.setattr(sys.modules[__name__], "SOURCE", file.parents[1])
    assert doors(file)


def test_the_failures_open_no_socket() -> None:
    calls = [
        node
        for node in nodes_of(SOURCE / "exchanges" / "failures.py")
        if isinstance(node, ast.Call)
    ]
    assert not [
        c
        for c in calls
        if isinstance(c.func, ast.Attribute)
        and isinstance(c.func.value, ast.Name)
        and c.func.value.id == "socket"
    ]


def test_each_package_imports_only_what_stands_below_it() -> None:
    """The table is the picture of docs/architecture.md: arrows run downward, those for types as well."""
    up: list[str] = []
    for file in MODULES:
        own = area_of(file)
        for name in imports(file):
            other = name.removeprefix("golive.").split(".")[0]
            if name.startswith("golive.") and other in BELOW and other not in {own, *BELOW[own]}:
                up.append(f"{name_of(file)} imports {name}")
    assert up == []
    for own, others in BELOW.items():
        assert others < BELOW.keys(), own


def test_what_may_be_imported_runs_downward() -> None:
    TopologicalSorter(BELOW).prepare()


def test_there_are_hardly_any_loose_modules() -> None:
    assert {file.name for file in SOURCE.glob("*.py")} <= {"__init__.py", "__main__.py"}


def test_the_twin_imports_nothing_from_the_rest_of_golive() -> None:
    for file in (SOURCE / "twin").rglob("*.py"):
        own = {name for name in imports(file) if name == "golive" or name.startswith("golive.")}
        assert all(name == "golive.twin" or name.startswith("golive.twin.") for name in own), (
            file,
            own,
        )


def test_the_twin_reads_nothing_of_the_contract() -> None:
    for file in (SOURCE / "twin").rglob("*.py"):
        assert "schemas/" not in file.read_text(encoding="utf-8"), file


def test_the_suites_import_golive_s_public_face_and_nothing_below_it() -> None:
    offered = {f"golive.{name}" for name in OFFERED}
    for file in SUITES:
        own = {name for name in imports(file) if name.startswith("golive.")}
        assert own <= offered, file


def test_the_public_face_offers_when_it_runs_what_it_offers_to_type_checkers() -> None:
    for name, (home, own) in OFFERED.items():
        module = importlib.import_module(home)
        assert getattr(golive, name) is (
            getattr(module, own, None) or importlib.import_module(f"{home}.{own}")
        )
    assert set(golive.__all__) == set(OFFERED) < set(dir(golive))


def test_golive_by_itself_imports_nothing() -> None:
    """`golive --help` must not wait for the libraries that suites need."""
    heavy = "('golive.', 'pytest', 'httpx')"
    program = f"import sys, golive; print([n for n in sys.modules if n.startswith({heavy})])"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_a_name_that_golive_does_not_offer_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="'golive' has no attribute 'Kitchen'"):
        getattr(golive, "Kitchen")  # noqa: B009


@pytest.mark.parametrize("whole", [True, False], ids=["between packages", "between modules"])
def test_the_arrows_between_modules_run_in_one_direction(whole: bool) -> None:
    known = {name_of(file) for file in MODULES}
    graph: dict[str, set[str]] = {}
    for file in MODULES:
        own = area_of(file) if whole else name_of(file)
        needs = graph.setdefault(own, set())
        for name in imports(file, for_types=False):
            if name not in known:
                continue
            target = name.removeprefix("golive").removeprefix(".")
            other = target.split(".")[0] if whole else name
            if other and other != own and not (not whole and file.name == "__init__.py"):
                needs.add(other)
    if not whole:  # a package's __init__ only gathers what its modules offer
        packages = {name_of(file) for file in MODULES if file.name == "__init__.py"}
        graph = {name: needs - packages for name, needs in graph.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as cycle:
        pytest.fail(f"modules import each other: {' → '.join(cycle.args[1])}")


def test_the_program_holds_no_bare_assert() -> None:
    """`python -O` would drop it, and a check fails by findings only."""
    for file in MODULES + SUITES:
        asserts = [node.lineno for node in nodes_of(file) if isinstance(node, ast.Assert)]
        assert asserts == [], file


def test_every_module_says_what_it_is_for() -> None:
    for file in MODULES + SUITES:
        assert ast.get_docstring(tree_of(file)), f"{file} has no docstring"


def test_no_module_is_long() -> None:
    long = {
        str(f): n
        for f in MODULES + SUITES
        if (n := len(f.read_text(encoding="utf-8").splitlines())) > LONGEST
    }
    assert long == {}


def test_no_file_of_the_program_knows_the_machine_it_was_written_on() -> None:
    for file in MODULES + SUITES:
        text = file.read_text(encoding="utf-8")
        assert "/work/" not in text, file
        assert "/root/" not in text, file


def names_of_apis() -> set[str]:
    """Every operationId and path of the APIs below schemas/, each written-out step of a path, and the folders."""
    operations = Contract(ROOT / "schemas").operations.values()
    steps = {step for one in operations for step in one.path.split("/") if step[:1].isalpha()}
    ids = {one.operation_id for one in operations}
    return ids | {one.folder for one in operations} | (steps - {"actions"})


def test_the_core_knows_no_api() -> None:
    """What an API is stands in its folder below schemas/ and, where only Python can say it, in suites/.

    The twin plays the server's side.
    """
    named = re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in names_of_apis()))
    found: set[str] = set()
    doubles = (one for one in MODULES if area_of(one) == "twin")
    for file in set(MODULES) - {*doubles}:
        prose = {
            ast.get_docstring(node, clean=False)
            for node in nodes_of(file)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        }
        texts = [
            node.value
            for node in nodes_of(file)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and node.value not in prose
        ]
        if any(named.search(text) for text in texts):
            found.add(name_of(file).removeprefix("golive."))
    assert found == set()
