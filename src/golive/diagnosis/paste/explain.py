"""Turns a paste, cut and parsed, into answers: the cause, what supports it, and remarks on the requests.

Takes any input: a single word is looked up, anything longer is read as a paste.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from golive.checks.verdict import TITLES
from golive.diagnosis.causes import Diagnosis, diagnose, diagnose_all, matches, places_in_pastes
from golive.diagnosis.fields import grant_covers
from golive.diagnosis.paste.answer import Answer, exact, remarks, unknown
from golive.diagnosis.paste.answers import answer_facts
from golive.diagnosis.paste.cleaning import cleaned
from golive.diagnosis.paste.curl import HOST, failure_facts, kind_facts
from golive.diagnosis.paste.documents import document_in
from golive.diagnosis.paste.lookup import look_up
from golive.diagnosis.paste.named import filter_in, host_named_in, redirect_of, requests_of
from golive.diagnosis.paste.parse import cut
from golive.diagnosis.paste.phrases import failure_in, status_in, words_of_library
from golive.diagnosis.paste.pieces import PastedAnswer, PastedFailure, PastedRequest
from golive.diagnosis.paste.protect import jwts, protect
from golive.diagnosis.paste.requests import (
    Transcript,
    merged,
    request_fields,
    request_marks,
    transcript_of,
)
from golive.environment import API_HOST
from golive.exchanges.error_body import GATEWAY_URN, TOKEN_URN, error_uri_parts

if TYPE_CHECKING:
    from golive.diagnosis.paste.lookup import Checks


def of_paste(transcript: Transcript, text: str = "") -> list[Answer]:
    """Explain requests and the answers between them: the cause first, then remarks on the requests."""
    asked = request_fields(transcript)
    failed, status = failure_in(text), status_in(text)
    asked |= words_of_library(failed.get("library") or status.get("library"))
    about = dict(asked)
    judged = [one for one in dict.fromkeys(transcript.answers) if not _is_a_step(one, transcript)]
    answers = [found for one in judged[:MOST_ANSWERS] for found in _of_answer(one, asked, about, transcript)]
    if not any(answer.known for answer in answers):
        answers = _of_words(asked, failed, status, text, transcript) or answers
    if all(answer.id == "success" for answer in answers):
        facts = asked | {"stage": "urls"}
        found = diagnose_all(facts, _evidence(facts))[:MOST_ANSWERS]
        answers = [*(_caused(each, facts) for each in found), *answers]
        if not answers and (transcript.token_request or transcript.api_request):
            answers.append(_nothing_seen(facts))
    if any(answer.known for answer in answers):
        answers = [answer for answer in answers if answer.known]
    if len(judged) > MOST_ANSWERS:
        answers.append(_more(len(judged) - MOST_ANSWERS))
    about |= asked | request_marks(transcript)
    about["hosts_is_other"] = asked.get("hosts_name") not in (None, API_HOST)
    answers += [
        Answer("remark", entry["id"], entry["means"], (), entry["source"])
        for entry in remarks()
        if matches(entry["when"], about)
    ]
    return list(dict.fromkeys(answers))


OneAnswer = tuple["PastedRequest | None", "PastedAnswer | PastedFailure"]


def _is_a_step(one: OneAnswer, transcript: Transcript) -> bool:
    """Return whether an answer only led to the next one, or came only of the one before it.

    A redirect leads on, but where it made a GET of the POST, everything after it is the redirect's doing.
    """
    same = [answer for request, answer in transcript.answers if request == one[0]]
    at = same.index(one[1])
    moved = [
        isinstance(each, PastedAnswer) and each.status in (301, 302, 303, 307, 308) for each in same
    ]
    lost = [
        is_moved and answer_facts(one[0], each).get("redirect") == "to-https"
        for is_moved, each in zip(moved, same, strict=True)
        if isinstance(each, PastedAnswer)
    ]
    return any(lost[:at]) or (moved[at] and at + 1 < len(same) and not (at < len(lost) and lost[at]))


def _of_answer(
    one: OneAnswer, asked: dict[str, Any], about: dict[str, Any], transcript: Transcript
) -> list[Answer]:
    """Explain one answer; what it grants is added to `asked`, what remarks compare to `about`."""
    request, answer = one
    if isinstance(answer, PastedFailure):
        facts = asked | failure_facts(request, answer)
        said = failure_in(answer.words)
        facts |= words_of_library("curl") | ({"status": said["status"]} if "status" in said else {})
        return [_caused(diagnose(facts, _evidence(facts)), facts)]
    if document := document_in(answer.body):
        return [document]
    facts = merged(asked, answer_facts(request, answer))
    about["body_form"] = facts.get("body_form", about.get("body_form"))
    if facts.get("granted_now") or (facts.get("status", 400) < 300 and facts["media"] != "html"):
        asked |= {k: v for k, v in facts.items() if k in AFTER_A_GRANT}
        if facts.get("service") == "oauth1":
            return [_caused(diagnose(facts, _evidence(facts)), facts)]
        if not transcript.api_request or len(transcript.answers) == 1:
            return [_granted(facts)]
        return []
    if request and (url := request.url):
        facts["covers"] = grant_covers(url, facts.get("granted"))
    return [_caused(diagnose(facts, _evidence(facts)), facts)]


def _of_words(
    asked: dict[str, Any],
    failed: dict[str, Any],
    status: dict[str, Any],
    text: str,
    transcript: Transcript,
) -> list[Answer]:
    """Explain by what a library said, where no answer explains itself."""
    name = filter_in(text)
    if name:
        facts = asked | {"service": "filter", "server": name, "stage": "client"}
        return [_caused(diagnose(facts, _evidence(facts)), facts)]
    if failed:
        named = HOST.search(text)
        hosts = [(named[1] or named[2]) if named else None, asked.get("host"), host_named_in(text)]
        host = failed.get("host") or next((one for one in hosts if one), None)
        kind = kind_facts(failed["kind"], str(host or "")) if "kind" in failed else {}
        facts = asked | kind | {k: v for k, v in failed.items() if k != "host"}
        return [_caused(diagnose(facts, _evidence(facts)), facts)]
    has_its_own = any(isinstance(one, PastedAnswer) and one.status for _, one in transcript.answers)
    if status and not has_its_own:
        request = transcript.token_request or transcript.api_request
        if transcript.answers:
            request = transcript.answers[-1][0] or request
        if request is None and status.get("body_form") is None:
            return look_up(str(status["status"])) if len(text) < A_FEW_WORDS else []
        facts = merged(asked, answer_facts(request, PastedAnswer(status["status"])))
        if status.get("body_form") == "fhir":
            facts |= {"body_form": "fhir", "stage": "api", "service": facts.get("service", "fhir")}
        return [_caused(diagnose(facts, _evidence(facts)), facts)]
    return []


A_FEW_WORDS = 300
"""Characters of a text whose only content may be the status in it."""

SAYS_LITTLE = frozenset({"unknown", "token-request-refused"})
"""Causes that say less than the URN does, where the word for it is known."""

MOST_ANSWERS = 4
"""Answers of one paste that are explained: more fit on no screen."""

AFTER_A_GRANT = frozenset(
    {"kid", "token_tenant", "granted", "scope", "missing", "issuer", "issuer_cloud", "token_form"}
)
"""The fields of a token response that hold for the call after it."""


def _more(left: int) -> Answer:
    return Answer(
        "answer",
        "more-answers",
        f"This paste holds {left} more answers, which are not explained here; paste them by themselves.",
    )


def _granted(facts: dict[str, Any]) -> Answer:
    scope = str(facts.get("granted") or "not stated")
    means = "The answer is a success."
    if facts.get("granted_now"):
        means = f"A token was granted; scope: {scope}."
    details = [("evidence", line) for line in _evidence(facts)]
    if facts.get("token_form") == "encrypted":
        details.append(("token", ENCRYPTED))
    if facts.get("token_form") == "opaque":
        details.append(("token", "no JWT: nothing inside it can be seen from outside"))
    if facts.get("missing"):
        details.append(("but", f"asked for and silently left out: {facts['missing']}"))
    return Answer("answer", "success", means, tuple(details), "contract-facts §4.1")


ENCRYPTED = (
    "an encrypted JWT (JWE: five parts, header `enc`), which is no fault: send it as it is. Only the API can read "
    "it, so a JWT library or jwt.io that expects three parts refuses it, and no claim of it can be checked"
)


def _nothing_seen(facts: dict[str, Any]) -> Answer:
    return Answer(
        "request",
        "requests-without-an-answer",
        "Nothing in these requests is known to be wrong; that does not prove that they work.",
        (
            *(("evidence", line) for line in _evidence(facts)),
            ("next", "paste the answer, status and headers included, below the command"),
        ),
        "contract-facts §4.1",
    )


def _caused(found: Diagnosis, facts: dict[str, Any]) -> Answer:
    if found.id in SAYS_LITTLE and (known := _by_urn(facts)):
        return replace(known, details=(*known.details, *_seen(found, facts)))
    if found.id == "unknown":
        answer = unknown(str(facts.get("shape", "an answer without a body")))
        return replace(answer, details=(*answer.details[1:], *_seen(found, facts)))
    details = (
        [("guess", f"likely, not proven. What settles it: {found.settles}")] if found.guess else []
    )
    details += [("evidence", line) for line in found.evidence]
    details.append(("apart", found.differs))
    details.append(("change", found.cure))
    # A command about an environment file is of no use to a person who has only requests.
    if found.change and places_in_pastes()["file"] not in found.change.text:
        details.append(("exactly", exact(found.change)))
    if found.give or facts.get("ids"):
        details.append(("support", _support(found, facts.get("ids", {}))))
    return Answer("cause", found.id, found.cause, tuple(details), found.source)


def _by_urn(facts: dict[str, Any]) -> Answer | None:
    """Look the URN of an answer up among the words, for which there may be more than a cause."""
    if not facts.get("urn"):
        return None
    start = GATEWAY_URN if facts.get("stage") == "api" else TOKEN_URN
    found = look_up(f"{start}{facts['urn']}")[0]
    return found if found.known else None


def _seen(found: Diagnosis, facts: dict[str, Any]) -> list[tuple[str, str]]:
    support = [("support", f"{name} {value}") for name, value in facts.get("ids", {}).items()]
    return [*(("evidence", line) for line in found.evidence), *support]


def _support(found: Diagnosis, ids: dict[str, str]) -> str:
    """List what to give to Oracle's support: the ids with their values where the paste holds them."""
    wanted = [name for name in found.give if name not in ids and name != "correlation ids"]
    if "correlation ids" in found.give and not ids:
        wanted.append("the correlation ids")
    return ", ".join([*wanted, *(f"{name} {value}" for name, value in ids.items())])


