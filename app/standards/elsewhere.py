"""Owns the checks of a clause against other texts: numbers left behind, targets that contradict, phrases never to say.

The clauses of the other standards are read once for each publication.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa

from app.core.db import db
from app.standards import grammar, kept, queries
from app.standards.comparison import ClauseState, states_of
from app.standards.document import Document
from app.standards.measure_words import value_words, with_peak
from app.standards.measures import Measure, Unit
from app.standards.models import ClauseVersion, Publication, PublicationState, Standard
from app.standards.quantities import quantities
from app.standards.shelf import state_of_row
from app.standards.wording import TAG_PUBLIC, Finding, Grade
from app.standards.words import spoken_id
from app.web.contributions import OtherText

LEAST_PHRASE = 5
"""A phrase of fewer letters stands in many scripts by chance."""
MOST_PLACES = 8


@dataclass(frozen=True)
class Place:
    """A clause that stands elsewhere: in this text, or in another standard as last published."""

    code: str
    state: ClauseState
    is_own: bool

    @property
    def spoken(self) -> str:
        """Returns the clause as people say it."""
        return spoken_id(self.code, self.state.clause_id)


def places_of(standard: Standard, own: Mapping[str, Document], clause_id: str) -> list[Place]:
    """Returns the other clauses of the working text `own`, then those of the other standards."""
    here = [Place(standard.code, state, True) for state in states_of(own) if state.clause_id != clause_id]
    return here + [place for place in published() if place.code != standard.code]


def check_elsewhere(
    before: ClauseState | None,
    after: ClauseState,
    places: Iterable[Place],
    others: Sequence[OtherText] = (),
) -> list[Finding]:
    """Returns warnings about other clauses, each with the `place` it speaks of; at most eight of a kind.

    `others` are texts outside the clauses, such as notices to customers: a number left behind there is found too.
    """
    listed = list(places)
    found: list[Finding] = []
    for made in (
        _numbers_left(before, after, listed) if before else (),
        _numbers_left_outside(before, after, others) if before else (),
        _contradictions(after, listed),
        _never_said(after, listed),
    ):
        found += list(made)[:MOST_PLACES]
    return found


def loses_a_number(before: ClauseState, after: ClauseState) -> bool:
    """States that a clause no longer names a quantity it named, so that other texts have to be looked at."""
    return any(_gone(before, after, language)[0] for language in ("zh", "en"))


def _numbers_left(before: ClauseState, after: ClauseState, places: list[Place]) -> Iterator[Finding]:
    """A quantity that the clause no longer names and another clause about the same thing still does."""
    metrics = {m.metric for m in (*before.measures, *after.measures)}
    for language in ("zh", "en"):
        gone, _now = _gone(before, after, language)
        for place in places if gone else ():
            if not place.is_own and not metrics & {m.metric for m in place.state.measures}:
                continue
            named = {(q.value, q.unit) for q in quantities(_text(place.state, language), language)}
            for key, written in gone.items():
                if key in named:
                    public = "_public" if TAG_PUBLIC in place.state.tags else ""
                    params = {"quantity": written, "place": place.spoken}
                    yield Finding(Grade.WARNING, f"wording.number_elsewhere{public}", language, params)


def _numbers_left_outside(
    before: ClauseState, after: ClauseState, others: Sequence[OtherText]
) -> Iterator[Finding]:
    """A quantity that the clause no longer names and a text about the standard still does.

    A text that tells of the change names both numbers and is right.
    """
    for language in ("zh", "en"):
        gone, now = _gone(before, after, language)
        for other in others if gone else ():
            named = {(q.value, q.unit) for q in quantities(other.texts.get(language, ""), language)}
            if other.names_the_old and named & now:
                continue
            for key, written in gone.items():
                if key in named:
                    params = {"quantity": written, "text": other.words, "url": other.url}
                    yield Finding(Grade.WARNING, "wording.number_outside", language, params)


def _gone(
    before: ClauseState, after: ClauseState, language: str
) -> tuple[dict[tuple[Decimal, Unit], str], set[tuple[Decimal, Unit]]]:
    """Returns the quantities that a clause no longer names, as they were written, and those it names newly."""
    old, new = _text(before, language), _text(after, language)
    if not old or not new:
        return {}, set()
    now = {(q.value, q.unit) for q in quantities(new, language)}
    was = {(q.value, q.unit): old[q.start : q.end] for q in quantities(old, language)}
    return {key: words for key, words in was.items() if key not in now}, now - set(was)


def _contradictions(after: ClauseState, places: list[Place]) -> Iterator[Finding]:
    """Two clauses that give the same measure of the same contacts different values."""
    for measure in after.measures:
        for place in places:
            for other in place.state.measures:
                if _subject(other) == _subject(measure) and _limit(other) != _limit(measure):
                    params = {
                        "value": _limit_words(measure),
                        "place": place.spoken,
                        "other": _limit_words(other),
                    }
                    yield Finding(Grade.WARNING, "wording.contradicts", "", params)


def _never_said(after: ClauseState, places: list[Place]) -> Iterator[Finding]:
    """A script that says what another clause tells never to say."""
    for language in ("zh", "en"):
        said = [_bare(words) for words in grammar.says(after.bodies.get(language, ""))]
        for place in places if said else ():
            for phrase in grammar.never_says(place.state.bodies.get(language, "")):
                bare = _bare(phrase)
                if len(bare) >= LEAST_PHRASE and any(bare in words for words in said):
                    params = {"word": phrase.strip('“”"'), "place": place.spoken}
                    yield Finding(Grade.WARNING, "wording.never_say", language, params)


def _text(state: ClauseState, language: str) -> str:
    heading, body = state.headings.get(language, ""), state.bodies.get(language, "")
    return f"{heading}\n{body}" if heading or body else ""


def _subject(measure: Measure) -> tuple[object, ...]:
    return (
        measure.metric, measure.comparison, measure.kind, measure.channels, measure.regions, measure.groups,
        measure.priorities, measure.categories, measure.complexities,
    )  # fmt: skip


def _limit(measure: Measure) -> tuple[object, ...]:
    return (*_size(measure), *_size(measure.in_peak()), measure.clock)


def _size(measure: Measure) -> tuple[object, ...]:
    minutes = measure.minutes()
    return (minutes,) if minutes is not None else (measure.value, measure.unit)


def _limit_words(measure: Measure) -> str:
    return with_peak(value_words(measure.value, measure.unit), measure.peak_value, measure.unit)


def _bare(phrase: str) -> str:
    return "".join(letter for letter in phrase.casefold() if letter.isalnum())


def published() -> tuple[Place, ...]:
    """Returns the clauses of every standard's newest publication; read again only after the next one."""
    newest = tuple(
        db.session.scalars(
            sa.select(sa.func.max(Publication.id))
            .where(Publication.state == PublicationState.PUBLISHED)
            .group_by(Publication.standard_id)
            .order_by(Publication.standard_id)
        )
    )
    return kept.once("elsewhere", newest, lambda: _read(newest))


def _read(publication_ids: tuple[int, ...]) -> tuple[Place, ...]:
    codes = {standard.id: standard.code for standard in queries.standards()}
    rows = db.session.scalars(
        sa.select(ClauseVersion)
        .where(
            ClauseVersion.publication_id.in_(publication_ids),
            sa.or_(ClauseVersion.hash_zh.is_not(None), ClauseVersion.hash_en.is_not(None)),
        )
        .order_by(ClauseVersion.standard_id, ClauseVersion.position)
    )
    return tuple(Place(codes[row.standard_id], state_of_row(row), False) for row in rows)
