"""One change to a valid request, and nothing else."""

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs

import pytest

from golive.contract.catalogue import ErrorCase
from golive.contract.label import Basis, Level
from golive.contract.outcomes import CouldNotTellError, NotClaimedError, SuiteError
from golive.environment import Environment
from golive.exchanges.headers import Headers
from golive.exchanges.jwt import read
from golive.exchanges.model import Exchange, Request
from golive.redaction import MARK, redact
from golive.refusals.access_tokens import by_cookies
from golive.refusals.changes import changed
from golive.refusals.credentials import respelled
from golive.refusals.request_parts import Situation
from golive.transport.api import MessagesApi
from golive.transport.token import TokenClient
from golive.twin import Twin

Change = Callable[..., Request]


@pytest.fixture
def case() -> Callable[..., ErrorCase]:
    def make(
        change: dict[str, Any], *, base: str = "inbox", claims: tuple[str, ...] = ()
    ) -> ErrorCase:
        pair = next(iter(change.items()))
        return ErrorCase(
            "a-case", "A.", "access", base, pair, {}, frozenset(), Level.MUST, Basis.STANDARD, "x", claims
        )  # fmt: skip

    return make


@pytest.fixture
def change(case, environment: Environment, contract, tokens: TokenClient) -> Change:
    def apply(
        request: Request,
        given: dict[str, Any],
        *,
        where: Environment | None = None,
        granted: Exchange | None = None,
        **options: Any,
    ) -> Request:
        values = {"patient": "1270", "granted": granted}
        situation = Situation(where or environment, contract, tokens, values)
        return changed(case(given, **options), request, situation)

    return apply


@pytest.fixture
def inbox(api: MessagesApi) -> Request:
    return api.request("listInboxItems", query={"patientId": "1270", "limit": "1000"})


@pytest.fixture
def asking(tokens: TokenClient, environment: Environment) -> Request:
    return tokens.request(environment.main_account)


def form(request: Request) -> dict[str, list[str]]:
    return parse_qs(request.body.decode(), keep_blank_values=True)


# -- plain changes -----------------------------------------------------------------------------------------------


def test_headers_are_removed_and_set(change: Change, inbox: Request) -> None:
    assert change(inbox, {"remove-header": "accept"}).headers.get("Accept") is None
    assert change(inbox, {"set-header": {"ACCEPT": "text/plain"}}).headers.all("accept") == (
        "text/plain",
    )


def test_parameters_of_the_query_are_removed_set_and_repeated(
    change: Change, inbox: Request
) -> None:
    assert change(inbox, {"remove-parameter": "patientId"}).query == (("limit", "1000"),)
    made = change(inbox, {"set-parameter": {"limit": 10, "shouldLoadOrganizationSummary": True}})
    assert made.query == (
        ("patientId", "1270"),
        ("limit", "10"),
        ("shouldLoadOrganizationSummary", "true"),
    )
    made = change(inbox, {"repeat-parameter": {"patientId": ["{patient}", "2"]}})
    assert made.query == (("limit", "1000"), ("patientId", "1270"), ("patientId", "2"))
    assert made.headers == inbox.headers


def test_parameters_of_a_token_request_stand_in_its_form(change: Change, asking: Request) -> None:
    assert "grant_type" not in form(change(asking, {"remove-parameter": "grant_type"}))
    assert form(change(asking, {"set-parameter": {"scope": ""}}))["scope"] == [""]
    made = change(asking, {"repeat-parameter": {"grant_type": ["a", "a"]}})
    assert form(made)["grant_type"] == ["a", "a"]
    assert made.url == asking.url


def test_members_of_a_body_are_removed_and_set_by_pointer(change: Change) -> None:
    body = {"a/b": 1, "list": [{"id": "1", "x": 2}], "keep": None}
    request = Request("POST", "https://h/x", body=json.dumps(body).encode())
    assert json.loads(change(request, {"remove-member": "/a~1b"}).body) == {
        "list": body["list"],
        "keep": None,
    }
    removed = json.loads(change(request, {"remove-member": "/list/0/x"}).body)
    assert removed["list"] == [{"id": "1"}]
    assert json.loads(change(request, {"remove-member": "/list/0"}).body)["list"] == []
    made = json.loads(
        change(request, {"set-member": {"/list/0/id": "{patient}", "/new": [1]}}).body
    )
    assert (made["list"][0]["id"], made["new"]) == ("1270", [1])


