import socket
import subprocess
import sys
import threading
import time

import httpx
import pytest

from golive.twin import ReceivedRequest, Twin, serving


def test_importing_the_twin_loads_neither_web_server_nor_cryptography():
    script = (
        "import sys, golive.twin;"
        "print([m for m in ('uvicorn', 'starlette', 'joserfc') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert out.stdout.strip() == "[]", out.stderr


def test_it_listens_on_loopback_only():
    with Twin() as twin:
        assert twin.address.startswith("http://127.0.0.1:")
        port = int(twin.address.rpartition(":")[2])
        with socket.socket() as probe, pytest.raises(OSError, match="refused"):
            probe.connect(("127.0.0.2", port))


def test_its_listener_says_tcp_so_that_asyncio_switches_nagles_algorithm_off():
    with serving.loopback_listener(0) as listener:
        assert listener.proto == socket.IPPROTO_TCP


def test_stopping_leaves_no_thread_and_no_listener():
    before = threading.active_count()
    twin = Twin().start()
    address = twin.address
    with httpx.Client() as client:  # a connection that is kept alive must not hold it up
        client.get(address)
        twin.stop()
    assert threading.active_count() == before
    with pytest.raises(httpx.ConnectError):
        httpx.get(address)
    twin.stop()


def test_it_can_be_started_again_with_new_accounts():
    twin = Twin()
    with twin:
        first = twin.accounts["system"]
    with twin:
        assert twin.accounts["system"].client_id != first.client_id
        assert twin.accounts["system"].client_secret != first.client_secret


def test_starting_twice_is_refused():
    with Twin() as twin, pytest.raises(RuntimeError, match="already been started"):
        twin.start()


def test_what_it_knows_can_be_asked_only_after_the_start():
    with pytest.raises(RuntimeError, match="has not been started"):
        _ = Twin().address


def test_a_taken_port_is_refused():
    with Twin() as twin, pytest.raises(OSError, match="in use"):
        Twin(port=int(twin.address.rpartition(":")[2])).start()


def test_a_server_that_fails_to_start_says_why(monkeypatch):
    async def broken(self, sockets=None):
        raise ValueError("no luck")

    monkeypatch.setattr(serving._Server, "startup", broken)
    with pytest.raises(RuntimeError, match="could not be started") as caught:
        Twin().start()
    assert str(caught.value.__cause__) == "no luck"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"defects": ["duplicate-itm"]}, 'knows no defect "duplicate-itm".*"duplicate-item"'),
        (
            {"defects": ["zzz"]},
            'knows no defect "zzz". `golive twin --list-defects` lists them all',
        ),
        ({"latency": -1}, "latency"),
        ({"token_lifetime": 0}, "at least one second"),
    ],
)
def test_settings_that_make_no_sense_are_refused(wrong, said):
    with pytest.raises(ValueError, match=said):
        Twin(**wrong)


def test_received_requests_are_noted_with_the_host_segment(calling):
    caller = calling()
    caller.http.get(f"{caller.twin.address}/authorization.cerner.com/jwk?x=1")
    caller.http.get(f"{caller.twin.address}/elsewhere.example/x")
    assert caller.twin.requests == [
        ReceivedRequest("GET", "/authorization.cerner.com/jwk", 200),
        ReceivedRequest("GET", "/elsewhere.example/x", 404),
    ]


def test_slow_requests_are_handled_at_the_same_time(calling):
    caller = calling(latency=0.2)
    arrived: list[int] = []

    def fetch() -> None:
        arrived.append(httpx.get(f"{caller.twin.address}/authorization.cerner.com/x").status_code)

    threads = [threading.Thread(target=fetch) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert arrived == [404] * 8


def test_stopping_does_not_wait_for_a_very_slow_request():
    twin = Twin(latency=3600).start()
    address = twin.address
    ended: list[int] = []

    def fetch() -> None:
        ended.append(httpx.get(f"{address}/authorization.cerner.com/jwk").status_code)

    thread = threading.Thread(target=fetch)
    thread.start()
    while (
        not twin._serving._server.server_state.tasks
    ):  # the request was read; a connection alone is closed
        time.sleep(0.01)
    twin.stop()
    thread.join()
    assert ended == [500]
    assert twin.requests == []


def test_the_same_seed_gives_the_same_messages(calling):
    one, two, other = calling(seed=5), calling(seed=5), calling(seed=6)

    def said(caller):
        return [(item["id"], item["subject"]) for item in caller.inbox()]

    assert said(one) == said(two)
    assert said(one) != said(other)


def test_secrets_stay_out_of_an_accounts_repr(caller):
    for account in caller.twin.accounts.values():
        assert (account.client_secret or "absent") not in repr(account)
        assert "PRIVATE KEY" not in repr(account)


def test_patients_are_named_by_their_role(caller):
    assert caller.twin.patients["crowded"] == "12700300"


def test_the_clock_can_be_set(calling, when):
    caller = calling(clock_offset=365 * 86400)
    newest = when(caller.inbox()[0]["createDateTime"])
    assert newest.timestamp() > time.time() + 364 * 86400
