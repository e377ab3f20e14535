"""One recorded request and its response: what every check reads and nothing changes.

An exchange carries its times and everything that the wire gave, so that a check needs neither a clock nor
the network, and can be called again on a changed exchange (`dataclasses.replace`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from statistics import quantiles
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import parse_qsl, urlsplit

from golive.exchanges.headers import Headers
from golive.kit.json_text import NotJsonError, read_json, utc
from golive.redaction import redact_url
from golive.redaction.rendering import show_url, show_word

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from golive.contract.places import Places
    from golive.exchanges.failures import Attempt


TOO_MANY = 429
"""What a caller gets who sends too many requests (RFC 6585 §4)."""

UNAVAILABLE = frozenset({TOO_MANY, 502, 503, 504})
"""Statuses that say «not now» and prove nothing about the contract."""

NO_STATUS = 0
"""The status of an answer that is not HTTP, so that it has none."""

CORRELATION_HEADERS = ("opc-request-id", "Cerner-Correlation-ID", "X-Request-Id")


def status_words(status: int) -> str:
    """Put a status as reports show it."""
    return "no HTTP" if status == NO_STATUS else str(status)


@dataclass(frozen=True)
class Request:
    """A request as it is sent; the body is bytes, empty for none.

    `operation` is the operationId that it was made from, empty for a request of no operation. `credential` is what the
    run itself presents where this goes, as it stands in an Authorization header, "" where it has none: a curl command
    needs it to distinguish a false credential; None where nobody knows.
    """

    method: str
    url: str
    headers: Headers = field(default_factory=Headers, repr=False)
    body: bytes = field(default=b"", repr=False)
    operation: str = field(default="", compare=False)
    credential: str | None = field(default=None, compare=False, repr=False)

    def __repr__(self) -> str:
        return f"<request {self.method} {redact_url(self.url)}>"

    @cached_property
    def query(self) -> tuple[tuple[str, str], ...]:
        """The query parameters in their order."""
        return tuple(parse_qsl(urlsplit(self.url).query, keep_blank_values=True))


@dataclass(frozen=True)
class Response:
    """A response as it came. `broken` says what made it unreadable as HTTP, if anything did.

    The status is `NO_STATUS` where nothing of it was HTTP. `certificate_ends` is when the server's certificate
    expires (UTC), None for plain http. `lacks_body`: it comes from a recording without it, and to read it raises
    NotRecordedError.
    """

    status: int
    headers: Headers = field(default_factory=Headers, repr=False)
    body: bytes = field(default=b"", repr=False)
    broken: str | None = None
    certificate_ends: datetime | None = None
    lacks_body: ClassVar[bool] = False


@dataclass(frozen=True)
class Exchange:
    """A request, its response, when it was sent (UTC) and how many seconds it took.

    `secrets_known` is how many secrets the redactor knew when it was sent; None where nobody counted. `number` counts
    what a run sends, from 1; 0 where nobody counted. `repeats` names the secrets that a recorded answer repeats and the
    recording does not hold. `of_oracle`: the environment says that Oracle's authorization server answered, or a double
    of it. `places` says where the answer has what checks read elsewhere; None where it has everything there. `earlier`
    are the attempts before this one, in their order.
    """

    name: str
    request: Request
    response: Response
    sent_at: datetime
    seconds: float
    secrets_known: int | None = field(default=None, compare=False)
    number: int = field(default=0, compare=False)
    repeats: tuple[str, ...] | None = field(default=None, compare=False)
    of_oracle: bool = field(default=False, compare=False)
    places: Places | None = field(default=None, compare=False, repr=False)
    earlier: tuple[Attempt, ...] = field(default=(), compare=False, repr=False)

    def __repr__(self) -> str:
        # A traceback that shows local variables must show neither credentials nor messages.
        return f"<exchange {self.name}: {self.request!r} → {status_words(self.status)}>"

    @property
    def status(self) -> int:
        """The status code."""
        return self.response.status

    @property
    def succeeded(self) -> bool:
        """Whether the answer is a complete 2xx."""
        return 200 <= self.status < 300 and self.response.broken is None

    @property
    def unavailable(self) -> bool:
        """Whether the answer only says that the service is not available now."""
        return self.status in UNAVAILABLE

    @property
    def is_page(self) -> bool:
        """Whether the body is a web page instead of JSON."""
        if self.response.lacks_body:
            return False
        start = self.response.body.lstrip()[:1]
        looks = bool(start) and ("html" in self.media_type or start == b"<")
        return looks and self.json_or_none is None

    @property
    def intercepted(self) -> bool:
        """Whether a page came with 2xx and without any id of the service: it never got there."""
        return self.succeeded and not self.correlation and self.is_page

    @property
    def ended_at(self) -> datetime:
        """When the answer was there (UTC)."""
        return self.sent_at + timedelta(seconds=self.seconds)

    def header(self, name: str) -> str | None:
        """Return a response header's value, or None."""
        return self.response.headers.get(self.places.header(name) if self.places else name)

    @cached_property
    def media_type(self) -> str:
        """The response's media type in lower case, without parameters; empty if none is given."""
        return (self.header("Content-Type") or "").split(";")[0].strip().lower()

    @cached_property
    def text(self) -> str:
        """The response's body as text; what is not UTF-8 becomes the replacement character."""
        return self.response.body.decode("utf-8", "replace")

    @cached_property
    def json(self) -> Any:
        """The response's body as JSON, everything at the place where checks read it; raises NotJsonError."""
        body = read_json(self.response.body)
        if self.places and self.succeeded:
            return self.places.read(body, self.response.headers.get)
        return body

    @property
    def json_or_none(self) -> Any:
        """The body as JSON, or None where it is none."""
        try:
            return self.json
        except NotJsonError:
            return None

    @cached_property
    def correlation(self) -> dict[str, str]:
        """The identifiers that Oracle's support asks for, by header name."""
        sent = self.request.headers.get("opc-request-id")
        found: dict[str, str] = {}
        for name in CORRELATION_HEADERS:
            if value := self.header(name):
                own = sent if sent and value.startswith(f"{sent}/") else ""
                found[name] = own + show_word(value.removeprefix(own))
        return found

    def summary(self) -> dict[str, object]:
        """Return what a report may show of the exchange: no body of an answer, nothing secret."""
        from golive.exchanges.curl import command

        error_uri = self.error_uri
        return {
            **({"number": self.number} if self.number else {}),
            "name": self.name,
            "method": self.request.method,
            "url": redact_url(self.request.url),
            "status": self.status,
            "sent_at": utc(self.sent_at),
            "milliseconds": round(self.seconds * 1000),
            "correlation": self.correlation,
            "curl": command(self.request),
            **({"error_uri": show_url(error_uri)} if error_uri else {}),
        }

    @property
    def error_uri(self) -> str:
        """The `error_uri` of the answer, empty where it has none."""
        try:
            refused = self.status >= 400 and not self.response.lacks_body
            found = self.json.get("error_uri", "") if refused else ""
        except (NotJsonError, AttributeError):
            return ""
        return found if isinstance(found, str) else ""


class Steps(dict[str, Exchange]):
    """Exchanges that were made in order, by the name of each step (a chain of writes).

    A chain breaks off where an answer gives nothing to go on with; a check that asks for a step that was not made
    gets a CouldNotTellError.
    """

    def __missing__(self, name: str) -> Exchange:
        from golive.contract.outcomes import CouldNotTellError

        raise CouldNotTellError(
            f"the step «{name}» was not made: an answer before it gave nothing to go on with",
            next_step="Fix the findings of the steps before it first.",
            unsettled_shape=True,
        )


Made = Exchange | Steps


def exchanges_in(values: Iterable[object]) -> Iterator[Exchange]:
    """Yield every exchange among these values, those inside a chain of steps included."""
    for value in values:
        if isinstance(value, Exchange):
            yield value
        elif isinstance(value, Steps):
            yield from value.values()


def percentile_95(exchanges: Iterable[Exchange]) -> int:
    """Return the whole milliseconds within which 95 of 100 of these answers came; there must be one at least."""
    taken = [exchange.seconds * 1000 for exchange in exchanges]
    return round(quantiles([*taken, *taken], n=20, method="inclusive")[-1])
