"""Runs as a pytest user expects them: workers, selection, stopping, and the same requests for all of it."""

import pytest

from golive.checks.verdict import ExitCode
from golive.environment import find, load
from golive.exchanges.registry import SERVICES


def test_the_whole_suite_is_go_and_asks_the_same_with_and_without_workers(go, ordinary) -> None:
    assert ordinary.code == 0, ordinary.out
    one = ordinary.summary
    shared = go("-n", "2")
    assert shared.code == 0, shared.out
    two = shared.summary
    assert one["requests"] == two["requests"]
    budget = load(find("twin"), variables={}).safety.budget
    assert one["requests"] <= 0.8 * budget  # room for the next exchange that somebody adds
    assert one["token_requests"] == two["token_requests"]
    assert one["counts"] == two["counts"]
    assert {c["id"]: c["outcome"] for c in one["checks"]} == {
        c["id"]: c["outcome"] for c in two["checks"]
    }
    assert len(one["checks"]) >= 120
    assert set(one["counts"]) == {
        "passed",
        "failed",
        "advice",
        "known deviation",
        "could not tell",
        "not claimed",
        "not seen",
        "internal error",
    }
    assert (
        sum(one["counts"].values()) == len(one["checks"]) == len({c["id"] for c in one["checks"]})
    )
    assert (one["verdict"], one["exit_code"]) == ("GO", 0)
    for check in one["checks"]:
        assert {
            "id",
            "statement",
            "area",
            "level",
            "basis",
            "source",
            "outcome",
            "findings",
        } <= check.keys()
    assert one["environment"]["tenant"] == "ec2458f2-1e24-41c8-b71b-0e701af7583d"
    assert one["diagnosis"] is None
    assert one["part"] == two["part"] == ""
    assert [stage["ok"] for stage in one["walk"]] == [True] * 5


@pytest.mark.parametrize("workers", [(), ("-n", "1")], ids=["alone", "workers"])
def test_a_go_of_a_part_of_the_checks_says_which_part(go, workers) -> None:
    some = go("-k", "key-set", *workers)
    told = some.summary
    assert some.code == 0, some.out
    assert told["part"].startswith(f"Only {len(told['checks'])} of ")
    assert told["meaning"].startswith(
        f"Every deciding check passed. {told['part']} Token flow only: "
    )


def test_a_go_of_a_path_says_so(go) -> None:
    by_path = go("suites/oauth/test_key_set.py").summary
    assert by_path["part"].startswith("The checks were chosen by path")
    assert by_path["part"] in by_path["meaning"]


def test_junit_has_a_case_for_each_check_with_what_the_contract_says_of_it(go, tmp_path) -> None:
    import xml.etree.ElementTree as ElementTree

    ended = go(
        "--defect",
        "token-response-may-be-cached",
        "suites/oauth/test_token_success.py",
        f"--junitxml={tmp_path}/junit.xml",
    )
    assert ended.code == 1, ended.out
    suite = ElementTree.parse(tmp_path / "junit.xml").getroot()[0]
    cases = suite.findall("testcase")
    assert len(cases) == len(ended.summary["checks"]) > 10
    failed = [case for case in cases if case.find("failure") is not None]
    assert len(failed) == ended.summary["counts"]["failed"] == 1
    properties = {p.get("name"): p.get("value") for p in failed[0].iter("property")}
    assert properties["id"] == "token-is-not-stored-by-caches"
    assert set(properties) >= {"id", "level", "basis", "source"}
    text = failed[0].find("failure").text or ""
    assert "Cache-Control" in text
    assert "Traceback" not in text


def test_one_check_costs_only_what_it_needs(go) -> None:
    by_keyword = go("-k", "token-status-is-200")
    assert by_keyword.code == 0, by_keyword.out
    assert by_keyword.summary["requests"] == 2  # the walk as far as they need it: key set, token


def test_a_node_id_and_a_marker_select(go) -> None:
    node = "suites/oauth/test_token_success.py::test_a_token_is_granted_with_200"
    ended = go(node)
    assert ended.code == 0, ended.out
    assert list(ended.outcomes()) == ["token-status-is-200"]
    marked = go("-m", "oauth")
    assert marked.code == 0, marked.out
    assert "token-status-is-200" in marked.outcomes()
    assert not any(check.startswith("inbox") for check in marked.outcomes())


CHECKS = """
@check("first", level="must", basis="standard", source="here")
def test_first(token_granted):
    \"\"\"The first.\"\"\"
    with expect(token_granted) as it:
        it.status(299)


@check("second", level="must", basis="standard", source="here")
def test_second(token_granted):
    \"\"\"The second.\"\"\"
    with expect(token_granted) as it:
        it.status(200)
"""


