"""Log records without protected values, whatever library makes them."""

from __future__ import annotations

import logging

from golive.redaction import VAULT, redact

WIRE = frozenset({"httpcore", "httpx", "h11", "h2", "hpack", "urllib3"})
"""Libraries whose log records hold what comes over the wire; only the first word is their own."""


def redact_log_records() -> None:
    """Make every log record of the process, whatever library makes it, free of protected values."""
    make = logging.getLogRecordFactory()
    if getattr(make, "redacts", False):
        return

    def make_redacted(*args: object, **kwargs: object) -> logging.LogRecord:
        record = make(*args, **kwargs)
        try:
            text = record.getMessage()
        except Exception:
            # A wrongly written log call is not this suite's fault; its parts still must not leak.
            text = f"{record.msg} {record.args}"
        if not VAULT.shows_data and record.name.split(".")[0] in WIRE:
            # These show the headers of an answer before anybody has seen whom they tell of.
            text = text.split(" ")[0]
        record.msg, record.args = redact(text), ()
        if record.exc_info and record.exc_info[0] is not None:
            record.exc_text = redact(f"{record.exc_info[0].__name__}: {record.exc_info[1]}")
        return record

    make_redacted.redacts = True  # type: ignore[attr-defined]
    logging.setLogRecordFactory(make_redacted)
