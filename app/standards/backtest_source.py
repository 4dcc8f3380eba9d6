"""Owns the question "how was this target kept lately?", which a room to the right answers. Counts nothing itself."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from app.core import clock
from app.standards.measures import Measure

DAYS = 91  # thirteen whole weeks, so that each weekday weighs the same
ENOUGH = 200  # fewer contacts are too few to say


@dataclass(frozen=True)
class Counted:
    """What the answering room counted: `kept` of `n` contacts, the 95 % interval of that share as fractions.

    `needed` is the value, in the measure's unit, that the wanted share of the contacts did keep; None is unknown.
    """

    kept: int
    n: int
    low: float
    high: float
    needed: Decimal | None = None


@dataclass(frozen=True)
class BackTest:
    """A counted target with the period it was counted in, both days included."""

    measure: Measure
    counted: Counted
    starts_on: dt.date
    ends_on: dt.date

    @property
    def share(self) -> float:
        """Returns the share kept as a fraction; 0 without contacts."""
        return self.counted.kept / self.counted.n if self.counted.n else 0.0

    @property
    def is_enough(self) -> bool:
        """Tells whether there are enough contacts to say anything."""
        return self.counted.n >= ENOUGH

    @property
    def is_reached(self) -> bool:
        """Tells whether the share that the measure asks for was reached; without one every contact must keep it."""
        wanted = self.measure.share_percent
        return self.share >= float(wanted if wanted is not None else 100) / 100


Source = Callable[[Measure, dt.date, dt.date], Counted | None]
_sources: list[Source] = []


def provide(source: Source) -> None:
    """Names who answers; called once by the wiring page. A later call takes the place of an earlier one."""
    _sources[:] = [source]


def back_test(measure: Measure) -> BackTest | None:
    """Returns how the target would have been kept in the last 13 weeks up to yesterday.

    None when nobody counts it, or no contact fell under it.
    """
    ends = clock.today() - dt.timedelta(days=1)
    starts = ends - dt.timedelta(days=DAYS - 1)
    counted = _sources[0](measure, starts, ends) if _sources else None
    return BackTest(measure, counted, starts, ends) if counted and counted.n else None
