"""Owns the rule that notices a surge of feedback on a clause, and its false-alarm rate. Pure: reads and opens nothing.

A day's feedback x on a clause is expected to be mu = rate of the clause before (13 weeks up to a week ago) x contacts
of the day. Contacts carry weekday, growth and most of a peak season; inside a known season the clause is given half
as much again. Against mu stands K mu. The sum of log likelihood ratios of the negative binomial (days scatter more
than Poisson; the scatter is estimated from the same 13 weeks) never falls below 0: Page's CUSUM (1954). It alarms at H.
By Lorden (1971) the mean time to a false alarm of a clause is at least e^H days when mu is known: ten years.
`python -m bench.surges` simulates it with mu estimated as here. An alarm begins a wave, which lasts until the sum is
back at 0; one wave alarms once.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, log

from app.core.seasons import season_of

K = 2.0
"""The rise that is looked for: twice the expected feedback."""

MOST_K, LEAST_RISE = 8.0, 0.5
"""Twice next to nothing is nothing: of a rare clause a rise to half a piece a day is looked for, at most 8 times."""

H = log(3_650)
"""The alarm: one false alarm of a clause in ten years."""

LONGEST_SUM = 2 * H
"""A wave cannot pile up so much that its end is never seen."""

QUIET_DAYS = 14
"""So many days without any feedback end a wave: of a rare clause the sum alone would take months to come down."""

LEAST_FEEDBACK = 5
"""Fewer pieces in the days that built the sum up are no concentration, whatever the ratio."""

BASE_DAYS, LAG_DAYS, LEAST_BASE_DAYS = 91, 7, 28
PEAK_ALLOWANCE = 1.5
LEAST_SCATTER, MOST_SCATTER = 0.05, 1.0

Counts = Mapping[dt.date, int]


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a clause: what came, what was expected, and the sum after it (alarm at H)."""

    day: dt.date
    count: int
    expected: float
    total: float


@dataclass(frozen=True, slots=True)
class Wave:
    """A surge: when the sum began to rise, when it alarmed, and when it was back at 0 (None while it goes on).

    `count` and `expected` are from the beginning to the alarm.
    """

    began_on: dt.date
    alarmed_on: dt.date
    ended_on: dt.date | None
    count: int
    expected: float


@dataclass(frozen=True, slots=True)
class Watch:
    """What the rule saw of one clause: its days and its waves, oldest first."""

    days: tuple[Day, ...]
    waves: tuple[Wave, ...]

    @property
    def current(self) -> Wave | None:
        """Returns the wave that goes on, None when there is none."""
        return self.waves[-1] if self.waves and self.waves[-1].ended_on is None else None


def watch(feedback: Counts, contacts: Counts, starts: dt.date, ends: dt.date) -> Watch:
    """Follows a clause from the first to the last day, both included; days before `starts` are the base.

    A day without feedback need not stand in `feedback`. With less than four weeks of contacts before it a day is not
    judged: nobody knows what is usual.
    """
    days: list[Day] = []
    waves: list[Wave] = []
    total, began, count, expected = 0.0, starts, 0, 0.0
    for place in range((ends - starts).days + 1):
        day = starts + dt.timedelta(days=place)
        base = _base(feedback, contacts, day)
        seen = feedback.get(day, 0)
        if base is None:
            continue
        rate, scatter = base
        mu = rate * contacts.get(day, 0) * (PEAK_ALLOWANCE if season_of(day) else 1.0)
        if total == 0.0:
            began, count, expected = day, 0, 0.0
        total = min(LONGEST_SUM, max(0.0, total + _ratio(seen, mu, scatter)))
        if not any(feedback.get(day - dt.timedelta(days=back), 0) for back in range(QUIET_DAYS)):
            total = 0.0
        count, expected = count + seen, expected + mu
        days.append(Day(day, seen, mu, total))
        in_wave = bool(waves) and waves[-1].ended_on is None
        if not in_wave and total >= H and count >= LEAST_FEEDBACK:
            waves.append(Wave(began, day, None, count, expected))
        elif in_wave and total == 0.0:
            last = waves[-1]
            waves[-1] = Wave(last.began_on, last.alarmed_on, day, last.count, last.expected)
    return Watch(tuple(days), tuple(waves))


def chance_of_false_alarm(clauses: int, days: int) -> float:
    """Returns the chance of at least one false alarm among so many clauses in so many days, by the stated rate."""
    return 1 - exp(-clauses * days / exp(H))


def _base(feedback: Counts, contacts: Counts, day: dt.date) -> tuple[float, float] | None:
    """The feedback a contact of the clause before, and how much more than Poisson its days scattered."""
    past = [day - dt.timedelta(days=back) for back in range(LAG_DAYS + 1, LAG_DAYS + BASE_DAYS + 1)]
    known = [one for one in past if contacts.get(one, 0)]
    if len(known) < LEAST_BASE_DAYS:
        return None
    rate = (sum(feedback.get(one, 0) for one in known) + 1) / sum(contacts[one] for one in known)
    expected = [rate * contacts[one] for one in known]
    beyond = sum(
        (feedback.get(one, 0) - mu) ** 2 - mu for one, mu in zip(known, expected, strict=True)
    ) / sum(mu * mu for mu in expected)
    return rate, min(MOST_SCATTER, max(LEAST_SCATTER, beyond))


def _ratio(seen: int, mu: float, scatter: float) -> float:
    """Log of how much likelier the day is with the rise than with the expected feedback."""
    if mu <= 0:
        return 0.0
    rise = max(K, min(MOST_K, LEAST_RISE / mu))
    size, high = 1 / scatter, rise * mu
    return seen * log(rise * (size + mu) / (size + high)) - size * log((size + high) / (size + mu))
