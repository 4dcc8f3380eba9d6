"""Owns how signatures are read back: who signed what with which meaning, and what comes next. Writes nothing."""

from dataclasses import dataclass, replace

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core.db import db
from app.people import queries as people
from app.people.models import Person
from app.reviews import claims, counsel_queries, plans, queries, signed_lines
from app.reviews.counsel_queries import CounselRow
from app.reviews.freshness import clause_of, is_claim
from app.reviews.models import Decision, SignOff, TaskState
from app.reviews.words import step_words
from app.standards import texts
from app.standards.models import Revision, TextVersion
from app.standards.revision_page import name_of
from app.standards.workflow import State


@dataclass(frozen=True)
class Signature:
    """One signature with everything a reader must see. `is_fresh` None: nobody asks any more, the review is over."""

    sign_off: SignOff
    version: TextVersion
    signer: Person | None
    stands_in_for: Person | None
    is_fresh: bool | None = None
    is_only_claim: bool = False  # not the text, what is claimed of its change is another one now
    added_by: Person | None = None
    added_because: str = ""

    @property
    def clause_ids(self) -> tuple[str, ...]:
        """Returns the clauses that the signature covers, each once."""
        return tuple(dict.fromkeys(c for c in (clause_of(x.part) for x in self.sign_off.lines) if c))

    def claimed(self, claim: str) -> tuple[str, ...]:
        """Returns the clauses of which the signer confirmed this claim; none before claims were recorded."""
        return claims.claimed({line.part: line.part_sha256 for line in self.sign_off.lines}, claim)

    @property
    def has_conditions(self) -> bool:
        """States that the signer agreed with conditions."""
        return self.sign_off.decision is Decision.APPROVE_WITH_CONDITIONS


def signatures_of(revision: Revision) -> list[Signature]:
    """Returns all signatures of a revision, oldest first; empty before the first."""
    signed = queries.sign_offs(revision.id)
    if not signed:
        return []
    current = signed_lines.current_lines(revision) if revision.state is State.IN_REVIEW else None
    tasks = {(t.step, t.assignee_id): t for t in queries.tasks(revision.id) if t.added_by_id}
    names = people.by_ids({t.added_by_id or 0 for t in tasks.values()})
    made = []
    for loaded in _loaded(signed):
        row = _made(loaded, current)
        task = tasks.get((row.sign_off.step, row.sign_off.signer_id))
        made.append(
            replace(row, added_by=names.get(task.added_by_id or 0), added_because=task.added_because)
            if task
            else row
        )
    return made


def outside_of(revision: Revision) -> list[CounselRow]:
    """Returns what outside counsel signed, oldest first; whether it stands is asked while the review goes on."""
    is_open = revision.state is State.IN_REVIEW
    signed = any(row.sign_off for row in counsel_queries.invitations(revision.id))
    current = texts.current_parts(revision) if is_open and signed else None
    return [row for row in counsel_queries.rows_of(revision, current) if row.invitation.sign_off]


def row_of(sign_off: SignOff) -> Signature:
    """Returns one signature as it is read back."""
    return _made(next(iter(_loaded([sign_off]))), None)


def what_next(revision: Revision) -> list[str]:
    """Returns what happens after a signature, as sentences: who else must sign, then the pilot."""
    waiting = [t for t in queries.tasks(revision.id) if t.state in (TaskState.WAITING, TaskState.RECHECK)]
    names = people.by_ids({t.assignee_id or 0 for t in waiting})
    plan = {step.key: step for step in plans.steps_of(revision.id)}
    steps = []
    for task in waiting:
        who = names.get(task.assignee_id or 0)
        name = name_of(who) if who else _("somebody of this field")
        words = {"name": name, "field": step_words(plan[task.step])}
        if task.state is TaskState.RECHECK:
            steps.append(_("%(name)s (%(field)s) looks again at what changed.", **words))
        else:
            steps.append(_("%(name)s (%(field)s) reviews and signs.", **words))
    steps.append(_("Then the pilot is set up, or the chair waives it."))
    steps.append(_("If a clause you signed changes, only that clause comes back to you."))
    return steps


def _loaded(signed: list[SignOff]) -> list[tuple[SignOff, TextVersion, Person | None, Person | None]]:
    ids = {s.text_version_id for s in signed}
    versions = {v.id: v for v in db.session.scalars(sa.select(TextVersion).where(TextVersion.id.in_(ids)))}
    names = people.by_ids({i for s in signed for i in (s.signer_id, s.for_id) if i})
    return [
        (s, versions[s.text_version_id], names.get(s.signer_id), names.get(s.for_id or 0)) for s in signed
    ]


def _made(
    loaded: tuple[SignOff, TextVersion, Person | None, Person | None],
    current: dict[str, dict[str, str]] | None,
) -> Signature:
    sign_off, version, signer, other = loaded
    if current is None:
        return Signature(sign_off, version, signer, other)
    wanted = current.get(sign_off.step, {})
    moved = [x.part for x in sign_off.lines if wanted.get(x.part, x.part_sha256) != x.part_sha256]
    only_claim = bool(moved) and all(map(is_claim, moved))
    return Signature(sign_off, version, signer, other, is_fresh=not moved, is_only_claim=only_claim)
