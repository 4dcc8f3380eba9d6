"""Owns what training gives to shared pages: reading tasks, stage 7 of a revision, its waiting line, the dossier."""

from collections.abc import Iterable

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.core import clock
from app.core.access import Actor, Permission, Role
from app.core.db import db
from app.people.models import Person
from app.publishing.queries import publication_of
from app.standards.models import Publication, Revision, Standard
from app.standards.workflow import State
from app.training import queries
from app.training.coverage_page import team_lines
from app.training.matrix import seen_by
from app.training.models import Assignment, AssignmentState
from app.training.words import why_words
from app.web.contributions import Act, DossierSection, StageBlock, Task, Waiting
from app.web.filters import day
from app.web.language import pick

STAGE = 7
RANK_TRAINING, RANK_DOSSIER = 40, 60
MINUTES_REMIND, MINUTES_ANSWER = 1, 3


def tasks(actor: Actor) -> Iterable[Task]:
    """Yields what the actor has to read; to a lead, the people who have not read; questions to answer."""
    if actor.person_id is not None and actor.may(Permission.ACKNOWLEDGE):
        yield from _own(actor.person_id)
    if actor.has(Role.TEAM_LEAD):
        yield from _team(actor)
    if actor.has(Role.TEAM_LEAD) or actor.has(Role.TRAINER) or actor.has(Role.DRAFTER):
        yield from _questions(actor)


def waiting(revision: Revision) -> Iterable[Waiting]:
    """Yields the people who have not read a published revision yet, while it is not in force."""
    if revision.state is not State.SCHEDULED:
        return
    publication = publication_of(revision.id)
    if publication is None:
        return
    found = queries.coverage(publication.id)
    if found.asked > found.done:
        left = found.asked - found.done
        words = ngettext("%(num)s person who has not read it", "%(num)s people who have not read it", left)
        yield Waiting(words, publication.effective_at)


def blocks(revision: Revision, actor: Actor) -> Iterable[StageBlock]:
    """Yields stage 7: how many of those asked have read it."""
    publication = publication_of(revision.id)
    if publication is None:
        return
    found = queries.coverage(publication.id)
    if not found.asked:
        yield StageBlock(STAGE, _("Nobody had to read anything"))
        return
    summary = _("%(done)s of %(asked)s have read it", done=found.done, asked=found.asked)
    context = {"coverage": found, "publication": publication, "may_team": actor.may(Permission.READ_TEAM)}
    yield StageBlock(STAGE, summary, "training/_block.html", context)


def acts(revision: Revision, actor: Actor) -> Iterable[Act]:
    """Yields the training page to trainers, once there is something to read."""
    if actor.may(Permission.TRAIN) and revision.state in (State.SCHEDULED, State.IN_FORCE):
        yield Act(_("Training"), url_for("training.revision", number=revision.number), RANK_TRAINING)


def dossier(revision: Revision) -> Iterable[DossierSection]:
    """Yields the chapter on reading: how many were asked and read, by team; no names."""
    publication = publication_of(revision.id)
    if publication is None:
        return
    lines = team_lines(publication.id)
    header = ["team", "asked", "read", "read_late"]
    rows = [
        [line.team.code if line.team else "", line.coverage.asked, line.coverage.done, line.coverage.late]
        for line in lines
    ]
    context = {"coverage": queries.coverage(publication.id), "teams": lines, "publication": publication}
    yield DossierSection(
        "training", RANK_DOSSIER, "training/_dossier.html", context, {"training": (header, rows)}
    )


def _own(person_id: int) -> Iterable[Task]:
    for row in queries.own_open(person_id):
        yield Task(
            words=_("Read and acknowledge: %(standard)s", standard=_title(row.standard)),
            url=url_for("training.acknowledge", code=row.standard.code),
            minutes=row.minutes,
            due=row.assignment.due_at,
            why=why_words(row),
            meta="" if row.has_joined else _("applies from %(day)s", day=_day(row.publication)),
            kind="acknowledge",
        )


def _team(actor: Actor) -> Iterable[Task]:
    rows = db.session.execute(
        sa.select(Standard, sa.func.count(sa.distinct(Assignment.person_id)), sa.func.min(Assignment.due_at))
        .select_from(Assignment)
        .join(Standard, Standard.id == Assignment.standard_id)
        .join(Person, Person.id == Assignment.person_id)
        .where(Assignment.state == AssignmentState.OPEN, Person.is_active, seen_by(actor))
        .where(Assignment.person_id != actor.person_id)
        .where(sa.or_(Assignment.reminded_on.is_(None), Assignment.reminded_on < clock.today()))
        .group_by(Standard.id)
        .order_by(Standard.code)
    )
    for standard, count, due in rows:
        yield Task(
            words=ngettext(
                "Remind %(num)s person: %(standard)s", "Remind %(num)s people: %(standard)s",
                count, standard=_title(standard),
            ),
            url=url_for("training.team", standard=standard.code),
            minutes=MINUTES_REMIND,
            due=due,
            why=_("You lead their team."),
            kind="remind",
        )  # fmt: skip


def _questions(actor: Actor) -> Iterable[Task]:
    count = len(queries.questions_for(actor, open_only=True))
    if count:
        yield Task(
            words=ngettext("Answer %(num)s reader's question", "Answer %(num)s readers' questions", count),
            url=url_for("training.questions"),
            minutes=MINUTES_ANSWER * count,
            why=_("You lead, train or draft for those who asked."),
            kind="question",
        )


def _title(standard: Standard) -> str:
    return pick(standard.title_zh, standard.title_en)


def _day(publication: Publication) -> str:
    return day(publication.effective_at)
