"""What holds of every refusal of a run: it says how to come in, and it gives nothing of what it refuses."""

from __future__ import annotations

import re
from collections import defaultdict

from golive import (
    Exchange,
    Expect,
    access_token_of,
    behind_challenges,
    challenge_error,
    challenges,
    check,
    counted,
    key_unknown,
    show_word,
)
from suites.common.answers import ids_in
from suites.common.judging import judge
from suites.common.refusals import all_cases

PRINTABLE = re.compile(r"[\x20\x21\x23-\x5b\x5d-\x7e]+")
OF_BEARER = {
    "error": PRINTABLE,
    "error_description": PRINTABLE,
    "scope": re.compile(r"[\x21\x23-\x5b\x5d-\x7e]+(?: [\x21\x23-\x5b\x5d-\x7e]+)*+"),
}
"""Parameter of a Bearer challenge -> the characters that it may have (RFC 6750 §3)."""
BARE = (
    "Ask who runs the gateway to configure a realm. Some frameworks (Spring Security, ASP.NET Core, FastAPI) send the "
    "scheme alone by default, and clients read it all the same; the standard demands a parameter."
)
MISSING, WITHOUT_SCOPE = "insufficient_scope", ("token", "without-scope")
"""The reason of a refusal, and the change of an error case, that are about a scope which a token lacks."""
NOT_APPLIED = "RFC 9110 §15.5.2, §15.5.4"
"""A request that is answered 401 has not been applied, one that is answered 403 is not fulfilled."""


@check(
    "every-401-has-a-challenge",
    level="must",
    basis="standard",
    source="RFC 9110 §15.5.2, §11.6.1, §11.2",
)
def test_every_401_has_a_challenge(answers: list[Exchange]) -> None:
    """Each answer with 401 says in WWW-Authenticate, well-formed, by which scheme a caller may come in."""

    def has_a_challenge(it: Expect) -> None:
        value = it.header("WWW-Authenticate")
        if value is not None:
            at, rest = "header:WWW-Authenticate", behind_challenges(value)
            it.that(bool(challenges(value)), at, "a challenge", "none in it")
            it.that(not rest, at, "challenges and nothing else", f"also {show_word(rest)}")

    judge((one for one in answers if one.status == 401), has_a_challenge, some="no answer with 401")


@check(
    "every-challenge-says-what-its-scheme-demands",
    level="must",
    basis="standard",
    source="RFC 6750 §3; RFC 7617 §2",
)
def test_every_challenge_keeps_to_its_scheme(answers: list[Exchange]) -> None:
    """A Bearer challenge has a parameter, each in the characters of its own, and a Basic challenge has a realm."""

    def keeps_to_its_scheme(it: Expect) -> None:
        for one in challenges(it.exchange.header("WWW-Authenticate") or ""):
            said = dict(one.parameters)
            at, scheme = "header:WWW-Authenticate", one.scheme.lower()
            if scheme == "basic":
                it.that("realm" in said, at, "a realm in the Basic challenge", "none")
            if scheme != "bearer":
                continue
            it.that(
                bool(said),
                at,
                "a parameter in the Bearer challenge",
                "the scheme alone",
                next_step=BARE,
            )
            for name, form in OF_BEARER.items():
                right = form.fullmatch(said.get(name, "x")) is not None
                wanted = f"{name} of printable ASCII without quotes and backslashes"
                it.that(right, at, wanted, show_word(said.get(name)))

    judge((one for one in answers if one.status in (401, 403)), keeps_to_its_scheme)


@check("every-missing-scope-is-called-so", level="should", basis="standard", source="RFC 6750 §3.1")
def test_every_token_without_the_scope_is_called_so(answers: list[Exchange]) -> None:
    """A token that lacks the scope of what it is presented for is refused with 403 and insufficient_scope."""

    def is_called_so(it: Expect) -> None:
        it.status(403)
        stated = challenge_error(it.exchange)
        right = stated in (None, MISSING)  # that there is a reason is not demanded
        at, wanted = "header:WWW-Authenticate", f"error {MISSING}, as the token is good"
        it.that(right, at, wanted, f"error {show_word(stated)}")

    lacking = {case.id for case in all_cases().values() if case.change == WITHOUT_SCOPE}
    # A key that is too new for the API is no reason to look at a scope.
    known = (one for one in answers if one.name in lacking and not key_unknown(one))
    judge((one for one in known if one.status in (401, 403)), is_called_so)


@check("every-refusal-keeps-what-was-asked-for", level="must", basis="standard", source=NOT_APPLIED)
def test_no_refusal_gives_what_was_asked_for(answers: list[Exchange]) -> None:
    """No answer with 401 or 403 has in its body what the same operation gives to those who may have it."""
    given: dict[str, set[str]] = defaultdict(set)
    for one in answers:
        if one.succeeded and one.request.operation:
            given[one.request.operation].update(ids_in(one.json_or_none))

    def keeps_it(it: Expect) -> None:
        body = it.exchange.json_or_none
        shown = set(ids_in(body)) & given[it.exchange.request.operation]
        it.that(
            not shown,
            "body",
            "no item, as the request is refused",
            counted(len(shown), "item"),
        )

    judge((one for one in answers if one.status in (401, 403)), keeps_it)


@check(
    "every-refused-token-request-grants-nothing",
    level="must",
    basis="standard",
    source="RFC 6749 §5.1, §5.2",
)
def test_no_refused_token_request_is_granted(answers: list[Exchange]) -> None:
    """No answer that refuses a token request has a token in it."""

    def grants_nothing(it: Expect) -> None:
        granted = access_token_of(it.exchange) is not None
        it.that(not granted, "/access_token", "absent from a refusal", "a token")

    refusals = (one for one in answers if not one.request.operation and one.status // 100 == 4)
    judge(refusals, grants_nothing)


@check(
    "every-api-answer-sets-no-cookie",
    level="should",
    basis="inferred",
    source="contract-facts §1 (who asks is said in the header authorization)",
)
def test_no_answer_of_an_api_sets_a_cookie(answers: list[Exchange]) -> None:
    """No answer of an API sets a cookie, as nothing but the token of a request says who asks."""

    def sets_none(it: Expect) -> None:
        lines = it.exchange.response.headers.all("Set-Cookie")
        names = sorted({show_word(line.partition("=")[0].strip()) for line in lines})
        it.that(not names, "header:Set-Cookie", "no cookie", ", ".join(names))

    judge((one for one in answers if one.request.operation), sets_none)
