"""Owns the sample content of the style guide page. Nothing here is read by any other page."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

from flask_babel import gettext as _
from wtforms import BooleanField, DecimalField, RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from app.core import clock
from app.web.charts import Series, line_chart
from app.web.forms import AtMost, HouseForm, Required, Within
from app.web.language import pick
from app.web.paging import Page
from app.web.shapes import Dot, Range, bar_strip, quadrant, ranges

PHASES = ("listen", "listen", "shape", "shape", "try", "live", "live", "live", "closed")


class SampleForm(HouseForm):
    """One field of each kind, sent nowhere."""

    why = TextAreaField(validators=[Required(), AtMost(60)])
    target = DecimalField(validators=[Within(1, 72)])
    metric = SelectField(choices=["reply", "resolve"])
    feasible = RadioField(choices=["yes", "no"], validators=[Optional()])
    editorial = BooleanField()


def samples() -> dict[str, Any]:
    """Returns the values of the style guide page in the reader's language."""
    return {
        "steps": _steps(),
        "segments": _segments(),
        "pilot_chart": _pilot_chart(),
        "strip": bar_strip(
            [(f"{m}", v) for m, v in enumerate((84, 82, None, 86, 88, 87, 79, 85, 90, 91, 89, 91), 1)], 85
        ),
        "clause_ranges": _clause_ranges(),
        "plot": _plot(),
        "sample_form": _sample_form(),
        "sample_page": Page(items=range(50), number=4, total=412),
        "soon": clock.today() + dt.timedelta(days=2),
        "later": clock.today() + dt.timedelta(days=9),
        "late": clock.today() - dt.timedelta(days=1),
    }


def _steps() -> list[SimpleNamespace]:
    names = [_("Proposed"), _("Scored"), _("Drafting"), _("Review"), _("Pilot"), _("Publish"), _("Training")]
    names += [_("Monitoring"), _("Archived")]
    metas = [
        pick("王芳 · 3月2日", "Wang Fang · 2 Mar"),
        pick("第 1 名 · 4.4 分", "Rank 1 · 4.4"),
        pick("李明 · 5 条", "Li Ming · 5 clauses"),
    ]
    metas += [pick("法务待处理 · 第 2 天", "Legal to act · day 2")] + [""] * 5
    states = ["done"] * 3 + ["now"] + ["next"] * 5
    return [
        SimpleNamespace(name=name, phase=phase, state=state, meta=meta, url=None)
        for name, phase, state, meta in zip(names, PHASES, states, metas, strict=True)
    ]


def _segments() -> list[tuple[str, str]]:
    zh = [
        ("equal", "退换货申请应在 "),
        ("delete", "24"),
        ("insert", "12"),
        ("equal", " 小时内答复客户"),
        ("insert", "；审核通过的，退款应在 3 个工作日内原路退回"),
        ("equal", "。"),
    ]
    en = [
        ("equal", "Answer every return request within "),
        ("delete", "24"),
        ("insert", "12"),
        ("equal", " hours"),
        ("insert", "; once approved, refund to the original account within 3 working days"),
        ("equal", "."),
    ]
    return zh if pick("zh", "en") == "zh" else en


def _pilot_chart() -> Any:
    weeks = [_("Week %(number)s", number=n) for n in range(1, 9)]
    pilot = (77, 78, 83, 86, 88, 90, 89, 91)
    return line_chart(
        weeks,
        [
            Series(_("Pilot group"), pilot, [v - 3 for v in pilot], [v + 3 for v in pilot]),
            Series(_("Comparison group"), (78, 77, 79, 76, None, 80, 79, 78)),
        ],
        target=85,
    )


def _clause_ranges() -> Any:
    rows = (
        ("CS-04-C07", 71, 66, 76, 312),
        ("CS-01-C02", 88, 85, 91, 415),
        ("CS-02-C05", 94.2, 92.6, 95.5, 1204),
    )
    return ranges([Range(*row) for row in rows], target=85)


def _plot() -> Any:
    dots = (
        ("26-014", 4.6, 4.2, "S"),
        ("26-017", 3.2, 4.5, "M"),
        ("26-011", 2.0, 2.4, "L"),
        ("26-018", 4.5, 4.1, "M"),
    )
    return quadrant([Dot(*dot) for dot in dots])


def _sample_form() -> SampleForm:
    form = SampleForm(formdata=None, data={"metric": "reply"})
    form.why.label.text = pick("问题是什么？", "What is the problem?")
    form.target.label.text = pick("目标值", "Target")
    form.metric.label.text = pick("指标", "Metric")
    form.metric.choices = [
        SelectChoice("reply", pick("首次响应时间", "first reply time")),
        SelectChoice("resolve", pick("解决时效", "resolution time")),
    ]
    form.feasible.label.text = pick("做得到吗？", "Is it feasible?")
    form.feasible.choices = [
        SelectChoice("yes", pick("可以", "Feasible")),
        SelectChoice("part", pick("有条件", "With conditions")),
        SelectChoice("no", pick("不可以", "Not")),
    ]
    form.editorial.label.text = pick("只是文字性修改", "Only an editorial change")
    form.target.errors = [pick("写上目标值，例如 10", "Enter a target, for example 10")]
    return form
