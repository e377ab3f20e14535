"""Harm: every check has a class, and what was found decides which."""

import pytest

from golive.cli.commands.checks import collected
from golive.contract.harm import harm_of, harms, has_rule


def test_every_check_has_a_rule():
    known = [check for check in collected() if not has_rule(check.id, check.area)]
    assert known == []


def test_every_class_is_some_check_s_and_its_words_are_sentences():
    used = {harm_of(check.id, check.area) for check in collected()}
    assert used == set(harms())
    assert [one.name for one in harms().values() if not one.means.endswith(".")] == []
    assert [one.name for one in harms().values() if one.rank < 3 and not one.call] == []


def found(at="status", status=200, **changes):
    return {"at": at, "exchange": {"status": status}, "advice": False, **changes}


def refused(status):
    return found(status=status, expected="200", actual=str(status))


@pytest.mark.parametrize(
    ("check", "area", "finding", "harm"),
    [
        ("inbox-without-token", "API access", found(), "personal data exposed"),
        ("inbox-without-token", "API access", found(status=403), "client breaks"),
        ("inbox-without-token", "API access", found("header:WWW-Authenticate"), "client breaks"),
        ("inbox-without-token", "API access", found(status=500), "access broken"),
        ("inbox-status-is-200", "inbox", found(status=404), "access broken"),
        ("inbox-status-is-200", "inbox", found("header:opc-request-id"), "cosmetic"),
        ("send-script", "send, refused", found(status=201), "data lost or wrong"),
        ("send-script", "send, refused", found(status=422), "client breaks"),
        (
            "inbox-without-token",
            "API access",
            found("body", expected="a complete HTTP answer"),
            "access broken",
        ),
        ("send-stays-in-its-tenant", "other tenants", refused(400), "access broken"),
        ("send-stays-in-its-tenant", "other tenants", refused(404), "access broken"),
        ("send-stays-in-its-tenant", "other tenants", found("/items"), "personal data exposed"),
        ("reply-is-listed-once", "reply", refused(400), "access broken"),
        ("reply-is-listed-once", "reply", refused(404), "data lost or wrong"),
        ("reply-is-listed-once", "reply", found("/items"), "data lost or wrong"),
        ("anything", "an area of somebody's own", found(), "client breaks"),
    ],
)
def test_what_was_found_decides(check, area, finding, harm):
    assert harm_of(check, area, [finding]) == harm


def test_the_worst_of_what_decides_counts():
    findings = [found(advice=True), found("header:WWW-Authenticate"), found(status=403)]
    assert harm_of("inbox-without-token", "API access", findings) == "client breaks"
    assert (
        harm_of("inbox-without-token", "API access", [*findings, found()])
        == "personal data exposed"
    )
