from __future__ import annotations

import pytest


def test_every_environment_is_listed_with_what_it_lacks(golive):
    outcome = golive("envs")
    assert outcome.code == 0
    assert (
        outcome.out.index("production") < outcome.out.index("sandbox") < outcome.out.index("twin")
    )
    for words in (
        "GOLIVE_CLIENT_SECRET",
        "GOLIVE_PRODUCTION_TENANT",
        "tenant  (not set)",
        "tenant  ec2458f2-1e24-41c8-b71b-0e701af7583d",
        "token   authorization.cerner.com",
        "API     api.cernermillennium.com",
        "token   the embedded twin in place of",
        "API code-system the embedded twin in place of\n",
    ):
        assert words in outcome.out


@pytest.mark.parametrize("width", ["40", "80", "200"])
def test_the_table_keeps_to_the_width_of_the_terminal(golive, monkeypatch, width):
    monkeypatch.setenv("COLUMNS", width)
    assert max(map(len, golive("envs").out.splitlines())) <= max(int(width), 80)


def test_an_environment_with_its_variables_is_usable(golive, monkeypatch):
    monkeypatch.setenv("GOLIVE_CLIENT_ID", "3a5e58c6-51ad-4d4f-9b8b-0d4b8e4a3c11")
    monkeypatch.setenv("GOLIVE_CLIENT_SECRET", "not-to-be-shown-anywhere")
    outcome = golive("envs")
    sandbox = next(line for line in outcome.out.splitlines() if line.startswith("sandbox"))
    assert sandbox.endswith("yes")
    assert "not-to-be-shown" not in outcome.out


def test_a_file_of_ones_own_is_listed_with_its_mistakes(golive, folder):
    (folder / "environments").mkdir()
    (folder / "environments" / "mine.yaml").write_text("tenant: ${GOLIVE_MINE}\nnonsense: 1\n")
    out = " ".join(golive("envs").out.split())
    assert "mine" in out
    assert "GOLIVE_MINE" in out
    assert "nonsense" in out
