"""Keeps secrets and patients' data out of everything that is shown or written."""

from golive.redaction.redactor import (
    MARK,
    SECRET_MEMBERS,
    SHORTEST,
    TOKEN,
    VAULT,
    redact,
    redact_url,
)

__all__ = [
    "MARK",
    "SECRET_MEMBERS",
    "SHORTEST",
    "TOKEN",
    "VAULT",
    "redact",
    "redact_url",
]
