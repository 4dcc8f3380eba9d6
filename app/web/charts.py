"""Owns the geometry of all charts. Pure: takes numbers and words, gives coordinates; draws nothing, knows no request."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 720, 280
LEFT, TOP, BOTTOM = 52, 16, 36
LABEL_GAP = 16
# Presentation attributes repeat the light theme's colours, for print and PDF where page styles do not reach.
COLOURS = ("#1F6FD0", "#A35F00", "#0B5A40", "#5B6775")
DASHES = ("", "7 4", "2 4", "10 3 2 3")
SHAPES = ("circle", "square", "diamond", "triangle")
MAX_SERIES = 4
LEAST_SPAN = 4.0


@dataclass(frozen=True)
class Series:
    """One line of numbers, one for each place on the x axis; None is a gap. `low` and `high` bound its interval."""

    name: str
    values: Sequence[float | None]
    low: Sequence[float | None] = ()
    high: Sequence[float | None] = ()


@dataclass(frozen=True)
class Mark:
    """A point of a line. `shape` is the path of its marker round (x, y)."""

    x: float
    y: float
    value: float
    shape: str


@dataclass(frozen=True)
class Line:
    """A drawn series: `paths` are unbroken pieces, `bands` the interval polygons, the label stands at its end."""

    name: str
    style: int
    colour: str
    dash: str
    paths: tuple[str, ...]
    bands: tuple[str, ...]
    marks: tuple[Mark, ...]
    label_x: float
    label_y: float
    last: float | None


@dataclass(frozen=True)
class Tick:
    """A place on an axis with its number or word."""

    place: float
    value: float
    words: str


@dataclass(frozen=True)
class LineChart:
    """Everything a template needs to draw lines over time. `starts_at` is where the y axis begins."""

    width: int
    height: int
    left: float
    right: float
    top: float
    base: float
    ticks: tuple[Tick, ...]
    places: tuple[Tick, ...]
    lines: tuple[Line, ...]
    target_y: float | None
    target: float | None
    starts_at: float
    unit: str
    columns: tuple[str, ...]
    series: tuple[Series, ...]

    @property
    def is_empty(self) -> bool:
        """Tells whether there is no number at all to draw."""
        return not any(line.marks for line in self.lines)


def line_chart(
    columns: Sequence[str], series: Sequence[Series], *, unit: str = "%", target: float | None = None
) -> LineChart:
    """Returns the geometry of up to four lines over the same columns, numbers in the unit shown.

    Raises ValueError for more than four series or for a series of another length than the columns.
    """
    _check(columns, series)
    low, high, step = _scale(_all_numbers(series, target), ceiling=100 if unit == "%" else None)
    right, base = WIDTH - _label_room(series, unit), HEIGHT - BOTTOM

    def x(index: int) -> float:
        return _r(LEFT + (right - LEFT) * (index / (len(columns) - 1) if len(columns) > 1 else 0.5))

    def y(value: float) -> float:
        return _r(base - (base - TOP) * (value - low) / (high - low))

    ticks = tuple(Tick(y(value), value, number_words(value) + unit) for value in _steps(low, high, step))
    every = max(1, math.ceil(len(columns) / 10))
    shown = [i for i in range(len(columns)) if i % every == 0]
    places = tuple(Tick(x(i), float(i), columns[i]) for i in shown)
    ends = _spread([y(_last(one)) if _last(one) is not None else None for one in series], TOP, base)  # type: ignore[arg-type]
    lines = tuple(
        _line(one, number, [x(i) for i in range(len(columns))], y, end)
        for number, (one, end) in enumerate(zip(series, ends, strict=True))
    )
    return LineChart(
        WIDTH, HEIGHT, LEFT, right, TOP, base, ticks, places, lines,
        None if target is None else y(target), target, low, unit, tuple(columns), tuple(series),
    )  # fmt: skip


def number_words(value: float) -> str:
    """Writes a number without needless zeros, at most two decimals."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _label_room(series: Sequence[Series], unit: str) -> float:
    """Returns the pixels to keep at the right for the longest label, by its letters: Han 12 wide, others 7.5."""
    labels = [f"{one.name} {number_words(_last(one) or 0)}{unit}" for one in series]
    widest = max((sum(12 if ord(c) > 0x2E7F else 7.5 for c in label) for label in labels), default=0)
    return min(max(64, widest + 20), WIDTH / 3)


def _check(columns: Sequence[str], series: Sequence[Series]) -> None:
    if len(series) > MAX_SERIES:
        raise ValueError(f"at most {MAX_SERIES} series can be told apart")
    for one in series:
        if len(one.values) != len(columns):
            raise ValueError(f"{one.name} has {len(one.values)} values for {len(columns)} columns")


def _all_numbers(series: Sequence[Series], target: float | None) -> list[float]:
    found = [n for one in series for part in (one.values, one.low, one.high) for n in part if n is not None]
    return found + ([] if target is None else [target])


