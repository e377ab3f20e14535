"""What checks say of answers made by hand: the form of content, scopes beside an unknown one, texts of another set."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from suite_files import checks_of

from golive.checks.findings import FindingsError
from golive.contract.document import Contract
from golive.contract.outcomes import CouldNotTellError, NotClaimedError
from golive.environment import Environment, find, load
from golive.exchanges.headers import Headers
from golive.exchanges.model import Exchange, Request, Response, Steps
from golive.kit.files import resources
from golive.redaction import REDACTOR

API = "https://api.cernermillennium.com/tenant"
RTF = "{\\rtf1\\ansi A message.}"


@pytest.fixture(autouse=True)
def _contracts_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let findings show the names that the contract knows, as in a run."""
    monkeypatch.setattr(REDACTOR, "public", Contract(resources() / "schemas").words)


def answered(request: Request, body: object, status: int = 200) -> Exchange:
    raw = json.dumps(body).encode()
    response = Response(status, Headers.of({"Content-Type": "application/json"}), raw)
    return Exchange("made", request, response, datetime.now(UTC), 0.1)


# ---- the form of content ------------------------------------------------------------------------------------------


def is_html(*contents: object) -> None:
    request = Request(
        "GET", f"{API}/message/20241001/patientMessages/1.1.1", operation="getMessage"
    )
    reads = [answered(request, {"id": "1.1.1", "content": content}) for content in contents]
    check = checks_of("messages/test_every_message").test_the_content_of_every_message_is_html
    check(reads, reads[0])


@pytest.mark.parametrize(
    "content",
    [
        "<!DOCTYPE html><html><head><title>A</title></head><body><p>A</p></body></html>",
        "<p>never closed<br>and an & sign",
        "A plain text, and {\\rtf1 in the midst of it",
        "<p>%PDF-1.7 is how a PDF begins</p>",
        "&lt;p&gt; is how a paragraph begins",
        "&lt;html&gt; is how <b>a page</b> begins",
        "",
        None,
        7,
    ],
)
def test_content_in_html_or_in_words_is_no_finding(content: object) -> None:
    is_html(content)


@pytest.mark.parametrize(
    ("content", "form"),
    [
        (RTF, "RTF"),
        (f"\r\n{RTF}", "RTF"),
        ("%PDF-1.7", "PDF"),
        (base64.b64encode(RTF.encode()).decode(), "Base64"),
        (base64.b64encode(b"<html><body><p>A</p></body></html>").decode(), "Base64"),
    ],
)
def test_content_in_another_format_is_a_finding(content: str, form: str) -> None:
    with pytest.raises(FindingsError) as caught:
        is_html("<p>A</p>", content)
    (found,) = caught.value.findings
    assert found.at == "/content"
    assert form in found.actual
    assert "1 of 2" in found.actual


def test_a_page_that_is_escaped_as_a_whole_may_be_meant_so() -> None:
    with pytest.raises(CouldNotTellError, match="is escaped"):
        is_html("&lt;html&gt;&lt;body&gt;A&lt;/body&gt;&lt;/html&gt;")


# ---- scopes beside one that does not exist ------------------------------------------------------------------------

MESSAGE, RECIPIENT = "oraclehealth:millennium:message", "oraclehealth:millennium:recipient"
NOBODYS = "oraclehealth:millennium:no-such-service"


@pytest.fixture
def oracles() -> Environment:
    """The twin's environment at Oracle's real hosts, with two scopes."""
    named = load(find("twin"), variables={})
    url = named.token.url.replace("{twin}/", "https://")
    return replace(named, token=replace(named.token, url=url, scopes=(MESSAGE, RECIPIENT)))


def granted(environment: Environment, asked: str, scope: str | None, status: int = 200) -> Exchange:
    form = urlencode({"grant_type": "client_credentials", "scope": asked}).encode()
    media = Headers.of({"Content-Type": "application/x-www-form-urlencoded"})
    request = Request("POST", environment.token.url, media, form)
    return answered(
        request, {"access_token": "a"} | ({} if scope is None else {"scope": scope}), status
    )


def beside_an_unknown_one(environment: Environment, *answers: Exchange) -> None:
    steps = Steps({str(number): one for number, one in enumerate(answers)})
    checks_of("oauth/test_token_scope").test_an_unknown_scope_takes_no_other_away(
        steps, environment
    )


