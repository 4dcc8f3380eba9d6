"""Owns who is put up for the innovation award of a year: it looks at suggestions and measured effects and writes nothing."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from app.archive.effects import EffectVerdict
from app.archive.models import EffectEvaluation
from app.committee.award_models import NomineeKind
from app.core import clock
from app.core.db import db
from app.core.text import cut
from app.evidence.models import Suggestion, SuggestionState
from app.proposals import queries as proposals
from app.standards.models import Revision

LONGEST_TITLE = 80
GOOD = (EffectVerdict.REACHED.value, EffectVerdict.BETTER.value)
NOMINATED = "nominated"
"""Why a suggestion is put up that is not taken up (yet): its writer did so."""


@dataclass(frozen=True)
class Nominee:
    """Something that may get the award, and the ids of whoever it is owed to."""

    kind: NomineeKind
    key: str
    title_zh: str
    title_en: str
    why: str
    people: tuple[int, ...]


def nominees_of(year: int) -> list[Nominee]:
    """Returns the revisions whose effect was surely better in the year, and its suggestions taken up or put up."""
    begins, ends = clock.start_of(dt.date(year, 1, 1)), clock.start_of(dt.date(year + 1, 1, 1))
    return [*_revisions(begins, ends), *_suggestions(begins, ends)]


def _revisions(begins: dt.datetime, ends: dt.datetime) -> Iterable[Nominee]:
    rows = db.session.execute(
        sa.select(Revision, EffectEvaluation)
        .join(EffectEvaluation, EffectEvaluation.revision_id == Revision.id)
        .where(EffectEvaluation.computed_at >= begins, EffectEvaluation.computed_at < ends)
        .order_by(Revision.id, EffectEvaluation.days)
    )
    last = {revision.id: (revision, effect) for revision, effect in rows}
    for revision, effect in last.values():
        if effect.verdict in GOOD:
            owed = [person.id for _credit, person in proposals.credited_people(revision.id)]
            people = [i for i in (revision.proposer_id, revision.drafter_id, *owed) if i is not None]
            yield Nominee(
                NomineeKind.REVISION, revision.number, revision.title, revision.title_en or "", effect.verdict,
                tuple(dict.fromkeys(people)),
            )  # fmt: skip


def _suggestions(begins: dt.datetime, ends: dt.datetime) -> Iterable[Nominee]:
    is_good = sa.or_(Suggestion.state == SuggestionState.ANSWERED_ADOPTED, Suggestion.is_nominated)
    rows = db.session.scalars(
        sa.select(Suggestion)
        .where(is_good, Suggestion.state != SuggestionState.ANSWERED_NOT)
        .where(Suggestion.at >= begins, Suggestion.at < ends)
        .order_by(Suggestion.id)
    )
    for row in rows:
        title = cut(" ".join(row.text.split()), LONGEST_TITLE)
        is_taken_up = row.state is SuggestionState.ANSWERED_ADOPTED
        yield Nominee(
            NomineeKind.SUGGESTION, row.ref,
            title if row.language == "zh" else "", title if row.language == "en" else "",
            row.state.value if is_taken_up else NOMINATED,
            (row.person_id,) if row.person_id is not None else (),
        )  # fmt: skip
