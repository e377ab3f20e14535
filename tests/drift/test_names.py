"""Which names of members and headers a fingerprint may hold."""

from __future__ import annotations

import pytest

from golive.drift import promises as names
from golive.redaction import REDACTOR


@pytest.mark.parametrize("name", ["archived", "sentBy", "smart-v1", "line2", "first_seen", "x"])
def test_a_name_that_a_program_gave_is_shape(name):
    assert names.member(name) == name


@pytest.mark.parametrize(
    "name",
    [
        *("12700100", "720564485.1.5.prsnl", "Ottoline", "Quillfeather, Ottoline", "a@example.org"),
        *("ec2458f2-1e24-41c8-b71b-0e701af7583d", "MRN-5550142", "", "ü", "a" * 41, "camelCaseX9Y"),
    ],
)
def test_a_name_that_may_be_data_is_folded(name):
    assert names.member(name) == names.OTHER


def test_a_name_that_the_run_has_learnt_as_a_value_is_folded():
    REDACTOR.protect("quillfeather")
    assert names.member("quillfeather") == names.OTHER
    assert names.header("Quillfeather") == names.OTHER


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Cerner-Correlation-ID", "cerner-correlation-id"),
        ("X-B3-TraceId", "x-b3-traceid"),
        ("X-5550142", names.OTHER),
        ("x_patient", names.OTHER),
    ],
)
def test_a_header_s_name_is_shown_in_small_letters_unless_it_may_be_data(name, shown):
    assert names.header(name) == shown


@pytest.mark.parametrize("name", ["ZebulonQuackenbush", "X-Patient-ZebulonQuackenbush"])
def test_a_header_s_name_that_may_be_somebody_s_is_folded(name, monkeypatch) -> None:
    monkeypatch.setattr(REDACTOR, "shows_data", False)
    assert names.header(name) == names.OTHER
