"""The pytest side of golive: checks and exchanges as pytest sees them, outcomes, verdict and exit code.

`conftest.py` loads this package; each of the modules below is a plugin of pytest's, which this one brings along.
"""

MODULES = (
    "collect",
    "finish",
    "options",
    "outcomes",
    "own_mistakes",
    "project",
    "results",
    "selecting",
    "sinks",
)
pytest_plugins = [f"{__name__}.{one}" for one in MODULES]
