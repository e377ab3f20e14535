"""The walk before the checks: environment → names and TLS → token → its claims and key → the API, once.

It uses the objects of the run and keeps the exchanges that it made, so the checks read the same ones. It
stops at the first stage that makes every check meaningless, with one cause. An answer that is merely wrong
is no stop: the checks say what is wrong with it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from golive import first
from golive.access_token import kids, read
from golive.doctor.causes import Diagnosis, diagnose
from golive.environment import PUBLIC_SANDBOX_TENANT, cloud_of, real_host
from golive.error_judge import TOKEN_URN, error_uri_parts, gateway_pairs
from golive.failures import BudgetSpentError, TransportError
from golive.findings import CouldNotTellError, NotClaimedError
from golive.problems import shown_path
from golive.redaction import redact
from golive.token import NotGrantedError, UnusableKeyError, access_token_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from golive.environment import Environment
    from golive.exchange import Exchange
    from golive.messages import MessagesApi
    from golive.token import TokenClient

RIGHT_TOKEN_HOST = {
    "production": "authorization.cerner.com",
    "sandbox": "authorization.sandboxcerner.com",
}


@dataclass(frozen=True)
class Stage:
    """One step of the walk and what it showed; `stops` where the walk ends here."""

    name: str
    ok: bool
    detail: str
    stops: bool = False


@dataclass
class Walk:
    """What the walk learnt: its stages, the exchanges by name, and the diagnosis where it stopped."""

    stages: list[Stage] = field(default_factory=list)
    made: dict[str, Exchange] = field(default_factory=dict)
    diagnosis: Diagnosis | None = None


class _StopError(Exception):
    """The walk ends here."""


def walk(
    environment: Environment,
    api: MessagesApi,
    tokens: TokenClient,
    tell: Callable[[Stage], None] = lambda _: None,
) -> Walk:
    """Walk the stages; `tell` is called with each as it ends."""
    walker = _Walker(environment, api, tokens, tell)
    try:
        walker.go()
    except _StopError:
        pass
    except TransportError as error:
        walker.unreachable(error)
    except BudgetSpentError as error:
        walker.stuck("budget", str(error))
    except UnusableKeyError as error:
        walker.stuck("private-key", str(error))
    except NotGrantedError as error:
        walker.stuck("second-token", error.cause)
    except CouldNotTellError as error:
        walker.undecided(error)
    return walker.result


class _Walker:
    def __init__(
        self,
        environment: Environment,
        api: MessagesApi,
        tokens: TokenClient,
        tell: Callable[[Stage], None],
    ) -> None:
        self.environment, self.api, self.tokens, self.tell = environment, api, tokens, tell
        self.result = Walk()
        self.stage = "environment"
        token_host = real_host(environment.token.url)
        api_host = real_host(environment.api.base_url)
        self.facts: dict[str, Any] = self._where(token_host, api_host)
        self.evidence: list[str] = []

    def _where(self, token_host: str, api_host: str) -> dict[str, Any]:
        environment = self.environment
        token_cloud, api_cloud = cloud_of(token_host), cloud_of(api_host)
        known = token_cloud is not None and api_cloud is not None
        right = RIGHT_TOKEN_HOST.get(api_cloud or "", "the authorization server of the API's cloud")
        path = "/tenants/{tenant}/hosts/" + api_host + "/protocols/oauth2/profiles/smart-v1/token"
        return {
            "file": shown_path(environment.path),
            "tenant": environment.tenant,
            "token_host": token_host,
            "api_host": api_host,
            "token_cloud": token_cloud,
            "api_cloud": api_cloud,
            "clouds": ("same" if token_cloud == api_cloud else "differ") if known else None,
            "right_token_host": right,
            "right_token_url": f"https://{right}{path}",
            "public_sandbox_tenant": PUBLIC_SANDBOX_TENANT,
            "asked": " ".join(environment.token.scopes),
            "token_url_line": environment.line_of("token.url"),
            "tenant_line": environment.line_of("tenant"),
            "scopes_line": environment.line_of("token.scopes"),
            "credential_source": f"`token.credential` in {shown_path(environment.path)}, line "
            f"{environment.line_of('token.credential')},",
        }

    def go(self) -> None:
        facts = self.facts
        clouds = f"token from the {facts['token_cloud'] or 'unknown'} cloud"
        clouds += f", API in the {facts['api_cloud'] or 'unknown'} cloud"
        self._passed("environment", f"tenant {facts['tenant']}; {clouds}")
        self._names()
        token = self._token()
        if token:
            self._claims(token)
            self._api(retry=facts["clouds"] != "differ")

    def _names(self) -> None:
        self.stage = "names"
        exchange = first.key_set(self.api, self.environment)
        self.result.made["key_set"] = exchange
        self._stop_if_unavailable(exchange)
        self._passed("names and TLS", f"{self.facts['token_host']} answered")

    def _token(self) -> str | None:
        self.stage = "token"
        try:
            exchange = self.tokens.grant(self.environment.main_account).exchange
        except NotGrantedError as refusal:
            exchange = refusal.exchange
        self.result.made["token_granted"] = exchange
        self._stop_if_unavailable(exchange)
        token = access_token_of(exchange)
        body = exchange.json_or_none if isinstance(exchange.json_or_none, dict) else {}
        self.facts["granted"] = body.get("scope")
        if exchange.succeeded and token:
            self.evidence.append(f"{self.facts['token_host']} granted a token (200)")
            self._passed("token", f"granted, scope {body.get('scope')}")
            return token
        parts = error_uri_parts(body.get("error_uri"))
        urn = parts[0].removeprefix(TOKEN_URN) if parts else None
        error = body.get("error")
        if 400 <= exchange.status < 500:
            self._stop(exchange, {"error": error, "urn": urn}, urn or error)
        # A 200 without a token, or a 5xx, is for the checks to judge.
        self._failed("token", f"status {exchange.status}, no token; the checks say why")
        return None

    def _claims(self, token: str) -> None:
        self.stage = "claims"
        read_token = read(token)
        known = kids(self.result.made["key_set"].json_or_none)
        in_set = read_token.kid in known
        self.facts.update(
            kid=read_token.kid,
            token_tenant=read_token.tenant,
            tenants="differ"
            if read_token.tenant not in (None, self.environment.tenant)
            else "same",
            kid_known_to_token_host=in_set,
        )
        place = "in" if in_set else "not in"
        kid = f"kid {read_token.kid} {place} the key set of {self.facts['token_host']}"
        self.evidence.append(f"the token's {kid}")
        self._passed("token's claims and key", f"tenant {read_token.tenant}; {kid}")

    def _api(self, *, retry: bool) -> None:
        self.stage = "api"
        try:
            exchange = self._read()
        except NotClaimedError as absent:
            self._failed("API", f"not asked: the environment does not say `{absent.key}`")
            return
        pairs = gateway_pairs(exchange)
        if exchange.status == 401 and pairs.get("subcode") == "unknown_kid" and retry:
            # A key that was rotated in a moment ago heals with a fresh token, another cloud's never.
            self.tokens.forget(self.environment.main_account)
            self._api(retry=False)
            return
        self.result.made[exchange.name] = exchange
        self._stop_if_unavailable(exchange)
        if exchange.status in (401, 403, 404):
            reason = pairs.get("subcode") or pairs.get("error") or f"status {exchange.status}"
            said = f"{self.facts['api_host']} answered {exchange.status}"
            told = ", ".join(
                f"{name} {pairs[name]}" for name in ("error", "subcode", "kid") if name in pairs
            )
            self.evidence.append(f"{said} ({told})" if told else said)
            self._stop(exchange, {"subcode": pairs.get("subcode")}, reason)
        report = self._passed if exchange.succeeded else self._failed
        report("API", f"{self.facts['api_host']} answered {exchange.status}")

    def _read(self) -> Exchange:
        try:
            return first.inbox_items(self.api, self.environment)
        except NotClaimedError:
            return first.sent_items(self.api, self.environment)

    def _stop_if_unavailable(self, exchange: Exchange) -> None:
        if exchange.unavailable:
            self.facts["host"] = real_host(exchange.request.url)
            self._stop(exchange, {"unavailable": True}, f"status {exchange.status}")

    def _stop(self, exchange: Exchange, found: dict[str, Any], reason: object) -> None:
        self.facts.update(found, stage=self.stage, status=exchange.status, reason=reason)
        ids = ", ".join(f"{name} {value}" for name, value in exchange.correlation.items())
        if ids:
            self.evidence.append(f"at {exchange.summary()['sent_at']}, {ids}")
        self._end(f"status {exchange.status} ({reason})")

    def unreachable(self, error: TransportError) -> None:
        failure = error.failure
        self.facts.update(
            stage=self.stage,
            host=error.host,
            kind=failure.kind,
            unreachable=True,
            happened=failure.happened,
            next_step=failure.next_step,
            reason=failure.happened,
        )
        self.evidence.append(str(error))
        try:
            self._end(failure.happened)
        except _StopError:
            return

    def stuck(self, kind: str, reason: str) -> None:
        """End where a request could not be made for a reason on this side."""
        self.facts.update(stage=self.stage, kind=kind, reason=reason)
        try:
            self._end(reason)
        except _StopError:
            return

    def undecided(self, error: CouldNotTellError) -> None:
        """Leave the rest to the checks: what came back is too odd to go on with."""
        self._failed("API", f"not asked: {error.cause}")

    def _end(self, detail: str) -> None:
        names = {"names": "names and TLS", "claims": "token's claims and key", "api": "API"}
        self._add(Stage(names.get(self.stage, self.stage), False, detail, stops=True))
        self.result.diagnosis = diagnose(self.facts, tuple(self.evidence))
        raise _StopError

    def _passed(self, name: str, detail: str) -> None:
        self._add(Stage(name, True, detail))

    def _failed(self, name: str, detail: str) -> None:
        self._add(Stage(name, False, detail))

    def _add(self, stage: Stage) -> None:
        stage = replace(stage, detail=redact(stage.detail))
        self.result.stages.append(stage)
        self.tell(stage)
