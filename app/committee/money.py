"""Owns the arithmetic of budget lines and how money is written. Pure; amounts are in minor units, fen or cents."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

MOST = 10**13
"""No entry is larger: 100,000,000,000 of the currency."""


@dataclass(frozen=True)
class Totals:
    """One line of the budget. `committed` is what is promised and not yet paid, never below zero for one revision."""

    allocated: int
    committed: int
    spent: int

    @property
    def left(self) -> int:
        """Returns what is left; negative when the line is over its limit."""
        return self.allocated - self.committed - self.spent

    @property
    def is_over(self) -> bool:
        """Tells whether more is committed and spent than was allocated."""
        return self.left < 0


def totals(allocated: int, entries: Iterable[tuple[int | None, bool, int]]) -> Totals:
    """Adds up entries of (revision id, is it spent, amount): what a revision spends takes down what it had committed.

    Entries without a revision stand for themselves.
    """
    committed: dict[int | None, int] = {}
    spent: dict[int | None, int] = {}
    for revision_id, is_spent, amount in entries:
        side = spent if is_spent else committed
        side[revision_id] = side.get(revision_id, 0) + amount
    still = sum(
        max(0, amount - spent.get(revision_id, 0)) if revision_id is not None else amount
        for revision_id, amount in committed.items()
    )
    return Totals(allocated, still, sum(spent.values()))


def read_money(text: str) -> int | None:
    """Returns an amount in minor units from `12000`, `12,000.50` or `-300`; None for anything else."""
    try:
        value = Decimal(text.strip().replace(",", "").replace("，", ""))
    except InvalidOperation:
        return None
    if not value.is_finite() or abs(value) > MOST // 100 or value != round(value, 2):
        return None
    return int(value * 100)


def money_text(amount: int) -> str:
    """Writes an amount for people: `12,000`, `-300.50`."""
    whole = f"{abs(amount) // 100:,}"
    cents = f".{abs(amount) % 100:02d}" if amount % 100 else ""
    return f"{'-' if amount < 0 else ''}{whole}{cents}"
