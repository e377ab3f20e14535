"""What a page shows as the output of a command is what the command prints.

A block that begins with `$ golive …` is run in the checkout. A line `…` stands for any lines, `…` in a line
for anything. Ids, ports and numbers may differ: they are others in each run, or grow with the suite.
`pytest tests/docs --renew` replaces a line that is printed in other words by the one most like it.
"""

from __future__ import annotations

import difflib
import re
import shlex

import pytest

from .conftest import PAGES, ROOT, blocks

# What these show is the output of a changed checkout: test_contributing.py
WITH_DIFFS = (ROOT / "CONTRIBUTING.md", ROOT / "docs" / "writing-an-api.md")
SHOWN = [
    block
    for page in PAGES
    for block in blocks(page)
    if page not in WITH_DIFFS and block.text.startswith("$ golive ")
]


def command_of(block):
    return block.text.splitlines()[0]


def alike(line):
    """A line without what differs from run to run."""
    line = re.sub(r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", "ID", line.rstrip())
    return re.sub(r"\d+|\[ *\d+%\]", "0", line)


def pattern_of(line):
    return re.compile(".*".join(re.escape(part) for part in alike(line).split("…")))


def missing_lines(shown, printed):
    """Lines of a block that are not printed, or not in this order or place, each with its place in the block."""
    texts = [alike(line) for line in printed]
    at, anywhere = 0, False
    for number, line in enumerate(shown):
        if line == "…":
            anywhere = True
            continue
        found = [
            place
            for place in range(at, len(texts) if anywhere else min(at + 1, len(texts)))
            if pattern_of(line).fullmatch(texts[place])
        ]
        if found:
            at = found[0] + 1
        else:
            yield number, line
        anywhere = False


def renew(block, shown, printed):
    """Write for each line that is not printed the printed one most like it."""
    text = block.page.read_text(encoding="utf-8")
    lines = list(shown)
    for number, line in missing_lines(shown, printed):
        [lines[number]] = difflib.get_close_matches(line, printed, 1, cutoff=0.0)
    whole = block.text.replace("\n".join(shown), "\n".join(lines))
    block.page.write_text(text.replace(block.text, whole), encoding="utf-8")


def compare(block, printed, *, renewing):
    """Hold a block to what its command printed, or write it so that it holds."""
    _, *shown = block.text.splitlines()
    if renewing:
        renew(block, shown, printed)
        return
    missing = [line for _, line in missing_lines(shown, printed)]
    assert missing == [], "\n".join([block.place, *printed])


@pytest.mark.parametrize(
    "command",
    [
        # What is shown with more words comes from the same run as without them.
        pytest.param(one, marks=pytest.mark.exhaustive if one.endswith(" -v") else ())
        for one in sorted({command_of(block) for block in SHOWN})
    ],
)
def test_what_is_shown_is_what_is_printed(command, golive_process, tmp_path, request):
    for name in ("tests", "docs"):  # files that a command names; its run folder is made elsewhere
        (tmp_path / name).symlink_to(ROOT / name)
    printed = golive_process(shlex.split(command)[2:], tmp_path)
    for block in SHOWN:
        if command_of(block) == command:
            compare(block, printed, renewing=request.config.getoption("--renew", default=False))


def test_a_line_that_is_not_printed_would_be_seen():
    printed = ["golive: twin", "  12 checks", "GO: passed", "exit code 0"]
    assert list(missing_lines(["golive: twin", "…", "exit code 0"], printed)) == []
    assert list(missing_lines(["golive: twin", "GO: passed"], printed)) == [(1, "GO: passed")]
    assert list(missing_lines(["…", "NO-GO: passed"], printed)) == [(1, "NO-GO: passed")]


def test_the_readme_shows_a_run_a_failure_and_the_forum_s_question_is_answered_with_its_output():
    shown = {block.text.splitlines()[0] for block in SHOWN}
    assert {
        "$ golive run twin",
        "$ golive run twin --defect detail-disagrees-with-list",
        "$ golive run tests/environments/forum-7979.yaml",
    } <= shown
