"""Owns when things happen in the demonstration. Knows nothing of what happens."""

import datetime as dt
from collections.abc import Callable

from app.core import clock, clock_job
from app.demo.stages import at


class Timeline:
    """What happens when: acts are noted in any order and done in the order of their moments."""

    def __init__(self, now: dt.datetime) -> None:
        self.now = now
        self.acts: list[tuple[dt.datetime, int, Callable[[], object]]] = []

    def moment(self, days: int, hour: int = 10, minute: int = 0) -> dt.datetime:
        """Returns the moment so many days from today (negative: ago) at an hour of the organisation's zone."""
        return clock.at(clock.local(self.now).date() + dt.timedelta(days=days), hour, minute)

    def day(self, days: int) -> dt.date:
        """Returns the local date so many days from today."""
        return clock.local(self.now).date() + dt.timedelta(days=days)

    def on(self, days: int, act: Callable[[], object], hour: int = 10, minute: int = 0) -> None:
        """Notes an act; one that would lie after now is done just before it."""
        moment = min(self.moment(days, hour, minute), self.now - dt.timedelta(minutes=1))
        self.acts.append((moment, len(self.acts), act))

    def arrive(self, days: int, hour: int = 9) -> None:
        """Notes that dates are looked at."""
        self.acts.append((self.moment(days, hour), len(self.acts), clock_job.tick))

    def look(self, days: int, hour: int) -> None:
        """Notes that dates are looked at, before now at the latest."""
        self.on(days, clock_job.tick, hour)

    def play(self) -> None:
        """Does everything in order, each at its moment."""
        for moment, _order, act in sorted(self.acts, key=lambda a: (a[0], a[1])):
            at(moment, act)
