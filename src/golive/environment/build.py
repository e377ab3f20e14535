"""From checked data to an Environment: nothing is judged any more, only defaults are filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import is_dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast, get_args, get_origin

from golive.environment.declaration import choices, keys_of
from golive.environment.model import Environment
from golive.environment.run_rules import ca_bundle_path
from golive.environment.schema import MAIN
from golive.environment.secret import Secret
from golive.environment.sections import Account, Api, Claims, Token
from golive.environment.settings import Recipient, records_as_test_data
from golive.environment.token_rules import KEY_ACCOUNTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from golive.environment.schema import Shape
    from golive.environment.sections import ClientAuthentication
    from golive.environment.source import Source

Members = dict[str, Any]


def build(source: Source, shape: Shape) -> Environment:
    """Make the Environment of a source without problems."""
    data = cast("Members", source.data)
    tenant, path = data["tenant"], source.path
    apis = {MAIN: data["api"]} if "api" in data else {}
    apis |= data.get("apis", {})
    token = _token(data["token"], tenant, _default_scopes(data, shape))
    safety = dict(data.get("safety", {}))
    if "ca_bundle" in safety:
        safety["ca_bundle"] = ca_bundle_path(path, safety["ca_bundle"])
    return cast(
        "Environment",
        made(
            Environment,
            {
                "title": path.stem,
                **data,
                "token": token,
                "apis": {name: _api(api, tenant, shape, name) for name, api in apis.items()},
                "test_data": _test_data(data.get("test_data", {}), shape),
                "claims": _claims(data, token, shape),
                "demands": {
                    name: int(str(least).removesuffix("%"))
                    for name, least in data.get("demands", {}).items()
                },
                "safety": safety,
            },
            name=path.stem,
            path=path,
            lines=_lines(source),
        ),
    )


def made(section: type, members: Members, **more: Any) -> Any:
    """Make a section of what the file says of it; what is left out has its default."""
    given = {
        one.name: _value(one.kind, members[one.name])
        for one in keys_of(section)
        if one.name in members
    }
    return section(**given, **more)


def _value(kind: Any, data: Any) -> Any:
    """Turn data into what a key's type says; what is made already stays."""
    possible, item = choices(kind), get_args(kind)
    if isinstance(data, dict):
        if get_origin(kind) is Mapping:
            return {name: _value(item[1], one) for name, one in data.items()}
        # Of several sections it is the one that knows all keys.
        sections = (one for one in possible if is_dataclass(one))
        fitting = (one for one in sections if data.keys() <= {each.name for each in keys_of(one)})  # type: ignore[arg-type]
        section = next(fitting, None)
        return made(section, data) if section else data  # type: ignore[arg-type]
    if isinstance(data, list):
        return tuple(_value(item[0], one) for one in data)
    if isinstance(data, str):
        makers: dict[Any, Callable[[str], Any]] = {
            Secret: Secret,
            Path: Path,
            date: date.fromisoformat,
        }
        return next((makers[one](data) for one in possible if one in makers), data)
    return data


def _url(template: str, tenant: str) -> str:
    return template.replace("{tenant}", tenant)


def _lines(source: Source) -> dict[str, int]:
    """Give the lines of all keys; those of the Messages API by either of its names."""
    lines, long = dict(source.lines), f"apis.{MAIN}"
    for own, other in (("api", long), (long, "api")):
        for key, line in source.lines.items():
            if key == own or key.startswith(f"{own}."):
                lines.setdefault(key.replace(own, other, 1), line)
    return lines


def _api(members: Members, tenant: str, shape: Shape, name: str) -> Api:
    return Api(
        base_url=_url(members["base_url"], tenant).rstrip("/"),
        version=members.get("version", shape.apis[name].versions[-1]),
    )


def _default_scopes(data: Members, shape: Shape) -> list[str]:
    """Give the scopes of the APIs, and those that a claimed operation has of its own."""
    claimed = data.get("claims", {}).get("operations", ())
    scopes = [scope for api in shape.apis.values() for scope in api.scopes]
    for api in shape.apis.values():
        scopes += [scope for name in claimed for scope in api.operations.get(name, ())]
    return list(dict.fromkeys(scopes))


def _token(members: Members, tenant: str, scopes: list[str]) -> Token:
    filled = {
        name: _url(value, tenant) if name in ("url", "key_set_url", "issuer") else value
        for name, value in members.items()
    }
    usual = _authentication(members["credential"], "client_secret_basic")
    return cast("Token", made(Token, {"scopes": scopes, "client_authentication": usual, **filled}))


def _authentication(credential: Members, otherwise: ClientAuthentication) -> ClientAuthentication:
    """Give the way in which a credential can authenticate; for a twin's account, `otherwise`."""
    if "twin" in credential:
        return otherwise
    return "private_key_jwt" if "private_key" in credential else "client_secret_basic"


def _test_data(members: Members, shape: Shape) -> Any:
    records = dict.fromkeys((name for api in shape.apis.values() for name in api.test_data), None)
    for name, value in members.items():
        records[name] = Recipient(**value) if isinstance(value, dict) else value
    return records_as_test_data(records)


def _claims(data: Members, token: Token, shape: Shape) -> Claims:
    members: Members = data.get("claims", {})
    reading = [name for api in shape.apis.values() for name in api.reading]
    accounts = {
        name: _account(name, account, data, token)
        for name, account in members.get("accounts", {}).items()
    }
    return cast("Claims", made(Claims, {"operations": reading, **members, "accounts": accounts}))


def _account(name: str, members: Members, data: Members, token: Token) -> Account:
    """Complete an account by what it leaves out. An inherited URL gets its own tenant."""
    tenant = str(members.get("tenant", data["tenant"]))
    usual: ClientAuthentication = (
        "private_key_jwt" if name in KEY_ACCOUNTS else token.client_authentication
    )
    completed = {
        "scopes": list(token.scopes),
        "client_authentication": _authentication(members["credential"], usual),
        "parameters": token.parameters,
        **members,
        "tenant": tenant,
        "token_url": _url(members.get("token_url", data["token"]["url"]), tenant),
    }
    return cast("Account", made(Account, completed, name=name))
