"""Turns the facts of a paste and the cause that they have into an answer for a person.

Where no answer in the paste explains itself, the facts are the words of libraries and of the text.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from golive.checks.verdict import TITLES
from golive.diagnosis.causes import Diagnosis, diagnose, places_in_pastes, symptom_of
from golive.diagnosis.paste.answer import Answer, exact, stated, unknown
from golive.diagnosis.paste.lookup import look_up
from golive.diagnosis.paste.phrases import pattern
from golive.exchanges.error_body import GATEWAY_URN, TOKEN_URN

SAYS_LITTLE = frozenset({"unknown", "token-request-refused"})
"""Causes that say less than the URN does, where the word for it is known."""


OF_THE_CLIENT = frozenset(
    {
        *("client_authentication", "credential_shape", "credential_store", "body_kind", "grant"),
        *("scope_parameter", "scope_syntax", "scope_spelling", "assertion", "assertion_type"),
    }
)
"""Fields of the token request beside its URL: no cause of a page, or of a refusal by an API, which has the token."""


def best(facts: dict[str, Any], asked: dict[str, Any]) -> Answer:
    """Explain an answer or an error; `asked` are the fields of the requests alone."""
    found = diagnose(facts, evidence_of(facts))
    if symptom := symptom_of(found.id):
        of_url = symptom == "page" or facts.get("stage") == "api"
        seen = {k: v for k, v in asked.items() if not (of_url and k in OF_THE_CLIENT)}
        shown = diagnose({**seen, "stage": "urls", "kind": None, "status": None}, found.evidence)
        found = found if shown.id == "unknown" else shown
    return caused(found, facts)


def explained(facts: dict[str, Any]) -> Answer:
    """Explain what the facts show by the first cause that fits."""
    return caused(diagnose(facts, evidence_of(facts)), facts)


def granted(facts: dict[str, Any]) -> Answer:
    """Explain a success: what was granted and what was left out, and the form of the token."""
    words = facts | {"granted": facts.get("granted") or "not stated"}
    if facts.get("granted_now") and facts.get("granted") == "":
        words["granted"] = "none at all, so no call will be allowed with it"
    words["missing"] = facts.get("missing") or None
    asked, given = (str(words.get(name)).split() for name in ("asked", "granted"))
    if asked != given and sorted(asked) == sorted(given):
        words["finding_of_scope"] = "order"
    return stated("success", words, evidence_of(facts))


def is_plain(answer: Answer) -> bool:
    """Return whether an answer only says what something is, and explains no error that stands beside it."""
    return answer.id == "success" or answer.kind == "document"


def caused(found: Diagnosis, facts: dict[str, Any]) -> Answer:
    """Explain a cause, or the URN where that says more, or the form of what is not known."""
    seen = [("evidence", line) for line in found.evidence]
    ids: dict[str, str] = facts.get("ids", {})
    known = _by_word(found.id, facts)
    if known is None and found.id == "unknown":
        known = unknown(str(facts.get("shape", "an answer without a body")))
        known = replace(known, details=known.details[1:])
    if known:
        support = (("support", f"{name} {value}") for name, value in ids.items())
        return replace(known, details=(*known.details, *seen, *support))
    guess = [("guess", f"likely, not proven. What settles it: {found.settles}")]
    details = [*(guess if found.guess else ()), *seen]
    said = str(facts.get("said", ""))
    if facts.get("says_why") and facts.get("owner") == "other" and said not in found.cause:
        details.append(("evidence", f"the server's own words: {said}"))
    details.append(("apart", found.differs))
    details.append(("change", found.cure))
    # A command about an environment file is of no use to a person who has only requests.
    of_golive = found.change and found.change.place.startswith("safety.")
    if found.change and not of_golive and places_in_pastes()["file"] not in found.change.text:
        details.append(("exactly", exact(found.change)))
    if found.give or ids:
        fhir = facts.get("service") == "fhir"
        details.append(("support", _support(found, ids, "X-Request-Id" if fhir else "")))
    return Answer("cause", found.id, found.cause, tuple(details), found.source)


def _by_word(cause: str, facts: dict[str, Any]) -> Answer | None:
    """Look the URN or the OAuth error of an answer up among the words, where the cause says less."""
    stage, urn, error = (facts.get(name) for name in ("stage", "urn", "error"))
    start = GATEWAY_URN if stage == "api" else TOKEN_URN
    found = look_up(f"{start}{urn}") if urn and cause in SAYS_LITTLE else []
    if stage == "token" and error and cause == "unknown":
        found += [one for one in look_up(str(error)) if one.kind == "oauth-error"]
    return next((one for one in found if one.known), None)


def _support(found: Diagnosis, ids: dict[str, str], instead: str) -> str:
    """List what to give to Oracle's support: the ids with their values where the paste holds them.

    `instead` is the header that has the id of an answer where it is not opc-request-id.
    """
    names = [instead if instead and name == "opc-request-id" else name for name in found.give]
    wanted = [name for name in names if name not in ids and name != "correlation ids"]
    if "correlation ids" in found.give and not ids:
        wanted.append("the correlation ids")
    return ", ".join([*wanted, *(f"{name} {value}" for name, value in ids.items())])


SEEN = ("status", "error", "urn", "subcode", "kid", "issuer", "tenant", "token_tenant", "asked")
"""Fields whose values are the second line of the evidence."""


OTHER_HOSTS = {
    "fhir": "FHIR",
    "fhir-open": "FHIR",
    "introspection": "introspection",
    "discovery": "discovery",
    "key-set": "key set",
}
"""What is asked at a host that is none of an API -> its label."""

SAID_BY_ORACLE = (400, 404, 406, 409, 412, 415, 422)
"""Refusals of a request's content, of which the server's own words say most."""


def evidence_of(facts: dict[str, Any]) -> tuple[str, ...]:
    """Return the fields that a person can find again in the paste."""
    lines = []
    for what, start in (("token", "token"), ("API", "api")):
        if host := facts.get(f"{start}_host"):
            cloud = facts.get(f"{start}_cloud")
            label = OTHER_HOSTS.get(str(facts.get("service")), what) if start == "api" else what
            lines.append(f"{label} host {host}" + (f": {cloud} cloud" if cloud else ""))
    known_ones = [name for name in SEEN if facts.get(name) is not None]
    if facts.get("token_tenant") == facts.get("tenant"):
        known_ones = [name for name in known_ones if name != "token_tenant"]
    lines.append(", ".join(f"{name.replace('_', ' ')} {facts[name]}" for name in known_ones))
    if facts.get("shown_placeholder") and facts.get("status") == 401:
        shown = facts["shown_placeholder"]
        lines.append(f"Authorization shows {shown}; as it was sent, or masked here?")
    lines.extend(str(facts.get(name) or "") for name in ("token_age", "other_way"))
    says_why = bool(facts.get("says_why"))
    by_oracle = facts.get("status") in SAID_BY_ORACLE
    if facts.get("said") and (not says_why if facts.get("owner") == "other" else by_oracle):
        lines.append(f"the server's own words: {facts['said']}")
    return tuple(line for line in lines if line)


def exit_code_in(text: str) -> str | None:
    """Return the exit code that a few words name: by its number, or by the verdict as a run prints it."""
    if match := pattern("exit_in_text").fullmatch(text):
        return match[1]
    said = text.rstrip(".:").upper()
    return next((str(int(code)) for code, title in TITLES.items() if title == said), None)
