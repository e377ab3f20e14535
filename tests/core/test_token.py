"""The client-credentials flow, against the twin and against answers made by hand."""

import base64
import json
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import partial
from typing import Any
from urllib.parse import parse_qs

import pytest
from joserfc import jws
from joserfc.jwk import ECKey, RSAKey

from golive.contract.outcomes import CouldNotTellError, SuiteError
from golive.environment import Environment, KeyCredential, Secret
from golive.exchanges.jwt import encoded_part
from golive.exchanges.model import Exchange, Request
from golive.redaction import MARK, redact
from golive.transport.credentials import UnusableKeyError, assertion, basic
from golive.transport.token import NotGrantedError, TokenClient, access_token_of


def claims_in(part: str) -> dict[str, Any]:
    """Decode one part of a JWT, without golive's own reader."""
    return dict(json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))))


class Answering:
    """A client that answers every request with these bodies in turn, the last for ever."""

    def __init__(self, make_exchange: Callable[..., Exchange], *answers: tuple[int, Any]) -> None:
        self.make_exchange, self.answers = make_exchange, list(answers)
        self.sent: list[Request] = []

    def send(self, request: Request, name: str) -> Exchange:
        self.sent.append(request)
        status, body = self.answers[min(len(self.sent), len(self.answers)) - 1]
        return self.make_exchange(body, status=status, name=name, url=request.url)


def test_basic_encodes_both_parts_as_a_form_does_and_protects_them() -> None:
    value = basic("client id", "pa:ss+word/1")
    assert base64.b64decode(value.removeprefix("Basic ")) == b"client+id:pa%3Ass%2Bword%2F1"
    assert redact(f"{value} pa:ss+word/1") == f"Basic {MARK} {MARK}"


def test_a_basic_request_is_the_documented_one(
    tokens: TokenClient, environment: Environment
) -> None:
    request = tokens.request(environment.main_account)
    assert (request.method, request.url) == ("POST", environment.token.url)
    assert request.headers.get("Content-Type") == "application/x-www-form-urlencoded"
    assert request.headers.get("Accept") == "application/json"
    assert (request.headers.get("Authorization") or "").startswith("Basic ")
    assert parse_qs(request.body.decode()) == {
        "grant_type": ["client_credentials"],
        "scope": [" ".join(environment.token.scopes)],
    }


def test_other_scopes_can_be_asked_for(tokens: TokenClient, environment: Environment) -> None:
    request = tokens.request(environment.main_account, ("a", "b"))
    assert b"scope=a+b" in request.body


