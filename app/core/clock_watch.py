"""Owns the doubt in the machine's clock: compares it with one that only grows. What may arrive stands in `clock_job`.

A wall clock that jumps would let texts take effect, undo windows end and deadlines pass by mistake. A hold is a file in
the data folder, so that the worker writes it and the web shows it; the demonstration's own offset is not looked at.
"""

import datetime as dt
import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

import sqlalchemy as sa
import structlog
from flask import current_app

from app.core import activity, clock, processes
from app.core.access import SYSTEM, Actor
from app.core.activity import ActivityLine
from app.core.db import db

log = structlog.get_logger("touchstone.clock")

TOLERANCE_SECONDS = 5 * 60
FILE = "clock-hold"
CONFIRMED = "clock.confirmed"


class Kind(StrEnum):
    """Why the clock is doubted."""

    JUMPED = "jumped"  # away from the steady clock, while this machine ran
    BEHIND = "behind"  # at a start: lines of the activity log are later than now


@dataclass(frozen=True)
class Hold:
    """A doubt that stands. `by_seconds` is how far the clock stands ahead, negative: behind; `base` is where it stood."""

    kind: Kind
    by_seconds: int
    noticed_at: str
    base: float
    boot: str


@dataclass
class _Memory:
    """What one process remembers: the difference of both clocks, and that a hold stood when it last looked."""

    base: float | None = None
    was_held: bool = False


def held() -> Hold | None:
    """Returns the hold that stands, None when the clock is trusted; only reads a small file."""
    try:
        values = json.loads(_file().read_text())
        return Hold(**{**values, "kind": Kind(values["kind"])})
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, KeyError):
        return Hold(
            Kind.JUMPED, 0, "", 0.0, ""
        )  # not ours and not to be trusted: somebody looks at the clock


def look() -> Hold | None:
    """Compares the clocks and returns the hold that stands; the process that lets dates arrive asks it each minute.

    While a process runs, a difference over five minutes holds, either way. At its start only a clock behind the log
    does: being later is normal after a stop. A hold ends when the clock is back or a person confirms it.
    """
    memory, hold, gap = _memory(), held(), _gap()
    if hold is not None:
        memory.was_held = True
        if not _is_back(hold, gap):
            return hold
        release()
        activity.record(SYSTEM, "clock.returned", "clock", hold.kind.value, by_seconds=hold.by_seconds)
        db.session.commit()
        log.warning("clock_returned", kind=hold.kind.value)
    if memory.base is None and not memory.was_held:
        behind = _seconds_behind_log()
        if behind > TOLERANCE_SECONDS:
            return _hold(Kind.BEHIND, -behind, gap)
    if memory.base is None or memory.was_held:
        memory.base, memory.was_held = gap, False
    jump = gap - memory.base
    return _hold(Kind.JUMPED, jump, memory.base) if abs(jump) > TOLERANCE_SECONDS else None


def confirm(actor: Actor) -> Hold | None:
    """Records that a person says the clock is right now; the caller commits and then calls `release`."""
    hold = held()
    if hold is not None:
        activity.record(actor, "clock.confirmed", "clock", hold.kind.value, by_seconds=hold.by_seconds)
    return hold


def release() -> None:
    """Ends the hold; ending none is no error."""
    _file().unlink(missing_ok=True)


def noticed(hold: Hold) -> dt.datetime | None:
    """Returns when a hold was noticed, by the clock that is doubted; None where the note is not readable."""
    return dt.datetime.fromisoformat(hold.noticed_at) if hold.noticed_at else None


def _hold(kind: Kind, by_seconds: float, base: float) -> Hold:
    hold = Hold(kind, round(by_seconds), clock.now().isoformat(), base, processes.boot())
    fresh = _file().with_suffix(".new")
    fresh.write_text(json.dumps(asdict(hold)))
    fresh.replace(_file())  # first, so that a process killed now leaves the dates held
    activity.record(SYSTEM, "clock.held", "clock", kind.value, by_seconds=hold.by_seconds)
    db.session.commit()
    _memory().was_held = True
    log.error("clock_held", kind=kind.value, by_seconds=hold.by_seconds)
    return hold


def _is_back(hold: Hold, gap: float) -> bool:
    if hold.kind is Kind.BEHIND:
        return _seconds_behind_log() <= TOLERANCE_SECONDS
    # After another start of the machine the steady clock began anew: only a person can tell.
    return hold.boot == processes.boot() != "" and abs(gap - hold.base) <= TOLERANCE_SECONDS


def _seconds_behind_log() -> float:
    """Returns how far now is behind the latest line since a person last confirmed the clock; negative is ahead."""
    confirmed = db.session.scalar(
        sa.select(sa.func.max(ActivityLine.seq)).where(ActivityLine.verb == CONFIRMED)
    )
    latest = sa.select(ActivityLine.at).order_by(ActivityLine.at.desc()).limit(1)
    newest = db.session.scalar(latest.where(ActivityLine.seq >= confirmed) if confirmed else latest)
    db.session.commit()
    return (newest - clock.now()).total_seconds() if newest else 0.0


def _gap() -> float:
    return clock.machine().timestamp() - clock.steady()


def _memory() -> _Memory:
    memory: _Memory = current_app.extensions.setdefault("clock_watch", _Memory())
    return memory


def _file() -> Path:
    folder: Path = current_app.config["SETTINGS"].data.absolute()
    return folder / FILE
