"""Owns the repair of blocks before rendering: text is re-written so that lists, quotes and code blocks come out as a
CommonMark renderer shows them. Pure: it knows lines, not HTML, and renders nothing (`markup.py`).

Python-Markdown wants a blank line before a list and four spaces for each level, knows no `1)` and no code block
inside an item; real policies do otherwise and lose up to 18 % of their list items. So the blocks are read here by
CommonMark's rules and written again in the narrow form that Python-Markdown reads without loss.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from app.core.errors import Invalid

LIMIT_DEPTH = 20
"""Quotes and lists inside each other; a 500-level list ends in a RecursionError deep in the renderer."""

_INDENT = "    "
_MARKER = re.compile(r"( {0,3})([-+*]|(\d{1,9})([.)]))( +|$)(.*)")
_RULE = re.compile(r" {0,3}(?:(?:\* *){3,}|(?:- *){3,}|(?:_ *){3,})")
_FENCE = re.compile(r"( {0,3})(`{3,}(?=[^`]*$)|~{3,})(.*)")
_QUOTE = re.compile(r" {0,3}> ?(.*)")
_HEADING = re.compile(r" {0,3}#{1,6}(?: .*)?")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-+) *")
_TABLE_RULE = re.compile(r" {0,3}\|? *:?-+:? *(?:\| *:?-+:? *)+\|? *|[ ]{0,3}\| *:?-+:? *\|? *")
_LOOKS_LIKE_BLOCK = re.compile(r"^(\d*)(#|>|[-+*](?= |$)|(?<=\d)\.(?= |$))")
_SAY = re.compile(r"\s*(?:这样说|Say) *[：:]", re.IGNORECASE)
_NEVER_SAY = re.compile(r"\s*(?:不要说|Do not say) *[：:]", re.IGNORECASE)


def repair_blocks(text: str, store: Callable[[str], str], separate: Callable[[], str]) -> str:
    """Returns the text in the form that Python-Markdown renders as CommonMark would.

    `store` takes the text of a code block and returns the mark that stands for it; `separate` returns a mark that keeps
    two lists apart which would be read as one. Raises Invalid `markup.too_nested` beyond 20 levels.
    """
    lines = [line.expandtabs(4) for line in text.split("\n")]
    return "\n".join(_Repair(store, separate).blocks(lines, 0))


def is_say(line: str) -> bool:
    """States that a line begins a script to say: `这样说：…`, `Say: …`."""
    return bool(_SAY.match(line))


def is_never_say(line: str) -> bool:
    """States that a line begins a phrase never to say: `不要说：…`, `Do not say: …`."""
    return bool(_NEVER_SAY.match(line))


@dataclass
class _Item:
    """One list item: its lines without the marker's indent, and whether a blank line stood before the next item."""

    number: str
    lines: list[str] = field(default_factory=list)
    is_followed_by_blank: bool = False
    fence: str = ""

    def add(self, line: str) -> None:
        """Takes one more line and remembers whether a code block is open after it."""
        self.lines.append(line)
        mark = _FENCE.fullmatch(line)
        if mark and not self.fence:
            self.fence = mark[2]
        elif mark and mark[2].startswith(self.fence) and not mark[3].strip():
            self.fence = ""


@dataclass
class _Lines:
    """The lines of one container and the place reached in them; `out` is what is written, `paragraph` what is open."""

    lines: Sequence[str]
    at: int = 0
    out: list[str] = field(default_factory=list)
    paragraph: list[str] = field(default_factory=list)
    last_list: str = ""

    @property
    def line(self) -> str:
        return self.lines[self.at]

    @property
    def is_over(self) -> bool:
        return self.at >= len(self.lines)

    def write(self, lines: Sequence[str]) -> None:
        """Writes one block and the blank line after it."""
        self.out.extend(lines)
        self.out.append("")
        self.last_list = ""

    def close_paragraph(self) -> None:
        if self.paragraph:
            lines, self.paragraph = self.paragraph, []
            self.write([_paragraph_line(line, index == len(lines) - 1) for index, line in enumerate(lines)])


