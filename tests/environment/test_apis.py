"""An environment with several APIs: each from its folder below schemas/, without a line of code for it."""

import pickle
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from golive.cli import exit_code_of
from golive.cli.commands import environments as envs
from golive.contract.apis import known_apis
from golive.environment import Recipient, load
from golive.environment.model import Environment
from golive.kit.problems import ConfigurationProblem
from golive.redaction import REDACTOR
from golive.report.text import header, named_apis
from golive.transport.session import protect

WRONG = Path(__file__).parent / "wrong"
VARIABLES = {"GOLIVE_CLIENT_ID": "a-client", "GOLIVE_CLIENT_SECRET": "a-secret-of-some-length"}
HEAD = """\
tenant: t-1
token:
  url: https://authorization.cerner.com/tenants/{tenant}/protocols/oauth2/profiles/smart-v1/token
  credential: {client_id: "${GOLIVE_CLIENT_ID}", client_secret: "${GOLIVE_CLIENT_SECRET}"}
"""
MESSAGES = """\
  messages:
    base_url: https://api.cernermillennium.com/{tenant}/message/
"""
CONDITION = """\
  condition:
    base_url: https://api.cernermillennium.com/{tenant}/condition
"""
DATA = """\
test_data:
  condition: "4711-condition"
  recipient: {id: "4712-recipient", type: PERSONNEL}
"""


@pytest.fixture(autouse=True)
def _project(monkeypatch):
    """A project of one's own whose schemas/ holds one more API."""
    monkeypatch.chdir(WRONG)
    REDACTOR.clear()
    yield
    REDACTOR.clear()


def loaded(folder: Path, text: str) -> Environment:
    path = folder / "mine.yaml"
    path.write_text(HEAD + text, encoding="utf-8")
    return load(path, variables=VARIABLES)


@pytest.fixture
def both(tmp_path):
    return loaded(tmp_path, f"apis:\n{MESSAGES}{CONDITION}{DATA}")


def test_each_api_has_its_place_and_the_newest_version_of_its_documents(both):
    assert {name: (api.base_url, api.version) for name, api in both.apis.items()} == {
        "messages": ("https://api.cernermillennium.com/t-1/message", "20241001"),
        "condition": ("https://api.cernermillennium.com/t-1/condition", "20250101"),
    }
    assert both.api is both.apis["messages"]
    assert both.get("apis.condition.version") == "20250101"
    assert both.get("apis.absent") is None


def test_the_short_form_is_the_messages_api(tmp_path, both):
    short = loaded(
        tmp_path, "api:\n  base_url: https://api.cernermillennium.com/{tenant}/message\n"
    )
    assert short.apis == {"messages": both.api}
    assert short.line_of("apis.messages.base_url") == short.line_of("api.base_url") == 6
    assert both.line_of("api.base_url") == both.line_of("apis.messages.base_url") == 7


def test_an_environment_without_messages_has_the_defaults_of_its_own_api(tmp_path):
    alone = loaded(tmp_path, f"apis:\n{CONDITION}")
    assert alone.api.base_url.endswith("/condition")
    assert alone.claims.operations == ("getCondition",)
    assert alone.token.scopes == ("oraclehealth:millennium:condition",)
    assert alone.get("test_data.second_condition") is None
    with pytest.raises(AttributeError):
        _ = alone.test_data.patient


def test_what_is_left_out_comes_from_the_documents_of_all_apis(both):
    reading = ("listInboxItems", "listSentItems", "getMessage", "getCondition")
    assert both.claims.operations == reading
    assert both.token.scopes == (
        "oraclehealth:millennium:message",
        "oraclehealth:millennium:condition",
    )


def test_a_claimed_operation_with_a_scope_of_its_own_adds_it(tmp_path):
    text = f"apis:\n{CONDITION}claims:\n  operations: [removeCondition]\n"
    assert loaded(tmp_path, text).token.scopes == (
        "oraclehealth:millennium:condition",
        "oraclehealth:millennium:condition-change",
    )


def test_a_marked_parameter_makes_a_key_of_test_data_and_its_id_is_kept_out_of_reports(both):
    assert both.test_data.condition == "4711-condition"
    assert both.test_data.recipient == Recipient("4712-recipient", "PERSONNEL")
    assert both.test_data.second_condition is None
    assert both.redacted()["test_data"] == {"recipient": "***", "condition": "***"}
    protect(both)
    shown = REDACTOR.redact("4711-condition 4712-recipient PERSONNEL")
    assert "4711" not in shown
    assert "4712" not in shown
    assert "PERSONNEL" in shown


def test_an_environment_with_further_test_data_can_be_handed_to_another_process(both):
    assert pickle.loads(pickle.dumps(both)) == both


