"""Each lie about tokens has a symptom over HTTP, and an honest twin does not show it.

A symptom takes a caller and says whether the lie shows. The tables follow the areas.
"""

import base64
import json
import re
import time
import uuid

import pytest
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet, RSAKey

MESSAGE = "oraclehealth:millennium:message"
RECIPIENT = "oraclehealth:millennium:recipient"
INBOX = "patientMessages/inboxItems?patientId=12700100"
GRANT = {"grant_type": "client_credentials", "scope": MESSAGE}
JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def granted(answer):
    return answer.status_code == 200 and "access_token" in answer.json()


def part(c, index):
    text = c.token().split(".")[index]
    return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def claims(c):
    return part(c, 1)


def lifetime(c):
    return claims(c)["exp"] - claims(c)["iat"]


def body(c):
    return c.ask_token().json()


def form(c, **changes):
    data = {name: value for name, value in {**GRANT, **changes}.items() if value is not None}
    return c.ask_token(data=data)


def pair(c):
    return (c.twin.accounts["system"].client_id, c.twin.accounts["system"].client_secret)


def stranger(c):
    return c.ask_token(auth=(str(uuid.uuid4()), "a-wrong-secret"))


def wrong_secret(c):
    return c.ask_token(auth=(pair(c)[0], "a-wrong-secret"))


def with_header(c, value):
    return c.ask_token(auth=None, headers={"Authorization": value})


def at_tenant(c, tenant):
    return c.ask_token(url=c.token_url().replace(c.twin.accounts["system"].tenant, tenant))


def asserted(c, name="system-es384", *, key=None, kind=JWT_BEARER, **changes):
    known = c.twin.accounts[name]
    family = ECKey if known.algorithm == "ES384" else RSAKey
    stated = {
        "iss": known.client_id,
        "sub": known.client_id,
        "aud": c.token_url(name),
        "exp": int(time.time()) + 300,
        "jti": str(uuid.uuid4()),
        **changes,
    }
    signed = jwt.encode(
        {"alg": known.algorithm, "kid": known.key_id},
        stated,
        key or family.import_key(known.private_key_pem),
        algorithms=["ES384", "RS384"],
    )
    data = {**GRANT, "client_assertion_type": kind, "client_assertion": signed}
    return c.ask_token(name, data=data)


def twice(c):
    known = {"jti": str(uuid.uuid4())}
    return [asserted(c, **known) for _ in range(2)][-1]


def key_set(c, **headers):
    return c.http.get(f"{c.twin.address}/authorization.cerner.com/jwk", headers=headers)


def keys(c):
    return key_set(c).json()["keys"]


def verifies(c):
    try:
        jws.deserialize_compact(c.token(), KeySet.import_key_set(key_set(c).json()), ["ES256"])
    except JoseError:
        return False
    return True


def reason(answer):
    return re.search("errors/([^/]+)/instances/([^?]+)", answer.json()["error_uri"])


def says(code, status=400):
    return lambda answer: (answer.status_code, answer.json()["error"]) == (status, code)


def correlation(answer):
    return answer.headers.get("cerner-correlation-id")


