"""`golive gather`: one verdict over many runs, the same whatever the order, and nothing lost without a word."""

from __future__ import annotations

import io
import itertools
import json
import shutil
import tarfile
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest

from golive.checks.verdict import TITLES, ExitCode
from golive.cli import exit_code_of
from golive.environment import find, load
from golive.kit.files import resources
from golive.report.overview.model import worst
from golive.report.summary import as_json, begun

from .conftest import finding, result

NIGHT = datetime(2026, 11, 1, 3, 17, tzinfo=UTC)
SCHEMA = json.loads((resources() / "schemas" / "overview.schema.json").read_text("utf-8"))
LIST = """\
name,tenant,environment
river,tenant-river,production
hill,tenant-hill,production
"""


def write_run(reports, key, night=0, code=ExitCode.GO, *, tenant="", double="", finished=True):
    """Keep a run's folder as golive writes it; its path."""
    began = NIGHT + timedelta(days=night)
    name = key.rpartition("@")[2]
    whole = json.loads(json.dumps(load(find("twin"), variables={}).redacted()))
    failed = result("inbox-ids", "failed", findings=[finding()], harm="access broken")
    data = {
        **begun(
            key, {**whole, "name": key, "tenant": tenant or f"tenant-{name}"}, twin=bool(double)
        ),
        "verdict": TITLES[code],
        "exit_code": int(code),
        "meaning": "What it means.",
        "double": double,
        "started": f"{began:%Y-%m-%dT%H:%M:%SZ}",
        "ended": f"{began:%Y-%m-%dT%H:%M:%SZ}",
        "checks": [failed if code is ExitCode.NO_GO else result()],
    }
    if finished:
        del data["finished"]
    folder = reports / f"{key}-{began:%Y%m%dT%H%M%SZ}"
    folder.mkdir(parents=True)
    (folder / "summary.json").write_text(as_json(data), encoding="utf-8")
    return folder


@pytest.fixture
def reports(tmp_path, monkeypatch):
    """Two tenants with three nights each: the one is broken since the second."""
    monkeypatch.chdir(tmp_path)
    Path("tenants.csv").write_text(LIST)
    folder = tmp_path / "reports"
    for night in range(3):
        write_run(folder, "production@river", night)
        write_run(folder, "production@hill", night, ExitCode.NO_GO if night else ExitCode.GO)
    return folder


@pytest.fixture
def gather(reports, capsys):
    def call(*words):
        code = exit_code_of(["gather", *map(str, words), "--out", "out"])
        said = capsys.readouterr()
        data = json.loads(Path("out/summary.json").read_text()) if Path("out").is_dir() else None
        if data:
            jsonschema.validate(data, SCHEMA)
        return code, data, said.out + said.err

    return call


def rows(data):
    return {row["key"]: row for row in data["tenants"]}


def test_each_tenant_is_a_row_with_its_verdict_reason_and_trend(gather, reports):
    code, data, said = gather(reports)
    assert code == data["exit_code"] == 1
    assert data["counts"] == {"NO-GO": 1, "GO": 1}
    hill, river = data["tenants"]
    assert (hill["key"], hill["verdict"], hill["harm"]) == (
        "production@hill",
        "NO-GO",
        "access broken",
    )
    assert hill["reason"].startswith("Every item has an id: not so.")
    assert hill["since"] == "2026-11-02T03:17:00.000Z"
    assert [night["exit_code"] for night in hill["nights"]] == [0, 1, 1]
    assert (river["verdict"], river["reason"], river["runs"]) == ("GO", "", 3)
    assert said.endswith("NO-GO: 2 tenants: 1 NO-GO, 1 GO.\nexit code 1\n")


def test_the_order_does_not_matter_and_a_run_twice_counts_once(gather, reports, tmp_path):
    folders = sorted(reports.iterdir())
    shutil.copytree(folders[0], tmp_path / "again" / "another-name")
    texts = set()
    for order in itertools.islice(
        itertools.permutations([*folders, tmp_path / "again"]), 0, 5040, 700
    ):
        _, data, _ = gather(*order)
        assert rows(data)["production@hill"]["runs"] == 3
        texts.add("".join(one.read_text() for one in sorted(Path("out").iterdir())))
    assert len(texts) == 1


