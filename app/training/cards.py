"""Owns the cards of "what changed for you": each clause with its target, what to say and the redline. Reads only."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa
from markupsafe import Markup

from app.core.db import db
from app.standards.comparison import redline_of, shown
from app.standards.measure_words import measure_sentence, metric_words, target_sides
from app.standards.measures import Measure
from app.standards.models import ClauseVersion
from app.standards.rendering import rendered
from app.standards.scripts import Body, split_body
from app.standards.targets import target_change
from app.training.deltas import Delta
from app.training.reading_time import minutes
from app.web.language import current_language, pick

MOST_PHRASES = 3


@dataclass(frozen=True)
class Target:
    """One number that moved: what it counts, the value before and from the date on; None is no target."""

    metric: str
    before: str | None
    after: str | None
    unit: str


@dataclass(frozen=True)
class Card:
    """One clause as the person reads it. `language` is the one its text has; `redline` is (kind, text) pairs.

    `is_new` for a clause the person never knew, `is_retired` for one that no longer holds. `rule` is the new text.
    """

    pair: tuple[str, str]
    clause_id: str
    heading: str
    language: str
    effective_at: dt.datetime
    targets: tuple[Target, ...]
    tasks: tuple[str, ...]
    says: tuple[str, ...]
    never_says: tuple[str, ...]
    redline: tuple[tuple[str, str], ...]
    rule: str
    html: Markup
    is_new: bool
    is_retired: bool


def cards_of(standard_id: int, deltas: Sequence[Delta]) -> list[Card]:
    """Returns a card for each clause to read, in the order given; one query."""
    wanted = {delta.now for delta in deltas} | {delta.before for delta in deltas if delta.before}
    if not wanted:
        return []
    rows = db.session.scalars(
        sa.select(ClauseVersion)
        .where(
            ClauseVersion.standard_id == standard_id,
            ClauseVersion.clause_id.in_({delta.clause_id for delta in deltas}),
            ClauseVersion.clause_hash.in_(wanted),
        )
        .order_by(ClauseVersion.publication_id)
    )
    texts = {(row.clause_id, row.clause_hash): row for row in rows if row.hash_zh or row.hash_en}
    made = []
    for delta in deltas:
        now = texts.get((delta.clause_id, delta.now))
        before = texts.get((delta.clause_id, delta.before)) if delta.before else None
        made.append(_card(delta, before, None if delta.is_retired else now))
    html = rendered(card.rule for card in made if card.is_new)
    return [replace(card, html=html[card.rule]) if card.is_new else card for card in made]


def card_minutes(cards: Sequence[Card]) -> int:
    """Returns the honest minutes of the cards: all of a new text, of a changed one what changed and what to do."""
    return minutes(text for card in cards for text in _to_read(card))


def _card(delta: Delta, before: ClauseVersion | None, now: ClauseVersion | None) -> Card:
    some = now or before
    language = _language(some)
    old, new = _body(before, language), _body(now, language)
    measures = [Measure.from_data(m) for m in (now.measures if now else ())]
    return Card(
        pair=delta.pair,
        clause_id=delta.clause_id,
        heading=_heading(some, language),
        language=language,
        effective_at=delta.effective_at,
        targets=_targets(before, measures),
        tasks=tuple(measure_sentence(m) for m in measures),
        says=new.says[:MOST_PHRASES],
        never_says=new.never_says[:MOST_PHRASES],
        redline=tuple(shown(redline_of(old.rule, new.rule))) if before else (),
        rule=new.rule,
        html=Markup(""),
        is_new=before is None,
        is_retired=delta.is_retired,
    )


def _targets(before: ClauseVersion | None, measures: Sequence[Measure]) -> tuple[Target, ...]:
    if before is None:
        return ()
    old = {m.id: m for m in (Measure.from_data(data) for data in before.measures)}
    new = {m.id: m for m in measures}
    made = []
    for key in dict.fromkeys([*old, *new]):
        change = target_change(old.get(key), new.get(key))
        if change is not None:
            was, becomes, unit = target_sides(change)
            made.append(Target(metric_words((new.get(key) or old[key]).metric), was, becomes, unit))
    return tuple(made)


def _to_read(card: Card) -> list[str]:
    texts = [card.heading, *card.tasks, *card.says, *card.never_says]
    if card.is_new:
        return [*texts, card.rule]
    return [*texts, *(text for kind, text in card.redline if kind == "insert")]


def _language(row: ClauseVersion | None) -> str:
    wanted = current_language()
    if row is None:
        return wanted
    own, other = (row.body_zh, "en") if wanted == "zh" else (row.body_en, "zh")
    return wanted if own else other


def _heading(row: ClauseVersion | None, language: str) -> str:
    if row is None:
        return ""
    own = row.heading_zh if language == "zh" else row.heading_en
    return own or pick(row.heading_zh, row.heading_en)


def _body(row: ClauseVersion | None, language: str) -> Body:
    text = (row.body_zh if language == "zh" else row.body_en) if row is not None else ""
    return split_body(text or "")
