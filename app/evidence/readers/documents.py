"""Owns how a JSON file becomes items with their line, one by one, so that a broken end spares the good ones before it.

Knows no ticket system. Reads JSON more strictly than `json.loads`: a doubled key, NaN or a number beyond 64 bits is a
refused item, since which value was meant cannot be known.
"""

import io
import json
import re
import zipfile
from collections.abc import Generator, Iterator
from dataclasses import dataclass

from app.evidence.readers.encodings import examine_text
from app.evidence.readers.files import Part
from app.evidence.readers.values import quote
from app.evidence.tickets import RefusedRow

_SPACE = re.compile(r"[ \t\n\r]*")
_LARGEST_INTEGER = 2**63 - 1
BLOCK = 256 * 1024  # characters
_Fault = tuple[str, dict[str, object]]
LONGEST_ITEM = (
    16 * 1024 * 1024
)  # characters of one item: a ticket with all its messages is a thousandth of it


class _TooLong(Exception):
    """One item does not end in time."""


@dataclass(frozen=True, slots=True)
class Item:
    """One object of a file: the line where it begins and the key of the list it stood in, empty at the top."""

    line: int
    value: dict[str, object]
    within: str = ""


class _Scanner:
    """Walks one JSON text in blocks and remembers what was wrong with the value read last.

    `text` is the part in memory, `position` where reading goes on in it; what lies before is let go block by block.
    """

    def __init__(self, blocks: Iterator[str]) -> None:
        self.text, self.position = "", 0
        self.fault: _Fault | None = None
        self._blocks, self._ended = blocks, False
        self._counted_to, self._line = 0, 1
        self._decoder = json.JSONDecoder(
            object_pairs_hook=self._object, parse_constant=self._constant, parse_int=self._integer
        )

    def more(self) -> bool:
        """Takes in as much again as is there, at least a block; says whether there was any."""
        if self._ended:
            return False
        self.line()
        kept = self.text[self.position :]
        wanted, parts = max(len(kept), 1), [kept]
        while wanted > 0 and not self._ended:
            block = next(self._blocks, "")
            self._ended = not block
            wanted -= len(block)
            parts.append(block)
        self.text, self.position, self._counted_to = "".join(parts), 0, 0
        return len(self.text) > len(kept)

    def peek(self) -> str:
        """Returns the next character that is no space, without taking it; empty at the end."""
        while True:
            found = _SPACE.match(self.text, self.position)
            self.position = found.end() if found else self.position
            if self.position < len(self.text):
                return self.text[self.position]
            if not self.more():
                return ""

    def take(self, character: str) -> None:
        """Goes past the next character, which must be this one. Raises JSONDecodeError."""
        if self.peek() != character:
            raise json.JSONDecodeError(f"{character} expected", self.text, self.position)
        self.position += 1

    def value(self) -> object:
        """Reads the next value and goes past it. Raises JSONDecodeError, _TooLong and RecursionError."""
        self.peek()
        while True:
            self.fault = None
            try:
                value, end = self._decoder.raw_decode(self.text, self.position)
            except json.JSONDecodeError:
                if len(self.text) - self.position > LONGEST_ITEM:
                    raise _TooLong from None
                if not self.more():
                    raise
                continue
            # A number at the end of what is in memory may go on in the next block.
            if end < len(self.text) or not self.more():
                self.position = min(end, len(self.text))
                return value

    def line(self) -> int:
        """Returns the physical line of `position`."""
        self._line += self.text.count("\n", self._counted_to, self.position)
        self._counted_to = self.position
        return self._line

    def line_end(self) -> int:
        """Returns where the line of `position` ends in `text`, taking in more until it does. Raises _TooLong."""
        while (end := self.text.find("\n", self.position)) < 0:
            if len(self.text) - self.position > LONGEST_ITEM:
                raise _TooLong
            if not self.more():
                return len(self.text)
        return end

    def value_until(self, end: int) -> tuple[object, bool]:
        """Reads the value between `position` and `end`; False if it does not fill the place. Raises as `value` does."""
        self.fault = None
        value, stop = self._decoder.raw_decode(self.text, self.position)
        return value, stop <= end and not self.text[stop:end].strip()

    def gathered(self, pairs: list[tuple[str, object]]) -> dict[str, object]:
        """Returns the pairs as one object; a doubled key is a fault."""
        return self._object(pairs)

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

    `message.tickets` names a list in an object of the object.

    Also reads one object a line (JSON Lines). Yields a RefusedRow for an item that is no object
    (`import.object_expected`) or cannot be trusted (`import.key_twice`, `import.number_unreadable`), and one
    last for a file that breaks off (`import.json_broken`), whose item never ends (`import.item_too_long`), is
    nested too deeply (`import.json_too_deep`), is empty or unreadable as `examine_text` says. The file is
    never in memory as a whole.
    """
    limit: dict[str, object] = {"limit": LONGEST_ITEM // 2**20}
    if _never_ends(part):
        yield RefusedRow(1, "", "import.item_too_long", limit, part.name)
        return
    encoding = examine_text(part)
    if isinstance(encoding, RefusedRow):
        yield encoding
        return
    with part.open() as stream, io.TextIOWrapper(stream, encoding.name, newline="") as text:
        scanner = _Scanner(iter(lambda: text.read(BLOCK), ""))
        if not scanner.peek():
            yield RefusedRow(1, "", "import.file_empty", {}, part.name)
            return
        try:
            yield from _walk(scanner, part.name, lists)
        except json.JSONDecodeError as error:
            line = scanner.line() + scanner.text.count("\n", scanner.position, error.pos)
            yield RefusedRow(line, "", "import.json_broken", {}, part.name)
        except _TooLong:
            yield RefusedRow(scanner.line(), "", "import.item_too_long", limit, part.name)
        except RecursionError:
            yield RefusedRow(0, "", "import.json_too_deep", {}, part.name)


def _never_ends(part: Part) -> bool:
    """Says whether already the first value goes on for too long, before gigabytes are looked through for their encoding."""
    if part.size_bytes <= LONGEST_ITEM:
        return False
    try:
        with part.open() as stream, io.TextIOWrapper(stream, "utf-8", errors="replace", newline="") as text:
            scanner = _Scanner(iter(lambda: text.read(BLOCK), ""))
            while scanner.peek() in ("[", "{", ":", ",", "\ufeff"):
                scanner.position += 1
            scanner.value()
            scanner.take(":")
            scanner.value()
    except _TooLong:
        return True
    except (json.JSONDecodeError, RecursionError, zipfile.BadZipFile, EOFError, NotImplementedError):
        return False
    return False


def _walk(scanner: _Scanner, file: str, lists: tuple[str, ...]) -> Iterator[Item | RefusedRow]:
    if scanner.peek() == "[":
        yield from _list_items(scanner, file, "")
    elif file.casefold().endswith((".jsonl", ".ndjson")) or _one_a_line(scanner):
        yield from _line_items(scanner, file)
    elif scanner.peek() == "{":
        yield from _object_items(scanner, file, lists)
    else:
        line = scanner.line()
        yield _item(scanner, line, scanner.value(), file, "")


def _one_a_line(scanner: _Scanner) -> bool:
    """Says whether the first line is a whole object and more follows: JSON Lines under another name."""
    try:
        end = scanner.line_end()
        if scanner.text[scanner.position] != "{" or end == len(scanner.text):
            return False
        whole = scanner.value_until(end)[1]
    except (json.JSONDecodeError, RecursionError, _TooLong):
        return False
    while not scanner.text[end:].strip() and scanner.more():
        end = scanner.text.find("\n", scanner.position)
    return whole and bool(scanner.text[end:].strip())


def _line_items(scanner: _Scanner, file: str) -> Iterator[Item | RefusedRow]:
    while scanner.peek():
        end, line = scanner.line_end(), scanner.line()
        try:
            value, whole = scanner.value_until(end)
        except json.JSONDecodeError:
            whole = False
        except RecursionError:
            yield RefusedRow(line, "", "import.json_too_deep", {}, file)
            scanner.position = end
            continue
        yield (
            _item(scanner, line, value, file, "")
            if whole
            else RefusedRow(line, "", "import.json_broken", {}, file)
        )
        scanner.position = end


def _list_items(scanner: _Scanner, file: str, within: str) -> Iterator[Item | RefusedRow]:
    scanner.take("[")
    if scanner.peek() == "]":
        scanner.take("]")
        return
    while True:
        scanner.peek()
        line = scanner.line()
        yield _item(scanner, line, scanner.value(), file, within)
        if scanner.peek() == "]":
            scanner.take("]")
            return
        scanner.take(",")


def _object_items(scanner: _Scanner, file: str, lists: tuple[str, ...]) -> Iterator[Item | RefusedRow]:
    """Yields the items of the named lists of the object, or the object itself where it has none of them."""
    line = scanner.line()
    pairs: list[tuple[str, object]] = []
    faults: list[_Fault] = []
    if not (yield from _members(scanner, file, lists, "", pairs, faults)):
        scanner.fault = None
        value = scanner.gathered(pairs)
        scanner.fault = faults[0] if faults else scanner.fault
        yield _item(scanner, line, value, file, "")


def _members(
    scanner: _Scanner,
    file: str,
    lists: tuple[str, ...],
    path: str,
    pairs: list[tuple[str, object]],
    faults: list[_Fault],
) -> Generator[Item | RefusedRow, None, bool]:
    """Reads an object, yields the items of the lists named `path` and its key, and keeps its other members in `pairs`.

    Returns whether there was such a list, here or in an object inside.
    """
    scanner.take("{")
    found = False
    while scanner.peek() == '"':
        key = str(scanner.value())
        scanner.take(":")
        name = f"{path}{key}"
        if name in lists and scanner.peek() == "[":
            yield from _list_items(scanner, file, name)
            found = True
        elif scanner.peek() == "{" and any(one.startswith(f"{name}.") for one in lists):
            inside: list[tuple[str, object]] = []
            found = (yield from _members(scanner, file, lists, f"{name}.", inside, faults)) or found
            pairs.append((key, dict(inside)))
        else:
            pairs.append((key, scanner.value()))
            if scanner.fault is not None:
                faults.append(scanner.fault)
        if scanner.peek() != ",":
            break
        scanner.take(",")
    scanner.take("}")
    return found


def _item(scanner: _Scanner, line: int, value: object, file: str, within: str) -> Item | RefusedRow:
    if scanner.fault is not None:
        return RefusedRow(line, "", scanner.fault[0], scanner.fault[1], file)
    if not isinstance(value, dict):
        return RefusedRow(line, "", "import.object_expected", {}, file)
    return Item(line, value, within)
