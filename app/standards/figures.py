"""Owns the numbers of a phrase that people promise by: with unit, as a limit or not, comparable or not. Pure.

`quantities.py` reads what a measure can hold; here every number counts that a reader would see change, but no reference
(`第五条`, `section 4`), no list mark and no name.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice, zip_longest

from app.standards.quantities import han_number

AT_MOST, AT_LEAST = "at most", "at least"

NEAR = 24
"""So many characters around a number are looked at for words such as within or at least."""
MOST = 100
"""A phrase with more numbers is a table; the first ones are compared."""
_DAY = Decimal(1440)
_MINUTES = {
    "秒": Decimal(1) / 60, "秒钟": Decimal(1) / 60, "分钟": Decimal(1), "小时": Decimal(60), "个小时": Decimal(60), "钟头": Decimal(60),
    "天": _DAY, "日": _DAY, "个自然日": _DAY, "自然日": _DAY, "周": 7 * _DAY, "星期": 7 * _DAY, "个月": 30 * _DAY, "月": 30 * _DAY,
    "年": 365 * _DAY, "second": Decimal(1) / 60, "sec": Decimal(1) / 60, "minute": Decimal(1), "min": Decimal(1), "hour": Decimal(60),
    "day": _DAY, "week": 7 * _DAY, "month": 30 * _DAY, "year": 365 * _DAY,
}  # fmt: skip
_WORKING = {"工作日", "个工作日", "working day", "business day", "工作小时", "个工作小时", "working hour"}
_WORDS = {
    w: n
    for n, w in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen".split()
    )
}
_WORDS |= {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90}
_TIMES = {"once": 1, "twice": 2, "thrice": 3}

_DATE = (
    r"(?P<date>\d{4}\s?年\s?\d{1,2}\s?月(?:\s?\d{1,2}\s?日)?|\d{4}-\d{2}-\d{2}|\d{1,2}\s?月\s?\d{1,2}\s?日"
    r"|(?:\d{1,2} )?(?:January|February|March|April|May|June|July|August|September|October|November|December)(?: \d{1,2},?)?(?: \d{4})?(?=\W|$))"
)
_TIME = r"(?P<time>(?<![\d:])\d{1,2}[:：]\d{2}(?!\d))"
_UNIT_ZH = (
    r"个?工作日|个?工作小时|个?自然日|个?小时|钟头|分钟|秒钟?|个月|星期|天|日|周岁|岁|周|月|年|倍|次|通|遍|人(?!民)|名|条|件|份|项|元|分(?!之|钟|为|级)|字|位|页|行|级|"
    r"个字|个(?!月)|[%％]|个?百分点|‰"
)
_SCALES = {
    "十": 10,
    "百": 100,
    "千": 1_000,
    "万": 10_000,
    "百万": 1_000_000,
    "千万": 10_000_000,
    "亿": 100_000_000,
}
_HALVED = r"(?:小时|钟头|天|日|年|个月|个小时|个工作日)"
_UNIT_EN = (
    r"(?:working|business) (?:days?|hours?)|(?:calendar )?days?|hours?|minutes?|mins?|seconds?|secs?|weeks?|months?|years?|%|per ?cent|"
    r"percentage points?|points?|times|(?!(?:to|and|or|must|shall|should|may|can|will|needs?|requires?|is|are)\b)[a-z]+"
)
_ZH = re.compile(
    rf"{_DATE}|{_TIME}|百分之(?P<hundred>\d+(?:\.\d+)?|[零一二三四五六七八九十百两]+)"
    rf"|(?<![第\d.,，A-Za-z])(?P<digits>\d+(?:[,，]\d{{3}})*(?:\.\d+)?)(?![\d]|\.\d)\s?(?P<scale>百万|千万|[百千亿]|万(?!能|一))?(?P<unit>{_UNIT_ZH})?(?!\s?[条款章节]规定)"
    rf"|半(?P<half>{_HALVED})"
    rf"|(?P<more>[一二三四五六七八九十两]+)个半(?P<more_unit>小时|钟头|月|工作日)"
    rf"|(?<![第统零一二三四五六七八九十百千万亿])(?!一个(?!工作|小时|月|自然|钟头|百分))(?P<han>[零一二三四五六七八九十百千万亿两]+)(?P<han_unit>{_UNIT_ZH})(?![种样])"
)  # fmt: skip
_EN = re.compile(
    rf"{_DATE}|{_TIME}|\b(?P<one>an?)[ -](?P<one_unit>(?:working |business |calendar )?(?:hour|minute|day|week|month|year))\b"
    r"|\b(?P<times>twice|thrice|once(?=\s+(?:a|an|per|each|every)\b|[.,;]|$))\b"
    rf"|\b(?:(?P<digits>\d+(?:,\d{{3}})*(?:\.\d+)?)|(?P<word>{'|'.join(sorted(_WORDS, key=len, reverse=True))})(?![a-z]))(?![\d]|\.\d)[ -]?(?P<unit>{_UNIT_EN})?",
    re.IGNORECASE,
)
_REFERENCE = re.compile(
    r"(?:(?i:\b(?:section|clause|article|page|step|play|table|figure|chapter|appendix|version|no\.)\s?)|第|[A-Z]{2,}[- ]?)$"
)
_MOST_BEFORE = re.compile(r"(?:不(?:应该?|得|能|可|应当)?(?:超过|[长多高大晚迟]于)|最多|至多|最长|最晚|应当?[低少小]于|控制在|延长|上限为?|不(?:得|应|能)?超过[\u4e00-\u9fff]{1,8}的|within|at most|no (?:more|later) than|up to|not exceed|stays? (?:below|under)|be (?:below|under|less than|fewer than)|fewer than|by|before|in)\s*[等待通话]{0,3}$", re.IGNORECASE)  # fmt: skip
_MOST_AFTER = re.compile(r"^\s*(?:以内|之内|内(?!容|部)|之前|以前|前(?!述)|以下)")
_LEAST_BEFORE = re.compile(r"(?:不(?:应该?|得|能|可|应当)?[少低短]于|至少|最少|应当?[高大]于|达到|目标为|at least|no less than|minimum of|not less than)\s*(?:[\u4e00-\u9fff]{0,4})$", re.IGNORECASE)  # fmt: skip
_RANGE_BEFORE = re.compile(r"\d[\d.,]*\s*(?:to|and|或|至|到|[-–—~～])\s*$", re.IGNORECASE)
_LEAST_AFTER = re.compile(r"^\s*(?:以上|及以上|起(?!草)|or more)")
_DAY_AFTER = re.compile(r"^\s*(?:起|前|之前|以前|止|截止|施行|生效)")
_DAY_BEFORE = re.compile(r"(?:自|从|至|到|于|截至|by|before|from|until|on|since)\s*$", re.IGNORECASE)
_CONDITION = re.compile("对于|凡|如果|若|当")
"""So begins a phrase that says for whom a rule holds; a number in it bounds nobody."""
_FOR_WHOM = re.compile(
    r"(?:未满|年满|已满|[超逾]过|不足|满)$"
    r"|^\W*(?!(?:stay|keep|must|be|is|are)\b)(?:(?!(?:stays?|must|shall|should|may|be|is|are)\b)[a-z]+\s){1,3}(?:above|over|under|below|exceeding|worth|aged)\s[$€£¥]?$",
    re.IGNORECASE,
)
_OF_WHOM = re.compile(r"^\s*(?:以上|以下|以内|及以上)?的|^\s*[a-z ]", re.IGNORECASE)
_SOON = re.compile(
    r"立即|立刻|马上|及时|尽快|尽早|当日|当天|即时|随即|第一时间|\b(?:immediately|promptly|at once|as soon as possible|the same day|without delay)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as the text gives it. `minutes` is its length where it is one of calendar time.

    `bound` says that it is the most or the least that is allowed; a limit of time or a day that binds is a limit.
    `tells_for_whom` says that it bounds whom or what the rule is about: customers under 14, refunds above $500.
    """

    words: str
    value: Decimal
    unit: str
    bound: str = ""
    is_date: bool = False
    is_binding_day: bool = False
    tells_for_whom: bool = False

    @property
    def minutes(self) -> Decimal | None:
        """Returns its length in minutes of the calendar, None for what is no time or working time."""
        return self.value * _MINUTES[self.unit] if self.unit in _MINUTES else None

    @property
    def is_time(self) -> bool:
        """States that it is a length of time or a time of the day."""
        return self.unit in _MINUTES or self.unit in _WORKING or self.unit == "clock"

    @property
    def is_limit(self) -> bool:
        """States that it is a time until which, or a day from which, something has to be done."""
        return self.is_binding_day if self.is_date else self.is_time and self.bound == AT_MOST


