"""Exceptions of the HTTP library by what a person has to do about them."""

import errno
import socket
import ssl

import httpx
import pytest

from golive.exchanges import failures
from golive.exchanges.failures import Failure, classify


def chained(outer: Exception, inner: BaseException) -> Exception:
    outer.__cause__ = inner
    return outer


def unverified(code: int) -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_code = code
    return error


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (chained(httpx.ConnectError("x"), socket.gaierror(-2, "unknown")), failures.DNS),
        (chained(httpx.ConnectError("x"), ConnectionRefusedError()), failures.REFUSED),
        (chained(httpx.ConnectError("x"), OSError(errno.ENETUNREACH, "x")), failures.ROUTE),
        (chained(httpx.ConnectError("x"), OSError(errno.EMFILE, "x")), failures.REFUSED),
        (chained(httpx.ConnectError("x"), unverified(10)), failures.EXPIRED),
        (chained(httpx.ConnectError("x"), unverified(18)), failures.UNTRUSTED),
        (chained(httpx.ConnectError("x"), ssl.SSLEOFError()), failures.RESET),
        (chained(httpx.ConnectError("x"), ssl.SSLError(1, "wrong version")), failures.TLS),
        (chained(httpx.ReadError("x"), ConnectionResetError()), failures.RESET),
        (chained(httpx.WriteError("x"), BrokenPipeError()), failures.RESET),
        (httpx.ConnectTimeout("x"), failures.TIMEOUT),
        (httpx.ReadTimeout("x"), failures.TIMEOUT),
        (httpx.PoolTimeout("x"), failures.TIMEOUT),
        (httpx.ProxyError("x"), failures.PROXY),
        (httpx.RemoteProtocolError("illegal status line"), failures.PROTOCOL),
        (
            httpx.RemoteProtocolError("Server disconnected without sending a response."),
            failures.RESET,
        ),
        (httpx.ReadError("x"), failures.RESET),
    ],
)
def test_each_exception_has_its_kind(error: Exception, failure: Failure) -> None:
    assert classify(error) is failure


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (chained(httpx.ConnectError("x"), socket.gaierror(-2, "unknown")), failures.PROXY),
        (chained(httpx.ConnectError("x"), ConnectionRefusedError()), failures.PROXY),
        (chained(httpx.ConnectError("x"), OSError(errno.EHOSTUNREACH, "x")), failures.PROXY),
        (httpx.ReadTimeout("x"), failures.TIMEOUT),
    ],
)
def test_by_a_proxy_it_is_the_proxy_that_was_not_reached(
    error: Exception, failure: Failure
) -> None:
    assert classify(error, by_proxy=True) is failure


def test_every_kind_says_what_to_do_and_only_the_set_up_s_own_are_configuration() -> None:
    kinds = [value for value in vars(failures).values() if isinstance(value, Failure)]
    assert len({kind.kind for kind in kinds}) == len(kinds) == 11
    assert all(kind.next_step.endswith(".") for kind in kinds)
    assert {kind.kind for kind in kinds if kind.configuration} == {"tls-untrusted", "proxy"}
