"""Owns the working text of a revision: drafts of clauses beside the published text. Knows no review and no pilot."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from app.core import activity, clock, events
from app.core.access import Actor
from app.core.db import db
from app.core.errors import Invalid, NotFound, Refused, Stale
from app.core.text import clean_text, one_line
from app.standards import materiality, queries
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
from app.standards.frame_drafting import stand_as_published, stand_with
from app.standards.matching import Origin
from app.standards.measures import Measure
from app.standards.models import ClauseDraft, DraftCopy, DraftKind, Materiality, Revision
from app.standards.rendering import must_render

LIMIT_BODY_BYTES = 64 * 1024


@dataclass(frozen=True)
class ClauseText:
    """What a drafter gives for one clause; None leaves a field as it is."""

    heading_zh: str | None = None
    body_zh: str | None = None
    heading_en: str | None = None
    body_en: str | None = None
    tags: Sequence[str] | None = None
    audience: Sequence[str] | None = None
    measures: Sequence[Measure] | None = None
    materiality: Materiality | None = None
    extra: dict[str, object] = field(default_factory=dict)


def save_clause(
    actor: Actor, revision: Revision, clause_id: str, text: ClauseText, *, seen_version: int | None
) -> ClauseDraft:
    """Keeps the text of a clause as this revision's draft and returns it; saving is never stopped by a text check.

    `seen_version` is the draft's `lock_version` the drafter saw, None when there was no draft yet. When somebody
    saved meanwhile the text is kept as a copy and Stale is raised (`draft.conflict`, copy id): nothing is lost,
    nothing is overwritten. The caller commits even then (see `keep_copy`).
    """
    must_draft(actor, revision)
    draft = queries.clause_draft(revision.id, clause_id)
    values = _clean(text)
    first = f"heading_{revision.standard.primary_language}"
    if values.get(first) == "":
        raise Invalid.of(first, "draft.heading_missing")
    if text.measures is not None:
        values["measures"] = own_measures(revision, clause_id, text.measures)
    if draft is not None and draft.lock_version > 1 and _holds(draft, values):
        return draft  # autosave and a button often bring the same words at once; that is no conflict
    if draft is None:
        if seen_version:
            raise Stale("draft.gone", clause=clause_id)
        draft = open_draft(actor, revision, clause_id)
    elif draft.lock_version != (seen_version or 0):
        copy = keep_copy(actor, revision, clause_id, text, why="conflict")
        raise Stale("draft.conflict", clause=clause_id, copy=copy.id)
    if not _swap(draft, values, actor):
        copy = keep_copy(actor, revision, clause_id, text, why="conflict")
        raise Stale("draft.conflict", clause=clause_id, copy=copy.id)
    check_parses(revision)
    check_claim(revision, draft)
    activity.record(actor, "clause.saved", "revision", revision.number, clause=clause_id)
    events.announce(events.ClauseDrafted(revision.id, clause_id, actor.person_id))
    return draft


def add_clause(
    actor: Actor, revision: Revision, *, after_clause_id: str | None, heading_zh: str, heading_en: str
) -> ClauseDraft:
    """Opens a new clause with an id that was never used in the standard; it stands after the given clause.

    Raises Invalid without a heading in the standard's first language; without one in the other the
    translation is missing.
    """
    must_draft(actor, revision)
    zh, en = one_line(heading_zh), one_line(heading_en)
    if not (zh if revision.standard.primary_language == "zh" else en):
        raise Invalid.of(f"heading_{revision.standard.primary_language}", "draft.heading_missing")
    clause_id = new_clause_id(revision)
    draft = insert_draft(actor, revision, clause_id, DraftKind.NEW)
    draft.heading_zh, draft.heading_en, draft.after_clause_id = zh, en, after_clause_id
    if after_clause_id:
        stand_with(revision, clause_id, after_clause_id)
    check_parses(revision)
    activity.record(actor, "clause.added", "revision", revision.number, clause=clause_id)
    events.announce(events.ClauseDrafted(revision.id, clause_id, actor.person_id))
    return draft


def retire_clause(
    actor: Actor, revision: Revision, clause_id: str, *, reason: str, successor: str = ""
) -> ClauseDraft:
    """Marks a clause as gone from the next version on; `successor` is the clause that takes its place, empty for none.

    Raises Invalid without a reason and for a successor that the text does not have.
    """
    must_draft(actor, revision)
    why = clean_text(reason, LIMIT_BODY_BYTES, field="reason").strip()
    if not why:
        raise Invalid.of("reason", "draft.retire_reason")
    if successor and successor not in standing_ids(revision) - {clause_id}:
        raise Invalid.of("successor", "draft.clause_not_there", clause=successor[:40].upper())
    draft = queries.clause_draft(revision.id, clause_id) or open_draft(actor, revision, clause_id)
    if draft.kind is DraftKind.NEW:
        raise Refused("draft.new_not_retired", clause=clause_id)
    draft.kind, draft.reason, draft.materiality = DraftKind.RETIRED, why, Materiality.MATERIAL
    draft.origin = Origin.REPLACED if successor else None
    draft.other_clause_id = successor or None
    touch(draft, actor)
    activity.record(actor, "clause.retired_in_draft", "revision", revision.number, clause=clause_id)
    events.announce(events.ClauseDrafted(revision.id, clause_id, actor.person_id))
    return draft


def discard_draft(actor: Actor, revision: Revision, clause_id: str) -> None:
    """Takes the clause back to the published text; the discarded words are kept as a copy.

    Clauses that were joined into it come back too, and measures that went from it to another clause. The words of a
    clause that was split off are kept beside those of the clause it came from.
    """
    must_draft(actor, revision)
    draft = queries.clause_draft(revision.id, clause_id)
    if draft is None:
        raise NotFound("draft.none", clause=clause_id)
    keep_place_beside(revision, clause_id)
    if draft.after_clause_id or draft.before_clause_id:
        stand_as_published(revision, clause_id)
    split_from = draft.other_clause_id if draft.origin is Origin.SPLIT else None
    keep_copy(actor, revision, split_from or clause_id, text_of(draft), why="discarded")
    gone = [clause_id]
    db.session.delete(draft)
    for other in queries.clause_drafts(revision.id):
        if other.origin is Origin.MERGED and other.other_clause_id == clause_id:
            gone.append(other.clause_id)
            db.session.delete(other)
    db.session.flush()
    _give_measures_back(revision, gone)
    check_parses(revision)
    for one in gone:
        activity.record(actor, "clause.draft_discarded", "revision", revision.number, clause=one)
        events.announce(events.ClauseDrafted(revision.id, one, actor.person_id))


def _give_measures_back(revision: Revision, clause_ids: Sequence[str]) -> None:
    """Takes the published measures of these clauses out of the drafts of other clauses."""
    published = primary_of(queries.published_documents(revision.standard)).front.measures
    own = {measure.id for measure in published if measure.clause_id in clause_ids}
    for draft in queries.clause_drafts(revision.id):
        kept = [data for data in draft.measures if data["id"] not in own]
        if draft.clause_id not in clause_ids and kept != draft.measures:
            draft.measures = kept
            draft.lock_version += 1
    db.session.flush()


def standing_ids(revision: Revision) -> set[str]:
    """Returns the clauses that the text has with this revision's drafts."""
    return {clause.id for clause in primary_of(draft_documents(revision)).clauses}


