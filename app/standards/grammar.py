"""Owns the line grammar of a standard's text: headings, attribute lists, code blocks, scripts. Pure.

It knows single lines and bodies; what they make up is `document.py`. Written by hand where a pattern could be slow
on hostile lines.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.core.errors import FieldError, Invalid, Reason
from app.core.text import clean_text

LIMIT_TEXT_BYTES = 512 * 1024
LIMIT_ATTRIBUTES = 1000

_WORD = r'(?:[#.][\w-]+|audience="[^"]*")'
_ATTRIBUTES = re.compile(rf"\s*{_WORD}(?:\s+{_WORD})*\s*")
_CODE_FENCE = re.compile(r" {0,3}(`{3,}(?=[^`]*$)|~{3,})(.*)")
_SAYS = re.compile(r"(?:这样说|Say)[ \t]*[：:][ \t]*(.*)", re.IGNORECASE)
_NEVER_SAYS = re.compile(r"(?:不要说|Do not say)[ \t]*[：:][ \t]*(.*)", re.IGNORECASE)


@dataclass(frozen=True)
class Attributes:
    """The words of an attribute list: `{#c03 .public audience="agent"}`."""

    ids: tuple[str, ...]
    tags: tuple[str, ...]
    audience: tuple[str, ...]


@dataclass(frozen=True)
class Section:
    """A heading with the lines under it; level 0 is the text before the first heading. `line` counts from 1."""

    line: int
    level: int
    heading: str
    lines: tuple[str, ...]


def heading_of(line: str) -> tuple[int, str] | None:
    """Returns level and text of a heading line as CommonMark reads it (`##x` is none), else None."""
    bare = line.lstrip(" ")
    text = bare.lstrip("#")
    level = len(bare) - len(text)
    if len(line) - len(bare) > 3 or not 1 <= level <= 6 or (text and text[0] not in " \t"):
        return None
    text = text.strip()
    without_closing = text.rstrip("#")
    if without_closing != text and (not without_closing or without_closing[-1] in " \t"):
        text = without_closing.rstrip()
    return level, text


def attributes_of(heading: str) -> tuple[str, Attributes | None]:
    """Splits a heading's text into words and attribute list; braces that are not meant as one stay words.

    Raises Invalid `document.bad_attributes` for braces that begin like an attribute list and are none.
    """
    start = heading.rfind("{")
    if start < 0 or not heading.endswith("}"):
        return heading, None
    inner = heading[start + 1 : -1]
    listed = inner.removeprefix(":")
    if not listed.strip().startswith(("#", ".", "audience=")):
        return heading, None
    if len(inner) > LIMIT_ATTRIBUTES or not _ATTRIBUTES.fullmatch(listed):
        raise Invalid.of("heading", "document.bad_attributes", value=heading[start:][:60])
    words = re.findall(_WORD, listed)
    audience = [role for word in words if word.startswith("audience=") for role in word[10:-1].split()]
    return heading[:start].rstrip(), Attributes(
        ids=tuple(word[1:] for word in words if word.startswith("#")),
        tags=tuple(word[1:] for word in words if word.startswith(".")),
        audience=tuple(audience),
    )


def scan(lines: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Yields (index, level, text) for each heading outside code blocks; level 0 for a code block never closed."""
    fence, opened = "", 0
    for index, line in enumerate(lines):
        mark = _CODE_FENCE.fullmatch(line)
        if fence:
            if mark and mark[1].startswith(fence) and not mark[2].strip():
                fence = ""
        elif mark:
            fence, opened = mark[1], index
        else:
            heading = heading_of(line)
            if heading:
                yield index, *heading
    if fence:
        yield opened, 0, ""


def sections(lines: Sequence[str], start: int) -> Iterator[Section]:
    """Yields the sections of the lines from index `start` on; headings of level 1 stay among the lines."""
    line, level, heading, begin = start + 1, 0, "", start
    for index, found, text in scan(lines[start:]):
        if found >= 2:
            yield Section(line, level, heading, tuple(lines[begin : start + index]))
            line, level, heading, begin = start + index + 1, found, text, start + index + 1
    yield Section(line, level, heading, tuple(lines[begin:]))


def canonical_body(text: str, field: str) -> str:
    """Returns a body in canonical form: no blank lines around it, two spaces or none at the end of a line.

    Raises Invalid with the line for a heading (it would become a clause of its own) and for a code block that is
    never closed (it would swallow the next clause).
    """
    lines = [_trimmed(line) for line in clean_text(text, LIMIT_TEXT_BYTES, field=field).split("\n")]
    errors = []
    for index, level, _ in scan(lines):
        reason = "document.heading_in_body" if level else "document.open_code_block"
        errors.append(FieldError(field, Reason(reason), index + 1))
    if errors:
        raise Invalid(errors)
    while lines and not lines[-1]:
        lines.pop()
    first = next((index for index, line in enumerate(lines) if line), 0)
    return "\n".join(lines[first:]).rstrip()


def _trimmed(line: str) -> str:
    """Keeps the two spaces at a line's end that break it, and no other trailing space."""
    bare = line.rstrip()
    return f"{bare}  " if bare and line[len(bare) :].startswith("  ") else bare


def says(body: str) -> tuple[str, ...]:
    """Returns the scripts to say (`> 这样说：…`, `> Say: …`) in order, each on one line."""
    return _quoted(body, _SAYS, _NEVER_SAYS)


def never_says(body: str) -> tuple[str, ...]:
    """Returns the phrases never to say (`> 不要说：…`, `> Do not say: …`) in order, each on one line."""
    return _quoted(body, _NEVER_SAYS, _SAYS)


def _quoted(body: str, wanted: re.Pattern[str], other: re.Pattern[str]) -> tuple[str, ...]:
    """Gathers quote lines that begin with a marker, with the quote lines that go on without one."""
    found: list[list[str]] = []
    is_open = False
    for line in body.split("\n"):
        quote = line.strip()
        text = quote.removeprefix(">").strip()
        mark = wanted.fullmatch(text) if quote.startswith(">") else None
        if mark:
            found.append([mark[1]])
            is_open = True
        elif not text or not quote.startswith(">") or other.fullmatch(text):
            is_open = False
        elif is_open:
            found[-1].append(text)
    return tuple(_joined(words) for words in found)


def _joined(words: list[str]) -> str:
    """Joins lines to one: with a space, but not where a Chinese line ends or begins."""
    line = ""
    for word in words:
        gap = " " if line[-1:].isascii() and word[:1].isascii() else ""
        line = f"{line}{gap}{word}".strip()
    return line
