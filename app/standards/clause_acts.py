"""Owns moving, splitting and joining clauses in a draft. Adding, saving and retiring one stand in `drafting.py`.

Ids are never reused: what is split off gets a new one, what is joined into another clause is retired and says so.
"""

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass, replace

from app.core import activity, events
from app.core.access import Actor
from app.core.db import db
from app.core.errors import FieldError, Invalid, Reason, Refused, Stale
from app.core.text import clean_text, one_line
from app.standards import queries
from app.standards.document import primary_of
from app.standards.draft_rows import (
    insert_draft,
    keep_place_beside,
    must_draft,
    new_clause_id,
    open_draft,
    own_measures,
    touch,
)
from app.standards.drafted_documents import draft_documents
from app.standards.drafting import (
    LIMIT_BODY_BYTES,
    ClauseText,
    check_parses,
    keep_copy,
    standing_ids,
    text_of,
)
from app.standards.frame_drafting import stand_with
from app.standards.matching import Origin
from app.standards.materiality import against_draft
from app.standards.measures import Measure
from app.standards.models import ClauseDraft, DraftKind, Materiality, Revision
from app.standards.pieces import pieces
from app.standards.rendering import must_render

LANGUAGES = ("zh", "en")


@dataclass(frozen=True)
class Split:
    """Where a clause is cut: the number of the first piece (`pieces.py`) of the new clause, by language.

    A language without a number stays whole with the old clause. `measure_ids` go with the new clause.
    """

    at: dict[str, int]
    heading_zh: str
    heading_en: str
    measure_ids: tuple[str, ...] = ()


def seen_of(revision: Revision, clause_id: str) -> str:
    """Returns a mark of the clause's words and measures as they are now; a form carries it to tell that it is stale.

    Raises NotFound for a clause that neither the standard nor the draft has.
    """
    words = _words_now(revision, clause_id)
    texts = [words.heading_zh, words.body_zh, words.heading_en, words.body_en]
    data = [*texts, [m.to_data() for m in words.measures or ()]]
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()[:16]


def move_clause(
    actor: Actor, revision: Revision, clause_id: str, *, after: str = "", before: str = ""
) -> ClauseDraft:
    """Puts a clause behind or in front of another one of the standard; its words and its id stay.

    Raises Invalid on `place` for a clause that is not there or is this one, and when it stands there already; Refused
    for a clause that goes with this revision and one that another revision holds.
    """
    must_draft(actor, revision)
    beside = after or before
    if beside == clause_id or beside not in standing_ids(revision):
        raise Invalid.of("place", "draft.clause_not_there", clause=beside[:40].upper())
    draft = _standing_draft(actor, revision, clause_id)
    order = _order(revision)
    keep_place_beside(revision, clause_id)
    draft.after_clause_id, draft.before_clause_id = after or None, None if after else before
    _give_way(revision, draft)
    stand_with(revision, clause_id, beside)
    if _order(revision) == order:
        raise Invalid.of("place", "draft.place_same", clause=clause_id.upper())
    if draft.kind is DraftKind.CHANGED and draft.materiality is None and _says_the_same(revision, draft):
        draft.materiality = Materiality.EDITORIAL
    touch(draft, actor)
    check_parses(revision)
    activity.record(actor, "clause.moved", "revision", revision.number, clause=clause_id)
    events.announce(events.ClauseDrafted(revision.id, clause_id, actor.person_id))
    return draft


