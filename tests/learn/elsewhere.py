"""A project's folder with a twin whose answers have things elsewhere, and the command line in it as a process."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import forked
import yaml

from golive.contract.mapping import mapping_of
from golive.kit.files import resources
from golive.report.summary import whole

ROOT = Path(__file__).parents[2]
SCHEMAS = resources() / "schemas"
ROLES = mapping_of(SCHEMAS, None).roles


class Project:
    """A folder of a user's; `elsewhere` is what its twin serves, not what golive knows."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def serve(self, rows, **twin) -> None:
        """Let the folder's environment `there` be a twin that has the places of these rows."""
        write_mapping(self.folder / "elsewhere", rows)
        environment = yaml.safe_load((ROOT / "environments" / "twin.yaml").read_text("utf-8"))
        environment["twin"] |= {"served_as": "elsewhere", **twin}
        file = self.folder / "environments" / "there.yaml"
        file.parent.mkdir(exist_ok=True)
        file.write_text(yaml.safe_dump(environment), "utf-8")

    def know(self, rows) -> None:
        write_mapping(self.folder / "schemas", rows)

    def golive(self, *arguments, measured=False):
        """Call golive; only what is `measured` counts for coverage, which doubles its time."""
        kept = {k: v for k, v in os.environ.items() if measured or not k.startswith("COVERAGE_")}
        return forked.run(
            [sys.executable, "-m", "golive", *arguments],
            cwd=self.folder,
            env={**kept, "COLUMNS": "200"},
            capture_output=True,
            text=True,
        )

    def run(self, *options, measured=False):
        """Run the suites, and return the outcome of each check by its id, and the summary."""
        done = self.golive("run", "there", *options, measured=measured)
        summary = whole(
            json.loads((self.folder / "reports/latest/summary.json").read_text("utf-8"))
        )
        assert done.returncode == summary["exit_code"], done.stdout + done.stderr
        return {check["id"]: check["outcome"] for check in summary["checks"]}, summary

    def learn(self, *, measured=False) -> str:
        done = self.golive("learn", "--write", "schemas", measured=measured)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def learnt(self):
        """What stands below `schemas`, by the file, without where and when it was seen."""
        found = {}
        for file in sorted((self.folder / "schemas").rglob("*.yaml")):
            text = "".join(
                line for line in file.read_text("utf-8").splitlines(True) if "x-source" not in line
            )
            found[file.relative_to(self.folder).as_posix()] = text
        return found


def write_mapping(folder, rows) -> None:
    folder.mkdir(exist_ok=True)
    known = {"x-basis": "observed", "x-source": "seen in a test"}
    text = yaml.safe_dump({"roles": {name: {**row, **known} for name, row in rows.items()}})
    (folder / "mapping.yaml").write_text(text, "utf-8")


def renamed(name):
    """A row that has a role at another place in each of its operations' answers."""
    role = ROLES[name]
    if role.header:
        return {"header": "x-elsewhere"}
    if role.word:
        return {"word": f"{role.word}_INDEED"}
    row = {"places": {op: elsewhere(name, place) for op, place in role.places.items()}}
    if role.words:
        row["words"] = {word: f"{word}_INDEED" for word in role.words}
    return row


def elsewhere(name, place):
    """Another place: a member of another name, deeper for a list."""
    above, _, _ = place.rpartition("/")
    other = "other" + "".join(part.title() for part in name.split("-"))
    return f"{above}/deeper/{other}" if name == "message-list" else f"{above}/{other}"
