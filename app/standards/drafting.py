"""Owns the working text of a revision: drafts of clauses beside the published text. Knows no review and no pilot."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from app.core import activity, clock, events
from app.core.access import Actor, Permission
from app.core.db import db
from app.core.errors import Invalid, NotAllowed, NotFound, Refused, Stale
from app.core.text import clean_text, one_line
from app.standards import materiality, queries
from app.standards.drafted_documents import apply_drafts
from app.standards.measures import Measure
from app.standards.models import (
    ClauseDraft,
    ClauseLock,
    DraftCopy,
    DraftKind,
    Materiality,
    Revision,
    RevisionClause,
    Standard,
)
from app.standards.rendering import must_render
from app.standards.workflow import WRITABLE_STATES

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
    _must_draft(actor, revision)
    draft = queries.clause_draft(revision.id, clause_id)
    if draft is None:
        if seen_version:
            raise Stale("draft.gone", clause=clause_id)
        draft = _open_draft(actor, revision, clause_id)
    elif draft.lock_version != (seen_version or 0):
        copy = keep_copy(actor, revision, clause_id, text, why="conflict")
        raise Stale("draft.conflict", clause=clause_id, copy=copy.id)
    values = _clean(text)
    if all(getattr(draft, name) == value for name, value in values.items()) and draft.lock_version > 1:
        return draft
    if not _swap(draft, values, actor):
        copy = keep_copy(actor, revision, clause_id, text, why="conflict")
        raise Stale("draft.conflict", clause=clause_id, copy=copy.id)
    _check_parses(revision, draft)
    _check_claim(revision, draft)
    activity.record(actor, "clause.saved", "revision", revision.number, clause=clause_id)
    events.announce(events.ClauseDrafted(revision.id, clause_id, actor.person_id))
    return draft


def add_clause(
    actor: Actor, revision: Revision, *, after_clause_id: str | None, heading_zh: str, heading_en: str
) -> ClauseDraft:
    """Opens a new clause with an id that was never used in the standard; it stands after the given clause."""
    _must_draft(actor, revision)
    zh, en = one_line(heading_zh), one_line(heading_en)
    if not zh and not en:
        raise Invalid.of("heading_zh", "draft.heading_missing")
    clause_id = _new_clause_id(revision)
    draft = _insert_draft(actor, revision, clause_id, DraftKind.NEW)
    draft.heading_zh, draft.heading_en, draft.after_clause_id = zh, en or zh, after_clause_id
    _check_parses(revision, draft)
    activity.record(actor, "clause.added", "revision", revision.number, clause=clause_id)
    events.announce(events.ClauseDrafted(revision.id, clause_id, actor.person_id))
    return draft


def retire_clause(actor: Actor, revision: Revision, clause_id: str, *, reason: str) -> ClauseDraft:
    """Marks a clause as gone from the next version on. Raises Invalid without a reason (and successor in words)."""
    _must_draft(actor, revision)
    why = clean_text(reason, LIMIT_BODY_BYTES, field="reason").strip()
    if not why:
        raise Invalid.of("reason", "draft.retire_reason")
    draft = queries.clause_draft(revision.id, clause_id) or _open_draft(actor, revision, clause_id)
    if draft.kind is DraftKind.NEW:
        raise Refused("draft.new_not_retired", clause=clause_id)
    draft.kind, draft.reason, draft.materiality = DraftKind.RETIRED, why, Materiality.MATERIAL
    draft.lock_version += 1
    draft.saved_at, draft.saved_by_id = clock.now(), actor.person_id
    draft.author_ids = sorted({*draft.author_ids, actor.person_id or 0})
    db.session.flush()
    activity.record(actor, "clause.retired_in_draft", "revision", revision.number, clause=clause_id)
    events.announce(events.ClauseDrafted(revision.id, clause_id, actor.person_id))
    return draft


def discard_draft(actor: Actor, revision: Revision, clause_id: str) -> None:
    """Takes the clause back to the published text; the discarded words are kept as a copy."""
    _must_draft(actor, revision)
    draft = queries.clause_draft(revision.id, clause_id)
    if draft is None:
        raise NotFound("draft.none", clause=clause_id)
    keep_copy(actor, revision, clause_id, text_of(draft), why="discarded")
    db.session.delete(draft)
    db.session.flush()
    activity.record(actor, "clause.draft_discarded", "revision", revision.number, clause=clause_id)
    events.announce(events.ClauseDrafted(revision.id, clause_id, actor.person_id))


def keep_copy(actor: Actor, revision: Revision, clause_id: str, text: ClauseText, *, why: str) -> DraftCopy:
    """Keeps words that did not become the draft (`why`: conflict, discarded, autosave) and returns the copy."""
    copy = DraftCopy(
        revision_id=revision.id,
        clause_id=clause_id,
        fields={name: value for name, value in _clean(text).items() if name != "materiality"},
        why=why,
        kept_at=clock.now(),
        kept_by_id=actor.person_id,
    )
    db.session.add(copy)
    db.session.flush()
    return copy


def keep_autosave(actor: Actor, revision: Revision, clause_id: str, text: ClauseText) -> DraftCopy:
    """Keeps what somebody is typing as their own copy, one for each person and clause; the draft stays as it is."""
    _must_draft(actor, revision)
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
    copy.fields = {name: value for name, value in _clean(text).items() if name != "materiality"}
    copy.kept_at = clock.now()
    db.session.flush()
    return copy


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


def _open_draft(actor: Actor, revision: Revision, clause_id: str) -> ClauseDraft:
    base = queries.published_documents(revision.standard)
    if not any(document.has(clause_id) for document in base.values()):
        raise NotFound("document.unknown_clause", clause=clause_id)
    claim_clause(revision, clause_id)
    draft = _insert_draft(actor, revision, clause_id, DraftKind.CHANGED)
    for language, document in base.items():
        if not document.has(clause_id):
            continue
        clause = document.clause(clause_id)
        setattr(draft, f"heading_{language}", clause.heading)
        setattr(draft, f"body_{language}", clause.body)
        if document.front.is_primary:
            draft.tags, draft.audience = list(clause.tags), list(clause.audience)
            draft.measures = [m.to_data() for m in document.measures_of(clause_id)]
    draft.base_hash = queries.published_clause_hash(revision.standard_id, clause_id)
    return draft


def claim_clause(revision: Revision, clause_id: str) -> None:
    """Notes that the revision concerns the clause and holds it. Raises Refused naming the revision that has it."""
    lock = db.session.get(ClauseLock, (revision.standard_id, clause_id))
    if lock is not None and lock.revision_id != revision.id:
        other = db.session.get_one(Revision, lock.revision_id)
        raise Refused("draft.clause_taken", clause=clause_id, number=other.number)
    if lock is None:
        db.session.add(
            ClauseLock(standard_id=revision.standard_id, clause_id=clause_id, revision_id=revision.id)
        )
    if db.session.get(RevisionClause, (revision.id, clause_id)) is None:
        db.session.add(RevisionClause(revision_id=revision.id, clause_id=clause_id))
    db.session.flush()


def _insert_draft(actor: Actor, revision: Revision, clause_id: str, kind: DraftKind) -> ClauseDraft:
    draft = ClauseDraft(
        revision_id=revision.id,
        clause_id=clause_id,
        kind=kind,
        heading_zh="",
        heading_en="",
        body_zh="",
        body_en="",
        tags=[],
        audience=[],
        measures=[],
        reason="",
        author_ids=[actor.person_id] if actor.person_id else [],
        lock_version=1,
        saved_at=clock.now(),
        saved_by_id=actor.person_id,
    )
    db.session.add(draft)
    db.session.flush()
    return draft


def _new_clause_id(revision: Revision) -> str:
    standard = db.session.get(Standard, revision.standard_id, with_for_update=True, populate_existing=True)
    if standard is None:
        raise NotFound("standard.unknown")
    used = set(standard.used_clause_ids)
    number = max((int(c[1:]) for c in used), default=0) + 1
    clause_id = f"c{number:02d}"
    standard.used_clause_ids = sorted({*used, clause_id})
    claim_clause(revision, clause_id)
    return clause_id


def _swap(draft: ClauseDraft, values: dict[str, object], actor: Actor) -> bool:
    """Writes the values when nobody saved since the draft was read; tells whether that was so."""
    seen = draft.lock_version
    authors = sorted({*draft.author_ids, *([actor.person_id] if actor.person_id else [])})
    changed = db.session.execute(
        sa.update(ClauseDraft)
        .where(ClauseDraft.id == draft.id, ClauseDraft.lock_version == seen)
        .values(
            **values,
            kind=DraftKind.CHANGED if draft.kind is DraftKind.RETIRED else draft.kind,
            author_ids=authors,
            lock_version=seen + 1,
            saved_at=clock.now(),
            saved_by_id=actor.person_id,
        )
    )
    db.session.refresh(draft)
    return bool(changed.rowcount == 1)  # type: ignore[attr-defined]


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


def _check_parses(revision: Revision, draft: ClauseDraft) -> None:
    # A body that would become a clause of its own or swallow the next one is refused before it is kept.
    apply_drafts(queries.published_documents(revision.standard), [draft])


def _check_claim(revision: Revision, draft: ClauseDraft) -> None:
    # "Editorial" spares readers and reviewers a second look, so a claim that the machine can disprove is not kept.
    if draft.materiality is not Materiality.EDITORIAL:
        return
    base = queries.published_documents(revision.standard)
    if draft.kind is not DraftKind.CHANGED or materiality.against_draft(draft, base):
        draft.materiality = None


def _must_draft(actor: Actor, revision: Revision) -> None:
    # The revision's row is taken first by every verb that writes its text or signs it: of two, one waits.
    # What was read before waiting is read again: the other may have moved the revision on.
    db.session.flush()
    db.session.get(Revision, revision.id, with_for_update=True, populate_existing=True)
    if not actor.may(Permission.DRAFT):
        raise NotAllowed("move.no_permission", permission=Permission.DRAFT.value)
    if revision.is_on_hold:
        raise Refused("move.on_hold", reason=revision.hold_reason)
    if revision.state not in WRITABLE_STATES:
        raise Refused("draft.not_writable", number=revision.number, state=revision.state.value)
