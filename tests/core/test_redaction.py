"""Nothing protected is written, in whatever form it comes back."""

import base64
import html
import json
import logging
import shlex
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, quote_plus

import pytest

from golive.pytest_plugin.sinks import redact_log_records
from golive.redaction import MARK, REDACTOR, redact, redact_url
from golive.redaction.rendering import SHOWN, describe, show

SECRET = "s3cr3t/with+odd=chars & \"quotes\" 'ü'"


@pytest.fixture
def log_factory() -> Iterator[None]:
    before = logging.getLogRecordFactory()
    redact_log_records()
    yield
    logging.setLogRecordFactory(before)


FORMS = {
    "itself": SECRET,
    "url-encoded": quote(SECRET, safe=""),
    "url-encoded, slashes kept": quote(SECRET),
    "form-encoded": quote_plus(SECRET),
    "url-encoded in lower case": quote(SECRET, safe="").replace("%2F", "%2f").lower(),
    "json": json.dumps(SECRET)[1:-1],
    "json, not ascii": json.dumps(SECRET, ensure_ascii=False)[1:-1],
    "json with escaped slashes": json.dumps(SECRET)[1:-1].replace("/", "\\/"),
    "repr": repr(SECRET)[1:-1],
    "html": html.escape(SECRET),
    "xml text": html.escape(SECRET, quote=False),
    "shell": shlex.quote(SECRET),
    "base64": base64.b64encode(SECRET.encode()).decode(),
    "base64url without padding": base64.urlsafe_b64encode(SECRET.encode()).decode().rstrip("="),
}


@pytest.mark.parametrize("form", [form for form in FORMS if "lower" not in form])
def test_a_secret_is_replaced_in_every_form_it_may_come_back_in(form: str) -> None:
    REDACTOR.protect(SECRET)
    text = f"before {FORMS[form]} after"
    assert redact(text) == f"before {MARK} after"
    assert REDACTOR.found_in(text) == {SECRET: "credential"}


def test_lower_case_percent_codes_are_the_same_secret() -> None:
    REDACTOR.protect("abc/def+ghi")
    assert redact("abc%2fdef%2bghi") == MARK


def test_the_basic_form_of_a_pair_is_protected_as_well() -> None:
    REDACTOR.protect_pair("client one", "pass word 1")
    plain = base64.b64encode(b"client one:pass word 1").decode()
    encoded = base64.b64encode(b"client+one:pass+word+1").decode()
    assert redact(f"Basic {plain}, Basic {encoded}") == f"Basic {MARK}, Basic {MARK}"


def test_the_parts_of_a_jwt_are_protected_one_by_one() -> None:
    REDACTOR.protect("eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhIn0x.c2lnbmF0dXJlMTIz")
    assert redact("eyJzdWIiOiJhIn0x") == MARK
    assert redact("c2lnbmF0dXJlMTIz") == MARK


def test_the_lines_of_a_private_key_are_protected_but_not_its_frame() -> None:
    REDACTOR.protect(
        "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMG\nByqGSM49AgEG\n-----END PRIVATE KEY-----"
    )
    assert redact("ByqGSM49AgEG") == MARK
    assert redact("-----BEGIN PRIVATE KEY-----") == "-----BEGIN PRIVATE KEY-----"


def test_the_private_numbers_of_a_json_web_key_are_protected_and_its_kid_is_not() -> None:
    REDACTOR.protect(
        json.dumps({"kty": "EC", "kid": "public-kid", "d": "private-number", "x": "public-x-x"})
    )
    assert redact("private-number public-kid public-x-x") == f"{MARK} public-kid public-x-x"


@pytest.mark.parametrize(
    "text", ["{not a json text", "[1, 2, 3, 4]", "{" * 5000, '{"d": 12345678}']
)
def test_a_secret_that_only_resembles_a_key_is_protected_as_it_stands(text: str) -> None:
    REDACTOR.protect(text)
    assert MARK in redact(f"<{text}>")


def test_short_values_are_left_alone() -> None:
    REDACTOR.protect("short")
    assert redact("a short story") == "a short story"
    assert REDACTOR.secrets == ()


def test_the_longest_form_is_replaced_first() -> None:
    REDACTOR.protect("password", "password-and-more")
    assert redact("password-and-more") == MARK


def test_half_a_surrogate_pair_in_a_secret_or_a_text_breaks_nothing() -> None:
    REDACTOR.protect("secret-\ud800-secret")
    assert redact("secret-\ud800-secret and \ud800") == f"{MARK} and \\ud800"


