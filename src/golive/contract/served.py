"""The embedded twin's answers as another deployment has them, by what a project's mapping says."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from golive.contract.mapping import MAPPING, mapping_of
from golive.contract.project_mapping import check_mapping
from golive.kit.problems import ConfigurationProblem, shown_path

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from golive.contract.document import Contract
    from golive.contract.mapping import Mapping
    from golive.contract.operations import Operation

Fields = list[tuple[str, str]]


class ServedAs:
    """Changes answers as `golive.twin.Twin` takes it for `served_as`."""

    def __init__(self, contract: Contract, mapping: Mapping) -> None:
        self._contract, self._mapping = contract, mapping

    def _operation(self, method: str, path: str) -> Operation | None:
        # HEAD is GET without the body (RFC 9110 §9.3.2).
        return self._contract.operation_of("GET" if method == "HEAD" else method, path)

    def read(self, method: str, path: str, query: Sequence[tuple[str, str]]) -> Fields:
        """Return a request's query with golive's own words, and what the deployment does not know as it does not."""
        operation = self._operation(method, path)
        others = self._mapping.other_words(operation.operation_id) if operation else {}
        found = []
        for name, value in query:
            words = others.get(name, {})
            own = {real: word for word, real in words.items()}
            # Golive's own word is then none of this deployment's.
            found.append((name, own.get(value, f"not-{value}" if value in words else value)))
        return found

    def __call__(
        self, method: str, path: str, status: int, fields: Fields, body: bytes
    ) -> tuple[Fields, bytes]:
        """Return the header fields and the body of an answer with everything where the deployment has it."""
        operation = self._operation(method, path)
        places = self._mapping.places(operation.operation_id) if operation else None
        if places is None or not 200 <= status < 300:
            return fields, body
        added: dict[str, str] = {}
        try:
            moved, added = places.served(json.loads(body))
            body = json.dumps(moved, ensure_ascii=False).encode()
        except ValueError:  # no body, or a defect's that isn't JSON: nothing in it has a place
            pass
        return [
            *((places.header(k), v) for k, v in fields if k.lower() != "content-length"),
            *added.items(),
            ("content-length", str(len(body))),
        ], body


def served_as(contract: Contract, folder: Path) -> ServedAs:
    """Return how a twin serves the places that `mapping.yaml` in this folder names.

    Raises ConfigurationProblem where there is none, or where it is wrong.
    """
    file = folder / MAPPING
    if not file.is_file():
        cure = "Give a schemas folder in which there is one: golive learn --write writes it."
        raise ConfigurationProblem.of(shown_path(folder), f"there is no {MAPPING}.", cure)
    problems = [
        problem for one in check_mapping(folder, contract.folder) for problem in one.problems
    ]
    if problems:
        raise ConfigurationProblem(problems)
    return ServedAs(contract, mapping_of(contract.folder, folder))
