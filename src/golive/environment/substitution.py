"""Filling variables into the data of a file, key by key.

A text is filled in; where the schema wants a number or true/false and the value is one whole
reference, the text is converted. A secret must be exactly one reference, and its value must be fit
to be one. A key that comes to nothing (empty, null, or a variable that is empty) is as good as
absent.

It also holds the rules for a text of an environment file: which characters, and which variables may fill it.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from golive.environment.operator import PROXY_NAMES, is_own, sounds_secret
from golive.environment.token_rules import private_key_fault
from golive.environment.variables import fill, names_in, secret_name, secret_value
from golive.environment.yaml_source import scalar
from golive.kit.files import UnreadableError
from golive.kit.invisible import ORDER, has_unseen
from golive.kit.problems import MissingVariable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from golive.environment.schema import Shape
    from golive.environment.source import Data, Source


# Shorter secrets can't be redacted: they would match ordinary text all over a report.
SHORTEST_SECRET = 8

_KINDS = {"boolean": (bool,), "integer": (int,), "number": (int, float)}


@dataclass
class Substitution:
    """What filling a file yields besides the data: see `check_shape` for the two collections."""

    source: Source
    shape: Shape
    variables: Mapping[str, str]
    from_variable: dict[str, str] = field(default_factory=dict)
    emptied: set[str] = field(default_factory=set)
    _missing: set[str] = field(default_factory=set)
    _secrets: frozenset[str] = frozenset()

    def fill(self) -> None:
        """Replace the source's data by the filled data, noting problems in the source."""
        secret = (self.source.value(key) for key in self.source.lines if self.shape.is_secret(key))
        self._secrets = frozenset(
            name for text in secret if isinstance(text, str) for name in names_in(text)
        )
        self.source.data = self._filled(self.source.data, "")

    def _filled(self, data: Data, key: str) -> Data:
        if key and self.shape.at(key) is None:
            return data  # an unknown key gets its own problem; what stands below it is not ours
        if isinstance(data, dict):
            return self._mapping(data, key)
        if self.shape.is_secret(key) and data not in (None, "") and not isinstance(data, list):
            return self._secret(data, key)
        if isinstance(data, list):
            filled = (self._filled(item, f"{key}[{index}]") for index, item in enumerate(data))
            return [item for item in filled if item is not None]
        return self._text(data, key) if isinstance(data, str) else data

    def _mapping(self, data: dict[str, Data], key: str) -> Data:
        result: dict[str, Data] = {}
        for name, value in data.items():
            path = f"{key}.{name}" if key else name
            filled = self._filled(value, path)
            if filled is None and self.shape.at(path) is not None:
                self.emptied.add(path)
            else:
                result[name] = filled
        # A record whose id comes from an empty variable is no record, whatever its type.
        is_record = key.startswith("test_data.") and f"{key}.id" in self.emptied
        return None if is_record else result

    def _text(self, text: str, key: str) -> Data:
        refused = reference_fault(text, key, self._secrets)
        if refused:
            self.source.problem(key, *refused)
            return text
        filled = fill(text.rstrip("\n"), self.variables)
        unfit = text_fault(filled.text, filled.names)
        if unfit and not key.endswith(
            "tenant"
        ):  # that has a stricter rule, and a cause of the doctor's
            self.source.problem(key, *unfit)
            return text
        if filled.malformed:
            self.source.problem(
                key, "a $ begins something here that is not a reference.", filled.malformed
            )
        for name in filled.missing:
            self._note_missing(key, name, secret=False)
        if filled.malformed or filled.missing:
            return text
        if filled.whole and filled.names:
            self.from_variable[key] = filled.names[0]
        wanted = (self.shape.at(key) or {}).get("type")
        value = _converted(filled.text, wanted) if filled.whole else filled.text
        return None if value == "" else value

    def _secret(self, data: Data, key: str) -> Data:
        text = data if isinstance(data, str) else ""
        name = secret_name(text)
        if name is None:
            message = "a secret is written here."
            if "${" in text:
                message = "a secret can be nothing but one variable, without a default."
            wanted = "GOLIVE_" + re.split(r"\W", key)[-1].upper()
            cure = f"Write ${{{wanted}}} here and set that variable."
            self.source.problem(key, message, cure)
            return text
        if not is_own(name):
            self.source.problem(key, *foreign_variable(name))
            return text
        try:
            value = secret_value(name, self.variables)
        except UnreadableError as error:
            self.source.problem(key, str(error), error.cure)
            return text
        if value is None:
            self._note_missing(key, name, secret=True)
            return text
        fault, *more = _unfit(value, name, key)
        if fault:
            self.source.problem(key, fault, *more)
        return value

    def _note_missing(self, key: str, name: str, *, secret: bool) -> None:
        """Note a variable that is not set, once, however often the file names it."""
        source = self.source
        if name in self._missing:
            source.unresolved.add(key)
            return
        self._missing.add(name)
        said = "is set, but empty" if name in self.variables else "is not set"
        used = {name, *names_in(str(self.source.data))}
        others = [each for each, value in self.variables.items() if value and each not in used]
        near = difflib.get_close_matches(name, others, 1, NEARLY)
        hint = f' "{near[0]}" is: did you mean that?' if near else ""
        also = f", set {name}_FILE to a file that holds it" if secret else ""
        source.problems.append(
            MissingVariable(
                *source.place_of(key),
                key,
                f"the variable {name} {said}.{hint}",
                f"Export it{also}, or put it into .env (see .env.example).",
                variable=name,
            )
        )


def _unfit(value: str, name: str, key: str) -> tuple[str, ...]:
    """Say why a value can't be the secret that it is given as: what is wrong ("" for nothing), cure, kind."""
    if key.endswith("private_key"):
        return private_key_fault(value), f"Set {name} to the private key's PEM or JWK text."
    if value != value.strip():
        fault = f"the value of {name} begins or ends with white space."
        return fault, "Copy it again without the space or line break.", "secret-with-whitespace"
    if len(value) < SHORTEST_SECRET:
        fault = f"the value of {name} has fewer than {SHORTEST_SECRET} characters."
        return fault, "It could not be kept out of reports; use a longer one."
    return ("",)


def _converted(text: str, wanted: object) -> Data:
    """Turn a variable's text into what the schema wants there; what can't be turned stays text."""
    value = scalar(text)
    return value if type(value) in _KINDS.get(str(wanted), ()) else text


NEARLY = 0.9
"""How alike two names of variables are of which one is the other with a slip, as difflib counts it."""

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
            message = f"{name} is a secret, and is used where it would be shown."
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
        message = f"{what} holds a control character or an invisible character."
        return message, cure
    if ORDER.search(text):
        message = f"{what} holds what a pipeline's runner takes for a command."
        return message, "Write it without pairs of colons, and without # before a bracket."
    return None
