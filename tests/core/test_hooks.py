"""What an API's own folder adds is found by its file alone."""

import sys

import pytest

from golive.checks import hooks as module
from golive.contract.document import Contract
from golive.environment import find, load
from golive.fuzz.send import plain_request
from golive.kit.files import resources
from golive.transport.plain import Plain

OWN = """
from golive import hookimpl


@hookimpl
def golive_sequence_rules():
    return {"kept-as-forecast": len}

"""


@pytest.fixture
def dropped_in(tmp_path, monkeypatch):
    folder = tmp_path / "suites" / "weather"
    folder.mkdir(parents=True)
    (folder / "hooks.py").write_text(OWN, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    module.hooks.cache_clear()
    yield module.hooks()
    module.hooks.cache_clear()
    for name in [name for name in sys.modules if name.startswith("suites.weather")]:
        del sys.modules[name]


def test_a_folder_that_is_dropped_in_is_heard_beside_golive_s_own(dropped_in):
    names = {name for rules in dropped_in.golive_sequence_rules() for name in rules}
    assert names == {"kept-as-forecast", "kept-as-sent", "kept-as-changed"}


def test_an_operation_of_which_no_folder_knows_more_is_asked_with_its_test_data():
    contract = Contract(resources() / "schemas")
    environment = load(find("twin"), variables={})
    plain = plain_request(contract.named("inbox"), environment, contract)
    assert plain(None) == Plain(query={"patientId": environment.get("test_data.patient")})
