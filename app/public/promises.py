"""Owns the promise cards: a public clause with a measure, and how it was kept in each of the last twelve months."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core import clock, seasons
from app.core.db import db
from app.evidence import counting
from app.evidence.counting import Kept, PeriodKept
from app.evidence.models import TicketImport
from app.public.clauses import PublicClause
from app.standards import kept, measure_words
from app.standards.measures import Kind, Measure, number_text
from app.standards.scripts import split_body
from app.web.filters import month
from app.web.language import current_language
from app.web.shapes import Strip, bar_strip

LEAST_SHOWN = 50
"""Fewer contacts in a month say too little, and could be traced to people (experience P24)."""

MONTHS = 12
_SENTENCE_END = re.compile(r"(?<=[。！？])|(?<=[.!?])\s")
_MARKS = re.compile(r"[*_`<\[\]|#]")


@dataclass(frozen=True)
class Promise:
    """One promise. `last` is the last complete month, None when it is too few to show; `strip` has all twelve.

    `peaks` are the announced peak seasons, newest first, in which its other value counted or will; empty without one.
    """

    clause: PublicClause
    measure: Measure
    language: str
    heading: str
    sentence: str
    last: Kept | None
    target: float | None
    strip: Strip
    path_kept: str
    path_missed: str
    peaks: tuple[tuple[dt.date, dt.date], ...] = ()

    @property
    def is_met(self) -> bool | None:
        """Tells whether last month reached the target; None without a figure or a target."""
        if self.last is None or self.target is None:
            return None
        return 100 * self.last.share >= self.target


def promises_of(clauses: Sequence[PublicClause]) -> list[Promise]:
    """Returns the promises among public clauses, in their order; two queries."""
    found = [
        (clause, measure)
        for clause in clauses
        for measure in (Measure.from_data(m) for m in clause.row.measures)
        if measure.kind is Kind.PROMISE
    ]
    figures = _figures([measure for _clause, measure in found])
    return [_promise(c, m, months) for (c, m), months in zip(found, figures, strict=True)]


def shown_months() -> list[dt.date]:
    """Returns the first days of the last twelve complete months, oldest first."""
    first = clock.today().replace(day=1)
    made = []
    for _place in range(MONTHS):
        first = (first - dt.timedelta(days=1)).replace(day=1)
        made.append(first)
    return made[::-1]


def heading_of(clause: PublicClause) -> tuple[str, str]:
    """Returns a clause's heading and its language: the reader's, else the other."""
    texts = {"zh": clause.row.heading_zh, "en": clause.row.heading_en}
    asked = current_language()
    language = asked if texts[asked] else ("en" if asked == "zh" else "zh")
    return texts[language] or "", language


def _figures(measures: Sequence[Measure]) -> list[list[PeriodKept]]:
    """Counts the twelve months, once a day and import: complete months change by an import only."""
    months = shown_months()
    imported = db.session.execute(
        sa.select(sa.func.max(TicketImport.id), sa.func.max(TicketImport.finished_at))
    ).one()
    ends = clock.today().replace(day=1) - dt.timedelta(days=1)
    key = (clock.today(), tuple(imported), seasons.announced(), tuple(repr(m) for m in measures))
    return kept.once("promises", key, lambda: counting.monthly_of(measures, months[0], ends))


def _promise(clause: PublicClause, measure: Measure, months: Sequence[PeriodKept]) -> Promise:
    by_month = {m.starts_on: m.counted for m in months if m.counted.n >= LEAST_SHOWN}
    target = float(measure.share_percent) if measure.share_percent is not None else None
    shown = shown_months()
    strip = bar_strip(
        [
            (month(first), round(100 * by_month[first].share, 1) if first in by_month else None)
            for first in shown
        ],
        target,
    )
    heading, language = heading_of(clause)
    return Promise(
        clause=clause,
        measure=measure,
        language=language,
        heading=heading,
        sentence=_sentence(clause, measure, language),
        last=by_month.get(shown[-1]),
        target=target,
        strip=strip,
        path_kept=_path(strip, missed=False),
        path_missed=_path(strip, missed=True),
        peaks=() if measure.peak_value is None else _peaks(shown[0]),
    )


def _peaks(since: dt.date) -> tuple[tuple[dt.date, dt.date], ...]:
    return tuple(span for span in reversed(seasons.announced()) if span[1] >= since)


def _sentence(clause: PublicClause, measure: Measure, language: str) -> str:
    """Returns the sentence of the rule that names the target, word for word; where none does, what is measured."""
    body = clause.row.body_zh if language == "zh" else clause.row.body_en
    named = [measure.value, *([] if measure.peak_value is None else [measure.peak_value])]
    values = [re.compile(rf"(?<!\d){re.escape(number_text(value))}(?!\d)") for value in named]
    sentences = [s.strip() for s in _SENTENCE_END.split(split_body(body or "").rule) if s]
    # A sentence that names two targets would stand on two cards alike.
    is_only = sum(m["kind"] == Kind.PROMISE for m in clause.row.measures) == 1
    first = next((s for s in sentences if all(v.search(s) for v in values)), "") if is_only else ""
    if not first or "\n" in first or _MARKS.search(first):
        return str(_("%(sentence)s.", sentence=measure_words.measure_sentence(measure)))
    return first


def _path(strip: Strip, *, missed: bool) -> str:
    """Returns all bars of one kind as one path, so that a page of promises stays small."""
    bars = [b for b in strip.bars if b.value is not None and (b.kept is False) is missed]
    return "".join(f"M{b.x:g} {b.y:g}h{b.width:g}v{b.height:g}h-{b.width:g}z" for b in bars)
