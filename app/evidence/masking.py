"""Owns the masking of personal data in free text. Stores nothing and keeps no list of what it found.

Sources: 个人信息保护法 art. 6 and 19 (least data), trust 6 no. 72, experience 5 (`138****2210`). Numbers that name no
person (prices, times, dates, versions, quantities, public hotlines) stay. Every pattern has bounded repeats, so the
time grows with the length of the text.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from app.evidence import personal_names as names
from app.evidence import personal_numbers as numbers

_MOST_DIGITS = 17  # no rule asks for more
_PASSES = 6  # what is hidden may show what stands beside it; in practice two passes are enough


class Kind(StrEnum):
    """What was masked."""

    EMAIL = "email"
    """An e-mail address."""
    PLATE = "plate"
    """A number plate of a Chinese vehicle."""
    IDENTITY = "identity"
    """A Chinese identity number of 18 or 15 digits, or any number labelled as one."""
    CARD = "card"
    """A bank card (16 to 19 digits with a valid last digit), or any number labelled as one."""
    PHONE = "phone"
    """A mobile, a landline or an international number."""
    ORDER = "order"
    """An order, parcel or ticket number, or a long run of digits that is nothing else."""
    ACCOUNT = "account"
    """A WeChat, QQ or other account name."""
    NAME = "name"
    """A person's name beside a form of address or a label."""


@dataclass(frozen=True, slots=True)
class Masked:
    """The masked text and how often each kind was found: `{Kind.PHONE: 2}`; kinds not found are absent."""

    text: str
    found: dict[Kind, int]


@dataclass(frozen=True, slots=True)
class _Rule:
    """A pattern, what the text must hold at all, whether a hit counts, and what is written in its place.

    `digits` is how many a hit has at least: with fewer in the whole text nobody looks. The named group that
    matched is what gets hidden, the whole match when there is none.
    """

    kind: Kind
    needs: Callable[[str], bool]
    pattern: re.Pattern[str]
    counts: Callable[[re.Match[str]], bool]
    writes: Callable[[str, bool], str]
    digits: int = 0
    hides_group: bool = True


def mask(text: str) -> Masked:
    """Returns the text without personal data; masking a masked text changes nothing.

    Labels such as `[姓名]` are Chinese in a text with Chinese characters, English otherwise. Ends of numbers stay
    readable (`138****2210`, `****5678`), so that two complaints about one order can be recognised.
    """
    chinese = names.has_han(text)
    found: dict[Kind, int] = {}
    for _ in range(_PASSES):
        masked, new = _masked_once(text, chinese)
        if not new:
            break
        text = masked
        for kind, count in new.items():
            found[kind] = found.get(kind, 0) + count
    return Masked(text, found)


def _masked_once(text: str, chinese: bool) -> tuple[str, dict[Kind, int]]:
    working = text.translate(numbers.HALF_WIDTH)  # same length: positions stay those of the text
    hidden: list[tuple[int, int, str]] = []
    found: dict[Kind, int] = {}
    holds: dict[
        Callable[[str], bool], bool
    ] = {}  # most texts hold no number and no name: asked once, not per rule
    for rule in _rules_for(min(numbers.count_digits(working), _MOST_DIGITS)):
        if rule.needs not in holds:
            holds[rule.needs] = rule.needs(working)
        if not holds[rule.needs]:
            continue
        hits = list(_hits(rule, working))
        for start, end in hits:
            hidden.append((start, end, rule.writes(working[start:end], chinese)))
            found[rule.kind] = found.get(rule.kind, 0) + 1
        working = _blanked(working, hits)
    return _written(text, hidden), found


@cache
def _rules_for(digits: int) -> tuple[_Rule, ...]:
    """Returns the rules, in their order, that a text with so many digits can fit at all."""
    return tuple(rule for rule in _RULES if rule.digits <= digits)


def _hits(rule: _Rule, working: str) -> Iterator[tuple[int, int]]:
    for match in rule.pattern.finditer(working):
        if rule.counts(match):
            yield match.span(match.lastgroup) if rule.hides_group and match.lastgroup else match.span()


def _blanked(working: str, hits: list[tuple[int, int]]) -> str:
    """Later rules see nothing of what is hidden already."""
    if not hits:
        return working
    parts, position = [], 0
    for start, end in hits:
        parts += [working[position:start], "\0" * (end - start)]
        position = end
    return "".join([*parts, working[position:]])


def _written(text: str, hidden: list[tuple[int, int, str]]) -> str:
    parts, position = [], 0
    for start, end, written in sorted(hidden):
        parts += [text[position:start], written]
        position = end
    return "".join([*parts, text[position:]])


def _label(chinese: str, english: str) -> Callable[[str, bool], str]:
    return lambda value, in_chinese: f"[{chinese if in_chinese else english}]"


