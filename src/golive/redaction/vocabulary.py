"""Which texts from outside may be shown where data may not: words that can identify no person.

The codes of the standards and of the facts, URNs that are made of such words, key ids by their grammar, media types,
caching rules, and ids that are random by their form. A patient's id is short and decimal, a name is no hexadecimal
number, so neither can pass for such an id. Everything else is somebody's words, and is shown as kind and length.
"""

from __future__ import annotations

import re


def words(text: str) -> frozenset[str]:
    """Return the words of a text that lists them."""
    return frozenset(text.split())


# RFC 6749 §4.1.2.1 and §5.2, RFC 6750 §3.1, RFC 7009 §2.2.1
OAUTH = words(
    """
    invalid_request invalid_client invalid_grant unauthorized_client unsupported_grant_type invalid_scope
    access_denied unsupported_response_type server_error temporarily_unavailable invalid_token
    insufficient_scope unsupported_token_type
    """
)
# contract-facts §4.2, §4.3 and §5: subcodes of the gateway, its names, and the usual scopes
ORACLE = words(
    """
    unknown_kid no_scope_for_resource_path tenant_mismatch tenant-mismatch token_expired token_required
    signature_verification_failed insufficient_scopes realm error error_description error_uri code subcode kid
    message details payload header oraclehealth:millennium:message oraclehealth:millennium:recipient
    """
)
# RFC 7515 §4.1, RFC 7518 §3.1 and §5.1, RFC 7617, RFC 6750, RFC 9110 §9
TERMS = words(
    """
    JWT JWS JWE at+jwt none ES256 ES384 ES512 RS256 RS384 RS512 PS256 PS384 HS256 HS384 HS512 dir A128CBC-HS256
    DEF Bearer bearer Basic basic DPoP GET POST PUT PATCH DELETE HEAD OPTIONS true false null
    """
)
# RFC 9111 §5.2, §5.4
CACHING = re.compile(
    r"no-store|no-cache|no-transform|private|public|immutable|must-revalidate|proxy-revalidate"
    r"|(?:max-age|s-maxage)=[0-9]{1,9}"
)
MEDIA_TYPE = re.compile(
    r"application/(?:(?:(?:problem|fhir|scim|hal|ld|soap|xhtml)\+)?(?:json|xml)|jwk-set\+json|x-www-form-urlencoded|octet-stream|pdf|jwt)"
    r"|text/(?:html|plain|xml|csv|css|javascript)|charset=[a-zA-Z0-9-]{1,12}|image/(?:png|gif|jpeg)"
)
# The words of which the URNs and subcodes of contract-facts §4.2, §4.3 and §5 are made, and their neighbours in the
# RFCs. A name in their grammar (`jane-doe`) is none of them.
REASONS = words(
    """
    a access account algorithm allowed an and assertion at aud audience authentication authorization bad bearer before
    body cannot claim claims client clients closed cloud code codes configured content credential credentials denied
    disabled does domain duplicate empty enabled encrypted error errors exceeded exist exp expired failed failure for
    forbidden form format found future gateway grant granted has header headers host iat id identity in insufficient
    internal invalid is iss issued issuer jku jti jwe jwk jwks jws jwt key kid launch length limit limited malformed
    many match media method methods mismatch mismatched missing multiple nbf no nonce not null oauth oauth2 of on one
    only or origin parameter parameters parse patient path permission permitted persona present profile profiles
    protocol public quota rate redirect refresh registered replay replayed request requests required requires resource
    response revoked scenario scope scopes secret server service session sessions signature signed size smart sub
    subject supported suspended syntax system tenant terminated testing the throttled timeout to token tokens too
    type unauthorized unavailable unexpected unknown unsigned unspecified unsupported uri url use used user uuid valid
    validation value verification verified version wrong x5u yet
    """
)
URN_BEGINNING = "urn:cerner:error:"
KID = re.compile(
    r"[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]\.[0-9]{3}"
    r"\.(?:ec\.es(?:256|384)|rsa|oct)"
)
UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
RANDOM = rf"(?:{UUID}|(?=[0-9]*[a-fA-F])[0-9a-fA-F]{{16,64}})"
ID = re.compile(rf"/?{RANDOM}(?:/{RANDOM}){{0,3}}")
VERSION = re.compile("v?[0-9]")
SHORT_NUMBER = re.compile(r"-?[0-9]{1,4}")
"""As short as what is not looked for in texts either: a status, a lifetime in seconds."""

FORMS = (CACHING, MEDIA_TYPE, KID, ID, SHORT_NUMBER)
LONGEST = 500


def is_reason(text: str) -> bool:
    """Return whether a text is words of reasons alone, with `:`, `-` or `_` between them, as the ends of URNs are."""
    parts = re.split("[:_-]", text)
    return len(text) <= LONGEST and all(
        word in REASONS or (VERSION.fullmatch(word) and at > 0) for at, word in enumerate(parts)
    )


def tells_of_nobody(text: str, own: frozenset[str]) -> bool:
    """Return whether every word of a text is a known one; `own` are the contract's and the environment's words."""
    if len(text) > LONGEST:
        return False
    parts = [word for word in re.split("[ ,;]", text) if word]
    return all(
        word in own
        or word in OAUTH
        or word in ORACLE
        or word in TERMS
        or (word.startswith(URN_BEGINNING) and is_reason(word.removeprefix(URN_BEGINNING)))
        or any(form.fullmatch(word) for form in FORMS)
        for word in parts
    )
