"""Each diff of the pages for contributors does what the page says, and what is wrong in one is reported.

The diffs of a section are applied, in their order, to one copy of the checkout; what the page shows below a diff
is compared with what the command prints there.
"""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from itertools import groupby

import pytest

from .conftest import ROOT, blocks
from .test_outputs import command_of, compare

PAGES = (ROOT / "CONTRIBUTING.md", ROOT / "docs" / "writing-an-api.md")
COPIED = ("suites", "schemas", "environments", "src", "conftest.py", "pyproject.toml")
NEEDS = {"Add a fault": ["Write a check"]}
"""Sections whose diffs begin where those of another one end."""


def sections(page):
    """Heading to its diffs and shown outputs, in their order."""
    text = page.read_text(encoding="utf-8")
    starts = [
        (text.count("\n", 0, h.start()) + 1, h[1]) for h in re.finditer(r"(?m)^## (.+)$", text)
    ]

    def heading(block):
        return [name for line, name in starts if line < block.line][-1]

    steps = (b for b in blocks(page) if b.language == "diff" or b.text.startswith("$ golive "))
    return {name: list(own) for name, own in groupby(steps, heading)}


BY_DAY = ("Write a check", "Add a fault", "Add an operation")
"""Sections whose commands `make test` runs; `.ci/run` runs those of each."""


def in_part(rows):
    """The cases of a test, by the section that each begins with: those that are not of the day are exhaustive."""
    left = pytest.mark.exhaustive
    return [pytest.param(*row, marks=() if row[0] in BY_DAY else left) for row in rows]


SECTIONS = {name: steps for page in PAGES for name, steps in sections(page).items()}


@pytest.fixture
def checkout(tmp_path):
    """A copy of what a run needs of the checkout."""
    for name in COPIED:
        source, target = ROOT / name, tmp_path / name
        if source.is_dir():
            shutil.copytree(source, target)  # with what Python has compiled of it
        else:
            shutil.copy(source, target)
    return tmp_path


def apply(diff, folder, *options):
    done = subprocess.run(
        ["git", "apply", "--whitespace=nowarn", *options, "-"],
        input=diff,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{done.stderr}\n{diff}"


def diffs_of(name):
    return [step.text for step in SECTIONS[name] if step.language == "diff"]


def test_the_diffs_of_every_section_apply(checkout):
    for name in SECTIONS:
        own = [diff for one in [*NEEDS.get(name, []), name] for diff in diffs_of(one)]
        for diff in own:
            apply(diff, checkout)
        for diff in reversed(own):
            apply(diff, checkout, "--reverse")


@pytest.mark.parametrize("name", in_part((name,) for name in SECTIONS))
def test_a_section_s_diffs_apply_and_do_what_is_shown(name, checkout, golive_process, request):
    assert diffs_of(name)
    for earlier in NEEDS.get(name, []):
        for diff in diffs_of(earlier):
            apply(diff, checkout)
    for step in SECTIONS[name]:
        if step.language == "diff":
            apply(step.text, checkout)
            continue
        printed = golive_process(shlex.split(command_of(step))[2:], checkout)
        compare(step, printed, renewing=request.config.getoption("--renew", default=False))


def test_the_page_shows_everything_that_is_usually_added():
    assert list(SECTIONS) == [
        "Write a check",
        "Add a fault",
        "Write an exchange",
        "Add a field",
        "Add an error case",
        "Add an environment",
        "Add a key to environments",
        "Add an operation",
        "A whole small API",
    ]


@pytest.mark.parametrize(
    ("name", "wrong", "command", "told"),
    in_part(
        [
            (
                "Write a check",
                ('"inbox-shows-subjects"', '"inbox-newest-first"'),
                "run twin -k inbox",
                r"the id inbox-newest-first is\s.*test_the_inbox_is_sorted_newest_first.*exit code 3",
            ),
            (
                "Write a check",
                ("it.that(visible,", "assert not visible, ("),
                "run twin -k inbox-shows-subjects",
                r"AssertionError.*test_inbox\.py:\d+.*exit code 3",
            ),
            (
                "Add a fault",
                ('"/body/items/0/subject" = " "', '"/body/items/0/subject" = "Fine"'),
                "run twin -k inbox-shows-subjects --defect subject-is-blank --fail-on-advice",
                r"No deciding check passed.*exit code 5",
            ),
            (
                "Write an exchange",
                ("limit=str(PAGE)", 'limit="50"'),
                "run twin -k inbox-limit-alone-is-accepted",
                r"inbox\.py:\d+: inbox_with_limit:.*the value of limit must be 1000 and no other number.*exit code 3",
            ),
            (
                "Add a field",
                ('"canForward": {"type": "boolean"}', '"canForward": {"type": "bool"}'),
                "run twin -k message-keeps-its-schema",
                r"canForward.*exit code 3",
            ),
            (
                "Add an error case",
                ("level: should", "level: could"),
                "run twin -k inbox-unknown-sort-order",
                r'errors\.yaml:\d+: cases\[\d+\]\.level:\s+it\s+must be "must"\s+or\s+"should".*exit code 3',
            ),
            (
                "Add an environment",
                ("claims:", "claim:"),
                "run mine",
                r'environments/mine\.yaml:\d+: claim: .*Did you mean "claims"\?',
            ),
            (
                "Add an operation",
                ('@partial(exchange, plain="getCodeSet")', "@exchange"),
                "run twin -k code-set-without-token",
                r'plain request of getCodeSet, and no exchange\s+says .*plain="getCodeSet".*exit code 3',
            ),
            (
                "A whole small API",
                ("- listPersonnel", "- listPersonel"),
                "run twin",
                r'environments/twin\.yaml:\d+: claims\.operations\[9\]: .*Did you mean "listPersonnel"\?',
            ),
        ],
    ),
    ids=lambda each: each if isinstance(each, str) and each in SECTIONS else "",
)
def test_what_is_wrong_is_reported(name, wrong, command, told, checkout, golive_process):
    for each in [*NEEDS.get(name, []), name]:
        for diff in diffs_of(each)[:1]:
            right, false = wrong
            assert each != name or right in diff
            apply(diff.replace(right, false) if each == name else diff, checkout)
    printed = "\n".join(golive_process(command.split(), checkout))
    assert re.search(told, printed, re.DOTALL), printed
    assert (
        "in <module>" not in printed
    )  # a line says where the mistake is, and no traceback hides it
