"""Keeps secrets and patients' data out of everything that is shown or written."""

from golive.redaction.redactor import (
    MARK,
    PERSONAL_PARAMETERS,
    SECRET_MEMBERS,
    SHORTEST,
    TOKEN,
    VAULT,
    redact,
    redact_url,
)

__all__ = [
    "MARK",
    "PERSONAL_PARAMETERS",
    "SECRET_MEMBERS",
    "SHORTEST",
    "TOKEN",
    "VAULT",
    "redact",
    "redact_url",
]
