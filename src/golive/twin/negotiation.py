"""Whether a caller takes JSON: the Accept header of RFC 9110 §12.5.1."""

from __future__ import annotations

_RANK = {"*/*": 1, "application/*": 2, "application/json": 3}  # the most specific range decides


def accepts_json(accept: list[str]) -> bool:
    """Return whether ``application/json`` is acceptable; no Accept header means anything is."""
    ranges = [part for field in accept for part in field.split(",") if part.strip()]
    if not ranges:
        return True
    best, acceptable = 0, False
    for part in ranges:
        media_range, *parameters = (piece.strip().lower() for piece in part.split(";"))
        rank = _RANK.get(media_range, 0)
        if rank > best:
            best, acceptable = rank, _quality(parameters) > 0
    return acceptable


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0
