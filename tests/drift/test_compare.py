"""What counts as a change, how serious it is, and what does not count."""

from __future__ import annotations

import json

import pytest

from golive.drift.change import Change, Comparison, Severity
from golive.drift.compare import compare

ITEM = {
    "id": "1",
    "status": "UNREAD",
    "createDateTime": {"dateTime": "2026-01-01", "timeZone": "UTC"},
    "notificationVersion": 1,
    "recipientNotificationVersion": 1,
}


def inbox(drift, *items, name="inbox_items", **kwargs):
    return drift.answer(name, body={"items": list(items)}, **kwargs)


def without(item, name):
    return {key: value for key, value in item.items() if key != name}


def test_a_required_member_that_is_gone_breaks_and_its_inferred_rule_is_questioned(drift):
    before = drift.looked(inbox(drift, ITEM))
    after = drift.looked(inbox(drift, without(ITEM, "status")))
    (one,) = compare(before, after, drift.CONTRACT).changes
    assert (one.severity, one.at, one.sentence) == (
        Severity.BREAKING,
        "/items/[]/status",
        "is no longer present",
    )
    assert one.basis == "inferred"
    assert one.node == "messages-20241001/inbox-item.schema.json#/allOf/1"


def test_a_required_member_that_some_objects_lack_breaks(drift):
    before = drift.looked(inbox(drift, ITEM, ITEM))
    after = drift.looked(inbox(drift, ITEM, without(ITEM, "id")))
    assert drift.told(before, after) == [
        ("breaking", "/items/[]/id", "is missing in some objects, was in all of them")
    ]


def test_an_optional_member_that_was_not_seen_is_no_change(drift):
    rich = ITEM | {"encounter": {"id": "7"}, "priority": {"value": "HIGH"}}
    before, after = drift.looked(inbox(drift, rich)), drift.looked(inbox(drift, ITEM))
    assert drift.told(before, after) == drift.told(after, before) == []


def test_an_optional_member_that_very_many_objects_lack_is_visible(drift):
    rich = ITEM | {"subject": "s"}
    before = drift.looked(inbox(drift, *[rich] * 30))
    after = drift.looked(inbox(drift, *[ITEM] * 30))
    said = "is no longer present in any of very many objects"
    assert drift.told(before, after) == [("visible", "/items/[]/subject", said)]
    elsewhere = drift.looked(
        inbox(drift, *[ITEM] * 30), inbox(drift, rich, name="other_inbox", status=200)
    )
    assert drift.told(before, elsewhere) == []


def test_a_new_member_that_the_contract_does_not_know_is_visible(drift):
    before = drift.looked(inbox(drift, ITEM))
    after = drift.looked(inbox(drift, ITEM | {"archived": False}))
    (one,) = compare(before, after, drift.CONTRACT).changes
    assert (one.severity, one.kind, one.basis) == (Severity.VISIBLE, "member-new", "unknown")


def test_a_new_member_that_another_situation_had_is_no_change(drift):
    other = inbox(drift, ITEM | {"archived": False}, name="other_inbox")
    before = drift.looked(inbox(drift, ITEM), other)
    after = drift.looked(inbox(drift, ITEM | {"archived": True}), other)
    assert drift.told(before, after) == []


def test_a_member_below_a_new_member_is_not_told_as_well(drift):
    before = drift.looked(inbox(drift, ITEM))
    after = drift.looked(inbox(drift, ITEM | {"folder": {"name": {"short": "x"}}}))
    assert [at for _, at, _ in drift.told(before, after)] == ["/items/[]/folder"]


def test_items_of_a_list_that_was_empty_are_data(drift):
    before, after = drift.looked(inbox(drift)), drift.looked(inbox(drift, ITEM | {"archived": 1}))
    assert drift.told(before, after) == drift.told(after, before) == []


def test_members_with_names_that_may_be_data_are_reported_once_and_never_named(drift):
    before = drift.looked(inbox(drift, ITEM))
    after = drift.looked(inbox(drift, ITEM | {"Ottoline": 1, "12700100": ""}))
    said = "is now present (integer or string): a member whose name may be data"
    assert drift.told(before, after) == [("visible", "/items/[]/{}", said)]
    assert drift.told(after, before) == []


def test_entries_of_a_map_are_data(drift):
    before = drift.looked(inbox(drift, ITEM | {"labels": {}}))
    after = drift.looked(inbox(drift, ITEM | {"labels": {"12700100": 1}}))
    assert drift.told(before, after) == []


@pytest.mark.parametrize(
    ("was", "now", "severity", "sentence"),
    [
        ("1", 1, "breaking", "is integer, was string"),
        ("1", None, "breaking", "can be null, was always string"),
    ],
)
def test_another_type_breaks(drift, was, now, severity, sentence):
    before = drift.looked(inbox(drift, ITEM | {"subject": was}))
    after = drift.looked(inbox(drift, ITEM | {"subject": now}))
    assert drift.told(before, after) == [(severity, "/items/[]/subject", sentence)]


