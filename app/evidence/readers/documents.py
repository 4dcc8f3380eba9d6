"""Owns how a JSON file becomes items with their line, one by one, so that a broken end spares the good ones before it.

Knows no ticket system. Reads JSON more strictly than `json.loads`: a doubled key, NaN or a number beyond 64 bits is a
refused item, since which value was meant cannot be known.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from json.decoder import scanstring  # type: ignore[attr-defined]

from app.evidence.readers.files import Part, read_bytes
from app.evidence.readers.values import quote
from app.evidence.tickets import RefusedRow

_SPACE = re.compile(r"[ \t\n\r]*")
_LARGEST_INTEGER = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Item:
    """One object of a file: the line where it begins and the key of the list it stood in, empty at the top."""

    line: int
    value: dict[str, object]
    within: str = ""


class _Scanner:
    """Walks one JSON text and remembers what was wrong with the value read last."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.fault: tuple[str, dict[str, object]] | None = None
        self._counted_to, self._line = 0, 1
        self._decoder = json.JSONDecoder(
            object_pairs_hook=self._object, parse_constant=self._constant, parse_int=self._integer
        )

    def value(self, position: int) -> tuple[object, int]:
        self.fault = None
        return self._decoder.raw_decode(self.text, position)

    def skip(self, position: int) -> int:
        found = _SPACE.match(self.text, position)
        return found.end() if found else position

    def line_at(self, position: int) -> int:
        self._line += self.text.count("\n", self._counted_to, position)
        self._counted_to = position
        return self._line

    def _object(self, pairs: list[tuple[str, object]]) -> dict[str, object]:
        made = dict(pairs)
        if len(made) < len(pairs):
            names = [name for name, _ in pairs]
            twice = next(name for name in names if names.count(name) > 1)
            self.fault = ("import.key_twice", {"key": quote(twice)})
        return made

    def _constant(self, word: str) -> None:
        self.fault = ("import.number_unreadable", {"value": word})

    def _integer(self, digits: str) -> int | None:
        if len(digits) <= 20 and abs(int(digits)) <= _LARGEST_INTEGER:
            return int(digits)
        self.fault = ("import.number_unreadable", {"value": quote(digits)})
        return None


def read_items(part: Part, *lists: str) -> Iterator[Item | RefusedRow]:
    """Yields the objects of a JSON file: those of a list, of the lists named in `lists`, or the one object it is.

    Also reads one object a line (JSON Lines). Yields a RefusedRow for an item that is no object (`import.object_expected`)
    or cannot be trusted (`import.key_twice`, `import.number_unreadable`), and one last for a file that breaks off
    (`import.json_broken`), is nested too deeply (`import.json_too_deep`), empty or not UTF-8.
    """
    data = read_bytes(part)
    if isinstance(data, RefusedRow):
        yield data
        return
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        yield RefusedRow(0, "", "import.bytes_unreadable", {"encoding": "UTF-8"}, part.name)
        return
    scanner = _Scanner(text)
    start = scanner.skip(0)
    if start == len(text):
        yield RefusedRow(1, "", "import.file_empty", {}, part.name)
        return
    try:
        yield from _walk(scanner, start, part.name, lists)
    except (json.JSONDecodeError, IndexError) as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else text.count("\n") + 1
        yield RefusedRow(line, "", "import.json_broken", {}, part.name)
    except RecursionError:
        yield RefusedRow(0, "", "import.json_too_deep", {}, part.name)


def _walk(scanner: _Scanner, start: int, file: str, lists: tuple[str, ...]) -> Iterator[Item | RefusedRow]:
    text = scanner.text
    if text[start] == "[":
        yield from _list_items(scanner, start, file, "")
    elif file.casefold().endswith((".jsonl", ".ndjson")) or _one_a_line(scanner, start):
        yield from _line_items(scanner, start, file)
    elif (within := _find_list(scanner, start, lists)) is not None:
        yield from _list_items(scanner, within[1], file, within[0])
    else:
        value, _ = scanner.value(start)
        yield _item(scanner, scanner.line_at(start), value, file, "")


def _one_a_line(scanner: _Scanner, start: int) -> bool:
    """Says whether the first line is a whole object and more follows: JSON Lines under another name."""
    end = scanner.text.find("\n", start)
    if end < 0 or scanner.text[start] != "{" or scanner.skip(end) == len(scanner.text):
        return False
    try:
        return scanner.value(start)[1] <= end
    except (json.JSONDecodeError, RecursionError):
        return False


def _line_items(scanner: _Scanner, start: int, file: str) -> Iterator[Item | RefusedRow]:
    position = start
    while position < len(scanner.text):
        line = scanner.line_at(position)
        end = scanner.text.find("\n", position) % (len(scanner.text) + 1)
        try:
            value, stop = scanner.value(position)
            whole = not scanner.text[stop:end].strip()
        except json.JSONDecodeError:
            whole = False
        except RecursionError:
            yield RefusedRow(line, "", "import.json_too_deep", {}, file)
            position = scanner.skip(end)
            continue
        yield (
            _item(scanner, line, value, file, "")
            if whole
            else RefusedRow(line, "", "import.json_broken", {}, file)
        )
        position = scanner.skip(end)


def _list_items(scanner: _Scanner, start: int, file: str, within: str) -> Iterator[Item | RefusedRow]:
    text = scanner.text
    position = scanner.skip(start + 1)
    if text[position] == "]":
        return
    while True:
        line = scanner.line_at(position)
        value, position = scanner.value(position)
        yield _item(scanner, line, value, file, within)
        position = scanner.skip(position)
        if text[position] == "]":
            return
        if text[position] != ",":
            raise json.JSONDecodeError("comma expected", text, position)
        position = scanner.skip(position + 1)


def _find_list(scanner: _Scanner, start: int, lists: tuple[str, ...]) -> tuple[str, int] | None:
    """Returns the first named list of the object at `start` and where it begins; None when it has none of them."""
    text = scanner.text
    position = scanner.skip(start + 1)
    while text[position] == '"':
        key, position = scanstring(text, position + 1, True)
        position = scanner.skip(position)
        if text[position] != ":":
            raise json.JSONDecodeError("colon expected", text, position)
        position = scanner.skip(position + 1)
        if key in lists and text[position] == "[":
            return key, position
        _, position = scanner.value(position)
        position = scanner.skip(position)
        if text[position] != ",":
            return None
        position = scanner.skip(position + 1)
    return None


def _item(scanner: _Scanner, line: int, value: object, file: str, within: str) -> Item | RefusedRow:
    if scanner.fault is not None:
        return RefusedRow(line, "", scanner.fault[0], scanner.fault[1], file)
    if not isinstance(value, dict):
        return RefusedRow(line, "", "import.object_expected", {}, file)
    return Item(line, value, within)
