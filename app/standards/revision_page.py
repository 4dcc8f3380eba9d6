"""Owns what a revision's page shows: stage, the sentence "Now", what changes, the rail, the timeline. Writes nothing."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from app.core import clock
from app.core.access import Actor
from app.people import queries as people_queries
from app.people.models import Person
from app.standards import queries
from app.standards.comparison import Comparison, Difference, compare, whole_states
from app.standards.document import Document, primary_of
from app.standards.drafted_documents import apply_drafts, frames_of
from app.standards.models import Publication, Revision, RevisionNote, RevisionStep
from app.standards.reading import light_publications
from app.standards.words import move_words, stage_words, state_words
from app.standards.workflow import ENDS, PHASES, STAGES, Move, State, stage_number
from app.web import contributions
from app.web.contributions import Act, StageBlock, Waiting
from app.web.filters import day, local_date, moment
from app.web.language import current_language, pick


@dataclass(frozen=True)
class Now:
    """The first thing on the page: where it stands, whom it waits for. `kind` is the colour of the box."""

    words: str
    more: str = ""
    kind: str = "info"


@dataclass(frozen=True)
class StageView:
    """One of the nine stages: `state` is done, now, next or skipped; `result` its one line."""

    number: int
    name: str
    phase: str
    state: str
    result: str
    meta: str
    blocks: tuple[StageBlock, ...] = ()


@dataclass(frozen=True)
class Line:
    """One line of the timeline."""

    at: dt.datetime
    words: str
    note: str = ""
    is_decision: bool = True


@dataclass(frozen=True)
class RevisionPage:
    """Everything the page of a revision shows to this viewer."""

    revision: Revision
    now: Now
    stages: tuple[StageView, ...]
    comparison: Comparison
    concerned: tuple[tuple[str, str], ...]
    acts: tuple[Act, ...]
    timeline: tuple[Line, ...]
    notes: tuple[tuple[RevisionNote, Person | None], ...]
    proposer: Person | None
    drafter: Person | None
    stage: int | None

    @property
    def top(self) -> Difference | None:
        """Returns the clause that stands for the whole change: one with a changed target first."""
        listed = sorted(self.comparison.differences, key=lambda d: (not d.targets, d.is_editorial))
        return listed[0] if listed else None


def page_of(revision: Revision, actor: Actor) -> RevisionPage:
    """Returns the page of a revision as the actor may see it."""
    steps = queries.steps(revision.id)
    notes = queries.notes(revision.id)
    people = people_queries.by_ids(
        {
            *(step.actor_id or 0 for step in steps),
            *(note.author_id or 0 for note in notes),
            revision.proposer_id or 0,
            revision.drafter_id or 0,
        }
    )
    publications = light_publications(revision.standard_id)
    own = next((p for p in publications if p.revision_id == revision.id), None)
    before, after = texts_of(revision, publications)
    waiting = contributions.waiting_for(revision)
    return RevisionPage(
        revision=revision,
        now=_now(revision, steps, waiting, own),
        stages=_stages(revision, steps, people, contributions.blocks_for(revision, actor)),
        comparison=compare(whole_states(before), whole_states(after), current_language()),
        concerned=_concerned(revision, before),
        acts=tuple(contributions.acts_for(revision, actor)),
        timeline=_timeline(steps, notes, people),
        notes=tuple((note, people.get(note.author_id or 0)) for note in notes),
        proposer=people.get(revision.proposer_id or 0),
        drafter=people.get(revision.drafter_id or 0),
        stage=current_stage(revision, steps),
    )


def texts_of(
    revision: Revision, publications: Sequence[Publication] | None = None
) -> tuple[dict[str, Document], dict[str, Document]]:
    """Returns the texts before and after the revision: what its publication changed, else what its drafts would.

    `publications` are those of its standard, newest first (asked for if None); without any both texts are empty.
    """
    if publications is None:
        publications = light_publications(revision.standard_id)
    own = next((i for i, p in enumerate(publications) if p.revision_id == revision.id), None)
    if own is not None:
        older = publications[own + 1 :]
        return (queries.documents_of(older[0]) if older else {}), queries.documents_of(publications[own])
    if not publications:
        return {}, {}
    base = queries.documents_of(publications[0])
    if revision.state in ENDS:
        return base, base
    return base, apply_drafts(base, queries.clause_drafts(revision.id), frames_of(revision))


def is_undo_over(revision: Revision) -> bool:
    """States that a scheduled revision can no longer be undone."""
    return revision.undo_until is None or revision.undo_until <= clock.now()


def current_stage(revision: Revision, steps: Sequence[RevisionStep] = ()) -> int | None:
    """Returns the stage a revision is in, 1 to 9; for a declined or withdrawn one the stage it ended in."""
    number = stage_number(revision.state, is_undo_over(revision))
    if number is None and steps:
        return stage_number(steps[-1].from_state)
    return number


def name_of(person: Person | None) -> str:
    """Returns a person's name in the reader's script; an unknown one is the system."""
    return pick(person.name, person.name_latin) if person else _("The system")


def days_since(since: dt.datetime) -> int:
    """Returns which day of waiting this is: 1 on the day it began, in the organisation's zone."""
    return (clock.today() - local_date(since)).days + 1