def test_bodies_methods_and_paths_are_replaced(
    change: Change, inbox: Request, asking: Request, environment
) -> None:
    made = change(asking, {"json-body": {"grant_type": "x"}})
    assert (made.headers.get("Content-Type"), json.loads(made.body)) == (
        "application/json",
        {"grant_type": "x"},
    )
    made = change(asking, {"raw-body": "{broken"})
    assert (made.body, made.headers) == (b"{broken", asking.headers)
    assert change(inbox, {"method": "DELETE"}).method == "DELETE"
    base = f"{environment.api.base_url}/20241001/"
    assert change(inbox, {"path": "/no/such"}).url == f"{base}no/such?patientId=1270&limit=1000"
    bare = Request("GET", base, operation="listInboxItems")
    assert change(bare, {"path": "no/such"}).url == f"{base}no/such"


def test_the_tenant_in_the_url_is_replaced_once(
    change: Change, inbox: Request, environment: Environment
) -> None:
    made = change(inbox, {"tenant": "unknown"})
    assert made.url == inbox.url.replace(environment.tenant, f"{environment.tenant[:-1]}c")
    assert "/not-a-tenant%20id/" in change(inbox, {"tenant": "malformed"}).url
    assert "/literal/" in change(inbox, {"tenant": "literal"}).url
    with pytest.raises(NotClaimedError, match=r"^api\.base_url$"):
        change(Request("GET", "https://h/without"), {"tenant": "unknown"})


def test_nobodys_tenant_differs_from_the_own_one_at_its_end_or_at_its_beginning(
    change: Change, inbox: Request, environment: Environment
) -> None:
    own = environment.tenant
    asked = {
        name: change(replace(inbox, operation=name), {"tenant": "unknown"}).url.split("/")[4]
        for name in ("getMessage", "listInboxItems", "listSentItems", "listGroupInboxes")
    }
    assert set(asked.values()) == {f"{own[:-1]}c", f"f{own[1:]}"}


def test_nobodys_tenant_is_unlike_an_own_one_that_is_no_uuid(
    change: Change, inbox: Request, environment: Environment
) -> None:
    named = replace(inbox, url=inbox.url.replace(environment.tenant, "north"))
    made = change(named, {"tenant": "unknown"}, where=replace(environment, tenant="north"))
    assert "/00000000-0000-4000-8000-000000000000/" in made.url


@pytest.mark.parametrize(
    ("way", "written"),
    [("encoded-tenant", "%65c2458f2-"), ("other-tenant", "{other}")],
)
def test_without_a_token_the_tenant_is_written_otherwise(
    way: str, written: str, change: Change, inbox: Request, environment: Environment
) -> None:
    other = environment.claims.accounts["other_tenant"].tenant
    made = change(inbox, {"without-token-by": way})
    assert f"/{written.format(other=other)}" in made.url
    assert environment.tenant not in made.url
    assert "Authorization" not in made.headers


def test_a_body_that_is_no_json_comes_without_a_token(change: Change, inbox: Request) -> None:
    asked = replace(inbox, method="POST", body=b'{"status": "OPENED"}')
    made = change(asked, {"without-token-by": "malformed-body"})
    assert (made.body, made.headers.get("Authorization")) == (b"{", None)


def test_a_parameter_is_sent_twice_as_it_is_or_under_another_name(
    change: Change, asking: Request
) -> None:
    twice = form(change(asking, {"send-twice": "scope"}, base="token"))
    assert twice["scope"] == form(asking)["scope"] * 2
    renamed = form(change(asking, {"rename-parameter": {"scope": "Scope"}}, base="token"))
    assert renamed == {
        "grant_type": ["client_credentials"],
        "Scope": form(asking)["scope"],
    }


@pytest.mark.parametrize(
    "url",
    [
        "https://login.example.org/oauth/token",
        "https://api.cernermillennium.com/oauth2/{tenant}/token",
    ],
)
def test_no_other_tenant_is_asked_for_where_the_token_url_has_none_or_shares_the_api_s_host(
    change: Change, asking: Request, environment: Environment, url: str
) -> None:
    url = url.replace("{tenant}", environment.tenant)
    base = f"https://api.cernermillennium.com/{environment.tenant}/message"
    where = replace(
        environment,
        token=replace(environment.token, url=url),
        apis={"messages": replace(environment.api, base_url=base)},
    )
    with pytest.raises(NotClaimedError, match=r"^token\.url$"):
        change(replace(asking, url=url), {"tenant": "unknown"}, where=where)


@pytest.mark.parametrize("given", [{"credential": "in-query"}, {"form-in-query": "POST"}])
def test_where_the_token_endpoint_is_at_the_api_s_host_its_url_stays_as_it_is(
    change: Change, asking: Request, environment: Environment, given
) -> None:
    url = "https://api.cernermillennium.com/oauth2/token"
    base = f"https://api.cernermillennium.com/{environment.tenant}/message"
    where = replace(
        environment,
        token=replace(environment.token, url=url),
        apis={"messages": replace(environment.api, base_url=base)},
    )
    with pytest.raises(NotClaimedError, match=r"^token\.url$"):
        change(replace(asking, url=url), given, where=where)
    assert change(replace(asking, url=url), {"form-in-query": "GET"}, where=where).query


