"""Owns finding chapters and clauses in a text that nobody wrote for us: headings, law articles, numbered sections.

Pure; it gives no ids (`identity.py`) and reads no files (`importing.py`).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.core.errors import Invalid
from app.core.text import one_line
from app.standards import grammar
from app.standards.numbered_lines import Begun, english_articles, numbered_sections

LEAST_ARTICLES = 3
"""So many lines must begin with an article's number before they are taken for articles."""
LEAST_SECTIONS = 2
MOST_AHEAD = 3
LONGEST_TITLE = 60

_NUMERAL = "[一二三四五六七八九十百千零〇两0-9０-９]{1,9}"
_SPACE = "[ \u3000\t]"
_ARTICLE = re.compile(
    rf"{_SPACE}*(?:\*\*)?第({_NUMERAL})条(之{_NUMERAL})?(?:\*\*)?({_SPACE}*(?:【[^】]{{1,30}}】|[（(](?!{_NUMERAL}[）)])[^）)]{{1,20}}[）)])(?:\*\*)?{_SPACE}*|{_SPACE}+|[：:]|$)?(.*)"
)
_CAPTION = re.compile("【([^】]+)】|[（(]([^）)]+)[）)]")
_REFERENCE = re.compile("[的所、，,和至或及到第（(规中]")
_CHAPTER = re.compile(rf"{_SPACE}*(?:\*\*)?第{_NUMERAL}([编章节])(?:{_SPACE}.{{0,40}})?")
_CHAPTER_LEVELS = {"编": 2, "章": 2, "节": 3}
_SECTION = re.compile("(?:[*][*])?[一二三四五六七八九十百]{1,4}、[^。；;！？]{1,60}")
_SUBSECTION = re.compile("(?:[*][*])?[（(][一二三四五六七八九十百]{1,4}[)）][^。；;！？：:，,]{1,40}")
_HEADING_NUMBER = re.compile(
    rf"第{_NUMERAL}条(?:之{_NUMERAL})?(?:{_SPACE}+|[：:]|$)"
    r"|(?:Article|Section|Clause|Rule|Regulation|Sec\.|Art\.|§)\s*\d+(?:\.\d+)*[A-Za-z]{0,2}(?:[.:)]\s*|\s+[–—-]\s+|$)"
    r"|\d+(?:\.\d+)+[.、)]?(?:\s+|$)|\d+[A-Z]?[.、)．]\s*(?!\d)|[（(]?[一二三四五六七八九十百]{1,4}[)）、]\s*"
)
_LIST_LINE = re.compile(r"[ \t]*(?:[-+*]|\d{1,9}[.)])[ \t]")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-{2,}) *")
_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}


@dataclass(frozen=True)
class Found:
    """A heading with the text under it, as it was found. `is_clause` tells a clause from a chapter."""

    heading: str
    level: int
    body: str
    is_clause: bool


@dataclass(frozen=True)
class Structure:
    """A text taken apart. `title` is empty when the text names none."""

    title: str
    preamble: str
    blocks: tuple[Found, ...]
    has_open_code: bool
    """A code block that was never closed has been closed at the end."""


def find_structure(text: str) -> Structure:
    """Returns the chapters and clauses of a cleaned text.

    Headings that hold text are clauses, others chapters. Where at least three lines begin with `第…条`, these are
    the clauses and `第…章`, `第…节` the chapters (laws are written so). A text without headings is cut at lines
    such as `一、受理`. Rules listed right under the title, and a text without
    any headings, become a clause with the title as heading, which the caller must give where there is none.
    """
    lines = without_comments(text).split("\n")
    has_open_code = any(level == 0 for _, level, _ in grammar.scan(lines))
    if has_open_code:
        lines.append(_fence_for(lines))
    lines = _plain_headings(lines)
    title, lines = _take_title(lines)
    articles = _article_lines(lines)
    if articles:
        lines = _mark_articles(lines, articles)
    elif english := english_articles(lines, _free_lines(lines)):
        lines = _mark_begun(lines, english)
    else:
        lines = _mark_sections(lines)
    first, *rest = grammar.sections(_below_title(lines), 0)
    blocks = [_found(section) for section in rest]
    preamble = "\n".join(first.lines).strip("\n")
    has_rules = not articles and any(_LIST_LINE.match(line) for line in first.lines)
    if preamble.strip() and (has_rules or not blocks):
        blocks.insert(0, Found(title, 2, preamble, True))
        preamble = ""
    return Structure(title, preamble, tuple(_without_contents(blocks)), has_open_code)


