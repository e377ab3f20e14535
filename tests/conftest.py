"""What all tests share: they are no run in somebody's pipeline, even where they run in one.

Some need certificates, and the proofs of `docs/safety.md` tell at the end what they counted.
"""

from __future__ import annotations

import gc
import ipaddress
import os
import ssl
import sys
import threading
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import hypothesis
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

import suites.messages  # noqa: F401 - before pytest takes tests/suites for the package of that name

NAMES = ("CI", "GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT", "GITHUB_WORKSPACE")
COUNTED = "counted"
MEASURED = "COVERAGE_PROCESS_CONFIG"
"""Where it is set, the processes that are started measure their coverage."""
TESTS = Path(__file__).parent
WHOLE_RUNS = frozenset({"go", "ordinary", "golive_process", "arrivals", "broken_run"})
"""Fixtures that start whole runs; modules that start them otherwise mark themselves."""

UNMEASURED = frozenset(
    {
        *("docs", "suites", "test_architecture.py"),
        *("core/test_published.py", "core/test_wire_paths.py", "core/test_wire_values.py"),
        *("client/test_table.py", "doctor/test_causes.py", "init/test_environments.py"),
        *("environment/test_apis.py", "explain/test_knowledge.py", "pipelines/test_tenants.py"),
        *("twin/test_reading.py", "twin/test_statuses.py"),
    }
)
"""Folders and files whose tests call what others call already, many times over."""

SLOW = frozenset(
    {
        *("authorization", "docs", "faults", "others", "page", "pipelines", "plugin", "project"),
        *("prove", "safety", "strangers", "twin"),
        *("cli/test_run.py", "client/test_habits.py"),
        *("core/test_another_api.py", "core/test_client.py"),
        *("core/test_published.py", "core/test_wire_paths.py", "core/test_wire_values.py"),
        *("doctor/test_situations.py", "explain/test_seen_answers.py", "init/test_environments.py"),
        *("doctor/test_preflight.py", "reporting/test_gather.py", "suites/test_reading_checks.py"),
        *("suites/test_status_cycle.py", "suites/test_token_checks.py"),
        "suites/test_writing_checks.py",
    }
)
"""Folders and files that take more than a second of a processor: `--quick` does not even import them."""

# Where Python is told to keep no bytecode, each of the hundreds of processes here would compile golive by itself.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# golive's own runs in this process leave no place for a database, which would be a warning.
hypothesis.settings.register_profile("golive", database=None)
hypothesis.settings.load_profile("golive")


def pytest_addoption(parser):
    parser.addoption(
        "--renew", action="store_true", help="write the texts that wording tests expect"
    )
    parser.addoption(
        "--quick", action="store_true", help="only what is worth a run between two edits"
    )


def pytest_configure(config):
    """Refuse a name of `SLOW` that nothing has."""
    missing = [name for name in SLOW if not (TESTS / name).exists()]
    if missing:
        raise pytest.UsageError(f"tests/conftest.py: SLOW names what is not there: {missing}")


def pytest_ignore_collect(collection_path, config):
    """Leave out what is slow, where that is wanted."""
    if config.getoption("--quick") and collection_path.is_relative_to(TESTS):
        return collection_path.relative_to(TESTS).as_posix() in SLOW or None
    return None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    """Mark what starts whole runs, which `--quick` leaves out as all that is exhaustive; and what is not measured.

    What is marked as `exhaustive` is what `.ci/run` does beside `make test`; `night`, what `.ci/night` does.
    """
    unmeasured = {
        path
        for path in {item.path for item in items}
        if any(path.is_relative_to(TESTS / name) for name in UNMEASURED)
    }
    for item in items:
        if item.path in unmeasured or item.get_closest_marker("exhaustive"):
            item.add_marker(pytest.mark.unmeasured)
        if not WHOLE_RUNS.isdisjoint(item.fixturenames):
            item.add_marker(pytest.mark.whole_run)
    if config.getoption("--quick"):
        left_out = {
            item
            for item in items
            if any(map(item.get_closest_marker, ("whole_run", "exhaustive", "night")))
        }
        config.hook.pytest_deselected(items=[*left_out])
        items[:] = [item for item in items if item not in left_out]


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    """Measure no coverage of the collection, which each worker repeats: the server that forks imports all once more."""
    measurement = _measurement()
    if measurement:
        measurement.stop()
    try:
        return (yield)
    finally:
        if measurement:
            measurement.start()


