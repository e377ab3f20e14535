"""Turns a paste, cut and parsed, into answers: the cause, what supports it, and remarks on the requests.

Takes any input: a single word is looked up, anything longer is read as a paste.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from golive.diagnosis.causes import diagnose_all, matches
from golive.diagnosis.paste.answer import Answer, remarks, stated, unknown
from golive.diagnosis.paste.answers import answer_facts
from golive.diagnosis.paste.beside import assertion_facts, beside, token_facts
from golive.diagnosis.paste.bodies import filled
from golive.diagnosis.paste.breaks import listing
from golive.diagnosis.paste.carried import request_marks
from golive.diagnosis.paste.cleaning import cleaned
from golive.diagnosis.paste.curl import KINDS, failure_facts, is_probe, is_token_request
from golive.diagnosis.paste.documents import document_in
from golive.diagnosis.paste.found import (
    best,
    caused,
    evidence_of,
    exit_code_in,
    explained,
    granted,
    is_about_scopes,
    is_plain,
    of_words,
)
from golive.diagnosis.paste.lookup import by_words, look_up
from golive.diagnosis.paste.named import redirect_of, requests_of
from golive.diagnosis.paste.parse import cut
from golive.diagnosis.paste.phrases import failure_in, status_in, words_of_library
from golive.diagnosis.paste.pieces import Answered, PastedFailure, PastedRequest
from golive.diagnosis.paste.protect import protect
from golive.diagnosis.paste.requests import merged, request_fields
from golive.diagnosis.paste.residue import (
    MOST_ANSWERS,
    examined,
    exchanged_before,
    text_facts,
    to_judge,
    troubled,
    went_on,
)
from golive.diagnosis.paste.timeline import (
    Transcript,
    events_of,
    life_facts,
    method_of,
    taken_later,
    transcript_of,
)
from golive.diagnosis.scopes import call_fields
from golive.environment import API_HOST
from golive.exchanges.error_body import error_uri_parts

if TYPE_CHECKING:
    from golive.diagnosis.paste.beside import Beside
    from golive.diagnosis.paste.lookup import Checks


def of_paste(transcript: Transcript, text: str = "", log: str = "") -> list[Answer]:
    """Explain requests and the answers between them: the cause first, then remarks on the requests.

    `log` is the text with the times that a log puts before its lines, which `text` has no more.
    """
    asked = request_fields(transcript, text)
    failed, status = failure_in(text), status_in(text)
    asked |= words_of_library(failed.get("library") or status.get("library"))
    asked |= text_facts(text, asked, transcript) | life_facts(events_of(log or text))
    near = beside(transcript, text)
    token_request = transcript.token_request
    asked |= assertion_facts(near, token_request.url if token_request else None)
    about = dict(asked)
    judged = to_judge(transcript, on_the_way=failed.get("kind") in KINDS)
    named = failed.get("first")
    pairs = [
        (one, found)
        for one in ([] if named else judged[:MOST_ANSWERS])
        for found in _of_answer(one, asked, about, transcript, near, log or text)
    ]
    # What an answer that succeeded lacks comes after the reason of a refusal, a guess after what is certain.
    pairs.sort(key=lambda pair: (pair[0].succeeded, pair[1].guessed and pair[0].no_error))
    answers = [found for _, found in pairs]
    if judged and not answers and not named:
        answers = [granted(asked)]
    refused = status.get("status", 0) >= 400 and all(map(is_plain, answers))
    bodies = any(one.answer.body for one in judged)
    refused = refused or (failed.get("kind") == "cors" and not bodies)
    only_documents = failed and all(answer.kind == "document" for answer in answers)
    if refused or only_documents or not any(answer.known for answer in answers):
        answers = of_words(asked, failed, status, text, transcript) or answers
    if all(map(is_plain, answers)):
        facts = asked | {"stage": "urls"}
        taken = any(one.request == transcript.api_request and one.taken for one in judged)
        if taken or any(each.id == "authorization-went-on" for each in answers):
            facts = {name: value for name, value in facts.items() if name not in OF_A_CALL}
        found = diagnose_all(facts, evidence_of(facts))[:MOST_ANSWERS]
        answers = [*(caused(each, facts) for each in found), *answers]
        if all(map(is_plain, answers)):
            if troubled(text, bodies=bool(answers)):
                answers = [
                    stated("error-unexplained", {}, evidence_of(facts)),
                    *(replace(each, known=False) for each in answers),
                ]
            elif not answers and (token_request or transcript.api_request):
                answers.append(stated("requests-without-an-answer", {}, evidence_of(facts)))
    if any(answer.known for answer in answers):
        answers = [answer for answer in answers if answer.known]
    if any(answer.kind == "cause" for answer in answers):
        answers = [answer for answer in answers if answer.kind != "document"]
    if len(judged) > MOST_ANSWERS and not named:
        answers.append(stated("more-answers", {"left": len(judged) - MOST_ANSWERS}))
    about |= asked | request_marks(token_request, transcript.api_request)
    about["hosts_is_other"] = asked.get("hosts_name") not in (None, API_HOST)
    whole = token_request is not None and transcript.api_request is not None
    about["of_scopes"] = whole or any(map(is_about_scopes, answers))
    answers += [
        Answer("remark", entry["id"], entry["means"], (), entry["source"])
        for entry in remarks()
        if matches(entry["when"], about) and entry["id"] not in {one.id for one in answers}
    ]
    return [*{(each.kind, each.id, each.means): each for each in reversed(answers)}.values()][::-1]


def _of_answer(
    one: Answered,
    asked: dict[str, Any],
    about: dict[str, Any],
    transcript: Transcript,
    near: Beside,
    text: str,
) -> list[Answer]:
    """Explain one answer; what it grants is added to `asked`, what remarks compare to `about`."""
    request, answer = one
    if isinstance(answer, PastedFailure):
        facts = asked | failure_facts(request, answer)
        said = failure_in(answer.words)
        facts |= words_of_library("curl") | ({"status": said["status"]} if "status" in said else {})
        return [explained(facts)]
    if document := document_in(answer.members):
        return [document]
    facts = merged(asked, answer_facts(request, answer))
    if request and (went := went_on(request, answer)):
        return [stated("authorization-went-on", {"went_on": went}, evidence_of(facts))]
    facts["probe"] = "root" if request and is_probe(request) else None
    if facts.get("stage") == "api" and facts.get("status", 400) >= 400:
        own = token_facts(near, answer, text, facts.get("tenant"))
        facts = own | facts
        facts["examined"] = examined(facts)
    if facts.get("stage") == "token":
        facts["code_use"] = "again" if exchanged_before(transcript, request, text) else None
    about["body_form"] = facts.get("body_form", about.get("body_form"))
    if facts.get("granted_now") or (facts.get("status", 400) < 300 and facts["media"] != "html"):
        asked |= {k: v for k, v in facts.items() if k in AFTER_A_GRANT}
        if facts.get("service") == "oauth1":
            return [explained(facts)]
        if found := listing(request, answer):
            facts["listing"] = found
            return [explained(facts)]
        if not transcript.api_request or len(transcript.answers) == 1:
            return [granted(facts)]
        return []
    if request and (url := request.url):
        facts |= call_fields(url, facts.get("granted"), method_of(request))
    if facts.get("subcode") == "unknown_kid" and taken_later(transcript, request, text):
        facts["later"] = "success"
    return [best(facts, asked)]


OF_A_CALL = frozenset({"request_breaks", "url_defect", "path_spelling", "host_spelling", "version"})
"""Fields of a call that explain nothing where it was taken."""

AFTER_A_GRANT = frozenset(
    {"kid", "token_tenant", "granted", "scope", "missing", "issuer", "issuer_cloud", "token_form"}
)
"""The fields of a token response that hold for the call after it."""


STATUS_IN_TEXT = re.compile(
    r"\s*+(?:status|error|HTTP)?+:?+\s*+([1-5]\d\d)\s*+[A-Za-z ]{0,40}", re.IGNORECASE
)


def _out_of_quotes(text: str) -> str:
    """Return the text inside a JSON string, which may hold another one."""
    for _ in range(3):
        if not text.lstrip().startswith('"'):
            break
        try:
            inner = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            break
        text = inner if isinstance(inner, str) and inner.strip() else text
    return text


URL_WITH_HOST = re.compile(r"[a-z][a-z0-9+.-]*://[^/]")


def explain(text: str, checks: Checks = tuple) -> list[Answer]:
    """Explain an input, secrets protected first; the last resort is an answer that is not `known`.

    `checks` collects the checks; it is called only for a word that nothing else knows.
    """
    protect(text)
    text = _out_of_quotes(text)
    word = text.strip().strip("\"'")
    code = exit_code_in(word)
    if code is not None:
        return look_up(code)
    is_word = not re.search(r"\s", word) and not word.startswith(("{", "<"))
    if is_word and ("://" not in word or error_uri_parts(word) or not URL_WITH_HOST.match(word)):
        return look_up(word, checks)
    plain = cleaned(text)
    if match := STATUS_IN_TEXT.fullmatch(plain):
        return look_up(match[1])
    pieces = redirect_of(plain) or cut(text)
    there = {is_token_request(piece) for piece in pieces if isinstance(piece, PastedRequest)}
    named = [one for one in requests_of(plain) if isinstance(one, PastedRequest)]
    pieces = filled([*(one for one in named if is_token_request(one) not in there), *pieces], named)
    found = of_paste(transcript_of(pieces), plain, text)
    if not any(answer.known and answer.kind != "request" for answer in found):
        words = by_words(plain)
        if words and all(each.id == "jwt" for each in words) and troubled(plain, bodies=True):
            # What a token says of itself explains no error beside it.
            words = [
                stated("error-unexplained", {}),
                *(replace(each, known=False) for each in words),
            ]
        found = words or found
    return found or [unknown(f"{len(text)} characters of text")]