def test_a_tenant_that_is_a_word_of_the_path_as_well_is_replaced_as_a_whole_segment(
    change: Change, asking: Request, environment: Environment
) -> None:
    url = "https://login.example.org/oauth2/v2/auth/token"
    where = replace(environment, tenant="auth", token=replace(environment.token, url=url))
    made = change(replace(asking, url=url), {"tenant": "literal"}, where=where)
    assert made.url == "https://login.example.org/oauth2/v2/literal/token"


@pytest.mark.parametrize(
    "given",
    [
        {"remove-header": "X-Absent"},
        {"remove-parameter": "absent"},
        {"set-parameter": {"limit": 1000}},
        {"method": "GET"},
    ],
)
def test_a_change_that_changes_nothing_is_the_suite_s_mistake(
    change: Change, inbox: Request, given
) -> None:
    with pytest.raises(SuiteError, match="a-case: the change changes nothing"):
        change(inbox, given)


def test_a_value_that_a_request_already_has_can_not_be_the_other_one(
    change: Change, inbox: Request
) -> None:
    with pytest.raises(
        CouldNotTellError, match="a-case changes nothing here: its set-header gives"
    ):
        change(
            change(inbox, {"set-header": {"X-Patient": "1270"}}),
            {"set-header": {"X-Patient": "{patient}"}},
        )


def test_a_server_that_grants_another_account_the_same_token_leaves_its_row_open(
    change: Change, inbox: Request, environment
) -> None:
    accounts = {**environment.claims.accounts, "other_tenant": environment.main_account}
    same = replace(environment, claims=replace(environment.claims, accounts=accounts))
    with pytest.raises(CouldNotTellError, match="granted the same access token"):
        change(inbox, {"token": "other-tenant"}, where=same)


def test_another_method_needs_leave_to_write(
    change: Change, inbox: Request, asking: Request, environment
) -> None:
    reading = replace(environment, safety=replace(environment.safety, writes="forbidden"))
    with pytest.raises(NotClaimedError, match=r"^safety\.writes$"):
        change(inbox, {"method": "POST"}, where=reading)
    assert change(inbox, {"method": "HEAD"}, where=reading).method == "HEAD"
    assert change(asking, {"method": "PUT"}, where=reading).method == "PUT"


def test_what_a_row_needs_of_the_claims_must_be_there(
    change: Change, inbox: Request, environment
) -> None:
    bare = replace(environment, claims=replace(environment.claims, accounts={}, generation="old"))
    none = {"token": "none"}
    with pytest.raises(NotClaimedError, match=r"^claims\.accounts\.other_cloud$"):
        change(inbox, none, where=bare, claims=("accounts.other_cloud",))
    with pytest.raises(NotClaimedError, match=r"^claims\.generation$"):
        change(inbox, none, where=bare, claims=("generation=new",))
    assert change(inbox, none, claims=("accounts.other_cloud", "generation=new"))


# -- credentials -------------------------------------------------------------------------------------------------


def pair(request: Request) -> list[str]:
    header = request.headers.get("Authorization") or ""
    return base64.b64decode(header.removeprefix("Basic ")).decode().split(":")


def test_a_false_credential_names_an_unknown_client(change: Change, asking: Request) -> None:
    assert change(asking, {"credential": "none"}).headers.get("Authorization") is None
    real = pair(asking)
    made = change(asking, {"credential": "unknown-client"})
    client, secret = pair(made)
    assert client != real[0]
    assert secret != real[1]
    assert redact(secret) == MARK
    assert len(pair(change(asking, {"credential": "malformed-basic"}))) == 1
    bearer = change(asking, {"credential": "bearer"}).headers.get("Authorization") or ""
    assert redact(bearer) == f"Bearer {MARK}"


def test_the_real_client_stands_beside_a_false_secret_only_with_leave(
    change, asking, environment
) -> None:
    client, secret = pair(change(asking, {"credential": "wrong-secret"}))
    assert client == pair(asking)[0]
    assert secret != pair(asking)[1]
    careful = replace(
        environment, safety=replace(environment.safety, attack_credential="forbidden")
    )
    with pytest.raises(NotClaimedError, match=r"^safety\.attack_credential$"):
        change(asking, {"credential": "wrong-secret"}, where=careful)


