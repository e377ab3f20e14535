# ruff: noqa: E501
"""The words in which a paste explains itself: found in any form, before a cause by status alone, without secrets."""

import pytest

from golive.diagnosis.paste import explain
from golive.diagnosis.paste.said import says_something, words_in

STATUS = 'POST https://ids.hospital.example/connect/token\n  400 {"error":"invalid_client"}\n'
WORDS = {
    "a log of another server": (
        "[10:14:22 ERR] No client with id 'inbox' found in configuration\n", "No client with id 'inbox' found in configuration",
    ),
    "the innermost cause": (
        "x.YException: wrapped in many layers here\nCaused by: a.BException: the outer one of the two\n"
        "Caused by: java.lang.IllegalStateException: the registry holds no such tenant\n",
        "the registry holds no such tenant",
    ),
    "a page": ("<html><head><title>Under maintenance until noon today</title></head></html>\n", "Under maintenance until noon today"),
    "a reason in JSON": ('worker-1 wrote (x) "detail": "no route is configured for inbox"\n', "no route is configured for inbox"),
    "a panic": ("panic: the pool of keys has been emptied\n", "the pool of keys has been emptied"),
}  # fmt: skip
NOTHING = [
    "AxiosError: Request failed with status code 401",
    "ERROR: Job failed: exit code 22",
    "Error: The request could not be processed",
    "Caused by: java.lang.RuntimeException: call failed",
    "<title>403 Forbidden</title>",
]


@pytest.mark.parametrize("case", WORDS.values(), ids=WORDS)
def test_words_come_before_a_cause_that_fits_by_its_status_alone(case):
    text, said = case
    assert words_in(text) == said
    first = explain(STATUS + text)[0]
    assert (first.id, first.known) == ("said-in-the-paste", True)
    assert said in first.means
    assert "ids.hospital.example" in dict(first.details)["status"]


@pytest.mark.parametrize("case", WORDS.values(), ids=WORDS)
def test_words_alone_are_repeated_and_not_said_to_be_known(case):
    text, said = case
    first = explain(f"since today we see this:\n{text}")[0]
    page = "<html>" in text  # of which it is known that it is one
    assert (first.id, first.known) == ("said-in-the-paste", page)
    assert said in first.means


@pytest.mark.parametrize("text", NOTHING)
def test_words_that_only_repeat_a_failure_say_nothing(text):
    assert words_in(text) is None
    assert explain(STATUS + text)[0].id == "another-server-refuses-the-client"


@pytest.mark.parametrize(
    "secret",
    [
        "Zx9-canary-of-the-secret",
        "hunter2Hunter",
        "c2VjcmV0LWNhbmFyeQ==",
        "aZ8kQ2mN4pR6tV1x",
        "pa$$w0rd!x",
    ],
)
def test_what_may_be_a_secret_is_not_repeated_with_the_words(secret):
    for text in (
        f"ERROR: the vault refused {secret} for the user of the job",
        f"ValueError: the vault refused the password: {secret} for the user",
        f'{{"message": "the vault refused {secret} for the user of the job"}}',
    ):
        shown = explain(f"{text}\n")[0]
        assert shown.id == "said-in-the-paste"
        assert secret not in repr(shown)
        assert "the vault refused" in shown.means


def test_a_word_behind_the_name_of_a_secret_is_not_repeated():
    shown = words_in("ValueError: the vault refused secret=sesame and nothing else came")
    assert shown
    assert "sesame" not in shown


def test_a_cause_by_what_the_server_says_stays():
    text = 'POST https://sso.example/realms/a/protocol/openid-connect/token\n401 {"error":"unauthorized_client","error_description":"Client not enabled to retrieve service account"}\n'
    assert explain(text)[0].id == "another-server-says-why"


def test_words_are_a_reason_where_they_name_a_thing():
    assert says_something("the registry holds no such tenant")
    assert not says_something("it failed with an error")
