"""The error cases of the Recipients API: each row of its errors.yaml is one check."""

from __future__ import annotations

import pytest

from golive import Contract, Exchange, parametrize_rows
from suites.common.refusals import judge, rows

pytestmark = pytest.mark.errors


@parametrize_rows(rows("group-inboxes"))
def test_a_request_for_group_inboxes_is_refused(
    row: str, refused_group_inboxes: Exchange, contract: Contract
) -> None:
    judge(row, refused_group_inboxes, contract)


@pytest.mark.writes
@parametrize_rows(rows("validation"))
def test_a_validation_is_refused(
    row: str, refused_validation: Exchange, contract: Contract
) -> None:
    judge(row, refused_validation, contract)
