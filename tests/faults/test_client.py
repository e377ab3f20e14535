"""Faults at the socket, one request each: what the client makes of them, in bounded time and memory."""

import time
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from threading import Barrier, BrokenBarrierError

import pytest

from golive.environment import find, load
from golive.exchanges.failures import TransportError
from golive.exchanges.har import entry
from golive.exchanges.har_packed import Packed
from golive.exchanges.headers import Headers
from golive.exchanges.model import Request
from golive.kit.json_text import NotJsonError
from golive.report.exchange_text import as_curl_prints
from golive.transport.client import ApiClient
from golive.transport.retry import OUTAGE_AFTER
from golive.transport.throttle import Throttle

from .conftest import FAULTS, request_of, say, serving, whole

TENANT = "ec2458f2-1e24-41c8-b71b-0e701af7583d"
NO_ANSWER = {
    "reset": "reset",
    "reset in the body": "reset",
    "black hole": "timeout",
    "a byte at a time": "timeout",
}
NO_HTTP = {"no HTTP", "a header without a colon", "two lengths"}
BROKEN = {"truncated", "200 MB", "gzip bomb", "no gzip", "gzip without its end", "chunked garbage"}
NO_JSON = {"invalid UTF-8", "duplicate member", "nested", "NaN", "login page"}
STATUS = {
    "redirect loop": 302,
    "redirect elsewhere": 307,
    "429": 429,
    "502": 502,
    "503": 503,
    "504": 504,
}


@pytest.fixture
def client_of(tmp_path):
    """Make a client for an environment whose API is at this root."""
    made = []

    def make(root, **safety):
        environment = load(find("twin"))
        quick = {"retries": 0, "read_timeout": 0.5, "connect_timeout": 0.5, "longest_wait": 5.0}
        environment = replace(
            environment,
            apis={"messages": replace(environment.api, base_url=f"{root}/{TENANT}/message")},
            token=replace(environment.token, url=f"{root}/token"),
            claims=replace(environment.claims, accounts={}),
            safety=replace(environment.safety, **(quick | safety)),
        )
        made.append(ApiClient(environment))
        return made[-1]

    yield make
    for client in made:
        client.close()


def get(root):
    return Request("GET", f"{root}/{TENANT}/message/x", Headers.of({"Authorization": "Bearer s"}))


def post(root):
    return Request("POST", f"{root}/{TENANT}/message/x", Headers.of({}), b"{}")


def test_every_fault_has_its_place():
    assert {*NO_ANSWER, *NO_HTTP, *BROKEN, *NO_JSON, *STATUS, "1,000 headers"} == FAULTS.keys()


@pytest.mark.parametrize("fault", NO_ANSWER)
def test_no_answer_is_reported_with_its_kind(fault, serve, client_of):
    root, _ = serve(FAULTS[fault])
    with pytest.raises(TransportError) as caught:
        client_of(root).send(get(root), "asked")
    assert caught.value.failure.kind == NO_ANSWER[fault]
    assert caught.value.failure.next_step


@pytest.mark.parametrize("fault", sorted(NO_HTTP))
def test_what_is_no_http_is_an_answer_that_is_neither_repeated_nor_taken_for_an_outage(
    fault, serve, client_of
):
    root, asked = serve(FAULTS[fault])
    client = client_of(root, retries=2)
    for _ in range(OUTAGE_AFTER + 2):
        exchange = client.send(get(root), "asked")
        assert (exchange.status, exchange.response.broken) == (0, "what came back is not HTTP")
        assert not exchange.succeeded
    assert len(asked) == client.requests == OUTAGE_AFTER + 2
    assert client.repeated == 0


@pytest.mark.parametrize("fault", sorted(BROKEN))
def test_a_body_that_breaks_off_is_an_exchange_that_says_so(fault, serve, client_of):
    root, _ = serve(FAULTS[fault])
    client = client_of(root)
    tracemalloc.start()
    try:
        exchange = client.send(get(root), "asked")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert exchange.response.broken
    assert peak < 192 * 2**20  # one compressed piece of 64 KiB becomes 64 MiB before its size shows
    assert len(exchange.response.body) < 2**20  # a run keeps it until its end


