"""Each lie about recipients and code values has a symptom that an honest twin does not show."""

import pytest

SMALL, ODD, EMPTY, LARGE = "90001", "9900", "90500", "91000"
NURSE, DESK, NOBODY = ("4463007", "PERSONNEL"), ("88120", "GROUPINBOX"), ("1", "PERSONNEL")
RECIPIENT, CODES = "recipient/20241001", "codeSystem/20240101"
POOR = "oraclehealth:millennium:nomenclature"


def poor(c):
    """A token without any scope that opens something."""
    return c.ask_token("without-message-scope", scope=POOR).json()["access_token"]


def inboxes(c, **params):
    return c.inboxes(params=params).json()["items"]


def status(answer):
    return answer.status_code


def verdicts(c, *recipients, **changes):
    items = c.validate(*recipients, **changes).json()["items"]
    return {item.get("id"): item.get("isValid") for item in items}


def values(c, **params):
    return c.values(params=params).json()["items"]


def a_value(c):
    return values(c, codeSet=SMALL)[0]


def one(c):
    return c.values(f"/{a_value(c)['id']}").json()


def of_both_sets(c, **params):
    ids = [item["id"] for code_set in (SMALL, ODD) for item in values(c, codeSet=code_set)[:9]]
    return [item["codeSet"] for item in values(c, id=ids, **params)]


def filtered(c, name, count=1):
    """What a filter leaves of a code set, beside what it should leave."""
    items = values(c, codeSet=SMALL)
    wanted = sorted({item[name] for item in items if name in item})[:count]
    kept = [item for item in items if item.get(name) in wanted]
    return values(c, codeSet=SMALL, **{name: wanted}) != kept


