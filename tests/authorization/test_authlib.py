"""Authlib's authorization server under `-m oauth`: a server that nobody here wrote.

What is found there has to be true by the RFC that the check names, and by nothing else: what Oracle documents or
was seen to do binds no other server.
"""

from functools import cache

import pytest

from golive.checks.verdict import Outcome

pytestmark = pytest.mark.whole_run

NAMED = ("key_set_url: ORIGIN/keys", "issuer: ORIGIN")

TRUE = {
    # RFC 6749 §5.2: a missing parameter is invalid_request. Authlib calls it unsupported_grant_type.
    "token-without-grant-type",
    "token-grant-type-under-another-name",
    # RFC 6749 §3.2, §5.2: a parameter that comes twice is refused. Authlib grants.
    "token-repeated-grant-type",
    "token-repeated-scope",
    # RFC 6749 §2.3, §5.2: a request that authenticates in two ways is refused. Authlib reads the first that it knows.
    "token-basic-and-secret-in-body",
}


def of(summary, *outcomes):
    return {check["id"]: check for check in summary["checks"] if check["outcome"] in outcomes}


@pytest.fixture(scope="module")
def judged(authlib):
    """Run the checks of the token flow, once for each setting; return exit code, output and summary."""

    @cache
    def run(*more, **settings):
        with authlib(more=more, **settings) as place:
            return place.run("-m", "oauth")

    return run


def test_every_finding_is_true_by_the_rfc_that_it_names(judged) -> None:
    code, said, summary = judged(*NAMED)
    failed = of(summary, Outcome.FAILED, Outcome.INTERNAL_ERROR)
    assert failed.keys() == TRUE, said
    assert code == 1, said
    for check in failed.values():
        assert (check["basis"], check["source"][:8]) == ("standard", "RFC 6749")


def test_its_tokens_are_verified_with_the_keys_that_the_environment_names(judged) -> None:
    _, _, summary = judged(*NAMED)
    assert of(summary, Outcome.PASSED).keys() >= {
        "access-token-is-a-signed-jwt",
        "access-token-type-is-jwt",
        "access-token-signature-verifies",
        "access-token-issuer-is-its-host",
        "access-token-client-is-the-environments",
        "access-token-scopes-are-the-granted",
        "access-token-id-is-unique",
        "key-set-keeps-its-schema",
    }


def test_what_was_seen_at_oracle_s_hosts_alone_is_not_asked_of_it(judged) -> None:
    _, _, summary = judged(*NAMED)
    asked = of(summary, Outcome.PASSED, Outcome.FAILED, Outcome.ADVICE)
    assert not {name for name, check in asked.items() if "correlation" in name}
    absent = of(summary, Outcome.NOT_CLAIMED)
    assert absent["token-response-has-correlation-id"]["reason"].endswith("token.server")
    assert absent["access-token-claims-keep-their-schema"]["reason"].endswith("token.server")


def test_another_issuer_than_the_named_one_is_found(judged) -> None:
    code, said, summary = judged(NAMED[0], "issuer: https://login.example.org")
    assert code == 1, said
    found = of(summary, Outcome.FAILED)["access-token-issuer-is-its-host"]["findings"]
    assert [(one["basis"], one["source"], one["advice"]) for one in found] == [
        ("standard", "RFC 9068 §4", False)
    ]


def test_nobody_asks_for_an_api_where_no_check_needs_one(judged) -> None:
    code, said, summary = judged(*NAMED)
    assert [stage["stage"] for stage in summary["walk"]][-1] == "token's claims and key"
    assert code == 1, said


def test_opaque_tokens_are_no_fault(judged) -> None:
    code, said, summary = judged(*NAMED, opaque=True)
    assert of(summary, Outcome.FAILED).keys() == TRUE, said
    unseen = of(summary, Outcome.COULD_NOT_TELL)
    assert "the access token is opaque (no JWT)" in unseen["access-token-is-a-signed-jwt"]["cause"]
    assert (
        "the access token is opaque (no JWT)" in unseen["access-token-signature-verifies"]["cause"]
    )
    assert code == 1, said