def test_what_could_drive_a_terminal_is_escaped() -> None:
    assert redact("a\x1b[31mred\x00\r\n\tb") == "a\\u001b[31mred\\u0000\\u000d\n\tb"


def test_clear_forgets_everything() -> None:
    REDACTOR.protect("a-secret-value")
    REDACTOR.clear()
    assert redact("a-secret-value") == "a-secret-value"
    assert REDACTOR.shows_data is False


def test_secrets_can_be_handed_on() -> None:
    REDACTOR.protect("second-secret", "first-secret")
    assert REDACTOR.secrets == ("first-secret", "second-secret")


def test_redacting_while_another_thread_protects_is_safe() -> None:
    faults: list[BaseException] = []

    def keep_redacting() -> None:
        try:
            for _ in range(300):
                redact("secret-number-5")
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=keep_redacting) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(60):
        REDACTOR.protect(f"secret-number-{number}")
    for thread in threads:
        thread.join()
    assert faults == []
    assert redact("secret-number-5") == MARK


# -- URLs ------------------------------------------------------------------------------------------------------


def test_a_url_keeps_its_patient_where_data_is_synthetic() -> None:
    assert (
        redact_url("https://h/t?patientId=1270&limit=1000")
        == "https://h/t?patientId=1270&limit=1000"
    )


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        (
            "https://h/inboxItems?limit=1000&patientId=1270",
            "https://h/inboxItems?limit=1000&patientId=PATIENT",
        ),
        ("https://h/a?patientId=1&patientId=2", "https://h/a?patientId=PATIENT&patientId=PATIENT"),
        ("https://h/patientMessages/72.1.5.prsnl?a=b", "https://h/patientMessages/MESSAGE?a=b"),
        ("https://h/patientMessages/inboxItems", "https://h/patientMessages/inboxItems"),
        ("https://h/patientMessages/sentItems", "https://h/patientMessages/sentItems"),
    ],
)
def test_a_url_names_no_patient_and_no_message_where_data_is_not_to_be_shown(
    url: str, shown: str
) -> None:
    REDACTOR.shows_data = False
    assert redact_url(url) == shown


def test_a_token_in_the_query_is_replaced() -> None:
    REDACTOR.protect("token+value/123")
    assert (
        redact_url("https://h/a?access_token=token%2Bvalue%2F123")
        == f"https://h/a?access_token={MARK}"
    )


# -- values ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "null"),
        (True, "a boolean"),
        (7, "a number"),
        (7.5, "a number"),
        ("Orla", "a string of 4 characters"),
        ("12700100", "a string of 8 characters (digits)"),
        ("2026-01-31", "a string of 10 characters (date)"),
        ([1, 2], "an array of 2"),
        ({"a": 1}, "an object of 1 members"),
        (b"x", "bytes"),
    ],
)
def test_a_value_is_described_by_kind_and_size_where_data_is_not_to_be_shown(
    value: Any, words: str
) -> None:
    REDACTOR.shows_data = False
    assert describe(value) == words
    equal = f" {REDACTOR.pseudonym(value)}" if isinstance(value, str) else ""
    assert show(value) == words + equal


def test_a_synthetic_value_is_shown_redacted_and_in_short() -> None:
    REDACTOR.protect("hunter2hunter2")
    assert show({"subject": "hunter2hunter2"}) == '{"subject": "[redacted]"}'
    assert show("x" * 300) == '"' + "x" * 99 + "… (a string of 300 characters)"
    assert show({1, 2}.__class__) == "\"<class 'set'>\""


# -- log records -----------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("log_factory")
def test_log_records_are_redacted_whichever_library_makes_them(
    caplog: pytest.LogCaptureFixture,
) -> None:
    REDACTOR.protect("a-secret-value")
    log = logging.getLogger("somebody.else")
    with caplog.at_level(logging.DEBUG):
        log.debug("the token is %s", "a-secret-value")
        try:
            raise ValueError("a-secret-value")
        except ValueError:
            log.exception("it broke")
    assert "a-secret-value" not in caplog.text
    assert f"the token is {MARK}" in caplog.text
    assert f"ValueError: {MARK}" in caplog.text


@pytest.mark.usefixtures("log_factory")
@pytest.mark.parametrize(
    "arguments", [("%s %s", "a-secret-value"), ("%(name)s", {"other": "a-secret-value"})]
)
def test_a_wrongly_written_log_call_neither_breaks_nor_leaks(
    arguments: tuple[Any, ...], caplog: pytest.LogCaptureFixture
) -> None:
    REDACTOR.protect("a-secret-value")
    with caplog.at_level(logging.INFO):
        logging.getLogger("somebody.else").info(*arguments)
    assert MARK in caplog.text
    assert "a-secret-value" not in caplog.text


