"""Owns the words of what the activity log says about proposals and scoring."""

from flask_babel import lazy_gettext as _l

from app.web.log_words import register_log

register_log(
    {
        "proposal.merged": _l("Merged into another proposal"),
        "rank.confirmed": _l("Confirmed a rank"),
        "scoring.extended": _l("Extended the scoring"),
        "weights.changed": _l("Changed the weights"),
        "card.sent": _l("Sent a score card"),
        "surge.noticed": _l("Noticed a surge of feedback"),
    },
    {
        "weights": _l("Weights"),
    },
)