def is_numbered(heading: str) -> bool:
    """States that a heading is only an article's number, which says nothing about its content."""
    return not without_number(heading)


def without_number(heading: str) -> str:
    """Returns a heading without the number it begins with: `3.2 首次答复`, `（一）受理`, `第五条 受理`, `Article 4. Scope`.

    Empty for one that is only a number. A quantity such as `24 小时` is no number of a heading.
    """
    found = _HEADING_NUMBER.match(heading)
    return heading[found.end() :].strip() if found else heading


def number_of(numeral: str) -> int:
    """Returns the number a Chinese or Arabic numeral stands for: 二十三, 一〇三, ２３."""
    if numeral.isdecimal():
        return int(numeral)
    if not any(sign in _UNITS for sign in numeral):
        return int("".join(str(_DIGITS.get(sign, sign)) for sign in numeral))
    total = current = 0
    for sign in numeral:
        if sign in _UNITS:
            total += (current or 1) * _UNITS[sign]
            current = 0
        else:
            current = _DIGITS.get(sign, current)
    return total + current


def without_comments(text: str) -> str:
    """Returns the text without HTML comments; one that is never closed stays. In one pass, however many begin."""
    kept: list[str] = []
    at = 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start)) >= 0:
        kept.append(text[at:start])
        at = end + 3
    return "".join(kept) + text[at:]


def _fence_for(lines: Sequence[str]) -> str:
    """Returns the line that closes the code block left open."""
    opened = next(index for index, level, _ in grammar.scan(lines) if level == 0)
    mark = lines[opened].strip()
    return mark[: len(mark) - len(mark.lstrip(mark[0]))]


def _plain_headings(lines: Sequence[str]) -> list[str]:
    """Writes every heading the one way: `#` marks, no attribute list, no underline, none without words."""
    made = list(lines)
    fenced = _fenced(lines)
    for index, line in enumerate(lines):
        if index in fenced:
            continue
        heading = grammar.heading_of(line)
        if heading:
            words = _words_of(heading[1])
            made[index] = f"{'#' * heading[0]} {words}" if words else ""
        elif index and _UNDERLINE.fullmatch(line) and _is_single(lines, index - 1):
            made[index - 1] = f"{'#' if '=' in line else '##'} {_words_of(lines[index - 1])}"
            made[index] = ""
    return made


def _fenced(lines: Sequence[str]) -> set[int]:
    """Returns the indexes of lines inside code blocks, where nothing is a heading."""
    probe = ["# x" if _is_plain(line) else line for line in lines]
    outside = {index for index, level, _ in grammar.scan(probe) if level}
    return set(range(len(lines))) - outside


def _is_plain(line: str) -> bool:
    return not line.lstrip(" ").startswith(("```", "~~~"))


def _is_single(lines: Sequence[str], index: int) -> bool:
    """States that a line is a paragraph alone, so that a line of `---` under it makes it a heading."""
    line = lines[index]
    is_text = (
        bool(line.strip()) and not _LIST_LINE.match(line) and not line.lstrip().startswith((">", "|", "#"))
    )
    return is_text and (index == 0 or not lines[index - 1].strip())


def _words_of(heading: str) -> str:
    """Returns a heading's words without an attribute list and without marks around all of it."""
    try:
        words = grammar.attributes_of(one_line(heading))[0]
    except Invalid:
        words = one_line(heading).replace("{", "(").replace("}", ")")
    if words.startswith("**") and words.endswith("**") and words.count("**") == 2:
        words = words.strip("*").strip()
    while (again := grammar.heading_of(f"# {words}")) and again[1] != words:
        words = again[1]
    return words


def _take_title(lines: list[str]) -> tuple[str, list[str]]:
    """Returns the title and the lines without it: the first heading if it is of level 1, else a short first line."""
    headings = list(grammar.scan(lines))
    first = next((index for index, line in enumerate(lines) if line.strip()), None)
    if headings and headings[0][1] == 1 and not _is_first_of_many(headings):
        index, _, title = headings[0]
        return title, [*lines[:index], "", *lines[index + 1 :]]
    if first is None or headings:
        return "", lines
    line = lines[first].strip()
    is_alone = first + 1 >= len(lines) or not lines[first + 1].strip()
    is_short = len(line) <= LONGEST_TITLE and not line.endswith(tuple("。；;.！!？?：:，,"))
    if is_alone and is_short and not _LIST_LINE.match(line) and not _ARTICLE.fullmatch(line):
        return _words_of(line), [*lines[:first], "", *lines[first + 1 :]]
    return "", lines


