from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from golive.checks.coverage import Proofs
from golive.checks.verdict import TITLES, ExitCode
from golive.kit.problems import shown_path
from golive.pytest_plugin.conclude import summary
from golive.report.terminal import closing

from .conftest import finding, result


def told(run, verdict=ExitCode.GO, *, width=80, color=False):
    data = summary(run, verdict)
    return closing(data, folder=run.folder, width=width, color=color)


@pytest.mark.parametrize("verdict", ExitCode)
def test_the_verdict_and_its_code_come_last(run, verdict):
    *_, words, code = told(run, verdict, width=200).splitlines()
    assert words.startswith(f"{TITLES[verdict]}: ")
    assert code == f"exit code {int(verdict)}"


def test_a_go_on_the_twin_says_what_it_proves(run, asked):
    assert "it proves that the suite works" not in told(run, width=200)  # nothing was sent
    run.client = asked
    assert "it proves that the suite works" in told(run, width=200)
    assert "it proves that the suite works" not in told(run, ExitCode.NO_GO, width=200)
    assert "The embedded twin was asked, not the API." in told(run, ExitCode.NO_GO, width=200)


def test_only_areas_that_are_not_green_have_a_row(run):
    green = [result(f"a-{n}", "passed", area="sent items") for n in range(2)]
    run.results = green
    assert "2 checks passed, in 1 area\n" in told(run)
    run.results = [
        *green,
        result("b", "failed", area="inbox", findings=[finding()]),
        result("c", "passed", area="inbox"),
    ]
    lines = told(run).splitlines()
    rows = [line.split() for line in lines if line.startswith(("inbox ", "sent", "all"))]
    assert rows == [["inbox", "1", "1", "·", "·", "·"], ["all", "3", "1", "·", "·", "·"]]
    assert "1 area passed whole" in lines


def test_what_failed_stands_before_the_verdict_a_line_a_cause_the_worst_first(run):
    other = finding()["exchange"] | {"url": "http://127.0.0.1:1/other"}
    exposed = finding(at="status", expected="401", actual="200", exchange=other)
    run.results = [
        *(result(f"inbox-{n}", "failed", findings=[finding(1)]) for n in range(4)),
        result("inbox-without-token", "failed", area="API access", findings=[exposed]),
    ]
    lines = told(run, ExitCode.NO_GO, width=200).splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith("personal data exposed: "))
    assert lines[at].endswith(
        "inbox-without-token: Every item has an id: not so. Answered 200 where 401 is due."
    )
    assert lines[at + 1].startswith("  first     Call your security and privacy officers")
    assert lines[at + 2].startswith("client breaks: inbox-0: ")
    assert lines[at + 2].endswith("(4 checks)")
    assert lines[at + 4] == "exchanges of a check: golive show inbox-without-token"
    assert lines[at + 6].startswith("NO-GO")


def test_one_cause_is_reported_once_with_some_of_its_checks(run):
    cause = {"cause": "host answered 503", "next_step": "Run again later."}
    run.results = [result(f"check-{n}", "could not tell", **cause) for n in range(5)]
    text = " ".join(told(run, ExitCode.COULD_NOT_TELL).split())
    assert text.count("host answered 503") == 1
    assert "(check-0, check-1, check-2 and 2 more) Run again later." in text


def test_of_many_causes_those_that_keep_most_checks_open_have_a_line(run):
    run.results = [
        result(f"check-{n}", "could not tell", cause=f"host {n % 13} answered 503")
        for n in range(14)
    ]
    lines = [line for line in told(run, width=200).splitlines() if line.startswith("could not")]
    assert len(lines) == 11
    assert lines[0] == "could not tell: host 0 answered 503 (check-0, check-13)"
    assert lines[-1] == "could not tell: 3 more reasons, of 3 checks: see report.html"


def test_what_is_not_claimed_names_the_yaml_key(run):
    reason = "not claimed by the environment: test_data.patient"
    run.results = [result("a", "not claimed", reason=reason)]
    assert "not claimed: test_data.patient (a)\n" in told(run)


def test_the_terminal_begins_with_the_refused_connection_and_says_what_is_left_to_a_longer_run(run):
    silent = "h: not asked: 3 requests in a row had no answer"
    run.results = [
        *(result(f"a-{n}", "could not tell", cause=silent) for n in range(3)),
        result("b", "could not tell", cause="h: the connection was refused"),
        result("c", "not claimed", reason="not claimed by the environment: safety.access_rules"),
    ]
    lines = [
        line for line in told(run, width=200).splitlines() if line.startswith(("could", "left"))
    ]
    assert lines == [
        "left to `safety.access_rules: everywhere` (c)",
        "could not tell: h: the connection was refused (b)",
        f"could not tell: {silent} (a-0, a-1, a-2)",
    ]


def test_advice_in_the_same_words_is_reported_once(run):
    run.results = [result(f"check-{n}", "advice", findings=[finding()]) for n in range(7)]
    run.results.append(result("other", "advice", findings=[finding(1)]))
    text = told(run)
    assert "advice: check-0, check-1, check-2 and 4 more: /items/0/id: expected a text" in text
    assert text.count("advice: ") == 2


def test_advice_and_internal_errors_are_reported(run):
    run.results = [
        result("a", "advice", findings=[finding()]),
        result("b", "internal error", cause="KeyError: x (test_x.py:3)"),
    ]
    run.faults = ["a worker crashed", "a worker crashed"]
    text = told(run, ExitCode.INTERNAL_ERROR)
    assert "advice: a: /items/0/id: expected a text, got a number" in text
    assert "internal error: KeyError: x (test_x.py:3) (b)" in text
    assert text.count("internal error: a worker crashed") == 1


