"""The Code System API: code values by code set, by id, and one by one."""

from golive.twin.code_system.code_sets import CodeSets
from golive.twin.code_system.code_values import code_values, one_code_value

__all__ = ["CodeSets", "code_values", "one_code_value"]