def split_clause(actor: Actor, revision: Revision, clause_id: str, split: Split, *, seen: str) -> ClauseDraft:
    """Cuts a clause in two and returns the new one, which stands behind the old one with its tags and audience.

    The whole text is kept as a copy of the old clause. Raises Stale (`draft.moved_on`) when the clause is not as `seen`
    any more; Invalid for a cut that leaves one side empty (`at_zh`), a missing heading and a measure it does not have.
    """
    must_draft(actor, revision)
    _must_be_seen(revision, clause_id, seen)
    draft = _standing_draft(actor, revision, clause_id)
    bodies = {language: str(getattr(draft, f"body_{language}")) for language in LANGUAGES}
    halves = _halves(bodies, split, revision.standard.primary_language)
    measures = [Measure.from_data(data) for data in draft.measures]
    if set(split.measure_ids) - {m.id for m in measures}:
        raise Invalid.of("measure", "draft.measure_unknown")
    keep_copy(actor, revision, clause_id, text_of(draft), why="split")
    new = insert_draft(actor, revision, new_clause_id(revision), DraftKind.NEW)
    new.origin, new.other_clause_id, new.after_clause_id = Origin.SPLIT, clause_id, clause_id
    stand_with(revision, new.clause_id, clause_id)
    new.tags, new.audience = list(draft.tags), list(draft.audience)
    new.heading_zh, new.heading_en = one_line(split.heading_zh, 900), one_line(split.heading_en, 900)
    for language, (first, second) in halves.items():
        setattr(draft, f"body_{language}", first)
        setattr(new, f"body_{language}", second)
    draft.measures = [m.to_data() for m in measures if m.id not in split.measure_ids]
    new.measures = [
        replace(m, clause_id=new.clause_id).to_data() for m in measures if m.id in split.measure_ids
    ]
    if draft.kind is DraftKind.CHANGED:
        draft.materiality = Materiality.MATERIAL
    touch(draft, actor)
    check_parses(revision)
    activity.record(actor, "clause.split", "revision", revision.number, clause=clause_id)
    activity.record(actor, "clause.added", "revision", revision.number, clause=new.clause_id)
    events.announce(events.ClauseDrafted(revision.id, clause_id, actor.person_id))
    return new


def join_clauses(
    actor: Actor,
    revision: Revision,
    clause_id: str,
    other_id: str,
    text: ClauseText,
    *,
    seen: tuple[str, str],
) -> ClauseDraft:
    """Puts the given text of both into the first clause and retires the other one, which says where it went.

    Audience and tags are those of both: who had to follow one of them follows the text of both. Both former texts are
    kept as copies. `seen` are the marks of both clauses. Raises Stale when one is not as seen any more;
    Invalid on `other` for the clause itself and one that is not there; Refused for one that goes already or
    that another revision holds.
    """
    must_draft(actor, revision)
    if other_id == clause_id or other_id not in standing_ids(revision):
        raise Invalid.of("other", "draft.clause_not_there", clause=other_id[:40].upper())
    for one, mark in zip((clause_id, other_id), seen, strict=True):
        _must_be_seen(revision, one, mark)
    draft = _standing_draft(actor, revision, clause_id)
    other = _standing_draft(actor, revision, other_id)
    for row in (draft, other):
        keep_copy(actor, revision, row.clause_id, text_of(row), why="joined")
    draft.tags = sorted({*draft.tags, *other.tags})
    draft.audience = sorted({*draft.audience, *other.audience}) if draft.audience and other.audience else []
    measures = _chosen_measures(draft, other, text.measures or ())
    _retire_into(actor, revision, other, clause_id)
    _write(draft, text)
    first = f"heading_{revision.standard.primary_language}"
    if not getattr(draft, first):
        raise Invalid.of(first, "draft.heading_missing")
    draft.measures = own_measures(revision, clause_id, measures)
    if draft.kind is DraftKind.CHANGED:
        draft.materiality = Materiality.MATERIAL
    touch(draft, actor)
    check_parses(revision)
    activity.record(actor, "clause.joined", "revision", revision.number, clause=other_id, into=clause_id)
    events.announce(events.ClauseDrafted(revision.id, clause_id, actor.person_id))
    return draft


def _give_way(revision: Revision, draft: ClauseDraft) -> None:
    """Lets the draft that stood in this very place stand beside it: of two behind one clause the later one is nearer."""
    for other in queries.clause_drafts(revision.id):
        if other.id == draft.id:
            continue
        if draft.after_clause_id and other.after_clause_id == draft.after_clause_id:
            other.after_clause_id = draft.clause_id
        elif draft.before_clause_id and other.before_clause_id == draft.before_clause_id:
            other.before_clause_id = draft.clause_id
    db.session.flush()


