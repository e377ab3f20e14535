"""What no answer of a run shows: the program that gave it, and where that program runs."""

from __future__ import annotations

from golive import Exchange, Expect, check
from suites.answers.insides import NETWORK, PROGRAM, shown, versions
from suites.common.judging import judge

FORWARD = "Let the service write details to its log, under the request's id, and only that id into the answer."


@check("every-answer-hides-its-program", level="must", basis="standard", source="RFC 9457 §5")
def test_no_answer_shows_the_program(answers: list[Exchange]) -> None:
    """No header, and no text of an error, has a stack trace, or a statement or an error of a database."""

    def hides(it: Expect) -> None:
        for at, what in shown(it.exchange, PROGRAM):
            it.violated(at, "nothing of the program that answers", what, next_step=FORWARD)

    judge(answers, hides)


@check(
    "every-answer-hides-its-network",
    level="should",
    basis="standard",
    source="RFC 9457 §5; RFC 9110 §10.2.4",
)
def test_no_answer_shows_the_network(answers: list[Exchange]) -> None:
    """No header, and no text of an error, has a private address or name, a file's path or a program's version."""

    def hides(it: Expect) -> None:
        for at, what in shown(it.exchange, NETWORK):
            it.violated(at, "nothing of where the program runs", what, next_step=FORWARD)
        for name in versions(it.exchange):
            it.violated(f"header:{name}", "no version of a program", "one")

    judge(answers, hides)
