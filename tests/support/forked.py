"""`subprocess.run` for `python -m …` and `python -c …` without the second that Python, pytest and golive take to start.

One server for all processes of the tests has imported all of it, and forks for each call. What is forked is a process
of its own: it has the arguments, folder, variables, streams and signals that it was given, and it ends as Python ends,
with its exit code. A test of how Python itself starts or writes (encodings, lost streams, limits) wants `subprocess`
instead.
"""

from __future__ import annotations

import atexit
import contextlib
import io
import json
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import zlib
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PIPE, STDOUT, DEVNULL = subprocess.PIPE, subprocess.STDOUT, subprocess.DEVNULL
AT_START = ("PYTHON", "LC_", "LANG", "COVERAGE_")
"""Variables that Python (or its measurement) reads when it starts, by how their names begin."""
LATER = frozenset({"PYTHONPATH", "PYTHONUNBUFFERED"})
"""Those of them that are followed after the fork as well."""

OWN_WORKERS = "FORKED_OWN_WORKERS"
"""Where this variable is set, pytest-xdist itself starts its workers, as children of the run."""

STARTS_WITHIN = 60
"""Seconds until the server listens, at the most, however busy the machine is."""


def run(
    arguments: Sequence[str],
    *,
    cwd: str | Path | None = None,
    env: Mapping[str, str] | None = None,
    input: str | None = None,  # noqa: A002  (the names of subprocess.run)
    stdout: int | None = None,
    stderr: int | None = None,
    capture_output: bool = False,
    text: bool = False,
    timeout: float = 300,
    check: bool = False,
) -> subprocess.CompletedProcess[Any]:
    """Run `sys.executable -m NAME …` or `-c CODE …`; raises what `subprocess.run` raises.

    Streams go through files, so a process that nobody reads from never waits.
    """
    variables = dict(os.environ if env is None else env)
    if capture_output:
        stdout = stderr = PIPE
    with contextlib.ExitStack() as stack:
        files: dict[str, IO[Any]] = {
            name: stack.enter_context(tempfile.TemporaryFile()) for name in ("in", "out", "err")
        }
        files["in"].write((input or "").encode())
        files["in"].seek(0)
        files["null"] = stack.enter_context(Path(os.devnull).open("r+b"))
        given: dict[str, Any] = {
            "stdin": files["in"],
            "stdout": {PIPE: files["out"], DEVNULL: files["null"]}.get(stdout or 0, stdout),
            "stderr": {PIPE: files["err"], DEVNULL: files["null"]}.get(stderr or 0, stderr),
        }
        if stderr == STDOUT:
            given["stderr"] = given["stdout"]
        if can_fork(arguments, variables):
            numbers = [
                own if stream is None else stream if isinstance(stream, int) else stream.fileno()
                for own, stream in enumerate(given.values())
            ]
            folder = str(cwd or Path.cwd())
            try:
                code = server(variables).call([*arguments[1:]], folder, variables, numbers, timeout)
            except subprocess.TimeoutExpired:
                said = [_read(files[name], True) for name in ("out", "err")]
                sys.stderr.write("\n".join(said))  # pytest shows it, with where each thread was
                raise subprocess.TimeoutExpired(arguments, timeout, *said) from None
        else:
            code = subprocess.run(
                arguments, cwd=cwd, env=variables, timeout=timeout, check=False, **given
            ).returncode
        said = [_read(files[name], text) for name in ("out", "err")]
    done = subprocess.CompletedProcess(
        arguments,
        code,
        said[0] if stdout == PIPE else None,
        said[1] if stderr == PIPE else None,
    )
    if check:
        done.check_returncode()
    return done


def _read(file: IO[bytes], text: bool) -> Any:
    file.seek(0)
    data = file.read()
    return data.decode().replace("\r\n", "\n") if text else data


def can_fork(arguments: Sequence[str], variables: Mapping[str, str]) -> bool:
    """Whether a fork does what a start would do."""
    return (
        sys.platform == "linux"
        and arguments[0] == sys.executable
        and arguments[1] in ("-m", "-c")
        and _at_start(variables) == _at_start(os.environ)
    )


def _at_start(variables: Mapping[str, str]) -> dict[str, str]:
    """Return what Python reads when it starts; measured or not is decided by which server is asked."""
    return {
        name: value
        for name, value in variables.items()
        if name.startswith(AT_START) and name not in LATER and not name.startswith("COVERAGE_")
    }