@pytest.mark.parametrize("fault", sorted(NO_JSON))
def test_what_is_no_json_is_said_to_be_none(fault, serve, client_of):
    root, _ = serve(FAULTS[fault])
    exchange = client_of(root).send(get(root), "asked")
    assert exchange.status == 200
    with pytest.raises(NotJsonError):
        exchange.json  # noqa: B018 - reading it is the test


@pytest.mark.parametrize("fault", STATUS)
def test_a_status_is_kept_and_no_redirect_is_followed(fault, serve, client_of):
    root, asked = serve(FAULTS[fault])
    exchange = client_of(root).send(get(root), "asked")
    assert exchange.status == STATUS[fault]
    assert len(asked) == 1


def test_many_headers_are_read(serve, client_of):
    root, _ = serve(FAULTS["1,000 headers"])
    exchange = client_of(root).send(get(root), "asked")
    assert exchange.header("X-Header-999") == "value"


def test_a_refused_connection_is_tried_again_and_then_reported(client_of):
    client = client_of("http://127.0.0.1:9", retries=2)
    with pytest.raises(TransportError) as caught:
        client.send(get("http://127.0.0.1:9"), "asked")
    assert caught.value.failure.kind == "refused"
    assert (client.requests, client.repeated) == (3, 2)


def in_turn(*answers):
    left = list(answers)

    def answer(connection):
        (left.pop(0) if len(left) > 1 else left[0])(connection)

    return answer


FINE = say(whole(b'{"items": []}'))
BUSY = b"503 Service Unavailable"


@pytest.mark.parametrize(
    ("first", "asked_for"),
    [
        (FAULTS["reset"], None),
        (FAULTS["503"], None),
        (say(whole(b"{}", status=BUSY, more=b"Retry-After: 1\r\n")), 1.0),
        (say(whole(b"{}", status=BUSY, more=b"Retry-After: Wed, 21 Oct 2015 07:28:00 GMT\r\n")), 0),
        (say(whole(b"{}", status=BUSY, more=b"Retry-After: soon\r\n")), None),
        (
            say(
                whole(
                    b"{}",
                    status=BUSY,
                    more=b"Retry-After: Mon, 01 Jan 9" + b"9" * 20 + b" 00:00:00 GMT\r\n",
                )
            ),
            None,
        ),
    ],
)
def test_what_passes_is_asked_again_until_it_has(first, asked_for, serve, client_of, monkeypatch):
    waited = []
    monkeypatch.setattr("tenacity.nap.time.sleep", waited.append)
    root, asked = serve(in_turn(first, FINE))
    client = client_of(root, retries=2)
    exchange = client.send(get(root), "asked")
    assert exchange.status == 200
    assert (len(asked), client.requests, client.repeated) == (2, 2, 1)
    # The sleep is none here, so what waits for the whole kind of request waits once more where a time was asked for.
    again = [pytest.approx(asked_for, abs=0.2)] if asked_for else []
    assert waited == [0.25 if asked_for is None else asked_for, *again]
    (before,) = exchange.earlier
    assert before.happened in ("the connection was closed without an answer", "status 503")
    assert before.sent_at < exchange.sent_at
    kept = entry(exchange, Packed())
    assert kept["_golive"]["earlier"][0]["happened"] == before.happened
    shown = "\n".join(as_curl_prints(kept, []))
    assert f"* sent before at {before.sent_at.isoformat()}: {before.happened}\n" in shown


def test_longer_than_the_longest_wait_is_not_waited(serve, client_of):
    root, asked = serve(FAULTS["429"])  # it asks for an hour
    assert client_of(root, retries=2).send(get(root), "asked").status == 429
    assert len(asked) == 1


@pytest.mark.parametrize("status", [b"400 Bad Request", b"401 Unauthorized", b"500 Oops"])
def test_what_the_contract_speaks_of_is_never_asked_again(status, serve, client_of):
    root, asked = serve(say(whole(b"{}", status=status)))
    client_of(root, retries=2).send(get(root), "asked")
    assert len(asked) == 1


