"""`Twin`: start, use, stop; and what it says about itself to a person who will use it with curl or Postman.

Importing this module is cheap; the web server and the cryptography are loaded by `Twin.start`.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType, TracebackType
from typing import TYPE_CHECKING, Self

from golive.twin import names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from golive.twin.accounts import TwinAccount
    from golive.twin.application import Served
    from golive.twin.defects import ServedAs
    from golive.twin.scenarios import Given
    from golive.twin.serving import Serving
    from golive.twin.world import World


@dataclass(frozen=True)
class ReceivedRequest:
    """One answered request: ``path`` begins with the host segment and has no query."""

    method: str
    path: str
    status: int


class Twin:
    """A twin on 127.0.0.1, served by a daemon thread of this process.

    ``port`` 0 takes a free one. ``seed`` decides the messages. ``latency`` is in seconds a request,
    ``token_lifetime`` in seconds (``expires_in``; a token lives 30 s longer), ``clock_offset`` in
    seconds added to the real time, ``visible_after`` in seconds until readings show what was
    written. ``token_form`` is ``jws`` (signed) or ``jwe`` (the same, and
    encrypted). ``scenario`` is a bad day: a name of `golive.twin.SCENARIOS`, a TOML file or what one
    says; ValueError says what is wrong with it. ``defects`` are names of `golive.twin.DEFECTS`; an unknown one
    raises ValueError. ``served_as`` may change each answer
    before it is sent, say to other names of members (`golive.twin.defects.ServedAs`). ``journal`` is
    called with each `golive.twin.application.Served` once it is answered, on the server's thread.
    Accounts, secrets and keys are new at each start; with ``accounts_seed`` client ids and secrets are
    the same at each, and keys are new. ``tenants`` is how many further tenants the production cloud
    has: ``seed`` decides their ids, each has an account of its name (`tenant-001`), the sandbox's
    patients and messages of its own.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        seed: int = 1,
        latency: float = 0.0,
        token_lifetime: int = 570,
        clock_offset: float = 0.0,
        visible_after: float = 0.0,
        token_form: str = "jws",  # noqa: S107 - a form, no password
        defects: Iterable[str] = (),
        scenario: Given | None = None,
        served_as: ServedAs | None = None,
        journal: Callable[[Served], None] | None = None,
        accounts_seed: int | None = None,
        tenants: int = 0,
    ) -> None:
        from golive.twin.defects import Settings, chosen
        from golive.twin.scenarios import scenario_of

        self._port = port
        self._journal = journal
        self._settings = Settings(
            seed=seed,
            latency=latency,
            token_lifetime=token_lifetime,
            clock_offset=clock_offset,
            visible_after=visible_after,
            token_form=token_form,
            defects=chosen(defects),
            scenario=None if scenario is None else scenario_of(scenario),
            served_as=served_as,
            accounts_seed=accounts_seed,
            tenants=tenants,
        )
        self._world: World | None = None
        self._serving: Serving | None = None
        self._tokens: Mapping[str, str] = MappingProxyType({})
        self.requests: list[ReceivedRequest] = []

    def start(self) -> Self:
        """Serve; return when requests are accepted. Raise OSError when the port is taken."""
        if self._serving is not None:
            raise RuntimeError("The twin has already been started.")
        from golive.twin.application import application
        from golive.twin.authorization.tokens import expired_token
        from golive.twin.serving import Serving, loopback_listener
        from golive.twin.world import World

        listener = loopback_listener(self._port)
        world = World(self._settings, f"http://127.0.0.1:{listener.getsockname()[1]}")
        self._world = world
        self._tokens = MappingProxyType({"expired-token": expired_token(world)})
        self._serving = Serving(application(world, self._note, self._journal), listener)
        return self

    def stop(self) -> None:
        """End the server and its thread; a twin that does not run stays as it is."""
        serving, self._serving = self._serving, None
        if serving is not None:
            serving.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def _note(self, method: str, path: str, status: int) -> None:
        self.requests.append(ReceivedRequest(method, path, status))

    @property
    def _started(self) -> World:
        if self._world is None:
            raise RuntimeError("The twin has not been started.")
        return self._world

    @property
    def address(self) -> str:
        """The base URL, ``http://127.0.0.1:PORT``; put a real URL without ``https:/`` behind it."""
        return self._started.address

    @property
    def accounts(self) -> Mapping[str, TwinAccount]:
        """The registered accounts by name."""
        return MappingProxyType(self._started.accounts)

    @property
    def tenants(self) -> Mapping[str, str]:
        """The ids of the further tenants by name; the account of each has its name."""
        return MappingProxyType(self._started.further)

    @property
    def tokens(self) -> Mapping[str, str]:
        """Ready-made access tokens by name: ``expired-token``."""
        return self._tokens

    @property
    def patients(self) -> Mapping[str, str]:
        """What each patient is for -> its id."""
        return MappingProxyType(
            {
                "ordinary": names.ORDINARY_PATIENT,
                "empty": names.EMPTY_PATIENT,
                "crowded": names.CROWDED_PATIENT,
                "writing": names.WRITING_PATIENT,
                "customer's ordinary": names.CUSTOMER_PATIENT,
            }
        )


def token_url(twin: Twin, account: TwinAccount) -> str:
    """Return the token URL of an account's cloud and tenant, at the twin."""
    return (
        f"{twin.address}/{account.cloud_host}/tenants/{account.tenant}/hosts/{names.API_HOST}"
        "/protocols/oauth2/profiles/smart-v1/token"
    )


def announcement(twin: Twin) -> str:
    """Return a page on a running twin: URLs, tenants, accounts, patients, two curl commands."""
    from jinja2 import Environment, StrictUndefined

    pages = Environment(  # noqa: S701 - plain text
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    text = files("golive.twin").joinpath("announcement.txt.j2").read_text("utf-8")
    return pages.from_string(text).render(twin=twin, names=names, token_url=token_url)
