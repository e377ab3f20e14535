"""Recordings to judge: a faulty run of golive's own, and the exchanges of a fault-free one as they were."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from har_files import Ended, golive
from shared import once, recorded

if TYPE_CHECKING:
    from pathlib import Path

DEFECTS = (
    "detail-disagrees-with-list",
    "every-third-token-expires-early",
    "token-claims-name-two-tenants",
    "token-response-may-be-cached",
    "token-response-repeats-the-secret",
)


@pytest.fixture(scope="session")
def faulty_run(tmp_path_factory) -> Ended:
    """A whole run of the twin with faults in messages, lists and tokens."""

    def make(folder: Path) -> None:
        ended = golive(
            folder, "run", "twin", "-v", "--allure", *(f"--defect={one}" for one in DEFECTS)
        )
        (folder / "out.txt").write_text(ended.out, "utf-8")
        (folder / "code.txt").write_text(str(ended.code), "utf-8")

    folder = once(tmp_path_factory, "faulty", make)
    return Ended(
        int((folder / "code.txt").read_text("utf-8")),
        (folder / "out.txt").read_text("utf-8"),
        folder,
    )


@pytest.fixture(scope="session")
def recording():
    """Every exchange of a fault-free run as it was, credentials included, and its checks."""
    return recorded()
