"""The exchanges of error cases: a valid request with one change, which has to be refused."""

from suites.errors.in_turn import *
from suites.errors.token_requests import *
from suites.errors.without_token import *
from suites.errors.writes import *
