"""Owns how a moment and a duration are written in foreign files: by year, by English month, in Chinese, as a number.

Pure: text in, parts out. Day and month as numbers with the year last (`3/5/2026`) are not read here: which comes first
the file tells (`day_order.py`), or its mapping names that form.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache

LONGEST = 80  # characters; no moment and no duration is longer
EXCEL_BEGINS = datetime(1899, 12, 30)  # noqa: DTZ001  day 0 of a workbook's numbers, in no zone
_MONTHS = {
    name: number for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)
}
_FULL_MONTHS = "january february march april may june july august september october november december".split()
_MONTHS |= {name: number for number, name in enumerate(_FULL_MONTHS, 1)} | {"sept": 9}
_HAN_MONTHS = "一 二 三 四 五 六 七 八 九 十 十一 十二".split()
_MONTHS |= {f"{name}月": number for number, name in enumerate(_HAN_MONTHS, 1)} | {
    f"{n}月": n for n in range(1, 13)
}
_EARLY, _NOON, _LATE = ("上午", "早上", "早晨", "凌晨", "清晨"), ("中午",), ("下午", "晚上", "傍晚")
_WEEKDAY = r"(?:\s*\(?(?:星期|周|礼拜)[一二三四五六日天]\)?)?"
_TIME = (
    rf"(?:(?:\s*[T,]\s*|\s+(?:at\s+)?|(?<=[日号一二三四五六天)]))(?P<half>{'|'.join((*_EARLY, *_NOON, *_LATE))}|[AP]\.?M\.?)?\s*"
    r"(?P<hour>\d{1,2})(?:"
    r":(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?"
    r"|[时点](?:(?P<minute_zh>\d{1,2})分(?:(?P<second_zh>\d{1,2})秒)?)?)"
    r"\s*(?P<after>[AP]\.?M\.?|上午|下午)?"
    r"\s*(?P<zone>Z|(?:UTC|GMT)(?:[+-]\d{1,2}(?::?\d{2})?)?|[+-]\d{2}(?::?\d{2})?)?(?:\s*\([^()]{1,40}\))?)?"
)
_MONTH_NAME = r"(?P<month>[a-z]{3,9}|[一二三四五六七八九十]{1,2}月|\d{1,2}月)"
_DAY_NAME = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[.,]?\s+)?"
_FORMS = tuple(
    re.compile(day + _TIME, re.ASCII | re.IGNORECASE)
    for day in (
        r"(?P<year>\d{4})(?:[-/.]|\s*年\s*)(?P<month>\d{1,2})(?:[-/.]|\s*月\s*)(?P<day>\d{1,2})(?:\s*[日号])?"
        + _WEEKDAY,
        _DAY_NAME
        + r"(?P<day>\d{1,2})(?:st|nd|rd|th)?[ /.-]+"
        + _MONTH_NAME
        + r"[ ,/.-]+(?P<year>\d{4}|\d{2})(?!\d)",
        _DAY_NAME + r"(?P<month>[a-z]{3,9})[ .-]+(?P<day>\d{1,2})(?:st|nd|rd|th)?[ ,]+(?P<year>\d{4})",
    )
)
_YEAR_AT_THE_END = re.compile(
    _DAY_NAME + r"(?P<month>[a-z]{3}) +(?P<day>\d{1,2}) (?P<hour>\d{2}):(?P<minute>\d{2}):(?P<second>\d{2})"
    r"(?: (?P<zone>UTC|GMT|[+-]\d{4}))? (?P<year>\d{4})",
    re.ASCII | re.IGNORECASE,
)
_COMPACT = re.compile(
    r"(?P<year>(?:19|20)\d\d)(?P<month>[01]\d)(?P<day>[0-3]\d)"
    r"(?:[T ]?(?P<hour>[0-2]\d):?(?P<minute>[0-5]\d)(?::?(?P<second>[0-5]\d))?(?P<zone>Z|[+-]\d{2}:?\d{2})?)?",
    re.ASCII,
)
_EPOCH = re.compile(r"(?P<seconds>[1-9]\d{9})(?P<thousandths>\d{3})?", re.ASCII)
_EXCEL = re.compile(r"[3-7]\d{4}(?P<part>\.\d{1,15})?", re.ASCII)

_UNITS = {
    unit: minutes
    for minutes, units in (
        (1440, "d day days 天 日"),
        (60, "h hr hrs hour hours 小时 个小时 时"),
        (1, "m min mins minute minutes 分 分钟"),
        (1 / 60, "s sec secs second seconds 秒 秒钟"),
        (1 / 60_000, "ms 毫秒"),
    )
    for unit in units.split()
}
_PIECE = (
    rf"(\d{{1,12}}(?:\.\d{{1,9}})?)\s*({'|'.join(sorted(map(re.escape, _UNITS), key=len, reverse=True))})"
)
_PIECES = re.compile(rf"{_PIECE}(?:[\s,零]*(?:and\s+)?{_PIECE})*", re.ASCII | re.IGNORECASE)
_ONE_PIECE = re.compile(_PIECE, re.ASCII | re.IGNORECASE)
_CLOCK = re.compile(r"(\d{1,6}):([0-5]\d):([0-5]\d(?:\.\d{1,9})?)", re.ASCII)
_ISO = re.compile(
    r"P(?:(\d{1,6})D)?(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,12}(?:\.\d{1,9})?)S)?)?", re.ASCII
)
_NUMBER = re.compile(r"\d{1,15}(?:\.\d{1,9})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment as it was written. Without `has_time` it is a day; without an offset it is local to whoever wrote it."""

    at: datetime
    has_time: bool = True

    def in_zone(self, zone: tzinfo) -> datetime:
        """Returns the moment as aware UTC; `zone` is where one without an offset is local."""
        return (self.at if self.at.tzinfo else self.at.replace(tzinfo=zone)).astimezone(UTC)


