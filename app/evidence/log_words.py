"""Owns the words of what the activity log says about evidence."""

from flask_babel import lazy_gettext as _l

from app.web.log_words import register_log

register_log(
    {
        "complaints.grouped": _l("Grouped complaints"),
        "mapping.saved": _l("Saved a mapping"),
        "tickets.imported": _l("Imported contacts"),
        "figures.imported": _l("Imported figures"),
        "ticket.unmasked": _l("Looked at the original of a ticket"),
        "evidence.attached": _l("Attached evidence"),
        "evidence.moved": _l("Moved evidence"),
        "issue.clause_chosen": _l("Chose the clause of an issue"),
        "issue.linked": _l("Linked an issue to a revision"),
        "issue.set_aside": _l("Set an issue aside"),
        "issue.snoozed": _l("Put an issue off"),
        "issue.handed_on": _l("Handed an issue on to a department"),
        "issue.reopened": _l("Took an issue up again"),
        "issue.confirmed": _l("Confirmed an issue"),
        "issue.merged": _l("Merged an issue into another"),
        "issue.split": _l("Split an issue"),
        "issue.complaints_taken_out": _l("Took complaints out of an issue"),
        "article.kept": _l("Kept an article elsewhere"),
        "article.removed": _l("Took an article elsewhere out of the register"),
        "article.amended": _l("Noted that an article elsewhere was amended"),
        "suggestion.received": _l("Received a suggestion"),
        "suggestion.echoed": _l("Said me too to a suggestion"),
        "suggestion.answered": _l("Answered a suggestion"),
        "suggestion.linked": _l("Linked a suggestion to a revision"),
    },
    {
        "issues": _l("Issues"),
        "issue": _l("Issue"),
        "article": _l("Article elsewhere"),
        "import": _l("Import"),
        "mapping": _l("Mapping"),
        "ticket": _l("Ticket"),
        "suggestion": _l("Suggestion"),
    },
)
