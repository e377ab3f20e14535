"""Judges the answer to an error case: not just that it is a refusal, but that it is the right one.

Some expectations stand in every row unwritten: nothing secret and no stack trace in the answer, `opc-request-id` as
firmly as the operation's description has it, and on Oracle's hosts the cache headers of a token error and its
correlation id, which is the instance in `error_uri`. Each is known in its own way, and each finding says how.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from golive.checks.authority import answered_by_oracle
from golive.checks.expect import Expect
from golive.contract.label import GUESS, Basis, Label, Level, standard
from golive.contract.project_rules import TOKEN_BASES
from golive.exchanges.error_body import (
    gateway_pairs,
    members,
    place,
    reason,
)
from golive.kit.problems import counted
from golive.redaction.rendering import show_reason, show_word
from golive.refusals import challenge
from golive.refusals.unwritten import judge_safety, judge_token_error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from golive.contract.catalogue import ErrorCase
    from golive.contract.document import Contract
    from golive.exchanges.jwt import AccessToken
    from golive.exchanges.model import Exchange


PARTS = frozenset({"error", "urn", "subcode", "kid", "code"})
"""Expectations of a part of the body."""

REFUSED = 4
DOCUMENTED_REFUSAL = 400
"""The one refusal of which Oracle's pages give headers and a body."""

SEEN_AS_TEXT = 403
"""The refusal that was seen as a plain text, too (contract-facts §5 rows 17 and 24)."""

TOKEN_ERROR = standard("RFC 6749 §5.2")
REQUEST_ID = "opc-request-id"


def judge(
    case: ErrorCase, exchange: Exchange, contract: Contract, presented: AccessToken | None = None
) -> Expect:
    """Collect every way in which the answer is not the refusal that the case expects.

    `presented` is the access token that was sent. The words for what is wrong with a signature were seen with
    signed tokens only: of an encrypted or opaque one they are advice, and no key is named in it. An answer that is no
    refusal at all has nothing more to be said of it: its body and headers are those of something else.
    """
    it = Expect(exchange)
    judge_safety(it)
    of_oracle = answered_by_oracle(exchange)
    is_api = case.base not in TOKEN_BASES
    demands = list(_demands(case, presented, of_oracle=of_oracle))
    for name, wanted, label in demands:
        if name == "status" and not it.found_at("status"):
            allowed, said = case.allows(wanted, exchange.status), case.wanted_statuses(wanted)
            it.that(allowed, "status", said, str(exchange.status), label=label)
        elif name == "items":
            _no_items(it, label)
    if it.found_at("status") and exchange.status // 100 != REFUSED:
        return it
    shape = next((wanted for name, wanted, _ in demands if name == "body"), None)
    for name, wanted, label in demands:
        if name == "error" and is_api:
            judge_error_of_api(it, wanted, label)
        elif name in PARTS and _readable(exchange, name, shape):
            _same(it, name, wanted, label)
        elif name == "headers":
            _headers(it, wanted, label, is_api=is_api)
        elif name == "text":
            found = wanted.lower() in exchange.text.lower()
            it.that(found, "body", f"a body that contains {wanted!r}", "it does not", label=label)
    for name, wanted, label in demands:
        if name == "body":
            _body(it, wanted, contract, label)
    _unwritten(it, contract, is_api=is_api, of_oracle=of_oracle)
    return it


def _demands(
    case: ErrorCase, presented: AccessToken | None, *, of_oracle: bool
) -> Iterator[tuple[str, Any, Label]]:
    """Yield what this case demands of this token's refusal; `kid: token` becomes the kid of the token."""
    sealed = presented is not None and presented.sealed is not None
    kid = presented.kid if presented is not None and not sealed else None
    for name, wanted, label in case.demands(of_oracle=of_oracle):
        if name == "kid":
            if kid is not None:
                yield name, kid, label
        elif sealed and name in {"urn", "subcode"}:
            yield name, wanted, replace(label, basis=Basis.INFERRED)
        else:
            yield name, wanted, label


def _unwritten(it: Expect, contract: Contract, *, is_api: bool, of_oracle: bool) -> None:
    """Judge what stands in every row unwritten, and is no part of safety."""
    exchange = it.exchange
    if is_api:
        asked = exchange.request
        label = contract.header_label(asked.method, asked.url, exchange.status, REQUEST_ID)
        it.header(REQUEST_ID, label=label)
    # What stands in front of the server (a 405, a 415) need not speak its language.
    elif of_oracle and isinstance(members(exchange).get("error"), str):
        judge_token_error(it)