def test_a_wrong_secret_is_that_of_another_client_of_the_server_where_one_is_claimed(
    change: Change, asking: Request, environment: Environment
) -> None:
    claimed = environment.claims.accounts
    own_tenants, account = claimed["without_message_scope"], claimed["other_tenant"]
    asked = change(asking, {"credential": "wrong-secret"})
    assert pair(asked)[1] == own_tenants.credential.client_secret.reveal()
    known = account.credential.client_secret.reveal()
    alone = replace(environment.claims, accounts={"other_tenant": account})
    asked = change(asking, {"credential": "wrong-secret"}, where=replace(environment, claims=alone))
    assert pair(asked)[1] == known
    elsewhere = replace(account, token_url="https://login.example.org/token")
    for others in ({}, {"other_tenant": elsewhere}, {"other_tenant": environment.main_account}):
        where = replace(environment, claims=replace(environment.claims, accounts=others))
        secret = pair(change(asking, {"credential": "wrong-secret"}, where=where))[1]
        assert secret not in (known, pair(asking)[1])


def test_an_id_stands_alone_in_the_form_only_with_leave(
    change: Change, asking: Request, environment: Environment
) -> None:
    made = change(asking, {"credential": "client-id-alone"})
    assert made.headers.get("Authorization") is None
    assert form(made) == {**form(asking), "client_id": [pair(asking)[0]]}
    careful = replace(
        environment, safety=replace(environment.safety, attack_credential="forbidden")
    )
    with pytest.raises(NotClaimedError, match=r"^safety\.attack_credential$"):
        change(asking, {"credential": "client-id-alone"}, where=careful)


def test_the_credential_can_stand_in_the_body(change: Change, asking: Request, environment) -> None:
    made = change(asking, {"credential": "in-body"})
    assert made.headers.get("Authorization") is None
    assert [*form(made)["client_id"], *form(made)["client_secret"]] == pair(asking)


@pytest.mark.parametrize(
    "which", ["none", "malformed-basic", "unknown-client", "wrong-secret", "bearer"]
)
def test_beside_a_false_credential_no_valid_assertion_is_left(
    change, tokens, environment, which: str
) -> None:
    account = environment.claims.accounts["private_key_jwt"]
    signing = replace(
        environment,
        token=replace(
            environment.token,
            credential=account.credential,
            client_authentication="private_key_jwt",
        ),
    )
    made = change(tokens.request(account), {"credential": which}, where=signing)
    assert set(form(made)) == {"grant_type", "scope"}
    with pytest.raises(NotClaimedError, match=r"client_secret"):
        change(tokens.request(account), {"credential": "in-body"}, where=signing)


@pytest.mark.parametrize(
    ("which", "made_of"),
    [
        ("cut-secret", lambda secret: secret[:-1]),
        ("longer-secret", lambda secret: f"{secret}0"),
        ("empty-secret", lambda secret: ""),
        ("swapped-case-secret", str.swapcase),
    ],
)
def test_a_secret_that_is_almost_right_needs_leave(
    change: Change, asking: Request, environment: Environment, which: str, made_of
) -> None:
    client, secret = pair(asking)
    assert pair(change(asking, {"credential": which})) == [client, made_of(secret)]
    careful = replace(
        environment, safety=replace(environment.safety, attack_credential="forbidden")
    )
    with pytest.raises(NotClaimedError, match=r"^safety\.attack_credential$"):
        change(asking, {"credential": which}, where=careful)


def test_a_credential_can_stand_in_the_form_and_in_the_header(
    change: Change, asking: Request
) -> None:
    made = change(asking, {"credential": "basic-and-body"})
    assert made.headers == asking.headers
    assert [*form(made)["client_id"], *form(made)["client_secret"]] == pair(asking)


def test_another_tenant_s_account_asks_in_this_tenant_where_it_is_another_client(
    change: Change, asking: Request, environment: Environment
) -> None:
    other = environment.claims.accounts["other_tenant"]
    given = {"credential": "another-tenants-account"}
    made = change(asking, given)
    assert made.url == asking.url
    assert pair(made)[0] == other.credential.client_id
    same = replace(other, credential=environment.main_account.credential)
    for accounts in ({}, {"other_tenant": same}):
        where = replace(environment, claims=replace(environment.claims, accounts=accounts))
        with pytest.raises(NotClaimedError, match=r"^claims\.accounts\.other_tenant$"):
            change(asking, given, where=where)


def test_a_credential_stands_in_the_query_only_with_leave(
    change: Change, asking: Request, environment: Environment, tokens: TokenClient
) -> None:
    made = change(asking, {"credential": "in-query"})
    assert made.headers.get("Authorization") is None
    assert [value for _, value in made.query] == pair(asking)
    assert made.body == asking.body
    assert tokens.send(made, "in the query").status == 401
    careful = replace(
        environment, safety=replace(environment.safety, attack_credential="forbidden")
    )
    with pytest.raises(NotClaimedError, match=r"^safety\.attack_credential$"):
        change(asking, {"credential": "in-query"}, where=careful)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_form_of_a_token_request_can_stand_in_its_query(
    change: Change, asking: Request, tokens: TokenClient, method: str
) -> None:
    made = change(asking, {"form-in-query": method})
    assert (made.method, made.body) == (method, b"")
    assert {name: [value] for name, value in made.query} == form(asking)
    assert made.headers.get("Authorization") == asking.headers.get("Authorization")
    assert (made.headers.get("Content-Type") is None) == (method == "GET")
    assert tokens.send(made, "form in the query").status // 100 == 4


