"""Owns reading clean HTML back into text in our form. It cleans nothing: `markup.py` gives it allow-listed HTML only."""

import re
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from itertools import groupby

_SPACES = re.compile(r"[\s\u00a0]+")
_BULLET = re.compile(r"^\s*(?:[·•●○■□◦▪‣\uf0b7\uf0a7\uf06c]|[o§\-–](?=[\u00a0 ]{2}))[\s\u00a0]*")
_NUMBER = re.compile(r"^\s*(\d{1,3})[.)、．][\s\u00a0]+(?=\S)")
_SPECIAL = re.compile(r"([*`\\])")
_LEADING = re.compile(r"^([#>+~-])")
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BOLD = frozenset({"strong", "b"})
_BREAK = "\0"
_BLOCKS = frozenset({"p", "div", "li", "blockquote", "pre", "hr", "table", "ul", "ol", *_HEADINGS})


def text_of_html(clean_html: str) -> str:
    """Returns the text of allow-listed HTML: paragraphs, headings, lists, quotes, tables, bold, links.

    Emphasis is dropped: next to bold it cannot be written without doubt, and Chinese has none.
    Characters that would be read as marks are escaped. Blocks are separated by one blank line, list items are not.
    """
    reader = _Reader()
    reader.feed(clean_html)
    reader.close()
    reader.end_block()
    return reader.written()


@dataclass
class _Run:
    """Some words with how they are set; `is_ours` are marks of our own, which are not escaped."""

    words: str
    is_bold: bool = False
    is_ours: bool = False

    @property
    def mark(self) -> str:
        return "**" if self.is_bold and not self.is_ours else ""


@dataclass
class _List:
    """A list being read: its next number, None for bullets."""

    number: int | None


@dataclass
class _Table:
    """A table being read, row by row."""

    rows: list[list[str]] = field(default_factory=list)


