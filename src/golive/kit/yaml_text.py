"""What is wrong with a text that is no YAML, in words that a person can act on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import yaml

ONE_KEY = re.compile(r"\s*[\w-]+:(?!.*:(\s|$)).*")


def yaml_mistake(error: yaml.MarkedYAMLError, text: str) -> tuple[int, str, str]:
    """Return the line where YAML stopped, what is wrong and the cure, in words that quote no value."""
    said, context = error.problem or "", error.context or ""
    stopped = error.problem_mark.line if error.problem_mark else 0
    opened = error.context_mark.line if error.context_mark else stopped
    written = [*text.splitlines(), "", ""][stopped]
    line = stopped
    if "quoted scalar" in context:
        line = opened
        message, cure = "a quotation mark opens here and is never closed.", "Close it."
    elif "flow" in context:
        line = opened
        message = "what opens here with [ or { is not closed."
        cure = "Close it, and put every value that holds one of []{} in quotes."
    elif "\\t" in said or written.lstrip(" ").startswith("\t"):
        message, cure = "a tab stands where YAML wants spaces.", "Indent with spaces."
    elif "mapping values" in said:
        message = "this is not valid YAML: a colon where none can be."
        cure = "Put a value that holds a colon and a space in quotes."
        if ONE_KEY.fullmatch(written):
            cure = "Indent this line as its neighbours are, or give the line above its colon."
    elif "another document" in said:
        message, cure = "another document begins here.", "Keep one document in a file."
    elif "tag" in said:
        message = "YAML tags (!) are not accepted."
        cure = "Write the value alone, in quotes if it begins with that sign."
    elif "{" in written:
        message, cure = "this is not valid YAML.", "Put a value that begins with { in quotes."
    else:
        message = "this is not valid YAML."
        cure = "Check indentation, colons and quotes, here and in the lines above."
    return line + 1, message, cure
