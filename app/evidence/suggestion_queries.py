"""Owns the questions about suggestions: which wait, until when, what was answered before. `queries.py` hands them on."""

import datetime as dt

import sqlalchemy as sa

from app.core import calendar, clock
from app.core.db import db
from app.core.errors import NotFound
from app.evidence.models import Suggestion, SuggestionEcho, SuggestionState
from app.evidence.terms import tokens
from app.standards.models import Revision

ANSWER_WORKING_DAYS = 5
RECENT_DAYS = 90
OPEN_SUGGESTIONS = (SuggestionState.RECEIVED, SuggestionState.LINKED)
ANSWERED = (SuggestionState.ANSWERED_ADOPTED, SuggestionState.ANSWERED_NOT)
SEARCHED_ANSWERS = 500
ALIKE_SHARE = 0.34  # of the fewer words of two suggestions


def suggestion(ref: str) -> Suggestion:
    """Returns the suggestion with this tracking number. Raises NotFound."""
    found = db.session.scalar(sa.select(Suggestion).where(Suggestion.ref == ref.upper()))
    if found is None:
        raise NotFound("evidence.unknown_suggestion")
    return found


def suggestions(open_only: bool, offset: int = 0, limit: int = 50) -> list[Suggestion]:
    """Returns suggestions: the ones without an answer oldest first, or all newest first."""
    query = sa.select(Suggestion)
    if open_only:
        query = query.where(Suggestion.state == SuggestionState.RECEIVED).order_by(Suggestion.at)
    else:
        query = query.order_by(Suggestion.at.desc())
    return list(db.session.scalars(query.offset(offset).limit(limit)))


def count_suggestions(open_only: bool) -> int:
    """Returns how many suggestions `suggestions` would list."""
    query = sa.select(sa.func.count(Suggestion.id))
    if open_only:
        query = query.where(Suggestion.state == SuggestionState.RECEIVED)
    return int(db.session.scalar(query) or 0)


def revision_of(suggestion: Suggestion) -> Revision | None:
    """Returns the revision that takes a suggestion along, None while none does."""
    return db.session.get(Revision, suggestion.revision_id) if suggestion.revision_id else None


def suggestion_due(suggestion: Suggestion) -> dt.datetime:
    """Returns until when a suggestion should be answered: the end of the fifth working day after it came."""
    day = calendar.add_working_days(clock.local(suggestion.at).date(), ANSWER_WORKING_DAYS)
    return clock.at(day, 18)


def similar_answered(text: str, limit: int = 3) -> list[Suggestion]:
    """Returns answered suggestions that share the most words with a text; empty when none shares two."""
    wanted = set(tokens(text))
    found = db.session.scalars(
        sa.select(Suggestion)
        .where(Suggestion.state.in_(ANSWERED))
        .order_by(Suggestion.at.desc())
        .limit(SEARCHED_ANSWERS)
    )
    scored = [(len(wanted & set(tokens(row.text))), row) for row in found]
    best = sorted((s for s in scored if s[0] >= 2), key=lambda s: (-s[0], -s[1].id))
    return [row for _, row in best[:limit]]


def similar_known(text: str, limit: int = 3) -> list[tuple[Suggestion, int]]:
    """Returns suggestions that ask for much the same, with how many said "me too"; the most alike first.

    Only those somebody of us has read: answered, or taken along by a revision. Alike means two words in common and a
    third of the shorter one's words.
    """
    wanted = set(tokens(text))
    count = (
        sa.select(sa.func.count(SuggestionEcho.id))
        .where(SuggestionEcho.suggestion_id == Suggestion.id)
        .scalar_subquery()
    )
    rows = db.session.execute(
        sa.select(Suggestion, count)
        .where(Suggestion.state != SuggestionState.RECEIVED)
        .order_by(Suggestion.at.desc())
        .limit(SEARCHED_ANSWERS)
    )
    found = []
    for row, echoes in rows:
        theirs = set(tokens(row.text))
        shared = len(wanted & theirs)
        if shared >= max(2, ALIKE_SHARE * min(len(wanted), len(theirs))):
            found.append((shared, row, int(echoes)))
    found.sort(key=lambda one: (-one[0], -one[1].id))
    return [(row, echoes) for _shared, row, echoes in found[:limit]]


def recently_answered(limit: int = 3) -> list[tuple[Suggestion, int]]:
    """Returns the suggestions answered last, with how many said "me too", newest first; empty while none is answered."""
    rows = list(
        db.session.scalars(
            sa.select(Suggestion)
            .where(Suggestion.state.in_(ANSWERED))
            .order_by(Suggestion.answered_at.desc(), Suggestion.id.desc())
            .limit(limit)
        )
    )
    counts = echo_counts([row.id for row in rows])
    return [(row, counts.get(row.id, 0)) for row in rows]


def echo_count(suggestion_id: int) -> int:
    """Returns how many said "me too" to a suggestion."""
    count = sa.select(sa.func.count(SuggestionEcho.id)).where(SuggestionEcho.suggestion_id == suggestion_id)
    return int(db.session.scalar(count) or 0)


def echo_counts(suggestion_ids: list[int]) -> dict[int, int]:
    """Returns `{suggestion id: how many said "me too"}`; nobody is absent."""
    rows = db.session.execute(
        sa.select(SuggestionEcho.suggestion_id, sa.func.count(SuggestionEcho.id))
        .where(SuggestionEcho.suggestion_id.in_(suggestion_ids))
        .group_by(SuggestionEcho.suggestion_id)
    )
    return {row[0]: int(row[1]) for row in rows}


def average_first_answer_days() -> float | None:
    """Returns after how many working days, on average, suggestions of the last 90 days got their first answer.

    None without any. An answer of the same day counts 0, one of the next working day 1.
    """
    since = clock.now() - dt.timedelta(days=RECENT_DAYS)
    rows = list(
        db.session.execute(
            sa.select(Suggestion.at, Suggestion.first_answer_at).where(
                Suggestion.at >= since, Suggestion.first_answer_at.is_not(None)
            )
        )
    )
    if not rows:
        return None
    days = [
        calendar.working_days_between(clock.local(at).date(), clock.local(answered).date())
        for at, answered in rows
        if answered is not None
    ]
    return sum(days) / len(days)
