"""Owns the one-click repair of a number: the text takes the measure's, the measure the text's, one language the other's.

Pure. A repair is offered only where there is one way to do it; else a person decides.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from app.standards.measures import Measure, Unit, number_text, read_number
from app.standards.quantities import Quantity, quantities

_NUMBER = re.compile(r"\d[\d,，.．]*|[零〇一二三四五六七八九十百千万两点半]+")


@dataclass(frozen=True, slots=True)
class Fix:
    """One repair: `old` becomes `new` in the text of a language, or in the measure where `measure_id` is given.

    `is_peak` repairs the measure's value for peak seasons.
    """

    new: str
    unit: str
    old: str = ""
    language: str = ""
    measure_id: str = ""
    is_peak: bool = False

    @property
    def value(self) -> str:
        """Returns the repair as a button sends it."""
        if self.measure_id:
            return f"fix-{'peak' if self.is_peak else 'measure'}:{self.measure_id}:{self.new}"
        return f"fix-text:{self.language}:{self.unit}:{self.old}:{self.new}"


def read_fix(value: str) -> Fix | None:
    """Returns the repair that a button sent; None for anything else, a forged one too."""
    kind, _colon, rest = value.partition(":")
    parts = rest.split(":")
    numbers = [read_number(part) for part in parts[-1:]] if parts else []
    if kind in ("fix-measure", "fix-peak") and len(parts) == 2 and numbers[0] is not None:
        return Fix(number_text(numbers[0]), "", measure_id=parts[0], is_peak=kind == "fix-peak")
    if kind == "fix-text" and len(parts) == 4 and parts[1] in set(Unit):
        old, new = read_number(parts[2]), read_number(parts[3])
        if old is not None and new is not None and parts[0] in ("zh", "en"):
            return Fix(number_text(new), parts[1], number_text(old), parts[0])
    return None


def fixes_of(text: str, language: str, measure: Measure, *, is_peak: bool = False) -> tuple[Fix, ...]:
    """Returns both repairs of a text that does not say its measure's value; empty when it names several it could mean.

    `is_peak` asks for the value of peak seasons; what the text names for the measure's other value is not meant.
    """
    wanted, other = measure.value, measure.peak_value
    if is_peak and measure.peak_value is not None:
        wanted, other = measure.peak_value, measure.value
    same = [
        q for q in quantities(text, language)
        if q.unit == measure.unit and q.value != other and _is_written_plainly(text, q)
    ]  # fmt: skip
    if len({q.value for q in same}) != 1:
        return ()
    old, new = number_text(same[0].value), number_text(wanted)
    unit = measure.unit.value
    return (Fix(new, unit, old, language), Fix(old, unit, measure_id=measure.id, is_peak=is_peak))


def other_language_fix(gone: Quantity, before: str, now: str, changed: str, language: str) -> tuple[Fix, ...]:
    """Returns the repair of `language` after another one, `changed`, named one new quantity in the place of the gone one."""
    was = {(q.value, q.unit) for q in quantities(before, changed)}
    new = {q.value for q in quantities(now, changed) if q.unit == gone.unit and (q.value, q.unit) not in was}
    if len(new) != 1:
        return ()
    return (Fix(number_text(new.pop()), gone.unit.value, number_text(gone.value), language),)


def with_value(text: str, fix: Fix) -> str:
    """Returns the text with the new number in every place where it names the old one with that unit."""
    old = Decimal(fix.old)
    made = text
    for quantity in reversed(quantities(text, fix.language)):
        if (quantity.value, quantity.unit.value) != (old, fix.unit) or not _is_written_plainly(
            text, quantity
        ):
            continue
        number = _NUMBER.match(text, quantity.start)
        if number:
            made = made[: quantity.start] + fix.new + made[number.end() :]
    return made


def _is_written_plainly(text: str, quantity: Quantity) -> bool:
    """States that the quantity begins with its number: `24 小时`, `二十四小时`; not `百分之九十`, `half an hour`."""
    number = _NUMBER.match(text, quantity.start)
    return number is not None and number.end() < quantity.end
