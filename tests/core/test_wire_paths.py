"""The lock on writing, against every way to write a path that somebody reads in another way."""

import re
from urllib.parse import unquote

import httpx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from golive.exchanges.failures import ForbiddenRequestError, TransportError
from golive.exchanges.model import Request
from golive.kit.wire import has_one_reading, steps_aside
from golive.transport.client import ApiClient

OTHER = "3d0a6c1b-9b1e-4b7a-8a55-0c2f7e9d4b16"
OPERATION = "/20241001/patientMessages/sentItems"


class Sent(BaseException):
    """The door let a request through to the network."""


@pytest.fixture
def door(pinned, monkeypatch):
    """Say what the door does with a request; nothing leaves."""
    client = ApiClient(pinned("https://api.cernermillennium.com", retries=0))

    def receive(request, *, is_token):
        raise Sent

    monkeypatch.setattr(client, "_receive", receive)
    monkeypatch.setattr(client._limiter, "try_acquire", lambda *_, **__: True)

    def passes(method: str, path: str) -> bool:
        client.requests = 0
        try:
            client.send(Request(method, f"https://api.cernermillennium.com{path}"), "x")
        except Sent:
            return True
        except (ForbiddenRequestError, TransportError):
            return False
        raise AssertionError("neither sent nor refused")

    yield passes
    client.close()


@pytest.mark.parametrize(
    "step",
    [
        f"/..;/{OTHER}/message",
        f"/..;x=1/{OTHER}/message",
        f"/%2e%2e/{OTHER}/message",
        f"/%252e%252e/{OTHER}/message",
        f"/%25252e./{OTHER}/message",
        f"/..%2f{OTHER}/message",
        f"/..%5c{OTHER}/message",
        f"/..\\{OTHER}/message",
        f"/..%00/{OTHER}/message",
        f"/..%20/{OTHER}/message",
        f"/..%09;/{OTHER}/message",
        f"/%c0%ae%c0%ae/{OTHER}/message",
        f"/..%c0%af{OTHER}/message",
        f"/\uff0e\uff0e/{OTHER}/message",
        f"/%EF%BC%8E%EF%BC%8E/{OTHER}/message",
        f"/%E2%80%A5/{OTHER}/message",
        "/.",
        "/x/./y",
        "/.;",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_no_step_aside_passes_in_any_encoding(door, named_environment, step, method):
    assert not door(method, f"/{named_environment.tenant}{step}{OPERATION}")


@pytest.mark.parametrize(
    "path",
    [
        "/{t};x=1/message{o}",
        "/{t}/message;v=1{o}",
        "/{t}/message{o};jsessionid=1",
        "/{t}/message%2F..{o}",
        "/{t}/mess%61ge{o}",
        "/{t}//message{o}",
        "//{t}/message{o}",
        "/{t}/message{o}/",
        "/{t}/message{o}#x",
        "/{t}/message{o}%0A",
        "/{t}/message{o}%3f",
        "/{t}/message/{other}{o}",
        "/{t}/{other}/message{o}",
        "/{t}/{OTHER}/message{o}",
        "/{t}/message{o}/{t}",
        "/{t}/message/~{o}",
        "/{t}/message/\u00fc{o}",
        "/{other}/message{o}",
        "/%65c2458f2-1e24-41c8-b71b-0e701af7583d/message{o}",
    ],
)
def test_a_write_goes_to_the_test_tenant_s_own_path_and_to_no_other(door, named_environment, path):
    tenant = named_environment.tenant
    made = path.format(t=tenant, o=OPERATION, other=OTHER, OTHER=OTHER.upper())
    fragment = "#" in made
    assert door("POST", made) is fragment
    assert door("POST", f"/{tenant}/message{OPERATION}")
    assert door("POST", f"/{tenant}/message{OPERATION}?x=%2e%2e;a")


SIGNS = ("/", "\\", ".", "..", ";", "%2e", "%2F", "%252f", "%5c", "%00", "%c0%ae", "\uff0e", " ")
WORDS = ("x", "message", OTHER, "ec2458f2-1e24-41c8-b71b-0e701af7583d", "%", "#", "?", "@", ":")
PIECES = st.lists(st.sampled_from((*SIGNS, *WORDS)), max_size=12).map("".join)


def readings(path: str) -> set[tuple[str, ...]]:
    """What the servers of this world make of a path, as the segments that are left after its dots."""
    found, text = set(), path
    for _ in range(4):
        for separators in ("/", r"/\\"):
            for end in (";", r"[;\x00-\x20]", None):
                parts: list[str] = []
                for part in re.split(f"[{separators}]", text):
                    plain = re.split(end, part)[0] if end else part
                    if plain == "..":
                        parts = parts[:-1]
                    elif plain not in ("", "."):
                        parts.append(plain)
                found.add(tuple(parts))
        text = unquote(text)
    return found


@given(PIECES)
@example(f"message/..;/{OTHER}/message")
@example("message/20241001/patientMessages/sentItems")
@settings(max_examples=300, deadline=None)
def test_what_has_one_reading_leads_to_one_tenant_however_it_is_read(path):
    tenant = "ec2458f2-1e24-41c8-b71b-0e701af7583d"
    whole = f"/{tenant}/{path}"
    if steps_aside(whole) or not has_one_reading(whole, tenant, (OTHER,)):
        return
    assert {parts[0] for parts in readings(whole)} == {tenant}
    assert all(OTHER not in parts for parts in readings(whole))
    wire = httpx.URL(f"https://api.cernermillennium.com{whole}").raw_path.decode()
    assert wire == whole


@given(PIECES)
@settings(max_examples=300, deadline=None)
def test_what_is_read_stays_below_its_tenant_however_it_is_read(path):
    whole = f"/t-1/message/{path.split('?')[0].split('#')[0]}"
    if not steps_aside(whole):
        assert all(parts[:1] == ("t-1",) for parts in readings(whole))


def test_an_id_with_dots_is_no_step():
    assert not steps_aside("/t/message/20241001/patientMessages/720705383.1.5.prsnl")
    assert not steps_aside("/t/message/20241001/patientMessages/a;b")
    assert not steps_aside("/t/message/20241001/patientMessages/%25%25")