def keep_copy(actor: Actor, revision: Revision, clause_id: str, text: ClauseText, *, why: str) -> DraftCopy:
    """Keeps words that did not become the draft (`why`: conflict, discarded, autosave) and returns the copy."""
    copy = DraftCopy(
        revision_id=revision.id,
        clause_id=clause_id,
        fields=fields_of(text),
        why=why,
        kept_at=clock.now(),
        kept_by_id=actor.person_id,
    )
    db.session.add(copy)
    db.session.flush()
    return copy


def keep_autosave(actor: Actor, revision: Revision, clause_id: str, text: ClauseText) -> DraftCopy:
    """Keeps what somebody is typing as their own copy, one for each person and clause; the draft stays as it is."""
    must_draft(actor, revision)
    copy = db.session.scalar(
        sa.select(DraftCopy)
        .where(
            DraftCopy.revision_id == revision.id,
            DraftCopy.clause_id == clause_id,
            DraftCopy.kept_by_id == actor.person_id,
            DraftCopy.why == "autosave",
        )
        .order_by(DraftCopy.id.desc())
        .limit(1)
    )
    if copy is None:
        return keep_copy(actor, revision, clause_id, text, why="autosave")
    copy.fields = fields_of(text)
    copy.kept_at = clock.now()
    db.session.flush()
    return copy


