"""What a text of an environment file may hold, and which variables may fill it.

The file may be a stranger's. So no text of it reaches a terminal with signs that nobody sees or with an order for
a pipeline's runner, and no variable gets into a place where it would be shown, or sent, as something else.
"""

from __future__ import annotations

from golive.environment.names import PROXY_NAMES, is_own, sounds_secret
from golive.environment.variables import names_in
from golive.unseen import ORDER, has_unseen

LITERAL = "safety.test_tenants["
PROXY = "safety.proxy"

Fault = tuple[str, str]
"""What is wrong, and the cure."""


def reference_fault(text: str, key: str, secrets: frozenset[str]) -> Fault | None:
    """Say why the variables in a text can't fill it; `secrets` are those that the file uses as secrets.

    The key is none of a secret's.
    """
    if key.startswith(LITERAL) and "$" in text:
        return (
            "a test tenant can't come from a variable: the list is what guards against a wrong one.",
            "Write the tenant's id out.",
        )
    for name in names_in(text):
        if name in PROXY_NAMES:
            if key != PROXY:
                message = f"{name} may hold a password, and fills {PROXY} alone."
                return message, "Write the text out."
        elif not is_own(name):
            return foreign_variable(name)
        elif name in secrets or sounds_secret(name):
            message = f"{name} is a secret, and stands where it would be shown."
            return message, "Use it below credential: alone, and another variable here."
    return None


def foreign_variable(name: str) -> Fault:
    """Say that a variable is not golive's."""
    message = f"{name} is not for golive: a file reaches only variables that begin with GOLIVE_."
    return message, f"Write ${{GOLIVE_{name.upper()}}} here and set that variable."


def text_fault(text: str, names: tuple[str, ...] = ()) -> Fault | None:
    """Say why a filled text can't be shown as it is; `names` are the variables whose values are in it."""
    what = f"the text, with the value of {' and '.join(names)}," if names else "the text"
    if "\n" in text:
        cure = "Correct the variable." if names else "Write it in one; YAML's > folds lines."
        return f"{what} has more than one line.", cure
    if has_unseen(text):
        cure = "Type it again, without copying."
        message = f"{what} holds a control character or a sign that nobody sees."
        return message, cure
    if ORDER.search(text):
        message = f"{what} holds what a pipeline's runner takes for a command."
        return message, "Write it without pairs of colons, and without # before a bracket."
    return None
