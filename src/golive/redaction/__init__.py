"""Keeps secrets and patients' data out of everything that is shown or written."""

from golive.redaction.redactor import (
    MARK,
    REDACTOR,
    SECRET_MEMBERS,
    SHORTEST,
    TOKEN,
    redact,
    redact_url,
)

__all__ = [
    "MARK",
    "REDACTOR",
    "SECRET_MEMBERS",
    "SHORTEST",
    "TOKEN",
    "redact",
    "redact_url",
]
