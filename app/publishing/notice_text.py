"""Owns what a notice to customers has to say: which clauses change for them and how, and which numbers do not agree. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.standards.measures import Comparison, Kind, Measure
from app.standards.quantities import Quantity, is_same, quantities, states_measure, unstated_values
from app.standards.scripts import rule_of

LANGUAGES = ("zh", "en")
_SENTENCE_END = re.compile(r"(?<=[。！？])|(?<=[.!?])\s|\n+")
_MARKS = re.compile(r"[*_`<\[\]|#>]")
# A date is no quantity of a clause: 2026年9月23日, 9 月 23 日.
_DATE = re.compile(r"(?:\d{4}\s?年\s?)?\d{1,2}\s?月\s?\d{1,2}\s?日")


class Turn(StrEnum):
    """What a change means for a customer, as far as a number says it."""

    BETTER = "better"  # sooner, or more of them
    WORSE = "worse"
    OTHER = "other"  # no number says it


@dataclass(frozen=True)
class Side:
    """One state of a clause: heading and rule by language, absent where there is no text, and its measures."""

    headings: dict[str, str]
    rules: dict[str, str]
    measures: tuple[Measure, ...] = ()


@dataclass(frozen=True)
class Changed:
    """A clause that changes for customers: before (None: it is new) and after (None: it is gone for them)."""

    clause_id: str
    before: Side | None
    after: Side | None

    def promises(self) -> Iterator[tuple[Measure | None, Measure]]:
        """Yields the promises that are new or another number: (before, after), by their id."""
        known = {m.id: m for m in self.before.measures} if self.before else {}
        for measure in self.after.measures if self.after else ():
            old = known.get(measure.id)
            if measure.kind is Kind.PROMISE and (old is None or _target(old) != _target(measure)):
                yield old, measure

    def heading(self, language: str) -> str:
        """Returns the heading in a language, after the change if there is one; else in the other language."""
        side = self.after or self.before
        headings = side.headings if side else {}
        return headings.get(language) or next(iter(headings.values()), self.clause_id.upper())


@dataclass(frozen=True)
class Odd:
    """Something about the numbers of a notice. `key` says what, `words` is the quantity as it stands or should stand.

    `unknown`: no changed clause has it. `missing`: the notice does not say a new promise. `apart`: only one
    language has it.
    """

    key: str
    language: str
    words: str
    clause_id: str = ""


def turn_of(changed: Changed) -> Turn:
    """Returns what the changed promises mean for a customer; worse as soon as one of them is."""
    turns = {_turn(old, new) for old, new in changed.promises() if old is not None}
    return next((t for t in (Turn.WORSE, Turn.BETTER) if t in turns), Turn.OTHER)


def sentence_of(changed: Changed, language: str) -> str:
    """Returns the plain sentence of the new rule that says what changes: it names a new number, or was not there before.

    Empty where there is none without marks of a list, table or link.
    """
    new = _sentences(changed.after, language)
    old = set(_sentences(changed.before, language))
    for _old, measure in changed.promises():
        found = next((s for s in new if _names(s, language, measure)), None)
        if found:
            return found
    return next((s for s in new if s not in old), "")


def odd_numbers(texts: dict[str, str], changes: Sequence[Changed]) -> list[Odd]:
    """Returns what of the numbers in a notice does not agree with the clauses, before and after, in both languages."""
    found = []
    for language in LANGUAGES:
        text = _DATE.sub(lambda m: "　" * len(m.group()), texts.get(language, ""))
        if not text.strip():
            continue
        known = [q for side in _sides(changes) for q in quantities(side.rules.get(language, ""), language)]
        measures = [m for side in _sides(changes) for m in side.measures]
        for quantity in quantities(text, language):
            if not any(is_same(quantity, k.value, k.unit) for k in known) and not any(
                _names(_cut(text, quantity), language, m) for m in measures
            ):
                found.append(Odd("unknown", language, _cut(text, quantity)))
        found += [
            Odd("missing", language, "", change.clause_id)
            for change in changes
            for _old, measure in change.promises()
            if not states_measure(text, language, measure)
        ]
    return found + list(_apart(texts))


def _apart(texts: dict[str, str]) -> Iterator[Odd]:
    read = {lang: quantities(_DATE.sub(" ", texts.get(lang, "")), lang) for lang in LANGUAGES}
    if not all(texts.get(lang, "").strip() for lang in LANGUAGES):
        return
    for language, other in (("zh", "en"), ("en", "zh")):
        text = _DATE.sub(" ", texts[language])
        for quantity in read[language]:
            if not any(is_same(q, quantity.value, quantity.unit) for q in read[other]):
                yield Odd("apart", language, _cut(text, quantity))


def _names(text: str, language: str, measure: Measure) -> bool:
    """Tells whether the text names a value of the measure, be it the one of peak seasons."""
    values = 1 if measure.peak_value is None else 2
    return len(unstated_values(text, language, measure)) < values


def _turn(old: Measure | None, new: Measure) -> Turn:
    if old is None or old.metric != new.metric or old.comparison is not new.comparison:
        return Turn.OTHER
    before, after = old.minutes(), new.minutes()
    if before is None or after is None:
        before, after = (
            (old.value, new.value) if old.unit is new.unit and old.clock is new.clock else (None, None)
        )
    if before is None or after is None:
        return Turn.OTHER
    is_less = after < before if before != after else (old.share_percent or 100) > (new.share_percent or 100)
    if before == after:
        return Turn.WORSE if is_less else Turn.BETTER
    return Turn.BETTER if is_less is (new.comparison is Comparison.AT_MOST) else Turn.WORSE


def _target(measure: Measure) -> tuple[object, ...]:
    return (
        measure.comparison, measure.value, measure.peak_value, measure.unit, measure.share_percent, measure.clock,
    )  # fmt: skip


def _sides(changes: Iterable[Changed]) -> Iterator[Side]:
    for change in changes:
        yield from (side for side in (change.before, change.after) if side)


def _sentences(side: Side | None, language: str) -> list[str]:
    rule = rule_of(side.rules.get(language, "")) if side else ""
    parts = (part.strip() for part in _SENTENCE_END.split(rule))
    return [
        part for part in parts if part and not _MARKS.search(part) and not part.startswith(("-", "1.", "+"))
    ]


def _cut(text: str, quantity: Quantity) -> str:
    return text[quantity.start : quantity.end].strip()
