"""The pytest side of golive: checks and exchanges as pytest sees them, outcomes, verdict and exit code.

`conftest.py` loads this module; suites use `check` and `exchange` from it.
"""

from golive.pytest_plugin.collect import (
    pytest_collection_finish,
    pytest_collection_modifyitems,
    pytest_configure_node,
    pytest_xdist_setupnodes,
)
from golive.pytest_plugin.finish import pytest_sessionfinish, pytest_unconfigure
from golive.pytest_plugin.fixtures import check, exchange, parametrize_rows
from golive.pytest_plugin.generating import pytest_ignore_collect
from golive.pytest_plugin.options import (
    pytest_addoption,
    pytest_configure,
    pytest_report_header,
)
from golive.pytest_plugin.outcomes import (
    pytest_pyfunc_call,
    pytest_report_teststatus,
    pytest_runtest_makereport,
    pytest_runtest_teardown,
)
from golive.pytest_plugin.own_mistakes import pytest_make_collect_report
from golive.pytest_plugin.project import pytest_collect_directory, pytest_pycollect_makemodule
from golive.pytest_plugin.results import (
    pytest_collectreport,
    pytest_handlecrashitem,
    pytest_internalerror,
    pytest_keyboard_interrupt,
    pytest_runtest_logreport,
    pytest_runtest_protocol,
    pytest_runtestloop,
    pytest_testnodedown,
)
from golive.pytest_plugin.sinks import pytest_sessionstart

__all__ = [
    "check",
    "exchange",
    "parametrize_rows",
    "pytest_addoption",
    "pytest_collect_directory",
    "pytest_collection_finish",
    "pytest_collection_modifyitems",
    "pytest_collectreport",
    "pytest_configure",
    "pytest_configure_node",
    "pytest_handlecrashitem",
    "pytest_ignore_collect",
    "pytest_internalerror",
    "pytest_keyboard_interrupt",
    "pytest_make_collect_report",
    "pytest_pycollect_makemodule",
    "pytest_pyfunc_call",
    "pytest_report_header",
    "pytest_report_teststatus",
    "pytest_runtest_logreport",
    "pytest_runtest_makereport",
    "pytest_runtest_protocol",
    "pytest_runtest_teardown",
    "pytest_runtestloop",
    "pytest_sessionfinish",
    "pytest_sessionstart",
    "pytest_testnodedown",
    "pytest_unconfigure",
    "pytest_xdist_setupnodes",
]
