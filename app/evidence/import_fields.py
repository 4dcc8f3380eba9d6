"""Owns the words of the fields that columns of a foreign file may be. Reads no file."""

from flask_babel import lazy_gettext as _l

from app.web.reasons import register_reasons

_FIELDS = {
    "external_id": _l("Id of the ticket"),
    "created_at": _l("Creation time"),
    "first_reply_at": _l("Time of the first reply"),
    "first_reply_minutes": _l("Minutes to the first reply"),
    "resolved_at": _l("Time of the solution"),
    "resolution_minutes": _l("Minutes to the solution"),
    "channel": _l("Channel"),
    "region": _l("Region"),
    "customer_group": _l("Customer group"),
    "product": _l("Product"),
    "category": _l("Category"),
    "priority": _l("Priority"),
    "complexity": _l("Complexity"),
    "status": _l("Status"),
    "subject": _l("Subject"),
    "text": _l("Message text"),
    "conversation": _l("Conversation"),
    "tags": _l("Tags"),
    "agent": _l("Agent"),
    "team": _l("Team"),
    "reopened": _l("How often reopened"),
    "satisfaction": _l("Satisfaction from 1 to 5"),
    "is_complaint": _l("Complaint or not"),
    "deleted": _l("Deleted or not"),
    "updated_at": _l("Time of the last change"),
}


def field_words(field: str) -> str:
    """Returns the name of a field; an unknown one is shown as it is."""
    return str(_FIELDS.get(field, field))


register_reasons(
    {"evidence.mapping_name_taken": _l("“%(name)s” is a mapping of the house. Choose another name")}
)
