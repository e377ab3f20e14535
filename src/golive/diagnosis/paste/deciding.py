"""Decides what of a paste explains it. This is the one place where that is decided; it follows four rules.

Only what the paste shows is stated: words and exchanges are the evidence, and what they leave open stays open. The
last attempt that failed is the one to explain, and one that succeeded afterwards settles it. A host that is none of
Oracle's gets what can be said of any. A success is no fault, so it is explained only where nothing else is there.

The order: words of a program that sent nothing; refusals, the certain before the guessed; words of a library; what
the requests alone show; a document or a success.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from golive.diagnosis.causes import diagnose_all, is_thin
from golive.diagnosis.paste.answer import Answer, stated
from golive.diagnosis.paste.answered import listing, member_rules
from golive.diagnosis.paste.answers import answer_facts
from golive.diagnosis.paste.beside import examined, token_facts
from golive.diagnosis.paste.breaks import operation_at
from golive.diagnosis.paste.compared import token_audience
from golive.diagnosis.paste.curl import KINDS, failure_facts, is_probe
from golive.diagnosis.paste.documents import document_in
from golive.diagnosis.paste.found import (
    best,
    caused,
    evidence_of,
    explained,
    granted,
    is_plain,
)
from golive.diagnosis.paste.healthy import or_healthy, tests_passed
from golive.diagnosis.paste.links import URL
from golive.diagnosis.paste.lookup import by_words
from golive.diagnosis.paste.phrases import failure_in, pattern
from golive.diagnosis.paste.pieces import PastedAnswer, PastedFailure
from golive.diagnosis.paste.reported import names_a_tail, of_words
from golive.diagnosis.paste.requests import issued, merged
from golive.diagnosis.paste.residue import settings_alone, troubled
from golive.diagnosis.paste.said import in_its_own_words
from golive.diagnosis.paste.seen import shown_around
from golive.diagnosis.paste.timeline import error_behind, overcome
from golive.diagnosis.paste.transcript import (
    MOST_ANSWERS,
    exchanged_before,
    method_of,
    taken_later,
    to_judge,
    went_on,
)
from golive.diagnosis.paste.vendors import unabridged
from golive.diagnosis.scopes import call_fields

if TYPE_CHECKING:
    from golive.diagnosis.paste.evidence import Evidence
    from golive.diagnosis.paste.pieces import Answered, PastedRequest

OF_A_CALL = frozenset({"request_breaks", "url_defect", "path_spelling", "host_spelling", "version"})
"""Fields of a call that explain nothing where it was taken."""

OF_ITS_TIME = "key-was-not-known-yet"
"""The cause that says by itself that the call was taken later."""

OF_ITS_STATUS = frozenset({"not-available", "gateway-timed-out"})
"""Causes that say what a status says, of whatever server it is."""

OF_A_GRANT = "kid token_tenant granted scope missing issuer issuer_cloud token_form"
AFTER_A_GRANT = frozenset(OF_A_GRANT.split())
"""The fields of a token response that hold for the call after it."""


def decided(it: Evidence) -> list[Answer]:
    """Return what explains the paste, what says most of it first."""
    if passed := tests_passed(it.text):
        return [passed]
    sent_nothing = "first" in it.failed
    judged = (
        [] if sent_nothing else to_judge(it.transcript, on_the_way=it.failed.get("kind") in KINDS)
    )
    pairs = [(one, found) for one in judged[:MOST_ANSWERS] for found in _of_exchange(it, one)]
    settled = {one for one in judged if it.settles(one)}
    pairs.sort(
        key=lambda pair: (
            pair[0].succeeded or is_plain(pair[1]),
            pair[0] in settled,
            pair[1].guessed and pair[0].no_error,
        )
    )
    over = bool(settled) and all(one in settled or one.no_error for one, _ in pairs)
    answers = [_settled(found, over=over) if one in settled else found for one, found in pairs]
    answers = [each for each in answers if each.id != "success"] if over else answers
    answers = answers or ([granted(it.asked)] if judged else [])
    if _words_say_more(it, answers, judged):
        found = of_words(it)
        well = (it.later or (it.alone and overcome(it.log))) and not it.asked.get("writes")
        answers = [_settled(one, over=True) if well else one for one in found] or answers
    if all(map(is_plain, answers)):
        answers = _of_requests(it, answers, judged)
    if not any(answer.known and answer.kind != "request" for answer in answers):
        answers = _of_names(it, answers) or answers
    answers = in_its_own_words(it, answers)
    answers = or_healthy(it.log, answers)
    if any(answer.known for answer in answers):
        answers = [answer for answer in answers if answer.known]
    if any(answer.kind == "cause" for answer in answers):
        answers = [answer for answer in answers if answer.kind != "document"]
    shown = {one.answer.body for one in judged[:MOST_ANSWERS]} - {""}
    left = sum(one.refused and one.answer.body not in shown for one in judged[MOST_ANSWERS:])
    return [*answers, *([stated("more-answers", {"left": left})] if left > 0 else [])]


def _of_exchange(it: Evidence, one: Answered) -> list[Answer]:
    """Explain one answer by what came, by what was asked, and by what was granted before."""
    request, answer, asked = it.transcript.request_of(one), one.answer, it.asked_by(one)
    if isinstance(answer, PastedFailure):
        said = failure_in(answer.words)
        of_status = {"status": said["status"]} if "status" in said else {}
        return [explained(asked | failure_facts(request, answer, it.text) | of_status)]
    if it.transcript.without_status() == [one] and it.status.get("url") in (None, one.url):
        answer = answer.with_status(it.status.get("status", 0))
    if document := document_in(answer.members):
        return [document]
    facts = merged(asked, answer_facts(request, answer))
    if request and (went := went_on(request, answer)):
        return [stated("authorization-went-on", {"went_on": went}, evidence_of(facts))]
    if "said" in facts:
        facts["said"] = unabridged(facts["said"], it.text)
    facts["probe"] = "root" if request and is_probe(request) else None
    if facts.get("stage") == "api" and facts.get("status", 400) >= 400:
        near = it.near.of_call(request)
        of_token = token_facts(near, answer, it.log, facts.get("tenant"))
        facts = of_token | facts | token_audience(near, one.url)
        facts = merged(facts, issued(facts) if facts.get("subcode") == "unknown_kid" else {})
        facts["examined"] = examined(facts)
    again = facts.get("stage") == "token" and exchanged_before(it.transcript, request, it.log)
    facts["code_use"] = "again" if again else None
    if facts.get("service") in (None, it.asked.get("service")):  # not what another API answered
        it.asked["body_form"] = facts.get("body_form", it.asked.get("body_form"))
    if facts.get("granted_now") or (facts.get("status", 400) < 300 and facts["media"] != "html"):
        return _of_success(it, one, facts)
    facts |= shown_around(it.transcript, one, facts) | member_rules(request, str(facts.get("said")))
    facts |= _of_call(request or it.transcript.api_request, facts)
    taken = it.transcript.ended_well(one) and facts.get("clouds") == "same"
    if facts.get("subcode") == "unknown_kid" and (
        taken or taken_later(it.transcript, request, it.log)
    ):
        facts["later"] = "success"
    return [best(facts, asked)]


def _settled(found: Answer, *, over: bool) -> Answer:
    """Say of the reason of a refusal that the same was taken later; `over` where nothing else in the paste failed."""
    if found.id == OF_ITS_TIME:
        return found
    if over and found.kind == "cause":
        words = {"before": found.id, "meant": found.means, **dict(found.details)}
        kept = [(label, text) for label, text in found.details if label in ("evidence", "support")]
        row = stated(
            "settled", {k: v for k, v in words.items() if k in ("before", "meant", "change")}
        )
        return replace(row, details=(*row.details, *kept), source=found.source)
    note = (
        "note",
        "a later request was taken, so this is settled: by what differs between the two, or by the time between them",
    )
    return replace(found, details=(*found.details, note))


def _of_call(request: PastedRequest | None, facts: dict[str, Any]) -> dict[str, Any]:
    """Return which scope the call needs, and what follows for what was misspelt or left out of the grant."""
    if request is None:
        return {}
    found = call_fields(request.url, facts.get("granted"), method_of(request))
    needed = str(found.get("needed_scope"))
    if needed == facts.get("meant_scope"):
        found["scope_spelling"] = "needed"
    if needed.startswith("oraclehealth:") and needed not in str(facts.get("missing")).split():
        found["scope"] = None  # what was left out is not what the call needs
    return found


def _of_success(it: Evidence, one: Answered, facts: dict[str, Any]) -> list[Answer]:
    """Explain a success where it is odd or alone; what it grants holds for what comes after it."""
    it.granted.update({k: v for k, v in facts.items() if k in AFTER_A_GRANT})
    it.asked.update(it.granted)
    if facts.get("service") == "oauth1":
        return [explained(facts)]
    if isinstance(one.answer, PastedAnswer) and (
        found := listing(one.request, one.answer, it.text)
    ):
        return [explained(facts | {"listing": found})]
    alone = not it.transcript.api_request or len(it.transcript.answers) == 1
    sent = one.request if one.request and one.request.method == "POST" else None
    # what is added to a list that can be read
    facts["sent"] = sent is not None and operation_at("GET", sent.url) is not None
    return [granted(facts)] if alone else []


def _words_say_more(it: Evidence, answers: list[Answer], judged: list[Answered]) -> bool:
    """Return whether what a library said explains more than the answers, of which none says why."""
    # A write that was sent again may have been done twice.
    solved = it.later and it.asked.get("retried") and not it.asked.get("writes")
    reported = (bool(it.failed) and not solved) or it.status.get("status", 0) >= 400
    hidden = it.failed.get("kind") == "cors" and not any(one.answer.body for one in judged)
    plain, known = all(map(is_plain, answers)), any(answer.known for answer in answers)
    thin = all(is_thin(one.id) or one.id in OF_ITS_STATUS for one in answers)
    own = thin and (it.failed.get("kind") not in (None, *KINDS) or names_a_tail(it.text))
    return (reported and plain) or hidden or own or not known


def _of_requests(it: Evidence, plain: list[Answer], judged: list[Answered]) -> list[Answer]:
    """Explain by what the requests alone show, where no answer says that anything is wrong."""
    facts, call = it.asked | {"stage": "urls"}, it.transcript.api_request
    taken = any(one.request == call and one.taken for one in judged)
    if taken or any(each.id == "authorization-went-on" for each in plain):
        facts = {name: value for name, value in facts.items() if name not in OF_A_CALL}
    if found := diagnose_all(facts, evidence_of(facts))[:MOST_ANSWERS]:
        return [*(caused(each, facts) for each in found), *plain]
    if troubled(it.text, bodies=bool(plain)):
        name = error_behind(it.log)
        unexplained = stated(
            "error-behind-a-success" if name else "error-unexplained",
            {"name": name},
            evidence_of(facts),
        )
        return [unexplained, *(replace(each, known=False) for each in plain)]
    if not plain and (it.transcript.token_request or call):
        fits = facts.get("clouds") == facts.get("tenants") == "same" and facts.get("asked")
        name = (
            "settings-in-order"
            if fits and settings_alone(it.text)
            else "requests-without-an-answer"
        )
        return [stated(name, {}, evidence_of(facts))]
    return plain


def _of_names(it: Evidence, before: list[Answer]) -> list[Answer]:
    """Explain the URNs and tokens that a text names; what a token says of itself explains nothing else."""
    named = by_words(it.text)
    if named and all(each.id == "jwt" for each in named):
        unknown_ones = (replace(each, known=False) for each in named)
        around = URL.sub("", it.text)
        refused = any(one >= "4" for one in pattern("logged_status").findall(around))
        if refused or troubled(it.text, bodies=True):
            return [stated("error-unexplained", {}), *unknown_ones]
        if before and it.transcript.api_request:
            return [*before, *unknown_ones]
    return named
