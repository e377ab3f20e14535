"""Other spellings of a valid request, to which a standard or the documents give the same meaning: one row each.

Every row holds at every operation whose request has that part, and is one check there. How each is written is the
business of `suites.spellings`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from golive.contract.document import Contract
from golive.contract.label import Basis
from golive.contract.operations import OPENAPI

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from golive.contract.operations import Operation


@dataclass(frozen=True)
class Spelling:
    """One row: `words` is what the request has, and `part` is where it is written otherwise.

    `parameter` is the header that it is about: it is only inferred of an operation whose description marks that so.
    A `further` one changes what another row changes as well, so that it takes a request of its own.
    """

    name: str
    words: str
    part: Literal["header", "address", "body", "reading"]
    basis: Basis
    source: str
    parameter: str = ""
    further: bool = False

    def basis_at(self, operation: Operation) -> Basis:
        """Return how it is known of this operation."""
        named = (one for one in operation.parameters if one["name"] == self.parameter)
        guessed = any(one.get("x-basis") == Basis.INFERRED for one in named)
        return Basis.INFERRED if guessed else self.basis

    def check_at(self, operation: Operation) -> str:
        """Return the id of its check at this operation."""
        return f"{operation.name}-takes-{self.name}"


SPELLINGS = (
    Spelling("scheme-in-lower-case", "the scheme bearer in lower case", "header", Basis.STANDARD, "RFC 9110 §11.1"),
    Spelling("blanks-behind-the-scheme", "two blanks between Bearer and the token", "header", Basis.STANDARD,
             "RFC 6750 §2.1; RFC 9110 §11.4"),
    Spelling("any-media-type", "Accept: */*, which gets the one media type there is", "header",
             Basis.DOCUMENTED, "contract-facts §1; RFC 9110 §12.5.1"),
    Spelling("callers-request-id", "the caller's own opc-request-id of letters, digits, underscore and hyphen",
             "header", Basis.DOCUMENTED, "contract-facts §1; mcfap/intro.html", "opc-request-id"),
    Spelling("charset-in-lower-case", "Accept-Charset: utf-8, which is UTF-8", "header",
             Basis.STANDARD, "RFC 9110 §8.3.2, §12.5.2"),
    Spelling("unmatched-etag", "an If-None-Match with an entity tag that it has never given", "reading",
             Basis.STANDARD, "RFC 9110 §13.1.2, §15.4.5"),
    Spelling("unknown-range-unit", "a Range in a unit that it can't know, which is ignored", "reading",
             Basis.STANDARD, "RFC 9110 §14.2"),
    Spelling("encoded-characters", "a percent-encoded character that needs no encoding", "address",
             Basis.STANDARD, "RFC 3986 §2.3, §6.2.2.2"),
    Spelling("charset-parameter", "the parameter charset beside application/json", "body",
             Basis.STANDARD, "RFC 8259 §11"),
    Spelling("json-in-another-layout", "the members of its body in another order and on lines of their own", "body",
             Basis.STANDARD, "RFC 8259 §2, §4"),
    Spelling("chunked-body", "a body in chunks, whose length no field says", "body",
             Basis.STANDARD, "RFC 9112 §7.1"),
    Spelling("media-type-in-another-case", "Accept: Application/JSON, which is application/json", "reading",
             Basis.STANDARD, "RFC 9110 §8.3.1, §12.5.1", further=True),
    Spelling("ranked-media-types", "an Accept that ranks application/json above another type, both below 1", "reading",
             Basis.STANDARD, "RFC 9110 §12.4.2, §12.5.1", further=True),
    Spelling("early-modification-date", "an If-Modified-Since of a day before there was any message", "reading",
             Basis.STANDARD, "RFC 9110 §13.1.3, §15.4.5", further=True),
)  # fmt: skip


def spellings_of(operation: Operation, *, further: bool = False) -> Iterator[Spelling]:
    """Yield the rows that an operation can have: an id or a query to encode, a body to write otherwise.

    They are those that one request carries together; the `further` ones are for a second one.
    """
    has_query = any(one["in"] == "query" and one.get("required") for one in operation.parameters)
    parts = {
        "header": True,
        "address": has_query or operation.path.endswith("}"),
        "body": operation.body is not None,
        "reading": operation.method == "GET",
    }
    yield from (one for one in SPELLINGS if parts[one.part] and one.further == further)


def respelled_operations(folder: Path) -> list[Operation]:
    """Return the operations below a `schemas/` folder that are asked in other spellings."""
    described = {file.parent.name for file in folder.glob(f"*/{OPENAPI}")}
    known = Contract(folder).operations.values()
    repeatable = (one for one in known if one.description.get("x-golive-repeatable", True))
    return [one for one in repeatable if one.folder in described]


def is_spread_to(operation: Operation, folder: Path) -> bool:
    """Return whether an operation is asked in other spellings where rules are spread: one of each kind."""
    # What can be spelled otherwise depends on these two.
    of_kind = {(one.method, "{" in one.path): one for one in respelled_operations(folder)}
    return operation.operation_id in {one.operation_id for one in of_kind.values()}


def check_ids(folder: Path) -> list[str]:
    """Return the id of each check of a spelling at an operation."""
    asked = respelled_operations(folder)
    both = (False, True)
    return [
        row.check_at(one)
        for one in asked
        for further in both
        for row in spellings_of(one, further=further)
    ]
