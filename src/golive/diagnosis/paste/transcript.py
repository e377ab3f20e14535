"""A paste as a sequence: which answer belongs to which request, which answers count, and what came later."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from golive.diagnosis.paste.answers import answer_facts
from golive.diagnosis.paste.curl import is_probe, is_token_request
from golive.diagnosis.paste.pieces import Answered, PastedAnswer, PastedFailure
from golive.diagnosis.paste.timeline import events_of
from golive.diagnosis.services import service_of
from golive.kit.wire import split_url

if TYPE_CHECKING:
    from golive.diagnosis.paste.pieces import PastedRequest, Segment

MOST_ANSWERS = 4
"""Answers of one paste that are explained: more fit on no screen."""

REDIRECTS = (301, 302, 303, 307, 308)


@dataclass
class Transcript:
    """What a paste holds: its requests, and each answer with the request before it and its fields."""

    token_request: PastedRequest | None = None
    api_request: PastedRequest | None = None
    answers: list[Answered] = field(default_factory=list)

    def ended_well(self, one: Answered) -> bool:
        """Return whether the last answer to the same request that came after this one is a success."""
        return any(each.taken and not asks_for_less(each, one) for each in self.after(one)[-1:])

    def request_of(self, one: Answered) -> PastedRequest | None:
        """Return the request of an answer; of one that has none before it, the call of another vendor's server."""
        called = self.api_request
        return (
            called if not one.request and called and not is_of_the_platform(called) else one.request
        )

    def without_status(self) -> list[Answered]:
        """Return the answers that refuse and stand there without their status, which the text may name elsewhere."""
        return [
            one
            for one in self.answers
            if isinstance(one.answer, PastedAnswer)
            and one.answer.with_status(400).status == 400
            and one.answer.status is None
        ]

    def until(self, one: Answered) -> Transcript:
        """Return what holds for an answer: its own request, with the last token request before a call of an API."""
        if one.request is None or one.request in (self.token_request, self.api_request):
            return self
        if is_token_request(one.request):
            return Transcript(one.request, self.api_request, self.answers)
        before = (each.request for each in reversed(self.answers[: self.answers.index(one)]))
        granting = next((each for each in before if is_token_request(each)), self.token_request)
        return Transcript(granting, one.request, self.answers)

    def after(self, one: Answered) -> list[Answered]:
        """Return the answers to the same request, by method and URL, that come after this one."""
        at = len(self.answers) - self.answers[::-1].index(one)  # behind the last that is like it
        return [each for each in self.answers[at:] if one.request and each.is_of(one.request)]


def asks_for_less(later: Answered, one: Answered) -> bool:
    """Return whether what was granted is a part alone of the scopes that had been refused together."""
    members = [
        {} if isinstance(each.answer, PastedFailure) else each.answer.members
        for each in (one, later)
    ]
    if members[0].get("error") != "invalid_scope" or one.request is None:
        return False
    wanted = {*re.split("[ ,+;]+", " ".join(one.request.form.get("scope", [])).strip())}
    return {*str(members[1].get("scope", "")).split()} < wanted and "scope" in members[1]


def is_of_a_part(one: Answered, transcript: Transcript) -> bool:
    """Return whether a grant came to a request that isn't shown, for a part of what the one before it asked for."""
    same = [each for each in transcript.answers if one.request and each.request is one.request]
    return any(asks_for_less(one, each) for each in same)


def transcript_of(pieces: list[Segment]) -> Transcript:
    """Put the pieces in relation: an answer belongs to the request before it."""
    transcript = Transcript()
    last: PastedRequest | None = None
    for piece in pieces:
        if isinstance(piece, PastedAnswer | PastedFailure):
            transcript.answers.append(Answered(last, piece))
            continue
        last = piece
        if is_probe(piece):
            continue
        if is_token_request(piece):
            transcript.token_request = _nearer(transcript.token_request, piece)
        else:
            transcript.api_request = _nearer(transcript.api_request, piece)
    return transcript


def _nearer(before: PastedRequest | None, now: PastedRequest) -> PastedRequest:
    """Return the later one of two requests, unless the earlier one alone is asked of the platform, or is whole."""
    in_passing = before and "host-assumed" in now.flags and "named" not in before.flags
    other = in_passing or not is_of_the_platform(now)
    return before if before and is_of_the_platform(before) and other else now


def method_of(request: PastedRequest) -> str:
    """Return the method of a request, nothing where no more than its URL is known."""
    return "" if "unknown-method" in request.flags else request.method


def is_of_the_platform(request: PastedRequest) -> bool:
    """Return whether a request is asked of one of Oracle Health's servers."""
    served = service_of(request.url)
    return served is not None and served.owner == "oracle"


EXCHANGED = re.compile(r"\bPOST \S+/token\S*\s.{0,20}\b200\b|/token\b[^\n]{0,60}\b200\b")