class _Server:
    """A connection to the server that forks, of that name; calls take turns."""

    def __init__(self, name: str, variables: Mapping[str, str]) -> None:
        self._line, self._turn = socket.socket(socket.AF_UNIX), threading.Lock()
        if self._line.connect_ex(f"\0{name}"):
            nothing = (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0)
            words = [sys.executable, __file__, name]
            os.posix_spawn(sys.executable, words, dict(variables), file_actions=[nothing])
            ends = time.monotonic() + STARTS_WITHIN
            while self._line.connect_ex(f"\0{name}"):
                if time.monotonic() > ends:
                    raise RuntimeError("the server that forks does not start")
                time.sleep(0.02)
        atexit.register(self._line.close)
        self.pid = self._answer(None)

    def call(
        self,
        arguments: Sequence[str],
        folder: str,
        variables: Mapping[str, str],
        streams: list[int],
        timeout: float,
    ) -> int:
        with self._turn:
            pid = self.begin(arguments, folder, variables, streams)
            ends = time.monotonic() + timeout
            try:
                return self._answer(ends)
            except BaseException:
                family = [pid, *_below(pid)]
                for number, seconds in ((signal.SIGUSR1, 0.5), (signal.SIGKILL, 0)):
                    for one in family:
                        with contextlib.suppress(ProcessLookupError):
                            os.kill(one, number)
                    time.sleep(seconds)
                self._answer(None)
                raise

    def begin(
        self,
        arguments: Sequence[str],
        folder: str,
        variables: Mapping[str, str],
        streams: list[int],
    ) -> int:
        """Fork; return the new process's id. Whoever begins one ends it, or waits for its code."""
        asked = json.dumps({"arguments": arguments, "folder": folder, "env": dict(variables)})
        data = asked.encode("utf-8", "surrogateescape")
        socket.send_fds(self._line, [len(data).to_bytes(4, "big")], streams)
        self._line.sendall(data)
        return self._answer(None)

    def wait(self) -> int:
        """Return the code of what was begun."""
        return self._answer(None)

    def _answer(self, ends: float | None) -> int:
        """Wait for a number from the server; raises TimeoutExpired at that time."""
        self._line.settimeout(None if ends is None else max(0.01, ends - time.monotonic()))
        try:
            data = self._line.recv(8, socket.MSG_WAITALL)
        except TimeoutError:
            raise subprocess.TimeoutExpired("a forked process", 0) from None
        if len(data) < 8:
            raise RuntimeError("the server that forks has ended")
        return int.from_bytes(data, "big", signed=True)


def _below(pid: int) -> list[int]:
    """Return the processes that this one began, and theirs."""
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        own = [int(one) for task in tasks for one in (task / "children").read_text().split()]
    except OSError:
        return []
    return [found for one in own for found in (one, *_below(one))]


_SERVERS: dict[tuple[int, bool], _Server] = {}


def server(variables: Mapping[str, str]) -> _Server:
    """Return this process's server: one whose children are measured, or one whose children are not."""
    measured = any(name.startswith("COVERAGE_PROCESS_") for name in variables)
    key = os.getpid(), measured
    if key not in _SERVERS:
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")
        }
        more = {name: value for name, value in variables.items() if name.startswith("COVERAGE_")}
        run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or str(os.getpid())
        name = f"golive-forks-{zlib.crc32(SOURCE.encode()):x}-{run}-{measured:d}"
        _SERVERS[key] = _Server(name, {**kept, **more, "PYTHONPATH": SOURCE})
    return _SERVERS[key]


SOURCE = str(Path(__file__).parents[2] / "src")


# What follows runs in the server and its children.


def _accept(listening: socket.socket) -> socket.socket:
    """Fork for each process of tests that connects, and end when all have left; returns in a child, with its line."""
    users: set[int] = set()
    while True:
        if select.select([listening], [], [], 1 if users else STARTS_WITHIN)[0]:
            line, _ = listening.accept()
            _, user, _ = struct.unpack(
                "3i", line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
            )
            pid = os.fork() if user == os.getuid() else None
            if pid == 0:
                listening.close()
                line.sendall(os.getpid().to_bytes(8, "big", signed=True))
                return line
            line.close()
            users |= {pid} - {None}
        elif not users:
            os._exit(0)
        users = {one for one in users if os.waitpid(one, os.WNOHANG) == (0, 0)}
        if not users:
            os._exit(0)


