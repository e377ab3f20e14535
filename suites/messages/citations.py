"""Where the statements about messages come from: one name for each page or section that checks cite.

`contract-facts` is `docs/contract-facts.md`: the facts, each with the way in which it is known; the file names
are those of Oracle's pages in the EHR API book (mcfap).
"""

from __future__ import annotations

COMMON = "contract-facts §1; mcfap/intro.html"
"""What all operations share: headers, media type, status codes, error bodies."""

INBOX = "contract-facts §2.1; op-20241001-patientmessages-inboxitems-get.html"
SENT_ITEMS = "contract-facts §2.2; op-20241001-patientmessages-sentitems-get.html"
MESSAGE = "contract-facts §2.3; op-20241001-patientmessages-patientmessageid-get.html"
LISTED_MESSAGE = f"{MESSAGE}; api-messages.html (works for inbox and sent items)"
SEND = "contract-facts §2.4; op-20241001-patientmessages-sentitems-post.html"
STATUS_UPDATE = "contract-facts §2.5; op-20241001-actions-updatepatientmessagestatus-post.html"

TENANTS = "contract-facts §1 (the tenant in the path selects the domain); mcfap/intro.html"
STATUSES = "contract-facts §3 (status transitions); api-messages.html"
DATES = "contract-facts §3 (dates); op-20241001-patientmessages-inboxitems-get.html"
PAGES = "contract-facts §3 (pagination); api-messages.html"
REMINDERS = "contract-facts §2.1, §3 (reminders); op-20241001-patientmessages-inboxitems-get.html"
ORGANIZATION = "contract-facts §2.1, §2.3 (shouldLoadOrganizationSummary)"
MEMBERS = "contract-facts §2.3, §9: how a message shows it is in no public text"
CHOICES = "contract-facts §9"
"""What golive assumes where no public text says it: never more than advice."""

SAFE_METHODS = "RFC 9110 §9.2.1"
ACCEPT = "RFC 9110 §12.5.1"
SECRECY = "RFC 6749 §10.3"
"""Tokens and credentials are kept confidential, in what is stored and sent."""
