"""Owns what a finding says when it becomes a proposal: one line of a scorecard, or a clause where a month's findings meet."""

import re

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import ngettext

from app.audits import texts
from app.audits.models import AuditPlan, Sample, ScoreLine
from app.audits.pages import month_words
from app.audits.scoring import Answer
from app.core.db import db
from app.proposals.prefill_registers import FindingWords
from app.standards.models import Standard
from app.standards.words import spoken_id
from app.web.language import pick

PATTERN_LINE = re.compile(r"F-(\d{1,9})")
PATTERN_MONTH = re.compile(r"(\d{4}-\d{2})/([A-Z]{2,8}-\d{2,4})-(C\d{2,4})")
MOST_NOTES = 3


def finding_words(key: str) -> FindingWords | None:
    """Returns what is known from `F-12` (a line not met) or `2026-09/CS-04-C07` (a month's findings on a clause).

    None when there is no such finding.
    """
    line, month = PATTERN_LINE.fullmatch(key.upper()), PATTERN_MONTH.fullmatch(key.upper())
    if line:
        rows = _lines(ScoreLine.id == int(line[1]))
    elif month:
        is_there = sa.and_(
            AuditPlan.month == month[1],
            Standard.code == month[2].lower(),
            ScoreLine.clause_id == month[3].lower(),
        )
        rows = _lines(is_there)
    else:
        return None
    if not rows:
        return None
    first, standard, when = rows[0]
    heading = pick(*texts.headings({standard.id}).get((standard.id, first.clause_id), ("", "")))
    problem = ngettext(
        "%(num)s quality check of %(month)s found %(clause)s not met.",
        "%(num)s quality checks of %(month)s found %(clause)s not met.",
        len(rows),
        month=month_words(when),
        clause=spoken_id(standard.code, first.clause_id),
    )
    notes = [row.note or row.root_cause for row, _standard, _when in rows if row.note or row.root_cause]
    said = "\n".join(_("Auditors wrote: %(words)s", words=note) for note in notes[:MOST_NOTES])
    return FindingWords(
        key=key.upper(),
        standard=standard,
        clause_id=first.clause_id,
        title=_("%(heading)s: often not met", heading=heading),
        problem=f"{problem}\n{said}".strip(),
    )


def _lines(condition: sa.ColumnElement[bool]) -> list[tuple[ScoreLine, Standard, str]]:
    rows = db.session.execute(
        sa.select(ScoreLine, Standard, AuditPlan.month)
        .join(Sample, Sample.id == ScoreLine.sample_id)
        .join(AuditPlan, AuditPlan.id == Sample.plan_id)
        .join(Standard, Standard.id == ScoreLine.standard_id)
        .where(condition, ScoreLine.answer == Answer.NOT_MET)
        .order_by(ScoreLine.id.desc())
    )
    return [(row[0], row[1], row[2]) for row in rows]
