"""Owns the two Word files of an amendment: the table of before and after, and the whole text with tracked changes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from docx.shared import Cm, Pt
from docx.table import _Cell
from flask import current_app
from flask_babel import force_locale

from app.core import clock
from app.core.markup import plain
from app.standards import word_pages
from app.standards.amendment import Amendment
from app.standards.amendment_words import notes_of
from app.standards.comparison import Change, ClauseState, Difference
from app.standards.frame import FRAME_PARTS, PREAMBLE
from app.standards.measure_words import measure_sentence
from app.standards.redline import Kind, redline
from app.standards.word_pages import Whole
from app.standards.words import _, audience_words, frame_words, spoken_id
from app.web.language import LOCALES

STYLES = ("Heading 1", "Heading 2", "Normal", "List Bullet")
WIDTHS = (Cm(2.6), Cm(8.8), Cm(8.8), Cm(5.5))


def table_word(amendment: Amendment) -> bytes:
    """Returns the amendment table as a Word file, in the amendment's language."""
    with force_locale(LOCALES[amendment.language]):
        made = word_pages.page(
            amendment.language, _heading(amendment), _author(amendment), clock.now(), landscape=True
        )
        made.add_paragraph(word_pages.words(_heading(amendment)), style="Title")
        made.add_paragraph(
            word_pages.words(
                _("Amendment table: %(old)s → %(new)s", old=amendment.old_words, new=amendment.new_words)
            )
        )
        table = made.add_table(rows=1, cols=4, style="Table Grid")
        table.autofit = False
        for cell, words in zip(
            table.rows[0].cells,
            (_("Clause"), amendment.old_words, amendment.new_words, _("What changed")),
            strict=True,
        ):
            cell.paragraphs[0].add_run(words).bold = True
        word_pages.repeat_on_each_page(table.rows[0])
        for difference in (*amendment.comparison.frame, *amendment.comparison.differences):
            _row(table.add_row().cells, amendment, difference)
        for place, width in enumerate(WIDTHS):
            table.columns[place].width = width
            for cell in table.columns[place].cells:
                cell.width = width
        return word_pages.data_of(made)


def redline_word(amendment: Amendment) -> bytes:
    """Returns the whole text as a Word file in which every difference is a tracked change by the house.

    Accepting all changes leaves the newer text, rejecting all the older one: clauses, their order and chapters, what
    each measures and who must follow it. A clause that only stands elsewhere is moved; one that moved and changed is
    deleted there and inserted here.
    """
    with force_locale(LOCALES[amendment.language]):
        made = word_pages.page(amendment.language, _heading(amendment), _author(amendment), clock.now())
        made.add_paragraph(word_pages.words(_heading(amendment)), style="Title")
        made.add_paragraph(word_pages.words(f"{amendment.old_words} → {amendment.new_words}"))
        tracking = word_pages.Tracking(_author(amendment), clock.now())
        for step in _steps(amendment):
            with tracking.moving(made, step.whole, step.key):
                for style, before, after, whole in _lines(amendment, step):
                    tracking.paragraphs(made, redline(before, after), style, whole=whole)
        return word_pages.data_of(made)


def _heading(amendment: Amendment) -> str:
    return f"{amendment.standard.code.upper()} {amendment.title}"


def _author(amendment: Amendment) -> str:
    """Returns who stands beside each change: the organisation, and the revision where it is of one."""
    organisation = current_app.config["ORGANISATION_ZH" if amendment.language == "zh" else "ORGANISATION_EN"]
    return f"{organisation} {amendment.revision.number}" if amendment.revision else str(organisation)


def _row(cells: Sequence[_Cell], amendment: Amendment, difference: Difference) -> None:
    is_frame = difference in amendment.comparison.frame
    name = (
        frame_words(difference.clause_id)
        if is_frame
        else spoken_id(amendment.standard.code, difference.clause_id)
    )
    cells[0].paragraphs[0].add_run(name)
    sides: tuple[tuple[_Cell, Kind], ...] = ((cells[1], "delete"), (cells[2], "insert"))
    for cell, side in sides:
        absent = Change.NEW if side == "delete" else Change.RETIRED
        if difference.change is absent:
            cell.paragraphs[0].add_run("—")
            continue
        word_pages.one_side(cell.paragraphs[0], difference.heading, side)
        for run in cell.paragraphs[0].runs:
            run.bold = True
        under = cell.add_paragraph() if difference.heading else cell.paragraphs[0]
        word_pages.one_side(under, difference.body, side)
    for place, line in enumerate(notes_of(difference)):
        paragraph = cells[3].paragraphs[0] if place == 0 else cells[3].add_paragraph()
        paragraph.add_run(word_pages.words(line)).font.size = Pt(9)


@dataclass(frozen=True)
class _Step:
    """A chapter or clause on the paper: both sides of one that stays, or the one side of what goes, comes or moves."""

    key: str
    old: ClauseState | str
    new: ClauseState | str
    whole: Whole


def _steps(amendment: Amendment) -> Iterator[_Step]:
    before = list(_parts(amendment.old, amendment.language))
    after = list(_parts(amendment.new, amendment.language))
    keys_before, keys_after = [_key(part) for part in before], [_key(part) for part in after]
    moved = {_key(part) for part in after if part in before}
    for tag, a, b, c, d in SequenceMatcher(None, keys_before, keys_after, autojunk=False).get_opcodes():
        if tag == "equal":
            for was, becomes in zip(before[a:b], after[c:d], strict=True):
                yield _Step(_key(was), was, becomes, "equal")
            continue
        for part in before[a:b]:
            yield _Step(_key(part), part, part, "moveFrom" if _key(part) in moved else "delete")
        for part in after[c:d]:
            yield _Step(_key(part), part, part, "moveTo" if _key(part) in moved else "insert")


def _parts(states: Sequence[ClauseState], language: str) -> Iterator[ClauseState | str]:
    last = ""
    for state in states:
        if state.clause_id in FRAME_PARTS:
            if state.clause_id == PREAMBLE and any(state.bodies.values()):
                yield state
            continue  # the chapters stand over their clauses
        chapter = state.chapter(language)
        if chapter and chapter != last:
            yield chapter
        last = chapter
        yield state


def _key(part: ClauseState | str) -> str:
    return f"chapter {part}" if isinstance(part, str) else part.clause_id


def _lines(amendment: Amendment, step: _Step) -> Iterator[tuple[str, str, str, Whole]]:
    """Yields (style, before, after, what happens to the paragraphs as a whole) of each part of the text."""
    before, after = _words(amendment, step.old), _words(amendment, step.new)
    for style in STYLES:
        first, second = before.get(style, ""), after.get(style, "")
        if first and second:
            yield style, first, second, step.whole
        elif first or second:  # paragraphs that one side has not come or go with their ends
            yield style, first or second, first or second, "delete" if first else "insert"


def _words(amendment: Amendment, part: ClauseState | str) -> dict[str, str]:
    if isinstance(part, str):
        return {"Heading 1": part}
    language = part.language(amendment.language)
    if part.clause_id == PREAMBLE:
        return {"Normal": plain(part.bodies.get(language, ""))}
    more = [measure_sentence(measure) for measure in part.measures]
    more.append(_("Must follow: %(who)s", who=audience_words(part.audience)))
    body = part.bodies.get(language, "")
    return {
        "Heading 2": f"{spoken_id(amendment.standard.code, part.clause_id)}  {part.headings.get(language, '')}",
        "Normal": plain(body) if body else "",
        "List Bullet": "\n".join(more),
    }
