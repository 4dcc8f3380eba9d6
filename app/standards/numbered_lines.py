"""Owns finding the lines that begin a numbered part of a plain text: English articles and sections, 1.1 总则. Pure.

Chinese articles (`第…条`) stand in `structure.py`, which decides what is looked for and writes the headings.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

LEAST = 3
LONGEST_TITLE = 80
MOST_AHEAD = 20
"""So many numbers may be missing between two articles: repealed ones leave gaps, a reference jumps further."""

_ARTICLE = re.compile(
    r"[ \t]*(?:\*\*)?((?:Article|Section|Clause|Rule|Regulation|Sec\.|Art\.|§) ?(\d{1,4})[A-Z]{0,2})(?:\*\*)?(\s*[.:)–—-]+\s*|\s+|$)(.*)",
    re.IGNORECASE,
)
_GOES_ON = re.compile(
    r"(?:of|and|or|to|in|shall|must|may|is|are|does|applies|apply|above|below|,)\b", re.IGNORECASE
)
_CHAPTER = re.compile(
    r"[ \t]*(?:\*\*)?(?:Part|Chapter|Title|Division|Schedule|Subpart)\s+(?:[IVXLC]{1,6}|\d{1,3}|[A-Z])\b[^.;]{0,80}",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"(\d{1,2}(?:\.\d{1,2}){0,3})[A-Z]?(?:[.、．)]\s*|\s+)([^\d\s].*)")
_SENTENCE_END = tuple(".。;；,，:：!！?？、")
_LIST = re.compile(r"[ \t]*(?:[-+*]|\d{1,9}[.)])[ \t]|[ \t]{2,}|\t|[>|#]")


@dataclass(frozen=True)
class Begun:
    """What a line begins: a heading of `level`, and the words of the line that are text already."""

    heading: str
    level: int
    text: str = ""


def english_articles(lines: Sequence[str], free: Sequence[int]) -> dict[int, Begun]:
    """Returns {index: what begins there} of `free` lines; empty for fewer than three articles in rising order.

    With articles their parts and chapters are found too. A line that goes on after the number as a sentence does
    (`Section 4 of this Act`) is a reference, and lines without text under them are a list.
    """
    found: dict[int, Begun] = {}
    level, last, count = 2, 0, 0
    for index in free:
        article = _ARTICLE.fullmatch(lines[index])
        if article:
            number, rest = int(article[2]), article[4].replace("**", "").strip()
            is_next = last <= number <= last + MOST_AHEAD
            if not is_next or (not article[3].strip() and _GOES_ON.match(rest)):
                continue
            last, count = number, count + 1
            name, title = article[1].strip(), _is_title(rest)
            found[index] = Begun(f"{name}. {rest}" if title else name, level + 1, "" if title else rest)
        elif _CHAPTER.fullmatch(lines[index]) and not lines[index].rstrip().endswith(_SENTENCE_END):
            found[index] = Begun(lines[index].replace("*", "").strip(), level)
    following = dict(zip(free, [*free[1:], -1], strict=False))
    with_text = sum(bool(begun.text) or following[i] not in (*found, -1) for i, begun in found.items())
    return found if count >= LEAST and with_text * 2 >= count else {}


def numbered_sections(lines: Sequence[str], free: Sequence[int]) -> dict[int, Begun]:
    """Returns {index: what begins there} where a plain text is cut by lines such as `1 总则`, `1.1 目的`, `3A. Records`.

    They count up, are short, do not end like a sentence, and text stands under most of them: so they are no list.
    """
    chapters = {
        i: Begun(lines[i].strip(), 2)
        for i in free
        if _CHAPTER.fullmatch(lines[i]) and _is_title(lines[i].strip())
    }
    found: dict[int, Begun] = {}
    deepest: tuple[int, ...] = ()
    with_text = 0
    for place, index in enumerate(free):
        line = lines[index].strip()
        numbered = _NUMBERED.fullmatch(line)
        if numbered is None or lines[index][:2].isspace() or not _is_title(numbered[2]):
            continue
        number = tuple(int(part) for part in numbered[1].split("."))
        if not _counts_on(deepest, number):
            continue
        deepest = number
        found[index] = Begun(line, min(6, len(number) + 1 + bool(chapters)))
        following = lines[free[place + 1]] if place + 1 < len(free) else ""
        with_text += (
            bool(following) and not _LIST.match(following) and not _NUMBERED.fullmatch(following.strip())
        )
    is_cut = with_text >= LEAST - 1 and len(found) >= LEAST and with_text * 2 >= len(found)
    return chapters | found if is_cut else {}


def _is_title(words: str) -> bool:
    return bool(words) and len(words) <= LONGEST_TITLE and not words.endswith(_SENTENCE_END)


def _counts_on(last: tuple[int, ...], number: tuple[int, ...]) -> bool:
    """States that a number follows another: 1 after nothing, 1.1 after 1, 1.2 or 2 after 1.1; 3A after 3 counts as 3."""
    if not last:
        return number[-1] == 1 and set(number) == {1}
    if len(number) > len(last):
        return number[: len(last)] == last and set(number[len(last) :]) == {1}
    above = last[: len(number)]
    return number[:-1] == above[:-1] and above[-1] <= number[-1] <= above[-1] + 1
