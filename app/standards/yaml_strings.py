"""Owns reading YAML as strings only: no types are guessed, nothing is constructed. It knows no schema.

A YAML reader that guesses types changes promises silently (`10:30` becomes 630, `NO` false, `1.10` 1.1). Only the
parser's events are used here, so no such guess can happen; whoever needs a number converts the string.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from app.core.errors import FieldError, Invalid, Reason

LIMIT_HEAD_BYTES = 64 * 1024
LIMIT_DEPTH = 10


@dataclass(frozen=True)
class Node:
    """One value of a head with the physical line it starts on: a string, a list of nodes, or a mapping."""

    value: "str | list[Node] | dict[str, Node]"
    line: int

    def data(self) -> object:
        """Returns the value without lines: strings, lists, dictionaries."""
        if isinstance(self.value, dict):
            return {key: node.data() for key, node in self.value.items()}
        return [node.data() for node in self.value] if isinstance(self.value, list) else self.value


def load_strings(text: str, first_line: int = 1) -> dict[str, Node]:
    """Returns the YAML mapping with every scalar as the string that stands there; `first_line` is added to lines.

    Raises Invalid with the line for an alias, an anchor, a merge key, a tag, a directive, a doubled key, more than
    10 levels, more than 64 KB, and what is not YAML. Nothing of the file is ever constructed or imported.
    """
    if len(text.encode()) > LIMIT_HEAD_BYTES:
        raise _refusal("document.head_too_large", first_line, limit_bytes=LIMIT_HEAD_BYTES)
    try:
        root = _Builder(YAML(typ="safe", pure=True).parse(text), first_line).root()
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise _refusal("document.not_yaml", first_line + (mark.line if mark else 0)) from error
    except (YAMLError, ValueError) as error:
        raise _refusal("document.not_yaml", first_line) from error
    if root is None:
        return {}
    if not isinstance(root.value, dict):
        raise _refusal("document.not_a_mapping", root.line)
    return root.value


def _refusal(key: str, line: int, **params: object) -> Invalid:
    return Invalid([FieldError("head", Reason(key, params), line)])


class _Builder:
    """Builds nodes from parser events and stops at the first event that could mean more than a string."""

    def __init__(self, events: Iterator[Event], first_line: int) -> None:
        self.events = events
        self.first_line = first_line

    def root(self) -> Node | None:
        made: Node | None = None
        for event in self.events:
            if isinstance(event, DocumentStartEvent):
                if made or event.version or event.tags:
                    raise _refusal("document.yaml_directive", self.line(event))
            elif isinstance(event, ScalarEvent | MappingStartEvent | SequenceStartEvent | AliasEvent):
                made = self.node(event, 1)
            elif isinstance(event, StreamEndEvent):
                break
        return None if made is None or made.value == "" else made

    def line(self, event: Event) -> int:
        return self.first_line + int(event.start_mark.line)

    def node(self, event: Event, depth: int) -> Node:
        line = self.line(event)
        if isinstance(event, AliasEvent) or getattr(event, "anchor", None):
            raise _refusal("document.yaml_alias", line)
        if getattr(event, "tag", None):
            raise _refusal("document.yaml_tag", line)
        if isinstance(event, ScalarEvent):
            return Node(str(event.value), line)
        if depth > LIMIT_DEPTH:
            raise _refusal("document.too_deep", line, limit=LIMIT_DEPTH)
        if isinstance(event, SequenceStartEvent):
            return Node(list(self.items(depth)), line)
        return Node(self.mapping(depth), line)

    def items(self, depth: int) -> Iterator[Node]:
        for event in self.events:
            if isinstance(event, SequenceEndEvent):
                return
            yield self.node(event, depth + 1)

    def mapping(self, depth: int) -> dict[str, Node]:
        made: dict[str, Node] = {}
        for event in self.events:
            if isinstance(event, MappingEndEvent):
                break
            key = self.node(event, depth + 1)
            if not isinstance(key.value, str) or key.value == "<<":
                raise _refusal("document.yaml_alias", key.line)
            if key.value in made:
                lines = {"name": key.value, "first_line": made[key.value].line}
                raise _refusal("document.double_key", key.line, **lines)
            value = self.node(next(self.events), depth + 1)
            made[key.value] = Node(value.value, key.line)
        return made
