"""Owns the words of what the activity log says about mails and receivers of news."""

from flask_babel import lazy_gettext as _l

from app.web.log_words import register_log

register_log(
    {
        "mail.decided": _l("Decided on a mail"),
        "receiver.added": _l("Added a group robot or webhook"),
        "receiver.switched": _l("Switched a group robot or webhook"),
        "receiver.removed": _l("Removed a group robot or webhook"),
        "receiver.again": _l("Sent news to a group robot or webhook again"),
    },
    {
        "mail": _l("Mail"),
        "receiver": _l("Group robot or webhook"),
    },
)