def test_a_stop_shows_cause_evidence_cure_and_source_within_the_width(run, stopped_walk):
    run.preflight = stopped_walk
    text = told(run, ExitCode.CONFIGURATION)
    assert "Stopped before the first check" in text
    assert "  evidence  the first piece of evidence\n            the second one\n" in text
    assert "  cure      Take the token from the right cloud." in text
    assert "  source    contract-facts §6.3" in text
    assert max(map(len, text.splitlines())) <= 80


def test_requests_and_the_run_folder_are_reported(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert "nothing was sent" in told(run)
    run.client = SimpleNamespace(requests=7, token_requests=2, repeated=0, was_answered=True)
    run.folder = tmp_path / "reports" / "twin-x"
    text = told(run)
    assert "7 requests, 2 of them for tokens\nrun folder reports/twin-x\n" in text


def test_writes_that_showed_only_later_are_reported_in_one_line(run):
    entry = {"write": "w", "read": "getMessage", "seen": True, "seconds": 0.0, "readings": 1}
    api = run.services["api"] = SimpleNamespace(visibility=[entry], written=[])
    assert "looked for again" not in told(run)
    api.visibility.append({**entry, "seconds": 1.7, "readings": 4})
    line = "writes that were looked for again: 1 seen only later, after 1.7 s at most"
    assert line in told(run).splitlines()


def test_colour_is_used_only_where_it_is_wanted(run):
    assert "\x1b[" in told(run, color=True)
    assert "\x1b[" not in told(run, color=False)


def test_a_very_narrow_terminal_is_given_sixty_columns(run):
    assert told(run, width=10) == told(run, width=60)


TOLERATED = {"reason": "the vendor knows", "ticket": "T-1", "until": "2026-12-31"}


def test_a_known_deviation_has_its_reason_a_column_and_a_share_in_the_verdict(run):
    run.results = [
        result("a"),
        result("b", "known deviation", findings=[finding()], deviation=TOLERATED),
    ]
    text = " ".join(told(run, width=200).split())
    assert "b: known deviation: the vendor knows (T-1, until 2026-12-31)" in text
    assert "passed failed known deviation advice" in text
    assert "GO: Every deciding check passed, or is a known deviation (1)." in text
    run.results.pop()
    text = told(run, width=200)
    assert "known deviation" not in text
    assert "GO: Every deciding check passed.\n" in text


def test_a_go_of_a_part_says_that_it_is_one(run):
    run.results, run.part = [result("a")], "Only 1 of 281 checks were selected."
    text = told(run, width=200)
    assert "GO: Every deciding check passed. Only 1 of 281 checks were selected." in text


def test_what_is_proven_of_each_operation_is_reported(run):
    run.results = [result("a", proves={"listInboxItems": "full", "listSentItems": "envelope"})]
    text = " ".join(told(run).split())
    assert "proofs against a real success: listInboxItems 1, listSentItems 0 (1 of the" in text
    run.results = [result("a", proves={})]
    assert "proofs against a real success: none of the API's operations" in told(run)


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ((3, 1, None), "3"),
        ((3, 1, 3), "3"),
        ((3, 1, 4), "3 of 4 demanded"),
        ((0, 0, None), "none of the API's operations"),
        ((0, 2, 1), "0 (2 of the empty list alone: of its items nothing is proven) of 1 demanded"),
    ],
)
def test_how_much_is_proven_is_reported_in_words(run, numbers, words):
    run.results = [result("a")]
    data = summary(run, ExitCode.GO)
    data["proofs"] = [Proofs("listInboxItems", *numbers).as_dict()]
    text = closing(data, folder=None, width=200, color=False)
    said = words if words.startswith("none") else f"listInboxItems {words}"
    assert f"proofs against a real success: {said}\n" in text


def test_what_is_lacking_is_reported_with_the_line_that_demands_it(run):
    run.environment = replace(
        run.environment,
        demands={"listInboxItems": 2, "getMessage": 1},
        lines={"demands.getMessage": 7},
    )
    run.results = [result("a", proves={"listInboxItems": "full"})]
    text = " ".join(told(run, ExitCode.NOTHING_PROVEN, width=200).split())
    assert "listInboxItems 1 of 2 demanded" in text
    file = shown_path(run.environment.path)
    assert f"Fewer proofs than {file} demands: listInboxItems 1 of 2, getMessage 0 of 1." in text
    run.environment = replace(run.environment, demands={"getMessage": 1})
    assert f"Fewer proofs than {file}:7 demands: getMessage" in told(
        run, ExitCode.NOTHING_PROVEN, width=200
    )


def test_what_follows_from_a_failing_server_is_in_its_line_and_no_remark_of_its_own(run):
    def answered(number, at="status"):
        one = finding(at=at, expected="200", actual="500")
        return one | {"exchange": one["exchange"] | {"status": 500, "url": f"http://h/{number}"}}

    run.results = [
        *(result(f"check-{n}", "failed", findings=[answered(n)]) for n in range(2)),
        result("header", "advice", findings=[answered(0, "header:x")]),
        result("lists", "could not tell", cause="inbox_items answered 500, not a list"),
        result("other", "could not tell", cause="host answered 503"),
    ]
    text = told(run, ExitCode.NO_GO, width=200)
    assert "The server fails: 2 different requests were answered 500. (4 checks)" in text
    assert "advice: " not in text
    assert [line for line in text.splitlines() if line.startswith("could not tell: ")] == [
        "could not tell: host answered 503 (other)"
    ]
