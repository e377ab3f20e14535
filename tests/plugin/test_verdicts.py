"""Each way in which a run can end, with the twin in a matching state: the exit code and what is said."""

import re

import pytest

INBOX, TOKEN = "suites/messages/test_inbox.py", "suites/oauth/test_token_success.py"
"""By path: to collect all checks takes longer than what is looked at here."""

# -- GO and NO-GO --------------------------------------------------------------------------------------------------


def test_a_fault_free_twin_is_go_and_says_what_that_is_worth(go) -> None:
    ended = go(TOKEN, "-k", "token-status-is-200")
    assert ended.code == 0, ended.out
    assert ended.summary["verdict"] == "GO"
    assert ended.summary["twin"] is True
    assert "proves that the" in ended.out
    assert ended.out.rstrip().endswith("exit code 0")


@pytest.mark.parametrize(
    ("defect", "file"),
    [
        ("inbox-window-is-30-days", "suites/messages/test_inbox_window.py"),
        ("token-response-may-be-cached", TOKEN),
    ],
)
def test_a_broken_contract_is_no_go_and_the_failure_is_no_traceback(
    go, defect: str, file: str
) -> None:
    ended = go(f"--defect={defect}", file)
    assert ended.code == 1, ended.out
    assert ended.summary["verdict"] == "NO-GO"
    failed = [check for check in ended.summary["checks"] if check["outcome"] == "failed"]
    assert failed
    assert all(check["findings"] for check in failed)
    for part in ("expected", "actual", "exchange", "next", failed[0]["id"], failed[0]["source"]):
        assert part in ended.out


def test_a_broken_answer_is_no_go(go) -> None:
    ended = go("--defect=inbox-body-is-truncated", INBOX)
    assert ended.code == 1, ended.out


# -- 3: the suite itself ---------------------------------------------------------------------------------------------

GOOD = """
@check("good", level="must", basis="standard", source="RFC 6749 §5.1")
def test_good(token_granted):
    \"\"\"A token is granted.\"\"\"
    with expect(token_granted) as it:
        it.status(200)
"""


def a_check(body: str, takes: str = "token_granted", name: str = "odd") -> str:
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    return (
        f'\n\n@check("{name}", level="must", basis="standard", source="RFC 6749 §5.1")\n'
        f'def test_{name}({takes}):\n    """A statement."""\n{lines}\n'
    )


@pytest.mark.parametrize("workers", ["0", "1"])
def test_a_check_that_breaks_is_an_internal_error_and_not_a_failure_of_the_api(
    go, suite, workers: str
) -> None:
    ended = go("-n", workers, folder=suite(GOOD + a_check('{}["no such key"]')))
    assert ended.code == 3, ended.out
    assert ended.outcomes() == {"good": "passed", "odd": "internal error"}
    assert "KeyError: 'no such key' (test_small.py:" in ended.out


@pytest.mark.parametrize(
    ("definition", "words"),
    [
        ('raise ValueError("oh dear")', "ValueError: oh dear"),
        ("return None", "made NoneType, not an exchange or Steps"),
        (
            'return api.call("listInboxItems", name="x", query={})',
            "needs the query parameter patientId",
        ),
    ],
)
def test_an_exchange_that_can_t_be_made_is_an_internal_error(
    go, suite, definition: str, words: str
) -> None:
    made = f"\n@exchange\ndef odd_one(api):\n    {definition}\n"
    ended = go(folder=suite(GOOD + a_check("pass", "odd_one"), conftest=made))
    assert ended.code == 3, ended.out
    assert ended.outcomes() == {"good": "passed", "odd": "internal error"}
    assert words in " ".join(ended.out.split())


@pytest.mark.parametrize("workers", ["0", "1"])
def test_a_file_that_can_t_be_collected_is_an_internal_error_before_anything_is_sent(
    go, suite, workers: str
) -> None:
    ended = go("-n", workers, folder=suite("import no_such_module_at_all\n" + GOOD))
    assert ended.code == 3, ended.out
    assert ended.summary["requests"] == 0
    assert "can't be collected" in ended.out


