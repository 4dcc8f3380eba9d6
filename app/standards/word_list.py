"""Owns the list of words that no text may use: who keeps it, its first content, the reasons for using one all the same.

What a use is stands in `house_words.py`. The words of the law for texts that customers read stand in `wording.py`.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.core import activity, clock, once
from app.core.access import SYSTEM, Actor, Permission
from app.core.db import db
from app.core.errors import FieldError, Invalid, NotAllowed, NotFound, Reason
from app.core.once import asked_once
from app.core.text import clean_text, one_line
from app.standards import elsewhere, queries
from app.standards.draft_rows import must_draft
from app.standards.house_words import ForbiddenWord, WordScope, used_in
from app.standards.models import ClauseDraft, Revision
from app.standards.starter import FOLDER, LANGUAGES
from app.standards.word_models import HouseWord, WordUse

LIMIT_WORD_BYTES = 120
LIMIT_REASON_BYTES = 2_000
MOST_PLACES = 8


@dataclass(frozen=True)
class ListedWord:
    """A word of the list with the clauses in force that use it now, as people say them; `more` counts those not named."""

    row: HouseWord
    places: tuple[str, ...]
    more: int


def add(actor: Actor, *, word: str, language: str, scope: str, reason: str, better: str = "") -> HouseWord:
    """Puts a word on the list, or changes what the list says of it, and returns it.

    Raises NotAllowed for whoever may not keep the list; Invalid for a word, language or scope that is none, for no
    reason, and for a better word that is forbidden itself.
    """
    _must_keep(actor)
    name = one_line(word, LIMIT_WORD_BYTES, field="word")
    why = clean_text(reason, LIMIT_REASON_BYTES, field="reason").strip()
    instead = one_line(better, LIMIT_WORD_BYTES, field="better")
    errors = [
        FieldError(field, Reason(key))
        for field, key, is_bad in (
            ("word", "words.missing", not any(letter.isalnum() for letter in name)),
            ("language", "web.not_a_choice", language not in LANGUAGES),
            ("scope", "web.not_a_choice", scope not in set(WordScope)),
            ("reason", "words.no_reason", not why),
        )
        if is_bad
    ]
    if errors:
        raise Invalid(errors)
    probe = ForbiddenWord(0, name, language, WordScope.ALL, why)
    others = [w for w in words() if w.word.casefold() != name.casefold()]
    if instead and used_in(instead, language, [probe, *others]):
        raise Invalid.of("better", "words.better_is_forbidden")
    row = _known(name, language)
    if row is None:
        row = HouseWord(word=name, language=language, added_at=clock.now(), added_by_id=actor.person_id)
        db.session.add(row)
    row.scope, row.reason, row.better, row.removed_at = WordScope(scope), why, instead, None
    db.session.flush()
    activity.record(actor, "word.listed", "word", str(row.id), note=name)
    return row


def remove(actor: Actor, word_id: int) -> HouseWord:
    """Takes a word off the list; doing it again changes nothing. Raises NotFound, NotAllowed."""
    _must_keep(actor)
    row = _word(word_id)
    if row.removed_at is None:
        row.removed_at = clock.now()
        db.session.flush()
        activity.record(actor, "word.unlisted", "word", str(row.id), note=row.word)
    return row


def begin() -> int:
    """Puts the words of the starter library on a list that never had one, and returns how many; the caller commits."""
    if db.session.scalar(sa.select(HouseWord.id).limit(1)) is not None:
        return 0
    rows = json.loads((FOLDER / "words.json").read_text("utf-8"))
    for row in rows:
        add(SYSTEM, **row)
    return len(rows)


def allow_use(actor: Actor, revision: Revision, clause_id: str, word_id: int, reason: str) -> WordUse:
    """Records why a clause uses a forbidden word all the same; a later reason takes the place of an earlier one.

    Raises what `must_draft` raises, NotFound for an unknown word, Invalid without a reason.
    """
    must_draft(actor, revision)
    word = _word(word_id)
    why = clean_text(reason, LIMIT_REASON_BYTES, field="reason").strip()
    if not why:
        raise Invalid.of("reason", "words.no_use_reason")
    use = db.session.scalar(
        sa.select(WordUse).where(
            WordUse.standard_id == revision.standard_id,
            WordUse.clause_id == clause_id,
            WordUse.word_id == word.id,
        )
    )
    if use is None:
        use = WordUse(standard_id=revision.standard_id, clause_id=clause_id, word_id=word.id)
        db.session.add(use)
    use.revision_id, use.reason = revision.id, why
    use.given_at, use.given_by_id = clock.now(), actor.person_id
    db.session.flush()
    activity.record(actor, "word.use_allowed", "revision", revision.number, clause=clause_id, note=word.word)
    return use


@asked_once
def words() -> list[ForbiddenWord]:
    """Returns the words on the list, Chinese first, as the checks of texts read them."""
    return [_pure(row) for row in _rows()]


def uses_in(revision: Revision) -> dict[str, list[WordUse]]:
    """Returns {clause id: the reasons recorded for it, oldest first} of the clauses that a revision drafts.

    The drafts come in the same question, and whoever asks for them later in a reading request has them.
    """
    is_here = sa.and_(WordUse.clause_id == ClauseDraft.clause_id, WordUse.standard_id == revision.standard_id)
    rows = db.session.execute(
        sa.select(ClauseDraft, WordUse)
        .outerjoin(WordUse, is_here)
        .where(ClauseDraft.revision_id == revision.id)
        .options(joinedload(WordUse.word))
        .order_by(ClauseDraft.clause_id, WordUse.id)
    ).all()
    once.remember(queries.clause_drafts, list(dict.fromkeys(draft for draft, _use in rows)), revision.id)
    found: dict[str, list[WordUse]] = {}
    for draft, use in rows:
        if use is not None:
            found.setdefault(draft.clause_id, []).append(use)
    return found


@asked_once
def words_and_reasons(standard_id: int) -> tuple[list[ForbiddenWord], dict[str, frozenset[int]]]:
    """Returns the words on the list, and {clause id: ids of the words for whose use it has a reason}; one query."""
    rows = db.session.execute(
        sa.select(HouseWord, WordUse.clause_id)
        .outerjoin(WordUse, sa.and_(WordUse.word_id == HouseWord.id, WordUse.standard_id == standard_id))
        .where(HouseWord.removed_at.is_(None))
        .order_by(HouseWord.language.desc(), HouseWord.id)
    ).all()
    given: dict[str, frozenset[int]] = {}
    for row, clause_id in rows:
        if clause_id is not None:
            given[clause_id] = given.get(clause_id, frozenset()) | {row.id}
    return list(dict.fromkeys(_pure(row) for row, _clause_id in rows)), given


def word(word_id: int) -> HouseWord:
    """Returns a word, also one that is off the list. Raises NotFound."""
    return _word(word_id)


def listed() -> list[ListedWord]:
    """Returns the list with where each word stands now in what is published."""
    rows = _rows()
    pure = {row.id: _pure(row) for row in rows}
    found: dict[int, list[str]] = {row.id: [] for row in rows}
    for place in elsewhere.published():
        for language in LANGUAGES:
            text = f"{place.state.headings.get(language, '')}\n{place.state.bodies.get(language, '')}"
            for used in used_in(text, language, list(pure.values())):
                found[used.id].append(place.spoken)
    return [
        ListedWord(row, tuple(found[row.id][:MOST_PLACES]), max(0, len(found[row.id]) - MOST_PLACES))
        for row in rows
    ]


def _rows() -> Sequence[HouseWord]:
    query = sa.select(HouseWord).where(HouseWord.removed_at.is_(None))
    return list(db.session.scalars(query.order_by(HouseWord.language.desc(), HouseWord.id)))


def _pure(row: HouseWord) -> ForbiddenWord:
    return ForbiddenWord(row.id, row.word, row.language, row.scope, row.reason, row.better)


def _known(name: str, language: str) -> HouseWord | None:
    rows = db.session.scalars(sa.select(HouseWord).where(HouseWord.language == language))
    return next((row for row in rows if row.word.casefold() == name.casefold()), None)


def _word(word_id: int) -> HouseWord:
    row = db.session.get(HouseWord, word_id)
    if row is None:
        raise NotFound("words.unknown", number=word_id)
    return row


def _must_keep(actor: Actor) -> None:
    if not (actor.is_system or actor.may(Permission.KEEP_WORDS)):
        raise NotAllowed("move.no_permission", permission=Permission.KEEP_WORDS.value)
