"""What every test of `golive explain` begins with."""

import pytest

from golive.redaction import REDACTOR


@pytest.fixture(autouse=True)
def _clean_redactor():
    REDACTOR.clear()
    yield
    REDACTOR.clear()
