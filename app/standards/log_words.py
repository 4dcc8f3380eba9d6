"""Owns the words of what the activity log says about standards and revisions."""

from flask_babel import lazy_gettext as _l

from app.standards.words import MOVE_WORDS
from app.web.log_words import register_log

register_log(
    {
        **{f"revision.{move.value}": words for move, words in MOVE_WORDS.items()},
        "standard.made": _l("Brought in a standard"),
        "standard.chosen": _l("Chose a standard of the starter library"),
        "standard.owner_set": _l("Named who owns a standard"),
        "revision.made": _l("Opened a revision"),
        "revision.held": _l("Put on hold"),
        "revision.released": _l("Released from hold"),
        "note.written": _l("Wrote a note"),
        "clause.saved": _l("Saved the draft of a clause"),
        "clause.save_undone": _l("Took the draft of a clause back to an earlier state"),
        "clause.added": _l("Added a clause to the draft"),
        "clause.retired_in_draft": _l("Retired a clause in the draft"),
        "clause.moved": _l("Moved a clause in the draft"),
        "clause.split": _l("Split a clause in the draft"),
        "clause.joined": _l("Joined two clauses in the draft"),
        "frame.saved": _l("Changed the chapters or the words before the first clause in the draft"),
        "clause.draft_discarded": _l("Discarded the draft of a clause"),
        "word.listed": _l("Put a word on the list of words we do not use"),
        "word.unlisted": _l("Took a word off the list of words we do not use"),
        "word.use_allowed": _l("Recorded why a clause uses a word that is on the list"),
        "text.frozen": _l("Froze the text"),
        "text.pinned": _l("Put the text into the archive"),
        "history.imported": _l("Brought in a history of texts"),
        "publication.intended": _l("Began to publish"),
        "publication.published": _l("Published the text"),
        "publication.superseded": _l("Gave way to a newer publication"),
        "store.recovered": _l("Mended the archive after a break"),
    },
    {
        "standard": _l("Standard"),
        "word": _l("Word"),
        "revision": _l("Revision"),
        "publication": _l("Publication"),
        "store": _l("Version archive"),
        "history": _l("History from elsewhere"),
    },
)