def _evidence(facts: dict[str, Any]) -> tuple[str, ...]:
    lines = []
    for what, host, cloud in (
        ("token", "token_host", "token_cloud"),
        ("API", "api_host", "api_cloud"),
    ):
        if facts.get(host):
            known = f": {facts[cloud]} cloud" if facts.get(cloud) else ""
            lines.append(f"{what} host {facts[host]}{known}")
    values = [
        f"{name.replace('_', ' ')} {facts[name]}"
        for name in (
            "status",
            "error",
            "urn",
            "subcode",
            "kid",
            "issuer",
            "tenant",
            "token_tenant",
            "asked",
        )
        if facts.get(name) is not None
    ]
    return (*lines, ", ".join(values)) if values else tuple(lines)


URN_IN_TEXT = re.compile(r"urn(?::|%3[Aa])cerner(?::|%3[Aa])error[A-Za-z0-9_:%-]+")
STATUS_IN_TEXT = re.compile(
    r"\s*+(?:status|error|HTTP)?+:?+\s*+([1-5]\d\d)\s*+[A-Za-z ]{0,40}", re.IGNORECASE
)
EXIT_IN_TEXT = re.compile(
    r"(?:[\w.]++\s++){0,3}?(?:exit(?:ed|s)?|rc|returned)\s*+(?:(?:code|status|with)\s*+)?"
    r"(?:(?:code|status)\s*+)?(?:[:=]\s*+)?(\d{1,3})[.!]?",
    re.IGNORECASE,
)
"""«exit 6», «golive exited with code 4», «rc=130»."""


def exit_code_in(text: str) -> str | None:
    """Return the exit code that a few words name: by its number, or by the verdict as a run prints it."""
    if match := EXIT_IN_TEXT.fullmatch(text):
        return match[1]
    said = text.rstrip(".:").upper()
    return next((str(int(code)) for code, title in TITLES.items() if title == said), None)


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
    if not any(isinstance(piece, PastedRequest) for piece in pieces):
        pieces = [*requests_of(plain), *pieces]
    found = of_paste(transcript_of(pieces), plain)
    if not any(answer.known and answer.kind != "request" for answer in found):
        found = _by_words(plain) or found
    return found or [unknown(f"{len(text)} characters of text")]


def _by_words(text: str) -> list[Answer]:
    """Explain the URNs and the tokens that a text names without any form around them."""
    for _ in range(3):  # a URN in a redirect is encoded twice
        text = unquote(text) if "%25" in text or "%3A" in text.upper() else text
    names = dict.fromkeys(match.rstrip(".:") for match in URN_IN_TEXT.findall(text))
    found = [answer for match in names for answer in look_up(match) if answer.known]
    found += [
        answer for match in jwts(text) for answer in look_up(match.rstrip(".")) if answer.known
    ]
    return list(dict.fromkeys(found))
