"""The twin with encrypted tokens: everything that can be asked is proven, and nothing else is called in order."""

import json

import pytest

from golive.kit.files import resources

from .conftest import Place

pytestmark = pytest.mark.whole_run


@pytest.fixture
def place(tmp_path):
    text = (resources() / "environments" / "twin.yaml").read_text()
    (tmp_path / "place.yaml").write_text(
        text.replace("  seed: 1\n", "  seed: 1\n  token_form: jwe\n")
    )
    return Place(tmp_path, {})


FORGED = (
    *("-unsigned-token", "-unsigned-token-in-odd-case", "-token-without-signature"),
    *("-token-signed-with-public-key", "-token-with-its-own-key"),
    "-with-another-signature",
)
"""Rules that need a header to be forged, which nobody outside can read."""


def test_a_run_is_go_and_says_what_it_could_not_see(place) -> None:
    code, said, summary = place.run()
    assert code == 0, said
    outcomes = {check["id"]: check["outcome"] for check in summary["checks"]}
    assert not {name for name, outcome in outcomes.items() if outcome in ("failed", "advice")}, said
    unseen = {
        check["id"]: check["cause"]
        for check in summary["checks"]
        if check["outcome"] == "could not tell"
    }
    assert all("the access token is encrypted" in cause for cause in unseen.values())
    assert "group-inboxes-unsigned-token" in unseen
    rest = {name for name in unseen if not name.startswith("access-token-")} - {
        "key-set-holds-the-tokens-keys-at-the-end",
    }
    assert all(name.endswith(FORGED) for name in rest), rest
    for name in (
        "status-tampered-token",
        "token-of-other-cloud",
        "token-of-other-tenant",
        "validation-expired-token",
    ):
        assert outcomes[name] == "passed"
    stage = next(one for one in summary["walk"] if one["stage"] == "token's claims and key")
    assert not stage["ok"]


def test_the_doctor_gives_no_ok_for_what_it_could_not_see(place) -> None:
    code, told = place.doctor()
    assert code == 0, json.dumps(told)
    seen = {stage["stage"]: stage["ok"] for stage in told["stages"]}
    assert [name for name, ok in seen.items() if not ok] == ["token's claims and key"]
    assert "What can't be seen from outside: token's claims and key." in told["summary"]