def _serve(line: socket.socket) -> tuple[list[str], str, dict[str, str]]:
    """Fork for each request; returns in a child, with what it has to run."""
    while True:
        head, streams, _, _ = socket.recv_fds(line, 4, 3)
        if not head:
            os._exit(0)
        data = line.recv(int.from_bytes(head, "big"), socket.MSG_WAITALL)
        asked = json.loads(data.decode("utf-8", "surrogateescape"))
        pid = os.fork()
        if pid == 0:
            line.close()
            for number, stream in enumerate(streams):
                os.dup2(stream, number)
            for stream in set(streams) - {0, 1, 2}:
                os.close(stream)
            return asked["arguments"], asked["folder"], asked["env"]
        for stream in streams:
            os.close(stream)
        line.sendall(pid.to_bytes(8, "big", signed=True))
        _, status = os.waitpid(pid, 0)
        code = os.waitstatus_to_exitcode(status)
        with contextlib.suppress(OSError):
            line.sendall(code.to_bytes(8, "big", signed=True))


class _Worker(threading.Thread):
    """What execnet starts for a worker of pytest-xdist, as a `Popen`: forked, because starting takes a second."""

    def __init__(self, name: str, arguments: Sequence[str]) -> None:
        super().__init__(daemon=True)
        self.returncode = -signal.SIGKILL  # unless the server says otherwise
        theirs, into = os.pipe()
        out, its = os.pipe()
        self.stdin, self.stdout = os.fdopen(into, "wb"), os.fdopen(out, "rb")
        self._server = _Server(name, {})
        variables = {**os.environ, "PYTHONUNBUFFERED": "1"}
        self.pid = self._server.begin(arguments, str(Path.cwd()), variables, [theirs, its, 2])
        os.close(theirs)
        os.close(its)
        self.start()

    def run(self) -> None:
        with contextlib.suppress(RuntimeError):
            self.returncode = self._server.wait()

    def wait(self) -> int:
        self.join()
        return self.returncode

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)


def _fork_workers(name: str) -> None:
    from execnet import gateway_io

    def begin(io: Any, words: list[str], execmodel: Any) -> None:
        python, unbuffered, *arguments = words
        assert (python, unbuffered, arguments[0]) == (sys.executable, "-u", "-c"), words
        io.popen = _Worker(name, arguments)
        gateway_io.Popen2IO.__init__(io, io.popen.stdin, io.popen.stdout, execmodel=execmodel)

    gateway_io.Popen2IOMaster.__init__ = begin


def _streams(unbuffered: bool) -> None:
    """Open the standard streams as Python does at its start."""
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        old = getattr(sys, name)
        plain = open(number, f"{mode}b", 0 if unbuffered and number else -1, closefd=False)  # noqa: SIM115
        new = io.TextIOWrapper(
            plain,
            encoding=old.encoding,
            errors=old.errors,
            newline=None if number == 0 else "\n",
            line_buffering=number == 2 or os.isatty(number),
            write_through=bool(unbuffered and number),
        )
        setattr(sys, name, new)
        setattr(sys, f"__{name}__", new)


