"""Owns the words of the promise replay and of seasons: hours of the day, plain numbers of fields, names of seasons."""

from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l

from app.core.seasons import Origin, Season
from app.standards.measures import number_text
from app.web.formats import WEEKDAYS_EN, WEEKDAYS_ZH
from app.web.language import pick
from app.web.reasons import register_reasons

SEASON_WORDS: dict[Season, Any] = {
    Season.NEW_YEAR_GOODS: _l("New Year shopping"),
    Season.SPRING_FESTIVAL: _l("Spring Festival"),
    Season.JUNE_SALE: _l("June sale (618)"),
    Season.NATIONAL_DAY: _l("National Day week"),
    Season.NOVEMBER_SALE: _l("November sale (Double 11)"),
    Season.DECEMBER_SALE: _l("December sale (Double 12)"),
    Season.OWN: _l("Own peak season"),
}


ORIGIN_WORDS: dict[Origin, Any] = {
    Origin.PUBLIC: _l("almanac or public notice"),
    Origin.HOUSE: _l("our reading of past years"),
    Origin.OWN: _l("set by this organisation"),
}


def origin_words(origin: Origin) -> str:
    """Returns where the days of a season come from."""
    return str(ORIGIN_WORDS[origin])


def weekday_span(first: int, last: int) -> str:
    """Returns one weekday or a span of them, Monday is 0; 7 is public days off."""
    if first == 7:
        return str(_l("Public days off"))
    names = [pick(f"周{chinese}", english) for chinese, english in zip(WEEKDAYS_ZH, WEEKDAYS_EN, strict=True)]
    return (
        names[first]
        if first == last
        else pick(f"{names[first]}至{names[last]}", f"{names[first]}–{names[last]}")
    )


def season_words(season: Season) -> str:
    """Returns the name of a peak season."""
    return str(SEASON_WORDS[season])


def hour_words(hour: int | str | None) -> str:
    """Returns an hour of the day as a span: `14:00–15:00`; none as a dash."""
    if hour is None:
        return "–"
    first = int(hour)
    return f"{first:02}:00–{(first + 1) % 24:02}:00"


def plain(value: Decimal | int | str) -> str:
    """Returns a number as a field takes it: `12`, `2.5`."""
    return number_text(Decimal(value))


register_reasons({"evidence.not_measured": _l("There is no such measure, or tickets cannot tell about it.")})
