"""Keeps secrets and patients' data out of everything that is shown or written."""

from golive.redaction.redactor import COOKIE as COOKIE
from golive.redaction.redactor import KEY as KEY
from golive.redaction.redactor import MARK as MARK
from golive.redaction.redactor import REDACTOR as REDACTOR
from golive.redaction.redactor import SECRET_MEMBERS as SECRET_MEMBERS
from golive.redaction.redactor import SHORTEST as SHORTEST
from golive.redaction.redactor import TOKEN as TOKEN
from golive.redaction.redactor import redact as redact
from golive.redaction.redactor import redact_url as redact_url
