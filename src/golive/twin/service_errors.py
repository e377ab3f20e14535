"""Refusals of the Messages service itself: ``{"code": string, "message": string}``.

The shape is contract-facts §9; the codes are the twin's own, since none was ever seen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from golive.twin.http import html_answer, json_answer

if TYPE_CHECKING:
    from starlette.responses import Response

    from golive.twin.world import World


class ServiceError(Exception):
    """A refusal by the service: status, a code for programs, a message for people."""

    def __init__(
        self, status: int, code: str, message: str, headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = headers


def bad_request(message: str, code: str = "InvalidParameter") -> ServiceError:
    """Make the refusal of a request that breaks a rule of its operation."""
    return ServiceError(400, code, message)


def broken() -> ServiceError:
    """Make the answer of a service that fails where a defect lets it."""
    return ServiceError(500, "InternalServerError", "Something went wrong.")


def refusal(world: World, error: ServiceError, echo: str | None = None) -> Response:
    """Return the answer that states ``error``; ``echo`` is a token that a faulty service repeats."""
    message = f"{error.message} (token {echo})" if echo else error.message
    if world.injects("service-errors-are-html"):
        return html_answer(error.status, "Error", error.message)
    status = 200 if world.injects("service-errors-come-with-200") else error.status
    code = {} if world.injects("service-errors-lack-code") else {"code": error.code}
    return json_answer(status, {**code, "message": message}, error.headers)
