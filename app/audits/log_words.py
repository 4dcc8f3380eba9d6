"""Owns the words of what the activity log says about quality checks."""

from flask_babel import lazy_gettext as _l

from app.web.log_words import register_log

register_log(
    {
        "audit.planned": _l("Planned the checks"),
        "audit.drawn": _l("Drew the sample"),
        "audit.swapped": _l("Swapped a contact"),
        "audit.scored": _l("Scored a contact"),
        "audit.appealed": _l("Appealed against a result"),
        "audit.appeal_decided": _l("Decided an appeal"),
    },
    {
        "audit": _l("Checks"),
        "sample": _l("Checked contact"),
        "score_line": _l("Finding"),
    },
)