class _Repair:
    """Reads the blocks of a container, line by line, and writes them again."""

    def __init__(self, store: Callable[[str], str], separate: Callable[[], str]) -> None:
        self.store = store
        self.separate = separate

    def blocks(self, lines: Sequence[str], depth: int) -> list[str]:
        if depth > LIMIT_DEPTH:
            raise Invalid.of("text", "markup.too_nested", limit=LIMIT_DEPTH)
        state = _Lines(lines)
        while not state.is_over:
            self.block(state, depth)
        state.close_paragraph()
        while state.out and not state.out[-1]:
            state.out.pop()
        return state.out

    def block(self, state: _Lines, depth: int) -> None:
        line = state.line
        if not line.strip():
            state.close_paragraph()
            state.at += 1
        elif line.startswith(_INDENT):
            self.indented(state)
        elif _FENCE.fullmatch(line):
            self.fenced(state)
        elif _QUOTE.fullmatch(line):
            self.quote(state, depth)
        elif state.paragraph and _UNDERLINE.fullmatch(line):
            heading, state.paragraph = " ".join(part.strip() for part in state.paragraph), []
            state.write([f"{'#' if '=' in line else '##'} {heading}"])
            state.at += 1
        elif _RULE.fullmatch(line):
            self.single(state, "---")
        elif _HEADING.fullmatch(line):
            self.single(state, line.strip())
        elif _starts_list(line, bool(state.paragraph)):
            self.list(state, depth)
        elif _starts_table(state.lines, state.at):
            self.table(state)
        else:
            state.paragraph.append(line)
            state.at += 1

    def single(self, state: _Lines, line: str) -> None:
        state.close_paragraph()
        state.write([line])
        state.at += 1

    def indented(self, state: _Lines) -> None:
        """Reads a line with four spaces: more of an open paragraph, else a code block."""
        if state.paragraph:
            state.paragraph.append(state.line)
            state.at += 1
            return
        code: list[str] = []
        while not state.is_over and (state.line.startswith(_INDENT) or not state.line.strip()):
            code.append(state.line[len(_INDENT) :])
            state.at += 1
        state.write([self.store("\n".join(code).rstrip())])

    def fenced(self, state: _Lines) -> None:
        state.close_paragraph()
        opening = _FENCE.fullmatch(state.line)
        indent, mark = (len(opening[1]), opening[2]) if opening else (0, "```")
        code: list[str] = []
        state.at += 1
        while not state.is_over:
            closing = _FENCE.fullmatch(state.line)
            if closing and closing[2].startswith(mark) and not closing[3].strip():
                state.at += 1
                break
            code.append(state.line[min(indent, _indent(state.line)) :])
            state.at += 1
        state.write([self.store("\n".join(code))])

    def quote(self, state: _Lines, depth: int) -> None:
        state.close_paragraph()
        inner: list[str] = []
        while not state.is_over:
            quoted = _QUOTE.fullmatch(state.line)
            if quoted:
                if (is_say(quoted[1]) or is_never_say(quoted[1])) and inner and inner[-1].strip():
                    inner.append("")
                inner.append(quoted[1])
            elif _is_lazy(state.lines, state.at):
                inner.append(state.line)
            else:
                break
            state.at += 1
        state.write(
            [f"> {line}".rstrip(" ") if not line else f"> {line}" for line in self.blocks(inner, depth + 1)]
        )

    def table(self, state: _Lines) -> None:
        state.close_paragraph()
        rows: list[str] = []
        while not state.is_over and state.line.strip() and (len(rows) < 2 or not _starts_block(state.line)):
            rows.append(state.line.strip())
            state.at += 1
        state.write(rows)

    def list(self, state: _Lines, depth: int) -> None:
        before = state.last_list
        state.close_paragraph()
        kind = _kind(state.line)
        items: list[_Item] = []
        while not state.is_over and _kind(state.line) == kind:
            items.append(self.item(state))
        is_loose = any(item.is_followed_by_blank for item in items[:-1]) or any(
            _is_loose(i.lines) for i in items
        )
        inners = [self.blocks(item.lines, depth + 1) or [""] for item in items]
        if not is_loose:
            inners = [_without_gaps(inner) for inner in inners]
        has_gaps = is_loose or any("" in inner[1:] for inner in inners)
        written: list[str] = []
        for item, inner in zip(items, inners, strict=True):
            if has_gaps and written:
                written.append("")
            marker = f"{item.number}." if item.number else "-"
            written.append(f"{marker:<3} {inner[0]}")
            written += [f"{_INDENT}{line}" if line else "" for line in inner[1:]]
        tag = "ol" if items[0].number else "ul"
        if before == tag and state.out:
            state.write([self.separate()])
        state.write(written)
        state.last_list = tag

    def item(self, state: _Lines) -> _Item:
        """Reads one item: the marker's line, what is indented to its text, and lines that carry a paragraph on."""
        marker = _MARKER.fullmatch(state.line)
        if marker is None:  # the caller has just seen one; this only tells the type checker so
            raise Invalid.of("text", "markup.too_nested", limit=LIMIT_DEPTH)
        spaces = len(marker[5])
        is_code = spaces > 4
        width = len(marker[1]) + len(marker[2]) + (1 if is_code or not marker[6] else spaces)
        item = _Item(marker[3] or "")
        item.add(" " * (spaces - 1) + marker[6] if is_code else marker[6])
        state.at += 1
        while not state.is_over:
            if not state.line.strip():
                following = _next_text(state.lines, state.at)
                is_inside = following < len(state.lines) and _indent(state.lines[following]) >= width
                if not is_inside or not (len(item.lines) > 1 or item.lines[0].strip()):
                    item.is_followed_by_blank = True
                    state.at = following
                    break
                item.lines += [""] * (following - state.at)
                state.at = following
            elif _indent(state.line) >= width:
                item.add(state.line[width:])
                state.at += 1
            elif _is_lazy(state.lines, state.at) and not item.fence:
                item.add(state.line)
                state.at += 1
            else:
                break
        return item


