"""Which host belongs to which of the two clouds.

Each cloud has its own authorization server, keys, tenants and accounts, so a token of one cloud is
worthless in the other (contract-facts §6.3). The API has one host only, and that host trusts the
production cloud. What the hosts do *not* tell is whether a tenant is a sandbox: the public
developer sandbox is a tenant of the production cloud (contract-facts §6.2).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Cloud = Literal["production", "sandbox"]


@dataclass(frozen=True)
class HostRule:
    """One host, or with a leading `*.` everything below a domain, its cloud, and who says so."""

    host: str
    cloud: Cloud
    source: str

    def covers(self, host: str) -> bool:
        """Say whether a lower-case host name falls under this rule."""
        if self.host.startswith("*."):
            return host.endswith(self.host[1:]) or host == self.host[2:]
        return host == self.host


AUTHORIZATION_HOST = "authorization.cerner.com"
API_HOST = "api.cernermillennium.com"

# The public developer sandbox: a tenant of the production cloud (contract-facts §1, §6.2).
PUBLIC_SANDBOX_TENANT = "ec2458f2-1e24-41c8-b71b-0e701af7583d"

HOST_RULES: tuple[HostRule, ...] = (
    HostRule(AUTHORIZATION_HOST, "production", "contract-facts §6.1: authorization.md, login page"),
    HostRule(API_HOST, "production", "contract-facts §6.1: mcfap/intro.html; §6.3: forum 7979"),
    HostRule("fhir-open.cerner.com", "production", "contract-facts §6.1: mfrap/srv_root_url.html"),
    HostRule("fhir-ehr-code.cerner.com", "production", "contract-facts §6.1: srv_root_url.html"),
    HostRule("fhir-ehr.cerner.com", "production", "contract-facts §6.1: answers for ec2458f2-…"),
    HostRule("fhir-myrecord.cerner.com", "production", "contract-facts §6.1: srv_root_url.html"),
    HostRule("*.sandboxcerner.com", "sandbox", "contract-facts §6.1, §4.4: own keys and issuer"),
)


def cloud_of(host: str) -> Cloud | None:
    """Name the cloud of a real host name; None when the facts name no cloud for it."""
    name = host.casefold().rstrip(".")
    return next((rule.cloud for rule in HOST_RULES if rule.covers(name)), None)