def fields_of(text: ClauseText) -> dict[str, object]:
    """Returns what a copy keeps of a text: its fields that are given, clean, without the claim."""
    return {name: value for name, value in _clean(text).items() if name != "materiality"}


def text_of(draft: ClauseDraft) -> ClauseText:
    """Returns the draft's words as a drafter would give them."""
    return ClauseText(
        heading_zh=draft.heading_zh,
        body_zh=draft.body_zh,
        heading_en=draft.heading_en,
        body_en=draft.body_en,
        tags=draft.tags,
        audience=draft.audience,
        measures=[Measure.from_data(m) for m in draft.measures],
        materiality=draft.materiality,
    )


def _swap(draft: ClauseDraft, values: dict[str, object], actor: Actor) -> bool:
    """Writes the values when nobody saved since the draft was read; tells whether that was so."""
    seen = draft.lock_version
    authors = sorted({*draft.author_ids, *([actor.person_id] if actor.person_id else [])})
    changed = db.session.execute(
        sa.update(ClauseDraft)
        .where(ClauseDraft.id == draft.id, ClauseDraft.lock_version == seen)
        .values(
            **values,
            **_back_in_the_text(draft),
            author_ids=authors,
            lock_version=seen + 1,
            saved_at=clock.now(),
            saved_by_id=actor.person_id,
        )
    )
    db.session.refresh(draft)
    return bool(changed.rowcount == 1)  # type: ignore[attr-defined]


def _holds(draft: ClauseDraft, values: dict[str, object]) -> bool:
    """States that the draft has exactly these values and stays in the text."""
    return draft.kind is not DraftKind.RETIRED and all(getattr(draft, n) == v for n, v in values.items())


def _back_in_the_text(draft: ClauseDraft) -> dict[str, object]:
    """Returns what a save changes of a clause that was to go: it stays after all, and nothing takes its place."""
    if draft.kind is not DraftKind.RETIRED:
        return {}
    return {"kind": DraftKind.CHANGED, "origin": None, "other_clause_id": None, "reason": ""}


def _clean(text: ClauseText) -> dict[str, object]:
    values: dict[str, object] = {}
    for name in ("heading_zh", "heading_en"):
        value = getattr(text, name)
        if value is not None:
            values[name] = one_line(value, 900, field=name)
    for name in ("body_zh", "body_en"):
        value = getattr(text, name)
        if value is not None:
            body = clean_text(value, LIMIT_BODY_BYTES, field=name).strip("\n")
            must_render(body, name)
            values[name] = body
    if text.tags is not None:
        values["tags"] = sorted(set(text.tags))
    if text.audience is not None:
        values["audience"] = sorted(set(text.audience))
    if text.measures is not None:
        values["measures"] = [m.to_data() for m in text.measures]
    if text.materiality is not None:
        values["materiality"] = text.materiality
    return values


def check_parses(revision: Revision) -> None:
    """Returns when the working text can be read as a whole.

    Raises Invalid for a body that would become a clause of its own or swallow the next one.
    """
    db.session.flush()
    draft_documents(revision)


def check_claim(revision: Revision, draft: ClauseDraft) -> None:
    """Takes the claim "editorial" back where the machine can disprove it."""
    # "Editorial" spares readers and reviewers a second look, so a claim that the machine can disprove is not kept.
    if draft.materiality is not Materiality.EDITORIAL:
        return
    base = queries.published_documents(revision.standard)
    if draft.kind is not DraftKind.CHANGED or materiality.against_draft(draft, base):
        draft.materiality = None