def _preload() -> None:
    """Import what a run of golive imports, and read and make what every run would otherwise do by itself."""
    import gc
    import pkgutil
    from importlib import import_module, metadata

    import _pytest.config

    import golive
    from golive.checks import kill_matrix
    from golive.contract import catalogue, harm, requirements
    from golive.diagnosis import causes
    from golive.environment import find, load
    from golive.kit.files import resources
    from golive.report import allure
    from golive.report.html import render
    from golive.twin.code_values import CodeSets
    from golive.twin.keys import make_rsa_keys
    from golive.twin.names import PRODUCTION_CLOUD, SANDBOX_TENANT

    for name in (*_pytest.config.default_plugins, "pastebin", "unittest"):
        import_module(f"_pytest.{name}")
    for name in (
        *("pytest", "xdist.plugin", "xdist.dsession", "xdist.workermanage", "xdist.looponfail"),
        *("allure_pytest.plugin", "pytest_cov.plugin", "packaging.version"),
        *("httpx", "httpcore", "h11", "encodings.idna", "stringprep"),
        *("jsonschema", "jsonschema_rs", "ahocorasick_rs", "yaml"),
        *("rich.console", "rich._emoji_codes"),
        *("uvicorn.protocols.http.h11_impl", "uvicorn.lifespan.off", "uvicorn.loops.asyncio"),
        "cryptography.hazmat.backends.openssl.backend",
    ):
        import_module(name)
    for module in pkgutil.walk_packages(golive.__path__, "golive."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    make_rsa_keys([PRODUCTION_CLOUD], ["system-rs384"])
    CodeSets(1, [SANDBOX_TENANT]).of_set(SANDBOX_TENANT, "90001")
    catalogue.load(resources() / "schemas")
    requirements.load(resources() / "schemas")
    causes.places_in_files()
    kill_matrix.shipped()
    harm.has_rule("of-no-check", "of no area")  # reads and compiles the rules
    load(find("twin"), variables={})
    allure.statements("")
    for name in render.template(render.TEMPLATE).environment.list_templates(extensions=["j2"]):
        render.template(name)
    # pytest looks through all that is installed for each plug-in that it is given by name.
    plugins = [one for one in metadata.distributions() if one.entry_points.select(group="pytest11")]
    metadata.distributions = lambda **_: iter(plugins)
    gc.collect()
    gc.freeze()


def _become(arguments: list[str], folder: str, variables: dict[str, str]) -> None:
    """Run as `python ARGUMENTS…` in that folder with these variables would."""
    import faulthandler
    import gc
    import runpy

    faulthandler.register(signal.SIGUSR1, file=2)  # what hangs says where, before it is killed
    atexit.register(gc.freeze)  # as `golive` ends: without a last search for garbage
    os.environ.clear()
    os.environ.update(variables)
    os.chdir(folder)
    _streams(bool(variables.get("PYTHONUNBUFFERED")))
    time.tzset()
    here = {str(Path(__file__).parent), SOURCE}
    base = [one for one in sys.path if one not in here]
    given = [one for one in variables.get("PYTHONPATH", "").split(os.pathsep) if one]
    sys.path[:] = [folder if arguments[0] == "-m" else "", *given, *base]
    sys.path_importer_cache.clear()
    if given and given[0] != SOURCE and Path(given[0], "golive").is_dir():  # a copy of golive's
        for name in [one for one in sys.modules if one.partition(".")[0] == "golive"]:
            del sys.modules[name]
    kind, what, *rest = arguments
    if kind == "-m":
        sys.argv = [what, *rest]
        runpy.run_module(what, run_name="__main__", alter_sys=True)
    else:
        sys.argv = ["-c", *rest]
        main = type(sys)("__main__")
        sys.modules["__main__"] = main
        exec(compile(what, "<string>", "exec"), main.__dict__)


def _measure_nothing() -> None:
    """Let what a measured process forks, which ends without a word about what it has measured, take no time for it."""
    threading.settrace(None)  # type: ignore[arg-type]
    sys.settrace(None)


def _main() -> None:
    listening = socket.socket(socket.AF_UNIX)
    try:
        listening.bind(f"\0{sys.argv[1]}")
    except OSError:  # another process of the tests has started it as well
        return
    listening.listen()
    os.chdir(Path(SOURCE).parent)
    measured = sys.modules.get("coverage")
    _preload()
    if measured and (current := measured.Coverage.current()):
        current.stop()
        current.save()
        current._auto_save = False
    with listening:
        try:
            line = _accept(listening)
            arguments, folder, variables = _serve(line)
        except KeyboardInterrupt:
            os._exit(130)
    if measured:
        measured.process_startup(force=True)
        os.register_at_fork(after_in_child=_measure_nothing)
    if OWN_WORKERS not in variables:
        _fork_workers(sys.argv[1])
    try:
        _become(arguments, folder, variables)
    except SystemExit as ended:
        if ended.code is not None and not isinstance(ended.code, int):
            raise
        _end(ended.code or 0)
    else:
        _end(0)


def _end(code: int) -> None:
    """End as Python does, but leave it to the system to take back the memory: most of it is the server's as well."""
    threading._shutdown()
    atexit._run_exitfuncs()
    with contextlib.suppress(Exception):  # where nobody reads any more, Python itself says so
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os._exit(code & 0xFF)
    raise SystemExit(code)


if __name__ == "__main__":
    _main()
