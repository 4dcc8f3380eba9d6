"""Owns the rows of a draft: who may write, opening one, whose clause it is, which ids are free. The verbs are in `drafting.py`."""

from collections.abc import Collection, Sequence

from app.core import clock
from app.core.access import Actor, Permission
from app.core.db import db
from app.core.errors import NotAllowed, NotFound, Refused
from app.standards import queries
from app.standards.document import primary_of
from app.standards.drafted_documents import draft_documents
from app.standards.measures import Measure
from app.standards.models import (
    ClauseDraft,
    ClauseLock,
    DraftKind,
    Revision,
    RevisionClause,
    Standard,
)
from app.standards.workflow import WRITABLE_STATES


def must_draft(actor: Actor, revision: Revision) -> None:
    """Returns when the actor may write the revision's text now. Raises NotAllowed or Refused with the reason."""
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


def open_draft(actor: Actor, revision: Revision, clause_id: str) -> ClauseDraft:
    """Returns a new draft of a published clause with its words; measures that another draft took are not there.

    Raises NotFound for an unknown clause, Refused when another revision holds it.
    """
    taken = _drafted_measure_ids(queries.clause_drafts(revision.id))
    base = queries.published_documents(revision.standard)
    if not any(document.has(clause_id) for document in base.values()):
        raise NotFound("document.unknown_clause", clause=clause_id)
    claim_clause(revision, clause_id)
    draft = insert_draft(actor, revision, clause_id, DraftKind.CHANGED)
    for language, document in base.items():
        if not document.has(clause_id):
            continue
        clause = document.clause(clause_id)
        setattr(draft, f"heading_{language}", clause.heading)
        setattr(draft, f"body_{language}", clause.body)
        if document.front.is_primary:
            draft.tags, draft.audience = list(clause.tags), list(clause.audience)
            draft.measures = [m.to_data() for m in document.measures_of(clause_id) if m.id not in taken]
    draft.base_hash = queries.published_clause_hash(revision.standard_id, clause_id)
    return draft


def insert_draft(actor: Actor, revision: Revision, clause_id: str, kind: DraftKind) -> ClauseDraft:
    """Returns a new draft without words."""
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


def new_clause_id(revision: Revision) -> str:
    """Returns an id that was never used in the standard, from now on held by the revision."""
    standard = db.session.get(Standard, revision.standard_id, with_for_update=True, populate_existing=True)
    if standard is None:
        raise NotFound("standard.unknown")
    used = set(standard.used_clause_ids)
    number = max((int(c[1:]) for c in used), default=0) + 1
    clause_id = f"c{number:02d}"
    standard.used_clause_ids = sorted({*used, clause_id})
    claim_clause(revision, clause_id)
    return clause_id


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


def touch(draft: ClauseDraft, actor: Actor) -> None:
    """Notes who saved the draft and when; whoever saw it before is told that it moved on."""
    draft.lock_version += 1
    draft.saved_at, draft.saved_by_id = clock.now(), actor.person_id
    draft.author_ids = sorted({*draft.author_ids, *([actor.person_id] if actor.person_id else [])})
    db.session.flush()


def own_measures(revision: Revision, clause_id: str, measures: Sequence[Measure]) -> list[dict[str, object]]:
    """Returns the measures as data of this clause; an id that another clause of the text has is given anew."""
    drafts = [d for d in queries.clause_drafts(revision.id) if d.clause_id != clause_id]
    published = primary_of(queries.published_documents(revision.standard)).front.measures
    drafted = {draft.clause_id for draft in drafts}
    taken = _drafted_measure_ids(drafts) | {
        m.id for m in published if m.clause_id not in drafted and m.clause_id != clause_id
    }
    every = taken | {m.id for m in published} | {m.id for m in measures}
    number = max((int(i[1:]) for i in every), default=0)
    made: list[dict[str, object]] = []
    for measure in measures:
        own = measure.id
        if own in taken:
            number += 1
            own = f"m{number:02d}"
        taken.add(own)
        made.append({**measure.to_data(), "id": own, "clause": clause_id})
    return made


def keep_place_beside(revision: Revision, clause_id: str) -> None:
    """Gives the clauses that stand beside this one another neighbour, so that they stay where they are when it goes."""
    drafts = queries.clause_drafts(revision.id)
    beside = [d for d in drafts if clause_id in (d.after_clause_id, d.before_clause_id)]
    if not beside:
        return
    after = primary_of(draft_documents(revision))
    others = [clause for clause in after.clauses if clause.id != clause_id]
    for draft in beside:
        at = next((i for i, clause in enumerate(others) if clause.id == draft.clause_id), None)
        if at is None:
            continue
        before = others[at - 1] if at else None
        behind = others[at + 1] if at + 1 < len(others) else None
        is_first = before is None or (before.chapter != others[at].chapter and behind is not None)
        if is_first and behind is not None and (before is None or behind.chapter == others[at].chapter):
            draft.after_clause_id, draft.before_clause_id = None, behind.id
        else:
            draft.after_clause_id, draft.before_clause_id = before.id if before else None, None
    db.session.flush()


def _drafted_measure_ids(drafts: Collection[ClauseDraft]) -> set[str]:
    return {str(m["id"]) for d in drafts if d.kind is not DraftKind.RETIRED for m in d.measures}