def test_a_worker_that_is_killed_is_an_internal_error(go, suite) -> None:
    kill = "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"
    ended = go("-n", "2", folder=suite(GOOD + a_check(kill)))
    assert ended.code == 3, ended.out
    assert "a worker crashed in" in " ".join(ended.out.split())
    assert ended.outcomes() == {"good": "passed"}
    assert '"id": "good"' in (ended.folder / "results.jsonl").read_text()


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (GOOD + GOOD.replace("test_good", "test_again"), r"test_small\.py:\d+: the id good is"),
        (
            a_check("pass", "token_grantd"),
            r"test_small\.py:\d+: it takes token_grantd, .* Did you mean .token_granted.\?",
        ),
    ],
)
@pytest.mark.measured
def test_a_suite_that_is_wrong_is_an_internal_error(go, suite, body: str, words: str) -> None:
    ended = go(folder=suite(body))
    assert ended.code == 3, ended.out
    assert re.search(words, " ".join(ended.out.split()))
    assert ended.summary["requests"] == 0


# -- 4: configuration ----------------------------------------------------------------------------------------------


@pytest.mark.measured
def test_the_forum_post_s_environment_gives_the_cause_and_the_cure(go) -> None:
    ended = go("--env=tests/environments/forum-7979.yaml", INBOX)
    assert ended.code == 4, ended.out
    said = " ".join(ended.out.split())
    for words in (
        "authorization.sandboxcerner.com",
        "api.cernermillennium.com",
        "sandbox cloud",
        "production cloud",
        "authorization.cerner.com/tenants/{tenant}/hosts/api.cernermillennium.com/",
        "The tenant, not the host, makes it sandbox or production",
    ):
        assert words in said, words
    assert ended.summary["diagnosis"]["id"] == "wrong-cloud"
    assert ended.summary["checks"] == []


def test_the_diagnosis_is_the_same_with_workers(go) -> None:
    ended = go("--env=tests/environments/forum-7979.yaml", INBOX, "-n", "2")
    assert ended.code == 4, ended.out
    assert ended.summary["diagnosis"]["id"] == "wrong-cloud"
    assert ended.out.count("The tenant, not the host") == 1


@pytest.mark.parametrize(
    ("defect", "cause"),
    [
        ("api-refuses-every-token-as-unknown-kid", "unknown-key"),
        ("token-endpoint-refuses-every-client", "pair-not-accepted"),
    ],
)
def test_a_credential_that_is_refused_everywhere_is_configuration(
    go, defect: str, cause: str
) -> None:
    ended = go("--defect", defect, INBOX)
    assert ended.code == 4, ended.out
    assert ended.summary["diagnosis"]["id"] == cause


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--no-such-option"], "no-such-option"),
        (["--env=twim"], 'Did you mean "twin"?'),
        (["--env=no/such/file.yaml"], "there is no such file"),
        (["--env=tests/environment/wrong/unknown-key-in-a-section.yaml"], "unknown-key-in-a-section.yaml"),
        (["--env=sandbox"], "GOLIVE_CLIENT_ID"),
        (["--defect", "inbox-ignores-sort-oder"], 'Did you mean "inbox-ignores-sort-order"?'),
        (["-n", "many"], "many"),
    ],
)  # fmt: skip
@pytest.mark.measured
def test_a_wrong_option_or_file_is_configuration(go, arguments: list[str], words: str) -> None:
    ended = go(*arguments)
    assert ended.code == 4, ended.out
    assert words in ended.out


def test_a_defect_of_a_twin_that_is_not_started_is_configuration(
    go, environment_file, closed_port
) -> None:
    file = elsewhere(environment_file, closed_port)
    ended = go("--env=" + file, "--defect", "duplicate-item", variables=SECRETS)
    assert ended.code == 4, ended.out
    assert "need an environment that starts the embedded twin" in ended.out


def test_a_budget_below_preflight_is_configuration(go, environment_file) -> None:
    ended = go("--env=" + environment_file({"safety.budget": 1}), TOKEN, "-k", "status-is-200")
    assert ended.code == 4, ended.out
    assert ended.summary["diagnosis"]["id"] == "budget-too-small"


# -- 5: nothing proven -----------------------------------------------------------------------------------------------


def test_a_selection_that_is_not_claimed_proves_nothing(go, environment_file) -> None:
    file = environment_file({"claims.accounts": None, "safety.writes": "forbidden"})
    ended = go("--env=" + file, "-k", "assertion")
    assert ended.code == 5, ended.out
    assert set(ended.outcomes().values()) == {"not claimed"}
    assert "claims.accounts.private_key_jwt" in ended.out


def test_a_selection_that_reads_no_success_is_to_blame_and_not_the_environment(go) -> None:
    ended = go("-k", "inbox-without-token")
    assert ended.code == 5, ended.out
    words = ended.summary["meaning"]
    assert re.match(r"Only \d of \d+ checks were selected\. None of the selected", words)
    assert "listInboxItems: select more of them, or run without -k, -m and paths." in words
    assert "environment" not in words