@pytest.mark.parametrize(
    "which",
    [
        "basic",
        "BASIC",
        "id",
        "secret",
        "empty",
        "charset",
        "basic id empty charset",
        "BASIC secret",
    ],
)
def test_another_spelling_of_a_token_request_means_the_same(
    asking: Request, environment: Environment, contract, tokens: TokenClient, which: str
) -> None:
    situation = Situation(environment, contract, tokens, {})
    made = respelled(asking, which, situation)
    assert made != asking
    assert tokens.send(made, which).status == 200
    credential = (made.headers.get("Authorization") or "").partition(" ")[2]
    assert redact(credential) == MARK


def test_a_secret_is_spelled_in_another_way_only_with_leave(
    asking: Request, environment: Environment, contract, tokens: TokenClient
) -> None:
    careful = replace(
        environment, safety=replace(environment.safety, attack_credential="forbidden")
    )
    situation = Situation(careful, contract, tokens, {})
    assert respelled(asking, "id", situation) != asking
    with pytest.raises(NotClaimedError, match=r"^safety\.attack_credential$"):
        respelled(asking, "secret", situation)


# -- assertions --------------------------------------------------------------------------------------------------


@pytest.fixture
def signed(tokens: TokenClient, environment: Environment) -> Request:
    return tokens.request(environment.claims.accounts["private_key_jwt"])


def assertion_of(request: Request) -> Any:
    return read(form(request)["client_assertion"][0])


def test_assertions_are_wrong_in_one_thing(
    change: Change, signed: Request, environment: Environment
) -> None:
    good = assertion_of(signed)
    expired = assertion_of(change(signed, {"assertion": "expired"}))
    assert expired.claims["exp"] < good.claims["iat"]
    assert expired.claims["aud"] == good.claims["aud"]
    elsewhere = assertion_of(change(signed, {"assertion": "wrong-audience"}))
    assert elsewhere.claims["aud"] == "https://audience.invalid/token"
    kind = form(change(signed, {"assertion": "wrong-type"}))
    assert kind["client_assertion_type"] == [
        "urn:ietf:params:oauth:client-assertion-type:saml2-bearer"
    ]
    assert kind["client_assertion"] == form(signed)["client_assertion"]


@pytest.mark.parametrize("algorithm", ["private_key_jwt", "private_key_jwt_rsa"])
def test_an_unregistered_key_has_the_registered_one_s_name(
    change, tokens, environment, algorithm: str
) -> None:
    account = environment.claims.accounts[algorithm]
    named = replace(
        environment, claims=replace(environment.claims, accounts={"private_key_jwt": account})
    )
    request = tokens.request(account)
    made = change(request, {"assertion": "unregistered-key"}, where=named)
    assert assertion_of(made).header == assertion_of(request).header
    assert tokens.send(made, "x").status in (400, 401)
    careful = replace(named, safety=replace(named.safety, attack_credential="forbidden"))
    with pytest.raises(NotClaimedError, match="attack_credential"):
        change(request, {"assertion": "unregistered-key"}, where=careful)


CLAIMS = {
    "no-expiry": "exp",
    "valid-for-a-day": "exp",
    "no-audience": "aud",
    "another-tenant": "aud",
    "other-subject": "sub",
    "other-issuer": "iss",
    "subject-is-another-client": "sub",
    "issuer-is-another-client": "iss",
    "no-id": "jti",
}


@pytest.mark.parametrize(("which", "claim"), CLAIMS.items())
def test_a_wrong_assertion_is_signed_by_the_client_and_wrong_in_one_claim(
    change: Change, signed: Request, tokens: TokenClient, which: str, claim: str
) -> None:
    made = change(signed, {"assertion": which})
    good, wrong = assertion_of(signed), assertion_of(made)
    assert good.header == wrong.header
    differs = {name for name in good.claims if good.claims[name] != wrong.claims.get(name)}
    assert claim in differs
    assert differs <= {claim, "jti", "iat", "exp"}  # each assertion has an id and times of its own
    assert (claim in wrong.claims) == (not which.startswith("no-"))
    assert tokens.send(made, which).json["error"] == "invalid_client"