class _Reader(HTMLParser):
    """Writes each block as soon as it ends; inline marks gather in `words`."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[tuple[str, bool]] = []  # text, and whether it is a list item
        self.runs: list[_Run] = []
        self.bold = 0
        self.lists: list[_List] = []
        self.table: _Table | None = None
        self.links: list[str] = []
        self.quotes = 0
        self.heading = 0
        self.marker = ""
        self.is_code = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.table is not None and tag in _BLOCKS:
            self.say(" ")
            return
        if tag in _BLOCKS and not (tag == "p" and self.marker and not self.runs):
            self.end_block()
        self.start(tag, dict(attrs))

    def start(self, tag: str, attributes: dict[str, str | None]) -> None:
        if tag in _HEADINGS:
            self.heading = _HEADINGS[tag]
        elif tag in ("ul", "ol"):
            first = attributes.get("start") or "1"
            self.lists.append(
                _List(int(first) if first.isdecimal() and len(first) < 6 else 1)
                if tag == "ol"
                else _List(None)
            )
        elif tag == "li":
            self.start_item()
        elif tag == "blockquote":
            self.quotes += 1
        elif tag == "table":
            self.table = _Table()
        elif tag == "tr" and self.table is not None:
            self.table.rows.append([])
        elif tag in ("td", "th"):
            self.runs = []
        elif tag == "br":
            self.say(" " if self.table is not None or self.heading else _BREAK)
        elif tag == "hr":
            self.blocks.append(("---", False))
        elif tag == "pre":
            self.is_code = True
        elif tag == "a":
            self.links.append(attributes.get("href") or "")
            self.say("[" if self.links[-1] else "", is_ours=True)
        else:
            self.bold += tag in _BOLD

    def start_item(self) -> None:
        current = self.lists[-1] if self.lists else _List(None)
        self.marker = "- " if current.number is None else f"{current.number}. "
        if current.number is not None:
            current.number += 1

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th") and self.table is not None and self.table.rows:
            self.table.rows[-1].append(self.line().replace("|", "\\|"))
        elif tag == "table" and self.table is not None:
            rows, self.table = self.table.rows, None
            self.write_table(rows)
        elif self.table is not None and tag in _BLOCKS:
            return
        elif tag in _BLOCKS:
            self.end_block()
            self.leave(tag)
        elif tag == "a" and self.links:
            target = self.links.pop()
            self.say(f"](<{target}>)" if target else "", is_ours=True)
        else:
            self.bold = max(0, self.bold - (tag in _BOLD))

    def leave(self, tag: str) -> None:
        if tag in ("ul", "ol") and self.lists:
            self.lists.pop()
        elif tag == "blockquote":
            self.quotes = max(0, self.quotes - 1)
        elif tag == "li":
            self.marker = ""
        self.heading = 0
        self.is_code = False

    def handle_data(self, data: str) -> None:
        self.say(data)

    def say(self, words: str, is_ours: bool = False) -> None:
        self.runs.append(_Run(words, self.bold > 0, is_ours))

    def line(self) -> str:
        """Returns the words gathered so far on one line, marked and escaped, and begins anew."""
        runs, self.runs = self.runs, []
        return _SPACES.sub(" ", _marked(runs)).strip()

    def end_block(self) -> None:
        runs, self.runs = self.runs, []
        if self.is_code:
            code = "".join(run.words for run in runs).replace(_BREAK, "\n").strip("\n")
            self.add(f"```\n{code}\n```" if code else "")
            return
        for run in runs:
            for index, words in enumerate(run.words.split(_BREAK)):
                if index:
                    self.end_line()
                self.runs.append(replace(run, words=words))
        self.end_line()

    def end_line(self) -> None:
        """Writes one paragraph, heading or item; a bullet or number that stands as a character makes it an item."""
        words = "".join(run.words for run in self.runs)
        is_free = not (self.heading or self.marker or self.lists)
        bullet, number = _BULLET.match(words), _NUMBER.match(words)
        marker = "- " if bullet else f"{number[1]}. " if number else ""
        found = bullet or number
        if is_free and found:
            self.runs = _without(self.runs, found.end())
        text = self.line()
        if not text:
            return
        if self.heading:
            self.add(f"{'#' * self.heading} {text}")
        elif is_free and marker:
            self.add(f"{marker}{text}", is_item=True)
        elif self.lists:
            self.add_item(text)
        else:
            self.add(_LEADING.sub(r"\\\1", text))

    def add_item(self, text: str) -> None:
        indent = "    " * (len(self.lists) - 1)
        if self.marker:
            self.add(f"{indent}{self.marker}{text}", is_item=True)
            self.marker = ""
        else:
            self.add(f"{indent}    {text}")

    def add(self, text: str, is_item: bool = False) -> None:
        if text:
            quoted = "> " * self.quotes
            self.blocks.append(("\n".join(quoted + line for line in text.split("\n")), is_item))

    def write_table(self, rows: list[list[str]]) -> None:
        rows = [row for row in rows if any(row)]
        if not rows:
            return
        width = max(len(row) for row in rows)
        filled = [row + [""] * (width - len(row)) for row in rows]
        lines = [f"| {' | '.join(row)} |" for row in filled]
        lines.insert(1, f"|{' --- |' * width}")
        self.add("\n".join(lines))

    def written(self) -> str:
        text, was_item = "", False
        for block, is_item in self.blocks:
            gap = "" if not text else "\n" if is_item and was_item else "\n\n"
            text, was_item = f"{text}{gap}{block}", is_item
        return text


def _without(runs: list[_Run], count: int) -> list[_Run]:
    """Takes off the first characters, over the borders of runs."""
    left: list[_Run] = []
    for run in runs:
        taken = min(count, len(run.words))
        count -= taken
        left.append(replace(run, words=run.words[taken:]))
    return left


def _marked(runs: list[_Run]) -> str:
    """Writes runs with their marks around the words, spaces outside, where a mark would show as an asterisk."""
    written = ""
    for mark, same in groupby((run for run in runs if run.words), key=lambda run: (run.mark, run.is_ours)):
        words = "".join(run.words for run in same)
        bare = words.strip()
        if mark[1] or not bare:
            written += words
            continue
        before, after = words[: len(words) - len(words.lstrip())], words[len(words.rstrip()) :]
        escaped = _SPECIAL.sub(r"\\\1", bare)
        written += f"{before}{mark[0]}{escaped}{mark[0]}{after}"
    return written
