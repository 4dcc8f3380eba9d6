"""Owns the questions about the committee: its members, meetings, items with voices, briefs' money, budget lines."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from app.committee.consent import Consent, Voices, has_quorum, quorum_needed, standing
from app.committee.models import (
    AgendaItem,
    Attendance,
    BudgetEntry,
    BudgetKind,
    BudgetLine,
    EntryKind,
    ItemKind,
    Meeting,
    MeetingMove,
    MeetingState,
    Voice,
)
from app.committee.money import Totals, totals
from app.core import clock
from app.core.access import Role
from app.core.db import db
from app.core.errors import NotFound
from app.core.once import asked_once
from app.people import queries as people_queries
from app.people.models import Person
from app.standards.models import Revision

ORDER = (
    ItemKind.RANK, ItemKind.PILOT, ItemKind.SURGE, ItemKind.REVIEW, ItemKind.PUBLISH, ItemKind.BUDGET, ItemKind.STUCK,
)  # fmt: skip


@dataclass(frozen=True)
class Item:
    """An agenda item with what members said, newest last."""

    row: AgendaItem
    voices: tuple[Voice, ...]

    @property
    def count(self) -> Voices:
        """Returns how many agree and object."""
        agree = sum(voice.agrees for voice in self.voices)
        return Voices(agree, len(self.voices) - agree)

    @property
    def consent(self) -> Consent:
        """Returns where agreeing before the meeting stands."""
        until = self.row.consent_until
        return standing(until is not None, until is not None and until <= clock.now(), self.count)


@dataclass(frozen=True)
class Quorum:
    """Who is there of how many, and how many must be."""

    present: tuple[int, ...]
    members: int

    @property
    def needed(self) -> int:
        """Returns how many must be there."""
        return quorum_needed(self.members)

    @property
    def is_reached(self) -> bool:
        """Tells whether the meeting may decide."""
        return has_quorum(len(self.present), self.members)


@dataclass(frozen=True)
class Line:
    """A budget line with its sums and entries, newest first; entries come with their revision."""

    line: BudgetLine
    totals: Totals
    entries: tuple[tuple[BudgetEntry, Revision | None], ...]


@asked_once
def members() -> list[Person]:
    """Returns who sits on the committee today, the chair too, by id."""
    is_member = sa.or_(
        people_queries.holds(Role.COMMITTEE_MEMBER), people_queries.holds(Role.COMMITTEE_CHAIR)
    )
    found = list(db.session.scalars(sa.select(Person).where(is_member).order_by(Person.id)))
    people_queries.know(*found)
    return found


def meetings(limit: int = 40) -> list[Meeting]:
    """Returns the meetings, newest first."""
    return list(db.session.scalars(sa.select(Meeting).order_by(Meeting.day.desc()).limit(limit)))


def item_counts() -> dict[int, tuple[int, int]]:
    """Returns `{meeting id: (items, of them decided)}` without those settled elsewhere; meetings without items are absent."""
    rows = db.session.execute(
        sa.select(AgendaItem.meeting_id, sa.func.count(AgendaItem.id), sa.func.count(AgendaItem.verdict))
        .where(sa.not_(AgendaItem.gone))
        .group_by(AgendaItem.meeting_id)
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def meeting(day: str) -> Meeting:
    """Returns the meeting of a day such as `2026-11-28` with its moves. Raises NotFound."""
    try:
        wanted = sa.select(Meeting).where(Meeting.day == dt.date.fromisoformat(day))
        found = db.session.scalars(wanted.options(orm.joinedload(Meeting.moves))).unique().one_or_none()
    except ValueError:
        found = None
    if found is None:
        raise NotFound("committee.no_meeting", day=day[:20])
    return found


def moved_to(day: str) -> dt.date | None:
    """Returns the day on which the meeting now is that once was on this day; None when none was."""
    try:
        before = dt.date.fromisoformat(day)
    except ValueError:
        return None
    return db.session.scalar(
        sa.select(Meeting.day)
        .join(MeetingMove, MeetingMove.meeting_id == Meeting.id)
        .where(MeetingMove.day_before == before)
        .order_by(MeetingMove.id.desc())
        .limit(1)
    )


def next_meeting() -> Meeting | None:
    """Returns the next planned meeting, today's too; None when none is called."""
    return db.session.scalar(
        sa.select(Meeting)
        .where(Meeting.state == MeetingState.PLANNED, Meeting.day >= clock.today())
        .order_by(Meeting.day)
        .limit(1)
    )