def _now(
    revision: Revision, steps: Sequence[RevisionStep], waiting: Sequence[Waiting], own: Publication | None
) -> Now:
    last = steps[-1] if steps else None
    if revision.state in ENDS:
        words = _("%(state)s on %(day)s.", state=state_words(revision.state), day=day(revision.state_since))
        return Now(words, last.reason if last else "", "info")
    if revision.is_on_hold:
        return Now(_("On hold. Nothing moves until it is released."), revision.hold_reason, "warn")
    if revision.state is State.DRAFT:
        return Now(_("Now: being written; not submitted yet."))
    number = current_stage(revision) or 1
    name = stage_words(number)
    if waiting:
        who = _("; ").join(w.words for w in waiting)
        words = _("Now: step %(number)s, %(name)s, waiting for %(who)s.", number=number, name=name, who=who)
    else:
        words = _(
            "Now: step %(number)s, %(name)s, day %(days)s.",
            number=number, name=name, days=days_since(revision.state_since),
        )  # fmt: skip
    due = min((w.due for w in waiting if w.due), default=None)
    effect = _effect(revision, own)
    if due is None:
        return Now(words, effect)
    is_late = due < clock.now()
    said = (
        _("Was due %(moment)s.", moment=moment(due)) if is_late else _("Due %(moment)s.", moment=moment(due))
    )
    kind = "bad" if is_late else "warn" if _is_close(due) else "info"
    return Now(words, " ".join(part for part in (str(said), effect) if part), kind)


def _effect(revision: Revision, own: Publication | None) -> str:
    """Says from when the text binds once that is fixed, and how long it can still be undone; else nothing."""
    words = ""
    if revision.state is State.SCHEDULED and not is_undo_over(revision) and revision.undo_until is not None:
        words = _("It can be undone until %(moment)s.", moment=moment(revision.undo_until))
    elif own is not None and own.effective_at > clock.now():
        from_day = day(own.effective_on)
        words = _("Version %(version)s comes into force on %(day)s.", version=own.version, day=from_day)
    elif own is not None:
        from_day = day(own.effective_on)
        words = _("Version %(version)s is in force since %(day)s.", version=own.version, day=from_day)
    return words


def _is_close(due: dt.datetime) -> bool:
    return local_date(due) <= clock.today()


def _stages(
    revision: Revision,
    steps: Sequence[RevisionStep],
    people: Mapping[int, Person],
    blocks: Mapping[int, list[StageBlock]],
) -> tuple[StageView, ...]:
    here = current_stage(revision, steps) or 1
    skipped = _skipped(steps)
    made = []
    for number, key in enumerate(STAGES, start=1):
        own = tuple(blocks.get(number, ()))
        state = _state_of(number, here, revision.state, skipped)
        ended = _ended_by(number, steps)
        people_line = next((b.people for b in own if b.people), "")
        if not people_line and ended and state == "done":
            people_line = f"{name_of(people.get(ended.actor_id or 0))} · {day(ended.at)}"
        made.append(
            StageView(
                number=number,
                name=stage_words(number),
                phase=PHASES[key],
                state=state,
                result=_(" · ").join(b.summary for b in own if b.summary),
                meta=people_line,
                blocks=tuple(b for b in own if b.template),
            )
        )
    return tuple(made)


def _state_of(number: int, here: int, state: State, skipped: set[int]) -> str:
    if number in skipped and number < here:
        return "skipped"
    if state is State.ARCHIVED or number < here:
        return "done"
    if number > here or state in ENDS:
        return "skipped" if number == here else "next"
    return "now"


def _skipped(steps: Sequence[RevisionStep]) -> set[int]:
    """Returns the stages a revision went past: a waived pilot, scoring on the fast track."""
    left_out = {Move.WAIVE_PILOT: 5, Move.EMERGENCY: 5, Move.FAST_TRACK: 2}
    return {left_out[step.move] for step in steps if step.move in left_out}


def _ended_by(number: int, steps: Sequence[RevisionStep]) -> RevisionStep | None:
    """Returns the last step that led out of a stage to a later one."""
    for step in reversed(steps):
        source, target = stage_number(step.from_state), stage_number(step.to_state)
        if source == number and target is not None and (target > number or step.to_state is State.SCHEDULED):
            return step
    return None


def _timeline(
    steps: Sequence[RevisionStep], notes: Sequence[RevisionNote], people: Mapping[int, Person]
) -> tuple[Line, ...]:
    lines = [
        Line(s.at, f"{name_of(people.get(s.actor_id or 0))}{_(': ')}{move_words(s.move)}", s.reason)
        for s in steps
    ]
    lines += [
        Line(n.at, _("%(name)s wrote a note", name=name_of(people.get(n.author_id or 0))), "", False)
        for n in notes
    ]
    return tuple(sorted(lines, key=lambda line: line.at, reverse=True))


def _concerned(revision: Revision, base: Mapping[str, Document]) -> tuple[tuple[str, str], ...]:
    """Returns the clauses the revision concerns with their headings; a clause not published yet has none."""
    ids = queries.clause_ids(revision.id)
    if not ids or not base:
        return tuple((clause_id, "") for clause_id in ids)
    language = current_language()
    document = base.get(language) or primary_of(base)
    return tuple((c, document.clause(c).heading if document.has(c) else "") for c in ids)
