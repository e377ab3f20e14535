"""JSON packed into a text (xz, base64): for what only golive reads of its files, and would fill them."""

from __future__ import annotations

import base64
import json
import lzma
from typing import Any

PRESET = 1
"""Of xz: the quickest that finds the likeness of lists."""

LARGEST = 512 * 1024 * 1024
"""Bytes to which a text is unpacked."""


def pack(text: str) -> str:
    """Return JSON text packed; lists that are alike take a twentieth together of what each takes by itself."""
    return base64.b64encode(lzma.compress(text.encode(), preset=PRESET)).decode()


def unpack(packed: object) -> Any:
    """Return the JSON value that was packed; raises ValueError where it is none."""
    try:
        raw = base64.b64decode(str(packed), validate=True)
        reader = lzma.LZMADecompressor()
        text = reader.decompress(raw, LARGEST)
        if not reader.eof:
            raise ValueError("it is cut off")
        return json.loads(text)
    except (lzma.LZMAError, EOFError, RecursionError) as error:
        raise ValueError(str(error)) from None
