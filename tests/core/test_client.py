"""The one door: lock, pinning, budget, rate, and what became of a request."""

import gzip
import socket
import ssl
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC

import pytest

from golive.environment import Environment, Secret
from golive.exchanges.failures import BudgetSpentError, ForbiddenRequestError, TransportError
from golive.exchanges.headers import Headers
from golive.exchanges.model import Exchange, Request
from golive.transport import client as client_module
from golive.transport.admission import alone
from golive.transport.client import ApiClient

Serve = Callable[..., str]
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start a server that reads one request and answers with these bytes; give its origin.

    With `answer` None it never answers, with `reset` it aborts the connection.
    """
    listeners: list[socket.socket] = []
    done = threading.Event()

    def start(
        answer: bytes | None = OK, *, reset: bool = False, tls: ssl.SSLContext | None = None
    ) -> str:
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)

        def one(connection: socket.socket) -> None:
            with suppress(OSError), connection:
                if tls is not None:
                    connection = tls.wrap_socket(connection, server_side=True)
                connection.recv(65536)
                if answer is None:
                    done.wait(10)
                elif reset:
                    linger = b"\x01\x00\x00\x00\x00\x00\x00\x00"
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                else:
                    connection.sendall(answer)
                connection.close()

        def run() -> None:
            with suppress(OSError):
                while True:
                    threading.Thread(target=one, args=(listener.accept()[0],), daemon=True).start()

        threading.Thread(target=run, daemon=True).start()
        return f"{'https' if tls else 'http'}://127.0.0.1:{listener.getsockname()[1]}"

    yield start
    done.set()
    for listener in listeners:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def get(environment: Environment, path: str = "/patientMessages/inboxItems", **request) -> Exchange:
    client = ApiClient(environment)
    try:
        url = environment.api.base_url + path
        return client.send(Request(request.pop("method", "GET"), url, **request), "asked")
    finally:
        client.close()


def failure_of(environment: Environment) -> TransportError:
    with pytest.raises(TransportError) as raised:
        get(environment)
    return raised.value


# -- what came back ----------------------------------------------------------------------------------------------


def test_an_answer_is_recorded_with_its_times(serve: Serve, pinned) -> None:
    exchange = get(pinned(serve()), headers=Headers.of({"X-Asked": "yes"}))
    assert exchange.name == "asked"
    assert exchange.status == 200
    assert exchange.json == {}
    assert exchange.sent_at.tzinfo is UTC
    assert exchange.seconds >= 0
    assert exchange.response.broken is None


def test_a_redirect_is_an_answer_and_is_not_followed(serve: Serve, pinned) -> None:
    answer = (
        b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/elsewhere\r\nContent-Length: 0\r\n\r\n"
    )
    exchange = get(pinned(serve(answer)))
    assert exchange.status == 302
    assert exchange.header("location") == "http://127.0.0.1:9/elsewhere"


@pytest.mark.parametrize(
    "location", ["mailto:x", "http:x", "http://xn--a/", "::", "http://h:x/", "/" + "a" * 70_000]
)
def test_a_redirect_to_no_url_is_an_answer_as_well(serve: Serve, pinned, location: str) -> None:
    head = f"HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n"
    exchange = get(pinned(serve(head.encode())))
    assert exchange.status == 302
    assert exchange.header("location") == location


def test_no_cookie_is_carried_from_one_exchange_to_the_next(pinned) -> None:
    asked: list[bytes] = []
    answer = b"HTTP/1.1 200 OK\r\nSet-Cookie: session=1; Path=/\r\nContent-Length: 0\r\n"
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def run() -> None:
            for _ in range(2):
                connection, _ = listener.accept()
                with connection:
                    asked.append(connection.recv(65536))
                    connection.sendall(answer + b"Connection: close\r\n\r\n")

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        environment = pinned(f"http://127.0.0.1:{listener.getsockname()[1]}")
        client = ApiClient(environment)
        request = Request("GET", environment.api.base_url + "/patientMessages/inboxItems")
        exchanges = [client.send(request, "asked") for _ in range(2)]
        client.close()
        thread.join(5)
    assert exchanges[0].header("set-cookie") == "session=1; Path=/"
    assert len(asked) == 2
    assert not any(b"cookie" in sent.lower() for sent in asked)


def test_repeated_header_lines_are_kept_apart(serve: Serve, pinned) -> None:
    answer = b"HTTP/1.1 200 OK\r\nVary: a\r\nVary: b\r\nContent-Length: 0\r\n\r\n"
    assert get(pinned(serve(answer))).response.headers.all("vary") == ("a", "b")


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope",
    ],
)
def test_a_body_that_ends_early_or_is_garbled_makes_the_answer_broken(
    serve: Serve, pinned, answer: bytes
) -> None:
    exchange = get(pinned(serve(answer)))
    assert exchange.status == 200
    assert not exchange.succeeded
    assert exchange.response.broken == "the body ends early or can't be decoded"


def test_a_compressed_body_is_read_as_what_it_holds(serve: Serve, pinned) -> None:
    body = gzip.compress(b'{"items": []}')
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(body)}\r\n\r\n"
    assert get(pinned(serve(head.encode() + body))).json == {"items": []}


@pytest.mark.parametrize("coding", ["gzip, gzip", "gzip, DEFLATE", "br", "zstd"])
def test_a_body_that_could_be_of_any_size_is_not_unpacked(
    serve: Serve, pinned, coding: str
) -> None:
    body = gzip.compress(gzip.compress(bytes(64 * 2**20)))
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\nContent-Length: {len(body)}\r\n\r\n"
    environment = pinned(serve(head.encode() + body))
    tracemalloc.start()
    exchange = get(environment)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    said = "the body is compressed in another way than once by gzip or deflate"
    assert exchange.response.broken == said
    assert not exchange.succeeded
    assert peak < 32 * 2**20


@pytest.mark.parametrize("coding", ["identity", "utf-8", "identity, gzip"])
def test_what_is_compressed_once_or_not_at_all_is_read(serve: Serve, pinned, coding: str) -> None:
    body = gzip.compress(b"{}") if "gzip" in coding else b"{}"
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\nContent-Length: {len(body)}\r\n\r\n"
    assert get(pinned(serve(head.encode() + body))).json == {}


def test_a_body_without_end_is_cut_off(
    serve: Serve, pinned, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_module, "LARGEST_BODY", 2**20)
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 3000000\r\n\r\n" + b"x" * 3_000_000
    exchange = get(pinned(serve(answer)))
    assert exchange.response.broken == "the body is larger than 1 MiB"
    assert len(exchange.response.body) < 3_000_000


# -- what did not come back --------------------------------------------------------------------------------------


def test_a_refused_connection_is_reported_with_its_address(pinned) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    error = failure_of(pinned(f"http://127.0.0.1:{port}"))
    assert error.failure.kind == "refused"
    assert str(error) == f"127.0.0.1:{port}: the connection was refused"


def test_a_name_that_does_not_resolve_is_reported(pinned) -> None:
    error = failure_of(pinned("https://no-such-host.invalid"))
    assert (error.failure.kind, error.host) == ("dns", "no-such-host.invalid")


def test_a_silent_server_is_a_timeout(serve: Serve, pinned) -> None:
    error = failure_of(pinned(serve(None), read_timeout=0.1))
    assert error.failure.kind == "timeout"


def test_a_body_that_stalls_is_a_timeout(pinned) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        held: list[socket.socket] = []

        def stall() -> None:
            held.append(listener.accept()[0])
            held[0].recv(65536)
            held[0].sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{")

        thread = threading.Thread(target=stall)
        thread.start()
        error = failure_of(
            pinned(f"http://127.0.0.1:{listener.getsockname()[1]}", read_timeout=0.1)
        )
        thread.join()
        held[0].close()
    assert error.failure.kind == "timeout"


def test_a_reset_connection_is_reported(serve: Serve, pinned) -> None:
    assert failure_of(pinned(serve(b"", reset=True))).failure.kind == "reset"


def test_a_connection_that_is_closed_without_a_word_is_reported(serve: Serve, pinned) -> None:
    assert failure_of(pinned(serve(b""))).failure.kind == "reset"


@pytest.mark.parametrize("answer", [b"SSH-2.0-OpenSSH_9.2\r\n\r\n", b"HTTP/1.1 abc OK\r\n\r\n"])
def test_what_is_no_http_is_reported(serve: Serve, pinned, answer: bytes) -> None:
    exchange = get(pinned(serve(answer)))
    assert exchange.response.broken == "what came back is not HTTP"
    assert (exchange.status, exchange.succeeded) == (0, False)


def test_tls_against_a_plain_server_is_reported(serve: Serve, pinned) -> None:
    origin = serve(b"HTTP/1.1 400 Bad Request\r\n\r\n").replace("http://", "https://")
    assert failure_of(pinned(origin, host="")).failure.kind == "tls"


# -- TLS ---------------------------------------------------------------------------------------------------------


def test_a_self_signed_certificate_is_not_trusted(serve: Serve, pinned, certificate) -> None:
    _, context = certificate()
    error = failure_of(pinned(serve(tls=context), host=""))
    assert error.failure.kind == "tls-untrusted"
    assert error.failure.configuration


def test_a_certificate_authority_of_the_environment_is_trusted(
    serve: Serve, pinned, certificate
) -> None:
    bundle, context = certificate()
    assert get(pinned(serve(tls=context), host="", ca_bundle=bundle)).status == 200


def test_an_expired_certificate_has_words_of_its_own(serve: Serve, pinned, certificate) -> None:
    bundle, context = certificate(days=-1)
    error = failure_of(pinned(serve(tls=context), host="", ca_bundle=bundle))
    assert error.failure.kind == "tls-expired"
    assert not error.failure.configuration


def test_a_certificate_for_another_host_is_not_trusted(serve: Serve, pinned, certificate) -> None:
    bundle, context = certificate(name="another.example")
    error = failure_of(pinned(serve(tls=context), host="", ca_bundle=bundle))
    assert error.failure.kind == "tls-untrusted"


# -- proxy -------------------------------------------------------------------------------------------------------


def test_a_proxy_that_refuses_is_reported(serve: Serve, pinned) -> None:
    proxy = serve(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
    error = failure_of(pinned("https://api.cernermillennium.com", proxy=Secret(proxy)))
    assert (error.failure.kind, error.failure.configuration) == ("proxy", True)


def test_a_proxy_that_is_not_there_is_reported_and_not_the_host_behind_it(pinned) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    gone = Secret(f"http://127.0.0.1:{port}")
    assert (
        failure_of(pinned("https://api.cernermillennium.com", proxy=gone)).failure.kind == "proxy"
    )
    named = Secret("http://proxy.invalid:3128")
    assert (
        failure_of(pinned("https://api.cernermillennium.com", proxy=named)).failure.kind == "proxy"
    )


def test_what_is_on_this_machine_goes_by_no_proxy(serve: Serve, pinned) -> None:
    assert get(pinned(serve(), proxy=Secret("http://proxy.invalid:3128"))).status == 200


def test_a_proxy_of_the_process_is_not_used(
    serve: Serve, pinned, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://proxy.invalid:3128")
    assert get(pinned(serve())).status == 200


# -- pinning -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "https://elsewhere.example/t/message",
        "http://api.cernermillennium.com/t/message",
        "https://api.cernermillennium.com:8443/t",
        "https://api.cernermillennium.com@elsewhere.example/t",
        "https://api.cernermillennium.com.elsewhere.example/t",
        "https://api.cernermillennium.com\\@elsewhere.example/t",
        "//api.cernermillennium.com/t",
        "file:///etc/passwd",
        "",
    ],
)
def test_another_host_is_never_asked(pinned, url: str) -> None:
    client = ApiClient(pinned("https://api.cernermillennium.com"))
    with pytest.raises(ForbiddenRequestError, match="is not a host of twin"):
        client.send(Request("GET", url), "asked")
    assert client.requests == 0
    client.close()


def test_another_host_that_the_twin_plays_is_never_asked(serve: Serve, pinned) -> None:
    origin = serve()
    client = ApiClient(pinned(origin))
    with pytest.raises(ForbiddenRequestError, match="fhir-open"):
        client.send(Request("GET", f"{origin}/fhir-open.cerner.com/r4"), "asked")
    client.close()


@pytest.mark.parametrize(
    "headers",
    [{"X": "späße"}, {"X": "a\r\nInjected: yes"}, {"Bad name": "x"}],
)
def test_a_request_that_is_no_http_is_refused_and_not_blamed_on_the_service(
    serve: Serve, pinned, headers: dict[str, str]
) -> None:
    with pytest.raises(ForbiddenRequestError, match="can't be written as HTTP"):
        get(pinned(serve()), headers=Headers.of(headers))


def test_a_url_with_a_control_character_is_refused(serve: Serve, pinned) -> None:
    with pytest.raises(ForbiddenRequestError):
        get(pinned(serve()), path="/a\x00b")


# -- the lock ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["POST", "post", "PUT", "PATCH", "DELETE", "TRACE", "WHATEVER"])
def test_nothing_but_reading_passes_where_writes_are_forbidden(
    serve: Serve, pinned, method: str
) -> None:
    environment = pinned(serve(), writes="forbidden")
    with pytest.raises(ForbiddenRequestError, match=r"needs `safety\.writes: allowed`"):
        get(environment, method=method)


def test_writing_needs_the_tenant_on_the_list_as_well(serve: Serve, pinned) -> None:
    with pytest.raises(ForbiddenRequestError, match=r"safety\.test_tenants"):
        get(pinned(serve(), writes="allowed", test_tenants=("another",)), method="POST")


def test_writing_passes_where_both_allow_it(serve: Serve, pinned) -> None:
    assert get(pinned(serve()), method="POST", body=b"{}").status == 200


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_reading_always_passes(serve: Serve, pinned, method: str) -> None:
    assert (
        get(
            pinned(serve(b"HTTP/1.1 204 No Content\r\n\r\n"), writes="forbidden"), method=method
        ).status
        == 204
    )


@pytest.mark.parametrize(
    "step", ["/../other-tenant/message", "/%2e%2e/other/message", "/a%2F..%2Fb", "/..\\x", "/./x"]
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_step_in_the_path_leads_round_the_lock(
    serve: Serve, pinned, step: str, method: str
) -> None:
    with pytest.raises(ForbiddenRequestError, match=r"a \. or \.\. segment"):
        get(pinned(serve()), path=step, method=method)


def test_the_lock_goes_by_the_tenant_in_the_path(serve: Serve, pinned) -> None:
    environment = pinned(serve())
    client = ApiClient(environment)
    url = environment.api.base_url.replace(
        environment.tenant, "3d0a6c1b-9b1e-4b7a-8a55-0c2f7e9d4b16"
    )
    with pytest.raises(ForbiddenRequestError, match="tenant 3d0a6c1b"):
        client.send(Request("POST", url + "/x"), "asked")
    client.close()


def test_a_token_request_passes_the_lock_and_is_counted_as_one(serve: Serve, pinned) -> None:
    environment = pinned(serve(), writes="forbidden")
    client = ApiClient(environment)
    client.send(Request("POST", environment.token.url, body=b"grant_type=x"), "token")
    client.send(Request("GET", environment.api.base_url + "/x"), "inbox")
    assert (client.requests, client.token_requests) == (2, 1)
    client.close()


# -- budget and rate ---------------------------------------------------------------------------------------------


def test_the_budget_is_a_limit_for_all_threads_together(serve: Serve, pinned) -> None:
    environment = pinned(serve(), budget=5)
    client = ApiClient(environment)
    spent: list[Exception] = []

    def ask() -> None:
        try:
            client.send(Request("GET", environment.api.base_url + "/x"), "x")
        except BudgetSpentError as error:
            spent.append(error)

    threads = [threading.Thread(target=ask) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    client.close()
    assert client.requests == 5
    assert len(spent) == 7
    assert str(spent[0]).startswith(
        "golive's own limit, not the service's: the budget of 5 requests is spent (`safety.budget` at "
    )
    assert spent[0].next_step.startswith("Write `budget: 250` at ")


def test_a_refused_request_costs_no_budget(serve: Serve, pinned) -> None:
    client = ApiClient(pinned(serve(), budget=1, writes="forbidden"))
    with pytest.raises(ForbiddenRequestError):
        client.send(Request("DELETE", client._environment.api.base_url), "x")
    assert client.requests == 0
    client.close()


@pytest.mark.parametrize(
    ("rate", "allowed", "milliseconds"), [(4, 4, 1000), (2.9, 2, 1000), (0.5, 1, 2000)]
)
def test_the_rate_is_kept_and_fractions_are_rounded_down(
    rate: float, allowed: int, milliseconds: int
) -> None:
    limiter = alone(rate)
    try:
        (kept,) = limiter.bucket_factory.bucket.rates
        assert (kept.limit, kept.interval) == (allowed, milliseconds)
        for _ in range(allowed):
            assert limiter.try_acquire("request", blocking=False)
        assert not limiter.try_acquire("request", blocking=False)
    finally:
        limiter.close()
