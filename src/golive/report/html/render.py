"""Fills the template: nothing that an API answered becomes markup, and no file is fetched to show it."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from golive.exchanges.model import status_words
from golive.kit.files import write_whole
from golive.kit.invisible import visible
from golive.kit.problems import ConfigurationProblem
from golive.redaction import redact
from golive.report.html.history import runs_before, summary_of
from golive.report.html.view import view
from golive.report.text import label_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from jinja2 import Template

    from golive.report.summary import Summary

NAME = "report.html"
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

    style = files("golive.report.html").joinpath("page.css").read_text(encoding="utf-8")
    return template().render(style=Markup(style), **view(data, runs), unread=unread)  # noqa: S704 - golive's own file


@cache
def template() -> Template:
    """Return the template; to have it ready takes a while, in which a run waits for answers anyway."""
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
    return templates.get_template("page.html.j2")
