"""Owns the words of measures in both languages: metrics, units, and the sentence that says what must be kept."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask_babel import gettext, lazy_pgettext
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext as _counted

from app.standards.comparison import same_unit
from app.standards.measures import Clock, Comparison, Kind, Measure, Unit, number_text
from app.standards.targets import TargetChange

# metric -> its name, and for a time what happens to a contact inside it
METRIC_WORDS: dict[str, Any] = {
    "first_reply_time": _l("First reply"),
    "resolution_time": _l("Resolution"),
    "phone_answer_time": _l("Picking up the phone"),
    "handover_time": _l("Hand-over to a person"),
    "refund_time": _l("Refund"),
    "fcr": _l("First-contact resolution"),
    "csat": _l("Customer satisfaction"),
    "followup_share": _l("Follow-up"),
    "bot_accuracy": _l("Right answers of the bot"),
    "reopen_rate": _l("Contacts opened again"),
    "handling_time": _l("Average handling time"),
    "escalation_rate": _l("Escalations"),
    "reply_gap": _l("Gap between messages"),
    "abandon_rate": _l("Calls given up"),
    "notice_time": _l("Telling customers first"),
    "quality_score": _l("Quality score"),
    "forecast_error": _l("Error of the forecast"),
    "pass_share": _l("Newcomers who pass"),
}
HAPPENS_WORDS: dict[str, Any] = {
    "first_reply_time": _l("get a first reply"),
    "resolution_time": _l("are solved"),
    "phone_answer_time": _l("are picked up"),
    "handover_time": _l("reach a person"),
    "refund_time": _l("are refunded"),
    "reply_gap": _l("get the next message"),
    "notice_time": _l("are told by us"),
}
ABOUT_NO_CONTACT = frozenset({"forecast_error", "pass_share"})
"""Metrics that count days or people, so that their sentence names no contacts."""
KIND_WORDS: dict[Kind, Any] = {
    Kind.PROMISE: _l("Promise to customers"),
    Kind.INTERNAL: _l("Internal target"),
    Kind.GOAL: _l("Goal"),
}
PLACE_WORDS: dict[str, Any] = {
    "phone": lazy_pgettext("contacts", "phone"),
    "chat": lazy_pgettext("contacts", "chat"),
    "email": lazy_pgettext("contacts", "e-mail"),
    "wechat": lazy_pgettext("contacts", "official account"),
    "app": lazy_pgettext("contacts", "app"),
    "web": lazy_pgettext("contacts", "web"),
    "ordinary": lazy_pgettext("contacts", "ordinary"),
    "urgent": lazy_pgettext("contacts", "urgent"),
    "simple": lazy_pgettext("contacts", "simple"),
    "complex": lazy_pgettext("contacts", "complex"),
    "bot": lazy_pgettext("contacts", "bot"),
    "callback": lazy_pgettext("contacts", "call-back"),
    "complaint": lazy_pgettext("contacts", "complaint"),
    "escalation": lazy_pgettext("contacts", "escalation"),
    "exchange": lazy_pgettext("contacts", "exchange"),
    "refund": lazy_pgettext("contacts", "refund"),
    "returns": lazy_pgettext("contacts", "return"),
    "privacy": lazy_pgettext("contacts", "privacy"),
    "east": lazy_pgettext("contacts", "East China"),
    "north": lazy_pgettext("contacts", "North China"),
    "south": lazy_pgettext("contacts", "South China"),
    "vip": lazy_pgettext("contacts", "key account"),
    "personal": lazy_pgettext("contacts", "personal"),
    "business": lazy_pgettext("contacts", "business"),
    "social": lazy_pgettext("contacts", "social media"),
    "transfer": lazy_pgettext("contacts", "transferred"),
    "second_line": lazy_pgettext("contacts", "second-line"),
    "remote": lazy_pgettext("contacts", "remote help"),
    "dropped_call": lazy_pgettext("contacts", "broken-off"),
    "peak_callback": lazy_pgettext("contacts", "peak call-back"),
    "suggestion": lazy_pgettext("contacts", "suggestion"),
    "logistics": lazy_pgettext("contacts", "delivery"),
    "recall": lazy_pgettext("contacts", "recall"),
    "missed_promise": lazy_pgettext("contacts", "missed-promise"),
}


def ngettext(one: str, many: str, number: object, **values: object) -> str:
    """Returns the words for a number in the reader's language."""
    return str(_counted(one, many, number, **values))


def _(words: str, **values: object) -> str:
    """Returns the words in the reader's language; the library itself promises no type."""
    return str(gettext(words, **values))


def metric_words(metric: str) -> str:
    """Returns the name of what a measure counts; an unknown metric is shown as it is written."""
    return str(METRIC_WORDS[metric]) if metric in METRIC_WORDS else metric.replace("_", " ")


def unit_words(unit: Unit | str, value: Decimal | float | int = 2) -> str:
    """Returns the unit for a value: `hour`, `hours`, `小时`; per cent and points too."""
    count = 1 if Decimal(str(value)) == 1 else 2
    match Unit(unit):
        case Unit.SECOND:
            return ngettext("second", "seconds", count)
        case Unit.MINUTE:
            return ngettext("minute", "minutes", count)
        case Unit.HOUR:
            return ngettext("hour", "hours", count)
        case Unit.DAY:
            return ngettext("day", "days", count)
        case Unit.WORKING_DAY:
            return ngettext("working day", "working days", count)
        case Unit.PERCENT:
            return "%"
        case Unit.TIMES:
            return ngettext("time", "times", count)
        case Unit.POINT:
            return ngettext("point", "points", count)


