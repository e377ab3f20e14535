"""Code values by code set, by id and one by one, as the pages describe them."""

import pytest

SMALL, ODD, EMPTY, LARGE = "90001", "9900", "90500", "91000"
CUSTOMER = "7c1f5d6e-3b0a-4f5c-9d27-6a2e8b41c903"
MEMBERS = {
    "cdfMeaning": str, "cki": str, "codeSet": str, "conceptCki": str, "definition": str, "description": str,
    "display": str, "id": str, "isActive": bool, "isAuthenticated": bool, "sequence": int,
}  # fmt: skip


def listed(caller, **params):
    answer = caller.values(params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


def ids(items):
    return [item["id"] for item in items]


def refused(answer, status=400):
    assert answer.status_code == status, answer.text
    assert set(answer.json()) == {"code", "message"}


def test_a_code_set_lists_its_values_and_no_other(caller):
    items = listed(caller, codeSet=SMALL)
    assert len(items) == 12
    assert {item["codeSet"] for item in items} == {SMALL}
    assert listed(caller, codeSet=EMPTY) == listed(caller, codeSet="123456") == []


def test_values_have_the_documented_members_in_their_types(caller):
    seen = set()
    for item in listed(caller, codeSet=SMALL):
        assert item.keys() >= {"codeSet", "id", "isActive", "isAuthenticated"}
        assert all(type(value) is MEMBERS[name] for name, value in item.items())
        seen |= item.keys()
    assert seen == set(MEMBERS)


def test_a_page_has_at_most_1000_values(caller):
    assert len(listed(caller, codeSet=LARGE)) == 1000


def test_values_come_by_number_and_in_reverse_where_that_is_asked_for(caller):
    up, down = (ids(listed(caller, codeSet=SMALL, sortOrder=order)) for order in ("ASC", "DESC"))
    assert up == sorted(up, key=int) == down[::-1] == ids(listed(caller, codeSet=SMALL))


def test_by_id_the_code_set_comes_first(caller):
    wanted = [*ids(listed(caller, codeSet=SMALL))[:2], *ids(listed(caller, codeSet=ODD))[:2]]
    items = listed(caller, id=wanted)
    assert [item["codeSet"] for item in items] == [ODD, ODD, SMALL, SMALL]  # as numbers
    assert sorted(ids(items)) == sorted(wanted)
    assert ids(listed(caller, id=wanted, sortOrder="DESC")) == ids(items)[::-1]


def test_by_id_unknown_ones_are_left_out_and_no_filter_is_recognised(caller):
    one = listed(caller, codeSet=SMALL)[0]
    assert listed(caller, id=[one["id"], "0"]) == [one]
    assert listed(caller, id="0") == []
    filters = {"cdfMeaning": "NOTHING", "cki": "NOTHING", "conceptCki": ["NOTHING"] * 30}
    assert listed(caller, id=[one["id"], one["id"]], **filters) == [one]


@pytest.mark.parametrize("name", ["cdfMeaning", "cki", "conceptCki"])
def test_one_filter_keeps_the_values_that_have_one_of_its_texts(caller, name):
    items = listed(caller, codeSet=SMALL)
    wanted = sorted({item[name] for item in items if name in item})[:2]
    assert len(wanted) == 2
    kept = [item for item in items if item.get(name) in wanted]
    assert listed(caller, codeSet=SMALL, **{name: wanted}) == kept
    assert listed(caller, codeSet=SMALL, **{name: "NOTHING"}) == []


def test_the_meaning_is_case_sensitive(caller):
    upper, lower = (listed(caller, codeSet=SMALL, cdfMeaning=one) for one in ("GOLIVE", "golive"))
    assert {item["cdfMeaning"] for item in upper} == {"GOLIVE"}
    assert {item["cdfMeaning"] for item in lower} == {"golive"}


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"codeSet": ""},
        {"codeSet": "golive"},
        {"codeSet": [SMALL, ODD]},
        {"codeSet": SMALL, "id": "1"},
        {"codeSet": SMALL, "cdfMeaning": "A", "cki": "B"},
        {"codeSet": SMALL, "cdfMeaning": "A", "conceptCki": "B"},
        {"codeSet": SMALL, "cki": "A", "conceptCki": "B"},
        {"codeSet": SMALL, "cki": ["A"] * 21},
        {"codeSet": SMALL, "sortOrder": "sideways"},
        {"id": [str(number) for number in range(51)]},
    ],
)
def test_a_request_that_breaks_a_rule_is_refused(caller, params):
    refused(caller.values(params=params))


def test_the_greatest_numbers_of_ids_and_of_filters_are_answered(caller):
    many = ids(listed(caller, codeSet=LARGE))[:50]
    assert ids(listed(caller, id=many)) == many
    assert listed(caller, codeSet=SMALL, cki=["A"] * 20) == []


def test_every_listed_value_can_be_read_by_its_id(caller):
    for item in listed(caller, codeSet=SMALL):
        assert caller.values(f"/{item['id']}").json() == item


@pytest.mark.parametrize(
    ("value_id", "status"), [("0", 404), ("golive", 400), ("1,2", 400), ("%2F", 400)]
)
def test_a_value_that_does_not_exist_is_refused(caller, value_id, status):
    refused(caller.values(f"/{value_id}"), status)


def test_values_differ_between_tenants_and_follow_the_seed(caller, calling):
    theirs = caller.values(
        params={"codeSet": SMALL}, token=caller.token("customer"), tenant=CUSTOMER
    ).json()["items"]
    other = listed(calling(seed=2), codeSet=SMALL)
    assert len(theirs) == len(other) == 12
    assert ids(theirs) != ids(listed(caller, codeSet=SMALL))
    assert ids(other) != ids(listed(caller, codeSet=SMALL))
    assert listed(calling(seed=1), codeSet=SMALL) == listed(caller, codeSet=SMALL)


@pytest.mark.parametrize("account", ["without-message-scope", "system"])
def test_code_values_need_the_code_system_scope(caller, account):
    scopes = "oraclehealth:millennium:message oraclehealth:millennium:recipient"
    token = caller.ask_token(account, scope=scopes).json()["access_token"]
    for answer in (
        caller.values(params={"codeSet": SMALL}, token=token),
        caller.values("/1", token=token),
    ):
        assert answer.status_code == 403
        assert 'scope="oraclehealth:millennium:code-system"' in answer.headers["www-authenticate"]


def test_a_token_of_another_tenant_opens_nothing(caller):
    answer = caller.values(params={"codeSet": SMALL}, token=caller.token("customer"))
    assert answer.status_code == 401
    assert "tenant-mismatch" in answer.text


def test_code_values_are_only_read_and_there_is_one_version(caller):
    for path in ("codeValues", "codeValues/1"):
        refused(caller.api("POST", path, namespace="codeSystem/20240101", json={}), 405)
        refused(caller.get(path, namespace="codeSystem/20241001"), 404)
    refused(caller.get("codeValues/1/2", namespace="codeSystem/20240101"), 404)
    refused(caller.get("codeValues/", namespace="codeSystem/20240101"), 404)
