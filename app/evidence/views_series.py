"""Owns the pages of figures that come from elsewhere: which series there are, and one with its chart and sources."""

from decimal import Decimal

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.core.access import Permission, requires
from app.evidence import series
from app.evidence.pages import evidence
from app.web.charts import LineChart, Series, line_chart
from app.web.filters import iso_day


@evidence.get("/e/metrics")
@requires(Permission.READ_EVIDENCE)
def metrics_page() -> ResponseReturnValue:
    """Shows the series of figures with the newest value of each."""
    return render_template("evidence/metrics.html", lines=series.all_series())


@evidence.get("/e/metrics/figures")
@requires(Permission.READ_EVIDENCE)
def metric_page() -> ResponseReturnValue:
    """Shows one series, `?measure=&team=&region=`: a chart, and every figure with its source."""
    given = [request.args.get(name, "") for name in ("measure", "team", "region")]
    found = series.points(*given)
    newest = found[0]
    drawn = [point for point in reversed(found) if point.unit == newest.unit]
    return render_template(
        "evidence/metric.html",
        newest=newest,
        points=found,
        other_units=len(found) - len(drawn),
        chart=_chart(newest.measure, [(iso_day(p.day), p.value) for p in drawn], newest.unit)
        if len(drawn) > 1
        else None,
        most=series.MOST_SHOWN,
    )


def _chart(name: str, drawn: list[tuple[str, str]], unit: str) -> LineChart:
    values = tuple(float(Decimal(value)) for _day, value in drawn)
    # An axis of shares ends at 100; what is more than that, or less than none, is no share.
    sign = unit if unit != "%" or all(0 <= value <= 100 for value in values) else " %"
    return line_chart(
        [day[5:] for day, _value in drawn],
        [Series(name, values)],
        unit=sign if sign == "%" else f" {unit}".rstrip(),
    )
