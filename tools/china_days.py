"""Writes `app/core/china_days.py` from the `holidays` library. Run it after an update of the library:

    .venv/bin/python -m tools.china_days > app/core/china_days.py

The table exists because the library takes 44 MB of memory in every web worker for a few hundred dates.
"""

import datetime as dt

import holidays

FIRST, LAST = 2015, 2035
HEAD = '''"""Owns the public days off and made-up weekends of China, a table written by `tools/china_days.py`. Not by hand."""

# Days off on which people would otherwise work (month-day); weekends stand below.
OFF: dict[int, str] = {
'''


def days_of(year: int) -> tuple[list[dt.date], list[dt.date], list[dt.date]]:
    """Returns the days off from Monday to Friday, the weekend days that are worked, and the holidays at a weekend, in order."""
    calendar = holidays.country_holidays("CN", years=year)
    days = sorted(day for day in calendar if day.year == year)
    worked = sorted(day for day in calendar.weekend_workdays if day.year == year)
    return [day for day in days if day.weekday() < 5], worked, [day for day in days if day.weekday() > 4]


def table() -> str:
    """Returns the text of the module."""
    off, worked, at_weekends = [], [], []
    for year in range(FIRST, LAST + 1):
        days_off, weekends, both = days_of(year)
        off.append(f'    {year}: "{_text(days_off)}",\n')
        if weekends:
            worked.append(f'    {year}: "{_text(weekends)}",\n')
        if both:
            at_weekends.append(f'    {year}: "{_text(both)}",\n')
    made_up = (
        "}\n\n# Saturdays and Sundays worked in exchange; a year that is missing is not announced yet.\n"
    )
    falling = "}\n\n# Public holidays on a Saturday or Sunday: days off for whoever works at weekends.\n"
    return (
        HEAD
        + "".join(off)
        + made_up
        + "MADE_UP: dict[int, str] = {\n"
        + "".join(worked)
        + falling
        + "AT_WEEKENDS: dict[int, str] = {\n"
        + "".join(at_weekends)
        + "}\n"
    )


def _text(days: list[dt.date]) -> str:
    return " ".join(f"{day:%m-%d}" for day in days)


if __name__ == "__main__":
    print(table(), end="")
