"""What was learnt as files of a project's `schemas` folder: rows that add to golive's own, each with how it was seen.

`mapping.yaml` keeps every row that the project demands itself (`own`); a row that was observed is replaced by the newer
one. Files of learnt lines (`*.learnt.yaml`) are golive's alone; their lines are added to, and a newer one replaces an
older one of its place. To write the same lessons twice changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from golive.contract.apis import read_document
from golive.contract.learnt import check_learnt
from golive.contract.mapping import MAPPING
from golive.contract.operations import OPENAPI
from golive.contract.project_files import Reading
from golive.contract.project_mapping import check_mapping
from golive.kit.files import write_whole
from golive.kit.problems import ConfigurationProblem
from golive.learning.lines import overlays, schema_lines

if TYPE_CHECKING:
    from pathlib import Path

    from golive.learning.lessons import Lessons

HEADS = {
    MAPPING: """\
# Where this deployment has what the checks read, as far as runs showed it. Written by golive learn: a row with
# x-basis own is kept, one with observed is written again. Delete a row to have golive look where it assumes.
"""
}
HEAD = "# What runs showed of places that no public text describes. Written by golive learn.\n"


def write(folder: Path, found: Lessons) -> list[str]:
    """Write what was learnt into a `schemas` folder; returns the names of the files that changed.

    Raises ConfigurationProblem where a file that is there is wrong, and OSError.
    """
    theirs = found.contract.folder
    documents = {one.parent.name: read_document(one) for one in theirs.glob(f"*/{OPENAPI}")}
    readings = [*check_mapping(folder, theirs), *check_learnt(folder, theirs, documents)]
    problems = [problem for one in readings for problem in one.problems]
    if problems:
        raise ConfigurationProblem(problems)
    files = {MAPPING: _mapping(folder, found)} if found.rows() else {}
    files |= {name: {**_read(folder, name), **lines} for name, lines in schema_lines(found).items()}
    files |= {name: _added(_read(folder, name), one) for name, one in overlays(found).items()}
    changed = [name for name, content in files.items() if content != _read(folder, name)]
    for name in changed:
        text = yaml.safe_dump(files[name], sort_keys=False, allow_unicode=True, width=110)
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        write_whole(folder / name, HEADS.get(name, HEAD) + text)
    return changed


def _mapping(folder: Path, found: Lessons) -> dict[str, Any]:
    before: dict[str, dict[str, Any]] = _read(folder, MAPPING).get("roles", {})
    own = {name for name, row in before.items() if row["x-basis"] == "own"}
    rows = {name: row for name, row in found.rows().items() if name not in own}
    for name in rows.keys() & before.keys():  # only a person can say it where a zone is beside
        if "form" in before[name]:
            rows[name] = {"form": before[name]["form"], **rows[name]}
    return {"roles": {**before, **rows}}


def _added(before: dict[str, Any], overlay: dict[str, Any]) -> dict[str, Any]:
    """Return an OpenAPI overlay with the actions of an earlier one, an action for each target."""
    actions = {one["target"]: one["update"] for one in (before or overlay)["actions"]}
    for one in overlay["actions"]:
        actions[one["target"]] = {**actions.get(one["target"], {}), **one["update"]}
    return {**overlay, "actions": [{"target": t, "update": u} for t, u in actions.items()]}


def _read(folder: Path, name: str) -> dict[str, Any]:
    """Return what a file holds, an empty mapping where there is none."""
    file = folder / name
    content: dict[str, Any] = Reading(file).content if file.is_file() else {}
    return content
