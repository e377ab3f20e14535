"""Where to point, with which credential, and what that deployment claims.

`load` turns one file of `environments/` into an Environment, or says everything that is wrong with
it. This package is the only one that reads environment variables.
"""

from golive.environment.load import available as available
from golive.environment.load import find as find
from golive.environment.load import load as load
from golive.environment.load import run_words as run_words
from golive.environment.load import safe_name as safe_name
from golive.environment.model import Environment as Environment
from golive.environment.operator import GithubActions as GithubActions
from golive.environment.operator import github_actions as github_actions
from golive.environment.operator import in_pipeline as in_pipeline
from golive.environment.secret import Secret as Secret
from golive.environment.sections import ACCOUNT_NAMES as ACCOUNT_NAMES
from golive.environment.sections import Account as Account
from golive.environment.sections import KeyCredential as KeyCredential
from golive.environment.sections import SecretCredential as SecretCredential
from golive.environment.sections import TwinCredential as TwinCredential
from golive.environment.sections import TwinToken as TwinToken
from golive.environment.settings import KnownDeviation as KnownDeviation
from golive.environment.settings import Recipient as Recipient
from golive.environment.settings import Safety as Safety
from golive.environment.tenants import Tenant as Tenant
from golive.environment.tenants import chosen as chosen
from golive.environment.tenants import read_tenants as read_tenants
from golive.environment.url_rules import is_tenant as is_tenant
from golive.environment.urls import API_HOST as API_HOST
from golive.environment.urls import AUTHORIZATION_HOST as AUTHORIZATION_HOST
from golive.environment.urls import FORMER_SANDBOX_TENANT as FORMER_SANDBOX_TENANT
from golive.environment.urls import PUBLIC_SANDBOX_TENANT as PUBLIC_SANDBOX_TENANT
from golive.environment.urls import address_of as address_of
from golive.environment.urls import asked as asked
from golive.environment.urls import asked_in_short as asked_in_short
from golive.environment.urls import cloud_of as cloud_of
from golive.environment.urls import is_double as is_double
from golive.environment.urls import is_loopback as is_loopback
from golive.environment.urls import real_host as real_host
from golive.environment.urls import service_root as service_root
from golive.environment.variables import dotenv_remarks as dotenv_remarks
from golive.environment.variables import proxy_in_surroundings as proxy_in_surroundings
