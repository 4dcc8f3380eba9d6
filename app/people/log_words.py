"""Owns the words of what the activity log says about the people and their accounts."""

from flask_babel import lazy_gettext as _l

from app.web.log_words import register_log

register_log(
    {
        "department.added": _l("Added a department"),
        "region.added": _l("Added a region"),
        "team.added": _l("Added a team"),
        "person.added": _l("Added an account"),
        "role.granted": _l("Granted a role"),
        "role.ended": _l("Ended a role"),
        "person.deactivated": _l("Closed an account"),
        "password.set": _l("Set a password"),
        "person.moved": _l("Moved somebody to another team"),
        "codes.confirmed": _l("Set up one-time codes"),
        "codes.recovery_renewed": _l("Made new recovery codes"),
        "codes.recovery_used": _l("Used a recovery code"),
        "codes.off": _l("Switched one-time codes off"),
        "codes.reset": _l("Took one-time codes away for somebody"),
        "absence.set": _l("Noted leave"),
        "sign_in.started": _l("Signed in"),
    },
    {
        "department": _l("Department"),
        "region": _l("Region"),
        "team": _l("Team"),
        "person": _l("Person"),
    },
)