def test_null_in_an_unknown_member_is_visible(drift):
    before = drift.looked(inbox(drift, ITEM | {"folder": "x"}))
    after = drift.looked(inbox(drift, ITEM | {"folder": None}))
    assert drift.told(before, after) == [
        ("visible", "/items/[]/folder", "can be null, was always string")
    ]


def test_a_type_that_no_longer_comes_is_no_change(drift):
    before = drift.looked(inbox(drift, ITEM | {"folder": 1}, ITEM | {"folder": None}))
    after = drift.looked(inbox(drift, ITEM | {"folder": 1}))
    assert drift.told(before, after) == []


def test_an_integer_is_a_number_and_a_number_no_integer(drift):
    whole = drift.looked(inbox(drift, ITEM | {"folder": 1}))
    half = drift.looked(inbox(drift, ITEM | {"folder": 1.5}))
    assert drift.told(half, whole) == []
    assert [severity for severity, _, _ in drift.told(whole, half)] == ["breaking"]


def test_a_value_outside_the_enumeration_breaks_and_one_inside_is_data(drift):
    before = drift.looked(inbox(drift, ITEM))
    inside = drift.looked(inbox(drift, ITEM | {"status": "OPENED"}))
    outside = drift.looked(inbox(drift, ITEM | {"status": "Secret"}))
    known = drift.looked(inbox(drift, ITEM | {"status": "NORMAL"}))
    assert drift.told(before, inside) == []
    assert drift.told(before, outside) == [
        ("breaking", "/items/[]/status", "has other values than DELETED, OPENED, UNREAD")
    ]
    assert drift.told(before, known) == [
        ("breaking", "/items/[]/status", "can be NORMAL, other than DELETED, OPENED, UNREAD")
    ]


@pytest.mark.parametrize(
    ("was", "now", "severity"),
    [(200, 500, "breaking"), (401, 200, "breaking"), (401, 403, "visible"), (200, 206, "visible")],
)
def test_another_status_is_as_serious_as_its_class(drift, was, now, severity):
    before = drift.looked(inbox(drift, ITEM, status=was))
    after = drift.looked(inbox(drift, status=now))
    assert drift.told(before, after) == [(severity, "status", f"answered with {now}, was {was}")]


def test_a_success_that_the_contract_does_not_describe_is_as_firm_as_the_one_that_it_does(drift):
    before, after = (drift.looked(inbox(drift, ITEM, status=s)) for s in (200, 206))
    (one,) = compare(before, after, drift.CONTRACT).changes
    assert one.basis == "inferred"


def test_a_refusal_takes_its_basis_from_its_row(drift):
    row = "inbox-without-token"
    before, after = (drift.looked(inbox(drift, name=row, status=s)) for s in (401, 403))
    (one,) = compare(before, after, drift.CONTRACT).changes
    assert one.basis in {"standard", "documented", "observed"}


def test_another_media_type_and_another_form_break(drift):
    json_answer = drift.looked(inbox(drift, ITEM))
    headers = {"Content-Type": "text/html; charset=utf-8", "opc-request-id": "x"}
    html = drift.looked(drift.answer(text=b"<html>", headers=headers))
    cut = drift.looked(drift.answer(text=b'{"items": ['))
    empty = drift.looked(drift.answer(text=b""))
    bare = drift.looked(drift.answer(text=b"", headers={"opc-request-id": "x"}))
    odd = drift.looked(drift.answer(text=b"x", headers={"Content-Type": "x/ottoline"}))
    assert drift.told(json_answer, html) == [
        ("breaking", "media type", "the media type is text/html, was application/json")
    ]
    assert drift.told(json_answer, cut) == [("breaking", "body", "the body is not JSON, was JSON")]
    assert drift.told(json_answer, empty) == [("breaking", "body", "the body is empty, was JSON")]
    assert "the media type is none" in drift.told(json_answer, bare)[0][2]
    assert "ottoline" not in json.dumps(odd.as_dict())


def test_headers_are_as_serious_as_what_is_said_of_them(drift):
    plain = {"Content-Type": "application/json", "Date": "x"}
    full = plain | {"opc-request-id": "a", "opc-next-page": "2", "Server": "x"}
    before = drift.looked(inbox(drift, ITEM, headers=full))
    after = drift.looked(inbox(drift, ITEM, headers=plain | {"X-Cache": "1"}))
    assert drift.told(before, after) == [
        ("breaking", "header:opc-request-id", "is no longer present"),
        ("cosmetic", "header:server", "is no longer present"),
        ("cosmetic", "header:x-cache", "is now present"),
    ]


def token(drift, body, **kwargs):
    return drift.looked(drift.answer("token_granted", "", body, **kwargs))