def is_a_step(one: Answered, transcript: Transcript) -> bool:
    """Return whether an answer only led to the next one, or came only of the one before it.

    A redirect leads on, but where it made a GET of the POST, everything after it is the redirect's doing. So does a
    status alone, where another answer to the same URL says more.
    """
    bare = one.request and isinstance(one.answer, PastedAnswer) and not one.answer.body
    if bare and not one.answer.headers:
        for other in transcript.answers:
            more = other.url == one.url and (other.answer.body or other.answer.headers)
            if more and other.answer.status in (one.answer.status, None):
                return True
    if is_of_a_redirect(one, transcript):
        return True
    same = [each.answer for each in transcript.answers if each.request == one.request]
    at = same.index(one.answer)
    lost = [
        isinstance(each, PastedAnswer)
        and each.status in REDIRECTS
        and answer_facts(one.request, each).get("redirect") == "to-https"
        for each in same[: at + 1]
    ]
    leads_on = one.answer.status in REDIRECTS and at + 1 < len(same) and not lost[at]
    return any(lost[:at]) or leads_on


def is_of_a_redirect(one: Answered, transcript: Transcript) -> bool:
    """Return whether an answer came to the GET that a client made of a POST on its way from http to https."""
    before = transcript.answers[: transcript.answers.index(one)][-1:]
    if one.request is None or one.request.method != "GET":
        return False
    return any(
        isinstance(each.answer, PastedAnswer)
        and each.request is not None
        and each.request.method == "POST"
        and answer_facts(each.request, each.answer).get("redirect") == "to-https"
        and ("location", one.url) in [(k.lower(), v) for k, v in each.answer.headers]
        for each in before
    )


def went_on(request: PastedRequest, answer: PastedAnswer) -> str | None:
    """Return where a healthy redirect of the authorize endpoint leads: `code` to the application, or `sign-in`."""
    to = next((value for name, value in answer.headers if name.lower() == "location"), "")
    served, given = service_of(request.url), parse_qs(split_url(to).query)
    if answer.status not in REDIRECTS or not to or not served or served.service != "authorize":
        return None
    return None if "error" in given else "code" if "code" in given else "sign-in"


def is_beside_it(one: Answered) -> bool:
    """Return whether an answer came to what a person tried beside a request that failed: a probe, or another's page."""
    request = one.request
    if request is None or one.answer.status is None or request.body:
        return False
    served = service_of(request.url)
    reads = request.method in ("GET", "HEAD") and not request.header("Authorization")
    return is_probe(request) or (reads and (served is None or served.owner == "other"))


def is_superseded(one: Answered, transcript: Transcript) -> bool:
    """Return whether the same request was tried again and refused for another reason, which is the one that counts now.

    A write that may have been done stays: it is not undone by what came of it later.
    """
    again = [each for each in transcript.after(one) if not is_a_step(each, transcript)]
    again = [each for each in again if not is_of_another_way(each, transcript)]
    writes = one.request and one.request.method != "GET" and not is_token_request(one.request)
    may_be_done = writes and not one.decided
    return one.refused and not may_be_done and bool(again) and again[-1].refused


UNREAD = "invalid-authorization-header"


def is_of_another_way(one: Answered, transcript: Transcript) -> bool:
    """Return whether a token request found no credential, after the same one was refused for its scope alone.

    Some libraries send id and secret another way after any refusal; the first one had accepted the client.
    """
    before = transcript.answers[: transcript.answers.index(one)]
    accepted = (each for each in before if each.url == one.url)
    unread = UNREAD in one.answer.body
    return unread and any('"invalid_scope"' in each.answer.body for each in accepted)


def to_judge(transcript: Transcript, *, on_the_way: bool) -> list[Answered]:
    """Return the answers that are explained; where a request failed on the way, none of what was tried beside it."""
    judged = [
        one
        for one in reversed(dict.fromkeys(reversed(transcript.answers)))
        if not is_a_step(one, transcript)
        and not is_superseded(one, transcript)
        and not is_of_another_way(one, transcript)
        and not is_of_a_part(one, transcript)
    ]
    own = [one for one in judged if one.request is None or is_of_the_platform(one.request)]
    # A HAR file of a browser holds fonts and pictures of others, too.
    if any(one.request and one.refused for one in own) or (len(judged) > MOST_ANSWERS and own):
        judged = [one for one in judged if one in own or is_token_request(one.request)]
    if on_the_way:
        return [one for one in judged if not is_beside_it(one)]
    return [one for one in judged if not (one.request and is_probe(one.request))] or judged


def exchanged_before(transcript: Transcript, request: PastedRequest | None, text: str) -> bool:
    """Return whether an exchange at the same URL succeeded before, so that the code was used."""
    for asked, answer in transcript.answers:
        if asked and answer.status == 200 and asked.url == (request.url if request else None):
            return asked.form.get("grant_type", ["authorization_code"]) == ["authorization_code"]
    return EXCHANGED.search(text) is not None


def taken_later(transcript: Transcript, request: PastedRequest | None, log: str) -> bool:
    """Return whether the call that was refused for its key was taken later in the same paste."""
    events = [each for each in events_of(log) if not each.grant and each.what]
    refused = next((i for i, each in enumerate(events) if each.status == 401), len(events))
    same = [one.status for one in events[refused + 1 :] if one.what == events[refused].what]
    if request and not same:
        path = split_url(request.url).path
        there = (one for one in transcript.answers[1:] if split_url(one.url or "").path == path)
        same = [one.answer.status or 0 for one in there]
    return bool(same) and 200 <= same[-1] < 300
