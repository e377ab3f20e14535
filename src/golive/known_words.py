"""Which texts from outside may be shown where data may not: words that can tell of no person.

The codes of the standards and of the facts, Oracle's URNs and key ids by their grammar, media types, caching rules,
and ids that are random by their form. A patient's id is short and decimal, a name is no hexadecimal number, so
neither can pass for such an id. Everything else is somebody's words, and is shown as kind and length.
"""

from __future__ import annotations

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# RFC 6749 §4.1.2.1 and §5.2, RFC 6750 §3.1, RFC 7009 §2.2.1
OAUTH = _words(
    """
    invalid_request invalid_client invalid_grant unauthorized_client unsupported_grant_type invalid_scope
    access_denied unsupported_response_type server_error temporarily_unavailable invalid_token
    insufficient_scope unsupported_token_type
    """
)
# contract-facts §4.2, §4.3 and §5: subcodes of the gateway, its names, and the usual scopes
ORACLE = _words(
    """
    unknown_kid no_scope_for_resource_path tenant_mismatch tenant-mismatch token_expired token_required
    signature_verification_failed insufficient_scopes realm error error_description error_uri code subcode kid
    message details payload header oraclehealth:millennium:message oraclehealth:millennium:recipient
    """
)
# RFC 7515 §4.1, RFC 7518 §3.1 and §5.1, RFC 7617, RFC 6750, RFC 9110 §9
TERMS = _words(
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
SEGMENT = r"(?:[a-z]{2,20}2?(?:[-_](?:[a-z]{2,20}|v[0-9])){0,5})"
URN_TAIL = re.compile(rf"{SEGMENT}(?::{SEGMENT}){{0,5}}")
URN = re.compile(rf"urn:cerner:error:{URN_TAIL.pattern}")
KID = re.compile(
    r"[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]\.[0-9]{3}"
    r"\.(?:ec\.es(?:256|384)|rsa|oct)"
)
UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
RANDOM = rf"(?:{UUID}|(?=[0-9]*[a-fA-F])[0-9a-fA-F]{{16,64}})"
ID = re.compile(rf"/?{RANDOM}(?:/{RANDOM}){{0,3}}")
SHORT_NUMBER = re.compile(r"-?[0-9]{1,4}")
"""As short as what is not looked for in texts either: a status, a lifetime in seconds."""

FORMS = (CACHING, MEDIA_TYPE, URN, KID, ID, SHORT_NUMBER)
LONGEST = 500


def tells_of_nobody(text: str, own: frozenset[str]) -> bool:
    """Tell whether every word of a text is a known one; `own` are the contract's and the environment's words."""
    if len(text) > LONGEST:
        return False
    words = [word for word in re.split("[ ,;]", text) if word]
    return all(
        word in own
        or word in OAUTH
        or word in ORACLE
        or word in TERMS
        or any(form.fullmatch(word) for form in FORMS)
        for word in words
    )
