"""Texts that tell of a person: which they are, how they are found, what stands for them."""

import pytest

from golive.redaction import REDACTOR, redact
from golive.redaction.personal import Pseudonyms, format_of, may_be_personal, personal_texts


def test_a_pseudonym_is_the_same_within_a_run_and_another_in_the_next() -> None:
    run, next_run = Pseudonyms(), Pseudonyms()
    assert run.pseudonym("12700100") == run.pseudonym("12700100")
    assert run.pseudonym("12700100") != run.pseudonym("12700101")
    assert run.pseudonym("12700100") != next_run.pseudonym("12700100")


def test_the_longest_text_that_begins_alike_is_replaced() -> None:
    texts = Pseudonyms()
    for text in ("Quill Ottoline", "Quill Ottoline Maria of Elsewhere", "Quill"):
        texts.add(text)
    whole = "Quill Ottoline Maria of Elsewhere"
    assert texts.replace(f"<{whole}>") == f"<{texts.pseudonym(whole)}>"
    assert texts.replace("Quill and") == f"{texts.pseudonym('Quill')} and"


def test_a_number_inside_a_longer_number_is_another_number() -> None:
    texts = Pseudonyms()
    texts.add("12700100")
    assert texts.replace("1127001009") == "1127001009"
    assert texts.replace("id 12700100.") == f"id {texts.pseudonym('12700100')}."


def test_very_short_texts_are_left_alone() -> None:
    texts = Pseudonyms()
    texts.add("Orla")
    assert texts.replace("Orla") == "Orla"


@pytest.mark.parametrize("text", ["UNREAD", "application/json", "short", "could not tell"])
def test_ordinary_words_are_nobody_s(text: str) -> None:
    assert not may_be_personal(text)


def test_texts_are_found_at_any_depth_in_names_of_members_and_in_numbers() -> None:
    found = set(personal_texts({"Jane Q. Roe": [{"n": 12700100, "b": True}, None, "a\nLine Two"]}))
    assert found == {"Jane Q. Roe", "12700100", "Line Two", "a\nLine Two"}


def test_words_of_the_contract_are_public() -> None:
    assert list(personal_texts({"createDateTime": None}, frozenset({"createDateTime"}))) == []


def test_what_an_answer_holds_is_replaced_only_where_it_may_not_be_shown() -> None:
    REDACTOR.shows_data = True
    REDACTOR.learn({"name": "Roe, Jane"}, personal=True)
    assert redact("Roe, Jane") == "Roe, Jane"
    REDACTOR.shows_data = False
    REDACTOR.learn({"name": "Roe, Jane"}, personal=True)
    assert redact("for Roe, Jane") == f"for {REDACTOR.pseudonym('Roe, Jane')}"


def test_private_numbers_in_an_answer_are_secrets_even_where_data_is_synthetic() -> None:
    REDACTOR.shows_data = True
    REDACTOR.learn({"keys": [{"kty": "EC", "d": "private-number-1"}]}, personal=False)
    assert redact("private-number-1") == "[redacted]"


@pytest.mark.parametrize(
    ("text", "name"),
    [("2026-01-31T10:00:00Z", "date and time"), ("a@b.example", "e-mail address"), ("x y", None)],
)
def test_formats_have_names(text: str, name: str | None) -> None:
    assert format_of(text) == name


def test_a_name_that_a_program_gave_is_nobody_s_and_a_value_or_a_map_s_key_may_be():
    answer = {"sentByPortal": {"Quillfeather": "archivedFlag"}, "some_flag": "x"}
    assert set(personal_texts(answer)) == {"Quillfeather", "archivedFlag"}
