"""Owns the questions about the texts a standard had before it came here. What binds is never asked here (`in_force.py`)."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import defer

from app.core.db import db
from app.core.errors import NotFound
from app.standards import queries, shelf
from app.standards.comparison import ClauseState, frame_states, states_of
from app.standards.document import Document, parse_document
from app.standards.history_models import UNLISTED, EarlierState, EarlierText
from app.standards.models import Standard

_NAME = re.compile("e([1-9][0-9]{0,5})")


@dataclass(frozen=True)
class Side:
    """One side of a comparison: a published `version`, or the earlier text `number` of the day `at`."""

    name: str
    states: Sequence[ClauseState]
    frame: Sequence[ClauseState] = ()
    version: str = ""
    number: int | None = None
    at: dt.datetime | None = None

    @property
    def whole(self) -> list[ClauseState]:
        """Returns the states of the clauses behind those of the frame."""
        return [*self.frame, *self.states]


def texts(standard_id: int) -> list[EarlierText]:
    """Returns the earlier texts of a standard, newest first, without their words; empty for one that was born here."""
    return list(
        db.session.scalars(
            sa.select(EarlierText)
            .where(EarlierText.standard_id == standard_id, EarlierText.position != UNLISTED)
            .order_by(EarlierText.position.desc())
            .options(defer(EarlierText.text, raiseload=True))
        )
    )


def text(standard_id: int, number: int) -> EarlierText:
    """Returns one earlier text. Raises NotFound."""
    found = db.session.scalar(
        sa.select(EarlierText).where(EarlierText.standard_id == standard_id, EarlierText.number == number)
    )
    if found is None:
        raise NotFound("history.unknown_text", number=number)
    return found


def document_of(row: EarlierText) -> Document | None:
    """Returns the words of an earlier text; None where the commit left none that can be read."""
    return parse_document(row.text) if row.state is EarlierState.TEXT else None


def side(standard: Standard, name: str) -> Side:
    """Returns a side of a comparison by its name in an address: `2.3` a version, `e12` an earlier text.

    Raises NotFound for what is not there or has no words.
    """
    found = _NAME.fullmatch(name)
    if found is None:
        publication = queries.publication(standard.id, name)
        return Side(
            name,
            shelf.states_of_publication(publication.id),
            frame_states(queries.documents_of(publication)),
            version=publication.version,
        )
    row = text(standard.id, int(found[1]))
    document = document_of(row)
    if document is None:
        raise NotFound("history.unknown_text", number=row.number)
    texts = {document.front.language: document}
    return Side(
        name,
        states_of(texts),
        frame_states(texts),
        number=row.number,
        at=row.at,
    )
