"""Kinds of unusual values: each a strategy of its own, so that one run meets every kind.

Drawn at random from everything there is, a leap second or a 10,000-character id would turn up once in years;
and a value that was written down once is no longer unusual. A kind is in between: what it has in common is
fixed, the rest is drawn, and hypothesis shrinks towards the plainest member.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from golive.fuzz.calls import AsText, Shift

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    Kinds = dict[str, SearchStrategy[Any]]

LONG = 10_000
"""Characters; more than common servers take in a URL is another matter (RFC 9110 §4.1)."""

EMOJI = st.characters(min_codepoint=0x1F600, max_codepoint=0x1F64F)
DIGITS = "0123456789"
ARABIC = {ord(digit): 0x660 + int(digit) for digit in DIGITS}


def _around(middle: SearchStrategy[str]) -> SearchStrategy[str]:
    """Put plain text before and behind."""
    plain = st.text(DIGITS, max_size=4)
    return st.builds("{}{}{}".format, plain, middle, plain)


def _ending(known: str, ends: list[str]) -> SearchStrategy[str]:
    """Put one of these ends behind a known value."""
    return st.sampled_from(ends).map(lambda end: known + end)


def _of_characters(first: int, last: int, *, most: int) -> SearchStrategy[str]:
    """Draw texts of one to so many characters between two code points."""
    return st.text(
        st.characters(min_codepoint=first, max_codepoint=last), min_size=1, max_size=most
    )


def texts(known: str = "") -> Kinds:
    """Texts for a free-text parameter; some begin with a value that is known to exist."""
    return {
        "emoji": _around(st.text(EMOJI, min_size=1, max_size=3)),
        "long": st.integers(LONG // 2, LONG).map(lambda size: "0" * size),
        "blank": st.text(" ", min_size=1, max_size=3),
        "with NUL": st.text(DIGITS, min_size=1, max_size=3).map(lambda end: f"{known}\0{end}"),
        "with a control character": _around(st.characters(max_codepoint=0x1F, categories=["Cc"])),
        "with a quotation mark": _ending(known, ["'", '"', "' OR '1'='1", "'; --"]),
        "with a wildcard": st.sampled_from(["*", "%", "_", "?"]).map(lambda mark: known[:2] + mark),
        "percent-encoded": _ending(known, ["%31", "%00", "%2F", "%"]),
        "path-like": st.sampled_from(["../", "..\\", "/", "./x"]).map(lambda step: step + known),
        "with parameters": _ending(known, [";x", ";jsessionid=1", "#x"]),
        "a template": st.sampled_from(["${7*7}", "{{7*7}}", "<%= 7*7 %>", "%s%n"]),
        "foreign digits": _of_characters(0x660, 0x669, most=8),
        "right to left": _around(_of_characters(0x5D0, 0x5EA, most=4)),
        "combining": _around(_of_characters(0x300, 0x30F, most=4)),
        "markup": st.sampled_from(["<b>", "<script>", "&amp;", "]]>"]),
        "a number": st.sampled_from(["0", "-1", "1e999", "NaN", "null"]),
    }


def some_texts() -> Kinds:
    """The texts that most often break something, for members of less weight."""
    few = ("emoji", "long", "with NUL", "with a quotation mark")
    return {kind: values for kind, values in texts().items() if kind in few}


def integers(known: int) -> Kinds:
    """Texts in place of an integer that may only be `known`."""
    return {
        "zero": st.just("0"),
        "negative": st.integers(1, 10**6).map(lambda n: str(-n)),
        "one too many": st.just(str(known + 1)),
        "one too few": st.just(str(known - 1)),
        "beyond 32 bits": st.integers(2**31, 2**32).map(str),
        "beyond 64 bits": st.integers(2**63, 2**70).map(str),
        "with spaces": st.sampled_from([f" {known}", f"{known} "]),
        "with a sign": st.just(f"+{known}"),
        "a fraction": st.sampled_from([f"{known}.5", f"{known}.0"]),
        "an exponent": st.sampled_from(["1e3", "1E3", "10e2"]),
        "hexadecimal": st.just(hex(known)),
        "a word": st.sampled_from(["all", "null", "NaN", "Infinity"]),
        "nothing": st.just(""),
    }


def instants() -> Kinds:
    """Texts in place of an instant."""
    day = st.integers(1, 28).map("{:02d}".format)
    return {
        "year 1": day.map("0001-01-{}T00:00:00Z".format),
        "year 0": day.map("0000-01-{}T00:00:00Z".format),
        "year 9999": day.map("9999-12-{}T23:59:59Z".format),
        "a leap second": st.sampled_from(["2016-12-31T23:59:60Z", "2015-06-30T23:59:60Z"]),
        "a day that is not": st.sampled_from(
            ["2023-02-30T00:00:00Z", "2024-04-31T00:00:00Z", "2024-02-30T00:00:00Z"]
        ),
        "a month that is not": st.sampled_from(["2024-13-01T00:00:00Z", "2024-00-01T00:00:00Z"]),
        "an hour that is not": st.sampled_from(["2024-01-01T25:00:00Z", "2024-01-01T24:30:00Z"]),
        "midnight as 24:00": st.just("2024-01-01T24:00:00Z"),
        "lower case": st.just("2024-01-01t00:00:00z"),
        "a space for T": st.just("2024-01-01 00:00:00Z"),
        "no zone": st.just("2024-01-01T00:00:00"),
        "a date": st.just("2024-01-01"),
        "a week date": st.just("2024-W01-1T00:00:00Z"),
        "a number": st.integers(0, 2**33).map(str),
        "a long fraction": st.integers(4, 40).map(lambda n: f"2024-01-01T00:00:00.{'0' * n}Z"),
        "foreign digits": st.just("2024-01-01T00:00:00Z".translate(ARABIC)),
        "a year of five digits": st.just("+12024-01-01T00:00:00Z"),
        "long": st.integers(LONG // 2, LONG).map(lambda n: "2" * n),
        "nothing": st.just(""),
    }


def words(allowed: list[str]) -> Kinds:
    """Texts in place of one of a few words."""
    some = st.sampled_from(allowed)
    return {
        "lower case": some.map(str.swapcase),
        "with spaces": some.map(" {}".format),
        "two in one": st.permutations(allowed).map(",".join),
        "a beginning": some.map(lambda word: word[:-1]),
        "emoji": st.text(EMOJI, min_size=1, max_size=2),
        "a number": st.sampled_from(["0", "1", "-1"]),
        "null": st.just("null"),
        "nothing": st.just(""),
    }


def repeated(values: list[str]) -> Kinds:
    """Tuples of texts for a key that is given more than once."""
    some = st.sampled_from(values)
    return {
        "given twice": st.tuples(some, some),
        "given a hundred times": st.integers(60, 100).flatmap(
            lambda size: some.map(lambda value: (value,) * size)
        ),
    }


def request_ids() -> Kinds:
    """Values of a caller's own request id."""
    return {
        "long": st.integers(LONG // 4, LONG // 2).map(lambda size: "a" * size),
        "rather long": st.integers(300, 600).map(lambda size: "a" * size),
        "other characters": st.sampled_from(["a b", "a/b", "a,b", "a.b", "%0d%0a", "<b>", "'"]),
        "one character": st.sampled_from(["-", "_", "0"]),
    }


def time_zones() -> Kinds:
    """Values where the name of an IANA zone is due."""
    return {
        "a path": st.sampled_from(["../UTC", "/etc/localtime", "Europe/../UTC", "Europe"]),
        "an offset": st.sampled_from(["+02:00", "UTC+2", "GMT+25"]),
        "another case": st.sampled_from(["europe/berlin", "utc"]),
        "a word": st.sampled_from(["null", "local", "CEST"]),
        "long": st.integers(300, 600).map(lambda size: "A" * size),
        "a zone": st.sampled_from(["Asia/Kathmandu", "Pacific/Kiritimati", "America/St_Johns"]),
    }


def paragraphs() -> Kinds:
    """XHTML that stands between two tags and is well-formed."""
    return {
        "a named entity": st.sampled_from(["&nbsp;", "&eacute;", "&hellip;"]),
        "a numeric entity": st.sampled_from(["&#8364;", "&#x1F600;", "&#0;"]),
        "an entity of XML": st.sampled_from(["&amp;", "&lt;", "&quot;"]),
        "a comment": st.sampled_from(["<!-- x -->", "<!---->"]),
        "character data": st.sampled_from(["<![CDATA[x]]>", "<![CDATA[<]]>"]),
        "a broken mark": st.sampled_from(["<![x", "<!x>", "<?x", "</"]),
        "emoji": st.text(EMOJI, min_size=1, max_size=3),
        "long": st.integers(3 * LONG, 6 * LONG).map(lambda size: "x" * size),
        "deep": st.integers(150, 400).map(lambda n: "<span>" * n + "</span>" * n),
        "line breaks": st.sampled_from(["a\r\nb", "a\tb", "a\u2028b"]),
    }


def members() -> Kinds:
    """JSON values where a text, an object or a list is due."""
    return {
        "JSON null": st.none(),
        "a JSON number": st.sampled_from([0, -1, 2**63, 1.5]),
        "true": st.booleans(),
        "an empty text": st.just(""),
        "an empty array": st.just([]),
        "an empty object": st.just({}),
        "half a character": st.sampled_from(["\ud83d", "\ude00"]),
    }


def versions() -> Kinds:
    """JSON values where the version of a message is due."""
    return {
        "half": st.just(Shift(0.5)),
        "as text": st.just(AsText()),
        "beyond 64 bits": st.integers(2**63, 2**70),
        "negative": st.integers(-(2**31), -1),
        "null": st.none(),
        "true": st.booleans(),
    }


def deep_json() -> SearchStrategy[bytes]:
    """JSON texts that are nested very deeply."""
    return st.integers(5_000, 20_000).map(lambda depth: b"[" * depth + b"]" * depth)
