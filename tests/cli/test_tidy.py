from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from golive.report.summary import begun, head_of

ONE, OTHER = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"


@pytest.fixture
def run_of(folder):
    """Keep the summary of a run that began some hours ago; its folder's name."""

    def make(key, hours, tenant=ONE, *, finished=True, reports="reports"):
        began = datetime.now(UTC) - timedelta(hours=hours)
        data = {**begun(key, {"name": key, "tenant": tenant}), "started": began.isoformat()}
        if finished:
            del data["finished"]
        path = folder / reports / f"{key}-{began:%Y%m%dT%H%M%SZ}"
        path.mkdir(parents=True)
        (path / "summary.json").write_text(json.dumps(data))
        return path.name

    return make


def left(folder, reports="reports"):
    return {one.name for one in (folder / reports).iterdir()}


def test_the_last_runs_of_each_environment_and_tenant_stay(golive, folder, run_of):
    kept = {run_of(key, hours) for key in ("production@a", "production@b") for hours in (1, 2)}
    kept |= {
        run_of("production", hours, tenant) for hours, tenant in ((1, ONE), (2, ONE), (3, OTHER))
    }
    old = {run_of("production@a", 3), run_of("production", 5, ONE)}
    said = golive("tidy", "--keep", "2", "--dry-run")
    assert (said.code, left(folder)) == (0, kept | old)
    assert said.out.count("would remove reports/production") == 2
    assert golive("tidy", "--keep", "2").code == 0
    assert left(folder) == kept


def test_what_is_no_ended_run_is_left_alone(golive, folder, run_of):
    kept = {run_of("twin", 1), run_of("twin", 2, finished=False)}
    led_to, gone = run_of("twin", 3), {run_of("twin", 50, finished=False)}
    (folder / "reports" / "latest-twin").symlink_to(led_to)
    (folder / "reports" / "twin-20200101T000000Z").mkdir()  # no summary
    (folder / "reports" / "mine").mkdir()
    (folder / "reports" / "twin-20190101T000000Z").symlink_to(folder)
    others = left(folder) - gone
    assert golive("tidy", "--keep", "1").code == 0
    assert left(folder) == others > kept


def test_the_folder_of_the_runs_can_be_another(golive, folder, run_of):
    names = [run_of("twin", hours, reports="out") for hours in (1, 2)]
    assert golive("tidy", "--keep", "1", "--reports", "out").code == 0
    assert left(folder, "out") == {names[0]}
    assert golive("tidy", "--reports", "nowhere").code == 4


def test_the_head_of_a_summary_is_read_without_its_checks(run_of, folder):
    path = folder / "reports" / run_of("twin", 1) / "summary.json"
    asked = []

    def read(most):
        asked.append(most)
        return path.read_bytes()[:most]

    data = json.loads(path.read_text())
    path.write_text(json.dumps({**data, "checks": ["x" * 1000] * 1000}))
    assert head_of("twin-1", read).code == 130
    assert len(asked) == 1
    # Where something large stands before what is needed, the rest is read, too.
    path.write_text(json.dumps({"more": "x" * 100_000, **data}))
    assert head_of("twin-1", read).key == "twin"
    assert len(asked) == 3


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        '{"exit_code": 1',
        '{"exit_code": 2, "environment": {"name": "x"}, "started": "now"}',
        "[" * 9999,
    ],
)
def test_what_is_no_summary_has_no_head(text):
    assert head_of("x", lambda most: text.encode()[:most]) is None


def test_reports_go_where_reports_says_and_what_failed_last_is_the_tenant_s_own(
    golive_process, folder
):
    (folder / "tenants.yaml").write_text(
        "environment: twin\ntenants:\n  - name: river\n    tenant: ec2458f2-1e24-41c8-b71b-0e701af7583d\n"
    )
    words = ("run", "--tenants", "tenants.yaml", "-k", "token-lifetime", "--reports", "out/of/here")
    outcome = golive_process(*words)
    assert outcome.code == 0, outcome.out + outcome.err
    out = folder / "out" / "of" / "here"
    (cache,) = (out / ".pytest_cache").iterdir()
    assert cache.name.startswith("twin@river-")
    run = (out / "latest-twin@river").resolve()
    summary = json.loads((run / "summary.json").read_text())
    assert summary["environment"]["name"] == "twin@river"
    assert (
        json.loads((run / "fingerprint.json").read_text())["tenant"]
        == summary["environment"]["tenant"]
    )
    assert not (folder / "reports").exists()
    for command in (("report",), ("learn",), ("show", summary["checks"][0]["id"])):
        assert golive_process(*command, "--reports", "out/of/here").code == 0, command
