"""Fills the template: nothing that an API answered becomes markup, and no file is fetched to show it.

The runs before this one are read from the folders beside it. Their summaries are input: another version, a full disk or
a person's hand may have made them. What does not have the form of a summary is passed over, and named.
"""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from golive.exchanges.model import status_words
from golive.kit.files import MOST_BYTES, read_regular, write_whole
from golive.kit.invisible import visible
from golive.kit.json_schema import form_of
from golive.kit.problems import ConfigurationProblem
from golive.kit.run_folders import run_folders
from golive.redaction import redact
from golive.report.html.view import view
from golive.report.published import linked
from golive.report.summary import same_deployment, whole
from golive.report.text import label_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from jinja2 import Template

    from golive.report.summary import Summary

NAME = "report.html"
TEMPLATE = "page.html.j2"
MOST = 12
"""Runs that are shown at the most."""

MISSING = "There is no summary.json of a run in this folder that this version can read."
CURE = "Name a run folder, such as reports/latest."


def write(folder: Path) -> Path:
    """Write `report.html` beside the `summary.json` of a run folder.

    Raises ConfigurationProblem where there is no summary of this version, OSError where it can't be written.
    """
    data = summary_of(folder)
    if data is None:
        raise ConfigurationProblem.of(folder, MISSING, CURE)
    return write_whole(folder / NAME, text(folder, data))


def text(folder: Path, data: Summary) -> str:
    """Return the page of a run folder for what its `summary.json` holds or is about to hold."""
    try:
        runs, unread = runs_before(folder, data)
        return redact(page(data, runs, unread))
    except Exception:  # whatever other runs have left: this run's page does not depend on it
        return redact(page(data, [data], ["the runs before this one"]))


def page(data: Summary, runs: Sequence[Summary], unread: Sequence[str] = ()) -> str:
    """Return the page for what `summary.json` holds and the summaries of the runs up to it.

    `unread` are the names of earlier runs whose summary can't be read.
    """
    from markupsafe import Markup

    style, script = (own_file(name) for name in ("page.css", "page.js"))
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return filled(
        TEMPLATE,
        style=Markup(style),  # noqa: S704 - golive's own file
        script=Markup(script),  # noqa: S704 - golive's own file
        script_hash=f"sha256-{digest}",
        **view(data, runs),
        unread=unread,
    )


def filled(template_name: str, **variables: Any) -> str:
    """Return a template of this folder, filled: nothing in the variables becomes markup."""
    return template(template_name).render(**variables)


def own_file(name: str) -> str:
    """Return the text of a file beside this module."""
    return files("golive.report.html").joinpath(name).read_text(encoding="utf-8")


@cache
def template(name: str) -> Template:
    """Return a template of this folder; to have it ready takes a while, in which a run waits for answers anyway."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    templates = Environment(
        loader=PackageLoader("golive.report.html", ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: visible(value) if type(value) is str else value,
    )
    templates.filters["status_words"] = status_words
    templates.filters["label_of"] = label_of
    templates.filters["linked"] = linked
    return templates.get_template(name)


def summary_of(folder: Path) -> Summary | None:
    """Return what a run folder's `summary.json` holds, None where it is not one that can be read."""
    try:
        content = read_regular(folder / "summary.json", MOST_BYTES)
    except OSError:
        return None
    return None if len(content) > MOST_BYTES else summary_in(content)


def summary_in(content: bytes) -> Summary | None:
    """Return the summary of a run that a file holds, None where this version can't read it."""
    try:
        data: Summary = json.loads(content.decode("utf-8"))
        return whole(data) if form_of("summary.schema.json").is_valid(data) else None
    except (ValueError, RecursionError, OverflowError):
        return None


def runs_before(folder: Path, data: Summary) -> tuple[list[Summary], list[str]]:
    """Return the summaries of the last runs of this environment and tenant, this one the last, oldest first.

    Besides, the names of the folders among them whose summary can't be read.
    """
    own = folder.resolve()
    found, unread = [data], list[str]()
    # The youngest first: of hundreds of nights only the last are read.
    for other in reversed(run_folders(own.parent, data["environment"]["name"])):
        if len(found) == MOST or len(unread) == MOST:
            break
        if other == own:
            continue
        summary = summary_of(other)
        if summary is None:
            unread.append(other.name)
        elif same_deployment(summary, data) and summary["started"] <= data["started"]:
            found.append(summary)
    return sorted(found, key=lambda one: str(one["started"])), unread