def test_scopes_beside_an_unknown_one_are_granted_or_not_said(oracles: Environment) -> None:
    asked = f"{MESSAGE} {NOBODYS} {RECIPIENT}"
    right = granted(oracles, asked, f"{RECIPIENT} {MESSAGE}")
    beside_an_unknown_one(oracles, right, granted(oracles, asked, None))
    # In the other case it is another scope, so less is due.
    upper = granted(oracles, f"{MESSAGE.upper()} {RECIPIENT} {NOBODYS}", RECIPIENT)
    beside_an_unknown_one(oracles, upper)


def test_scopes_behind_an_unknown_one_may_not_be_lost(oracles: Environment) -> None:
    with pytest.raises(FindingsError) as caught:
        beside_an_unknown_one(
            oracles,
            granted(oracles, f"{MESSAGE.upper()} {RECIPIENT}", None, 400),
            granted(oracles, f"{MESSAGE} {NOBODYS} {RECIPIENT}", MESSAGE),
        )
    refused, lost = caught.value.findings
    which = "of 2 scopes, not the environment's: number 1"
    assert (refused.at, refused.actual) == ("status", f"400 ({which})")
    assert (lost.at, lost.actual) == ("/scope", f"without {RECIPIENT}")


def test_another_server_may_refuse_an_unknown_scope(oracles: Environment) -> None:
    other = replace(oracles, token=replace(oracles.token, url="https://login.example.org/token"))
    with pytest.raises(NotClaimedError, match=r"token\.server"):
        beside_an_unknown_one(other, granted(other, f"{MESSAGE} {NOBODYS}", None, 400))


def test_a_lesser_grant_is_judged_wherever_there_is_one(oracles: Environment) -> None:
    check = checks_of("oauth/test_token_scope").test_a_grant_of_less_says_what_it_grants
    asked = f"{MESSAGE} {NOBODYS} {RECIPIENT}"
    refused = granted(oracles, asked, None, 400)
    check(Steps(one=refused, other=granted(oracles, asked, MESSAGE)))
    with pytest.raises(FindingsError):
        check(Steps(one=refused, other=granted(oracles, asked, None)))
    with pytest.raises(CouldNotTellError, match="refused here"):
        check(Steps(one=refused, other=refused))


def opened_alone(status: int, scope: str | None) -> None:
    request = Request("GET", f"{API}/recipient/20241001/groupInboxes", operation="listGroupInboxes")
    form = urlencode({"grant_type": "client_credentials", "scope": RECIPIENT}).encode()
    media = Headers.of({"Content-Type": "application/x-www-form-urlencoded"})
    token = answered(
        Request("POST", f"{API}/token", media, form), {"scope": scope} if scope else {}
    )
    steps = Steps(granted=token, plain=answered(request, {}), asked=answered(request, {}, status))
    checks_of("errors/test_granted_scopes").test_the_scope_of_its_api_opens_an_operation(
        "listGroupInboxes", steps
    )


def test_an_api_needs_its_own_scope_and_no_other() -> None:
    opened_alone(200, RECIPIENT)
    opened_alone(200, None)
    for scope in (RECIPIENT, None):
        with pytest.raises(FindingsError) as caught:
            opened_alone(403, scope)
        assert [one.at for one in caught.value.findings] == ["status"]
    with pytest.raises(CouldNotTellError, match="has more"):
        opened_alone(403, f"{RECIPIENT} {MESSAGE}")


def taken(oracles: Environment, given: int, barred: int | None = None) -> None:
    request = Request("GET", f"{API}/recipient/20241001/groupInboxes", operation="listGroupInboxes")
    steps = Steps(
        granted=granted(oracles, RECIPIENT, RECIPIENT), given=answered(request, {}, given)
    )
    if barred is not None:
        steps["barred"] = answered(request, {}, barred)
    checks_of("errors/test_granted_scopes").test_another_clients_token_is_taken(
        "listGroupInboxes", steps, oracles
    )


def test_a_token_that_is_not_taken_is_a_finding_where_the_runs_own_is(oracles: Environment) -> None:
    every = replace(oracles, safety=replace(oracles.safety, access_rules="everywhere"))
    taken(every, 200)
    with pytest.raises(FindingsError):
        taken(every, 200, barred=403)
    with pytest.raises(CouldNotTellError, match="own token is not taken"):
        taken(every, 403, barred=403)
    with pytest.raises(NotClaimedError, match="access_rules"):
        taken(replace(every, safety=replace(every.safety, access_rules="spread")), 200, 403)


# ---- a good token that is refused now and then --------------------------------------------------------------------

UNKNOWN_KID = 'code="urn:x", error="invalid_token", subcode="unknown_kid"'


