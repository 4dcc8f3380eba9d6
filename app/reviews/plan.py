"""Owns what a review plan may say and how it is drawn: steps as plain data in and out, faults, places. Pure.

A plan is a list of steps (`freshness.Step`). It is kept as written and never changed: a changed plan is a new one.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from app.core.errors import FieldError, Reason
from app.reviews.freshness import Kind, Need, Step

LIMIT_STEPS, LIMIT_ORDER, LIMIT_COUNT, LIMIT_TAGS = 12, 9, 9, 8
_TAG = re.compile(r"[a-z][a-z0-9_-]{0,29}")
# A box a step, one under the other, so that the picture is as readable on a phone; the line beside it forks and joins.
WIDTH, BOX_LEFT, BOX_WIDTH, BOX_HEIGHT, GAP, STAGE_GAP, RAIL = 360, 52, 306, 52, 10, 26, 18


def to_data(steps: Iterable[Step]) -> list[dict[str, Any]]:
    """Returns the steps as they are kept: plain values."""
    return [
        {
            "key": step.key,
            "kind": step.kind.value,
            "order": step.order,
            "department": step.department,
            "tags": list(step.tags),
            "need": step.need.value,
            "count": step.count,
            "is_required": step.is_required,
        }
        for step in steps
    ]


def from_data(data: Iterable[Mapping[str, Any]]) -> tuple[Step, ...]:
    """Returns the steps that were kept. Raises KeyError or ValueError for what `to_data` never wrote."""
    return tuple(
        Step(
            key=str(row["key"]),
            kind=Kind(row["kind"]),
            order=int(row["order"]),
            department=str(row["department"]),
            tags=tuple(row["tags"]),
            need=Need(row["need"]),
            count=int(row["count"]),
            is_required=bool(row["is_required"]),
        )
        for row in data
    )


def arranged(steps: Iterable[Step]) -> tuple[Step, ...]:
    """Returns the steps in their order, orders counted from 1 without gaps, each with a key of its own.

    The first step of a field has the field's name as key, so that a plan like the default one keeps its keys.
    """
    given = sorted(steps, key=lambda s: s.order)
    ranks = {order: rank for rank, order in enumerate(sorted({s.order for s in given}), 1)}
    seen: dict[Kind, int] = {}
    made = []
    for step in given:
        seen[step.kind] = seen.get(step.kind, 0) + 1
        number = seen[step.kind]
        key = step.kind.value if number == 1 else f"{step.kind.value}-{number}"
        made.append(replace(step, key=key, order=ranks[step.order]))
    return tuple(made)


def faults(steps: Sequence[Step], places: Sequence[int] = ()) -> list[FieldError]:
    """Returns what a plan may not say, each with the row of the form (`places`, else the position) it stands in.

    Somebody of Legal signs every change and somebody of IT everything technical (requirement 23): a plan may add to
    that and never take it away.
    """
    if not steps:
        return [FieldError("kind-0", Reason("review_plan.empty"))]
    rows = list(places) or list(range(len(steps)))
    found = []
    for row, step in zip(rows, steps, strict=True):
        if not 1 <= step.order <= LIMIT_ORDER:
            found.append(FieldError(f"order-{row}", Reason("review_plan.order", {"limit": LIMIT_ORDER})))
        if step.need is Need.COUNT and not 1 <= step.count <= LIMIT_COUNT:
            found.append(FieldError(f"count-{row}", Reason("review_plan.count", {"limit": LIMIT_COUNT})))
        if len(step.tags) > LIMIT_TAGS or not all(_TAG.fullmatch(tag) for tag in step.tags):
            found.append(FieldError(f"tags-{row}", Reason("review_plan.tags")))
    if len(steps) > LIMIT_STEPS:
        found.append(FieldError(f"kind-{rows[-1]}", Reason("review_plan.too_many", {"limit": LIMIT_STEPS})))
    for kind, key in ((Kind.LEGAL, "review_plan.no_legal"), (Kind.IT, "review_plan.no_it")):
        if not any(s.kind is kind and s.is_required and not s.tags for s in steps):
            found.append(FieldError("kind-0", Reason(key)))
    return found


def in_series(steps: Sequence[Step]) -> list[tuple[int, list[Step]]]:
    """Returns the steps by their order: what stands in one list runs side by side."""
    ordered = sorted(steps, key=lambda s: s.order)
    return [(order, list(group)) for order, group in groupby(ordered, key=lambda s: s.order)]


def is_turn(step: Step, steps: Sequence[Step], open_keys: Iterable[str]) -> bool:
    """Tells whether a step may be asked: no required step before it is open (`open_keys`)."""
    waiting = set(open_keys)
    return not any(s.order < step.order and s.is_required and s.key in waiting for s in steps)


@dataclass(frozen=True)
class Box:
    """One step of the picture: where its box stands."""

    step: Step
    y: int

    @property
    def middle(self) -> int:
        """Returns the height at which the line reaches the box."""
        return self.y + BOX_HEIGHT // 2


@dataclass(frozen=True)
class Band:
    """Steps that run side by side, between `top` and `bottom`."""

    order: int
    boxes: tuple[Box, ...]

    @property
    def top(self) -> int:
        """Returns where its line begins."""
        return self.boxes[0].middle

    @property
    def bottom(self) -> int:
        """Returns where its line ends."""
        return self.boxes[-1].middle


@dataclass(frozen=True)
class Picture:
    """A plan as bands one under the other; sizes in the units of the drawing."""

    bands: tuple[Band, ...]
    width: int
    height: int
    left: int = BOX_LEFT
    box_width: int = BOX_WIDTH
    box_height: int = BOX_HEIGHT
    rail: int = RAIL


def picture(steps: Sequence[Step]) -> Picture:
    """Returns where each step of a plan is drawn."""
    bands, y = [], 2
    for order, group in in_series(steps):
        boxes = []
        for step in group:
            boxes.append(Box(step, y))
            y += BOX_HEIGHT + GAP
        bands.append(Band(order, tuple(boxes)))
        y += STAGE_GAP - GAP
    return Picture(tuple(bands), WIDTH, max(y - STAGE_GAP, 0) + 2)
