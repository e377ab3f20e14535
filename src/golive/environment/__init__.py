"""Where to point, with which credential, and what that deployment claims.

`load` turns one file of `environments/` into an Environment, or says everything that is wrong with
it. This package is the only one that reads environment variables.
"""

from golive.environment.load import available, find, load, safe_name
from golive.environment.model import Environment
from golive.environment.secret import Secret
from golive.environment.sections import (
    ACCOUNT_NAMES,
    Account,
    Api,
    Claims,
    Credential,
    KeyCredential,
    SecretCredential,
    Token,
    TwinCredential,
    TwinToken,
)
from golive.environment.settings import (
    Generation,
    KnownDeviation,
    Recipient,
    Safety,
    TestData,
    TwinSettings,
)
from golive.environment.url_rules import is_tenant
from golive.environment.urls import (
    API_HOST,
    AUTHORIZATION_HOST,
    PUBLIC_SANDBOX_TENANT,
    address_of,
    asked,
    asked_in_short,
    cloud_of,
    is_double,
    is_loopback,
    real_host,
    service_root,
)
from golive.environment.variables import GithubActions, github_actions, proxy_in_surroundings

__all__ = [
    "ACCOUNT_NAMES",
    "API_HOST",
    "AUTHORIZATION_HOST",
    "PUBLIC_SANDBOX_TENANT",
    "Account",
    "Api",
    "Claims",
    "Credential",
    "Environment",
    "Generation",
    "GithubActions",
    "KeyCredential",
    "KnownDeviation",
    "Recipient",
    "Safety",
    "Secret",
    "SecretCredential",
    "TestData",
    "Token",
    "TwinCredential",
    "TwinSettings",
    "TwinToken",
    "address_of",
    "asked",
    "asked_in_short",
    "available",
    "cloud_of",
    "find",
    "github_actions",
    "is_double",
    "is_loopback",
    "is_tenant",
    "load",
    "proxy_in_surroundings",
    "real_host",
    "safe_name",
    "service_root",
]
