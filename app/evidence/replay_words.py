"""Owns the words of the promise replay and of seasons: hours of the day, plain numbers of fields, names of seasons."""

from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l

from app.core.seasons import Season
from app.standards.measures import number_text
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
