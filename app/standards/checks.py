"""Owns the facts this room proves for the workflow: reasons, clauses, changes, wording."""

import sqlalchemy as sa

from app.core.db import db
from app.core.errors import Reason
from app.standards import lifecycle, queries, texts, word_list
from app.standards.document import Document, primary_of
from app.standards.drafted_documents import apply_drafts, frames_of
from app.standards.models import ClauseLock, DraftKind, Revision, RevisionClause
from app.standards.wording import Finding, Grade, check_clause
from app.standards.words import spoken_id
from app.web.reasons import reason_words

LANGUAGES = ("zh", "en")


def prove_reason_given(revision: Revision, attempt: lifecycle.Attempt) -> tuple[Reason, ...]:
    """Holds when the attempt carries a reason that is not only blanks."""
    return () if attempt.reason.strip() else (Reason("move.reason_missing"),)


def prove_clause_reason_given(revision: Revision, attempt: lifecycle.Attempt) -> tuple[Reason, ...]:
    """Holds when the reason names a clause of the revision: sending back says what must change where."""
    if not attempt.clause_id:
        return (Reason("move.clause_missing"), *prove_reason_given(revision, attempt))
    if attempt.clause_id not in queries.clause_ids(revision.id):
        return (Reason("move.clause_unknown", {"clause": attempt.clause_id.upper()}),)
    return prove_reason_given(revision, attempt)


def prove_clauses_free(revision: Revision, attempt: lifecycle.Attempt) -> tuple[Reason, ...]:
    """Holds when no other open revision holds a clause of this one; names the revision that does."""
    taken = db.session.execute(
        sa.select(ClauseLock.clause_id, Revision.number)
        .join(Revision, Revision.id == ClauseLock.revision_id)
        .join(
            RevisionClause,
            sa.and_(
                RevisionClause.clause_id == ClauseLock.clause_id, RevisionClause.revision_id == revision.id
            ),
        )
        .where(ClauseLock.standard_id == revision.standard_id, ClauseLock.revision_id != revision.id)
        .order_by(ClauseLock.clause_id)
    )
    return tuple(
        Reason("revision.clause_taken", {"clause": clause_id.upper(), "number": number})
        for clause_id, number in taken
    )


def prove_something_changed(revision: Revision, attempt: lifecycle.Attempt) -> tuple[Reason, ...]:
    """Holds when the working text differs from the published one in at least one part."""
    return () if texts.current_parts(revision) else (Reason("revision.nothing_changed"),)


def prove_changes_classified(revision: Revision, attempt: lifecycle.Attempt) -> tuple[Reason, ...]:
    """Holds when the drafter said of every changed clause whether it is editorial; new and retired ones never are."""
    return tuple(
        Reason("revision.not_classified", {"clause": draft.clause_id.upper()})
        for draft in queries.clause_drafts(revision.id)
        if draft.kind is DraftKind.CHANGED and draft.materiality is None
    )


def prove_no_stopping_check(revision: Revision, attempt: lifecycle.Attempt) -> tuple[Reason, ...]:
    """Holds when no draft has a finding of the grade *stop*; names the clause and what is wrong with it."""
    return tuple(
        Reason("revision.text_stopped", {"clause": clause_id.upper(), "problem": _problem(finding)})
        for clause_id, findings in findings_of(revision).items()
        for finding in findings
        if finding.grade is Grade.STOP
    )


def findings_of(revision: Revision) -> dict[str, list[Finding]]:
    """Returns `{clause id: findings}` of the revision's drafts, in the order of their ids; clean clauses are there too."""
    drafts = queries.clause_drafts(revision.id)
    if not drafts:
        return {}
    base = queries.published_documents(revision.standard)
    after = apply_drafts(base, drafts, frames_of(revision))
    code = revision.standard.code
    own = {spoken_id(code, clause.id) for clause in primary_of(after).clauses}
    known = own | _clauses_of_other_standards(revision.standard_id)
    words, given = word_list.words_and_reasons(revision.standard_id)
    return {
        draft.clause_id: check_clause(
            _texts(after, draft.clause_id),
            primary_of(after).measures_of(draft.clause_id),
            tags=draft.tags,
            previous=_texts(base, draft.clause_id),
            known_clauses=known,
            house_words=words,
            reasons_given=given.get(draft.clause_id, ()),
        )
        for draft in drafts
        if draft.kind is not DraftKind.RETIRED
    }


def _clauses_of_other_standards(standard_id: int) -> set[str]:
    return {
        spoken_id(standard.code, clause_id)
        for standard in queries.standards()
        if standard.id != standard_id
        for clause_id in standard.used_clause_ids
    }


def _texts(documents: dict[str, Document], clause_id: str) -> dict[str, str]:
    """Returns `{language: heading and body}` of a clause; a language that lacks it has an empty text."""
    made = {}
    for language in LANGUAGES:
        document = documents.get(language)
        if document is None or not document.has(clause_id):
            made[language] = ""
            continue
        clause = document.clause(clause_id)
        made[language] = f"{clause.heading}\n{clause.body}"
    return made


def _problem(finding: Finding) -> str:
    return reason_words(Reason(finding.key, dict(finding.params)))
