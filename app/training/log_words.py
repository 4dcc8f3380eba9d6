"""Owns the words of what the activity log says about reading and acknowledging."""

from flask_babel import lazy_gettext as _l

from app.web.log_words import register_log

register_log(
    {
        "readers.assigned": _l("Asked the readers of a publication"),
        "reader.joined": _l("Asked a person to read what their role follows"),
        "reader.left": _l("Dropped what a person need not read any more"),
        "readers.reminded": _l("Reminded readers"),
        "clauses.acknowledged": _l("Read and acknowledged"),
        "clause.question_asked": _l("Asked about a clause"),
        "clause.question_answered": _l("Answered a reader's question"),
        "question.added": _l("Added a question"),
    },
    {
        "assignment": _l("Assignments"),
        "staff_question": _l("Reader's question"),
    },
)