def inboxes(
    *statuses: int,
    every: float = 1.0,
    message: str = "",
    token: str = "one",
    own: str | None = "one",
) -> list[Exchange]:
    """Make answers of one inbox with these statuses, so many seconds apart."""
    url = f"{API}/message/20241001/patientMessages/inboxItems?patientId=1"
    headers = Headers.of({"Authorization": f"Bearer {token}"})
    credential = None if own is None else f"Bearer {own}"
    request = Request("GET", url, headers, operation="listInboxItems", credential=credential)
    made = [answered(request, {"message": message, "code": one}, one) for one in statuses]
    start = datetime.now(UTC)
    return [
        replace(one, sent_at=start + number * timedelta(seconds=every))
        for number, one in enumerate(made)
    ]


def are_taken(answers: list[Exchange]) -> None:
    checks_of("answers/test_good_tokens").test_a_good_token_is_taken_each_time(answers)


def test_a_good_token_that_is_refused_in_between_is_one_finding_with_its_number() -> None:
    answers = inboxes(200, 401, 200, 200, 200, 401, 200, 403, message=UNKNOWN_KID)
    with pytest.raises(FindingsError) as caught:
        are_taken(answers)
    (found,) = caught.value.findings
    assert found.at == "relation:good-token"
    assert found.actual == "good tokens are refused now and then (2 of 8, unknown_kid)"
    assert "instances" in found.next_step
    with pytest.raises(FindingsError, match=r"1 of 3, 401"):
        are_taken(inboxes(200, 401, 200))


def beside(answers: list[Exchange], *places: int) -> list[Exchange]:
    """Add a refusal of another token a tenth of a second before the answers at these places."""
    false = inboxes(401, token="two")[0]
    moment = timedelta(seconds=0.1)
    return [*answers, *(replace(false, sent_at=answers[at].sent_at - moment) for at in places)]


def test_a_refusal_that_is_handed_on_to_good_tokens_is_called_so() -> None:
    good = inboxes(200, 401, 200, 200, 401, 200, every=10)
    with pytest.raises(FindingsError) as caught:
        are_taken(beside(good, 1, 4))
    (found,) = caught.value.findings
    assert "refused right after another caller was, at the same URL (2 of 6" in found.actual
    assert "keeps a 401 by its URL" in found.next_step


@pytest.mark.parametrize("places", [(1,), (0, 1, 2, 3, 4)])
def test_refusals_without_one_before_each_or_that_mostly_harm_nobody_are_not_handed_on(
    places: tuple[int, ...],
) -> None:
    good = inboxes(200, 401, 200, 200, 401, 200, every=10)
    with pytest.raises(FindingsError, match="refused now and then"):
        are_taken(beside(good, *places))


@pytest.mark.parametrize(
    "answers",
    [
        [],
        inboxes(200, 200),
        inboxes(200, 401, 401),  # it has ended, or was revoked
        inboxes(401, 401, 200),  # its key was not known yet
        inboxes(200, 401, 200, token="two"),  # false on purpose
        inboxes(
            200, 401, 200, own=None
        ),  # somebody else's, of which nobody knows whose token it is
        inboxes(200, 403, 500, 200),
        inboxes(
            200, 401, 200, 401, 200, every=0.5, message=UNKNOWN_KID
        ),  # several verifiers load a new key
    ],
)
def test_a_token_that_ended_or_whose_key_is_new_is_no_finding(answers: list[Exchange]) -> None:
    are_taken(answers)


def test_a_refusal_in_another_tenant_is_none_of_this_one() -> None:
    first, second, third = inboxes(200, 401, 200)
    url = second.request.url.replace("/tenant/", "/another/")
    are_taken([first, replace(second, request=replace(second.request, url=url)), third])


# ---- texts of another code set ------------------------------------------------------------------------------------


def values(*found: tuple[str, str | None], query: tuple[tuple[str, str], ...] = ()) -> Exchange:
    url = f"{API}/codeSystem/20240101/codeValues?{urlencode([('codeSet', '71'), *query])}"
    shown = [{"id": name} | ({"codeSet": code_set} if code_set else {}) for name, code_set in found]
    return answered(Request("GET", url, operation="listCodeValues"), {"items": shown})