def _scale(numbers: Sequence[float], ceiling: float | None) -> tuple[float, float, float]:
    """Returns begin, end and step of an axis: round steps, about five of them, zero and the ceiling respected."""
    if not numbers:
        return 0.0, ceiling or 1.0, (ceiling or 1.0) / 4
    low, high = min(numbers), max(numbers)
    # A nearly flat line must not be blown up to fill the plot: shares span at least four points.
    least = LEAST_SPAN if ceiling is not None else (abs(high) * 0.1 or 1.0)
    if high - low < least:
        high = low + least
        if ceiling is not None and max(numbers) <= ceiling < high:
            low, high = ceiling - least, ceiling
    # An axis that would begin close to zero begins at zero: less to explain.
    if 0 <= low <= (high - low) * 0.5:
        low = 0.0
    step = _round_step((high - low) / 4.5)
    begin, end = math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step
    if ceiling is not None and max(numbers) <= ceiling:
        end = min(end, ceiling)
    return round(begin, 9), round(end, 9), step


def _round_step(raw: float) -> float:
    size = 10.0 ** math.floor(math.log10(raw))
    return next(size * nice for nice in (1, 2, 2.5, 5, 10) if size * nice >= raw * 0.999)


def _steps(low: float, high: float, step: float) -> list[float]:
    count = math.floor((high - low) / step + 1e-9)
    return [round(low + step * i, 9) for i in range(count + 1)]


def _line(one: Series, number: int, xs: list[float], y: Callable[[float], float], end: float | None) -> Line:
    points = [None if v is None else (xs[i], y(v)) for i, v in enumerate(one.values)]
    marks = tuple(
        Mark(p[0], p[1], float(v), marker(SHAPES[number], *p))
        for p, v in zip(points, one.values, strict=True)
        if p is not None and v is not None
    )
    paths = tuple(
        "M" + "L".join(f"{px} {py}" for px, py in piece) for piece in _pieces(points) if len(piece) > 1
    )
    return Line(
        one.name, number + 1, COLOURS[number], DASHES[number], paths, _bands(one, xs, y), marks,
        _r((marks[-1].x if marks else xs[-1] if xs else LEFT) + 10), end if end is not None else TOP, _last(one),
    )  # fmt: skip


def _bands(one: Series, xs: list[float], y: Callable[[float], float]) -> tuple[str, ...]:
    if not one.low or not one.high:
        return ()
    edges = [
        None if low is None or high is None else (xs[i], y(low), y(high))
        for i, (low, high) in enumerate(zip(one.low, one.high, strict=True))
    ]
    made = []
    for piece in _pieces(edges):
        upper = [f"{edge[0]},{edge[2]}" for edge in piece]
        lower = [f"{edge[0]},{edge[1]}" for edge in reversed(piece)]
        made.append(" ".join(upper + lower))
    return tuple(made)


def _pieces(points: Sequence[tuple[float, ...] | None]) -> list[list[tuple[float, ...]]]:
    """Cuts a list at its gaps; pieces are never empty."""
    pieces: list[list[tuple[float, ...]]] = [[]]
    for point in points:
        if point is None:
            pieces.append([])
        else:
            pieces[-1].append(point)
    return [piece for piece in pieces if piece]


def _last(one: Series) -> float | None:
    return next((v for v in reversed(one.values) if v is not None), None)


def _spread(wished: Sequence[float | None], top: float, base: float) -> list[float | None]:
    """Moves labels apart until none lies on another, staying inside the plot and in their order."""
    order = sorted((place, i) for i, place in enumerate(wished) if place is not None)
    placed: list[float | None] = list(wished)
    previous = top - LABEL_GAP
    for place, i in order:
        previous = max(place, previous + LABEL_GAP)
        placed[i] = previous
    limit = base
    for _place, i in reversed(order):
        placed[i] = _r(min(placed[i] or limit, limit))
        limit = (placed[i] or limit) - LABEL_GAP
    return placed


def marker(shape: str, x: float, y: float, size: float = 4.0) -> str:
    """Returns the path of a marker; the shapes differ so that colour never stands alone."""
    if shape == "circle":
        return f"M{_r(x - size)} {y}a{size} {size} 0 1 0 {2 * size} 0a{size} {size} 0 1 0 {-2 * size} 0Z"
    if shape == "square":
        return f"M{_r(x - size)} {_r(y - size)}h{2 * size}v{2 * size}h{-2 * size}Z"
    if shape == "diamond":
        return (
            f"M{x} {_r(y - size - 1)}L{_r(x + size + 1)} {y}L{x} {_r(y + size + 1)}L{_r(x - size - 1)} {y}Z"
        )
    return f"M{x} {_r(y - size - 1)}L{_r(x + size + 1)} {_r(y + size)}L{_r(x - size - 1)} {_r(y + size)}Z"


def _r(value: float) -> float:
    """Rounds a coordinate; whole numbers lose nothing, the page loses weight."""
    return round(value, 1)
