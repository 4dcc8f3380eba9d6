"""Owns the peak seasons of Chinese retail, as dates: when many contacts are no trouble. Counts nothing, asks no clock.

The lunar year is the Purple Mountain Observatory's and National Day is the State Council's. The days of the
sales (618, 双十一, 双十二), with their pre-sales and the deliveries after them, are the house's own reading of past
years: platforms announce theirs anew each year. An organisation sets its own days of a sale, and seasons of
its own, by a setting (`use_peaks`).
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Season(StrEnum):
    """A time of year in which many more contacts than usual come in."""

    NEW_YEAR_GOODS = "new_year_goods"  # four weeks before the Spring Festival
    SPRING_FESTIVAL = "spring_festival"  # the week of it: few people at work, parcels late
    JUNE_SALE = "june_sale"  # 618 with its pre-sale
    NATIONAL_DAY = "national_day"  # the week from 1 October
    NOVEMBER_SALE = "november_sale"  # 双十一 with its pre-sale and the deliveries after it
    DECEMBER_SALE = "december_sale"  # 双十二
    OWN = "own"  # an organisation's own


class Origin(StrEnum):
    """Where the days of a season come from."""

    PUBLIC = "public"  # an almanac or a notice of the State Council
    HOUSE = "house"  # the house's reading of past years
    OWN = "own"  # the organisation's setting


@dataclass(frozen=True, slots=True)
class Peak:
    """A season with its first and last local day, both included."""

    season: Season
    starts: dt.date
    ends: dt.date
    origin: Origin = Origin.OWN


# The first day of the lunar year (Purple Mountain Observatory).
SPRING: dict[int, str] = {
    2015: "02-19", 2016: "02-08", 2017: "01-28", 2018: "02-16", 2019: "02-05", 2020: "01-25", 2021: "02-12",
    2022: "02-01", 2023: "01-22", 2024: "02-10", 2025: "01-29", 2026: "02-17", 2027: "02-06", 2028: "01-26",
    2029: "02-13", 2030: "02-03", 2031: "01-23", 2032: "02-11", 2033: "01-31", 2034: "02-19", 2035: "02-08",
}  # fmt: skip

_FIXED = (
    (Season.JUNE_SALE, (5, 20), (6, 25), Origin.HOUSE),
    (Season.NATIONAL_DAY, (10, 1), (10, 8), Origin.PUBLIC),
    (Season.NOVEMBER_SALE, (10, 20), (11, 18), Origin.HOUSE),
    (Season.DECEMBER_SALE, (12, 8), (12, 16), Origin.HOUSE),
)
_BEFORE_SPRING = dt.timedelta(days=28)
_SPRING_DAYS = dt.timedelta(days=8)
_ONE_DAY = dt.timedelta(days=1)
LONGEST = dt.timedelta(days=120)  # a longer peak is the usual, or a mistyped year


class _House:
    own: tuple[Peak, ...] = ()


_house = _House()


def use_peaks(text: str) -> None:
    """Sets the organisation's own seasons from their setting. Raises ValueError, saying what cannot be read."""
    _house.own = read_peaks(text)


def read_peaks(text: str) -> tuple[Peak, ...]:
    """Reads `2027-03-01/2027-03-15; june_sale 2027-05-13/2027-06-22`: a season of its own, the days of a known one in that year.

    Raises ValueError.
    """
    made: list[Peak] = []
    for part in filter(None, (piece.strip() for piece in text.split(";"))):
        name, _, days = part.rpartition(" ")
        first, _, last = days.partition("/")
        peak = Peak(
            Season(name.strip() or Season.OWN), dt.date.fromisoformat(first), dt.date.fromisoformat(last)
        )
        if not dt.timedelta() <= peak.ends - peak.starts <= LONGEST:
            raise ValueError(f"{days!r} is no span of at most {LONGEST.days} days")
        made.append(peak)
    return tuple(made)


def own_peaks() -> tuple[Peak, ...]:
    """Returns the organisation's own seasons, as they were written."""
    return _house.own


def days_of(peaks: Sequence[Peak]) -> frozenset[dt.date]:
    """Returns every local day of some seasons."""
    return frozenset(
        peak.starts + dt.timedelta(days=n)
        for peak in peaks
        for n in range((peak.ends - peak.starts).days + 1)
    )


def write_peaks(peaks: Sequence[Peak]) -> str:
    """Writes seasons as the setting has them, by date; `read_peaks` reads the same again."""
    words = (
        f"{'' if one.season is Season.OWN else f'{one.season} '}{one.starts}/{one.ends}"
        for one in sorted(peaks, key=lambda peak: (peak.starts, peak.ends))
    )
    return "; ".join(words)


def peaks_of(year: int, own: Sequence[Peak] | None = None) -> list[Peak]:
    """Returns the seasons that begin in a year, by date; outside 2015 to 2035 without those of the lunar year.

    `own` are the organisation's, None takes those of its setting; its days of a known season replace ours in that year.
    """
    decided = [one for one in (_house.own if own is None else own) if one.starts.year == year]
    made = [
        Peak(season, dt.date(year, *first), dt.date(year, *last), origin)
        for season, first, last, origin in _FIXED
    ]
    if year in SPRING:
        spring = dt.date.fromisoformat(f"{year}-{SPRING[year]}")
        eve = spring - _ONE_DAY
        made.append(Peak(Season.NEW_YEAR_GOODS, spring - _BEFORE_SPRING, eve - _ONE_DAY, Origin.HOUSE))
        made.append(Peak(Season.SPRING_FESTIVAL, eve, eve + _SPRING_DAYS, Origin.PUBLIC))
    replaced = {one.season for one in decided} - {Season.OWN}
    kept = [one for one in made if one.season not in replaced]
    return sorted([*kept, *decided], key=lambda peak: peak.starts)


def announced() -> tuple[tuple[dt.date, dt.date], ...]:
    """Returns the spans of days the organisation itself set as a peak season, oldest first, joined where they touch.

    Both days included. These are the days on which the second target of a measure counts (ADR 23): what the almanac
    or past years let expect is no announcement to customers.
    """
    spans: list[tuple[dt.date, dt.date]] = []
    for peak in sorted(_house.own, key=lambda one: one.starts):
        if spans and peak.starts <= spans[-1][1] + _ONE_DAY:
            spans[-1] = spans[-1][0], max(spans[-1][1], peak.ends)
        else:
            spans.append((peak.starts, peak.ends))
    return tuple(spans)


def is_announced(day: dt.date) -> bool:
    """Tells whether a local day lies in a peak season that the organisation itself set."""
    return any(first <= day <= last for first, last in announced())


def season_of(day: dt.date, own: Sequence[Peak] | None = None) -> Season | None:
    """Returns the season a local day lies in, the organisation's own first; None outside all of them."""
    found = [
        peak for year in (day.year - 1, day.year, day.year + 1) for peak in peaks_of(year, own)
        if peak.starts <= day <= peak.ends
    ]  # fmt: skip
    mine = next((peak for peak in found if peak.season is Season.OWN), None)
    return mine.season if mine else found[0].season if found else None