def value_words(value: Decimal, unit: Unit | str) -> str:
    """Returns a value with its unit: `12 hours`, `12 小时`, `85%`."""
    words = unit_words(unit, value)
    number = number_text(value)
    return f"{number}%" if words == "%" else _("%(number)s %(unit)s", number=number, unit=words)


def with_peak(words: str, peak_value: Decimal | None, unit: Unit | str) -> str:
    """Returns words about a target, with the value of peak seasons behind them where there is one."""
    if peak_value is None:
        return words
    return _("%(target)s (%(value)s in a peak season)", target=words, value=value_words(peak_value, unit))


def target_words(
    value: Decimal | None,
    unit: Unit | str | None,
    share_percent: Decimal | None,
    peak_value: Decimal | None = None,
) -> str | None:
    """Returns a target as a cell shows it: `12 hours, 90%`; None when there is none."""
    if value is None or unit is None:
        return None
    words = value_words(value, unit)
    if share_percent is not None:
        words = _("%(value)s, %(share)s%%", value=words, share=number_text(share_percent))
    return with_peak(words, peak_value, unit)


def target_sides(change: TargetChange) -> tuple[str | None, str | None, str]:
    """Returns the old side, the new side and the unit behind both, for the row `24 -> 12 hours`; None is no target."""
    if change.old_value is not None and change.new_value is not None and same_unit(change):
        old, new = number_text(change.old_value), number_text(change.new_value)
        unit = unit_words(change.new_unit or Unit.TIMES, change.new_value)
        return (f"{old}%", f"{new}%", "") if unit == "%" else (old, new, unit)
    was = change.old_value, change.old_unit, change.old_share_percent, change.old_peak_value
    becomes = change.new_value, change.new_unit, change.new_share_percent, change.new_peak_value
    return target_words(*was), target_words(*becomes), ""


def who_words(measure: Measure) -> str:
    """Returns which contacts a measure counts: `urgent contacts by phone`; all contacts without a filter."""
    kinds = [*measure.priorities, *measure.complexities, *measure.categories, *measure.groups]
    places = [*measure.channels, *measure.regions]
    words = _(", ").join(_place(k) for k in kinds)
    named = _("%(kinds)s contacts", kinds=words) if kinds else _("contacts")
    if not places:
        return named
    return _("%(contacts)s (%(places)s)", contacts=named, places=_(", ").join(_place(p) for p in places))


def measure_sentence(measure: Measure | Mapping[str, object]) -> str:
    """Returns what must be kept as one sentence: "90% of urgent contacts get a first reply within 5 minutes"."""
    made = measure if isinstance(measure, Measure) else Measure.from_data(dict(measure))
    return with_peak(_sentence(made), made.peak_value, made.unit)


def _sentence(made: Measure) -> str:
    who, value = who_words(made), value_words(made.value, made.unit)
    share = number_text(made.share_percent) if made.share_percent is not None else None
    if made.metric in HAPPENS_WORDS and made.comparison is Comparison.AT_MOST:
        happens = str(HAPPENS_WORDS[made.metric])
        if made.clock is Clock.WORKING and made.unit is not Unit.WORKING_DAY:
            value = _("%(value)s of working time", value=value)
        if share is None:
            return _("All %(who)s %(happens)s within %(value)s", who=who, happens=happens, value=value)
        return _(
            "%(share)s%% of %(who)s %(happens)s within %(value)s",
            share=share, who=who, happens=happens, value=value,
        )  # fmt: skip
    return _level_sentence(made, who, value, share)


def measure_short(measure: Measure | Mapping[str, object]) -> str:
    """Returns the measure as a tag shows it: `First reply ≤ 12 hours, 90%`."""
    made = measure if isinstance(measure, Measure) else Measure.from_data(dict(measure))
    sign = "≤" if made.comparison is Comparison.AT_MOST else "≥"
    target = target_words(made.value, made.unit, made.share_percent, made.peak_value)
    return f"{metric_words(made.metric)} {sign} {target}"


def _level_sentence(measure: Measure, who: str, value: str, share: str | None) -> str:
    metric = metric_words(measure.metric)
    if measure.metric in ABOUT_NO_CONTACT:
        if measure.comparison is Comparison.AT_MOST:
            return _("%(metric)s at most %(value)s", metric=metric, value=value)
        return _("%(metric)s at least %(value)s", metric=metric, value=value)
    if measure.comparison is Comparison.AT_MOST:
        sentence = _("%(metric)s of %(who)s at most %(value)s", metric=metric, who=who, value=value)
    else:
        sentence = _("%(metric)s of %(who)s at least %(value)s", metric=metric, who=who, value=value)
    return (
        sentence
        if share is None
        else _("%(sentence)s in %(share)s%% of cases", sentence=sentence, share=share)
    )


def _place(key: str) -> str:
    return str(PLACE_WORDS[key]) if key in PLACE_WORDS else key.replace("_", " ")