def _headers(it: Expect, names: list[str], label: Label, *, is_api: bool) -> None:
    for name in names:
        if name.lower() == challenge.NAME.lower():
            challenge.judge(it, label, is_api=is_api)
        else:
            it.header(name, label=label)


def _no_items(it: Expect, label: Label) -> None:
    """A list that is answered all the same has no items; that it is answered is the status's finding."""
    found = members(it.exchange).get("items")
    if it.exchange.succeeded and isinstance(found, list):
        it.that(
            not found,
            "/items",
            "a refusal, or no item",
            counted(len(found), "item"),
            label=label,
        )


def _readable(exchange: Exchange, name: str, shape: str | None) -> bool:
    """Whether a body that is none, or a message without pairs, is not what the body's own finding says."""
    if shape is None:
        return True
    pairs = name not in {"code", "error"} and shape == "gateway-error"
    return bool(members(exchange)) and (not pairs or bool(gateway_pairs(exchange)))


def _body(it: Expect, wanted: str, contract: Contract, label: Label) -> None:
    if wanted == "any-error" and it.exchange.status != DOCUMENTED_REFUSAL:
        label = replace(label, basis=Basis.INFERRED)
    if label.basis is Basis.INFERRED and _is_plain_refusal(it.exchange):
        return
    firm = wanted == "token-error" and label.basis is not Basis.INFERRED
    # Of the media types of refusals only that of a token error is promised; any other JSON is as good elsewhere.
    if firm or not it.exchange.media_type.endswith("+json"):
        it.media_type(label=TOKEN_ERROR if firm else GUESS)
    it.schema(contract, f"oauth/{wanted}", label=TOKEN_ERROR if firm else label)
    pairs = gateway_pairs(it.exchange)
    if wanted == "gateway-error" and pairs:
        it.schema(contract, "oauth/gateway-error-message", pairs, label=label)


def _is_plain_refusal(exchange: Exchange) -> bool:
    """Return whether a 403 is a plain text, as it was seen of a tenant and of a host in front (contract-facts §5)."""
    plain = exchange.media_type == "text/plain" and bool(exchange.text.strip())
    return exchange.status == SEEN_AS_TEXT and plain


def _loose(value: Any) -> Any:
    """Fold the two spellings of URNs that the wire and the documents show."""
    return value.replace("_", "-") if isinstance(value, str) else value


def _same(it: Expect, name: str, wanted: Any, label: Label) -> None:
    actual = reason(it.exchange, name)
    allowed = wanted if isinstance(wanted, list) else [wanted]
    fold = _loose if name == "urn" else (lambda value: value)
    holds = type(actual) in {type(one) for one in allowed} and fold(actual) in map(fold, allowed)
    if not holds:
        if name == "urn" and actual is None:
            # Seen in every answer that was published; that none lacks it is promised nowhere.
            label = replace(label, basis=Basis.INFERRED)
        # Of a key's id, what is wanted is what stood in the token.
        said = " or ".join(show_word(one) if name == "kid" else str(one) for one in allowed)
        it.violated(place(it.exchange, name), f"{name} {said}", shown(actual), label=label)


def judge_error_of_api(it: Expect, wanted: Any, label: Label) -> None:
    """Check the reason of a refused token: in the challenge, where RFC 6750 §3 puts it, then in the body."""
    allowed = wanted if isinstance(wanted, list) else [wanted]
    expected = f"error {' or '.join(map(str, allowed))}"
    stated, said = challenge.challenge_error(it.exchange), reason(it.exchange, "error")
    header = f"header:{challenge.NAME}"
    if stated is None and said is None:
        # That a refusal names its reason is no more than a SHOULD of the RFC.
        of_rfc = label.basis is Basis.STANDARD
        known = standard("RFC 6750 §3", Level.SHOULD) if of_rfc else label
        if not it.found_at(header):
            it.violated(header, expected, "absent, there and in the body", label=known)
    elif stated is not None and stated not in allowed:
        it.violated(header, expected, shown(stated), label=label)
    elif said is not None and said not in allowed:
        # Where the challenge states the right reason, nothing promises the wording of a body.
        wording = stated is not None and label.basis is Basis.STANDARD
        known = replace(label, basis=Basis.INFERRED) if wording else label
        it.violated(place(it.exchange, "error"), expected, shown(said), label=known)


def shown(actual: Any) -> str:
    """Put a part of an answer as a finding shows it."""
    return "absent" if actual is None else show_reason(actual)
