"""Owns the words of what the activity log says about pilots."""

from flask_babel import lazy_gettext as _l

from app.web.log_words import register_log

register_log(
    {
        "pilot.computed": _l("Computed the pilot"),
        "pilot.planned": _l("Planned the pilot"),
        "pilot.started": _l("Fixed the plan of the pilot"),
        "pilot.recommended": _l("Recommended what to do after the pilot"),
    },
)
