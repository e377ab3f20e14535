"""The write proof: in a read-only environment, the only POSTs that arrive go to the token endpoint."""

import json
import re
from pathlib import Path

import pytest

from golive.twin import Twin

pytestmark = pytest.mark.whole_run

RUNS = {
    "every suite": (),
    "only the checks that write": ("-m", "writes"),
}
MORE_RUNS = {
    "generated requests, too": ("--generated", "-m", "messages"),
    "going on after a stop": ("--keep-going", "--fail-on-advice", "-m", "messages"),
    "only refusals of sending": ("-k", "send or status or reply"),
    "two workers": ("-n", "2", "-m", "messages"),
    "stopping at once": ("-x", "-v", "--tb=long", "-m", "messages"),
}


@pytest.mark.parametrize(
    "options",
    [
        *(pytest.param(options, id=name) for name, options in RUNS.items()),
        *(
            pytest.param(options, id=name, marks=pytest.mark.exhaustive)
            for name, options in MORE_RUNS.items()
        ),
    ],
)
def test_the_only_posts_of_a_read_only_run_ask_for_tokens(arrivals, options, counted) -> None:
    arrived = arrivals(*options)
    assert arrived.writes == ()
    counted(
        f"{sum(arrived.methods.values())} requests, {arrived.token_posts} POSTs for tokens, "
        f"{len(arrived.writes)} writes"
    )
    assert arrived.ran.code in {0, 5}, arrived.ran.text
    assert sum(arrived.methods.values()) > 0


@pytest.mark.parametrize(
    "defect", ["redirect-to-another-host", "inbox-takes-posts", "send-works-without-token"]
)
def test_a_lying_deployment_does_not_lead_a_read_only_run_to_write(arrivals, defect: str) -> None:
    arrived = arrivals("--keep-going", "-m", "messages", defects=(defect,))
    assert arrived.writes == ()
    assert sum(arrived.methods.values()) > 5


def test_the_doctor_s_preflight_writes_nothing(arrivals) -> None:
    arrived = arrivals(command="doctor")
    assert arrived.writes == ()
    assert arrived.token_posts >= 1
    assert arrived.ran.code == 0, arrived.ran.text


def test_the_proof_would_see_a_write(tmp_path: Path, safety) -> None:
    """The same count, where writing is allowed, finds the messages that are sent."""
    with Twin() as twin:
        made = safety.deployment(twin, tmp_path / "writing.yaml")
        words = ("-m", "golive", "run", str(made.file), "-m", "writes")
        ran = safety.process(tmp_path, *words, **made.variables)
        unsafe = [
            one
            for one in twin.requests
            if one.method not in {"GET", "HEAD"} and safety.TOKEN_PATH not in one.path
        ]
    assert ran.code == 0, ran.text
    written = ran.summary["written"]
    sent = [one for one in written if "subject" in one]
    assert len(sent) >= 2
    own = re.compile(r"(?:Re: |Fw: )?golive ")
    assert all(own.match(one["subject"]) for one in sent)
    assert len(written) == sum(200 <= one.status < 300 for one in unsafe)


def test_permission_without_a_listed_tenant_ends_before_anything_is_sent(
    tmp_path: Path, safety
) -> None:
    with Twin() as twin:
        made = safety.deployment(
            twin, tmp_path / "typo.yaml", safety={"writes": "allowed", "test_tenants": ["other"]}
        )
        for command in ("run", "doctor"):
            words = ("-m", "golive", command, str(made.file))
            ran = safety.process(tmp_path, *words, **made.variables)
            assert ran.code == 4, ran.text
            assert "test_tenants" in ran.text
        assert twin.requests == []


def test_every_connection_of_a_run_is_the_client_s_and_leads_to_the_pinned_host(
    tmp_path: Path, safety, counted
) -> None:
    log = tmp_path / "connections.jsonl"
    with Twin() as twin:
        made = safety.deployment(twin, tmp_path / "guarded.yaml")
        words = ("-m", "golive", "run", str(made.file), "-p", "connection_guard", "-m", "messages")
        ran = safety.process(tmp_path, *words, **made.variables, CONNECTION_LOG=str(log))
        port = int(twin.address.rsplit(":", 1)[1])
    assert ran.code == 0, ran.text
    connections = [json.loads(line) for line in log.read_text().splitlines()]
    assert connections
    counted(f"{len(connections)} connections, all by the client and to the pinned host")
    for one in connections:
        assert one["address"] == ["127.0.0.1", port], one
        assert one["by_client"], one["stack"]


def test_a_connection_past_the_client_is_seen_by_the_guard(tmp_path: Path, safety) -> None:
    log = tmp_path / "connections.jsonl"
    script = (
        "import connection_guard, socket\n"
        "with socket.create_server(('127.0.0.1', 0)) as s:\n"
        "    socket.create_connection(s.getsockname()).close()\n"
    )
    ran = safety.process(tmp_path, "-c", script, CONNECTION_LOG=str(log))
    assert ran.code == 0, ran.text
    (one,) = [json.loads(line) for line in log.read_text().splitlines()]
    assert not one["by_client"]
