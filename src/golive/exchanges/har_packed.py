"""What the entries of golive's archives share, packed together: whole long bodies, and what may be known of tokens.

Lists that a run reads again and again are alike, so together they take a twentieth of what each takes by itself.
"""

from __future__ import annotations

import base64
import json
import lzma
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

PRESET = 1
"""Of xz: the quickest that finds the likeness of lists."""

LARGEST = 512 * 1024 * 1024
"""Bytes to which the bodies of an archive are unpacked."""


@dataclass
class Packed:
    """Bodies with their numbers, and what may be known of tokens, by their names."""

    bodies: dict[str, int] = field(default_factory=dict)
    tokens: Json = field(default_factory=dict)

    def number_of(self, body: str) -> int:
        """Return the number of a long body, the same for one that came before."""
        return self.bodies.setdefault(body, len(self.bodies))

    def as_text(self) -> str:
        """Return it all as text (JSON, xz, base64)."""
        whole = json.dumps({"bodies": [*self.bodies], "tokens": self.tokens}).encode()
        return base64.b64encode(lzma.compress(whole, preset=PRESET)).decode()


def unfold(packed: object, entries: list[Json]) -> Json:
    """Put the bodies where they belong, and return what is known of tokens; raises ValueError where that can't be."""
    try:
        text = lzma.LZMADecompressor().decompress(
            base64.b64decode(str(packed), validate=True), LARGEST
        )
        shared = json.loads(text)
        for entry in entries:
            number = entry.get("_golive", {}).pop("body", None)
            if number is not None:
                entry["response"]["content"]["text"] = shared["bodies"][number]
        tokens: Json = shared["tokens"]
    except (ValueError, TypeError, LookupError, AttributeError, lzma.LZMAError, EOFError) as error:
        raise ValueError(str(error)) from None
    return tokens