FALSE_SIGNATURES = {
    "unsigned": "none",
    "hs256-public-key": "HS256",
    "own-key": "ES384",
    "other-clients-key": "RS384",
}


@pytest.mark.parametrize(("which", "algorithm"), FALSE_SIGNATURES.items())
def test_a_falsely_signed_assertion_claims_what_a_good_one_does_and_needs_leave(
    change, signed: Request, tokens: TokenClient, environment, which: str, algorithm: str
) -> None:
    made = change(signed, {"assertion": which})
    wrong = assertion_of(made)
    assert wrong.header["alg"] == algorithm
    same = ("iss", "sub", "aud")
    good = assertion_of(signed).claims
    assert [wrong.claims[name] for name in same] == [good[name] for name in same]
    assert tokens.send(made, which).json["error"] == "invalid_client"
    careful = replace(
        environment, safety=replace(environment.safety, attack_credential="forbidden")
    )
    with pytest.raises(NotClaimedError, match="attack_credential"):
        change(signed, {"assertion": which}, where=careful)


OF_ANOTHER_CLIENT = ["other-clients-key", "subject-is-another-client", "issuer-is-another-client"]


@pytest.mark.parametrize("which", OF_ANOTHER_CLIENT)
def test_another_client_has_to_be_another_one_of_the_same_server(
    change, signed, environment, which: str
) -> None:
    accounts = environment.claims.accounts
    elsewhere = "https://login.example.org/token"
    rsa = accounts["private_key_jwt_rsa"]
    for other in (accounts["private_key_jwt"], replace(rsa, token_url=elsewhere)):
        named = {**accounts, "private_key_jwt_rsa": other}
        where = replace(environment, claims=replace(environment.claims, accounts=named))
        with pytest.raises(NotClaimedError, match="private_key_jwt_rsa"):
            change(signed, {"assertion": which}, where=where)


@pytest.mark.parametrize("which", OF_ANOTHER_CLIENT)
def test_another_client_is_named_with_leave_alone(change, signed, environment, which: str) -> None:
    safety = replace(environment.safety, attack_credential="forbidden")
    with pytest.raises(NotClaimedError, match="attack_credential"):
        change(signed, {"assertion": which}, where=replace(environment, safety=safety))


def test_an_assertion_stands_beside_the_environment_s_own_secret(
    change: Change, signed: Request, asking: Request, tokens: TokenClient
) -> None:
    made = change(signed, {"assertion": "beside-basic"})
    assert made.body == signed.body
    assert pair(made) == pair(asking)
    assert tokens.send(made, "both").json["error"] == "invalid_request"


def test_a_replayed_assertion_was_used_before(
    change: Change, signed: Request, environment: Environment, tokens: TokenClient
) -> None:
    granted = tokens.send(signed, "granted")
    fresh = tokens.request(environment.account("private_key_jwt"))
    assert change(fresh, {"assertion": "replayed"}, granted=granted) == signed


def test_an_assertion_about_another_subject_is_that_of_the_same_issuer(
    change: Change, signed: Request
) -> None:
    claims = assertion_of(change(signed, {"assertion": "other-subject"})).claims
    assert claims["iss"] == assertion_of(signed).claims["sub"] != claims["sub"]


def test_an_assertion_that_is_not_valid_yet_will_be_before_it_expires(
    change: Change, signed: Request
) -> None:
    claims = assertion_of(change(signed, {"assertion": "not-yet-valid"})).claims
    assert claims["iat"] + 60 < claims["nbf"] < claims["exp"]
    assert "nbf" not in assertion_of(signed).claims


def test_an_assertion_needs_an_account_with_a_key(
    change: Change, signed: Request, environment: Environment
) -> None:
    bare = replace(environment, claims=replace(environment.claims, accounts={}))
    with pytest.raises(NotClaimedError, match=r"^claims\.accounts\.private_key_jwt$"):
        change(signed, {"assertion": "expired"}, where=bare)


# -- tokens ------------------------------------------------------------------------------------------------------


def bearer(request: Request) -> str:
    return (request.headers.get("Authorization") or "").removeprefix("Bearer ")


def test_the_token_is_left_out_or_moved(change: Change, inbox: Request) -> None:
    assert change(inbox, {"token": "none"}).headers.get("Authorization") is None
    moved = change(inbox, {"token": "in-query"})
    assert moved.headers.get("Authorization") is None
    assert moved.query[-1] == ("access_token", bearer(inbox))
    scheme = change(inbox, {"token": "basic-scheme"}).headers.get("Authorization")
    assert scheme == f"Basic {bearer(inbox)}"


