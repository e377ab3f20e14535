"""The exchanges that look up code values: each distinct situation once.

The code sets come from the test data: `code_set`, and `other_code_set` for what needs a second one. No data of patients
is touched.
"""

from suites.code_system.by_code_set import *
from suites.code_system.by_id import *
from suites.code_system.one_value import *