@pytest.mark.parametrize(
    ("found", "foreign"),
    [
        ([], False),
        ([("1", None)], False),
        ([("1", "71")], False),
        ([("9", None)], True),
        ([("8", "72")], True),
    ],
)
def test_a_filter_keeps_to_its_code_set(found: list[tuple[str, str | None]], foreign: bool) -> None:
    check = checks_of(
        "code_system/test_code_values"
    ).test_a_filter_finds_nothing_of_another_code_set
    steps = Steps(cki=values(*found, query=(("cki", "CKI!9"),)))
    own, other = values(("1", "71"), ("2", "71")), values(("9", "72"), ("1", "72"))
    if not foreign:
        check(steps, own, other)
        return
    with pytest.raises(FindingsError) as caught:
        check(steps, own, other)
    assert [one.at for one in caught.value.findings] == ["relation:no-item-is-added"]


# ---- a message that was given another time of creation -----------------------------------------------------------


class Api:
    """Answers lists of sent items: the one without bounds has the message from the reading `since` on."""

    def __init__(self, since: int, *, in_window: bool = False) -> None:
        self.since, self.in_window = since, in_window
        self.asked: list[str] = []

    def call(self, operation: str, *, name: str, query: dict[str, str]) -> Exchange:
        """Answer as the real one does."""
        self.asked.append(name)
        bounded = "createDateTimeGreaterThanOrEqualTo" in query
        shown = len(self.asked) >= self.since and (self.in_window or not bounded)
        request = Request(
            "GET", f"{API}/message/20241001/patientMessages/sentItems", operation=operation
        )
        return answered(request, {"items": [{"id": "1", "subject": SUBJECT}] if shown else []})


SUBJECT = "golive 00000000-0000-4000-8000-000000000000"


def listed_by(api: Api, oracles: Environment, monkeypatch: pytest.MonkeyPatch) -> Exchange:
    from golive.exchanges.writes import Patience
    from suites.writes.reading import sent_items_after

    monkeypatch.setattr("golive.exchanges.writes.PAUSES", (0.01,) * 3)
    monkeypatch.setattr("golive.exchanges.writes.LONGEST_PAUSE", 0.01)
    request = Request("POST", API, body=json.dumps({"subject": SUBJECT}).encode())
    sent: Any = replace(answered(request, {}), name="sent")
    return sent_items_after(api, oracles, Patience(0.2, []), sent)  # type: ignore[arg-type]


def test_a_message_outside_the_window_of_its_sending_is_found_without_bounds(
    oracles: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    api = Api(1)
    assert len(listed_by(api, oracles, monkeypatch).json["items"]) == 1
    assert api.asked == ["sent items after sent", "all sent items after sent"]
    late = Api(3, in_window=True)
    assert len(listed_by(late, oracles, monkeypatch).json["items"]) == 1
    assert late.asked[-1] == "sent items after sent"
    assert listed_by(Api(10**6), oracles, monkeypatch).json["items"] == []


def askings(*others: tuple[str, int]) -> Steps:
    """Make readings of one message: the first is 200, each other one has this opc-request-id and status."""
    url = f"{API}/message/20241001/patientMessages/1"
    made = [("", 200), *others]
    read = [
        answered(
            Request("GET", url, Headers.of({"opc-request-id": own} if own else {})),
            {"id": "1"},
            status,
        )
        for own, status in made
    ]
    return Steps({str(number): one for number, one in enumerate(read)})


def left(**members: object) -> None:
    """Judge a message that shows these members after its status was changed, and others before."""
    url = f"{API}/message/20241001/patientMessages/1"
    before = {"id": "1", "sender": {"id": "7", "presence": "online"}, "attachments": [{"id": "a"}]}
    first, last = (answered(Request("GET", url), body) for body in (before, before | members))
    check = checks_of("writes/test_full_messages").test_every_changed_message_is_left_as_it_was
    check(Steps({"1": first}), Steps({"1": last}))


def test_what_a_server_makes_for_each_answer_is_left_as_it_was() -> None:
    left(sender={"id": "7", "presence": "away"}, attachments=[{"id": "a", "url": "https://x.org"}])
    for name, other in (("sender", {"id": "8"}), ("attachments", [{"id": "b"}])):
        with pytest.raises(FindingsError) as caught:
            left(**{name: other})
        assert [one.at for one in caught.value.findings] == [f"/{name}"]


def test_a_refused_header_is_no_difference_between_two_readings() -> None:
    check = checks_of("messages/test_repetition").test_a_message_is_the_same_each_time
    check(askings(("golive_1", 400), ("", 200)))
    with pytest.raises(FindingsError) as caught:
        check(askings(("golive_1", 400), ("", 500)))
    assert [(one.at, one.actual) for one in caught.value.findings] == [("status", "500")]
