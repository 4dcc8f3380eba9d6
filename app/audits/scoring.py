"""Owns the result of one scorecard: met, not met, points, veto. Stores no answers, decides no appeals.

Two habits side by side (mission, rule 8; experience P21): the share of clauses met, and points deducted from 100 with
critical items 致命项 that fail the whole contact 一票否决.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

FULL_POINTS = 100


class Answer(StrEnum):
    """What the auditor says about a clause."""

    MET = "met"
    """The contact kept it."""
    NOT_MET = "not_met"
    """The contact missed it; a note with a quote is required."""
    NOT_APPLICABLE = "not_applicable"
    """The contact gave no occasion; it counts nowhere."""


@dataclass(frozen=True, slots=True)
class Line:
    """One answered clause. `deduction` is what missing it costs, None for an equal part of 100."""

    clause: str
    answer: Answer
    is_critical: bool = False
    deduction: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """The result of one scorecard.

    `met` of `asked` clauses were kept, what was not applicable or excused left out; `share` is None when nothing was
    asked. `points` of 100 is 0 after a veto, `vetoed_by` the critical clauses that were missed. `is_kept` states
    that every clause asked was met: the contact counts as kept in the monthly rate.
    """

    met: int
    asked: int
    share: float | None
    points: int | None
    vetoed_by: tuple[str, ...]

    @property
    def is_failed(self) -> bool:
        """True when a critical clause was missed, whatever else was met."""
        return bool(self.vetoed_by)

    @property
    def is_kept(self) -> bool:
        """True when something was asked and all of it was met."""
        return self.asked > 0 and self.met == self.asked


def result(lines: Iterable[Line], excused: Collection[str] = ()) -> Result:
    """Returns the result of a scorecard; `excused` are clauses with an exception in force, left out like N/A."""
    asked = [line for line in lines if line.answer != Answer.NOT_APPLICABLE and line.clause not in excused]
    missed = [line for line in asked if line.answer == Answer.NOT_MET]
    vetoed_by = tuple(line.clause for line in missed if line.is_critical)
    if not asked:
        return Result(0, 0, None, None, ())
    met = len(asked) - len(missed)
    points = 0 if vetoed_by else max(0, FULL_POINTS - _deducted(missed, len(asked)))
    return Result(met, len(asked), met / len(asked), points, vetoed_by)


def unanswered(lines: Sequence[Line], clauses: Sequence[str]) -> list[str]:
    """Lists the clauses of the scorecard that have no answer yet, in its order; nothing is preselected (D12)."""
    answered = {line.clause for line in lines}
    return [clause for clause in clauses if clause not in answered]


def _deducted(missed: Sequence[Line], asked: int) -> int:
    """Clauses without a number of their own share 100 equally; the whole is rounded once, half up."""
    fixed = sum(line.deduction for line in missed if line.deduction is not None)
    equal = sum(line.deduction is None for line in missed)
    return fixed + (2 * FULL_POINTS * equal + asked) // (2 * asked)