def figures(text: str, language: str) -> list[Figure]:
    """Lists the numbers of a phrase in order, without those that only point to a place in a text."""
    return list(islice(_read(text, _EN if language == "en" else _ZH), MOST))


def soon(text: str) -> str:
    """Returns the first word that says at once or soon (立即, 及时, promptly), empty where there is none."""
    found = _SOON.search(text)
    return found.group() if found else ""


def counterparts(
    old: Sequence[Figure], new: Sequence[Figure]
) -> Iterator[tuple[Figure | None, Figure | None]]:
    """Pairs the numbers of two versions of a phrase: those that are equal first, the others in order by their kind."""
    left, right = list(old), list(new)
    for figure in old:
        same = next((other for other in right if _is_same(figure, other)), None)
        if same is not None:
            left.remove(figure)
            right.remove(same)
    kinds = dict.fromkeys(_kind(figure) for figure in [*left, *right])
    for kind in kinds:
        yield from zip_longest([f for f in left if _kind(f) == kind], [f for f in right if _kind(f) == kind])


def step(old: Figure, new: Figure) -> int | None:
    """Returns 1 when the number rose, -1 when it fell, 0 for the same; None when the two cannot be compared."""
    a, b = (old.value, new.value) if old.unit == new.unit else (old.minutes, new.minutes)
    if a is None or b is None:
        return None if (old.is_time or new.is_time) and old.unit != new.unit else _sign(new.value - old.value)
    return _sign(b - a)