def _is_first_of_many(headings: Sequence[tuple[int, int, str]]) -> bool:
    """States that the first heading is one of several numbered ones of its level, and so no title: 一、总则."""
    return sum(level == 1 and without_number(words) != words for _, level, words in headings) > 1 and (
        without_number(headings[0][2]) != headings[0][2]
    )


def _article_lines(lines: Sequence[str]) -> dict[int, re.Match[str]]:
    """Returns {index: match} of the lines that begin an article; empty when there are too few to be a law.

    A line that begins with an article's number and no space after it is one only if it is the next number, or nearly.
    """
    found: dict[int, re.Match[str]] = {}
    fenced = _fenced(lines)
    last = 0
    for index, line in enumerate(lines):
        match = _ARTICLE.fullmatch(line)
        if match is None or index in fenced:
            continue
        number = number_of(match[1])
        is_apart = match[3] is not None and match[3].strip()[:1] not in ("（", "(")
        if is_apart or (last < number <= last + MOST_AHEAD and not _REFERENCE.match(match[4])):
            found[index] = match
            last = number
    return found if len(found) >= LEAST_ARTICLES else {}


def _mark_articles(lines: Sequence[str], articles: dict[int, re.Match[str]]) -> list[str]:
    """Gives every article a heading of its number, and plain chapter lines a heading mark."""
    made: list[str] = []
    fenced = _fenced(lines)
    level = 2
    for index, line in enumerate(lines):
        heading = None if index in fenced else grammar.heading_of(line)
        chapter = None if heading or index in fenced else _CHAPTER.fullmatch(line.rstrip())
        if index in articles:
            match = articles[index]
            caption = _CAPTION.search(match[3] or "")
            number = f"第{match[1]}条{match[2] or ''}{f' {caption[1] or caption[2]}' if caption else ''}"
            made += ["", f"{'#' * min(6, max(3, level + 1))} {number}", "", match[4].strip()]
        elif chapter and not line.rstrip().endswith(("。", "；")):
            level = _CHAPTER_LEVELS[chapter[1]]
            made += ["", f"{'#' * level} {_words_of(line.replace('*', ''))}", ""]
        else:
            level = heading[0] if heading else level
            made.append(line)
    return made


def _free_lines(lines: Sequence[str]) -> list[int]:
    """Returns the indexes of lines with words that are neither headings nor inside a block of code."""
    taken = _fenced(lines) | {index for index, _level, _words in grammar.scan(lines)}
    return [index for index, line in enumerate(lines) if index not in taken and line.strip()]


def _mark_begun(lines: Sequence[str], begun: dict[int, Begun]) -> list[str]:
    made: list[str] = []
    for index, line in enumerate(lines):
        found = begun.get(index)
        made += ["", f"{'#' * found.level} {_words_of(found.heading)}", "", found.text] if found else [line]
    return made


def _mark_sections(lines: Sequence[str]) -> list[str]:
    """Gives lines such as `一、受理`, or else `1.1 目的`, a heading mark where the text has no headings of its own."""
    if any(True for _ in grammar.scan(lines)):
        return list(lines)
    free = _free_lines(lines)
    sections = {index for index in free if _SECTION.fullmatch(lines[index].strip())}
    if len(sections) < LEAST_SECTIONS:
        return _mark_begun(lines, numbered_sections(lines, free))
    made = list(lines)
    for index in free:
        line = lines[index].strip()
        if index in sections or _SUBSECTION.fullmatch(line):
            made[index] = f"{'##' if index in sections else '###'} {_words_of(line.replace('*', ''))}"
    return made


def _below_title(lines: Sequence[str]) -> list[str]:
    """Moves all headings one level down when some of level 1 are left besides the title."""
    headings = list(grammar.scan(lines))
    made = list(lines)
    shift = 1 if any(level == 1 for _, level, _ in headings) else 0
    for index, level, words in headings:
        if level:
            made[index] = f"{'#' * min(6, max(2, level + shift))} {words}"
    return made


def _found(section: grammar.Section) -> Found:
    body = "\n".join(section.lines).strip("\n")
    is_chapter = bool(_CHAPTER.fullmatch(section.heading)) or not body.strip()
    return Found(section.heading, section.level, body, not is_chapter)


def _without_contents(blocks: Sequence[Found]) -> Iterator[Found]:
    """Leaves out a table of contents: empty chapters whose heading comes again later."""
    last = {block.heading: index for index, block in enumerate(blocks)}
    for index, block in enumerate(blocks):
        if block.is_clause or block.body.strip() or last[block.heading] == index:
            yield block
