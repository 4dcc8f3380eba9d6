"""Owns the reading of quantities with a unit in Chinese and English text. Knows no clauses and no rules about them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from app.standards.measures import Clock, Measure, Unit

MINUTES = {
    Unit.SECOND: Decimal(1) / Decimal(60),
    Unit.MINUTE: Decimal(1),
    Unit.HOUR: Decimal(60),
    Unit.DAY: Decimal(1440),
}
_ROUNDING = Decimal("0.000001")

_HAN_DIGITS = {"零": 0, "〇": 0, **{c: n for n, c in enumerate("一二三四五六七八九", 1)}, "两": 2}
_HAN_POWERS = {"十": 10, "百": 100, "千": 1_000, "万": 10_000}
_WORDS = {
    word: number
    for number, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
}
_TENS = {
    word: 10 * n
    for n, word in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2
    )
}

_DIGITS = r"(?<![\d.,])\d{1,3}(?:[,，]\d{3})+(?:[.．]\d+)?(?![\d])|(?<![\d.])\d+(?:[.．]\d+)?"
_HAN = r"(?<![零〇一二三四五六七八九十百千万两点])[零〇一二三四五六七八九十百千万两]+(?:点[零〇一二三四五六七八九]+)?"
ENGLISH_NUMBER = rf"(?:(?:{'|'.join(_TENS)})(?:[- ](?:{'|'.join(list(_WORDS)[1:10])}))?|{'|'.join(_WORDS)})"
_HALF = "半"
_LONGEST = 20  # characters of a number; longer runs are no quantity anybody promises

# The longest unit stands first; 小时 after 工作 is working time, which is the measure's clock, not another unit.
_UNITS_ZH = (
    (Unit.WORKING_DAY, r"个?工作日"),
    (Unit.HOUR, r"个?(?:工作)?小时|个?钟头"),
    (Unit.MINUTE, r"分钟"),
    (Unit.SECOND, r"秒钟?"),
    (Unit.DAY, r"个?自然日|天|日"),
    (Unit.TIMES, r"次"),
    (Unit.PERCENT, r"[%％]|个?百分点"),
    (Unit.POINT, r"分(?!之)"),
)
_UNITS_EN = (
    (Unit.WORKING_DAY, r"(?:working|business)[ -]days?"),
    (Unit.HOUR, r"(?:(?:working|business)[ -])?(?:hours?|hrs?|h)\b"),
    (Unit.MINUTE, r"(?:minutes?|mins?)\b"),
    (Unit.SECOND, r"(?:seconds?|secs?|s)\b"),
    (Unit.DAY, r"(?:calendar[ -])?days?\b"),
    (Unit.TIMES, r"times?\b"),
    (Unit.PERCENT, r"%|per ?cent\b|percentage points?\b"),
    (Unit.POINT, r"points?\b"),
)


def _alternatives(units: tuple[tuple[Unit, str], ...]) -> str:
    return "|".join(f"(?P<{unit.value}>{pattern})" for unit, pattern in units)


_MENTION_ZH = re.compile(
    rf"百分之(?P<of_hundred>{_DIGITS}|{_HAN})|(?P<number>{_DIGITS}|{_HAN}|{_HALF})\s?(?:{_alternatives(_UNITS_ZH)})"
)
_MENTION_EN = re.compile(
    rf"\b(?:(?P<half>half an?)|(?P<number>{_DIGITS}|{ENGLISH_NUMBER}))[\s-]?(?:{_alternatives(_UNITS_EN)})",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value with its unit as the text gives it; `start` and `end` are character positions."""

    value: Decimal
    unit: Unit
    start: int
    end: int


def quantities(text: str, language: str) -> list[Quantity]:
    """Lists the quantities of a text in order; `language` is `zh` or `en`. Understands 二十四小时, 半天, half an hour."""
    return list(_read(text, _MENTION_EN if language == "en" else _MENTION_ZH))


def han_number(text: str) -> Decimal | None:
    """Reads a number in Han characters up to 千亿 (二十四, 三点五, 一百零五, 一亿两千万); None when it is none."""
    whole, _, fraction = text.partition("点")
    highest = total = section = digit = 0
    for character in whole:
        if character in _HAN_DIGITS:
            digit = digit * 10 + _HAN_DIGITS[character] if digit and _plain(whole) else _HAN_DIGITS[character]
        elif character == "万":
            total, section, digit = (total + section + digit) * 10_000, 0, 0
        elif character == "亿":
            highest, total, section, digit = (total + section + digit) * 100_000_000, 0, 0, 0
        elif character in _HAN_POWERS:
            section += (digit or 1) * _HAN_POWERS[character]
            digit = 0
        else:
            return None
    if not whole:
        return None
    decimals = "".join(str(_HAN_DIGITS[character]) for character in fraction if character in _HAN_DIGITS)
    return Decimal(f"{highest + total + section + digit}.{decimals or 0}").normalize() + 0


def states_measure(text: str, language: str, measure: Measure) -> bool:
    """True when the text names the measure's value with its unit, or the same length of time in another unit.

    A measure with a value of its own for peak seasons needs both. A working day is never a calendar day; `day` on the
    working clock is a working day.
    """
    return not unstated_values(text, language, measure)


def unstated_values(text: str, language: str, measure: Measure) -> list[Decimal]:
    """Lists the values of a measure that the text does not name, in its unit, the one of peak seasons last."""
    unit = Unit.WORKING_DAY if measure.unit == Unit.DAY and measure.clock == Clock.WORKING else measure.unit
    named = quantities(text, language)
    values = [measure.value] if measure.peak_value is None else [measure.value, measure.peak_value]
    return [value for value in values if not any(is_same(quantity, value, unit) for quantity in named)]


def is_same(quantity: Quantity, value: Decimal, unit: Unit) -> bool:
    """True for the same value and unit, or the same length of time in another unit."""
    if quantity.unit == unit:
        return quantity.value == value
    if quantity.unit not in MINUTES or unit not in MINUTES:
        return False
    return abs(quantity.value * MINUTES[quantity.unit] - value * MINUTES[unit]) < _ROUNDING


def _read(text: str, pattern: re.Pattern[str]) -> Iterator[Quantity]:
    for match in pattern.finditer(text):
        if (match.group("number") and len(match.group("number")) > _LONGEST) or text.endswith(
            "月", 0, match.start()
        ):
            continue
        groups = {name: value for name, value in match.groupdict().items() if value is not None}
        if "of_hundred" in groups:
            unit, written = Unit.PERCENT, groups["of_hundred"]
        else:
            unit = next(unit for unit in Unit if unit.value in groups)
            written = _HALF if "half" in groups else groups["number"]
        value = _value(written)
        if value is not None:
            yield Quantity(value, unit, match.start(), match.end())


def _value(written: str) -> Decimal | None:
    if written == _HALF:
        return Decimal("0.5")
    if written[0].isdigit():
        return Decimal(written.replace(",", "").replace("，", "").replace("．", "."))
    if written[0].isascii():
        tens, _, ones = written.lower().replace("-", " ").partition(" ")
        return Decimal(_TENS.get(tens, 0) + _WORDS.get(tens, 0) + _WORDS.get(ones, 0))
    return han_number(written)


def _plain(whole: str) -> bool:
    """True for digits read one by one (二〇二六), without powers of ten."""
    return not any(character in _HAN_POWERS or character == "亿" for character in whole)
