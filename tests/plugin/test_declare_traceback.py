"""An exchange that could not be made is raised for every check that wanted it, each time as if it were new."""

import traceback
from types import SimpleNamespace

import pytest

from golive.contract.outcomes import CouldNotTellError
from golive.pytest_plugin.fixtures import EXCHANGES, exchange
from golive.pytest_plugin.state import RUN


def never_answered(api):
    """Asked in vain."""


def test_the_frames_of_those_who_asked_before_are_left_behind(monkeypatch):
    monkeypatch.setattr(EXCHANGES, "_definitions", {})
    look_up = exchange(never_answered)._get_wrapped_function()
    run = SimpleNamespace(
        services=frozenset({"api"}), made={("never_answered", ()): CouldNotTellError("no answer")}
    )
    request = SimpleNamespace(
        config=SimpleNamespace(stash={RUN: run}, option=SimpleNamespace()), node=SimpleNamespace()
    )
    lengths = set()
    for _ in range(3):
        with pytest.raises(CouldNotTellError) as caught:
            look_up(request)
        lengths.add(len(traceback.extract_tb(caught.value.__traceback__)))
    assert len(lengths) == 1
