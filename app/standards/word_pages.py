"""Owns making Word files: pages, styles, runs, and changes that Word itself can accept or reject. Knows no standard.

A tracked change is one element around its words, and a mark at the end of a paragraph that came or went; accepting all
of them leaves the new text, rejecting all of them the old one (Office Open XML, part 1, chapter 17.13.5).
"""

import datetime as dt
import io
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from docx import Document as new_document
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.table import _Row
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from app.standards.redline import Kind, Segment

FONTS = {"zh": ("宋体", "黑体"), "en": ("Times New Roman", "Arial")}
"""Body and heading; both are on every machine with Word, and other programs put their own in their place."""

INSERTED, DELETED = RGBColor(0x0A, 0x3D, 0x66), RGBColor(0x7A, 0x2E, 0x00)
Whole = Literal["equal", "insert", "delete", "moveFrom", "moveTo"]
"""What happens to words or to a paragraph as a whole."""

ELEMENTS: dict[str, str] = {
    "insert": "w:ins",
    "delete": "w:del",
    "moveFrom": "w:moveFrom",
    "moveTo": "w:moveTo",
}
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def page(language: str, title: str, author: str, at: dt.datetime, *, landscape: bool = False) -> Document:
    """Returns an empty A4 document with the house's styles; `at` is a moment with its zone."""
    made = new_document()
    body, heading = FONTS[language]
    _font(made.styles["Normal"], body, 10.5)
    for name, size in (("Title", 18), ("Heading 1", 14), ("Heading 2", 11.5)):
        _font(made.styles[name], heading, size)
        made.styles[name].font.color.rgb = RGBColor(0x1A, 0x22, 0x2C)
    section = made.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    if landscape:
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = section.page_height, section.page_width
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2)
    _number_pages(section.footer.paragraphs[0])
    core = made.core_properties
    core.title, core.author, core.language = (
        words(title),
        words(author),
        "zh-CN" if language == "zh" else "en",
    )
    core.created = core.modified = at.astimezone(dt.UTC).replace(tzinfo=None)
    return made


def data_of(document: Document) -> bytes:
    """Returns the file."""
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def words(text: str) -> str:
    """Returns a text without the characters that no XML file may hold."""
    return _NOT_XML.sub("", text)


def one_side(paragraph: Paragraph, segments: Iterable[Segment], side: Kind) -> None:
    """Writes one column of a table: what both texts share, and this side's own words marked by colour and line."""
    for segment in segments:
        if segment.kind not in ("equal", side):
            continue
        run = paragraph.add_run(words(segment.text))
        if segment.kind == "insert":
            run.font.underline, run.font.color.rgb = True, INSERTED
        elif segment.kind == "delete":
            run.font.strike, run.font.color.rgb = True, DELETED


@dataclass
class Tracking:
    """Who changed it and when, as each change carries it; counts the changes, whose numbers may stand only once."""

    author: str
    at: dt.datetime
    count: int = field(default=0)

    @contextmanager
    def moving(self, document: Document, whole: Whole, name: str) -> Iterator[None]:
        """Marks where a moved part begins and ends, so that both places of one name are one move; else nothing."""
        if whole not in ("moveFrom", "moveTo"):
            yield
            return
        last = document.element.body.sectPr
        start = self._change(f"w:{whole}RangeStart")
        start.set(qn("w:name"), words(name))
        last.addprevious(start)
        yield
        end = OxmlElement(f"w:{whole}RangeEnd")
        end.set(qn("w:id"), start.get(qn("w:id")))
        last.addprevious(end)

    def paragraphs(
        self, document: Document, segments: Iterable[Segment], style: str, *, whole: Whole = "equal"
    ) -> None:
        """Adds a text as paragraphs; what is equal in it has the kind of the whole, and so has the end of the last one."""
        paragraph = document.add_paragraph(style=style)
        for segment in segments:
            kind: Whole = whole if segment.kind == "equal" else segment.kind
            for place, line in enumerate(segment.text.split("\n")):
                if place:
                    self._end(paragraph, kind)
                    paragraph = document.add_paragraph(style=style)
                if line:
                    self._run(paragraph, line, kind)
        self._end(paragraph, whole)

    def _run(self, paragraph: Paragraph, text: str, kind: Whole) -> None:
        run = paragraph.add_run(words(text))
        if kind == "equal":
            return
        if kind in ("delete", "moveFrom"):
            _as_deleted(run)
        around = self._change(ELEMENTS[kind])
        run._r.addprevious(around)
        around.append(run._r)

    def _end(self, paragraph: Paragraph, kind: Whole) -> None:
        if kind == "equal":
            return
        mark = OxmlElement("w:rPr")
        mark.append(self._change(ELEMENTS[kind]))
        paragraph._p.get_or_add_pPr().append(mark)

    def _change(self, name: str) -> Any:
        self.count += 1
        element = OxmlElement(name)
        element.set(qn("w:id"), str(self.count))
        element.set(qn("w:author"), words(self.author))
        element.set(qn("w:date"), self.at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
        return element


def repeat_on_each_page(row: _Row) -> None:
    """Makes a row the head of its table on every page."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _as_deleted(run: Run) -> None:
    """Deleted words stand in an element of their own: a program that knows no changes must not show them as text."""
    for text in run._r.findall(qn("w:t")):
        text.tag = qn("w:delText")
        text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def _font(style: Any, name: str, size: float) -> None:
    style.font.name, style.font.size = name, Pt(size)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for place in ("w:ascii", "w:hAnsi", "w:eastAsia"):
        fonts.set(qn(place), name)
    for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(theme), None)


def _number_pages(paragraph: Paragraph) -> None:
    for instruction in ("PAGE", "NUMPAGES"):
        if instruction == "NUMPAGES":
            paragraph.add_run(" / ")
        element = OxmlElement("w:fldSimple")
        element.set(qn("w:instr"), instruction)
        paragraph._p.append(element)
