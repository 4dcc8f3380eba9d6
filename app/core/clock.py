"""Owns the time. Nothing else in the house asks the machine what time it is."""

import contextvars
import datetime as dt
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

OFFSET_FILE = "clock-offset"
DEMO_MARK = "demo-instance"

_frozen: contextvars.ContextVar[dt.datetime | None] = contextvars.ContextVar("frozen_at", default=None)


class _Clock:
    """Reads the machine's clock plus the offset file of a demo or test instance."""

    def __init__(self) -> None:
        self.folder: Path | None = None
        self.zone = ZoneInfo("Asia/Shanghai")
        self._stamp: int | None = None
        self._offset = dt.timedelta()

    def offset(self) -> dt.timedelta:
        if self.folder is None:
            return dt.timedelta()
        try:
            stamp = (self.folder / OFFSET_FILE).stat().st_mtime_ns
        except OSError:
            self._stamp, self._offset = None, dt.timedelta()
            return self._offset
        if stamp != self._stamp:
            self._stamp, self._offset = stamp, self._read()
        return self._offset

    def _read(self) -> dt.timedelta:
        # A copied offset file must not move a real instance's clock: only a marked folder honours it.
        if self.folder is None or not (self.folder / DEMO_MARK).exists():
            return dt.timedelta()
        try:
            return dt.timedelta(seconds=int((self.folder / OFFSET_FILE).read_text().strip()))
        except (OSError, ValueError):
            return dt.timedelta()


_clock = _Clock()


def configure(folder: Path, zone: str) -> None:
    """Sets the data folder whose offset file counts, and the organisation's zone."""
    _clock.folder, _clock.zone, _clock._stamp = folder, ZoneInfo(zone), None


def now() -> dt.datetime:
    """Returns the current moment, aware, in UTC."""
    frozen = _frozen.get()
    return frozen if frozen is not None else dt.datetime.now(dt.UTC) + _clock.offset()


def today() -> dt.date:
    """Returns the current date in the organisation's zone."""
    return local(now()).date()


def local(moment: dt.datetime) -> dt.datetime:
    """Returns the same moment in the organisation's zone."""
    return moment.astimezone(_clock.zone)


def zone() -> ZoneInfo:
    """Returns the organisation's zone."""
    return _clock.zone


def start_of(day: dt.date) -> dt.datetime:
    """Returns the instant (UTC) at which the local day begins in the organisation's zone."""
    return dt.datetime.combine(day, dt.time(), _clock.zone).astimezone(dt.UTC)


def at(day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    """Returns the instant (UTC) of an hour of a local day in the organisation's zone."""
    return dt.datetime.combine(day, dt.time(hour, minute), _clock.zone).astimezone(dt.UTC)


def machine() -> dt.datetime:
    """Returns what the machine's own clock says, without a demonstration's offset; only `clock_watch` asks."""
    frozen = _frozen.get()
    return frozen if frozen is not None else dt.datetime.now(dt.UTC)


def steady() -> float:
    """Returns seconds since the machine was started, sleep included; nobody can set them."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


def monotonic() -> float:
    """Returns seconds that only ever grow; good for durations, not for dates."""
    return time.monotonic()


def offset() -> dt.timedelta:
    """Returns how far this instance's clock is ahead of the machine's; zero outside demo and tests."""
    return _clock.offset()


def is_demo(folder: Path) -> bool:
    """Tells whether the data folder was made by the demo command or by a test."""
    return (folder / DEMO_MARK).exists()


def mark_demo(folder: Path) -> None:
    """Marks the data folder as one whose clock may be moved."""
    (folder / DEMO_MARK).touch()


def advance(folder: Path, by: dt.timedelta) -> dt.timedelta:
    """Moves the clock of a marked folder for web and worker alike; returns the new offset.

    Raises PermissionError where the folder was not made by the demo command or by a test.
    """
    if not is_demo(folder):
        raise PermissionError("the clock of a real instance is not moved")
    total = _clock.offset() + by
    path = folder / OFFSET_FILE
    fresh = path.with_suffix(".new")
    fresh.write_text(str(round(total.total_seconds())))
    fresh.replace(path)
    _clock._stamp = None
    return total


@contextmanager
def frozen(moment: dt.datetime) -> Iterator[None]:
    """Lets the code inside live at one moment; only the demo builder and tests use it."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a zone")
    token = _frozen.set(moment.astimezone(dt.UTC))
    try:
        yield
    finally:
        _frozen.reset(token)