def test_the_token_is_false_in_one_thing(
    change: Change, inbox: Request, environment: Environment, twin: Twin
) -> None:
    real = bearer(inbox)
    header, payload, signature = real.split(".")
    assert bearer(change(inbox, {"token": "garbage"})).count(".") == 0
    assert bearer(change(inbox, {"token": "expired"})) == twin.tokens["expired-token"]
    tampered = bearer(change(inbox, {"token": "tampered"}))
    assert (tampered.split(".")[0], tampered.split(".")[2]) == (header, signature)
    assert read(tampered).claims | {"sub": 0} == read(real).claims | {"sub": 0}
    assert read(tampered).claims["sub"] != read(real).claims["sub"]
    unsigned = bearer(change(inbox, {"token": "alg-none"}))
    assert unsigned.split(".")[1:] == [payload, ""]
    assert read(unsigned).header == read(real).header | {"alg": "none"}
    assert redact(tampered) == MARK


def test_tokens_of_other_accounts_are_asked_for(
    change: Change, inbox: Request, environment: Environment
) -> None:
    other = read(bearer(change(inbox, {"token": "other-tenant"})))
    assert other.tenant == environment.claims.accounts["other_tenant"].tenant
    assert read(bearer(change(inbox, {"token": "other-cloud"}))).kid != read(bearer(inbox)).kid
    poor = read(bearer(change(inbox, {"token": "without-scope"})))
    assert poor.scopes == {"oraclehealth:millennium:recipient"}


def test_where_the_claimed_account_has_the_scope_the_run_s_own_asks_for_another_one(
    change: Change, api: MessagesApi, environment: Environment
) -> None:
    request = api.request("listGroupInboxes")
    poor = read(bearer(change(request, {"token": "without-scope"})))
    assert poor.client_id == environment.token.credential.client_id
    assert poor.scopes == {"oraclehealth:millennium:message"}
    alone = replace(environment.token, scopes=("oraclehealth:millennium:recipient",))
    with pytest.raises(NotClaimedError, match=r"^token\.scopes$"):
        change(request, {"token": "without-scope"}, where=replace(environment, token=alone))


def test_cookies_stand_in_place_of_the_token_and_are_in_no_output(
    inbox: Request, make_exchange
) -> None:
    headers = [
        ("Set-Cookie", "a=verysecretsession; Path=/; Expires=Thu, 26 Nov 2026 09:00:00 GMT"),
        ("Set-Cookie", "gone="),
    ]
    answer = replace(make_exchange(), request=inbox)
    assert by_cookies(answer) is None
    response = replace(answer.response, headers=Headers.of(headers))
    request = by_cookies(replace(answer, response=response))
    assert request is not None
    assert request.headers.get("Cookie") == "a=verysecretsession"
    assert request.headers.get("Authorization") is None
    assert redact("verysecretsession") == MARK


@pytest.mark.parametrize(
    ("which", "key"),
    [("other-cloud", "claims.accounts.other_cloud"), ("other-tenant", "claims.accounts.other_tenant"),
     ("without-scope", "claims.accounts.without_message_scope"), ("expired", "claims.expired_token")],
)  # fmt: skip
def test_a_token_that_the_environment_lacks_is_not_claimed(
    change, inbox, environment, which: str, key: str
) -> None:
    bare = replace(environment, claims=replace(environment.claims, accounts={}, expired_token=None))
    with pytest.raises(NotClaimedError) as raised:
        change(inbox, {"token": which}, where=bare)
    assert raised.value.key == key


@pytest.mark.parametrize("which", ["tampered", "alg-none"])
def test_a_malformed_token_can_t_be_tampered_with(
    change: Change, inbox: Request, which: str
) -> None:
    malformed = replace(inbox, headers=inbox.headers.with_("Authorization", "Bearer eyJ.b.c"))
    with pytest.raises(
        CouldNotTellError, match="the access token can't be taken apart: its header"
    ) as told:
        change(malformed, {"token": which})
    assert not told.value.unsettled_shape


ENCRYPTED = (
    "eyJlbmMiOiJBMTI4Q0JDLUhTMjU2IiwiYWxnIjoiZGlyIn0..aXY.dGhlIHR"
    "leHQgdW5kZXIgdGhlIHRhZywgdGhlIGxvbmdlc3QgcGFydA.dGFn"
)


@pytest.mark.parametrize("own", ["2YotnFZFEjr1zCsicMWpAA", ENCRYPTED])
def test_characters_of_an_opaque_or_encrypted_token_are_changed(
    change: Change, inbox: Request, own: str
) -> None:
    sent = replace(inbox, headers=inbox.headers.with_("Authorization", f"Bearer {own}"))
    made = (change(sent, {"token": "tampered"}).headers.get("Authorization") or "").removeprefix(
        "Bearer "
    )
    assert made != own
    assert [len(part) for part in made.split(".")] == [len(part) for part in own.split(".")]
    assert made.split(".")[0][:5] == own.split(".")[0][:5]
    assert read(made).form is read(own).form


