"""Owns the sentences of every refusal of a change of working time. Refuses nothing itself."""

from flask_babel import lazy_gettext as _l

from app.web.reasons import register_reasons

register_reasons(
    {
        "working_time.why_missing": _l("Say why in one sentence; it stays in the history."),
        "working_time.same": _l("That is how it is already; nothing would change."),
        "working_time.too_long": _l("These are more days than can be kept."),
        "working_time.unreadable": _l("This cannot be read: %(words)s"),
        "working_time.too_far": _l("Choose a day at most a year back and two years ahead."),
        "working_time.peak_has_come": _l(
            "A peak season is announced beforehand: it begins tomorrow at the earliest, and days that have come stay as they were."
        ),
        "working_time.no_hours": _l("Enter hours for at least one day."),
        "working_time.hours_unreadable": _l(
            "Write hours such as 09:00-12:00 13:00-18:00, one after the other; not %(words)s"
        ),
        "working_time.not_a_day": _l("Choose a day."),
        "working_time.ends_before": _l("The last day lies before the first."),
        "working_time.peak_too_long": _l(
            "A peak season has at most %(days)s days; a longer one is the usual."
        ),
    }
)
