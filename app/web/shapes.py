"""Owns the geometry of the smaller drawings: month strips, ranges with whiskers, the four-quadrant plot. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.web.charts import marker

STRIP_WIDTH, STRIP_HEIGHT, BAR_GAP = 240, 56, 3
RANGE_WIDTH, RANGE_ROW, RANGE_LEFT, RANGE_RIGHT = 720, 32, 180, 140
PLOT = 420
PLOT_MARGIN = 44
NEAR = 26
LABEL_GAP = 12
LABEL_WIDTH = 66  # six signs in the size of a phone, which app.css sets


@dataclass(frozen=True)
class Bar:
    """One bar of a strip; `kept` tells whether the target was met, None where there is no number or no target."""

    x: float
    y: float
    width: float
    height: float
    name: str
    value: float | None
    kept: bool | None


@dataclass(frozen=True)
class Strip:
    """Twelve months (or fewer) as bars from zero, numbers in percent."""

    width: int
    height: int
    bars: tuple[Bar, ...]
    target_y: float | None
    target: float | None


def bar_strip(values: Sequence[tuple[str, float | None]], target: float | None = None) -> Strip:
    """Returns bars of (name, percent or None for too few cases) on a scale from 0 to 100."""
    count = max(1, len(values))
    width = (STRIP_WIDTH - BAR_GAP * (count - 1)) / count
    bars = []
    for index, (name, value) in enumerate(values):
        height = STRIP_HEIGHT * (value or 0) / 100
        kept = None if value is None or target is None else value >= target
        x = index * (width + BAR_GAP)
        bars.append(Bar(_r(x), _r(STRIP_HEIGHT - height), _r(width), _r(height), name, value, kept))
    target_y = None if target is None else _r(STRIP_HEIGHT * (1 - target / 100))
    return Strip(STRIP_WIDTH, STRIP_HEIGHT, tuple(bars), target_y, target)


@dataclass(frozen=True)
class Range:
    """One row: a share with its whisker, in percent. `n` is the number of cases behind it."""

    name: str
    point: float
    low: float
    high: float
    n: int
    y: float = 0.0
    x: float = 0.0
    x_low: float = 0.0
    x_high: float = 0.0


@dataclass(frozen=True)
class Ranges:
    """Rows of shares below each other on one axis. `starts_at` is where the axis begins."""

    width: int
    height: int
    left: float
    right: float
    rows: tuple[Range, ...]
    ticks: tuple[tuple[float, int], ...]
    target_x: float | None
    target: float | None
    starts_at: int


def ranges(rows: Sequence[Range], target: float | None = None) -> Ranges:
    """Returns the geometry of shares with their intervals; the axis ends at 100 and begins at a round number."""
    lowest = min([row.low for row in rows] + ([] if target is None else [target]), default=0)
    begin = 0 if lowest < 40 else int(lowest // 10) * 10
    if begin >= 100:
        begin = 90
    left, right = RANGE_LEFT, RANGE_WIDTH - RANGE_RIGHT

    def x(value: float) -> float:
        return _r(left + (right - left) * (value - begin) / (100 - begin))

    placed = tuple(
        Range(r.name, r.point, r.low, r.high, r.n, 16.0 + i * RANGE_ROW, x(r.point), x(r.low), x(r.high))
        for i, r in enumerate(rows)
    )
    step = 10 if begin >= 50 else 20
    ticks = tuple((x(value), value) for value in range(begin, 101, step))
    height = RANGE_ROW * len(rows) + 28
    target_x = None if target is None else x(target)
    return Ranges(RANGE_WIDTH, height, left, right, placed, ticks, target_x, target, begin)


@dataclass(frozen=True)
class Dot:
    """A revision on the four-quadrant plot: urgency to the right, impact upwards, both 1 to 5; cost S, M or L."""

    name: str
    urgency: float
    impact: float
    cost: str
    url: str = ""


@dataclass(frozen=True)
class PlacedDot:
    """A dot with its marker's path; `labelled` is false where its label would lie on another one.

    `label_x` is where the label begins, or ends where `is_left` puts it left of the marker.
    """

    dot: Dot
    x: float
    y: float
    path: str
    labelled: bool
    label_x: float
    is_left: bool


@dataclass(frozen=True)
class Quadrant:
    """The four-quadrant plot (S2's urgent and important); what is not labelled must be listed beside it."""

    size: int
    low: float
    high: float
    middle: float
    dots: tuple[PlacedDot, ...]

    @property
    def beside(self) -> tuple[PlacedDot, ...]:
        """Returns the dots whose label found no room."""
        return tuple(placed for placed in self.dots if not placed.labelled)


COST_SHAPES = {"S": ("circle", 5.0), "M": ("square", 7.0), "L": ("diamond", 9.0)}


def quadrant(dots: Sequence[Dot]) -> Quadrant:
    """Returns the geometry of the plot. Raises KeyError for a cost other than S, M, L."""
    low, high = PLOT_MARGIN, PLOT - PLOT_MARGIN
    placed: list[PlacedDot] = []
    for dot in dots:
        x = _r(low + (high - low) * (dot.urgency - 1) / 4)
        y = _r(high - (high - low) * (dot.impact - 1) / 4)
        is_left = x + LABEL_GAP + LABEL_WIDTH > PLOT  # at the right edge it would be cut off
        label_x = x - LABEL_GAP if is_left else x + LABEL_GAP
        begins = label_x - LABEL_WIDTH if is_left else label_x
        clash = any(
            abs(_begins(o) - begins) < LABEL_WIDTH and abs(o.y - y) < NEAR * 0.7 for o in placed if o.labelled
        )
        shape, size = COST_SHAPES[dot.cost]
        placed.append(PlacedDot(dot, x, y, marker(shape, x, y, size), not clash, label_x, is_left))
    return Quadrant(PLOT, low, high, (low + high) / 2, tuple(placed))


def _begins(placed: PlacedDot) -> float:
    return placed.label_x - LABEL_WIDTH if placed.is_left else placed.label_x


def _r(value: float) -> float:
    return round(value, 1)
