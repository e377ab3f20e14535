"""Turns a paste, cut and parsed, into answers: the cause, what supports it, and remarks on the requests.

Takes any input: a single word is looked up, anything longer is read as a paste.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from golive.diagnosis.causes import matches
from golive.diagnosis.paste.answer import Answer, remarks, unknown
from golive.diagnosis.paste.bodies import filled
from golive.diagnosis.paste.carried import media_of
from golive.diagnosis.paste.cleaning import cleaned
from golive.diagnosis.paste.curl import is_token_request
from golive.diagnosis.paste.deciding import decided
from golive.diagnosis.paste.evidence import evidence_in
from golive.diagnosis.paste.found import exit_code_in, is_plain
from golive.diagnosis.paste.lookup import look_up
from golive.diagnosis.paste.named import redirect_of, requests_of
from golive.diagnosis.paste.parse import cut
from golive.diagnosis.paste.pieces import PastedRequest, json_at
from golive.diagnosis.paste.protect import protect
from golive.diagnosis.paste.requests import MESSAGES
from golive.diagnosis.paste.transcript import transcript_of
from golive.environment import API_HOST
from golive.exchanges.error_body import error_uri_parts
from golive.kit.wire import split_url

if TYPE_CHECKING:
    from golive.diagnosis.paste.lookup import Checks
    from golive.diagnosis.paste.pieces import Segment


def _request_marks(token: PastedRequest | None, api: PastedRequest | None) -> dict[str, Any]:
    """Return what remarks on requests compare and no cause does: method, media type, flags, schemes."""
    both = [request for request in (token, api) if request]
    marks: dict[str, Any] = {
        "insecure": any({"-k", "--insecure"} & request.flags for request in both),
        "plain_http": any(_is_plain(request) for request in both),
    }
    if token:
        form = (token.header("Content-Type") or "").startswith("application/x-www-form-urlencoded")
        grant = token.form.get("grant_type", [""])[0]
        marks |= {"token_method": token.method, "form": form, "grant": grant}
    if api:
        media = api.header("Content-Type")
        marks |= {
            "api_method": api.method,
            "api_content_type": media is not None,
            "api_body": bool(api.body),
            "api_media": media_of(api, "Content-Type") or None,
            "bearer": api.authorization[0] == "bearer",
        }
    return marks


def _is_plain(request: PastedRequest) -> bool:
    parts = split_url(request.url)
    return parts.scheme == "http" and parts.hostname not in ("127.0.0.1", "localhost", "::1")


def of_paste(pieces: list[Segment], text: str, log: str) -> list[Answer]:
    """Explain requests and the answers between them: the cause first, then remarks on the requests.

    `log` is the text with the times that a log puts before its lines, which `text` has no more.
    """
    it = evidence_in(transcript_of(pieces), text, log)
    answers = decided(it)
    token, api = it.transcript.token_request, it.transcript.api_request
    about = it.asked | _request_marks(token, api)
    about["hosts_is_other"] = it.asked.get("hosts_name") not in (None, API_HOST)
    held = str(it.asked.get("granted")).split()
    about["writes_granted"] = MESSAGES in held and any(map(is_plain, answers))
    answers += [
        Answer("remark", entry["id"], entry["means"], (), entry["source"])
        for entry in remarks()
        if matches(entry["when"], about) and entry["id"] not in {one.id for one in answers}
    ]
    return [*{(each.kind, each.id, each.means): each for each in reversed(answers)}.values()][::-1]


STATUS_IN_TEXT = re.compile(
    r"\s*+(?:status|error|HTTP)?+:?+\s*+([1-5]\d\d)\s*+[A-Za-z ]{0,40}", re.IGNORECASE
)


def _out_of_quotes(text: str) -> str:
    """Return the text inside a JSON string, which may hold another one."""
    inner, end = json_at(text.strip()) if text.lstrip().startswith('"') else (None, 0)
    whole = isinstance(inner, str) and inner.strip() and end == len(text.strip())
    return _out_of_quotes(str(inner)) if whole else text


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
    return of_paste(pieces, plain, text) or [unknown(f"{len(text)} characters of text")]
