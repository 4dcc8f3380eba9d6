"""Owns what outside counsel is shown behind a link: the clauses to read, the own notes, what would be signed. Writes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.core.access import VISITOR
from app.core.errors import Reason
from app.people import queries as people
from app.people.models import Person
from app.reviews import changes_page, counsel_queries
from app.reviews.changes_page import ChangedClause
from app.reviews.freshness import clause_of
from app.reviews.models import CounselInvitation, ReviewThread
from app.reviews.to_sign import PartsToSign
from app.standards import queries as standards
from app.standards.models import Revision, TextVersion
from app.standards.revision_page import name_of
from app.standards.workflow import State


@dataclass(frozen=True)
class CounselPage(PartsToSign):
    """What somebody outside reads: only clauses that changed and that they have not accepted as they stand.

    `parts` are what would be signed {part: sha256}; `threads` are the own discussions by clause, with the answers.
    """

    invitation: CounselInvitation
    revision: Revision
    clauses: tuple[ChangedClause, ...]
    parts: Mapping[str, str]
    version: TextVersion | None
    threads: Mapping[str, tuple[ReviewThread, ...]]
    people: Mapping[int, Person]
    why_not: Reason | None
    frame: tuple[ChangedClause, ...] = ()

    @property
    def is_ready(self) -> bool:
        """States that the text stands frozen and can be signed."""
        return self.version is not None and self.version.is_pinned

    def name(self, person_id: int | None) -> str:
        """Returns the name of somebody inside who answered."""
        return name_of(self.people.get(person_id or 0))


def page_of(revision: Revision, row: CounselInvitation) -> CounselPage:
    """Returns what an open invitation shows now."""
    changes = changes_page.changes_of(revision, VISITOR)
    parts = counsel_queries.open_parts(revision, row, dict(changes.parts))
    shown = {clause_of(part) for part in parts}
    threads = {c.clause_id: _own(c, row) for c in changes.clauses if c.clause_id in shown}
    wrote = {n.author_id for found in threads.values() for t in found for n in t.notes if n.author_id}
    return CounselPage(
        invitation=row,
        revision=revision,
        clauses=tuple(c for c in changes.clauses if c.clause_id in shown),
        parts=parts,
        version=standards.newest_text_version(revision.id),
        threads=threads,
        people=people.by_ids(wrote),
        why_not=_why_not_sign(revision, parts),
        frame=tuple(changes.frame) if None in shown else (),
    )


def _own(clause: ChangedClause, row: CounselInvitation) -> tuple[ReviewThread, ...]:
    return tuple(t for t in clause.threads if t.notes and t.notes[0].counsel_id == row.id)


def _why_not_sign(revision: Revision, parts: Mapping[str, str]) -> Reason | None:
    if revision.state is not State.IN_REVIEW or revision.is_on_hold:
        return Reason("counsel.review_over")
    return None if parts else Reason("counsel.nothing_new")