def test_x_stops_at_the_first_failure_and_lf_runs_it_again(go, suite) -> None:
    folder = suite(CHECKS)
    cache = ("-p", "cacheprovider")
    stopped = go("-x", *cache, folder=folder)
    assert stopped.code == 1, stopped.out
    assert list(stopped.outcomes()) == ["first"]
    again = go("--lf", "-p", "cacheprovider", folder=folder)
    assert again.code == 1, again.out
    assert "first" in again.outcomes()


NOT_TOLD = """
from golive import CouldNotTellError

@check("first", level="must", basis="standard", source="here")
def test_first(token_granted):
    \"\"\"The first.\"\"\"
    with expect(token_granted) as it:
        it.status(200)


@check("second", level="must", basis="standard", source="here")
def test_second(token_granted):
    \"\"\"The second, which can't tell.\"\"\"
    raise CouldNotTellError("nothing is known of it", unsettled_shape=True)


@check("third", level="must", basis="standard", source="here")
def test_third(token_granted):
    \"\"\"The third, which would fail.\"\"\"
    with expect(token_granted) as it:
        it.status(299)
"""


def test_a_run_that_x_ends_without_a_failure_is_no_go_to_live(go, suite) -> None:
    """What could not tell ends it as a failure would, and what follows may be anything."""
    folder = suite(NOT_TOLD)
    ended = go("-x", folder=folder)
    assert list(ended.outcomes()) == ["first", "second"]
    assert ended.code == ExitCode.COULD_NOT_TELL, ended.out
    assert "ended after 2 checks by `-x` or `--maxfail`" in ended.summary["meaning"]
    assert go(folder=folder).code == ExitCode.NO_GO


@pytest.mark.parametrize("options", [("-x",), ("-x", "-n", "2")])
def test_a_failure_that_ends_a_run_is_its_verdict(go, suite, options) -> None:
    ended = go(*options, folder=suite(CHECKS))
    assert ended.code == ExitCode.NO_GO, ended.out


def test_collecting_only_asks_nobody_and_judges_nothing(go) -> None:
    ended = go("--collect-only", "-q")
    assert ended.code == 0, ended.out
    assert "test_a_token_is_granted_with_200" in ended.out
    assert "exit code" not in ended.out
    assert not ended.folder.exists()


def test_an_exchange_with_parameters_is_made_once_for_each(go, suite) -> None:
    conftest = (
        "\n@exchange\ndef by_sort(order, api, environment):\n"
        "    query = {'patientId': environment.test_data.patient, 'sortOrder': order}\n"
        "    return api.call('listInboxItems', name=f'sorted-{order}', query=query)\n"
    )
    body = """
import pytest

@pytest.mark.parametrize("order", ["ASC", "DESC"])
@check("sorted-{order}", level="must", basis="standard", source="here")
def test_sorted(by_sort, order):
    \"\"\"The order {order} is accepted.\"\"\"
    with expect(by_sort) as it:
        it.status(200)

@pytest.mark.parametrize("order", ["ASC"])
@check("again-{order}", level="must", basis="standard", source="here")
def test_again(by_sort, order):
    \"\"\"The order {order} is accepted.\"\"\"
    with expect(by_sort) as it:
        it.that(order in by_sort.name, "status", "a", "b")
"""
    ended = go(folder=suite(body, conftest=conftest))
    assert ended.code == 0, ended.out
    assert set(ended.outcomes()) == {"sorted-ASC", "sorted-DESC", "again-ASC"}
    assert ended.summary["requests"] == 5
    statements = {check["id"]: check["statement"] for check in ended.summary["checks"]}
    assert statements["sorted-DESC"] == "The order DESC is accepted."


def test_the_services_that_an_exchange_may_take_are_four() -> None:
    assert {"api", "tokens", "environment", "contract"} == SERVICES


@pytest.mark.parametrize("workers", ["0", "1"])
def test_golive_s_suites_can_be_imported_whatever_a_project_s_configuration_says(
    go, suite, workers: str
) -> None:
    body = """
from suites.common import lists as listing

@check("listed", level="must", basis="own", source="here")
def test_listed(inbox_items):
    \"\"\"It is a list.\"\"\"
    listing.items(inbox_items)
"""
    ended = go("-n", workers, folder=suite(body, name="suites"))
    assert ended.code == 0, ended.out
    assert ended.outcomes() == {"listed": "passed"}
