"""A server that misbehaves below HTTP, alone or in front of a twin."""

import gzip
import socket
import socketserver
import threading
import time
from contextlib import contextmanager, suppress

import pytest

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
CLOSE = b"Connection: close\r\n\r\n"


def whole(body, *, status=b"200 OK", kind=b"application/json", more=b""):
    """A well-formed answer."""
    head = b"HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n%s" % (
        status,
        kind,
        len(body),
        more,
    )
    return head + CLOSE + body


def say(data):
    """Send these bytes and hang up."""

    def answer(connection):
        connection.sendall(data)

    return answer


def reset(connection):
    """Close so that the other end sees a reset."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    connection.close()


def reset_in_the_body(connection):
    connection.sendall(OK + b"Content-Length: 100\r\n\r\n{")
    time.sleep(0.1)
    reset(connection)


def black_hole(connection):
    """Never say anything."""
    connection.settimeout(30)
    with suppress(OSError):
        connection.recv(1)


def dribble(data, pause=0.2):
    """A byte at a time, for ever slower than anybody wants, though never silent for long."""

    def answer(connection):
        with suppress(OSError):
            for byte in data:
                connection.sendall(bytes([byte]))
                time.sleep(pause)

    return answer


def endless(connection):
    """200 MB, as fast as they are taken."""
    with suppress(OSError):
        connection.sendall(OK + b"Content-Length: 209715200\r\n\r\n")
        for _ in range(3200):
            connection.sendall(b" " * 65536)


BOMB = gzip.compress(bytes(64 * 1024 * 1024), 9)
HEADERS = b"".join(b"X-Header-%d: value\r\n" % n for n in range(1000))
PAGE = b"<!DOCTYPE html><html><title>Sign in</title><form><input name='user'></form></html>"

FAULTS = {
    "reset": reset,
    "reset in the body": reset_in_the_body,
    "black hole": black_hole,
    "a byte at a time": dribble(whole(b"{}")),
    "truncated": say(OK + b"Content-Length: 100\r\n\r\n" + b'{"items": ['),
    "200 MB": endless,
    "gzip bomb": say(whole(BOMB, more=b"Content-Encoding: gzip\r\n")),
    "no gzip": say(whole(b"not gzip at all", more=b"Content-Encoding: gzip\r\n")),
    "gzip without its end": say(
        whole(gzip.compress(b'{"items": []}')[:-8], more=b"Content-Encoding: gzip\r\n")
    ),
    "invalid UTF-8": say(whole(b'{"items": ["\xff\xfe"]}')),
    "duplicate member": say(whole(b'{"items": [], "items": []}')),
    "nested": say(whole(b"[" * 100_000 + b"]" * 100_000)),
    "NaN": say(whole(b'{"items": NaN}')),
    "chunked garbage": say(OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nnot a chunk\r\n"),
    "no HTTP": say(b"220 mail.example ESMTP\r\n\r\n"),
    "a header without a colon": say(b"HTTP/1.1 200 OK\r\nno header\r\n\r\n{}"),
    "two lengths": say(OK + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}"),
    "1,000 headers": say(whole(b'{"items": []}', more=HEADERS)),
    "redirect loop": say(whole(b"", status=b"302 Found", more=b"Location: /again\r\n")),
    "redirect elsewhere": say(
        whole(b"", status=b"307 Temporary Redirect", more=b"Location: https://evil.example/\r\n")
    ),
    "login page": say(whole(PAGE, kind=b"text/html")),
    "429": say(whole(b"{}", status=b"429 Too Many Requests", more=b"Retry-After: 3600\r\n")),
    "502": say(whole(b"{}", status=b"502 Bad Gateway")),
    "503": say(whole(b"{}", status=b"503 Service Unavailable")),
    "504": say(whole(b"{}", status=b"504 Gateway Timeout")),
}


def request_of(connection):
    """Read a request, head and body; None where there is none."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            return None
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    length = next(
        (
            int(line.split(b":")[1])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length")
        ),
        0,
    )
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


@contextmanager
def serving(answer, tls=None):
    """Serve on loopback, `answer(connection, request)` for each connection; yields the port.

    `tls()` gives each connection the context of its certificate.
    """

    class Handler(socketserver.BaseRequestHandler):
        def handle(self):
            with suppress(OSError):
                request = request_of(self.request)
                if request is not None:
                    answer(self.request, request)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False
        request_queue_size = 64

        def get_request(self):
            connection, address = super().get_request()
            if tls is not None:
                connection = tls().wrap_socket(
                    connection, server_side=True, do_handshake_on_connect=False
                )
            return connection, address

        def handle_error(self, *_):
            """A client that hangs up is no error of the test."""

    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield server.server_address[1]
        server.shutdown()


@pytest.fixture
def serve():
    """Start a server that answers every request in one way; returns its root and what it was asked."""
    stack = []

    def start(answer):
        asked = []

        def each(connection, request):
            asked.append(request)
            answer(connection)

        context = serving(each)
        port = context.__enter__()
        stack.append(context)
        return f"http://127.0.0.1:{port}", asked

    yield start
    for context in reversed(stack):
        context.__exit__(None, None, None)


def forwarded(connection, request, port):
    """Hand the request to another port and its answer back."""
    head, _, body = request.partition(b"\r\n\r\n")
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")]
    with socket.create_connection(("127.0.0.1", port), timeout=60) as other:
        other.sendall(b"\r\n".join([*lines, b"Connection: close"]) + b"\r\n\r\n" + body)
        while data := other.recv(65536):
            connection.sendall(data)
