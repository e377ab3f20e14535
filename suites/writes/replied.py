"""What a reply, and the message that it answers, show to their checks."""

from __future__ import annotations

from typing import Any

from golive import CouldNotTellError, Exchange, Steps, ThinDataError, expect

PREPARE = "Give the patient for writing a message that has one."


def message_of(steps: Steps, name: str) -> dict[str, Any]:
    """Return a message that was read; CouldNotTellError where there is none."""
    if not steps["reply"].succeeded:
        raise CouldNotTellError(
            f"the reply was answered {steps['reply'].status}, so there is nothing to look at",
            next_step="Fix the finding about the reply first.",
        )
    if name not in steps:
        raise CouldNotTellError(
            "neither the answer to the reply nor the sent items give an id to read it by",
            unsettled_shape=True,
        )
    made = steps[name]
    body = made.json_or_none
    if not made.succeeded or not isinstance(body, dict):
        raise CouldNotTellError(f"{made.name} was answered {made.status} without a message")
    return body


def original_has(steps: Steps, name: str) -> Any:
    """Return what the message before the reply has, without which nothing can be carried forward."""
    value = message_of(steps, "original").get(name)
    if value is None:
        raise ThinDataError(
            f"the message that was replied to shows no {name}",
            next_step=PREPARE,
        )
    return value


def present(body: object, name: str) -> Any:
    """Return a member of a message; CouldNotTellError where it has none."""
    if not isinstance(body, dict) or body.get(name) is None:
        raise CouldNotTellError(f"a message has no {name} (inferred)", unsettled_shape=True)
    return body[name]


def compare(made: Exchange, at: str, actual: object, expected: object) -> None:
    """A member of the reply is the expected one."""
    with expect(made) as it:
        it.that(
            actual == expected,
            f"/{at}",
            "what was sent or, for what is carried forward, what the message before has",
            "absent" if actual is None else "something else",
        )
