"""From a YAML file to plain data that remembers its lines, with every trap of YAML refused.

Only what a person would write in a settings file is read: one document of mappings, lists and
scalars. Aliases, anchors, tags and repeated keys are problems. `yes`, `on`, `1_000`, `12:30` and
dates are texts, not what YAML 1.1 makes of them. No message quotes the file, for it may hold a
secret.
"""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING, Any

import yaml

from golive.environment.source import Source
from golive.kit.files import BASE_LOADER, UnreadableError, read_text
from golive.kit.problems import plain_word, yaml_mistake

if TYPE_CHECKING:
    from pathlib import Path

    from golive.environment.source import Data

_INTEGER = re.compile(r"[-+]?[0-9]{1,15}")
_DECIMAL = re.compile(r"[-+]?[0-9]{1,15}\.[0-9]{1,15}")
_WORDS: dict[str, bool | None] = {"": None, "~": None, "null": None, "true": True, "false": False}
# A settings file of this size is a mistake, and a big one could keep the parser busy for minutes.
MOST_BYTES = 256 * 1024
_DEEPEST = 20


def read_source(path: Path, most: int = MOST_BYTES) -> Source:
    """Read a YAML file of at most so many bytes; raises ConfigurationProblem if nothing sensible can be made of it."""
    source = Source(path)
    try:
        text = read_text(path, most)
    except UnreadableError as error:
        source.problem("", str(error), error.cure, line=error.line)
        raise source.stop() from None
    node = _compose(source, text)
    if node is None:
        source.problem("", "the file is empty.", "`golive init` writes one to start with.")
    elif not isinstance(node, yaml.MappingNode):
        cure = 'Write keys with values, such as "tenant: …".'
        source.problem("", "the file is not a mapping of keys to values.", cure, line=_line(node))
    if source.problems:
        raise source.stop()
    source.data = _plain(source, node, "")
    return source


def _compose(source: Source, text: str) -> yaml.Node | None:
    """Parse the text into one tree of nodes, or note why not, which libyaml says in fewer words."""
    with contextlib.suppress(yaml.YAMLError):
        return _tree(source, text, BASE_LOADER)
    source.problems.clear()
    try:
        return _tree(source, text, yaml.BaseLoader)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        source.problem("", "this line holds a character that YAML forbids.", line=line)
    except yaml.MarkedYAMLError as error:
        line, message, cure = yaml_mistake(error, text)
        source.problem("", message, cure, line=line)
    raise source.stop()


def _tree(source: Source, text: str, loader: Any) -> yaml.Node | None:
    _refuse_traps(source, text, loader)
    if source.problems:
        raise source.stop()
    node: yaml.Node | None = yaml.compose(text, loader)
    return node


def _refuse_traps(source: Source, text: str, loader: Any) -> None:
    """Note aliases, tags, further documents and deep nesting before anything is made of them."""
    documents = depth = 0
    for event in yaml.parse(text, loader):
        line = _line(event)
        if isinstance(event, yaml.CollectionStartEvent | yaml.CollectionEndEvent):
            depth += 1 if isinstance(event, yaml.CollectionStartEvent) else -1
            if depth > _DEEPEST:
                source.problem("", "the file is nested too deeply.", line=line)
                return
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                cure = "Keep one document in a file."
                source.problem("", "another document begins here.", cure, line=line)
        elif isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            message = "YAML anchors and aliases (& and *) are not accepted."
            cure = "Write the value out, in quotes if it begins with one of these signs."
            source.problem("", message, cure, line=line)
        elif getattr(event, "tag", None):
            message = "YAML tags (!) are not accepted."
            cure = "Write the value alone, in quotes if it begins with that sign."
            source.problem("", message, cure, line=line)


def _plain(source: Source, node: yaml.Node | None, key: str) -> Data:
    if isinstance(node, yaml.MappingNode):
        return _mapping(source, node, key)
    if isinstance(node, yaml.SequenceNode):
        items: list[Data] = []
        for index, item in enumerate(node.value):
            source.lines[f"{key}[{index}]"] = _line(item)
            items.append(_plain(source, item, f"{key}[{index}]"))
        return items
    return _scalar(node) if isinstance(node, yaml.ScalarNode) else None


def _mapping(source: Source, node: yaml.MappingNode, key: str) -> Data:
    data: dict[str, Data] = {}
    for name_node, value_node in node.value:
        line = _line(name_node)
        name = _scalar(name_node) if isinstance(name_node, yaml.ScalarNode) else None
        word = plain_word(name)
        if not isinstance(name, str):
            source.problem(
                key, "a key here is not a word.", "Write keys as plain words.", line=line
            )
            continue
        path = f"{key}.{name}" if key else name
        if name in data:
            where = f"{key}.{word}" if key and word else word or key
            first = f"the key is already on line {source.lines[path]}."
            source.problem(where, first, "Keep one of the two.", line=line)
            continue
        source.lines[path] = line
        data[name] = _plain(source, value_node, path)
    return data


def _scalar(node: yaml.ScalarNode) -> str | int | float | bool | None:
    text: str = node.value
    if node.style:  # quoted, or a block of text
        return text
    return scalar(text)


def scalar(text: str) -> str | int | float | bool | None:
    """Give what a text without quotes stands for."""
    folded = text.casefold()
    if folded in _WORDS:
        return _WORDS[folded]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _DECIMAL.fullmatch(text) else text


def _line(place: yaml.Node | yaml.Event) -> int:
    """Give the line, from 1, on which a node or an event begins."""
    mark = place.start_mark
    return mark.line + 1 if mark else 1