@pytest.mark.parametrize("name", ["private_key_jwt", "private_key_jwt_rsa"])
def test_a_key_signs_the_assertion_that_smart_asks_for(
    name: str, tokens: TokenClient, environment: Environment
) -> None:
    account = environment.claims.accounts[name]
    request = tokens.request(account)
    form = parse_qs(request.body.decode())
    assert request.headers.get("Authorization") is None
    assert form["client_assertion_type"] == [
        "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    ]
    header, claims = (claims_in(part) for part in form["client_assertion"][0].split(".")[:2])
    assert isinstance(account.credential, KeyCredential)
    assert header == {
        "alg": account.credential.algorithm,
        "kid": account.credential.key_id,
        "typ": "JWT",
    }
    assert claims["iss"] == claims["sub"] == account.credential.client_id
    assert claims["aud"] == account.token_url
    assert claims["exp"] - claims["iat"] == 300
    assert redact(form["client_assertion"][0]) == MARK
    assert tokens.ask(account, "asked").status == 200


def test_each_assertion_is_new(environment: Environment) -> None:
    credential = environment.claims.accounts["private_key_jwt"].credential
    assert isinstance(credential, KeyCredential)
    made = {claims_in(assertion(credential, "https://t").split(".")[1])["jti"] for _ in range(3)}
    assert len(made) == 3


def test_an_assertion_can_have_other_claims_and_be_signed_by_another_key(
    environment: Environment,
) -> None:
    credential = environment.claims.accounts["private_key_jwt"].credential
    assert isinstance(credential, KeyCredential)
    other = ECKey.generate_key("P-384")
    expired = {"exp": int(time.time()) - 600, "jti": None}
    signed = assertion(credential, "https://t", claims=expired, private_key=other)
    claims = claims_in(signed.split(".")[1])
    assert claims["exp"] == expired["exp"]
    assert "jti" not in claims
    assert jws.deserialize_compact(signed, other, algorithms=["ES384"])


def key_credential(text: str, algorithm: str = "ES384") -> KeyCredential:
    return KeyCredential("client", Secret(text), "kid", algorithm)  # type: ignore[arg-type]


def test_a_private_key_can_be_a_json_web_key() -> None:
    key = RSAKey.generate_key(2048)
    signed = assertion(key_credential(json.dumps(key.as_dict(private=True)), "RS384"), "https://t")
    assert jws.deserialize_compact(signed, key, algorithms=["RS384"])


@pytest.mark.parametrize(
    "case",
    [
        *("rsa key for ES384", "P-256 key for ES384", "no key", "broken json", "RS jwk"),
        "jwk of an unknown curve",
    ],
)
def test_a_key_of_the_wrong_kind_is_reported_without_showing_it(case: str) -> None:
    text = {
        "rsa key for ES384": lambda: RSAKey.generate_key(2048).as_pem(private=True).decode(),
        "P-256 key for ES384": lambda: ECKey.generate_key("P-256").as_pem(private=True).decode(),
        "no key": lambda: "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        "broken json": lambda: '{"kty": "EC"',
        "RS jwk": lambda: json.dumps(RSAKey.generate_key(2048).as_dict(private=True)),
        "jwk of an unknown curve": lambda: (
            '{"kty": "EC", "crv": "P-1", "x": "A", "y": "A", "d": "A"}'
        ),
    }[case]()
    with pytest.raises(UnusableKeyError, match=r"^the private key can't sign with ES384 \(\w+\)$"):
        assertion(key_credential(text), "https://t")


def test_an_account_of_a_twin_that_has_not_started_can_ask_for_nothing(
    tokens: TokenClient, named_environment: Environment
) -> None:
    with pytest.raises(SuiteError, match="start the twin first"):
        tokens.request(named_environment.main_account)


# -- grants --------------------------------------------------------------------------------------------------------


def test_one_token_serves_everybody_who_asks(tokens: TokenClient, environment: Environment) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(8) as pool:
        granted = set(
            pool.map(lambda _: tokens.grant(environment.main_account).access_token, range(16))
        )
    assert len(granted) == 1
    assert redact(granted.pop()) == MARK
    assert tokens._client.token_requests == 1


def test_each_account_and_each_set_of_scopes_has_its_own_token(
    tokens: TokenClient, environment: Environment
) -> None:
    main = environment.main_account
    other = environment.claims.accounts["other_tenant"]
    both = replace(main, scopes=(*main.scopes, "oraclehealth:millennium:recipient"))
    assert len({tokens.grant(account).access_token for account in (main, other, both)}) == 3
    assert tokens.grant(other).exchange.name == "token_of_other_tenant"
    assert tokens.grant(main).exchange.name == "token_granted"


@pytest.fixture
def grants(make_exchange, environment: Environment) -> Callable[..., tuple[TokenClient, Answering]]:
    def make(*answers: tuple[int, Any]) -> tuple[TokenClient, Answering]:
        door = Answering(make_exchange, *answers)
        return TokenClient(door), door  # type: ignore[arg-type]

    return make


def test_a_token_is_renewed_ahead_of_its_end(
    grants, environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens, door = grants(
        (200, {"access_token": "first-token-1", "expires_in": 570}),
        (200, {"access_token": "second-token", "expires_in": 570}),
    )
    now = time.monotonic()
    assert tokens.grant(environment.main_account).access_token == "first-token-1"
    monkeypatch.setattr(time, "monotonic", lambda: now + 505)
    assert tokens.grant(environment.main_account).access_token == "first-token-1"
    monkeypatch.setattr(time, "monotonic", lambda: now + 515)
    assert tokens.grant(environment.main_account).access_token == "second-token"
    assert len(door.sent) == 2


@pytest.mark.parametrize(("lived", "asked"), [(0, 1), (530, 2)])
def test_a_token_that_is_granted_again_lives_no_longer_than_it_says(
    grants, environment, monkeypatch: pytest.MonkeyPatch, lived: int, asked: int
) -> None:
    """Its `exp` counts by the clock of the server that granted it, wherever golive's own stands."""
    issued = 1_500_000_000
    date = format_datetime(datetime.fromtimestamp(issued + lived, UTC), usegmt=True)
    token = ".".join(
        encoded_part(part) for part in ({"alg": "ES256"}, {"exp": issued + 600}, {"sub": "x"})
    )
    tokens, door = grants((200, {"access_token": token, "expires_in": 570}))
    door.make_exchange = partial(door.make_exchange, headers={"Date": date})
    now = time.monotonic()
    tokens.grant(environment.main_account)
    monkeypatch.setattr(time, "monotonic", lambda: now + 60)
    tokens.grant(environment.main_account)
    assert len(door.sent) == asked


def test_a_token_can_be_forgotten(grants, environment) -> None:
    tokens, door = grants((200, {"access_token": "first-token-1", "expires_in": 570}))
    tokens.forget(environment.main_account)
    tokens.grant(environment.main_account)
    tokens.forget(environment.main_account)
    tokens.grant(environment.main_account)
    assert len(door.sent) == 2


@pytest.mark.parametrize(
    "lifetime", [None, 0, -5, "570", True, 1e300, pytest.param(10**300, id="huge")]
)
def test_an_odd_lifetime_does_not_cost_a_token_for_each_request(
    grants, environment, lifetime: Any
) -> None:
    body = {"access_token": "first-token-1"} | (
        {} if lifetime is None else {"expires_in": lifetime}
    )
    tokens, door = grants((200, body))
    for _ in range(3):
        tokens.grant(environment.main_account)
    assert len(door.sent) == 1


def test_a_refusal_is_not_asked_for_again(grants, environment) -> None:
    tokens, door = grants((401, {"error": "invalid_client"}))
    for _ in range(2):
        with pytest.raises(NotGrantedError) as raised:
            tokens.grant(environment.main_account)
    assert len(door.sent) == 1
    assert raised.value.exchange.status == 401
    assert (
        raised.value.cause == "the token endpoint granted no token to the environment (status 401)"
    )
    assert isinstance(raised.value, CouldNotTellError)


@pytest.mark.parametrize(
    "body", [b"<html>", {}, {"access_token": ""}, {"access_token": 5}, [], None]
)
def test_a_success_without_a_token_grants_nothing(grants, environment, body: Any) -> None:
    tokens, _ = grants((200, body))
    with pytest.raises(NotGrantedError):
        tokens.grant(environment.main_account)


def test_every_secret_of_an_answer_is_protected(grants, environment) -> None:
    body = {
        "access_token": "a-token-value",
        "refresh_token": "r-token-value",
        "id_token": "i-token-value",
        "scope": 5,
    }
    tokens, _ = grants((400, body))
    tokens.ask(environment.main_account, "asked")
    assert redact("a-token-value r-token-value i-token-value") == f"{MARK} {MARK} {MARK}"


def test_the_token_of_an_exchange_is_a_text_or_nothing(make_exchange) -> None:
    assert access_token_of(make_exchange({"access_token": "t"})) == "t"
    assert access_token_of(make_exchange(b"no json")) is None
