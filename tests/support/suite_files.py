"""The files of checks as modules, for tests that call a check on answers made by hand."""

from __future__ import annotations

import importlib.util
import warnings
from functools import cache
from typing import Any

import pytest

from golive.kit.files import resources


@cache
def checks_of(file: str) -> Any:
    """Return the module of a file of checks, such as `messages/test_inbox`; no run has to do with it."""
    path = resources() / "suites" / f"{file}.py"
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with warnings.catch_warnings():
        # The mark is registered by the plugin, which rules the suites and not golive's own tests.
        warnings.simplefilter("ignore", pytest.PytestUnknownMarkWarning)
        spec.loader.exec_module(module)
    return module