@pytest.mark.parametrize(
    ("said", "kept"), [(5550142177, 86_400), (-7, 0), (True, None), ("570", None)]
)
def test_a_lifetime_that_is_none_keeps_no_number_of_somebody_s(drift, said, kept):
    body = {"access_token": "opaque", "token_type": "Bearer", "expires_in": said, "scope": "a"}
    [situation] = token(drift, body).as_dict()["situations"].values()
    assert situation["lifetime"] == kept


def test_a_token_s_lifetime_and_form_are_visible(drift):
    body = {"access_token": "opaque", "token_type": "Bearer", "expires_in": 570, "scope": "a"}
    jwt = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJ4In0.c2ln"
    before, after = token(drift, body), token(drift, body | {"expires_in": 300})
    assert drift.told(before, after) == [
        ("visible", "lifetime", "a token lives for 300 seconds, was 570")
    ]
    read = token(drift, body | {"access_token": jwt})
    assert drift.told(before, read) == [
        ("visible", "token", "the token is of the form JWT, was other")
    ]
    assert set(read.situations["token_granted"]["shapes"]) == {
        "body",
        "token header",
        "token claims",
    }


def test_members_of_a_token_answer_do_not_depend_on_data(drift):
    body = {"access_token": "opaque", "token_type": "Bearer", "expires_in": 570, "scope": "a"}
    more = token(drift, body | {"patient": "12700100"})
    assert drift.told(more, token(drift, body)) == [("visible", "/patient", "is no longer present")]


def test_a_documented_member_that_a_refusal_has_now_is_cosmetic(drift):
    error = {"code": "x", "message": "m"}
    before = drift.looked(drift.answer("r", body=error, status=400))
    after = drift.looked(drift.answer("r", body=error | {"details": []}, status=400))
    assert drift.told(before, after) == [("cosmetic", "/details", "is now present (array)")]


def test_kinds_of_keys_that_go_are_visible_and_new_ones_cosmetic(drift):
    def keys(*ones):
        return drift.looked(drift.answer("key_set", "", {"keys": list(ones)}))

    ec = {"kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": "1", "x": "", "y": ""}
    rsa = {"kty": "RSA", "kid": "2", "n": "", "e": "", "use": "Ottoline"}
    before, after = keys(ec, rsa), keys(ec, ec)
    assert ("visible", "keys:RSA (other)", "keys of the kind RSA (other): none, was one") in (
        drift.told(before, after)
    )
    assert (
        "cosmetic",
        "keys:EC P-256 ES256 sig",
        "keys of the kind EC P-256 ES256 sig: several, was one",
    ) in drift.told(before, after)
    assert "Ottoline" not in json.dumps(before.as_dict())
    assert keys("no key").situations["key_set"]["keys"] == {}
    assert (
        drift.looked(drift.answer("key_set", "", {"keys": 1})).situations["key_set"]["keys"] == {}
    )


def test_reasons_are_kept_as_far_as_the_catalogue_knows_them(drift):
    def refused(urn, code):
        body = {"error": code, "error_uri": f"https://x/errors/{urn}/instances/1?client=a&tenant=b"}
        return drift.looked(drift.answer("token-wrong-secret", "", body, status=401))

    known = (
        "urn%3Acerner%3Aerror%3Aauthorization-server%3Aoauth2%3Atoken%3Ainvalid-client-credentials"
    )
    before = refused(known, "invalid_client")
    after = refused("urn%3Aottoline", "ottoline")
    assert before.situations["token-wrong-secret"]["reasons"] == {
        "urn": "oauth2:token:invalid-client-credentials",
        "error": "invalid_client",
    }
    assert "ottoline" not in json.dumps(after.as_dict())
    severities = {(severity, at) for severity, at, _ in drift.told(before, after)}
    assert ("visible", "reason:urn") in severities
    assert ("visible", "reason:error") in severities


def test_the_same_change_of_several_situations_is_one(drift):
    names = ("inbox_items", "other_inbox", "crowded_inbox")
    before = drift.looked(*[inbox(drift, ITEM, name=name) for name in names])
    after = drift.looked(*[inbox(drift, ITEM | {"archived": 1}, name=name) for name in names])
    (one,) = compare(before, after, drift.CONTRACT).changes
    assert one.situations == tuple(sorted(names))


def test_situations_of_one_run_only_are_named_and_are_no_change(drift):
    before = drift.looked(inbox(drift, ITEM, name="a"), inbox(drift, ITEM, name="b"))
    after = drift.looked(inbox(drift, ITEM, name="b"), inbox(drift, ITEM, name="c"))
    found = compare(before, after, drift.CONTRACT)
    assert (found.changes, found.compared) == ((), 1)
    assert (found.only_first, found.only_second) == (("a",), ("c",))


def test_a_gate_fails_on_what_is_as_serious_or_more():
    visible = Change(Severity.VISIBLE, "k", "o", "at", "", "", "s")
    found = Comparison((visible,), 1)
    assert not found.at_least(Severity.BREAKING)
    assert found.at_least(Severity.VISIBLE)
    assert found.at_least(Severity.COSMETIC)
    assert found.count(Severity.VISIBLE) == 1
