"""Who is asked, in words: never only the name of a host that another program plays."""

import pytest

from golive.environment import asked, asked_in_short, is_double

PATH = "tenants/t/protocols/oauth2/profiles/smart-v1/token"


@pytest.mark.parametrize(
    ("url", "embedded", "words", "short"),
    [
        (
            f"https://authorization.cerner.com/{PATH}",
            False,
            "authorization.cerner.com (production cloud)",
            "authorization.cerner.com",
        ),
        (
            f"https://authorization.sandboxcerner.com/{PATH}",
            False,
            "authorization.sandboxcerner.com (sandbox cloud)",
            "authorization.sandboxcerner.com",
        ),
        (
            "https://gateway.example.org:8443/oauth2/token",
            False,
            "gateway.example.org:8443 (no known cloud)",
            "gateway.example.org:8443",
        ),
        (
            f"{{twin}}/authorization.cerner.com/{PATH}",
            False,
            "the embedded twin, in place of authorization.cerner.com (production cloud)",
            "the embedded twin in place of authorization.cerner.com",
        ),
        (
            f"http://127.0.0.1:8700/authorization.cerner.com/{PATH}",
            True,
            "the embedded twin at 127.0.0.1:8700, in place of authorization.cerner.com "
            "(production cloud)",
            "127.0.0.1:8700 in place of authorization.cerner.com",
        ),
        (
            f"http://127.0.0.1:8700/authorization.cerner.com/{PATH}",
            False,
            "127.0.0.1:8700 on this machine, in place of authorization.cerner.com (production cloud)",
            "127.0.0.1:8700 in place of authorization.cerner.com",
        ),
        (
            "https://localhost:9000/oauth2/token",
            False,
            "localhost:9000 on this machine",
            "localhost:9000",
        ),
    ],
)
def test_the_asked_host_is_named_by_the_address(url, embedded, words, short) -> None:
    assert asked(url, embedded=embedded) == words
    assert asked_in_short(url) == short


def test_a_double_is_the_twin_or_a_program_on_this_machine() -> None:
    assert is_double("{twin}/authorization.cerner.com/x")
    assert is_double("https://[::1]:8700/x")
    assert not is_double("https://127.0.0.1.example.org/x")