@pytest.mark.parametrize("own", ["2YotnFZFEjr1zCsicMWpAA", ENCRYPTED])
def test_no_unsigned_token_is_made_of_one_whose_inside_nobody_sees(
    change: Change, inbox: Request, own: str
) -> None:
    sent = replace(inbox, headers=inbox.headers.with_("Authorization", f"Bearer {own}"))
    with pytest.raises(CouldNotTellError, match="nobody outside can make an unsigned one") as told:
        change(sent, {"token": "alg-none"})
    assert told.value.unsettled_shape


def test_a_token_that_the_environment_calls_opaque_is_not_read(
    change: Change, inbox: Request, environment: Environment
) -> None:
    where = replace(environment, token=replace(environment.token, form="opaque"))
    with pytest.raises(CouldNotTellError, match=r"opaque \(`token.form`\)"):
        change(inbox, {"token": "alg-none"}, where=where)


@pytest.mark.parametrize("kind", ["credential", "assertion", "token"])
def test_a_change_that_does_not_exist_is_the_suite_s_mistake(
    change: Change, asking: Request, kind: str
) -> None:
    with pytest.raises(SuiteError, match=f"no {kind} change is named nonsense"):
        change(asking, {kind: "nonsense"})


@pytest.mark.parametrize(
    ("way", "method", "path"),
    [
        ("head", "HEAD", "/message/20241001/patientMessages/inboxItems"),
        ("trailing-slash", "GET", "/message/20241001/patientMessages/inboxItems/"),
        ("other-case", "GET", "/message/20241001/patientMessages/INBOXiTEMS"),
        ("path-parameter", "GET", "/message/20241001/patientMessages/inboxItems;golive=1"),
        ("doubled-slash", "GET", "/message//20241001/patientMessages/inboxItems"),
        ("encoded-letter", "GET", "/message/20241001/patientMessages/%69nboxItems"),
    ],
)
def test_a_request_without_a_token_goes_by_another_way(inbox, change, way, method, path) -> None:
    made = change(inbox, {"without-token-by": way})
    assert made.headers.get("Authorization") is None
    assert (made.method, made.query) == (method, inbox.query)
    assert made.url.partition("?")[0].endswith(path)


@pytest.mark.parametrize("which", ["no-signature", "other-signature"])
def test_a_token_that_was_just_taken_is_forged_under_the_same_header_and_claims(
    inbox, change, which
) -> None:
    own = (inbox.headers.get("Authorization") or "").removeprefix("Bearer ")
    value = change(inbox, {"token": which}).headers.get("Authorization").removeprefix("Bearer ")
    assert value.rpartition(".")[0] == own.rpartition(".")[0]
    assert (value.endswith("."), value == own) == (which == "no-signature", False)


def test_what_stands_behind_a_token_is_no_part_of_it(change: Change, inbox: Request) -> None:
    own = inbox.headers.get("Authorization")
    behind = {"tail": "AAAA", "sign-behind": "~", "fourth-part": ".e30"}
    for which, text in behind.items():
        assert change(inbox, {"token": which}).headers.get("Authorization") == f"{own}{text}"


def test_an_assertion_at_another_tenant_is_made_for_that_one(
    change: Change, tokens: TokenClient, environment: Environment
) -> None:
    account, other = (environment.account(n) for n in ("private_key_jwt", "other_tenant"))
    asking = tokens.request(account)
    made = change(asking, {"assertion": "at-another-tenant"}, base="token-jwt")
    assert made.url == other.token_url
    assert read(form(made)["client_assertion"][0]).claims["aud"] == other.token_url
    alone = replace(environment.claims, accounts={"private_key_jwt": account})
    with pytest.raises(NotClaimedError, match=r"^claims\.accounts\.other_tenant$"):
        change(
            asking,
            {"assertion": "at-another-tenant"},
            base="token-jwt",
            where=replace(environment, claims=alone),
        )


def test_a_good_assertion_is_written_as_it_must_not_be(
    change: Change, tokens: TokenClient, environment: Environment
) -> None:
    asking = tokens.request(environment.account("private_key_jwt"))

    def written(which: str) -> str:
        made = change(asking, {"assertion": which}, base="token-jwt")
        return form(made)["client_assertion"][0]

    assert written("sign-behind").endswith("~")
    signature = written("in-another-alphabet").rpartition(".")[2]
    assert {"+", "/"} & {*signature}
    assert not {"-", "_"} & {*signature}
    payload = written("two-expiries").split(".")[1]
    text = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)).decode()
    said = [one[1] for one in json.loads(text, object_pairs_hook=list) if one[0] == "exp"]
    first, last = said
    assert first > last