def length_step(old: Figure, new: Figure) -> int | None:
    """Returns 1 where a time surely became longer, -1 shorter, when one is of working days and the other of the calendar.

    So many working days last longer than as many days of the calendar; None where the numbers leave it open.
    """
    a, b = (f.value * _DAY if _is_working_day(f) else f.minutes for f in (old, new))
    if a is None or b is None or _is_working_day(old) == _is_working_day(new):
        return None
    if _is_working_day(new):
        return 1 if b >= a else None
    return -1 if b <= a else None


def _is_working_day(figure: Figure) -> bool:
    return figure.unit in _WORKING and "小时" not in figure.unit and "hour" not in figure.unit


def without_writing(text: str, language: str) -> str:
    """Returns a phrase with each number in one writing: 二十四小时 as 24小时, fourteen days as 14 day."""
    made, at = [], 0
    for found, figure in islice(_found(text, _EN if language == "en" else _ZH), MOST):
        made += [text[at : found.start()], f" {figure.value.normalize():f} {figure.unit} "]
        at = found.end()
    return "".join([*made, text[at:]])


def _sign(amount: Decimal) -> int:
    return (amount > 0) - (amount < 0)


def _is_same(first: Figure, second: Figure) -> bool:
    if first.minutes is not None and second.minutes is not None:
        return abs(first.minutes - second.minutes) < Decimal("0.001")
    return (first.value, first.unit, first.is_date) == (second.value, second.unit, second.is_date)


def _kind(figure: Figure) -> str:
    return (
        "date"
        if figure.is_date
        else "time"
        if figure.is_time
        else "share"
        if figure.unit in ("%", "‰")
        else "count"
    )


def _read(text: str, pattern: re.Pattern[str]) -> Iterator[Figure]:
    return (figure for _found_at, figure in _found(text, pattern))


def _found(text: str, pattern: re.Pattern[str]) -> Iterator[tuple[re.Match[str], Figure]]:
    for found in pattern.finditer(text):
        groups = {name: value for name, value in found.groupdict().items() if value}
        before = text[max(0, found.start() - NEAR) : found.start()]
        after = text[found.end() : found.end() + NEAR]
        if _REFERENCE.search(before):
            continue
        words = found.group().strip()
        if "date" in groups:
            binds = bool(_DAY_AFTER.match(after) or _DAY_BEFORE.search(before))
            digits = [int(n) for n in re.findall(r"\d+", groups["date"])]
            day = Decimal(sum(n * 10 ** (4 - 2 * place) for place, n in enumerate(digits[:3])))
            yield found, Figure(words, day, "date", is_date=True, is_binding_day=binds)
            continue
        value, unit = _value(groups)
        if value is None:
            continue
        if _CONDITION.match(text):
            yield found, Figure(words, value, unit)
        elif unit != "%" and _FOR_WHOM.search(text[: found.start()]) and _OF_WHOM.match(after):
            yield found, Figure(words, value, unit, tells_for_whom=True)
        else:
            yield found, Figure(words, value, unit, _bound(before, after))


def _value(groups: dict[str, str]) -> tuple[Decimal | None, str]:
    if "time" in groups:
        hours, minutes = re.split("[:：]", groups["time"])
        return Decimal(int(hours) * 60 + int(minutes)), "clock"
    if "hundred" in groups:
        written = groups["hundred"]
        return (Decimal(written) if written[0].isdigit() else han_number(written)), "%"
    if "half" in groups:
        return Decimal("0.5"), _unit(groups["half"])
    if "more" in groups:
        whole = han_number(groups["more"])
        return None if whole is None else whole + Decimal("0.5"), _unit(f"个{groups['more_unit']}")
    if "one" in groups:
        return Decimal(1), _unit(groups["one_unit"])
    if "times" in groups:
        return Decimal(_TIMES[groups["times"].lower()]), "time"
    if "han" in groups:
        return han_number(groups["han"]), _unit(groups["han_unit"])
    if "word" in groups:
        return Decimal(_WORDS[groups["word"].lower()]), _unit(groups.get("unit", ""))
    scale = _SCALES[groups["scale"]] if "scale" in groups else 1
    return Decimal(groups["digits"].replace(",", "").replace("，", "")) * scale, _unit(groups.get("unit", ""))


def _unit(written: str) -> str:
    unit = written.lower().removeprefix("calendar ")
    if unit in ("％", "percent", "per cent"):
        return "%"
    return unit.removesuffix("s") if unit.isascii() else unit


def _bound(before: str, after: str) -> str:
    before = _RANGE_BEFORE.sub("", before)
    if _LEAST_BEFORE.search(before) and not _MOST_BEFORE.search(before):
        return AT_LEAST
    if _MOST_BEFORE.search(before) or _MOST_AFTER.match(after):
        return AT_MOST
    return AT_LEAST if _LEAST_AFTER.match(after) else ""
