"""A text that comes back: another canonical form of Unicode's is no loss, another character is one."""

from datetime import UTC, datetime
from unicodedata import normalize

import pytest

from golive.checks.expect import Expect
from golive.exchanges.headers import Headers
from golive.exchanges.model import Exchange, Request, Response
from suites.common.texts import is_kept
from suites.messages.recognise import is_cut
from suites.messages.sending import ODD_TEXT, new_subject


def found(sent: str, shown: str, *, part: bool = False) -> list[tuple[bool, str]]:
    request, response = Request("GET", "http://127.0.0.1/"), Response(200, Headers(), b"{}")
    it = Expect(Exchange("read", request, response, datetime(2026, 3, 1, tzinfo=UTC), 0.1))
    is_kept(it, "/content", sent, shown, ("every character", "others"), part=part)
    return [(finding.advice, finding.actual) for finding in it.findings]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("around", ["", "a paragraph before"])
def test_an_equivalent_text_is_advice_that_names_its_form(form, around) -> None:
    assert found(ODD_TEXT, ODD_TEXT) == []
    [(advice, said)] = found(
        ODD_TEXT, f"{around}{normalize(form, ODD_TEXT)}{around}", part=bool(around)
    )
    assert advice
    assert form in said


def test_a_text_in_a_mixture_of_forms_is_advice_too() -> None:
    assert [advice for advice, _ in found("e\u0301 o\u0308", "\u00e9 o\u0308")] == [True]
    assert [advice for advice, _ in found("e\u0301 \u00f6 a", "\u00e9 o\u0308 a")] == [True]


@pytest.mark.parametrize(
    "shown",
    [
        ODD_TEXT.replace("e\u0301", "e"),
        ODD_TEXT.replace("\u00eb", "e"),
        ODD_TEXT.replace("\u0416", "?"),
        normalize("NFC", ODD_TEXT).replace("\U0001f600", ""),
        ODD_TEXT.encode().decode("latin-1"),
    ],
)
def test_another_character_is_a_finding(shown) -> None:
    assert found(ODD_TEXT, shown) == [(False, "others")]
    assert found(ODD_TEXT, f"before {shown} after", part=True) == [(False, "others")]


def test_a_subject_in_another_form_is_not_cut_and_the_beginning_of_one_is() -> None:
    sent = f"{new_subject()} {ODD_TEXT} and more"
    composed = normalize("NFC", sent)
    assert not is_cut(composed, sent)
    assert is_cut(composed[:-4], sent)
    assert is_cut(sent[:-4], sent)
