"""Explains by what a library or a person reports of an exchange that does not stand in the paste."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from golive.diagnosis.causes import diagnose
from golive.diagnosis.paste.answers import answer_facts
from golive.diagnosis.paste.calls import refused_in
from golive.diagnosis.paste.curl import kind_facts
from golive.diagnosis.paste.found import SAYS_LITTLE, best, caused, evidence_of, explained, granted
from golive.diagnosis.paste.links import host_named_in, served_in
from golive.diagnosis.paste.lookup import URN_IN_TEXT, status_alone
from golive.diagnosis.paste.phrases import pattern
from golive.diagnosis.paste.pieces import PastedAnswer, PastedRequest
from golive.diagnosis.paste.requests import merged, request_fields
from golive.diagnosis.paste.residue import error_uri_in, oauth_error_in, troubled
from golive.diagnosis.paste.transcript import EXCHANGED, method_of
from golive.diagnosis.paste.vendors import vendor_in
from golive.diagnosis.scopes import call_fields

if TYPE_CHECKING:
    from golive.diagnosis.paste.answer import Answer
    from golive.diagnosis.paste.evidence import Evidence

TAIL = re.compile(r"(?<![\w:%-])(oauth2:(?:token|grant):[a-z]+(?:-[a-z]+){0,6})(?![\w:-])")
"""The tail of a URN of the token endpoint, as logs that cut it write it."""

OF_THE_COMMAND = "shell-quotes"
"""The failure of a command that was cut: an answer that came to it says nothing of what was meant."""

A_FEW_WORDS = 300
"""Characters of a text whose only content may be the status in it."""


def names_a_tail(text: str) -> bool:
    """Return whether a text names a reason of the token endpoint without the URN around it."""
    return TAIL.search(text) is not None


def of_words(it: Evidence) -> list[Answer]:
    """Explain by what a library said, where no answer explains itself."""
    asked, status, text = it.asked, it.status, it.text
    if it.failed.get("kind") == OF_THE_COMMAND:
        return [_of_failure(it)]
    if uri := error_uri_in(text):
        body = {"error": oauth_error_in(text), "error_uri": uri}
        answer = PastedAnswer(status.get("status"), (), json.dumps(body))
        facts = merged(asked, answer_facts(it.transcript.token_request, answer))
        found = diagnose(facts, evidence_of(facts))
        if found.id not in SAYS_LITTLE:
            return [caused(found, facts)]
    if tail := TAIL.search(text):
        error = oauth_error_in(text)
        named = {"stage": "token", "urn": tail[1], "error": error, "reason": tail[1]}
        return [best(asked | named | {"status": status.get("status")}, asked)]
    if foreign := vendor_in(text):
        return [explained({**foreign, "stage": "token", "status": status.get("status")})]
    if served := served_in(text, "filter"):
        return [explained(asked | {"service": "filter", "server": served[1], "stage": "client"})]
    if it.failed:
        return [_of_failure(it)]
    has_its_own = any(one.answer.status for one in it.transcript.answers)
    call, answered = it.transcript.api_request, [one.request for one in it.transcript.answers]
    unanswered = call if call and answered and call not in answered else None
    if status and (unanswered or not has_its_own):
        return _of_status(it, unanswered)
    error = None if has_its_own or URN_IN_TEXT.search(text) else oauth_error_in(text)
    if it.transcript.token_request and error:
        return [best(asked | {"stage": "token", "error": error, "reason": error}, asked)]
    return [] if has_its_own or status else _of_calls(it)


def _of_calls(it: Evidence) -> list[Answer]:
    """Explain the last refused call of a log that names its operations alone."""
    named = it.transcript.api_request
    refused = refused_in(it.text, named.url if named else None)
    if refused is None:
        return []
    request, status, again = refused
    whole = replace(it.transcript, api_request=request)
    asked = request_fields(whole, it.text) | it.words | {"versions": "taken" if again else None}
    return [best(merged(asked, answer_facts(request, PastedAnswer(status))), asked)]


def _of_no_call(text: str) -> PastedRequest | None:
    """Return what a text asks of Oracle's hosts beside tokens and APIs: an introspection, or a discovery document."""
    found = (served_in(text, service) for service in ("introspection", "discovery"))
    served = next((one for one in found if one), None)
    return PastedRequest("", served[0], flags=frozenset({"named"})) if served else None


def _of_failure(it: Evidence) -> Answer:
    """Explain by the words that say why no usable answer came."""
    failed, named = it.failed, pattern("host_of_a_failure").search(it.text)
    of_words = (named[1] or named[2]) if named else None
    hosts = (failed.get("host"), of_words, it.asked.get("host"), host_named_in(it.text))
    host = next((one for one in hosts if one), "")
    kind = kind_facts(failed["kind"], host) if "kind" in failed else {}
    facts = it.asked | kind | {k: v for k, v in failed.items() if k != "host"}
    facts |= merged(facts, {}) if "granted" in failed else {}
    excepted = pattern("no_proxy").search(it.text)
    ends = re.split(r"[, ]+", excepted[1].lower()) if excepted else []
    if host and any(one == "*" or _is_below(host, one.strip("*.")) for one in ends if one):
        facts["proxy_excepts"] = "the-host"
    if host and (port := re.search(rf"(?<![\w.-]){re.escape(host)}:(\d{{2,5}})\b", it.text)):
        facts["port"] = port[1]
    return best(facts, it.asked)


def _is_below(host: str, domain: str) -> bool:
    return bool(domain) and (host.lower() == domain or host.lower().endswith(f".{domain}"))


def _of_status(it: Evidence, unanswered: PastedRequest | None) -> list[Answer]:
    """Explain a status without its answer, by the request that it is likeliest of."""
    asked, status, text, transcript = it.asked, it.status, it.text, it.transcript
    call, number = transcript.api_request, status["status"]
    first = call if EXCHANGED.search(text) else None  # the token came
    request = unanswered or first or transcript.token_request or call or _of_no_call(text)
    if transcript.answers and not unanswered:
        request = transcript.answers[-1].request or request
    if request is None and status.get("body_form") is None:
        last = text.strip().rpartition("\n")[2] if status.get("library") else text
        alone = number >= 400 and len(last) < A_FEW_WORDS
        return [status_alone(number)] if alone else []
    url = str(status.get("url", ""))
    if request and request is call and url.startswith(request.url) and url != request.url:
        # A program joins what the words of its library show whole.
        request = replace(request, url=url)
        asked = request_fields(replace(transcript, api_request=request), text) | it.words
    both = request and request is transcript.token_request and call and not status.get("url")
    asked = asked | {"which_call": "unknown" if both else None}
    answer = PastedAnswer(number, (), str(status.get("said", "")))
    facts = merged(asked, answer_facts(request, answer))
    if request:
        facts |= call_fields(request.url, facts.get("granted"), method_of(request))
    if number < 300 and request and not troubled(text, bodies=True):
        return [granted(facts)]
    if status.get("body_form") == "fhir":
        facts |= {"body_form": "fhir", "stage": "api", "service": facts.get("service", "fhir")}
    return [best(facts, asked)]