def items(meeting_id: int) -> list[Item]:
    """Returns the items of a meeting in the order of the agenda, without those settled elsewhere."""
    rows = list(
        db.session.scalars(
            sa.select(AgendaItem).where(AgendaItem.meeting_id == meeting_id, sa.not_(AgendaItem.gone))
        )
    )
    rows.sort(key=lambda row: (ORDER.index(row.kind), row.id))
    return with_voices(rows)


def with_voices(rows: Iterable[AgendaItem]) -> list[Item]:
    """Returns items with what members said to each."""
    listed = list(rows)
    said: dict[int, list[Voice]] = {}
    for voice in db.session.scalars(
        sa.select(Voice).where(Voice.item_id.in_([row.id for row in listed])).order_by(Voice.at, Voice.id)
    ):
        said.setdefault(voice.item_id, []).append(voice)
    return [Item(row, tuple(said.get(row.id, ()))) for row in listed]


def item(item_id: int) -> AgendaItem:
    """Returns one agenda item. Raises NotFound."""
    found = db.session.get(AgendaItem, item_id)
    if found is None:
        raise NotFound("committee.no_item")
    return found


def quorum_of(row: Meeting) -> Quorum:
    """Returns who is there; of a closed meeting with the members of its day."""
    present = db.session.scalars(
        sa.select(Attendance.person_id)
        .where(Attendance.meeting_id == row.id)
        .order_by(Attendance.at, Attendance.person_id)
    )
    return Quorum(tuple(present), len(members()) if row.closed_at is None else row.members)


def revisions_by_number(numbers: Iterable[str]) -> dict[str, Revision]:
    """Returns `{number: revision}` with their standards."""
    rows = db.session.scalars(
        sa.select(Revision)
        .where(Revision.number.in_(list(numbers)))
        .options(orm.joinedload(Revision.standard))
    )
    return {row.number: row for row in rows}


def money_of(revision_ids: Iterable[int]) -> dict[int, Totals]:
    """Returns `{revision id: what it committed and spent}`; those without an entry are absent."""
    rows = db.session.execute(
        sa.select(BudgetEntry.revision_id, BudgetEntry.kind, BudgetEntry.amount).where(
            BudgetEntry.revision_id.in_(list(revision_ids))
        )
    )
    entries: dict[int, list[tuple[int | None, bool, int]]] = {}
    for row in rows:
        revision_id: int = row[0] or 0
        entries.setdefault(revision_id, []).append((revision_id, row[1] is EntryKind.SPENT, row[2]))
    return {revision_id: totals(0, some) for revision_id, some in entries.items()}


def budget(year: int) -> list[Line]:
    """Returns the lines of a year in the order research, training, technology; empty before any was set."""
    lines = list(db.session.scalars(sa.select(BudgetLine).where(BudgetLine.year == year)))
    rows = db.session.execute(
        sa.select(BudgetEntry, Revision)
        .outerjoin(Revision, Revision.id == BudgetEntry.revision_id)
        .where(BudgetEntry.line_id.in_([line.id for line in lines]))
        .order_by(BudgetEntry.day.desc(), BudgetEntry.id.desc())
    ).all()
    order = list(BudgetKind)
    made = []
    for line in sorted(lines, key=lambda one: order.index(one.kind)):
        mine = tuple((row[0], row[1]) for row in rows if row[0].line_id == line.id)
        sums = totals(
            line.allocated, [(e.revision_id, e.kind is EntryKind.SPENT, e.amount) for e, _revision in mine]
        )
        made.append(Line(line, sums, mine))
    return made
