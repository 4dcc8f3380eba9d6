"""Owns the words of a pilot's result: its two sentences, the rows of its table, the table as a file. Computes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from app.pilots.models import Pilot, PilotResult
from app.pilots.verdict import Verdict
from app.pilots.words import VERDICT_KINDS, VERDICT_SIGNS, VERDICT_WORDS
from app.standards import measure_words
from app.standards.measures import Measure
from app.web.formats import percent

MINUS = "−"


@dataclass(frozen=True)
class Row:
    """One measure of the result as the table shows it."""

    name: str
    is_main: bool
    before: str
    during: str
    comparison: str
    net: str
    verdict: str
    sign: str
    kind: str
    contacts: int


def rows_of(result: PilotResult) -> list[Row]:
    """Returns the measures of a result, the main one first."""
    return [_row(numbers) for numbers in result.numbers["measures"]]


def verdict_of(result: PilotResult) -> Verdict:
    """Returns what a result says."""
    return Verdict(result.verdict)


def sentences(result: PilotResult) -> list[str]:
    """Returns the result in plain sentences: difference with its range, chance, the guards; empty without numbers."""
    measures = result.numbers["measures"]
    main = next((m for m in measures if m["is_main"]), None)
    if main is None or "net" not in main:
        return [_("Too few contacts in at least one group to say anything.")]
    points = round(100 * main["net"])
    words = _("more") if points >= 0 else _("fewer")
    said = [
        _(
            "In the pilot group %(during)s of contacts kept the target, before it was %(before)s.",
            during=_share(main["pilot_during"]),
            before=_share(main["pilot_before"]),
        ),
        _(
            "Set against the comparison group that is %(points)s percentage points %(more)s (95%% range: %(low)s to %(high)s).",
            points=abs(points),
            more=words,
            low=_signed(main["low"]),
            high=_signed(main["high"]),
        ),
        chance_words(main["p"]),
    ]
    return [*said, *_guards(measures)]


def chance_words(p: float) -> str:
    """Returns in plain words how often chance alone would show so large a difference."""
    if p < 0.001:
        return str(
            _("If the groups did not differ, so large a gap would come up less than once in 1 000 times.")
        )
    if p >= 0.5:
        return str(_("If the groups did not differ, such a gap would come up more often than not."))
    words = _(
        "If the groups did not differ, such a gap would come up about once in %(times)s times.",
        times=round(1 / p),
    )
    return str(words)


def table_of(pilot: Pilot, result: PilotResult) -> tuple[list[str], list[list[object]]]:
    """Returns head and rows of the result as a table of plain numbers."""
    head = [
        "measure", "main", "pilot_before_kept", "pilot_before_n", "pilot_during_kept", "pilot_during_n",
        "comparison_before_kept", "comparison_before_n", "comparison_during_kept", "comparison_during_n",
        "net_difference", "low_95", "high_95", "p", "method", "verdict", "until",
    ]  # fmt: skip
    rows: list[list[object]] = []
    for m in result.numbers["measures"]:
        counts = [
            n
            for key in ("pilot_before", "pilot_during", "comparison_before", "comparison_during")
            for n in m[key]
        ]
        found = [m.get(key, "") for key in ("net", "low", "high", "p", "method", "verdict")]
        name = measure_words.measure_sentence(Measure.from_data(m["measure"]))
        rows.append([name, "yes" if m["is_main"] else "no", *counts, *found, result.until.isoformat()])
    return head, rows


def _guards(measures: list[dict[str, Any]]) -> list[str]:
    guards = [m for m in measures if not m["is_main"]]
    worse = [_name(m) for m in guards if m["verdict"] == Verdict.WORSE]
    if worse:
        return [_("Got worse: %(names)s.", names=_("; ").join(worse))]
    return [_("None of the other measures watched got worse.")] if guards else []


def _row(m: Mapping[str, Any]) -> Row:
    verdict = Verdict(m["verdict"])
    change = _value(m["comparison_during"]) - _value(m["comparison_before"])
    return Row(
        name=_name(m),
        is_main=bool(m["is_main"]),
        before=_share(m["pilot_before"]),
        during=_share(m["pilot_during"]),
        comparison=_signed(change),
        net=_net(m),
        verdict=str(VERDICT_WORDS[verdict]),
        sign=VERDICT_SIGNS[verdict],
        kind=VERDICT_KINDS[verdict],
        contacts=m["pilot_during"][1] + m["comparison_during"][1],
    )


def _net(m: Mapping[str, Any]) -> str:
    if "net" not in m:
        return "–"
    net, low, high = (_signed(m[key]) for key in ("net", "low", "high"))
    return str(_("%(net)s (%(low)s to %(high)s)", net=net, low=low, high=high))


def _name(m: Mapping[str, Any]) -> str:
    return measure_words.measure_short(Measure.from_data(m["measure"]))


def _value(counts: list[int]) -> float:
    return counts[0] / counts[1] if counts[1] else 0.0


def _share(counts: list[int]) -> str:
    return percent(counts[0], counts[1]) if counts[1] else "–"


def _signed(value: float) -> str:
    points = round(100 * value)
    return f"+{points}" if points > 0 else f"{MINUS}{-points}" if points < 0 else "0"