@pytest.mark.parametrize("fault", ["reset", "503", "black hole"])
def test_a_write_is_never_repeated(fault, serve, client_of):
    root, asked = serve(FAULTS[fault])
    client = client_of(root, retries=2)
    if fault == "503":
        assert client.send(post(root), "sent").status == 503
    else:
        with pytest.raises(TransportError):
            client.send(post(root), "sent")
    assert len(asked) == 1
    assert client.repeated == 0


def test_each_repetition_counts_for_the_budget(serve, client_of):
    from golive.exchanges.failures import BudgetSpentError

    root, asked = serve(FAULTS["503"])
    with pytest.raises(BudgetSpentError):
        client_of(root, retries=5, budget=3).send(get(root), "asked")
    assert len(asked) == 3


def test_a_host_that_is_down_is_left_alone(serve, client_of):
    root, asked = serve(FAULTS["reset"])
    client = client_of(root)
    kinds = []
    for _ in range(OUTAGE_AFTER + 2):
        with pytest.raises(TransportError) as caught:
            client.send(get(root), "asked")
        kinds.append(caught.value.failure.kind)
    assert kinds == ["reset"] * OUTAGE_AFTER + ["outage"] * 2
    assert len(asked) == client.requests == OUTAGE_AFTER


def test_an_answer_ends_a_row_of_failures(serve, client_of):
    reset = FAULTS["reset"]
    root, asked = serve(in_turn(reset, reset, FINE, reset, reset, FINE))
    client = client_of(root)
    for fails in (True, True, False, True, True, False):
        if fails:
            with pytest.raises(TransportError):
                client.send(get(root), "asked")
        else:
            assert client.send(get(root), "asked").status == 200
    assert len(asked) == 6


@pytest.mark.parametrize("more", [b"", b"Retry-After: 1\r\n"])
def test_a_write_that_gets_429_is_not_sent_again_for_it_may_have_been_done(serve, client_of, more):
    root, asked = serve(say(whole(b"{}", status=b"429 Too Many Requests", more=more)))
    client = client_of(root, retries=2)
    assert client.send(post(root), "sent").status == 429
    assert (len(asked), client.repeated) == (1, 0)


def test_a_write_waits_until_the_one_that_was_put_off_might_have_come_again(serve, client_of):
    wait = say(whole(b"{}", status=b"429 Too Many Requests", more=b"Retry-After: 1\r\n"))
    root, asked = serve(
        lambda connection: (wait if len(asked) < 2 else say(whole(b"{}")))(connection)
    )
    client = client_of(root, retries=2)
    before = time.monotonic()
    assert [client.send(post(root), "sent").status for _ in range(2)] == [429, 200]
    assert time.monotonic() - before >= 1


def test_a_limit_on_what_writes_stops_nothing_that_reads(serve, client_of):
    refused, given = say(whole(b"{}", status=b"429 Too Many Requests")), say(whole(b"{}"))
    root, asked = serve(
        lambda connection: (refused if asked[-1].startswith(b"POST") else given)(connection)
    )
    client = client_of(root)
    for _ in range(OUTAGE_AFTER):
        client.send(post(root), "sent")
    for _ in range(OUTAGE_AFTER):  # what is not sent is no silence of the host
        with pytest.raises(
            TransportError, match="3 requests of the kind in a row were answered with 429"
        ):
            client.send(post(root), "sent")
    assert client.send(get(root), "asked").status == 200


@pytest.mark.parametrize("status", [b"429 Too Many Requests", b"503 Service Unavailable"])
def test_requests_that_are_refused_at_once_are_one_of_a_row(status, serve, client_of):
    together = Barrier(4)

    def refuse(connection):
        with suppress(BrokenBarrierError):
            together.wait(5)
        say(whole(b"{}", status=status))(connection)

    root, asked = serve(lambda connection: (refuse if len(asked) <= 4 else FINE)(connection))
    client = client_of(root, concurrency=4)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: client.send(get(root), "asked").status, range(4)))
    assert answers == [int(status[:3])] * 4
    assert client.send(get(root), "asked").status == 200


