"""Owns the verbs of the budget: setting money aside for a year, and entering what is committed and spent."""

import datetime as dt

import sqlalchemy as sa

from app.committee.models import BudgetEntry, BudgetKind, BudgetLine, EntryKind
from app.committee.money import read_money
from app.core import activity, clock
from app.core.access import Actor, Permission
from app.core.db import db
from app.core.errors import FieldError, Invalid, NotAllowed, NotFound, Reason
from app.core.text import one_line
from app.standards import queries as standards

FIRST_YEAR, LAST_YEAR = 2000, 2100


def allocate(actor: Actor, *, year: int, kind: BudgetKind | None, amount: str) -> BudgetLine:
    """Sets aside money for one purpose of a year, instead of what was set aside before. Raises Invalid, NotAllowed."""
    if not actor.may(Permission.LEAD_COMMITTEE):
        raise NotAllowed("move.no_permission", permission=Permission.LEAD_COMMITTEE.value)
    value = read_money(amount)
    if kind is None or not FIRST_YEAR <= year <= LAST_YEAR:
        raise Invalid.of("kind", "committee.line_missing")
    if value is None or value < 0:
        raise Invalid.of("allocated", "committee.amount_wrong")
    line = _line(year, kind)
    if line is None:
        line = BudgetLine(year=year, kind=kind)
        db.session.add(line)
    before = line.allocated or 0
    line.allocated, line.changed_by_id, line.changed_at = value, actor.person_id, clock.now()
    db.session.flush()
    activity.record(actor, "budget.allocated", "budget", f"{year}/{kind.value}", before=before, amount=value)
    return line


def enter(
    actor: Actor,
    *,
    year: int,
    kind: BudgetKind | None,
    what: EntryKind | None,
    amount: str,
    words: str,
    revision: str = "",
    day: dt.date | None = None,
) -> BudgetEntry:
    """Enters what is committed or spent, most often for a revision; a mistake gets a negative entry.

    Raises Invalid for a line that was not set up, an amount of nothing, missing words, an unknown revision; NotAllowed.
    """
    if not actor.may(Permission.KEEP_BUDGET):
        raise NotAllowed("move.no_permission", permission=Permission.KEEP_BUDGET.value)
    line = _line(year, kind) if kind else None
    value, said = read_money(amount), one_line(words, 400, field="words")
    errors = [
        FieldError(field, Reason(key))
        for field, key, is_wrong in (
            ("line", "committee.line_missing", line is None),
            ("what", "committee.entry_kind_missing", what is None),
            ("amount", "committee.amount_wrong", not value),
            ("words", "committee.words_missing", not said),
        )
        if is_wrong
    ]
    if errors or line is None or what is None or value is None:
        raise Invalid(errors)
    row = BudgetEntry(
        line_id=line.id, revision_id=_revision_id(revision), kind=what, amount=value, words=said,
        day=day or clock.today(), entered_by_id=actor.person_id, at=clock.now(),
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    activity.record(
        actor, "budget.entered", "budget", f"{year}/{line.kind.value}", kind=what.value, amount=value
    )
    return row


def _revision_id(number: str) -> int | None:
    if not number.strip():
        return None
    try:
        return standards.revision(number.strip()).id
    except NotFound:
        raise Invalid.of("revision", "revision.unknown", number=number[:20]) from None


def _line(year: int, kind: BudgetKind) -> BudgetLine | None:
    return db.session.scalar(sa.select(BudgetLine).where(BudgetLine.year == year, BudgetLine.kind == kind))