SUCCESS = {
    "token-granted-with-201": lambda c: c.ask_token().status_code == 201,
    "token-type-is-mac": lambda c: body(c)["token_type"] == "mac",
    "expires-in-is-text": lambda c: body(c)["expires_in"] == "570",
    "refresh-token-issued": lambda c: "refresh_token" in body(c),
    "id-token-issued": lambda c: "id_token" in body(c),
    "token-response-lacks-correlation-id": lambda c: correlation(c.ask_token()) is None,
    "correlation-id-repeats": lambda c: correlation(c.ask_token()) == correlation(stranger(c)),
    "scopes-granted-unasked": lambda c: RECIPIENT in body(c)["scope"],
    "token-response-repeats-the-secret": lambda c: pair(c)[1] in c.ask_token().text,
    "es384-assertion-refused": lambda c: not granted(asserted(c)),
    "unknown-token-parameter-refused": lambda c: (
        granted(form(c)) and not granted(form(c, something="else"))
    ),
    "rs384-assertion-refused": lambda c: not granted(asserted(c, "system-rs384")),
}
ACCESS_TOKEN = {
    "token-is-signed-with-hs256": lambda c: (
        part(c, 0)["alg"] == "HS256" and c.get(INBOX).status_code == 200
    ),
    "token-typ-is-at-jwt": lambda c: part(c, 0)["typ"] == "at+jwt",
    "token-is-too-large-for-a-header": lambda c: (
        len(c.token()) > 8000 and c.get(INBOX).status_code == 200
    ),
    "token-claims-name-two-tenants": lambda c: (
        claims(c)["urn:com:cerner:authorization:claims"]["tnt"]
        != claims(c)["urn:cerner:authorization:claims:version:1"]["tenant"]
    ),
    "token-expires-before-it-says": lambda c: lifetime(c) < 570,
    "token-has-no-grace": lambda c: lifetime(c) == 570,
    "token-was-issued-an-hour-ago": lambda c: claims(c)["iat"] < time.time() - 3500,
    "token-issuer-is-the-other-cloud": lambda c: "sandbox" in claims(c)["iss"],
    "token-names-another-client": lambda c: claims(c)["azp"] != pair(c)[0],
    "token-carries-more-scopes-than-granted": lambda c: (
        body(c)["scope"] == MESSAGE
        and RECIPIENT
        in jwt.decode(
            body(c)["access_token"],
            KeySet.import_key_set(key_set(c).json()),
        ).claims["urn:com:cerner:authorization:claims"]["azs"]
    ),
    "token-ids-repeat": lambda c: (
        len({body(c)["access_token"] for _ in range(2)}) == 2
        and len({jti(body(c)["access_token"]) for _ in range(2)}) == 1
    ),
    "two-keys-share-a-kid": lambda c: len({key["kid"] for key in keys(c)}) == 8,
    "key-set-holds-one-generation": lambda c: len(keys(c)) == 3 and verifies(c),
    "key-set-needs-a-credential": lambda c: (
        key_set(c).status_code == 401 and key_set(c, Authorization="Bearer x").status_code == 200
    ),
    "key-set-holds-another-key-of-that-id": lambda c: (
        part(c, 0)["kid"] in {key["kid"] for key in keys(c)} and not verifies(c)
    ),
}
ERRORS = {
    "token-errors-lack-correlation-id": lambda c: correlation(stranger(c)) is None,
    "token-errors-may-be-cached": lambda c: "max-age" in stranger(c).headers["cache-control"],
    "token-errors-come-with-200": lambda c: stranger(c).status_code == 200,
    "token-refusals-lack-challenge": lambda c: "www-authenticate" not in stranger(c).headers,
    "error-uri-leads-to-the-manual": lambda c: reason(stranger(c)) is None,
    "error-uri-hides-the-reason": lambda c: (
        reason(stranger(c))[1] == reason(form(c, scope="x"))[1]
        and reason(stranger(c))[2] != reason(stranger(c))[2]
    ),
    "token-error-repeats-the-credential": lambda c: (
        "Basic bWluZTpvd24=" in with_header(c, "Basic bWluZTpvd24=").text
    ),
    "invalid-client-answered-400": lambda c: says("invalid_client")(stranger(c)),
    "invalid-client-called-unauthorized-client": lambda c: says("unauthorized_client", 401)(
        stranger(c)
    ),
    "unsupported-grant-called-invalid-grant": lambda c: says("invalid_grant")(
        form(c, grant_type="urn:example:no-such-grant")
    ),
    "invalid-scope-called-invalid-request": lambda c: says("invalid_request")(form(c, scope="x")),
    "unknown-tenant-called-invalid-client": lambda c: says("invalid_client")(
        at_tenant(c, str(uuid.uuid4()))
    ),
    "invalid-request-called-invalid-grant": lambda c: says("invalid_grant")(
        form(c, grant_type=None)
    ),
    "unknown-client-told-from-wrong-secret": lambda c: (
        reason(stranger(c))[1] != reason(wrong_secret(c))[1]
    ),
    "missing-credential-accepted": lambda c: (
        granted(c.ask_token(auth=None)) and not granted(with_header(c, "Bearer x"))
    ),
    "malformed-basic-breaks-the-server": lambda c: (
        with_header(c, "Basic bm8tY29sb24=").status_code == 500
    ),
    "bearer-client-accepted": lambda c: (
        granted(with_header(c, "Bearer x")) and not granted(c.ask_token(auth=None))
    ),
    "unknown-client-accepted": lambda c: granted(stranger(c)) and not granted(wrong_secret(c)),
    "credential-in-body-accepted": lambda c: granted(
        c.ask_token(auth=None, data={**GRANT, "client_id": pair(c)[0], "client_secret": pair(c)[1]})
    ),
    "missing-grant-type-accepted": lambda c: granted(form(c, grant_type=None)),
    "any-grant-type-accepted": lambda c: granted(form(c, grant_type="password")),
    "repeated-grant-type-accepted": lambda c: granted(
        form(c, grant_type=["client_credentials", "client_credentials"])
    ),
    "unknown-scope-granted": lambda c: (
        form(c, scope="oraclehealth:millennium:no-such-service").status_code == 200
        and not granted(form(c, scope=f"{MESSAGE},{RECIPIENT}"))
    ),
    "empty-scope-grants-everything": lambda c: granted(form(c, scope="")),
    "comma-separated-scopes-accepted": lambda c: granted(form(c, scope=f"{MESSAGE},{RECIPIENT}")),
    "unknown-tenant-accepted": lambda c: (
        granted(at_tenant(c, str(uuid.uuid4()))) and not granted(at_tenant(c, "not%20one"))
    ),
    "malformed-tenant-accepted": lambda c: (
        granted(at_tenant(c, "not%20one")) and not granted(at_tenant(c, str(uuid.uuid4())))
    ),
    "json-token-request-accepted": lambda c: granted(
        c.http.post(c.token_url(), json=GRANT, auth=pair(c))
    ),
    "token-by-get-granted": lambda c: granted(
        c.http.request("GET", c.token_url(), data=GRANT, auth=pair(c))
    ),
    "unregistered-assertion-key-accepted": lambda c: granted(
        asserted(c, key=ECKey.generate_key("P-384"))
    ),
    "expired-assertion-accepted": lambda c: granted(asserted(c, exp=int(time.time()) - 600)),
    "assertion-audience-ignored": lambda c: granted(asserted(c, aud="https://x.invalid/")),
    "assertion-type-ignored": lambda c: granted(asserted(c, kind="urn:example:other")),
    "assertion-subject-ignored": lambda c: granted(asserted(c, sub=str(uuid.uuid4()))),
    "early-assertion-accepted": lambda c: granted(asserted(c, nbf=int(time.time()) + 240)),
    "replayed-assertion-accepted": lambda c: granted(twice(c)),
}
SYMPTOMS = {**SUCCESS, **ACCESS_TOKEN, **ERRORS}


def jti(token):
    text = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))["jti"]


@pytest.mark.parametrize("name", SYMPTOMS)
def test_the_lie_shows_and_an_honest_twin_does_not_tell_it(name, shows):
    shows(name, SYMPTOMS[name])


def test_a_server_that_lets_strangers_in_does_so_where_nobody_is_registered(calling):
    caller = calling(defects=["unknown-client-accepted", "unknown-tenant-accepted"])
    url = caller.token_url().replace(caller.twin.accounts["system"].tenant, str(uuid.uuid4()))
    assert granted(caller.ask_token(url=url, auth=("nobody", "at-all")))


def test_the_issuer_of_the_sandbox_cloud_is_mistaken_as_well(calling):
    caller = calling(defects=["token-issuer-is-the-other-cloud"])
    text = caller.token("sandbox-cloud").split(".")[1]
    issuer = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))["iss"]
    assert issuer == "https://authorization.cerner.com/"