def test_archives_hold_what_the_folders_hold(gather, reports, tmp_path):
    _, before, _ = gather(reports)
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for file in reports.glob("production@hill*/summary.json"):
            archive.write(file, Path("some/where") / file.relative_to(reports))
    with tarfile.open(tmp_path / "b.tar.gz", "w:gz") as tape:
        for folder in reports.glob("production@river*"):
            tape.add(folder, folder.name)
    assert gather(tmp_path / "a.zip", tmp_path / "b.tar.gz")[1] == before
    both = tmp_path / "archives"
    both.mkdir()
    for name in ("a.zip", "b.tar.gz"):
        shutil.move(tmp_path / name, both / name)
    assert gather(both, reports)[1] == before


def test_a_tenant_of_the_list_without_a_run_could_not_be_judged(gather, reports):
    for folder in reports.glob("production@river*"):
        shutil.rmtree(folder)
    code, data, said = gather(reports, "--tenants", "tenants.csv", "--only", "river")
    assert (code, rows(data)["production@river"]["reason"]) == (
        6,
        "There is no run of this tenant.",
    )
    assert (data["left_out"], "left out" in said) == ([], False)  # on the list, and not asked for
    assert gather(reports, "--tenants", "tenants.csv")[0] == 1  # a NO-GO comes before it


def test_what_is_not_on_the_list_is_named_but_no_screen_is_filled_with_it(gather, reports):
    for number in range(30):
        write_run(reports, f"production@pond-{number}")
    code, data, said = gather(reports, "--tenants", "tenants.csv")
    assert (code, len(data["tenants"]), len(data["left_out"])) == (1, 2, 30)
    assert "left out: production@pond-0: 1 run of what is not on the list." in said
    assert (said.count("left out: "), "left out: 10 more, see overview.html" in said) == (21, True)
    assert Path("out/summary.md").read_text().count("- Left out: ") == 21
    page = Path("out/overview.html").read_text()
    assert page.count("of what is not on the list") == 30
    # What is asked for comes first, with a way to the rest.
    assert (
        page.index('href="#left-out"')
        < page.index("production@<wbr>hill")
        < page.index('id="left-out"')
    )


def test_a_cure_that_rows_in_a_row_have_stands_once(gather, reports):
    for name in ("lake", "pond"):
        write_run(reports, f"production@{name}", code=ExitCode.NO_GO)
    _, data, _ = gather(reports)
    (cure,) = {row["next_step"] for row in data["tenants"] if row["exit_code"] == 1}
    page = Path("out/overview.html").read_text()
    assert (page.count("NO-GO</strong>"), page.count(cure)) == (3, 1)


def test_a_run_that_was_killed_is_interrupted(gather, reports):
    write_run(reports, "production@river", 3, ExitCode.INTERRUPTED, finished=False)
    code, data, _ = gather(reports, "--tenants", "tenants.csv")
    assert (code, data["tenants"][0]["key"]) == (130, "production@river")


def test_of_two_copies_the_one_that_has_ended_counts_and_then_the_worse(gather, reports, tmp_path):
    copies = tmp_path / "copies"
    write_run(copies / "1", "production@river", 2, ExitCode.INTERRUPTED, finished=False)
    assert rows(gather(copies, reports)[1])["production@river"]["verdict"] == "GO"
    write_run(copies / "2", "production@river", 2, ExitCode.NO_GO)
    for order in ((copies, reports), (reports, copies)):
        river = rows(gather(*order)[1])["production@river"]
        assert (river["verdict"], river["runs"]) == ("NO-GO", 3)


def test_the_twin_s_run_does_not_pass_for_a_deployment_s(gather, reports):
    for folder in reports.glob("production@hill*"):
        shutil.rmtree(folder)
    write_run(reports, "production@hill", 4, double="the embedded twin")
    for words in ((), ("--tenants", "tenants.csv")):
        code, data, _ = gather(reports, *words)
        hill = rows(data)["production@hill"]
        assert (code, hill["verdict"]) == (6, "COULD NOT TELL")
        assert hill["reason"].startswith("Its last run asked the embedded twin")
        assert hill["since"] is None  # nobody knows how it is since when


def test_a_run_of_the_twin_itself_has_no_say_among_real_ones(gather, reports):
    write_run(reports, "twin", 4, ExitCode.INTERRUPTED, double="the embedded twin")
    code, data, _ = gather(reports)
    assert (code, rows(data)["twin"]["counts"]) == (1, False)
    Path("tenants.csv").write_text(LIST.replace("tenant-hill,production", "tenant-hill,twin"))
    write_run(reports, "twin@hill", 4, ExitCode.GO, double="the embedded twin")
    _, data, _ = gather(reports, "--tenants", "tenants.csv")
    assert rows(data)["twin@hill"]["counts"] is True


