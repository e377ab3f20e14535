"""The go-live page: what it says, that it stands alone, and that it can be read by anybody."""

from __future__ import annotations

import base64
import copy
import hashlib
import json
import re
import tomllib
from html.parser import HTMLParser
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

from golive.checks.verdict import TITLES, ExitCode
from golive.cli import exit_code_of
from golive.pytest_plugin.making import _prepare_reports
from golive.report.html import render
from golive.report.html.render import MOST, page, runs_before, write
from golive.report.html.view import WHAT_TO_DO, view
from golive.report.published import ticket

pytestmark = pytest.mark.measured

ROOT = Path(__file__).parents[2]
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=y>{{ 7*7 }}</pre>\u202e\x1b[31m"
VOID = {"meta", "link", "br", "img", "input"}


class Tree(HTMLParser):
    """The elements of a page with their attributes, the text of each, and whether they are closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.headings: list[tuple[int, str]] = []
        self.words: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        assert self._open == []

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag):
        assert self._open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)
        if self._open and re.fullmatch("h[1-6]", self._open[-1]):
            self.headings.append((int(self._open[-1][1]), data.strip()))

    def attributes(self, name):
        return [attributes[name] for _, attributes in self.elements if name in attributes]


@pytest.fixture
def tree(shown):
    return lambda: Tree(shown())


# -- what it says -----------------------------------------------------------------------------------------------


def test_the_verdict_is_the_first_heading_and_the_title(data, shown, tree):
    assert tree().headings[0] == (1, "NO-GO")
    assert "<title>NO-GO: golive broken</title>" in shown()
    assert "Do not go live yet" in shown()


@pytest.mark.parametrize("code", list(ExitCode))
def test_every_exit_code_has_its_words(data, shown, code):
    data |= {"exit_code": int(code), "verdict": TITLES[code], "double": ""}
    if code is ExitCode.CONFIGURATION:
        assert "Not every check could be made." in shown()
        data["checks"] = []
    assert WHAT_TO_DO[int(code)] in shown()


def test_a_go_of_the_twin_does_not_read_as_a_go_of_a_deployment(data, shown):
    data |= {"exit_code": 0, "verdict": "GO"}
    assert "Run it against your own deployment next." in shown()
    assert WHAT_TO_DO[0] not in shown()


def test_a_finding_has_all_that_a_person_needs_for_the_next_step(data, shown):
    one = next(check for check in data["checks"] if check["id"] == "token-type-is-bearer")
    finding, text = one["findings"][0], shown()
    for words in (
        one["statement"],
        one["source"],
        finding["expected"],
        finding["next_step"],
        finding["exchange"]["sent_at"],
        *finding["exchange"]["correlation"].values(),
        "Text for a ticket to Oracle",
        '-u "$CLIENT_ID:$CLIENT_SECRET"',
    ):  # fmt: skip
        assert words in text or words.replace('"', "&#34;").replace("'", "&#39;") in text, words


def test_what_was_seen_in_two_exchanges_has_both_of_them_with_their_ids(data, shown):
    one = next(check for check in data["checks"] if check["outcome"] == "failed")
    first = one["findings"][0]
    second = copy.deepcopy(first)
    second["at"], second["actual"] = "/other", "something else"
    second["exchange"] |= {
        "sent_at": "2026-01-01T00:00:00.000Z", "url": "https://api.cernermillennium.com/x", "curl": "curl -i two",
        "correlation": {"opc-request-id": "the-second-id"},
    }  # fmt: skip
    one["findings"] = [first, second]
    finding = next(f for f in view(data, [data])["findings"] if f["check"]["id"] == one["id"])
    lines = finding["ticket"].splitlines()
    asked = lines.index(
        "Request: GET https://api.cernermillennium.com/x".replace(
            "GET", first["exchange"]["method"]
        )
    )
    assert lines.index("opc-request-id: the-second-id") > asked
    assert [line for line in lines[asked:] if line.startswith("At /other: expected")]
    assert "curl -i two" in shown()
    assert f'aria-label="What {one["id"]} found, exchange 2"' in shown()


def test_what_is_tolerated_is_shown_with_what_was_found(data, shown):
    one = next(check for check in data["checks"] if check["outcome"] == "failed")
    one["outcome"] = "known deviation"
    shown_here = shown().split('id="deviations"')[1].split('id="unproven"')[0]
    assert one["statement"] in shown_here
    assert "What was found, and the next step" in shown_here


@pytest.mark.parametrize("part", ["", "Only 6 of 281 checks were selected."])
def test_the_facts_say_what_was_selected_and_what_the_suite_is_worth(data, part):
    facts = dict(view(data | {"part": part}, [data])["facts"])
    assert facts["Checks selected"] == (part or "all")
    score = json.loads((ROOT / "schemas" / "score.json").read_text(encoding="utf-8"))
    noticed = sum(one["noticed"] for kind in ("defects", "mutants") for one in score[kind].values())
    assert facts["Kill score"].startswith(f"{noticed} of ")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d to .* \(UTC\)", facts["When"])


def test_a_proxy_and_a_private_ca_are_named_among_the_facts(data):
    data["environment"]["safety"] |= {"proxy": "http://proxy.example:1", "ca_bundle": "ca.pem"}
    facts = dict(view(data, [data])["facts"])
    assert (facts["Proxy"], facts["Private CA"]) == ("http://proxy.example:1", "ca.pem")


def test_each_check_stands_in_its_area_and_green_areas_are_folded_together(data, shown):
    text = shown()
    section = text.split('<h2 id="areas">')[1].split("</section>")[0]
    assert section.count("<li>") == len(data["checks"])
    assert section.index("areas passed whole") > section.rindex('<b class="o-failed">')


def test_areas_that_nobody_asked_about_are_folded_together_too(data, shown):
    name = data["checks"][0]["area"]
    for check in data["checks"]:
        if check["area"] == name:
            reason = "not claimed by the environment: safety.writes"
            check |= {"outcome": "not claimed", "reason": reason, "findings": []}
    text = shown()
    _, folded = re.split(r"[0-9]+ areas? not asked about</summary>", text)
    assert f'<details class="area"><summary>{name} ' in folded
    assert '<strong class="warn">not claimed</strong>: safety.writes</p>' in text


def test_a_finding_shows_the_lines_of_the_body_around_its_place(data, tree):
    one = next(check for check in data["checks"] if check["outcome"] == "failed")
    lines = [
        "  > GET /x",
        "  < HTTP 200",
        '      "id": "1",',
        '→     "text": <b>   ← expected words',
    ]
    one["findings"][0] |= {"at": "/text", "excerpt": lines}
    found = tree()
    assert f"{lines[2]}\n{lines[3]}" in "".join(found.words)
    assert lines[3] in found.words, "the place is marked by an element of its own"
    assert lines[0] not in "".join(found.words)


def test_a_finding_names_the_command_that_shows_its_exchange_where_there_is_one(data, shown):
    one = next(check for check in data["checks"] if check["outcome"] == "failed")
    assert f"<code>golive show {one['id']}</code>" in shown()
    one["exchanges"] = []
    assert f"<code>golive show {one['id']}</code>" not in shown()


def test_a_curl_command_comes_with_what_goes_before_it(data, shown):
    assert [one.partition(" ")[0].partition("=")[0] for one in data["before_curl"]] == [
        "rm",
        "TOKEN",
    ]
    assert "golive twin --port " in data["before_curl"][0]
    assert "--defect token-type-is-mac" in data["before_curl"][0]
    section = shown().split('<h2 id="findings">')[1]
    assert "Before a curl command: the twin again, and a token</summary>" in section
    assert "--defect token-type-is-mac --defect sent-window-is-30-days --variables" in section
    del data["before_curl"]
    assert "Before a curl command" not in shown()


def test_the_first_reasons_say_what_the_harm_means_and_findings_do_not_say_it_again(data, shown):
    for check in data["checks"]:
        if check["outcome"] == "failed":
            check["harm"] = "personal data exposed"
    assert shown().count("without the right to. Call your security and privacy officers") == 1


def test_one_run_has_no_strip_of_runs_and_a_run_without_checks_no_requirements(data, tree):
    assert (2, "The last runs of this environment") not in tree().headings
    assert (2, "Requirements") in tree().headings
    data |= {"checks": [], "proofs": [], "exit_code": 4}
    assert [words for level, words in tree().headings if level == 2] == [
        "What was tested, and what was not",
        "Known deviations (1)",
        "What was asked, of whom, when",
    ]


def test_a_run_that_was_stopped_shows_neither_empty_labels_nor_a_list_of_contents(data, shown):
    diagnosis = {
        "id": "budget", "cause": "The budget is small.", "cure": "Raise it.", "source": "golive",
        "exit_code": 6,
    }  # fmt: skip
    data |= {"checks": [], "proofs": [], "exit_code": 6, "diagnosis": diagnosis | {"evidence": []}}
    text = shown()
    assert "What was seen:" not in text
    assert "<nav" not in text
    assert "Nothing was checked, so this run says nothing about the contract." in text
    data["diagnosis"] = diagnosis | {"evidence": ["503"]}
    assert "What was seen:" in shown()


def test_requirements_that_hold_are_listed_by_source_and_others_with_their_state(data, shown):
    section = shown().split('<h2 id="requirements">')[1].split("</section>")[0]
    table, _, held = section.partition(" held</summary>")
    assert "<h3>RFC 6749 §5.1</h3>" in held
    assert "<td>not run</td>" in table
    assert "not testable</td>" not in section
    assert "<code>golive checks --requirements</code>" in section


def test_an_option_among_what_was_not_tested_stands_as_code(data, shown):
    data["reach"]["missing"][0] |= {"why": "not claimed", "key": "safety.access_rules"}
    section = shown().split('<h2 id="tested">')[1].split("</section>")[0]
    assert "`" not in section
    assert "<code>--profile nightly</code>" in section


def test_names_of_keys_stand_as_code_in_what_is_said_first(data, shown):
    data["meaning"] = "Take it out of `claims.operations`."
    assert "Take it out of <code>claims.operations</code>." in shown()


def _ticket(**changes) -> str:
    exchange = {
        "url": "https://api.cernermillennium.com/t/message", "method": "GET", "status": 200, "correlation": {},
        "sent_at": "2026-01-01T00:00:00.000Z",
    }  # fmt: skip
    label = {
        "level": "must",
        "basis": "documented",
        "source": "contract-facts §2.1; RFC 9110 §15.3",
    }
    finding = {"at": "/items", "expected": "a list", "actual": "none", "exchange": exchange} | label
    return ticket("The inbox is a list.", [finding | changes, finding | {"at": "status"} | changes])


def test_a_ticket_cites_oracle_s_pages_and_not_golive_s_own():
    text = _ticket()
    assert "Expected: The inbox is a list." in text
    assert (
        "Documented: https://docs.oracle.com/en/industries/health/millennium-platform-apis/mcfap/op-"
        in text
    )
    assert "contract-facts" not in text
    assert "Seen before: forums.oracle.com, thread 7979" in _ticket(
        basis="observed", source="contract-facts §5 row 23"
    )


@pytest.mark.parametrize("basis", ["standard", "inferred"])
def test_an_rfc_and_a_guess_are_nothing_for_oracle_s_support(basis):
    assert _ticket(basis=basis) == ""


def test_somebody_else_s_host_is_nothing_for_oracle_s_support():
    exchange = {"url": "https://gateway.example.org/x", "sent_at": "", "method": "GET"}
    assert _ticket(exchange=exchange) == ""


def test_a_finding_without_a_ticket_has_its_label_and_its_next_step_all_the_same(data, shown):
    for check in data["checks"]:
        for finding in check["findings"]:
            finding |= {"basis": "standard", "source": "RFC 9110 §15.3.1"}
    text = shown()
    assert "Text for a ticket to Oracle" not in text
    assert "Next step:" in text
    assert "must, standard: <a " in text
    assert ">RFC 9110 §15.3.1</a>" in text


def test_advice_in_the_same_words_is_shown_once_with_all_who_gave_it(data, shown):
    failed = [check for check in data["checks"] if check["outcome"] == "failed"]
    alike, harm = copy.deepcopy(failed[0]["findings"]), failed[0]["harm"]
    for check in failed:
        check |= {"outcome": "advice", "findings": alike, "harm": harm}
    data["counts"]["advice"] = len(failed)
    others = [one["others"] for one in view(data, [data])["advice"] if one["others"]]
    assert others == [failed[1:]]
    section = shown().split('<h2 id="advice">')[1].split("</section>")[0]
    assert f"The same was found by {len(failed) - 1} more" in section
    assert section.count("<article") == 1


def test_the_first_reasons_stand_before_everything_else_with_harm_and_who_is_to_be_called(
    data, tree
):
    first = next(check for check in data["checks"] if check["outcome"] == "failed")
    first |= {"harm": "personal data exposed"}
    found = tree()
    assert [words for _, words in found.headings[:4]][1:3] == [
        "Why",
        "What was tested, and what was not",
    ]
    words = "".join(found.words)
    why = words.split("Why\n")[1].split("What was tested")[0]
    assert "personal data exposed" in why
    assert first["statement"].rstrip(".") in why
    assert "Explains 1 check." in why
    assert "Call your security and privacy officers first" in why


def test_each_kind_of_harm_among_the_first_reasons_says_once_who_is_to_be_called(data, shown):
    failed = [check for check in data["checks"] if check["outcome"] == "failed"]
    for number, check in enumerate(failed):
        check["harm"] = "data lost or wrong" if number else "personal data exposed"
        check["findings"] = [
            one | {"expected": f"{number}, not {one['expected']}"} for one in check["findings"]
        ]
    assert len(failed) > 1
    why = shown().split(">Why<")[1].split("What was tested")[0]
    assert why.count("Call your security and privacy officers first") == 1
    assert why.count("Call who answers for clinical safety") == 1


def test_a_thousand_symptoms_of_one_cause_are_one_entry_and_few_bytes(data, shown):
    broken = copy.deepcopy(next(one for one in data["checks"] if one["outcome"] == "failed"))
    one = broken["findings"][0] | {"at": "status", "expected": "200", "actual": "500"}
    for number, check in enumerate(data["checks"]):
        exchange = {**one["exchange"], "status": 500, "url": f"http://h/{number}"}
        check |= {
            "outcome": "failed",
            "harm": "access broken",
            "findings": [one | {"exchange": exchange}],
        }
    text = shown()
    assert text.count("<article") == 1
    assert f"The server fails: {len(data['checks'])} different requests were answered 500." in text
    assert len(text.encode()) < 440_000


def test_a_summary_of_an_older_version_still_makes_a_page(data, shown):
    for check in data["checks"]:
        for finding in check["findings"]:
            for name in ("level", "basis", "source"):
                del finding[name]
    assert "Text for a ticket to Oracle" in shown()


def test_an_error_uri_is_in_the_ticket(data, shown):
    one = next(check for check in data["checks"] if check["outcome"] == "failed")
    one["findings"][0]["exchange"]["error_uri"] = "https://errors.example/urn:x"
    assert "error_uri: https://errors.example/urn:x" in shown()


def test_a_stale_deviation_says_which_entry_to_delete(data, shown):
    text = shown()
    assert "SR-1234" in text
    assert data["known_deviations"][0]["until"] in text
    assert re.search(r"Delete the entry at <code>broken.yaml:\d+", text)


def test_what_stayed_open_is_said_once_for_each_cause(data):
    data["checks"][0] |= {"outcome": "could not tell", "cause": "No answer", "findings": []}
    data["checks"][1] |= {"outcome": "could not tell", "cause": "No answer", "findings": []}
    groups = [one for one in view(data, [data])["unproven"] if one.why == "No answer"]
    assert [len(one.ids) for one in groups] == [2]


def test_a_run_that_stopped_says_why_before_anything_else(data, shown, tree):
    data |= {"checks": [], "proofs": [], "exit_code": 4, "response_times": []}
    data["diagnosis"] = {
        "id": "x", "cause": "The cause.", "evidence": ["The evidence."], "cure": "The cure.",
        "source": "here", "exit_code": 4, "change": {"yaml": "url: x", "place": "a.yaml:3"},
    }  # fmt: skip
    data["internal_errors"] = ["It broke."]
    assert tree().headings[1] == (2, "Why the run stopped before its first check")
    for words in ("The cause.", "The evidence.", "The cure.", "a.yaml:3", "url: x", "It broke."):
        assert words in shown()
    data["diagnosis"]["change"] = {"command": "golive envs"}
    assert "<pre>golive envs</pre>" in shown()
    assert "no check was run" in shown()


def test_requirements_say_what_this_run_can_say_of_them(data):
    known = view(data, [data])["requirements"]
    states = {row.id: state for row, state in known["rows"]}
    assert "common-message-scope" in [row.id for row in known["held"]]
    assert "common-sandbox-tenant" not in states
    told = view(data | {"checks": []}, [data])["requirements"]["counts"]
    assert set(told) == {"not run", "not testable"}
    for outcome, state in (
        ("failed", "violated"), ("advice", "advice"), ("could not tell", "could not tell"),
    ):  # fmt: skip
        for check in data["checks"]:
            if check["id"] == "token-without-message-scope":
                check["outcome"] = outcome
                check["findings"] = check["findings"] or _a_finding(data)
        states = {row.id: s for row, s in view(data, [data])["requirements"]["rows"]}
        assert states["common-message-scope"] == state


def _a_finding(data):
    return next(check["findings"] for check in data["checks"] if check["findings"])


def test_the_kill_score_is_that_of_these_defects_and_this_version(shown):
    score = json.loads((ROOT / "schemas" / "score.json").read_text(encoding="utf-8"))
    known = yaml.safe_load(files("golive.mutation").joinpath("defects.yaml").read_text("utf-8"))
    told = score["defects"]
    assert told["deciding"]["told"] + told["advice"]["told"] == len(known)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert score["golive_version"] == project["version"]
    assert "another version" not in shown()


def test_the_score_of_another_version_is_said_to_be_one(data, shown):
    data["golive_version"] = "9.9.9"
    assert "the score is another version's" in shown()


# -- the runs before --------------------------------------------------------------------------------------------


def night(number):
    return f"broken-20260101T0000{number:02}Z"


def test_the_last_runs_of_this_environment_are_shown_oldest_first(data, tmp_path):
    for n in range(MOST + 3):
        folder = tmp_path / night(n)
        folder.mkdir()
        told = data | {"started": f"2026-01-{n + 1:02}T00:00:00.000Z", "checks": []}
        (folder / "summary.json").write_text(json.dumps(told), encoding="utf-8")
    (tmp_path / "broken-once").mkdir()
    (tmp_path / "broken-once" / "summary.json").write_text("{", encoding="utf-8")
    (tmp_path / "latest").symlink_to(tmp_path / night(0))
    own = tmp_path / night(14)
    runs, unread = runs_before(own, json.loads((own / "summary.json").read_text(encoding="utf-8")))
    assert [run["started"][8:10] for run in runs] == [f"{n:02}" for n in range(4, 16)]
    early, _ = runs_before(tmp_path / night(1), runs[0] | {"started": "2026-01-02T00:00:00.000Z"})
    assert len(early) == 2  # later runs are no past of this one
    text = page(data, runs)
    assert text.count('<th scope="row">2026-01-') == MOST
    assert unread == []


def test_of_hundreds_of_nights_only_the_last_are_read(data, tmp_path, monkeypatch):
    read = []
    for n in range(3 * MOST):
        (tmp_path / night(n)).mkdir()

    def summary(folder):
        read.append(folder.name)
        return data | {"started": f"2026-01-{int(folder.name[-3:-1]) + 1:02}T00:00:00.000Z"}

    monkeypatch.setattr(render, "summary_of", summary)
    own = tmp_path / night(3 * MOST - 1)
    assert len(runs_before(own, summary(own))[0]) == MOST
    assert len(read) == MOST


def test_bars_share_one_scale_that_ends_at_the_slowest_answer(data):
    slow = {"operation": "a", "answers": 1, "median": 10_000, "p95": 15_000, "slowest": 20_000}
    fast = {"operation": "b", "answers": 1, "median": 0, "p95": 0, "slowest": 0}
    data["response_times"] = [slow, fast]
    text = page(data, [data])
    shares = re.findall(r'<i class="(?:bar|bar p95|mark)" style="(?:width|left): ([\d.]+)%"', text)
    assert [float(share) for share in shares] == [50, 75, 100, 0, 0, 0]
    assert "10000 / 15000 / 20000 ms" in text
    assert "0.0%" in page(data | {"response_times": [fast]}, [data])


# -- hostile input ----------------------------------------------------------------------------------------------


def _poisoned(value):
    if isinstance(value, dict):
        return {key: _poisoned(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_poisoned(one) for one in value]
    return f"{value}{HOSTILE}" if isinstance(value, str) else value


def test_nothing_that_an_api_answers_becomes_markup(data, tree):
    honest = [name for name, _ in tree().elements]
    for check in data["checks"]:
        if check["findings"]:
            check |= {name: _poisoned(check[name]) for name in ("level", "source")}
        for finding in check["findings"]:
            # The basis is golive's own word; a ticket is offered for some of them only.
            words = {k: v for k, v in finding.items() if k not in {"exchange", "basis"}}
            finding |= _poisoned(words)
            finding["exchange"] |= _poisoned(finding["exchange"])
    data["environment"]["title"] += HOSTILE
    data["meaning"] += HOSTILE
    assert [name for name, _ in tree().elements] == honest
    words = "".join(tree().words)
    assert "\u202e" not in words
    assert "\\u202e" in words
    assert "{{ 7*7 }}" in words


def test_very_long_values_are_cut(data, shown):
    short = len(shown())
    _a_finding(data)[0]["actual"] = "x" * 1_000_000
    assert len(shown()) < short + 20_000


def test_control_characters_reach_no_file(data, tmp_path):
    _a_finding(data)[0]["actual"] = "a\x1b[31m\x00b\ud800"
    (tmp_path / "summary.json").write_text(json.dumps(data), encoding="utf-8")
    text = write(tmp_path).read_text(encoding="utf-8")
    assert not set(text) & {"\x1b", "\x00"}


# -- alone, and for everybody -----------------------------------------------------------------------------------


def test_it_needs_nothing_but_itself(shown, tree):
    found = tree()
    assert found.attributes("src") == []
    assert not [name for _, all_ in found.elements for name in all_ if name.startswith("on")]
    leading_out = {href for href in found.attributes("href") if href[0] != "#"} - {"data:,"}
    assert {address.split("/")[2] for address in leading_out} <= {
        "docs.oracle.com",
        "www.rfc-editor.org",
    }
    assert leading_out


def test_only_its_own_script_may_run(shown):
    [script] = re.findall(r"<script>(.*?)</script>", shown(), re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    [policy] = re.findall(r'Content-Security-Policy" content="([^"]*)"', shown())
    assert f"script-src 'sha256-{digest}';" in policy.replace("&#43;", "+")
    assert policy.startswith("default-src 'none'")


def test_links_lead_to_places_of_the_page_and_ids_are_unique(tree):
    found = tree()
    ids = found.attributes("id")
    assert len(ids) == len(set(ids))
    for name in ("href", "aria-labelledby"):
        inside = {a for a in found.attributes(name) if name != "href" or a[0] == "#"}
        assert {a.removeprefix("#") for a in inside} <= set(ids)


def test_headings_skip_no_level_and_tables_name_their_heads(tree):
    found = tree()
    levels = [level for level, _ in found.headings]
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert all("scope" in attributes for name, attributes in found.elements if name == "th")
    drawings = [one for _, one in found.elements if one.get("role") == "img"]
    assert drawings
    assert all(one["aria-label"] for one in drawings)


def test_landmarks_have_names_of_their_own(tree):
    found = tree()
    regions = [a for name, a in found.elements if a.get("role") == "region" or name == "nav"]
    names = [one.get("aria-label") or one["aria-labelledby"] for one in regions]
    assert len(names) == len(set(names)) > 4
    headings = {a.get("id") for name, a in found.elements if re.fullmatch("h[1-6]", name)}
    assert not headings & set(names)


def _themes():
    style = files("golive.report.html").joinpath("page.css").read_text(encoding="utf-8")
    colours = re.compile(r"--(\w+): (#[0-9a-f]{3,6});")
    light = dict(colours.findall(style.split("@media")[0]))
    return {
        "light": light,
        "dark": light | dict(colours.findall(style.split("@media")[1])),
        "print": light | dict(colours.findall(style.split("@media print")[1])),
    }


def _luminance(colour):
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _contrast(one, other):
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
def test_contrasts_keep_wcag_2_2_aa(theme):
    colours = _themes()[theme]
    assert len(colours) == 11
    for ground in ("ground", "panel"):
        for text in ("text", "quiet", "link", "good", "bad", "warn"):
            assert _contrast(colours[text], colours[ground]) >= 4.5, (theme, text, ground)
        for sign in ("line", "bar", "mark"):
            assert _contrast(colours[sign], colours[ground]) >= 3, (theme, sign, ground)


# -- golive report ----------------------------------------------------------------------------------------------


def test_a_run_leaves_the_page_and_golive_report_makes_it_again(broken_run, capsys, monkeypatch):
    first = (broken_run / "report.html").read_text(encoding="utf-8")
    (broken_run / "report.html").unlink()
    monkeypatch.chdir(broken_run.parents[1])
    assert exit_code_of(["report"]) == 0
    assert capsys.readouterr().out == "reports/latest/report.html\n"
    assert (broken_run / "report.html").read_text(encoding="utf-8") == first
    assert exit_code_of(["report", "reports/latest"]) == 0


@pytest.mark.parametrize("content", [None, "", "{", "[]", '{"schema_version": 99}'])
def test_a_folder_without_a_summary_is_reported(content, tmp_path, capsys):
    if content is not None:
        (tmp_path / "summary.json").write_text(content, encoding="utf-8")
    assert exit_code_of(["report", str(tmp_path)]) == 4
    told = capsys.readouterr().err
    assert "There is no summary.json of a run in this folder" in told
    assert "Traceback" not in told


def test_a_file_that_can_not_be_written_is_reported(broken_run, tmp_path, capsys, monkeypatch):
    def full(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("golive.kit.files.no_detour", full)
    assert exit_code_of(["report", str(broken_run)]) == 4
    assert "report.html" in capsys.readouterr().err


def test_a_run_prepares_the_page_that_it_writes(shown):
    render.template.cache_clear()
    _prepare_reports()
    compiled = render.template.cache_info().misses
    assert shown()
    assert render.template.cache_info().misses == compiled == 1