def _paragraph_line(line: str, is_last: bool) -> str:
    """Writes one line of a paragraph: a break as two spaces; what only looks like a block (`#x`, `2. x`) escaped."""
    text = line.strip()
    if not is_last and (line.endswith("  ") or (text.endswith("\\") and not text.endswith("\\\\"))):
        text = f"{text.removesuffix(chr(92))}  "
    return _LOOKS_LIKE_BLOCK.sub(r"\1\\\2", text, count=1)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _next_text(lines: Sequence[str], at: int) -> int:
    while at < len(lines) and not lines[at].strip():
        at += 1
    return at


def _kind(line: str) -> str:
    """Returns what tells a list from the next one: its bullet or its delimiter; empty when it is no list item."""
    marker = _MARKER.fullmatch(line)
    return "" if not marker or _RULE.fullmatch(line) else marker[4] or marker[2]


def _starts_list(line: str, in_paragraph: bool) -> bool:
    """States that a list begins here; inside a paragraph only a bullet or number 1 with text after it does."""
    marker = _MARKER.fullmatch(line)
    if not marker or _RULE.fullmatch(line):
        return False
    return not in_paragraph or (bool(marker[6].strip()) and (marker[3] or "1") == "1")


def _starts_block(line: str) -> bool:
    """States that the line ends a paragraph before it."""
    patterns = (_FENCE, _QUOTE, _RULE, _HEADING)
    return any(pattern.fullmatch(line) for pattern in patterns) or _starts_list(line, in_paragraph=True)


def _starts_table(lines: Sequence[str], at: int) -> bool:
    return "|" in lines[at] and at + 1 < len(lines) and bool(_TABLE_RULE.fullmatch(lines[at + 1]))


def _is_lazy(lines: Sequence[str], at: int) -> bool:
    """States that the line only carries on the paragraph of the line before it."""
    before = lines[at - 1]
    ends_block = any(pattern.fullmatch(before.strip()) for pattern in (_FENCE, _RULE, _HEADING))
    return bool(lines[at].strip()) and bool(before.strip()) and not ends_block and not _starts_any(lines[at])


def _starts_any(line: str) -> bool:
    """States that the line starts a block of its own where no paragraph is open: any list item does."""
    return _starts_block(line) or bool(_kind(line))


def _is_loose(lines: Sequence[str]) -> bool:
    """States that a blank line stands between two blocks of the item itself, not inside a list below it."""
    has_list = False
    for index, line in enumerate(lines):
        if not line.strip():
            following = _next_text(lines, index)
            if following < len(lines) and _indent(lines[following]) == 0:
                return not (has_list and _kind(lines[following]))
        elif _kind(line):
            has_list = True
    return False


def _without_gaps(lines: list[str]) -> list[str]:
    """Takes out the blank line between an item's first paragraph and the list below it: it would loosen the item."""
    gap = lines.index("") if "" in lines else len(lines)
    starts_list = gap + 1 < len(lines) and bool(_kind(lines[gap + 1]))
    is_text = not lines[0].startswith((" ", ">")) and not _kind(lines[0])
    return lines[:gap] + lines[gap + 1 :] if starts_list and is_text else lines
