"""Owns the words of what the activity log says about publications."""

from flask_babel import lazy_gettext as _l

from app.web.log_words import register_log

register_log(
    {
        "publication.postponed": _l("Postponed the publication"),
        "publication.planned": _l("Planned the publication"),
        "hypothesis.registered": _l("Registered the expected effect"),
        "customer_notice.edited": _l("Wrote the notice to customers"),
        "customer_notice.approved": _l("Approved the notice to customers"),
        "emergency.approved": _l("Approved an emergency publication"),
        "publication.took_effect": _l("Came into force"),
    },
)
