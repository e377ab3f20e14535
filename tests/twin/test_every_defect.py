"""Defects are faults in answers: the twin goes on answering, and never by a failure of its own program."""

import httpx
import pytest

from golive.twin import DEFECTS, Twin

from .conftest import Caller

TWINS = 40
"""Each of them has some of the defects at once; what one hides, another group's twin may show."""

BOUND = {"createDateTimeGreaterThanOrEqualTo": "2026-01-01T00:00:00Z"}
LISTS = (
    {},
    {"notificationType": "REMINDER"},
    {"sortBy": "priority", "limit": "1000"},
    {"sortBy": "createDateTime", "sortOrder": "ASC"},
    {"shouldLoadOrganizationSummary": "true", "createDateTimeLessThanOrEqualTo": "2026-12-31T00:00:00Z"},
    {"sortBy": "colour"},
    BOUND,
)  # fmt: skip
OWN_FAILURE = "Internal Server Error"
"""What the web framework answers with where the program behind it has raised."""


@pytest.mark.parametrize("part", range(TWINS))
def test_the_twin_answers_every_kind_of_request_whatever_its_defects(part):
    with Twin(seed=1, defects=sorted(DEFECTS)[part::TWINS]) as twin:
        tour = Tour(twin)
        tour.go()
        tour.caller.http.close()
    assert len(tour.texts) > 7
    assert [text for text in tour.texts if text.startswith(OWN_FAILURE)] == []


class Tour:
    """Asks for tokens, then with one for everything there is, as it should be and as it should not."""

    def __init__(self, twin):
        self.caller = Caller(twin)
        self.texts = []

    def get(self, ask, *words, **more):
        """Return the body of an answer where it is an object; an answer that breaks off is a defect, too."""
        try:
            answer = ask(*words, **more)
        except httpx.TransportError:
            return {}
        self.texts.append(answer.text)
        try:
            body = answer.json()
        except ValueError:
            return {}
        return body if isinstance(body, dict) else {}

    def go(self):
        self.tokens()
        self.lists()
        self.writes()
        caller = self.caller
        for query in ({}, {"name": "a"}, {"id": "88120"}, {"patientId": "12700100"}):
            self.get(caller.inboxes, params=query)
        self.get(caller.validate, ("4463007", "PERSONNEL"), ("0", "GROUPINBOX"))
        for query in ({"codeSet": "90001"}, {"codeSet": "90001", "code": "A"}, {"id": "1"}, {}):
            self.get(caller.values, params=query)
        self.get(caller.values, "/1")

    def tokens(self):
        caller, known = self.caller, self.caller.twin.accounts["system"]
        self.get(caller.http.get, f"{caller.twin.address}/{known.cloud_host}/jwk")
        self.get(caller.http.get, caller.token_url())
        for changes in (
            {"scope": ""},
            {"scope": f"{known.scopes[0]} no-such-scope"},
            {"auth": (known.client_id, "wrong")},
            {"data": {"grant_type": "password"}},
        ):
            self.get(caller.ask_token, **changes)
        granted = self.get(caller.ask_token, scope=" ".join(known.scopes))
        caller.keep(str(granted.get("access_token")))

    def lists(self):
        for name in ("inboxItems", "sentItems"):
            path, plain = f"patientMessages/{name}", {"patientId": "12700100"}
            for query in LISTS:
                self.get(self.caller.get, path, params=plain | query)
            self.get(self.caller.get, path, params={"patientId": "12700300"})
            self.get(self.caller.get, path)
            self.get(self.caller.get, path, params=plain, token="x.y.z")
            self.get(self.caller.get, path, params=plain, token=None)

    def writes(self):
        caller = self.caller
        self.get(caller.send)
        self.get(caller.send, subject="ABSENT")
        self.get(caller.send, recipients=[], content="<p>no document")
        inbox = self.get(caller.get, "patientMessages/inboxItems", params={"patientId": "12700400"})
        items = inbox.get("items")
        for item in [one for one in items if isinstance(one, dict)][:1] if items else []:
            path = f"patientMessages/{item.get('id')}"
            self.get(caller.get, path)
            self.get(caller.get, path, params={"shouldLoadOrganizationSummary": "true"})
            self.get(caller.send, previousMessageId=item.get("id"), subject="Re: it")
            if {"id", "notificationVersion", "recipientNotificationVersion"} <= item.keys():
                for status in ("OPENED", "OPENED", "colour"):
                    self.get(caller.update, status, item)
        self.get(caller.get, "patientMessages/no-such-message")
