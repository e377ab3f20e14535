"""One declaration makes a key: what may be written, what is shown and what is kept secret."""

from dataclasses import dataclass
from typing import Literal

from golive.environment import Secret
from golive.environment.build import made
from golive.environment.declaration import for_editors, key, section_schema
from golive.environment.redacted import secrets_in, shown


@dataclass(frozen=True)
class Pace:
    """A section with one key of each kind."""

    limit: int = key("The most.", default=3, minimum=1)
    mood: Literal["calm", "brisk"] = key("How.", default="calm")
    password: Secret | None = key("What opens it.", default=None)
    names: tuple[str, ...] = key("Who.", default=(), show=len)


def test_the_type_and_the_limits_of_a_field_are_the_schema_of_its_key():
    assert section_schema(Pace) == {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "limit": {"description": "The most.", "default": 3, "type": "integer", "minimum": 1},
            "mood": {
                "description": "How.",
                "default": "calm",
                "type": "string",
                "enum": ["calm", "brisk"],
            },
            "password": {"description": "What opens it.", "type": "string", "secret": True},
            "names": {
                "description": "Who.",
                "default": [],
                "type": "array",
                "items": {"type": "string"},
            },
        },
    }


def test_editors_may_write_a_variable_for_a_number_or_a_word_and_only_one_for_a_secret():
    reference = {"$ref": "#/$defs/reference"}
    places = for_editors(section_schema(Pace))["properties"]
    assert places["limit"]["anyOf"] == [{"type": "integer", "minimum": 1}, reference]
    assert places["mood"]["anyOf"][1] == reference
    assert places["password"]["$ref"] == "#/$defs/secret"


def test_values_are_made_shown_and_kept_secret_as_declared():
    pace = made(Pace, {"limit": 5, "password": "hunter2hunter2", "names": ["a", "b"]})
    assert pace == Pace(5, "calm", Secret("hunter2hunter2"), ("a", "b"))
    assert shown(pace) == {"limit": 5, "mood": "calm", "password": "***", "names": 2}
    assert list(secrets_in(pace, "pace.")) == [("pace.password", "hunter2hunter2")]
