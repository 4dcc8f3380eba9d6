"""Owns the words of what the activity log says about the administration."""

from flask_babel import lazy_gettext as _l

from app.web.log_words import register_log

register_log(
    {
        "job.tried_again": _l("Tried a job again"),
        "clock.held": _l("Doubted the clock and held all dates"),
        "clock.returned": _l("Found the clock back and went on"),
        "clock.confirmed": _l("Confirmed the clock"),
    },
    {
        "job": _l("Job"),
        "clock": _l("Clock"),
    },
)
