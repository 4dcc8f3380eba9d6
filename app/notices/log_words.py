"""Owns the words of what the activity log says about mails."""

from flask_babel import lazy_gettext as _l

from app.web.log_words import register_log

register_log(
    {
        "mail.decided": _l("Decided on a mail"),
    },
    {
        "mail": _l("Mail"),
    },
)
