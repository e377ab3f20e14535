"""What may be shown of a stranger's text where patients' data may not: known words, and nothing in their grammar."""

import re
from pathlib import Path

import pytest
import yaml

from golive.kit.files import resources
from golive.redaction.rendering import is_reason, tells_of_nobody

FACTS = Path(__file__).parents[2] / "docs" / "contract-facts.md"


def reasons() -> set[str]:
    """Every URN of the facts, and every reason that the error catalogue expects."""
    found = set(
        re.findall(r"urn:cerner:error:[a-z0-9:_-]*[a-z0-9]", FACTS.read_text(encoding="utf-8"))
    )
    rows = yaml.safe_load((resources() / "schemas" / "errors.yaml").read_text(encoding="utf-8"))
    for row in rows["cases"]:
        for expected in (row["expect"], row.get("oracle", {}).get("expect", {})):
            for name in ("urn", "subcode"):
                told = expected.get(name, [])
                found.update(told if isinstance(told, list) else [told])
    return found


def test_every_reason_that_is_known_may_be_shown() -> None:
    assert len(reasons()) > 15
    assert not [
        one for one in reasons() if not (is_reason(one) or tells_of_nobody(one, frozenset()))
    ]


@pytest.mark.parametrize(
    "text",
    [
        "jane-doe",
        "doe:jane",
        "invalid_jane",
        "urn:cerner:error:oauth2:jane-doe",
        "urn:cerner:error:resource-access:tenant-mismatch-for-jane",
        "12700100",
        "2-1-9-8-0",
        "Token",
        "",
    ],
)
def test_nothing_else_may_pass_in_their_grammar(text: str) -> None:
    assert not is_reason(text)
    assert not text or not tells_of_nobody(text, frozenset())
