"""Answers to requests that a run never makes, but a person does: parsed to fields, and each with its cause."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from golive.diagnosis.causes import diagnose
from golive.diagnosis.fields import (
    place_fields,
    tenant_fields,
    token_fields,
    version_fields,
)
from golive.diagnosis.response_fields import answer_fields, clock_fields, shape_of
from golive.diagnosis.scopes import grant_fields, scope_fields
from golive.diagnosis.spelling import credential_shape, shape_place
from golive.environment import KeyCredential, Secret
from golive.exchanges.headers import Headers
from golive.exchanges.model import Exchange, Request, Response
from golive.transport.credentials import assertion
from golive.transport.token import ASSERTION_TYPE

if TYPE_CHECKING:
    from .conftest import Place

MESSAGE = "oraclehealth:millennium:message"
FORM = {"grant_type": "client_credentials", "scope": MESSAGE}
SENT = datetime(2026, 8, 15, 12, 0, tzinfo=UTC)


def exchange_of(answer: httpx.Response) -> Exchange:
    request = Request(answer.request.method, str(answer.request.url))
    headers = Headers.of(answer.headers.multi_items())
    return Exchange("x", request, Response(answer.status_code, headers, answer.content), SENT, 0.1)


def made(status: int, body: object, **headers: str) -> Exchange:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = Headers.of({name.replace("_", "-"): value for name, value in headers.items()})
    return Exchange("x", Request("GET", "https://host/x"), Response(status, named, raw), SENT, 0.1)


def post(place: Place, form: dict[str, str], **more: Any) -> Exchange:
    return exchange_of(httpx.post(place.environment.token.url, data=form, trust_env=False, **more))


def cause_of(exchange: Exchange, stage: str, **known: object) -> str:
    return diagnose({**answer_fields(exchange), **known, "stage": stage}, ()).id


def pair(place: Place) -> tuple[str, str]:
    account = place.twin.accounts["system"]
    return account.client_id, account.client_secret or ""


def signed(place: Place, audience: str | None = None, **options: Any) -> dict[str, str]:
    account = place.twin.accounts["system-es384"]
    key = KeyCredential(
        account.client_id, Secret(account.private_key_pem or ""), account.key_id or "", "ES384"
    )
    text = assertion(key, audience or place.environment.token.url, **options)
    return {**FORM, "client_assertion_type": ASSERTION_TYPE, "client_assertion": text}


@pytest.mark.parametrize(
    ("headers", "extra", "authentication", "cause"),
    [
        ({"Authorization": "Bearer abc"}, {}, "bearer", "credential-as-bearer"),
        ({}, {"client_id": "a", "client_secret": "b"}, "body", "credential-in-body"),
        ({}, {}, "none", "credential-missing"),
        (
            {"Authorization": "Basic ###"},
            {},
            "client_secret_basic",
            "authorization-header-malformed",
        ),
        ({"Authorization": "Basic YTpi"}, {"client_secret": "b"}, "several", "two-credentials"),
        ({"Authorization": "Basic YTpi"}, {}, None, "pair-not-accepted"),
    ],
)
def test_a_credential_in_the_wrong_place_is_reported(
    honest: Place, headers: dict[str, str], extra: dict[str, str], authentication: str, cause: str
) -> None:
    answer = post(honest, {**FORM, **extra}, headers=headers)
    assert cause_of(answer, "token", client_authentication=authentication) == cause


def test_a_token_request_that_is_none_is_reported(honest: Place) -> None:
    url = honest.environment.token.url
    grant = post(honest, {"grant_type": "password", "scope": MESSAGE}, auth=pair(honest))
    assert cause_of(grant, "token") == "wrong-grant-type"
    body = httpx.post(url, json=FORM, auth=pair(honest), trust_env=False)
    assert cause_of(exchange_of(body), "token") == "token-request-not-a-form"
    got = httpx.get(url, params=FORM, auth=pair(honest), trust_env=False)
    assert cause_of(exchange_of(got), "token") == "token-request-not-posted"


def test_an_assertion_that_is_refused_is_reported_by_its_claim(honest: Place) -> None:
    assert (
        cause_of(post(honest, signed(honest, claims={"exp": int(time.time()) - 60})), "token")
        == "assertion-expired"
    )
    other = post(honest, signed(honest, "https://elsewhere.example/token"))
    assert cause_of(other, "token") == "assertion-for-another-audience"
    twice = signed(honest)
    assert post(honest, twice).status == 200
    assert cause_of(post(honest, twice), "token") == "assertion-refused"


def test_what_the_api_refuses_is_reported(honest: Place) -> None:
    base = honest.environment.api.base_url
    granted = post(honest, FORM, auth=pair(honest)).json["access_token"]
    bearer = {"Authorization": f"Bearer {granted}"}

    def get(path: str, headers: dict[str, str]) -> Exchange:
        return exchange_of(httpx.get(base + path, headers=headers, trust_env=False))

    inbox = "/20241001/patientMessages/inboxItems?patientId=12700100"
    assert cause_of(get(inbox, {}), "api") == "token-missing"
    assert (
        cause_of(get(inbox, {"Authorization": "Bearer x.y.z"}), "api")
        == "token-refused-for-a-named-reason"
    )
    expired = {"Authorization": f"Bearer {honest.twin.tokens['expired-token']}"}
    assert cause_of(get(inbox, expired), "api") == "token-expired"
    older = get(inbox.replace("20241001", "20230101"), bearer)
    assert cause_of(older, "api", **version_fields("20230101")) == "api-version-unknown"
    assert cause_of(older, "api") == "not-found"


def test_content_that_can_t_be_converted_is_reported(honest: Place) -> None:
    granted = post(honest, FORM, auth=pair(honest)).json["access_token"]
    message = {
        "patientId": "12700400",
        "content": "<div>a fragment</div>",
        "messageSender": {"id": "12700400", "type": "PERSON"},
        "recipients": [{"id": "4463007", "type": "PERSONNEL"}],
    }
    url = honest.environment.api.base_url + "/20241001/patientMessages/sentItems"
    answer = httpx.post(
        url, json=message, headers={"Authorization": f"Bearer {granted}"}, trust_env=False
    )
    assert cause_of(exchange_of(answer), "api") == "content-refused"


URI = "https://authorization.cerner.com/errors/urn%3Acerner%3Aerror%3Aauthorization-server%3A{}/instances/i?client=unknown"
UNKNOWN_KID = (
    'code="urn:cerner:error:oauth2:resource-access:signature-verification-failed", error="invalid_token", '
    'subcode="unknown_kid", kid="2025-09-09T02:40:05.718.ec.es256"'
)


@pytest.mark.parametrize(
    ("stage", "exchange", "known", "cause"),
    [
        ("token", made(401, {"error": "invalid_client", "error_uri": URI.format("oauth2%3Atoken%3Aterminated-client")}),
         {}, "client-terminated"),
        ("token", made(400, {"error_uri": URI.format("oauth2%3Atoken%3Ainvalid_authorization_header")}),
         {}, "authorization-header-malformed"),
        ("token", made(400, {"error": "unauthorized_client"}), {}, "unregistered-scope"),
        ("api", made(401, {"code": 401, "message": UNKNOWN_KID}),
         place_fields("https://authorization.sandboxcerner.com/tenants/t/hosts/api.cernermillennium.com/p",
                      "https://api.cernermillennium.com/t/message", "t"), "wrong-cloud"),
        ("api", made(401, {"code": 401, "message": UNKNOWN_KID}), {}, "unknown-key-of-unknown-cloud"),
        ("api", made(403, b"Tenant not valid or accessible", Content_Type="text/plain"), {}, "tenant-not-accessible"),
        ("api", made(401, {}), {"tenants": "differ"}, "tenant-mismatch"),
        ("api", made(407, b"<html>proxy</html>"), {}, "error-page"),
        ("claimed", made(404, {}), {"claimed": True}, "claimed-operation-refused"),
        ("api", made(418, {"odd": 1}), {}, "unknown"),
    ],
)  # fmt: skip
def test_an_answer_that_was_seen_elsewhere_has_its_cause(
    stage: str, exchange: Exchange, known: dict[str, Any], cause: str
) -> None:
    assert cause_of(exchange, stage, **known) == cause


# -- fields ------------------------------------------------------------------------------------------------------


def test_the_key_of_an_error_is_read_from_its_message() -> None:
    found = answer_fields(made(401, {"code": 401, "message": UNKNOWN_KID}))
    assert (found["subcode"], found["kid"]) == ("unknown_kid", "2025-09-09T02:40:05.718.ec.es256")
    assert (found["urn"], found["media"]) == ("signature-verification-failed", "json")


def test_the_challenge_is_read_where_there_is_no_body() -> None:
    said = 'Bearer realm="h", error="invalid_token", error_description="Invalid issuer"'
    found = answer_fields(made(401, b"", WWW_Authenticate=said))
    assert (found["error"], found["media"]) == ("invalid_token", "none")


@pytest.mark.parametrize(
    ("client_id", "secret", "shape"),
    [
        ("3a5e58c6-51ad-4d4f-9b8b-0d4b8e4a3c11", "a-secret", "ok"),
        ("a", "a-secret ", "surrounding-whitespace"),
        ("a", "Basic YTpi", "base64-pair"),
        ("b", "YTpi", "id-malformed"),  # decodes to a pair, of another client that looks like no id
        ("b", "w7bDpA==", "id-malformed"),
        ("a-secret", "3a5e58c6-51ad-4d4f-9b8b-0d4b8e4a3c11", "swapped"),
        ("3a5e58c6-51ad-4d4f-9b8b-0d4b8e4a3c11", "a%2Bsecret", "percent-encoded"),
        ("3a5e58c6-51ad-4d4f-9b8b-0d4b8e4a3c11", "a 100% secret", "ok"),
        ("3a5e58c6-51ad-4d4f-9b8b-0d4b8e4a3c11", '"a-secret"', "quoted"),
        ("3a5e58c6-51ad-4d4f-9b8b-0d4b8e4a3c11", 'a-"secret', "ok"),
        ("3a5e58c6-51ad-4d4f-9b8b-0d4b8e4a3c11", "Bearer a-secret", "with-scheme"),
        ("3a5e58c6-51ad-4d4f-9b8b-0d4b8e4a3c11", "a-se\ncret", "line-wrapped"),
    ],
)
def test_a_credential_is_known_by_its_shape(client_id: str, secret: str, shape: str) -> None:
    assert credential_shape(client_id, secret) == shape


def test_what_is_not_given_is_not_shown() -> None:
    assert place_fields(None, None, None)["clouds"] is None


def test_the_hosts_segment_is_compared_with_no_address_of_this_machine():
    asked = "http://localhost:1/tenants/t/hosts/api.cernermillennium.com/p"
    assert place_fields(asked, "http://127.0.0.1:2/t/message", "t")["hosts_segment"] is None
    assert place_fields(asked, "https://other.example/t/message", "t")["hosts_segment"] == "other"
    assert version_fields(None) == {"version": None}
    assert grant_fields(["a"], None) == {}
    assert token_fields("no token", None, SENT) == {}
    assert grant_fields(["a", "b"], "c")["scope"] == "none"
    assert scope_fields([])["asked"] is None


@pytest.mark.parametrize(
    ("date", "told"),
    [
        ("Sat, 15 Aug 2026 12:00:00 GMT", "ok"),
        ("Sat, 15 Aug 2026 11:00:00 GMT", "60 minutes ahead of"),
        ("Sat, 15 Aug 2026 12:05:00 -0000", "5 minutes behind"),
        ("Wed, 19 Aug 2026 12:00:00 GMT", "4 days behind"),
        ("yesterday", None),
        ("", None),
    ],
)
def test_the_clocks_are_compared(date: str, told: str | None) -> None:
    found = clock_fields(made(200, {}, Date=date))
    assert found.get("skew", found.get("clock")) == told


@pytest.mark.parametrize(
    ("exchange", "shape"),
    [
        (made(400, {"code": 1, "a": None, "b": [], "c": {}, "d": True}),
         "a JSON object with code: number, a: null, b: list, c: object, d: truth value (51 bytes)"),
        (made(400, {}), "a JSON object with no members (2 bytes)"),
        (made(400, [1]), "JSON, list (3 bytes)"),
        (made(400, b""), "no body"),
        (made(400, b"plain"), "no Content-Type, 5 bytes"),
    ],
)  # fmt: skip
def test_an_unknown_body_is_shown_by_its_form_alone(exchange: Exchange, shape: str) -> None:
    assert shape_of(exchange) == shape


def test_a_token_is_read_with_its_time_and_its_issuer(honest: Place) -> None:
    granted = post(honest, FORM, auth=pair(honest)).json["access_token"]
    tenant = honest.environment.tenant
    now = token_fields(granted, tenant, datetime.now(UTC), {"keys": []})
    assert (now["token_time"], now["tenants"], now["issuer_cloud"]) == ("ok", "same", "production")
    assert now["kid_known_to_token_host"] is False
    assert token_fields(granted, "t", datetime(2090, 1, 1, tzinfo=UTC))["token_time"] == "expired"
    assert token_fields(granted, "t", datetime(2020, 1, 1, tzinfo=UTC))["token_time"] == "not-yet"


@pytest.mark.parametrize(
    ("secret", "place"),
    [
        ("ab%2Bcd", "character 3 of the 7 of the secret"),
        ("'abcd'", "character 1 of the 6 of the secret"),
        ("abc\ndef", "character 4 of the 7 of the secret"),
    ],
)
def test_the_odd_part_of_a_secret_is_shown_by_its_place_alone(secret: str, place: str) -> None:
    client = "3a5e58c6-51ad-4d4f-9b8b-0d4b8e4a3c11"
    assert shape_place(client, secret, credential_shape(client, secret)) == place


@pytest.mark.parametrize(
    ("tenant", "words"),
    [
        ("3a5e58c6-51ad-4d4f-9b8b-0d4b8e4a3c1", "35 characters, 1 too few"),
        ("3a5e58c6-51ad-4d4f-9b8b-0d4b8e4a3c11m", "37 characters, 1 too many"),
        ("3a5e58c6-51ad-4d4f-9b8b-0d4b8e4a3c1g", "36 characters, of which number 36 is no hexadecimal digit"),
    ],
)  # fmt: skip
def test_a_tenant_with_a_slip_is_described_by_its_length(tenant: str, words: str) -> None:
    found = diagnose({"stage": "urls", **tenant_fields(tenant)}, ())
    assert found.id == "malformed-tenant"
    assert words in found.cause
    assert "ec2458f2" not in f"{found.cure} {found.change}"  # no other tenant is written for it


@pytest.mark.parametrize(
    ("token_url", "base_url", "defect"),
    [
        ("https://authorization.cerner.com/tenants/t/protocols/oauth2/profiles/smart-v2/token", None, "smart-v2"),
        ("https://authorization.cerner.com/tenants/t/personas/provider/authorize", None, "authorize"),
        ("https://authorization.cerner.com/tenants/t/protocols/oauth2/profiles/smart-v1", None, "no-token-step"),
        ("https://authorization.cerner.com//tenants/t/protocols/oauth2/profiles/smart-v1/token", None, "double-slash"),
        ("https://fhir-ehr-code.cerner.com/r4/t/token", None, "token-at-api"),
        (None, "https://api.cernermillennium.com/t/message/20241001/20241001", "doubled-version"),
        (None, "https://api.cernermillennium.com/t//message", "double-slash"),
        ("https://authorization.cerner.com/tenants/t/protocols/oauth2/profiles/smart-v1/token", None, None),
        ("https://login.h.example/smart-v2//authorize", None, None),  # another server's paths are its own
    ],
)  # fmt: skip
def test_the_form_of_a_url_shows_what_is_wrong_with_it(
    token_url: str | None, base_url: str | None, defect: str | None
) -> None:
    assert place_fields(token_url, base_url, "t")["url_defect"] == defect
