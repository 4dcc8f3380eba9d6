"""Owns the peak seasons of Chinese retail, as dates: when many contacts are no trouble. Counts nothing, asks no clock.

Sources: the sales of 18 June, 11 November and 12 December with their pre-sales as the large platforms announced them
year after year; the weeks of New Year's goods 年货节 before the Spring Festival; the holidays stand in `china_days.py`.
An organisation's own seasons come on top as `extra`.
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


@dataclass(frozen=True, slots=True)
class Peak:
    """A season with its first and last local day, both included."""

    season: Season
    starts: dt.date
    ends: dt.date


# The first day of the lunar year (Purple Mountain Observatory).
SPRING: dict[int, str] = {
    2015: "02-19", 2016: "02-08", 2017: "01-28", 2018: "02-16", 2019: "02-05", 2020: "01-25", 2021: "02-12",
    2022: "02-01", 2023: "01-22", 2024: "02-10", 2025: "01-29", 2026: "02-17", 2027: "02-06", 2028: "01-26",
    2029: "02-13", 2030: "02-03", 2031: "01-23", 2032: "02-11", 2033: "01-31", 2034: "02-19", 2035: "02-08",
}  # fmt: skip

_FIXED = (
    (Season.JUNE_SALE, (5, 20), (6, 25)),
    (Season.NATIONAL_DAY, (10, 1), (10, 8)),
    (Season.NOVEMBER_SALE, (10, 20), (11, 18)),
    (Season.DECEMBER_SALE, (12, 8), (12, 16)),
)
_BEFORE_SPRING = dt.timedelta(days=28)
_SPRING_DAYS = dt.timedelta(days=8)
_ONE_DAY = dt.timedelta(days=1)


def peaks_of(year: int, extra: Sequence[Peak] = ()) -> list[Peak]:
    """Returns the seasons that begin in a year, by date; outside 2015 to 2035 without those of the lunar year."""
    made = [Peak(season, dt.date(year, *first), dt.date(year, *last)) for season, first, last in _FIXED]
    if year in SPRING:
        spring = dt.date.fromisoformat(f"{year}-{SPRING[year]}")
        eve = spring - _ONE_DAY
        made.append(Peak(Season.NEW_YEAR_GOODS, spring - _BEFORE_SPRING, eve - _ONE_DAY))
        made.append(Peak(Season.SPRING_FESTIVAL, eve, eve + _SPRING_DAYS))
    return sorted([*made, *(one for one in extra if one.starts.year == year)], key=lambda peak: peak.starts)


def season_of(day: dt.date, extra: Sequence[Peak] = ()) -> Season | None:
    """Returns the season a local day lies in, the organisation's own first; None outside all of them."""
    found = [
        peak for year in (day.year - 1, day.year, day.year + 1) for peak in peaks_of(year, extra)
        if peak.starts <= day <= peak.ends
    ]  # fmt: skip
    own = next((peak for peak in found if peak.season is Season.OWN), None)
    return own.season if own else found[0].season if found else None
