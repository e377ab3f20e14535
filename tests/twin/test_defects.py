"""Each lie is told, and only where it was ordered."""

import ast
import base64
import json
import re
from pathlib import Path

import pytest

import golive.twin
from golive.twin import DEFECT_FACTS, DEFECTS, defects, edits
from golive.twin.defects import Settings
from golive.twin.edits import rows
from golive.twin.operations import OPERATIONS
from golive.twin.world import World

INBOX = "patientMessages/inboxItems?patientId=12700100"


def test_every_defect_is_asked_for_and_every_one_asked_for_is_listed():
    package = Path(golive.twin.__file__).parent
    trees = [ast.parse(path.read_text("utf-8")) for path in package.rglob("*.py")]
    asked = {name for tree in trees for node in ast.walk(tree) for name in _words_of(node)}
    one_of_them = re.compile("|".join(sorted(asked)))
    edited = {name for table in rows().values() for name in table}
    branches = {name for name in DEFECTS if one_of_them.fullmatch(name)}
    assert branches | edited == set(DEFECTS)
    both = {"trailing-slash-needs-no-token", "doubled-slash-needs-no-token"}
    assert branches & edited == both  # a branch finds the operation, an edit lends the token
    source = "".join(path.read_text("utf-8") for path in package.rglob("*.py"))
    assert set(re.findall(r'\.injects\(\s*"([^"]+)"', source)) <= set(DEFECTS)
    with pytest.raises(KeyError, match="no-such-defect"):
        World(Settings(), "").injects("no-such-defect")


def _words_of(node):
    """What a text of the program may be as a defect's name; one or two words may be put in (`f"{box}-…"`)."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and "-" in node.value:
        yield re.escape(node.value)
    if isinstance(node, ast.JoinedStr):
        texts = [part.value if isinstance(part, ast.Constant) else "" for part in node.values]
        if re.fullmatch("[a-z0-9-]+[a-z]{4,}", "".join(texts)):
            yield "".join(re.escape(text) or "[a-z0-9]+(-[a-z]+)?" for text in texts)


def test_a_row_of_edits_names_operations_places_and_makers_that_there_are():
    kinds = {"on", "where", "raw", "breaks", "copy", *edits._CHANGES}
    asked = {"query", "header", "form", "body", "method", "path", "last", "text"}
    places = {"requests": asked, "answers": {"asked", "status", "header", "body"}}
    names = {one.name for at in OPERATIONS.values() for one in at.values()}
    for of, table in rows().items():
        for name, row in ((name, row) for name, found in table.items() for row in found):
            assert row.keys() <= kinds, name
            assert {*row["on"].split()} <= {"api", "unknown", "token", "keys", *names}, name
            given = [row.get(kind, {}) for kind in ("where", "copy", *edits._CHANGES)]
            used = {place for one in given for place in one} | {*row.get("copy", {}).values()}
            assert {place.split("/")[1] for place in used} <= places[of], name
            assert {*row.get("made", {}).values()} <= edits._MAKERS.keys(), name
            for pattern in (
                *row.get("where", {}).values(),
                *(one for one, _ in row.get("sub", {}).values()),
            ):
                assert pattern is False or re.compile(pattern), name


def test_every_defect_that_the_suites_do_not_detect_has_a_test():
    tests = "".join(path.read_text("utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    odd = {name for name, facts in DEFECT_FACTS.items() if facts.needs_unusual_input}
    assert {name for name in odd if f'"{name}"' not in tests} == set()


def test_at_most_a_quarter_of_the_defects_shows_in_one_response_alone():
    alone = [name for name, facts in DEFECT_FACTS.items() if facts.kind == "one-response"]
    assert len(DEFECTS) >= 90
    assert len(alone) * 4 <= len(DEFECTS)


def test_no_two_defects_have_the_same_sentence():
    assert len(set(DEFECTS.values())) == len(DEFECTS)


def test_the_facts_say_the_same_as_the_plain_table_and_know_what_is_advice():
    assert {name: facts.sentence for name, facts in DEFECT_FACTS.items()} == DEFECTS
    assert DEFECT_FACTS["inbox-page-ends-at-500"].is_advice
    assert not DEFECT_FACTS["other-clouds-token-accepted"].is_advice


@pytest.mark.parametrize(
    "table",
    [
        '[a]\nx = ["one-response", "standard", "S."]\n[b]\nx = ["state", "standard", "S."]',
        '[a]\nx = ["perhaps", "standard", "S."]',
        '[a]\nx = ["state", "rumour", "S."]',
    ],
)
def test_a_table_with_a_name_or_a_word_that_can_not_be_is_refused(monkeypatch, tmp_path, table):
    (tmp_path / "defects.toml").write_text(table)
    monkeypatch.setattr(defects, "files", lambda package: tmp_path)
    with pytest.raises(ValueError, match="x is listed twice or has an unknown word"):
        defects._load()


def test_a_defect_has_a_plain_name_and_one_sentence():
    assert [name for name in DEFECTS if not re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", name)] == []
    assert [text for text in DEFECTS.values() if not re.fullmatch(r"[A-Z][^\n]*\.", text)] == []


@pytest.fixture
def liar(calling):
    def make(name, **settings):
        return calling(defects=[name], **settings)

    return make


@pytest.mark.parametrize(
    ("claim", "status"),
    [
        ({"azs": "oraclehealth:millennium:message", "tnt": "SANDBOX"}, 200),
        ({"azs": 7, "tnt": "SANDBOX"}, 403),
        ("text", 401),
    ],
)
def test_an_unsigned_token_can_be_accepted(liar, claim, status):
    caller = liar("unsigned-token-accepted")
    tenant = caller.twin.accounts["system"].tenant
    if isinstance(claim, dict):
        claim = {**claim, "tnt": tenant}
    claims = {"exp": 99999999999, "urn:com:cerner:authorization:claims": claim}
    token = ".".join(
        base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")
        for part in ({"alg": "none"}, claims)
    )
    assert caller.get(INBOX, token=f"{token}.").status_code == status
