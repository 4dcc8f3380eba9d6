"""Owns what the training page of a revision shows: coverage by team, questions kept and questions to make."""

from dataclasses import dataclass

import sqlalchemy as sa

from app.core.db import db
from app.people.models import Person, Team
from app.standards.models import ClauseChange, ClauseVersion, Publication
from app.training.models import Assignment, AssignmentState, Question, Try
from app.training.queries import Coverage, counts_for, coverage
from app.training.question_drafts import QuestionDraft, draft_of


@dataclass(frozen=True)
class TeamLine:
    """One team's coverage; `team` None is everybody without a team."""

    team: Team | None
    coverage: Coverage


@dataclass(frozen=True)
class QuestionLine:
    """A kept question with how often it was answered, and wrongly."""

    question: Question
    tries: int
    wrong: int


@dataclass(frozen=True)
class TrainingPage:
    """The page of one publication's reading. `drafts` are for changed clauses without a question."""

    publication: Publication
    coverage: Coverage
    teams: tuple[TeamLine, ...]
    questions: tuple[QuestionLine, ...]
    drafts: tuple[QuestionDraft, ...]
    clauses: tuple[ClauseVersion, ...]


def page_of(publication: Publication) -> TrainingPage:
    """Returns the page of a publication's reading."""
    changed = list(
        db.session.scalars(
            sa.select(ClauseVersion)
            .where(
                ClauseVersion.publication_id == publication.id,
                ClauseVersion.change.in_((ClauseChange.NEW, ClauseChange.CHANGED)),
                ClauseVersion.is_editorial.is_(False),
            )
            .order_by(ClauseVersion.position)
        )
    )
    lines = _questions(publication, changed)
    asked = {(line.question.clause_id, line.question.clause_hash) for line in lines}
    before = _before(publication, [row.clause_id for row in changed])
    drafts = tuple(
        draft_of(row, before.get(row.clause_id))
        for row in changed
        if (row.clause_id, row.clause_hash) not in asked
    )
    return TrainingPage(
        publication, coverage(publication.id), team_lines(publication.id), lines, drafts, tuple(changed)
    )


def team_lines(publication_id: int) -> tuple[TeamLine, ...]:
    """Returns the coverage of each team, the one with most unread first."""
    rows = db.session.execute(
        sa.select(Person.team_id, Assignment.state, Assignment.is_late, sa.func.count())
        .join(Person, Person.id == Assignment.person_id)
        .where(counts_for(publication_id))
        .group_by(Person.team_id, Assignment.state, Assignment.is_late)
    ).all()
    teams = {team.id: team for team in db.session.scalars(sa.select(Team)).unique()}
    made = []
    for team_id in {row[0] for row in rows}:
        own = [row for row in rows if row[0] == team_id]
        done = sum(n for _t, state, _l, n in own if state is AssignmentState.DONE)
        late = sum(n for _t, state, is_late, n in own if state is AssignmentState.DONE and is_late)
        made.append(TeamLine(teams.get(team_id or 0), Coverage(sum(row[3] for row in own), done, late)))
    return tuple(
        sorted(
            made,
            key=lambda line: (
                line.coverage.done - line.coverage.asked,
                line.team.code if line.team else "",
            ),
        )
    )


def _questions(publication: Publication, changed: list[ClauseVersion]) -> tuple[QuestionLine, ...]:
    texts = {(row.clause_id, row.clause_hash) for row in changed}
    rows = db.session.scalars(
        sa.select(Question)
        .where(
            Question.standard_id == publication.standard_id,
            Question.clause_id.in_([row.clause_id for row in changed]),
        )
        .order_by(Question.id)
    )
    kept = [row for row in rows if (row.clause_id, row.clause_hash) in texts]
    counted = db.session.execute(
        sa.select(Try.question_id, Try.is_right, sa.func.count())
        .where(Try.question_id.in_([row.id for row in kept]))
        .group_by(Try.question_id, Try.is_right)
    ).all()
    return tuple(
        QuestionLine(
            row,
            sum(n for q, _right, n in counted if q == row.id),
            sum(n for q, right, n in counted if q == row.id and not right),
        )
        for row in kept
    )


def _before(publication: Publication, clause_ids: list[str]) -> dict[str, ClauseVersion]:
    rows = db.session.scalars(
        sa.select(ClauseVersion)
        .where(
            ClauseVersion.standard_id == publication.standard_id,
            ClauseVersion.clause_id.in_(clause_ids),
            ClauseVersion.publication_id < publication.id,
        )
        .order_by(ClauseVersion.publication_id)
    )
    return {row.clause_id: row for row in rows}