LIES = {
    # group inboxes
    "group-inboxes-open-without-token": lambda c: status(c.inboxes(token=None)) == 200,
    "recipient-scope-not-enforced": lambda c: status(c.inboxes(token=poor(c))) == 200,
    "recipient-scope-not-honoured": lambda c: status(c.inboxes()) == 403,
    "neighbours-take-any-method": lambda c: (
        status(c.api("POST", "groupInboxes", namespace=RECIPIENT, json={})) == 200
        and status(c.api("POST", f"codeValues/{a_value(c)['id']}", namespace=CODES, json={})) == 200
    ),
    "group-inboxes-answer-name-and-id": lambda c: (
        status(c.inboxes(params={"id": "88120", "name": "*"})) == 200
    ),
    "unknown-group-inboxes-answered-404": lambda c: status(c.inboxes(params={"id": "0"})) == 404,
    "unknown-group-inboxes-list-all": lambda c: inboxes(c, id="0") == inboxes(c),
    "unknown-group-inbox-refused": lambda c: (
        status(c.inboxes(params={"id": ["0", "88120"]})) == 400
    ),
    "group-inbox-ids-ignored": lambda c: inboxes(c, id="88120") == inboxes(c),
    "only-last-group-inbox-id-read": lambda c: (
        len(inboxes(c, id=[item["id"] for item in inboxes(c)])) == 1
    ),
    "asterisk-finds-no-group-inbox": lambda c: inboxes(c, name="*") == [],
    "blank-name-refused": lambda c: status(c.inboxes(params={"name": "  "})) == 400,
    "group-inbox-name-ignored": lambda c: inboxes(c, name="Nowhere") == inboxes(c),
    "group-inbox-names-find-nothing": lambda c: (
        inboxes(c, name="Synthetic Clinic Front Desk") == []
    ),
    "odd-group-inbox-name-breaks-the-server": lambda c: (
        status(c.inboxes(params={"name": "ü"})) == 500
    ),
    "odd-group-inbox-name-refused": lambda c: status(c.inboxes(params={"name": "a%&/"})) == 400,
    "group-inbox-of-another-tenant": lambda c: (
        "Customer" in inboxes(c)[0]["name"] and inboxes(c, id="0") == inboxes(c)[:1]
    ),
    "group-inbox-listed-twice": lambda c: inboxes(c)[0] == inboxes(c)[1],
    "group-inboxes-answer-html": lambda c: (
        c.inboxes().headers["content-type"].startswith("text/html")
    ),
    "group-inbox-ids-are-numbers": lambda c: isinstance(inboxes(c)[0]["id"], int),
    "group-inboxes-lack-ids": lambda c: "id" not in inboxes(c)[0],
    "no-group-inboxes-lack-items": lambda c: c.inboxes(params={"id": "0"}).json() == {},
    "group-inboxes-answer-206": lambda c: status(c.inboxes()) == 206,
    "group-inboxes-lack-request-id": lambda c: "opc-request-id" not in c.inboxes().headers,
    # validation
    "validation-works-without-token": lambda c: (
        status(
            c.api(
                "POST",
                "actions/validateRecipients",
                json={"category": "MESSAGES", "recipients": []},
                token=None,
            )
        )
        == 200
    ),
    "validation-calls-everybody-valid": lambda c: verdicts(c, NOBODY) == {"1": True},
    "validation-calls-nobody-valid": lambda c: verdicts(c, NURSE) == {"4463007": False},
    "validation-names-strangers": lambda c: "4463008" in verdicts(c, NURSE),
    "only-first-recipient-validated": lambda c: len(verdicts(c, NURSE, DESK)) == 1,
    "validation-of-reminders-refused": lambda c: (
        status(c.validate(NURSE, category="REMINDERS")) == 400
    ),
    "validation-of-group-inboxes-refused": lambda c: status(c.validate(DESK)) == 400,
    "validation-for-a-patient-refused": lambda c: (
        status(c.validate(NURSE, patientId="12700100")) == 400
    ),
    "validation-without-category-accepted": lambda c: (
        status(c.validate(NURSE, category="ABSENT")) == 200
    ),
    "any-category-accepted": lambda c: status(c.validate(NURSE, category="LETTERS")) == 200,
    "validation-without-recipients-accepted": lambda c: (
        status(c.validate(recipients="ABSENT")) == 200
    ),
    "recipient-without-recipient-type-accepted": lambda c: (
        status(c.validate(recipients=[{"id": "1111"}])) == 200
    ),
    "recipient-without-id-accepted": lambda c: (
        status(c.validate(recipients=[{"recipientType": "PERSONNEL"}])) == 200
    ),
    "any-recipient-type-accepted": lambda c: status(c.validate(("1111", "EMAIL"))) == 200,
    "validation-lacks-items": lambda c: "items" not in c.validate(NURSE).json(),
    "validation-lacks-verdicts": lambda c: verdicts(c, NURSE) == {"4463007": None},
    "validation-lacks-ids": lambda c: set(verdicts(c, NURSE)) == {None},
    "validity-is-text": lambda c: verdicts(c, NURSE) == {"4463007": "true"},
    "validation-answers-201": lambda c: status(c.validate(NURSE)) == 201,
    "validation-lacks-request-id": lambda c: "opc-request-id" not in c.validate(NURSE).headers,
    # code values
    "code-values-open-without-token": lambda c: (
        status(c.values(params={"codeSet": SMALL}, token=None)) == 200
    ),
    "code-value-opens-without-token": lambda c: (
        status(c.values(f"/{a_value(c)['id']}", token=None)) == 200
    ),
    "code-system-scope-not-enforced": lambda c: (
        status(c.values(params={"codeSet": SMALL}, token=poor(c))) == 200
    ),
    "code-system-scope-not-honoured": lambda c: status(c.values(params={"codeSet": SMALL})) == 403,
    "code-values-answered-without-a-selector": lambda c: status(c.values()) == 200,
    "code-values-by-id-and-code-set-answered": lambda c: (
        status(c.values(params={"codeSet": SMALL, "id": "1"})) == 200
    ),
    "two-filters-of-code-values-answered": lambda c: (
        status(c.values(params={"codeSet": SMALL, "cki": "A", "cdfMeaning": "A"})) == 200
    ),
    "more-than-20-filters-answered": lambda c: (
        status(c.values(params={"codeSet": SMALL, "cki": ["A"] * 21})) == 200
    ),
    "20-filters-refused": lambda c: (
        status(c.values(params={"codeSet": SMALL, "cki": ["A"] * 20})) == 400
    ),
    "more-than-50-ids-answered": lambda c: status(c.values(params={"id": ["1"] * 51})) == 200,
    "50-ids-refused": lambda c: status(c.values(params={"id": ["1"] * 50})) == 400,
    "meaning-filter-ignored": lambda c: values(c, codeSet=SMALL, cdfMeaning="NOTHING") != [],
    "cki-filter-ignored": lambda c: values(c, codeSet=SMALL, cki="NOTHING") != [],
    "concept-filter-ignored": lambda c: values(c, codeSet=SMALL, conceptCki="NOTHING") != [],
    "meaning-filter-ignores-case": lambda c: filtered(c, "cdfMeaning"),
    "only-last-filter-read": lambda c: filtered(c, "cki", 2),
    "code-value-of-another-code-set-listed": lambda c: (
        {item["codeSet"] for item in values(c, codeSet=SMALL)} != {SMALL}
    ),
    "only-first-code-value-id-read": lambda c: len(of_both_sets(c)) == 1,
    "unknown-code-value-id-refused": lambda c: status(c.values(params={"id": "0"})) == 400,
    "code-values-by-id-are-filtered": lambda c: of_both_sets(c, cdfMeaning="NOTHING") == [],
    "code-values-by-id-come-unordered": lambda c: (
        of_both_sets(c) != sorted(of_both_sets(c), key=int)
    ),
    "sort-order-of-code-values-ignored": lambda c: (
        values(c, codeSet=SMALL, sortOrder="DESC") == values(c, codeSet=SMALL)
    ),
    "code-value-listed-twice": lambda c: a_value(c) == values(c, codeSet=SMALL)[1],
    "no-code-values-answered-404": lambda c: status(c.values(params={"codeSet": EMPTY})) == 404,
    "no-code-values-lack-items": lambda c: c.values(params={"codeSet": EMPTY}).json() == {},
    "code-values-lack-request-id": lambda c: (
        "opc-request-id" not in c.values(params={"codeSet": SMALL}).headers
    ),
    "code-value-lacks-request-id": lambda c: (
        "opc-request-id" not in c.values(f"/{a_value(c)['id']}").headers
    ),
    "code-value-ids-are-numbers": lambda c: isinstance(one(c)["id"], int),
    "activity-of-code-values-is-text": lambda c: isinstance(one(c)["isActive"], str),
    "sequence-of-code-values-is-negative": lambda c: one(c).get("sequence") == -1,
    "code-values-lack-is-authenticated": lambda c: "isAuthenticated" not in one(c),
    "undefined-members-are-null": lambda c: (
        None in [item.get("definition", "") for item in values(c, codeSet=SMALL)]
    ),
    "unknown-code-value-answered": lambda c: status(c.values("/0")) == 200,
    "another-code-value-shown": lambda c: one(c)["id"] != a_value(c)["id"],
    "code-value-disagrees-with-list": lambda c: one(c) != a_value(c),
    "code-value-lacks-its-code-set": lambda c: "codeSet" not in one(c),
    "code-value-answers-an-array": lambda c: isinstance(
        c.values(f"/{a_value(c)['id']}").json(), list
    ),
    "code-value-answers-203": lambda c: status(c.values(f"/{a_value(c)['id']}")) == 203,
}


@pytest.mark.parametrize("name", LIES)
def test_the_defect_shows_and_only_there(name, shows):
    shows(name, LIES[name])
