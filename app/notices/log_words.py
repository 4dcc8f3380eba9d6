"""Owns the words of what the activity log says about mails."""

from flask_babel import lazy_gettext as _l

from app.web.log_words import register_log

register_log(
    {
        "mail.decided": _l("Decided on a mail"),
        "robot.added": _l("Added a group robot"),
        "robot.switched": _l("Switched a group robot"),
        "robot.removed": _l("Removed a group robot"),
        "robot.again": _l("Sent a message to a group again"),
    },
    {
        "mail": _l("Mail"),
        "robot": _l("Group robot"),
    },
)
