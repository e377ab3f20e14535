"""`WWW-Authenticate` is read as RFC 9110 §11.6.1 writes it."""

import pytest

from golive.refusals.challenge import (
    Challenge,
    bearer,
    behind_challenges,
    challenge_error,
    challenges,
)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("", []),
        ("?", []),
        ("Bearer", [("Bearer", ())]),
        ("Negotiate abc==", [("Negotiate", ())]),
        ('Bearer realm="a, b", error=c', [("Bearer", (("realm", "a, b"), ("error", "c")))]),
        (
            'Basic realm="x", Bearer realm="y",error = "invalid_token"',
            [
                ("Basic", (("realm", "x"),)),
                ("Bearer", (("realm", "y"), ("error", "invalid_token"))),
            ],
        ),
        (r'Bearer realm="a \"b\""', [("Bearer", (("realm", 'a "b"'),))]),
    ],
)
def test_challenges_are_schemes_with_their_parameters(
    value: str, found: list[tuple[str, object]]
) -> None:
    assert [(one.scheme, one.parameters) for one in challenges(value)] == found


def test_the_error_is_that_of_the_bearer_challenge(make_exchange) -> None:
    def told(value: str) -> str | None:
        return challenge_error(make_exchange(status=401, headers={"WWW-Authenticate": value}))

    assert told('Basic error="x", bearer realm="r", error="invalid_token"') == "invalid_token"
    assert told('Bearer error_description="error=x"') is None
    assert told('Basic realm="r", error="x"') is None
    assert bearer(make_exchange(status=401)) is None
    assert challenge_error(make_exchange(status=401)) is None


def test_a_parameter_that_occurs_twice_is_named() -> None:
    given = (("realm", "a"), ("error", "b"), ("realm", "c"))
    assert Challenge("Bearer", given).repeated() == {"realm": 2}


@pytest.mark.parametrize(
    ("value", "rest"),
    [
        ("Bearer", ""),
        ("Bearer, ", ""),
        ('Bearer realm=""', ""),
        ('Negotiate YIIabc==, Basic realm="x", charset="UTF-8"', ""),
        ('Basic realm="o", Negotiate, DPoP algs="ES256"', ""),
        ("", ""),
        ("?", "?"),
        ('Bearer realm=the api, error="x"', 'realm=the api, error="x"'),
        ('Bearer realm="a" error="b"', 'realm="a" error="b"'),
        ('Bearer realm="a', 'realm="a'),
    ],
)
def test_what_is_no_challenge_is_left(value: str, rest: str) -> None:
    assert behind_challenges(value) == rest
