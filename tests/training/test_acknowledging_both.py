"""The whole way of a reader on both databases, and two browsers of one person at the same moment."""

import threading

import sqlalchemy as sa
from flask import Flask

from app.core import clock
from app.core.db import db
from app.core.errors import Invalid
from app.people import queries as people
from app.standards import queries as standards
from app.training import queries, service
from app.training.models import AcknowledgedClause, Assignment, AssignmentState, Try
from tests import story
from tests.house_fixtures import House

WORDS = {"question": "几小时？", "options": ["24", "12"], "why": ""}


def test_a_reader_asks_errs_is_reminded_and_acknowledges_once(house: House) -> None:
    _revision, publication = story.given_published(house)
    with clock.frozen(publication.at):
        house.run_jobs()
    standard = standards.standard("cs-04")
    agent = house.actor("agent")
    pairs = [d.pair for d in queries.needed(house.person("agent"), agent, standard.id)]
    row = next(v for v in queries.versions(standard.id) if v.order == publication.id)
    question = service.add_question(
        house.actor("trainer"), standard, row.clause_id, row.clause_hash, zh=WORDS, en=WORDS, right=1
    )
    service.ask(agent, standard, "c07", "节假日也算吗？")
    ids = list(db.session.scalars(sa.select(Assignment.id).order_by(Assignment.id)))
    assert len(service.remind(house.actor("lead"), ids)) == 1
    assert service.remind(house.actor("lead"), ids) == []
    try:
        service.acknowledge(agent, standard, shown=pairs, question_id=question.id, chosen=0)
    except Invalid:
        db.session.commit()
    assert db.session.scalar(sa.select(sa.func.count(Try.id))) == 1
    outcomes = at_once(house.app, "agent", pairs, question.id)
    assert outcomes == [ids[0]] * 4
    db.session.expire_all()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AcknowledgedClause)) == 1
    states = list(db.session.scalars(sa.select(Assignment.state).order_by(Assignment.id)))
    assert states == [AssignmentState.DONE, AssignmentState.OPEN]
    assert queries.coverage(publication.id) == queries.Coverage(asked=2, done=1, late=0)
    assert len(queries.questions_for(house.actor("lead"))) == 1


def at_once(app: Flask, name: str, pairs: list[tuple[str, str]], question_id: int) -> list[object]:
    """Acknowledges from four threads that start together; returns what each came back with."""
    start, moment = threading.Barrier(4), clock.now()
    outcomes: list[object] = []
    db.session.commit()

    def one() -> None:
        with app.app_context(), clock.frozen(moment):
            person = people.by_sign_in_name(name)
            assert person is not None
            actor, standard = people.actor_for(person), standards.standard("cs-04")
            db.session.commit()
            start.wait()
            try:
                done = service.acknowledge(actor, standard, shown=pairs, question_id=question_id, chosen=1)
                db.session.commit()
                outcomes.append(done.id)
            except Exception as error:
                outcomes.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return outcomes
