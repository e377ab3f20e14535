"""Authlib's authorization server under `-m oauth`: a server that nobody here wrote."""

NAMED = ("key_set_url: ORIGIN/keys", "issuer: ORIGIN")


def test_it_ends_with_a_verdict_and_without_asking_the_api(authlib) -> None:
    with authlib(more=NAMED) as place:
        code, said, summary = place.run("-m", "oauth")
    print(said)
    assert code in (0, 1), said
    assert "api.invalid answered" not in said