def pytest_collection_finish():
    """Let no search for garbage go through what was collected: it stays."""
    gc.freeze()


def _measure_nothing():
    threading.settrace(None)
    sys.settrace(None)


# `golive prove` forks, and what it forks ends without a word about what it has measured.
os.register_at_fork(after_in_child=_measure_nothing)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item):
    """Measure no coverage in tests of whole runs, nor in any process, where a test is not marked as `measured`.

    Measuring more than doubles the time, and the twentieth run covers nothing that the nineteen before did not.
    """
    marks = {mark.name for mark in item.iter_markers()}
    measured = "measured" in marks and "unmeasured" not in marks
    config = None if measured else os.environ.pop(MEASURED, None)
    pausing = "unmeasured" in marks or ("whole_run" in marks and not measured)
    paused = _measurement() if pausing else None
    if paused:
        paused.stop()
    try:
        return (yield)
    finally:
        if paused:
            paused.start()
        if config is not None:
            os.environ[MEASURED] = config


def _measurement():
    """The measurement of coverage that is going on in this process, if any."""
    coverage = sys.modules.get("coverage")
    return coverage and coverage.Coverage.current()


@pytest.fixture(scope="session")
def renewing(request):
    """Whether the texts that wording tests expect are to be written rather than compared."""
    return request.config.getoption("--renew")


@pytest.fixture(autouse=True, scope="session")
def _no_pipeline():
    kept = {name: os.environ.pop(name) for name in NAMES if name in os.environ}
    yield
    os.environ.update(kept)


@pytest.fixture
def in_pipeline(monkeypatch):
    """Let runs write Allure's results, too, which takes a fourth of a run's time."""
    monkeypatch.setenv("CI", "true")


@pytest.fixture
def counted(record_property):
    """Say what a proof has counted; the end of the tests lists it, whichever process it was counted in."""
    return partial(record_property, COUNTED)


def pytest_terminal_summary(terminalreporter):
    """List what the proofs counted."""
    told = [
        f"{report.nodeid.rpartition('::')[2]}: {value}"
        for report in terminalreporter.stats.get("passed", [])
        for name, value in report.user_properties
        if name == COUNTED
    ]
    if told:
        terminalreporter.section("what the proofs of safety counted")
        terminalreporter.write_line("\n".join(sorted(told)))


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """Make a self-signed certificate for 127.0.0.1 (or a name): its bundle and the context of its server."""

    def make(*, days=1, name=None):
        key, number = ec.generate_private_key(ec.SECP256R1()), x509.random_serial_number()
        # A name of its own: in one bundle, two authorities of one name would be taken for each other.
        subject = x509.Name(
            [x509.NameAttribute(NameOID.COMMON_NAME, f"golive test {number % 10**9}")]
        )
        now = datetime.now(UTC)
        where = x509.DNSName(name) if name else x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
        made = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject)
            .public_key(key.public_key())
            .serial_number(number)
            .not_valid_before(now - timedelta(days=10))
            .not_valid_after(now + timedelta(days=days))
            .add_extension(x509.SubjectAlternativeName([where]), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(key, hashes.SHA256())
        )
        file = tmp_path_factory.mktemp("tls") / "server.pem"
        pem = serialization.Encoding.PEM
        private = key.private_bytes(
            pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        file.write_bytes(private + made.public_bytes(pem))
        bundle = file.with_name("ca.pem")
        bundle.write_bytes(made.public_bytes(pem))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return bundle, context

    return make
