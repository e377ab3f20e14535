"""What every API's lists are read by: what may be one page of several, and what then is no finding."""

import json
from datetime import UTC, datetime

import pytest

from golive import CouldNotTellError, FindingsError, expect
from golive.exchanges.headers import Headers
from golive.exchanges.model import Exchange, Request, Response
from suites.common import lists

SENT_AT = datetime(2026, 1, 1, tzinfo=UTC)
URL = "https://api.cernermillennium.com/t/codeSystem/20240101/codeValues"


def listing(number: int, **headers: str) -> Exchange:
    body = json.dumps({"items": [{"id": str(one)} for one in range(number)]}).encode()
    given = Headers.of({name.replace("_", "-"): value for name, value in headers.items()})
    request = Request("GET", URL, operation="listCodeValues")
    return Exchange("code_values", request, Response(200, given, body), SENT_AT, 0.0)


@pytest.mark.parametrize(
    ("made", "others", "why"),
    [
        (listing(5), (), None),
        (listing(0), (), None),
        (listing(1000), (), "may be a full page"),
        (listing(5, opc_next_page="2"), (), "names a next page"),
        (listing(5, oh_next_page="2"), (), "names a next page"),
        (listing(5, Link='<https://h/?page=2>; rel="next"'), (), "names a next page"),
        (listing(5, Link="<https://h/?page=2>; title=x; rel=next"), (), "names a next page"),
        (listing(5, Link='<https://h/?page=2>; rel="last next"'), (), "names a next page"),
        (listing(5, Link='<https://h/next>; rel="prev"'), (), None),
        (listing(5, Link='<https://h/>; rel="nextcloud"'), (), None),
        (listing(5, opc_prev_page="1"), (), None),
        (listing(5), (listing(5),), "may be a full page"),
        (listing(5), (listing(3), listing(2)), "may be a full page"),
        (listing(5), (listing(3), listing(12)), None),
        (listing(5, opc_next_page="2"), (listing(12),), "names a next page"),
        (listing(1000), (listing(1203),), "may be a full page"),
    ],
)
def test_a_list_may_be_one_page_of_several(made, others, why) -> None:
    assert lists.why_cut(made, *others) == why


def judged(made: Exchange, wanted: list[str], *others: Exchange) -> list[str]:
    try:
        with expect(made) as it:
            lists.holds_exactly(it, wanted, "each that was asked for", *others)
    except FindingsError as error:
        return [finding.at for finding in error.findings]
    return []


def test_what_a_page_lacks_is_no_finding_and_what_it_has_too_much_is() -> None:
    wanted = ["0", "1", "2"]
    assert judged(listing(3), wanted) == []
    assert judged(listing(2), wanted) == ["relation:no-item-is-missing"]
    assert judged(listing(2), wanted, listing(12)) == ["relation:no-item-is-missing"]
    assert judged(listing(4, opc_next_page="2"), wanted) == ["relation:no-item-is-added"]
    for made, others in ((listing(2, opc_next_page="2"), ()), (listing(2), (listing(2),))):
        with pytest.raises(CouldNotTellError, match="items may be missing"):
            judged(made, wanted, *others)


def test_a_page_that_has_all_that_is_wanted_is_judged() -> None:
    assert judged(listing(3, opc_next_page="2"), ["0", "1", "2"]) == []
