"""Owns the changes of shifts, own days and peak seasons since the settings: rows with the day from which they hold.

The rows are the history. What follows from them stands as one small file in the data folder, so that every
process of the house takes up a change by looking at a file's stamp, and no page asks the database for the
calendar (ADR 24).
"""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Mapped, mapped_column

from app.core import activity, calendar, clock, events, seasons
from app.core.access import Actor, Permission
from app.core.db import Base, EnumText, Instant, db
from app.core.errors import Invalid, NotAllowed
from app.core.text import one_line

FILE = "working-time"
MOST_BACK = dt.timedelta(days=366)
MOST_AHEAD = dt.timedelta(days=2 * 366)
LIMIT_WHY_BYTES = 600
LIMIT_BYTES = 20_000


class Kind(StrEnum):
    """What of the working time a change is about."""

    SHIFTS = "shifts"  # when people work, by weekday
    DAYS = "days"  # single days worked or off, against the public calendar
    PEAKS = "peaks"  # the peak seasons the organisation announced


class WorkingTimeChange(Base):
    """One change. `value` is the whole of its kind from then on, written as the setting is (`docs/settings.md`).

    `holds_from` is the first local day that differs. `subject` says who, as in the activity log.
    """

    __tablename__ = "working_time_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[Kind] = mapped_column(EnumText(Kind))
    value: Mapped[str] = mapped_column(sa.Text)
    holds_from: Mapped[dt.date]
    why: Mapped[str] = mapped_column(sa.Text)
    subject: Mapped[str] = mapped_column(sa.Text)
    at: Mapped[dt.datetime] = mapped_column(Instant)


@dataclass(frozen=True)
class Written:
    """The working time of the house as text: the settings' with the changes over them.

    `later` are shifts with the day from which each holds, in that order.
    """

    shifts: str = ""
    days: str = ""
    peaks: str = ""
    later: tuple[tuple[dt.date, str], ...] = ()

    def value(self, kind: Kind) -> str:
        """Returns what holds last of a kind."""
        if kind is Kind.SHIFTS:
            return self.later[-1][1] if self.later else self.shifts
        return self.days if kind is Kind.DAYS else self.peaks

    def changed(self, kind: Kind, value: str, holds_from: dt.date) -> "Written":
        """Returns the working time after one more change; of two that hold from one day the one made later counts."""
        if kind is Kind.DAYS:
            return replace(self, days=value)
        if kind is Kind.PEAKS:
            return replace(self, peaks=value)
        return replace(self, later=tuple(sorted({**dict(self.later), holds_from: value}.items())))


def written(changes: Sequence[WorkingTimeChange]) -> Written:
    """Returns the settings with some changes over them, in the order in which they were made."""
    settings = current_app.config["SETTINGS"]
    made = Written(settings.shifts, settings.days, settings.peaks)
    for one in changes:
        made = made.changed(one.kind, one.value, one.holds_from)
    return made


def changes() -> list[WorkingTimeChange]:
    """Returns all changes, oldest first."""
    return list(db.session.scalars(sa.select(WorkingTimeChange).order_by(WorkingTimeChange.id)))


def change(actor: Actor, kind: Kind, value: str, holds_from: dt.date, why: str) -> WorkingTimeChange:
    """Records a change and tells the rooms; `publish` lets it count once the transaction is committed.

    Raises Invalid for a text that cannot be read, one that changes nothing, a day too far away, and peak seasons that
    would begin or end differently on a day that has come: a relaxed promise is announced beforehand (ADR 23). Raises
    NotAllowed without the right to manage the system.
    """
    if not actor.may(Permission.MANAGE_SYSTEM):
        raise NotAllowed("move.no_permission", permission=Permission.MANAGE_SYSTEM.value)
    before = written(changes())
    check(before, kind, value, holds_from)
    reason = one_line(why, LIMIT_WHY_BYTES, field="why")
    if not reason:
        raise Invalid.of("why", "working_time.why_missing")
    row = WorkingTimeChange(
        kind=kind, value=value, holds_from=holds_from, why=reason, subject=actor.subject, at=clock.now()
    )
    db.session.add(row)
    db.session.flush()
    activity.record(actor, "working_time.changed", "working_time", kind.value, on=holds_from, reason=reason)
    events.announce(events.WorkingTimeChanged(row.id, kind.value, holds_from))
    return row


def check(before: Written, kind: Kind, value: str, holds_from: dt.date) -> None:
    """Refuses what `change` refuses, by what stood before. Raises Invalid, with the field it is about."""
    if len(value.encode()) > LIMIT_BYTES:
        raise Invalid.of("value", "working_time.too_long")
    try:
        same = _READ[kind](value) == _READ[kind](before.value(kind))
    except ValueError as error:
        raise Invalid.of("value", "working_time.unreadable", words=str(error)) from None
    today = clock.today()
    if kind is Kind.SHIFTS:
        in_force = calendar.read_dated(before.shifts, before.later)
        same = calendar.read_shifts(value) == calendar.shifts_on(holds_from, in_force)
    if same:
        raise Invalid.of("value", "working_time.same")
    if not today - MOST_BACK <= holds_from <= today + MOST_AHEAD:
        raise Invalid.of("holds_from", "working_time.too_far")
    if kind is Kind.PEAKS:
        was, becomes = (seasons.days_of(seasons.read_peaks(text)) for text in (before.peaks, value))
        if any(day <= today for day in was ^ becomes):
            raise Invalid.of("holds_from", "working_time.peak_has_come")


_READ = {Kind.SHIFTS: calendar.read_shifts, Kind.DAYS: calendar.read_days, Kind.PEAKS: seasons.read_peaks}


def calendars(before: int | None = None) -> list[tuple[calendar.Dated, calendar.Overrides]]:
    """Returns the shifts and own days that held after each change, newest first, then those of the settings.

    `before` leaves out the changes from that id on. Peak seasons do not matter here.
    """
    rows = [row for row in changes() if row.kind is not Kind.PEAKS and (before is None or row.id < before)]
    made = []
    for count in range(len(rows), -1, -1):
        text = written(rows[:count])
        made.append((calendar.read_dated(text.shifts, text.later), calendar.read_days(text.days)))
    return made


def publish() -> None:
    """Writes what the committed changes say into the data folder and takes it up; writing the same again is harmless.

    Called after the commit, and by the clock each minute in case a process was killed between the two.
    """
    rows = changes()
    path = _file()
    if not rows and not path.exists():
        return
    text = written(rows)
    data = {
        "shifts": [[day.isoformat(), words] for day, words in text.later],
        "days": text.days,
        "peaks": text.peaks,
    }
    words = json.dumps(data)
    if not path.exists() or path.read_text() != words:
        fresh = path.with_suffix(".new")
        fresh.write_text(words)
        fresh.replace(path)
    look()


def look() -> None:
    """Takes up what changed since this process last looked: one look at a file's stamp, and no question to the database.

    Called when a request begins and before work in the background.
    """
    path = _file()
    try:
        status = path.stat()
    except FileNotFoundError:
        return
    seen = (str(path), status.st_mtime_ns, status.st_ino)
    if current_app.extensions.get("working_time") == seen:
        return
    data = json.loads(path.read_text())
    later = [(dt.date.fromisoformat(day), words) for day, words in data["shifts"]]
    calendar.use_shifts(current_app.config["SETTINGS"].shifts, later)
    calendar.use_days(data["days"])
    seasons.use_peaks(data["peaks"])
    current_app.extensions["working_time"] = seen


def _file() -> Path:
    folder: Path = current_app.config["SETTINGS"].data.absolute()
    return folder / FILE
