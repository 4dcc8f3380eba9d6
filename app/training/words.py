"""Owns the words of cells and refusals in training, in both languages through the catalogue."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.training.matrix import CellState
from app.training.queries import OwnRow
from app.web.reasons import register_reasons

CELL_WORDS: dict[CellState, Any] = {
    CellState.DONE: _l("Has read"),
    CellState.LATE: _l("Read late"),
    CellState.OPEN: _l("To do"),
    CellState.OVERDUE: _l("Overdue"),
    CellState.ON_LEAVE: _l("On leave"),
    CellState.NOT_NEEDED: _l("Not needed"),
}


def cell_words(state: CellState) -> str:
    """Returns the word of a cell of the team's matrix in the reader's language."""
    return str(CELL_WORDS[state])


def why_words(row: OwnRow) -> str:
    """Returns why somebody has to read: a clause changed, or they joined or have a new role."""
    if row.has_joined:
        return str(_("You joined or have a new role: this is what it follows."))
    return str(_("A clause you must follow has changed."))


register_reasons(
    {
        "ack.nothing_asked": _l("Nothing in %(standard)s is waiting for you to read."),
        "ack.not_shown": _l(
            "This page does not belong to what %(standard)s asks of you now. Open it again and read what it shows."
        ),
        "ack.changed_meanwhile": _l(
            "What you read is kept. Meanwhile something newer was published: read %(clauses)s as well."
        ),
        "ack.answer_missing": _l("Choose an answer"),
        "ack.wrong_answer": _l("Not quite. Read %(clause)s again and choose another answer."),
        "ack.question_empty": _l("Write what is not clear, for example: does this count at weekends?"),
        "ack.answer_empty": _l("Write the answer"),
        "ack.unknown_question": _l("There is no such question."),
        "question.options": _l("Give at least two answers, and as many in Chinese as in English"),
        "question.right": _l("Choose which answer is right"),
        "question.words_missing": _l("Write the question in both languages"),
    }
)
