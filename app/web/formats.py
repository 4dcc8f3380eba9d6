"""Owns how dates, durations, shares and numbers are written in both languages. Pure: knows no request and no clock."""

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal

WEEKDAYS_ZH = "一二三四五六日"
WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
THIN = "\u202f"
MINUS = "\u2212"
EN_DASH = "\u2013"
FINE_FROM = 1000
HOURS_BEFORE_DAYS = 72


def day(date: dt.date, language: str, today: dt.date) -> str:
    """Writes a date as `3月15日（周日）` or `Sun 15 Mar`, with the year when it is not today's year."""
    if language == "zh":
        year = f"{date.year}年" if date.year != today.year else ""
        return f"{year}{date.month}月{date.day}日（周{WEEKDAYS_ZH[date.weekday()]}）"
    year = f" {date.year}" if date.year != today.year else ""
    return f"{WEEKDAYS_EN[date.weekday()]} {date.day} {MONTHS_EN[date.month - 1]}{year}"


def moment(local: dt.datetime, language: str, today: dt.date) -> str:
    """Writes a moment, already in the organisation's zone, as `3月15日（周日）18:00` or `Sun 15 Mar, 18:00`."""
    gap = "" if language == "zh" else ", "
    return f"{day(local.date(), language, today)}{gap}{local:%H:%M}"


def month(date: dt.date, language: str) -> str:
    """Writes a month with its year as `2026年10月` or `October 2026`."""
    if language == "zh":
        return f"{date.year}年{date.month}月"
    return f"{date:%B} {date.year}"


def days_left(due: dt.date, today: dt.date) -> int:
    """Returns the calendar days until the due date: 0 today, negative when overdue."""
    return (due - today).days


def due_words(due: dt.date, language: str, today: dt.date) -> str:
    """Writes how far a due date is away: `今天到期`, `还剩 2 天`, `已逾期 1 天`."""
    left = days_left(due, today)
    if left == 0:
        return "今天到期" if language == "zh" else "Due today"
    if language == "zh":
        return f"还剩 {left} 天" if left > 0 else f"已逾期 {-left} 天"
    days = "day" if abs(left) == 1 else "days"
    return f"{left} {days} left" if left > 0 else f"{-left} {days} overdue"


def number(value: int | float | Decimal, decimals: int | None = None) -> str:
    """Writes a number with a real minus sign and thin grouping from five digits on."""
    exact = Decimal(str(value))
    if decimals is not None:
        exact = exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    whole, _, rest = f"{abs(exact):f}".partition(".")
    if decimals is None:
        rest = rest.rstrip("0")
    if len(whole) >= 5:
        whole = f"{int(whole):,}".replace(",", THIN)
    sign = MINUS if exact < 0 and exact != 0 else ""
    return sign + whole + (f".{rest}" if rest else "")


def percent(count: int | float, total: int | None = None) -> str:
    """Writes a share: `percent(kept, n)` from numerator and denominator, `percent(0.71)` from a fraction.

    Whole numbers; one decimal from n = 1000 on. A share that is not complete is never written as 100%,
    one that is not empty never as 0%. No cases at all give a dash.
    """
    if total is not None and total == 0:
        return EN_DASH
    fraction = Decimal(str(count)) / (1 if total is None else total)
    decimals = 1 if total is not None and total >= FINE_FROM else 0
    step = Decimal(1).scaleb(-decimals)
    shown = (fraction * 100).quantize(step, ROUND_HALF_UP)
    if 0 < fraction < 1 and shown in (0, 100):
        return f"<{step}%" if shown == 0 else f">{100 - step}%"
    return f"{number(shown, decimals)}%"


def interval(point: float, low: float, high: float, language: str, total: int | None = None) -> str:
    """Writes a share with its range, from fractions: `71%（70–72）` or `71% (70–72)`."""
    decimals = 1 if total is not None and total >= FINE_FROM else 0
    inner = EN_DASH.join(number(Decimal(str(edge)) * 100, decimals) for edge in (low, high))
    outer = f"{number(Decimal(str(point)) * 100, decimals)}%"
    return f"{outer}（{inner}）" if language == "zh" else f"{outer} ({inner})"


def duration(minutes: float, language: str) -> str:
    """Writes a length of time given in minutes: `26 小时 10 分`, `45 min`, days from 72 hours on."""
    total = round(minutes)
    hours, rest = divmod(total, 60)
    units = ("天", "小时", "分") if language == "zh" else ("d", "h", "min")
    if hours >= HOURS_BEFORE_DAYS:
        days, hours = divmod(hours, 24)
        return f"{days} {units[0]}" + (f" {hours} {units[1]}" if hours else "")
    if not hours:
        return f"{rest} 分钟" if language == "zh" else f"{rest} min"
    return f"{hours} {units[1]}" + (f" {rest} {units[2]}" if rest else "")


def minutes_words(minutes: float, language: str) -> str:
    """Writes an honest estimate of a task: `约 8 分钟`, `about 2 h`; under a minute says so."""
    if minutes < 1:
        return "不到 1 分钟" if language == "zh" else "under a minute"
    rounded = round(minutes) if minutes < 20 else round(minutes / 5) * 5
    return f"约 {duration(rounded, language)}" if language == "zh" else f"about {duration(rounded, language)}"


def file_size(size_bytes: int) -> str:
    """Writes a size with a space before its unit: `812 B`, `47 KB`, `10.5 MB`."""
    if size_bytes < 1000:
        return f"{size_bytes} B"
    if size_bytes < 1_000_000:
        return f"{round(size_bytes / 1000)} KB"
    return f"{number(size_bytes / 1_000_000, 1).removesuffix('.0')} MB"