def test_a_busy_service_is_left_the_time_that_it_asks_for(serve, client_of):
    wait = say(whole(b"{}", status=BUSY, more=b"Retry-After: 1\r\n"))
    root, asked = serve(lambda connection: (wait if len(asked) < 2 else FINE)(connection))
    client = client_of(root, retries=0)
    before = time.monotonic()
    assert [client.send(post(root), "sent").status for _ in range(2)] == [503, 200]
    assert time.monotonic() - before >= 1


def test_fewer_requests_are_on_their_way_after_each_429():
    throttle = Throttle(8)
    with throttle.one() as most:
        assert most == 8
    for _ in range(3):  # all of them were sent at once, so they say one thing
        throttle.slower("a", 8, None, 5.0)
    with throttle.one() as most, throttle.one():
        assert most == 4
    for _ in range(4):
        throttle.slower("a", most, 60.0, 5.0)  # longer than anybody waits
        with throttle.one() as most:
            pass
    assert most == 1
    throttle.wait("a", 5.0)


def test_a_host_that_puts_off_everybody_is_left_alone(serve, client_of):
    root, asked = serve(FAULTS["429"])
    client = client_of(root)
    for _ in range(OUTAGE_AFTER):
        assert client.send(get(root), "asked").status == 429
    with pytest.raises(
        TransportError, match="3 requests of the kind in a row were answered with 429"
    ):
        client.send(get(root), "asked")
    assert len(asked) == OUTAGE_AFTER


@pytest.mark.parametrize("status", ["502", "503", "504"])
def test_a_host_that_serves_nobody_is_left_alone_as_a_silent_one_is(status, serve, client_of):
    root, asked = serve(FAULTS[status])
    client = client_of(root)
    for _ in range(OUTAGE_AFTER):
        assert client.send(get(root), "asked").status == int(status)
    with pytest.raises(
        TransportError, match="3 requests of the kind in a row were answered with 502"
    ):
        client.send(get(root), "asked")
    assert len(asked) == OUTAGE_AFTER


def test_a_generated_request_that_a_gateway_can_t_take_is_no_outage(serve, client_of):
    root, asked = serve(FAULTS["502"])
    client = client_of(root)
    for _ in range(OUTAGE_AFTER + 2):
        client.send(get(root), "asked", generated=True)
    assert len(asked) == OUTAGE_AFTER + 2


def test_nothing_is_sent_once_the_time_of_the_run_is_spent(serve, client_of):
    root, asked = serve(FAULTS["black hole"])
    client = client_of(root, read_timeout=30.0, time_limit=2.0)
    for _ in range(2):
        with pytest.raises(TransportError, match="the run's time limit is spent"):
            client.send(get(root), "asked")
    assert len(asked) == 1


def test_no_wait_goes_past_the_end_of_the_run(serve, client_of, monkeypatch):
    monkeypatch.setattr("tenacity.nap.time.sleep", lambda _: pytest.fail("it waited"))
    patient = b"Retry-After: 20\r\n"
    root, asked = serve(say(whole(b"{}", status=BUSY, more=patient)))
    client = client_of(root, retries=5, longest_wait=30.0, time_limit=10.0)
    assert client.send(get(root), "asked").status == 503
    assert len(asked) == 1


def closing_after_each_answer(connections):
    """Answer as if the connection were kept, and close it: what is sent on it again is lost."""

    def answer(connection, request):
        connections.append(connection.getpeername())
        body = b"{}"
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n"
        connection.sendall(head + body)
        second = request_of(connection)  # a second request on it is read, and nobody answers
        connections.append(second)

    return answer


def test_a_write_never_goes_over_a_connection_that_was_used_before(client_of):
    connections = []
    with serving(closing_after_each_answer(connections)) as port:
        root = f"http://127.0.0.1:{port}"
        client = client_of(root)
        client.send(get(root), "asked")
        for _ in range(3):
            assert client.send(post(root), "sent").status == 200
        assert client.send(post(root), "sent").status == 200
    opened = [one for one in connections if isinstance(one, tuple)]
    assert len(opened) == len(set(opened)) == 5
