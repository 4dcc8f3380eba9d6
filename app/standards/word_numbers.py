"""Owns writing out the numbers of articles and sections that Word counts by itself and keeps nowhere in the text.

A law typed in Word often has `第%2条` only as a form of numbering. Plain lists keep their form; nothing else is touched.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from defusedxml.ElementTree import fromstring

ARTICLE = re.compile(r"第\s*%\d\s*[编章节条]|(?:Article|Section|Clause)\s*%\d", re.IGNORECASE)
_PLACE = re.compile(r"%(\d)")
_SEVERAL = re.compile(r"%\d.*%\d")
_HAN = ("chinese", "japanese", "ideograph", "taiwanese")
_DIGITS = "零一二三四五六七八九"
_LEVELS = 9
_LONGEST_HEADING = 60


@dataclass(frozen=True)
class _Level:
    text: str
    form: str
    start: int
    goes_on: bool = False
    """It counts on when a level above does, as articles do through all chapters."""


@dataclass
class _Counter:
    """Where a numbering stands: the number of each level, None where none was given yet."""

    levels: Mapping[int, _Level]
    at: dict[int, int] = field(default_factory=dict)

    def next(self, level: int) -> str:
        """Counts one further on a level, begins the deeper ones anew, and returns the number as it is written."""
        own = self.levels[level]
        self.at[level] = self.at.get(level, own.start - 1) + 1
        for deeper in [one for one in self.at if one > level]:
            if not self.levels[deeper].goes_on:
                del self.at[deeper]
        return _PLACE.sub(lambda found: self._written(int(found[1]) - 1), own.text)

    def _written(self, level: int) -> str:
        kind = self.levels.get(level) or _Level("", "decimal", 1)
        number = self.at.get(level, kind.start)
        return _han(number) if kind.form.startswith(_HAN) and number < 10_000 else str(number)


def with_numbers(document: bytes, numbering: bytes, styles: bytes) -> bytes:
    """Returns the main part of a Word file with the numbers of its articles, or of its sections 1.1, as text.

    Sections are written out only where no paragraph is a heading; all three parts were inspected before. The same
    bytes where there is nothing to write out.
    """
    if not ARTICLE.search(_told(numbering)) and not _SEVERAL.search(_told(numbering)):
        return document
    counters = _counters(fromstring(numbering))
    body = fromstring(document)
    by_style, headings = _styles(fromstring(styles)) if styles else ({}, frozenset())
    paragraphs = [p for p in body.iter() if name_of(p) == "p"]
    has_headings = any(_style(p) in headings and not _number(p, by_style) for p in paragraphs)
    changed = False
    for paragraph in paragraphs:
        found = _number(paragraph, by_style)
        counter = counters.get(found[0]) if found else None
        if found is None or counter is None or found[1] not in counter.levels:
            continue
        number = counter.next(found[1])
        text = counter.levels[found[1]].text
        is_section = any(_SEVERAL.search(level.text) for level in counter.levels.values())
        if ARTICLE.search(text) or (is_section and not has_headings and _style(paragraph) not in headings):
            _write(paragraph, number, is_heading=_style(paragraph) in headings)
            changed = True
    return ET.tostring(body, encoding="utf-8", xml_declaration=True) if changed else document


def _told(numbering: bytes) -> str:
    return " ".join(re.findall(r"lvlText[^>]*?val=\"([^\"]{0,60})\"", numbering.decode("utf-8", "replace")))


def _counters(numbering: ET.Element) -> dict[str, _Counter]:
    """Returns a counter for each numbering; those of one abstract numbering count together."""
    abstract = {
        value_of(one, "abstractNumId"): _Counter(dict(_levels(one)))
        for one in numbering
        if name_of(one) == "abstractNum"
    }
    made: dict[str, _Counter] = {}
    for one in numbering:
        named = child(one, "abstractNumId") if name_of(one) == "num" else None
        shared = abstract.get(value_of(named, "val")) if named is not None else None
        if shared is not None:
            is_own = child(one, "lvlOverride") is not None
            made[value_of(one, "numId")] = _Counter(shared.levels) if is_own else shared
    return made


def _levels(abstract: ET.Element) -> Iterator[tuple[int, _Level]]:
    for level in abstract:
        if name_of(level) == "lvl":
            start = value_of(child(level, "start"), "val")
            form = value_of(child(level, "numFmt"), "val") or "decimal"
            text = value_of(child(level, "lvlText"), "val")
            goes_on = value_of(child(level, "lvlRestart"), "val") == "0"
            yield (
                min(_whole(value_of(level, "ilvl")), _LEVELS),
                _Level(text, form, _whole(start) if start else 1, goes_on),
            )


def _styles(styles: ET.Element) -> tuple[dict[str, tuple[str, int]], frozenset[str]]:
    """Returns {style id: (numbering, level)} and the ids of the styles of headings."""
    numbered: dict[str, tuple[str, int]] = {}
    headings: set[str] = set()
    for style in styles:
        if name_of(style) != "style":
            continue
        identifier = value_of(style, "styleId")
        if re.fullmatch(r"(?i)(?:heading|标题) ?\d", value_of(child(style, "name"), "val")):
            headings.add(identifier)
        about = child(child(style, "pPr"), "numPr")
        if about is not None and (found := _number_of(about)):
            numbered[identifier] = found
    return numbered, frozenset(headings)


def _number(paragraph: ET.Element, by_style: Mapping[str, tuple[str, int]]) -> tuple[str, int] | None:
    about = child(child(paragraph, "pPr"), "numPr")
    return _number_of(about) if about is not None else by_style.get(_style(paragraph))


def _number_of(about: ET.Element) -> tuple[str, int] | None:
    identifier = value_of(child(about, "numId"), "val")
    return (
        (identifier, _whole(value_of(child(about, "ilvl"), "val"))) if identifier not in ("", "0") else None
    )


def _style(paragraph: ET.Element) -> str:
    return value_of(child(child(paragraph, "pPr"), "pStyle"), "val")


def _write(paragraph: ET.Element, number: str, *, is_heading: bool) -> None:
    """Puts the number before the words, as a paragraph that Word does not count; a whole sentence is no heading."""
    space = paragraph.tag[: -len("p")]
    about = child(paragraph, "pPr")
    if about is None:
        about = ET.Element(f"{space}pPr")
        paragraph.insert(0, about)
    text = "".join(part.text or "" for part in paragraph.iter() if name_of(part) == "t")
    for part in list(about):
        is_sentence = len(text) > _LONGEST_HEADING or text.rstrip().endswith(tuple("。；.;"))
        if name_of(part) == "numPr" or (name_of(part) == "pStyle" and is_heading and is_sentence):
            about.remove(part)
    none = ET.SubElement(about, f"{space}numPr")
    for name in ("ilvl", "numId"):
        ET.SubElement(none, f"{space}{name}", {f"{space}val": "0"})
    run = ET.Element(f"{space}r")
    ET.SubElement(run, f"{space}t").text = f"{number}\u3000" if number.startswith("第") else f"{number} "
    run[0].set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    paragraph.insert(1, run)


def name_of(element: ET.Element) -> str:
    """Returns an element's name without its namespace: strict files have another one."""
    return str(element.tag).rpartition("}")[2]


def child(element: ET.Element | None, name: str) -> ET.Element | None:
    """Returns the first child of a name, None where there is none."""
    return next((one for one in element if name_of(one) == name), None) if element is not None else None


def value_of(element: ET.Element | None, name: str) -> str:
    """Returns an attribute whatever its namespace, empty where it is not there: strict files have another one."""
    if element is None:
        return ""
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")


def _whole(written: str) -> int:
    return int(written) if written.isascii() and written.isdigit() and len(written) < 6 else 0


def _han(number: int) -> str:
    """Writes a number below ten thousand as laws do: 十二, 一百零三."""
    made, is_gap = "", False
    for unit, value in (("千", 1000), ("百", 100), ("十", 10), ("", 1)):
        digit, number = divmod(number, value)
        if digit:
            made += (
                ("零" if is_gap and made else "")
                + ("" if unit == "十" and digit == 1 and not made else _DIGITS[digit])
                + unit
            )
        is_gap = not digit
    return made or "零"