def test_where_all_ask_a_double_each_counts(gather, tmp_path):
    for number in range(3):
        write_run(tmp_path / "twins", f"twin@{number}", double="the embedded twin")
    code, data, said = gather(tmp_path / "twins")
    assert (code, data["counts"]) == (0, {"GO": 3})
    assert "Each asked the embedded twin" in data["meaning"]
    assert "that the suite works, not that the APIs do" in " ".join(said.split())


def test_a_run_of_another_tenant_under_the_same_name_is_no_verdict(gather, reports):
    write_run(reports, "production@river", 5, tenant="tenant-of-somebody-else")
    code, data, _ = gather(reports, "--tenants", "tenants.csv", "--only", "river")
    assert (code, data["tenants"][0]["verdict"]) == (6, "COULD NOT TELL")
    assert "another tenant" in data["tenants"][0]["reason"]


def test_a_run_before_the_night_in_question_is_history(gather, reports):
    write_run(reports, "production@river", 3)
    code, data, _ = gather(reports, "--since", "2026-11-04")
    found = rows(data)
    assert found["production@hill"]["verdict"] == "COULD NOT TELL"
    assert found["production@river"]["verdict"] == "GO"
    assert code == 6


def test_what_cannot_be_read_is_named(gather, reports, tmp_path):
    (reports / "broken").mkdir()
    (reports / "broken" / "summary.json").write_text("{")
    (reports / "cut.zip").write_bytes(b"PK\x03\x04 and no more")
    _, data, _ = gather(reports)
    assert data["left_out"] == [
        "broken: its summary can't be read.",
        "cut.zip: its summary can't be read.",
    ]
    assert gather("nowhere")[0] == 4
    (tmp_path / "empty").mkdir()
    assert gather(tmp_path / "empty")[0] == 5


def test_a_bad_run_whose_summary_is_of_no_form_that_is_known_could_not_be_judged(gather, reports):
    last = max(reports.glob("production@hill*"))
    data = json.loads((last / "summary.json").read_text())
    (last / "summary.json").write_text(json.dumps({**data, "checks": "none"}))
    hill = rows(gather(reports)[1])["production@hill"]
    assert hill["verdict"] == "COULD NOT TELL"
    assert "can't be read" in hill["reason"]


def test_no_link_is_followed_and_an_overview_is_no_run(gather, reports):
    gather(reports)
    (reports / "latest").symlink_to(max(reports.glob("production@hill*")), target_is_directory=True)
    shutil.move("out", reports / "overview")
    _, data, _ = gather(reports)
    assert (rows(data)["production@hill"]["runs"], data["left_out"]) == (3, [])


def test_an_archive_writes_nothing_and_its_names_are_only_names(gather, reports, tmp_path):
    file = max(reports.glob("production@hill*")) / "summary.json"
    with tarfile.open(tmp_path / "evil.tar", "w") as tape:
        info = tarfile.TarInfo("../../evil\x1b[31m<script>/summary.json")
        content = file.read_bytes()
        info.size = len(content)
        tape.addfile(info, io.BytesIO(content))
        link = tarfile.TarInfo("x/summary.json")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tape.addfile(link)
    _, data, said = gather(tmp_path / "evil.tar")
    assert "\x1b" not in Path("out/junit.xml").read_text() + Path("out/summary.md").read_text()
    assert data["tenants"][0]["verdict"] == "NO-GO"
    page = Path("out/overview.html").read_text()
    assert "<script" not in page
    assert "\x1b" not in page + said


def test_junit_has_a_suite_for_each_tenant(gather, reports):
    gather(reports)
    suites = ElementTree.parse("out/junit.xml").getroot()
    assert [(one.get("name"), one.get("failures")) for one in suites] == [
        ("production@hill", "2"),
        ("production@river", "0"),
    ]
    assert [case.get("name") for case in suites[0]] == ["NO-GO", "inbox-ids"]


def test_the_page_in_markdown_has_the_bad_rows(gather, reports):
    gather(reports)
    text = Path("out/summary.md").read_text()
    assert text.startswith("# ❌ golive: NO-GO\n\n2 tenants: 1 NO-GO, 1 GO.\n")
    assert "2026-11-02 (2 of 3)" in text
    assert "river" not in text


@pytest.mark.parametrize("codes", list(itertools.combinations(ExitCode, 2)))
def test_of_two_verdicts_the_one_decides_that_decides_within_a_run(codes):
    order = [130, 3, 4, 1, 6, 5, 7, 0]
    assert worst(codes) == min(codes, key=order.index)