@pytest.mark.usefixtures("log_factory")
def test_the_factory_is_wrapped_only_once() -> None:
    first = logging.getLogRecordFactory()
    redact_log_records()
    assert logging.getLogRecordFactory() is first


def test_of_a_very_long_value_only_the_beginning_is_written_and_searched() -> None:
    class Untouched:
        def __str__(self) -> str:
            raise AssertionError("this far nobody looks")

    REDACTOR.shows_data = True
    REDACTOR.protect(SECRET)
    items = ["x" * (SHOWN - 10), SECRET, *["y" * 100] * 1000, Untouched()]
    text = show(items)
    assert text.startswith('["xxx')
    assert text.endswith("… (an array of 1003)")
    assert SECRET[:10] not in text


# -- secrets that come back changed ----------------------------------------------------------------------------

LONG_SECRET = "Zq8/kP+2=wX-71vMtb_93hLs"
ESCAPED = {
    "a slash in JSON": LONG_SECRET.replace("/", "\\/"),
    "an equals sign in JSON": LONG_SECRET.replace("=", "\\u003d"),
    "a plus in JSON": LONG_SECRET.replace("+", "\\u002B"),
    "every character in JSON": "".join(f"\\u{ord(one):04x}" for one in LONG_SECRET),
    "JSON in JSON": "".join(f"\\\\u{ord(one):04X}" for one in LONG_SECRET),
    "decimal entities": "".join(f"&#{ord(one)};" for one in LONG_SECRET),
    "hexadecimal entities": "".join(f"&#x{ord(one):X};" for one in LONG_SECRET),
    "some entities": LONG_SECRET.replace("+", "&#43;").replace("=", "&#x3d;"),
    "capitals": LONG_SECRET.upper(),
    "small letters": LONG_SECRET.lower(),
    "its beginning": LONG_SECRET[:12],
    "its end": LONG_SECRET[-12:],
    "its longer beginning": LONG_SECRET[:17],
    "its end in capitals": LONG_SECRET[-15:].upper(),
    "its beginning with entities": "".join(f"&#{ord(one)};" for one in LONG_SECRET[:13]),
}


@pytest.mark.parametrize("form", ESCAPED)
def test_a_secret_is_replaced_however_it_was_changed(form: str) -> None:
    REDACTOR.protect(LONG_SECRET)
    assert redact(f"before {ESCAPED[form]} after") == f"before {MARK} after"


def test_a_client_s_id_is_not_taken_for_a_piece_of_the_pair_that_it_begins() -> None:
    REDACTOR.protect_pair("0f3c1d2e-4b5a-6978", LONG_SECRET)
    assert redact("client 0f3c1d2e-4b5a-6978") == "client 0f3c1d2e-4b5a-6978"
    assert redact(f"0f3c1d2e-4b5a-6978:{LONG_SECRET}") == MARK


def test_a_word_of_the_environment_is_not_taken_for_a_piece_of_a_secret() -> None:
    REDACTOR.public = frozenset({"oraclehealth:millennium:message"})
    REDACTOR.protect("oraclehealth-secret-4711")
    assert redact("oraclehealth:millennium:message") == "oraclehealth:millennium:message"
    assert redact("health-secret-4711") == MARK


def test_the_same_letter_over_and_over_is_no_piece_of_a_secret() -> None:
    forged = "eyJhbGciOiJSUzI1NiJ9." + "A" * 86
    REDACTOR.protect(forged)
    assert redact("A" * 20) == "A" * 20
    assert redact(f"token {forged}") == f"token {MARK}"


INVISIBLE = {
    "a turn of direction": "\u202e",
    "an isolate": "\u2066",
    "nothing, with a width of zero": "\u200b",
    "a joiner": "\u200d",
    "a byte order mark": "\ufeff",
    "a line separator": "\u2028",
    "a paragraph separator": "\u2029",
    "a soft hyphen": "\u00ad",
    "a filler": "\u3164",
    "a selector": "\ufe0f",
    "a tag": "\U000e0041",
    "a next line": "\u0085",
}


@pytest.mark.parametrize("sign", INVISIBLE)
def test_what_nobody_can_see_gets_a_name(sign: str) -> None:
    code = ord(INVISIBLE[sign])
    name = f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
    assert redact(f"a{INVISIBLE[sign]}b") == f"a{name}b"