def test_a_selection_of_nothing_proves_nothing_and_asks_nobody(go) -> None:
    ended = go("-k", "inbox-is-json and token-status-is-200")
    assert ended.code == 5, ended.out
    assert ended.summary["requests"] == 0


def test_an_environment_that_claims_no_operation_proves_nothing_about_messages(
    go, environment_file
) -> None:
    ended = go(
        "--env=" + environment_file({"claims.operations": []}), "-m", "messages and not writes"
    )
    assert ended.code == 5, ended.out
    assert set(ended.outcomes().values()) == {"not claimed"}


# -- 6: could not tell -----------------------------------------------------------------------------------------------

SECRETS = {"GOLIVE_TEST_ID": "some-client-id", "GOLIVE_TEST_SECRET": "a-secret-of-some-length"}


def elsewhere(environment_file, port: int) -> str:
    return environment_file(
        {
            "token.credential": {
                "client_id": "${GOLIVE_TEST_ID}",
                "client_secret": "${GOLIVE_TEST_SECRET}",
            },
            "claims.accounts": None,
            "claims.expired_token": None,
        },
        at=f"http://127.0.0.1:{port}",
    )


def test_a_service_that_is_down_leaves_the_question_open(go, environment_file, closed_port) -> None:
    ended = go("--env=" + elsewhere(environment_file, closed_port), INBOX, variables=SECRETS)
    assert ended.code == 6, ended.out
    assert f"127.0.0.1:{closed_port} refuses the connection" in " ".join(ended.out.split())
    assert "was asked" not in ended.summary["meaning"]  # nobody answered, no double either
    assert SECRETS["GOLIVE_TEST_SECRET"] not in ended.out


@pytest.mark.parametrize("defect", ["api-answers-503-to-everything", "token-endpoint-answers-503"])
def test_503_to_everything_leaves_the_question_open(go, defect: str) -> None:
    ended = go("--defect", defect, INBOX)
    assert ended.code == 6, ended.out
    assert "answers 503: it is not available now" in ended.out
    assert ended.summary["diagnosis"]["id"] == "not-available"


@pytest.mark.measured
def test_an_outage_in_the_middle_leaves_the_question_open_once(go, suite) -> None:
    gone = (
        "\nfrom dataclasses import replace\n@exchange\ndef gone(api, inbox_items):\n"
        "    return replace(inbox_items, response=replace(inbox_items.response, status=503))\n"
    )
    body = GOOD + a_check("pass", "gone") + a_check("pass", "gone", "other")
    ended = go(folder=suite(body, conftest=gone))
    assert ended.code == 6, ended.out
    assert ended.outcomes() == {
        "good": "passed",
        "odd": "could not tell",
        "other": "could not tell",
    }
    told = [line for line in ended.out.splitlines() if line.startswith("could not tell: ")]
    assert len(told) == 1
    assert "answered 503" in told[0]


def test_pytest_makes_no_words_of_its_own_of_a_check_that_could_not_tell(go, suite) -> None:
    """It would parse the whole file of the check for them, each time."""
    parsing = (
        "\nfrom _pytest._code import code\ndef broken(*_, **__):\n    raise AssertionError\n"
        "code.getstatementrange_ast = broken\n"
    )
    open_one = a_check(
        'from golive import CouldNotTellError\nraise CouldNotTellError("nobody knows")'
    )
    ended = go(folder=suite(GOOD + open_one, conftest=parsing))
    assert ended.code == 6, ended.out
    assert ended.outcomes() == {"good": "passed", "odd": "could not tell"}


# -- advice ----------------------------------------------------------------------------------------------------------

ADVICE = a_check("with expect(token_granted) as it:\n    it.status(299, advice=True)")


def test_advice_is_reported_and_decides_only_when_asked_to(go, suite) -> None:
    folder = suite(GOOD + ADVICE)
    ended = go(folder=folder)
    assert ended.code == 0, ended.out
    assert ended.outcomes() == {"good": "passed", "odd": "advice"}
    assert (
        "Every deciding check passed. 1 advisory finding, which does not decide."
        in (ended.summary["meaning"])
    )
    strict = go("--fail-on-advice", folder=folder)
    assert strict.code == 1, strict.out
    assert strict.outcomes()["odd"] == "failed"
    assert strict.summary["meaning"].startswith(
        "Advice counts as a failure, as --fail-on-advice demands (odd); the contract is not broken."
    )
    workers = go("-n", "1", folder=folder)
    assert workers.code == 0, workers.out
    assert workers.outcomes() == ended.outcomes()