def _ends(value: str, in_chinese: bool) -> str:
    return numbers.with_ends(value)


def _last_four(value: str, in_chinese: bool) -> str:
    return numbers.with_last_four(value)


_EMAIL, _PLATE = _label("邮箱", "email"), _label("车牌", "plate")
_IDENTITY, _ACCOUNT, _NAME = (
    _label("证件号", "identity number"),
    _label("账号", "account"),
    _label("姓名", "name"),
)

# The order is the law: what is surest comes first, a long run of digits last.
_RULES = (
    _Rule(Kind.EMAIL, numbers.holds_at, numbers.EMAIL, numbers.always, _EMAIL),
    _Rule(Kind.PLATE, numbers.always_looked_for, numbers.PLATE, numbers.is_plate, _PLATE, digits=2),
    _Rule(
        Kind.IDENTITY,
        numbers.holds_identity_label,
        numbers.IDENTITY_LABELLED,
        numbers.always,
        _IDENTITY,
        digits=6,
    ),
    _Rule(
        Kind.IDENTITY, numbers.holds_digits, numbers.IDENTITY_18, numbers.is_identity_18, _IDENTITY, digits=17
    ),
    _Rule(
        Kind.IDENTITY, numbers.holds_digits, numbers.IDENTITY_15, numbers.is_identity_15, _IDENTITY, digits=15
    ),
    _Rule(Kind.CARD, numbers.holds_card_label, numbers.CARD_LABELLED, numbers.always, _last_four, digits=11),
    _Rule(Kind.CARD, numbers.holds_digits, numbers.CARD, numbers.is_card, _last_four, digits=16),
    _Rule(
        Kind.CARD,
        numbers.holds_digits,
        numbers.CARD_GROUPED,
        numbers.always,
        _last_four,
        digits=16,
        hides_group=False,
    ),
    _Rule(
        Kind.ORDER, numbers.holds_order_label, numbers.ORDER_LABELLED, numbers.is_order, _last_four, digits=5
    ),
    _Rule(Kind.ORDER, numbers.holds_bill_label, numbers.BILL_LABELLED, numbers.is_bill, _last_four, digits=5),
    _Rule(Kind.ACCOUNT, numbers.holds_account_label, numbers.ACCOUNT_LABELLED, numbers.always, _ACCOUNT),
    _Rule(Kind.PHONE, numbers.holds_digits, numbers.MOBILE, numbers.is_grouped_evenly, _ends, digits=11),
    _Rule(Kind.PHONE, numbers.holds_han_one, numbers.MOBILE_IN_HAN, numbers.always, _ends),
    _Rule(Kind.PHONE, numbers.holds_digits, numbers.INTERNATIONAL, numbers.is_international, _ends, digits=7),
    _Rule(Kind.PHONE, numbers.holds_digits, numbers.LANDLINE, numbers.is_phone, _ends, digits=9),
    _Rule(Kind.PHONE, numbers.holds_digits, numbers.AMERICAN, numbers.is_phone, _ends, digits=10),
    _Rule(Kind.PHONE, numbers.holds_phone_label, numbers.PHONE_LABELLED, numbers.is_phone, _ends, digits=7),
    _Rule(Kind.ORDER, numbers.holds_digits, numbers.ORDER_PREFIXED, numbers.is_order, _last_four, digits=5),
    _Rule(Kind.ORDER, numbers.holds_digits, numbers.LONG_RUN, numbers.is_long_run, _last_four, digits=10),
    _Rule(Kind.NAME, names.holds_han_label, names.ADDRESSED_HAN, names.is_name_han, _NAME),
    _Rule(Kind.NAME, names.holds_han_label, names.TITLED_HAN, names.is_name_han, _NAME),
    _Rule(Kind.NAME, names.holds_han_label, names.LABELLED_HAN, names.is_name_han, _NAME),
    _Rule(Kind.NAME, names.holds_han_label, names.SELF_HAN, names.is_name_han, _NAME),
    _Rule(Kind.NAME, names.holds_han_label, names.NICKED_HAN, numbers.always, _NAME),
    _Rule(Kind.NAME, names.holds_latin_label, names.ADDRESSED_LATIN, names.is_name_latin, _NAME),
    _Rule(Kind.NAME, names.holds_latin_label, names.ADDRESSED_MIXED, numbers.always, _NAME),
    _Rule(Kind.NAME, names.holds_latin_label, names.LABELLED_LATIN, names.is_name_latin, _NAME),
    _Rule(Kind.NAME, names.holds_latin_label, names.LOWERED_LATIN, names.is_name_lowered, _NAME),
    _Rule(Kind.NAME, names.holds_latin_label, names.CALLING_LATIN, names.is_name_latin, _NAME),
    _Rule(Kind.NAME, names.holds_latin_label, names.SIGNED_LATIN, names.is_name_latin, _NAME),
)