def _retire_into(actor: Actor, revision: Revision, other: ClauseDraft, clause_id: str) -> None:
    """Takes the other clause out of the text; one that was never published leaves no row, its id stays used."""
    keep_place_beside(revision, other.clause_id)
    if other.kind is DraftKind.NEW:
        db.session.delete(other)
        db.session.flush()
    else:
        other.kind, other.materiality = DraftKind.RETIRED, Materiality.MATERIAL
        other.origin, other.other_clause_id = Origin.MERGED, clause_id
        other.after_clause_id = other.before_clause_id = None
        touch(other, actor)
    events.announce(events.ClauseDrafted(revision.id, other.clause_id, actor.person_id))


def _chosen_measures(draft: ClauseDraft, other: ClauseDraft, chosen: Collection[Measure]) -> list[Measure]:
    own = {str(data["id"]) for data in [*draft.measures, *other.measures]}
    if {m.id for m in chosen} - own:
        raise Invalid.of("measure", "draft.measure_unknown")
    return [replace(m, clause_id=draft.clause_id) for m in chosen]


def _write(draft: ClauseDraft, text: ClauseText) -> None:
    for language in LANGUAGES:
        heading = one_line(getattr(text, f"heading_{language}") or "", 900, field=f"heading_{language}")
        body = clean_text(
            getattr(text, f"body_{language}") or "", LIMIT_BODY_BYTES, field=f"body_{language}"
        ).strip("\n")
        must_render(body, f"body_{language}")
        setattr(draft, f"heading_{language}", heading)
        setattr(draft, f"body_{language}", body)


def _halves(bodies: dict[str, str], split: Split, primary_language: str) -> dict[str, tuple[str, str]]:
    """Returns both sides of the cut by language. Raises Invalid for every language that is cut at nothing."""
    made: dict[str, tuple[str, str]] = {}
    errors = []
    for language, body in bodies.items():
        at = split.at.get(language)
        if at is None and language != primary_language:
            made[language] = (body, "")
            continue
        starts = [piece.start for piece in pieces(body, language)]
        if at is None or not 0 < at < len(starts):
            errors.append(FieldError(f"at_{language}", Reason("draft.split_nowhere")))
            continue
        cut = starts[at]
        made[language] = (body[:cut].strip(), body[cut:].strip())
        if not one_line(getattr(split, f"heading_{language}")):
            errors.append(FieldError(f"heading_{language}", Reason("draft.heading_missing")))
    if errors:
        raise Invalid(errors)
    return made


def _standing_draft(actor: Actor, revision: Revision, clause_id: str) -> ClauseDraft:
    """Returns the draft of a clause, opened where there is none. Raises Refused for a clause that goes."""
    draft = queries.clause_draft(revision.id, clause_id) or open_draft(actor, revision, clause_id)
    if draft.kind is DraftKind.RETIRED:
        raise Refused("draft.goes_already", clause=clause_id.upper())
    return draft


def _must_be_seen(revision: Revision, clause_id: str, seen: str) -> None:
    if seen_of(revision, clause_id) != seen:
        raise Stale("draft.moved_on", clause=clause_id.upper())


def _words_now(revision: Revision, clause_id: str) -> ClauseText:
    draft = queries.clause_draft(revision.id, clause_id)
    if draft is not None:
        return text_of(draft)
    base = queries.published_documents(revision.standard)
    primary_of(base).clause(clause_id)
    zh, en = (base[n].clause(clause_id) if n in base and base[n].has(clause_id) else None for n in LANGUAGES)
    return ClauseText(
        heading_zh=zh.heading if zh else "",
        body_zh=zh.body if zh else "",
        heading_en=en.heading if en else "",
        body_en=en.body if en else "",
        measures=primary_of(base).measures_of(clause_id),
    )


def _order(revision: Revision) -> list[tuple[str, str]]:
    """Returns the clauses of the working text in order, each with its chapter."""
    return [(clause.id, clause.chapter) for clause in primary_of(draft_documents(revision)).clauses]


def _says_the_same(revision: Revision, draft: ClauseDraft) -> bool:
    return not against_draft(draft, queries.published_documents(revision.standard))