def moment(text: str) -> Moment | None:
    """Reads a moment; None for a text that is none, or that could be two days.

    Takes ISO 8601 and the same with other marks, `2026年3月5日 下午2:05`, `14时05分`, `5 Mar 2026 2:05 PM`, `March 5, 2026`,
    what mail and browsers write, `20260305140500`, seconds or thousandths since 1970, and the number of a
    workbook's cell.
    """
    return _moment(text) if len(text) <= LONGEST else None


def minutes_of(text: str) -> float | None:
    """Reads a duration of any sign as minutes; None for a text that is none.

    Takes a number of minutes, `1:05:00`, `1h 5m`, `1小时5分`, `3分20秒`, `PT1H5M`. `1:05` is none: it could be
    hours or minutes.
    """
    if len(text) > LONGEST:
        return None
    text = text if text.isascii() else unicodedata.normalize("NFKC", text)
    sign = -1 if text.startswith("-") else 1
    text = text.removeprefix("-").strip()
    if _NUMBER.fullmatch(text):
        return sign * float(text)
    if clock := _CLOCK.fullmatch(text):
        return sign * (int(clock[1]) * 60 + int(clock[2]) + float(clock[3]) / 60)
    if _PIECES.fullmatch(text):
        return sign * sum(
            float(number) * _UNITS[unit.casefold()] for number, unit in _ONE_PIECE.findall(text)
        )
    iso = _ISO.fullmatch(text)
    if iso and any(iso.groups()):
        return sign * sum(
            float(part or 0) * unit for part, unit in zip(iso.groups(), (1440, 60, 1, 1 / 60), strict=True)
        )
    return None


@lru_cache(maxsize=20_000)
def _moment(text: str) -> Moment | None:
    text = text if text.isascii() else unicodedata.normalize("NFKC", text)
    try:
        return _of_parts(text) or _of_number(text)
    except (ValueError, OverflowError):
        return None


def _of_parts(text: str) -> Moment | None:
    for form in (*_FORMS, _YEAR_AT_THE_END, _COMPACT):
        found = form.fullmatch(text)
        if found:
            part = {name: value or "" for name, value in found.groupdict().items()}
            year = int(part["year"]) + (2000 if len(part["year"]) == 2 else 0)
            day = year, _month(part["month"]), int(part["day"])
            if not part["hour"]:
                return Moment(datetime(*day), has_time=False)  # noqa: DTZ001
            half = part.get("half") or part.get("after") or ""
            return Moment(
                datetime(
                    *day,
                    _hour(int(part["hour"]), half.upper().replace(".", "")),
                    int(part["minute"] or part.get("minute_zh") or 0),
                    int(part["second"] or part.get("second_zh") or 0),
                    int(part.get("fraction", "")[:6].ljust(6, "0")),
                    tzinfo=_offset(part["zone"].upper()),
                )
            )
    return None


def _of_number(text: str) -> Moment | None:
    epoch = _EPOCH.fullmatch(text)
    if epoch:
        since = timedelta(seconds=int(epoch["seconds"]), milliseconds=int(epoch["thousandths"] or 0))
        return Moment(datetime(1970, 1, 1, tzinfo=UTC) + since)
    cell = _EXCEL.fullmatch(text)
    if cell:
        exact = EXCEL_BEGINS + timedelta(days=float(text))
        return Moment(
            (exact + timedelta(milliseconds=500)).replace(microsecond=0), has_time=cell["part"] is not None
        )
    return None


def _month(text: str) -> int:
    if text.isdigit():
        return int(text)
    if text.casefold() not in _MONTHS:
        raise ValueError(text)
    return _MONTHS[text.casefold()]


def _hour(hour: int, half: str) -> int:
    """Returns the hour of 24. Raises ValueError for one that its half of the day does not have."""
    if not half:
        return hour
    if half in _NOON:
        return hour + 12 if hour < 3 else hour
    is_early = half in _EARLY or half == "AM"
    if (
        (is_early and hour > 12)
        or (half == "晚上" and hour == 12)
        or (half.isascii() and not 1 <= hour <= 12)
    ):
        raise ValueError(half)
    if is_early:
        return hour % 12
    return hour if hour >= 12 else hour + 12


def _offset(text: str) -> tzinfo | None:
    if not text:
        return None
    digits = text.removeprefix("UTC").removeprefix("GMT").replace(":", "")
    if text == "Z" or not digits:
        return UTC
    distance = timedelta(hours=int(digits[1:3]), minutes=int(digits[3:] or 0))
    return timezone(-distance if digits[0] == "-" else distance)
