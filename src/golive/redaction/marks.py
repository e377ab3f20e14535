"""What the contract marks as personal: known before anything is sent, so no answer has to be seen first."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlencode, urlunsplit

from golive.kit.wire import split_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


@dataclass(frozen=True)
class PersonalMarks:
    """The places whose values identify a person.

    `parameters` are names of query and header parameters, with the word to show in place of a value. `steps` are
    patterns of a URL: the first group stands before the value, the second is the value; each with its word.
    `members` are names of members of bodies.
    """

    parameters: Mapping[str, str] = field(default_factory=dict)
    steps: tuple[tuple[str, str], ...] = ()
    members: frozenset[str] = frozenset()

    def without_values(self, url: str) -> str:
        """Return the URL with a word in place of each personal value."""
        parts = split_url(url)
        pairs = parse_qsl(parts.query, keep_blank_values=True)
        if any(name in self.parameters for name, _ in pairs):
            shown = [(name, self.parameters.get(name, value)) for name, value in pairs]
            url = urlunsplit(parts._replace(query=urlencode(shown, safe=":")))
        for pattern, word in self.steps:
            url = re.sub(pattern, rf"\g<1>{word}", url)
        return url

    def values(
        self, url: str, headers: Iterable[tuple[str, str]] = (), body: object = None
    ) -> Iterator[str]:
        """Yield the personal values of a request; `body` is JSON, or None."""
        parts = split_url(url)
        yield from (v for name, v in parse_qsl(parts.query) if name in self.parameters)
        low = {name.lower() for name in self.parameters}
        yield from (value for name, value in headers if name.lower() in low)
        for pattern, _ in self.steps:
            yield from (unquote(match[2]) for match in re.finditer(pattern, parts.path))
        yield from self.in_body(body)

    def in_body(self, body: object) -> Iterator[str]:
        """Yield the texts and numbers below the marked members of a body; `body` is JSON, or None."""
        todo = [(body, False)]
        while todo:  # a body can be nested more deeply than Python calls
            node, marked = todo.pop()
            if isinstance(node, dict):
                todo += [(value, marked or name in self.members) for name, value in node.items()]
            elif isinstance(node, list):
                todo += [(one, marked) for one in node]
            elif marked and isinstance(node, str):
                yield node
            elif marked and type(node) is int:
                yield str(node)