def test_a_started_twin_plays_every_api(tmp_path):
    text = f"{HEAD}apis:\n{MESSAGES}{CONDITION}".replace(": https://", ": '{twin}/")
    text = re.sub(r"('\{twin\}.*)", r"\1'", text)
    path = tmp_path / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    twinned = load(path, variables=VARIABLES).with_twin("http://127.0.0.1:8700", {}, {})
    assert not twinned.needs_twin
    start = "http://127.0.0.1:8700/api.cernermillennium.com/t-1/"
    assert [api.base_url for api in twinned.apis.values()] == [
        f"{start}message",
        f"{start}condition",
    ]


def test_lists_and_headers_name_every_api(both, tmp_path, monkeypatch):
    assert [line for line in header(both) if "API" in line] == [
        "  API messages at api.cernermillennium.com (production cloud), version 20241001",
        "  API condition at api.cernermillennium.com (production cloud), version 20250101",
    ]
    (tmp_path / "environments").mkdir()
    (tmp_path / "environments" / "both.yaml").write_text(both.path.read_text("utf-8"), "utf-8")
    (tmp_path / "schemas").symlink_to(WRONG / "schemas")
    monkeypatch.chdir(tmp_path)
    for name, value in VARIABLES.items():
        monkeypatch.setenv(name, value)
    table = " ".join(CliRunner().invoke(envs.envs_command).output.split())
    assert "API messages api.cernermillennium.com" in table
    assert "API condition api.cernermillennium.com" in table


def test_reports_name_every_api_of_a_summary_and_the_one_of_an_older_summary(both):
    told = both.redacted()
    assert [label for label, _ in named_apis(told)] == ["API messages", "API condition"]
    del told["apis"]
    assert named_apis(told) == [("API", {"base_url": both.api.base_url, "version": "20241001"})]


def test_the_index_of_an_api_comes_from_its_document():
    api = known_apis()["condition"]
    assert (api.versions, api.base_path) == (("20250101",), "/{tenant}/condition")
    assert list(api.operations) == ["getCondition", "removeCondition"]
    assert {name: one.description for name, one in api.test_data.items()} == {
        "second_condition": "A condition of somebody else.",
        "condition": "The id of a condition.",
    }


def test_the_offline_doctor_names_every_api(capsys, tmp_path, monkeypatch):
    (tmp_path / "both.yaml").write_text(f"{HEAD}apis:\n{MESSAGES}{CONDITION}", encoding="utf-8")
    for name, value in VARIABLES.items():
        monkeypatch.setenv(name, value)
    exit_code_of(["doctor", str(tmp_path / "both.yaml"), "--offline"])
    said = " ".join(capsys.readouterr().out.split())
    assert "API condition: api.cernermillennium.com, version 20250101" in said


@pytest.mark.parametrize(
    ("apis", "right", "of_another"),
    [
        (f'{CONDITION}{MESSAGES}    version: "20240101"\n', "20241001", "20250101"),
        (f'{MESSAGES}{CONDITION}    version: "20240101"\n', "20250101", "20241001"),
    ],
)
def test_the_doctor_gives_the_version_of_the_api_that_is_wrong(
    apis, right, of_another, capsys, tmp_path, monkeypatch
):
    text = f"{HEAD}apis:\n{apis}"
    (tmp_path / "both.yaml").write_text(text, encoding="utf-8")
    for name, value in VARIABLES.items():
        monkeypatch.setenv(name, value)
    assert exit_code_of(["doctor", str(tmp_path / "both.yaml"), "--offline"]) == 4
    said = capsys.readouterr().out
    assert right in said
    assert of_another not in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("paths: }", "openapi.yaml:1: this is not valid YAML. "),
        ("- paths", "openapi.yaml: the file is not a mapping of keys to values."),
        ("\x00", "openapi.yaml: the file can't be read (ReaderError)."),
    ],
)
def test_a_projects_document_that_is_none_is_named(text, said, tmp_path, monkeypatch):
    folder = tmp_path / "schemas" / "condition-20250101"
    folder.mkdir(parents=True)
    (folder / "openapi.yaml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigurationProblem) as caught:
        loaded(tmp_path, f"apis:\n{CONDITION}")
    assert f"{caught.value}".startswith(f"schemas/condition-20250101/{said}")


def test_a_document_that_nobody_names_is_looked_at_all_the_same(tmp_path, monkeypatch):
    """A run reads every API that is described, to know the operation of a request and what is personal in it."""
    folder = tmp_path / "schemas" / "other-1"
    folder.mkdir(parents=True)
    (folder / "openapi.yaml").write_text("paths: {", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(
        ConfigurationProblem, match=r"other-1/openapi\.yaml:1: what opens here with"
    ):
        loaded(tmp_path, f"apis:\n{MESSAGES}")
