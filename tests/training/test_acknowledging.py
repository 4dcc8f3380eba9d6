"""Acknowledging as verbs: who is asked, what counts as read, and what is never taken back."""

import datetime as dt

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.access import SYSTEM, Role
from app.core.db import db
from app.core.errors import Invalid, NotAllowed, NotFound, Refused, Stale
from app.notices.models import Notice
from app.people import service as people_service
from app.standards import queries as standards
from app.standards.models import Publication, Revision
from app.training import queries, service
from app.training.models import AcknowledgedClause, Assignment, AssignmentState, Question, Try
from tests.house_fixtures import House

WORDS = {
    "zh": {"question": "几小时内答复？", "options": ["24 小时", "12 小时"], "why": "新文字写 12 小时"},
    "en": {"question": "Within how many hours?", "options": ["24 hours", "12 hours"], "why": "It says 12."},
}


@pytest.fixture
def house(readers: House) -> House:
    """The house whose readers are asked."""
    return readers


@pytest.fixture
def published(house: House) -> tuple[Revision, Publication]:
    """The publication that changed clause c07."""
    publication = db.session.scalars(sa.select(Publication).where(Publication.revision_id.is_not(None))).one()
    return db.session.get_one(Revision, publication.revision_id), publication


def pairs_for(house: House, name: str) -> list[tuple[str, str]]:
    standard = standards.standard("cs-04")
    return [d.pair for d in queries.needed(house.person(name), house.actor(name), standard.id)]


def acknowledge(
    house: House, name: str, pairs: list[tuple[str, str]] | None = None, **values: object
) -> Assignment:
    given: dict[str, object] = {"question_id": None, "chosen": None} | values
    shown = pairs_for(house, name) if pairs is None else pairs
    return service.acknowledge(house.actor(name), standards.standard("cs-04"), shown=shown, **given)  # type: ignore[arg-type]


def count(model: type) -> int:
    return int(db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0)


def add_question(house: House, publication: Publication) -> Question:
    row = next(v for v in queries.versions(publication.standard_id) if v.order == publication.id)
    return service.add_question(
        house.actor("trainer"),
        publication.standard,
        row.clause_id,
        row.clause_hash,
        **WORDS,
        right=1,  # type: ignore[arg-type]
    )


def test_only_the_audience_of_the_clause_is_asked_and_only_once(
    house: House, published: tuple[Revision, Publication]
) -> None:
    asked = {row.person_id for row in db.session.scalars(sa.select(Assignment))}
    assert asked == {house.person("agent").id, house.person("agent2").id}
    with clock.frozen(published[1].at):
        assert service.assign_readers(published[1].id) == {"assigned": 0}
    told = db.session.scalars(sa.select(Notice).where(Notice.kind == "acknowledge")).all()
    assert {row.person_id for row in told} == asked
    assert {row.url for row in told} == {"/ack/cs-04"}


def test_the_due_day_lies_before_the_effect_and_within_the_set_days(
    house: House, published: tuple[Revision, Publication]
) -> None:
    due = clock.local(db.session.scalars(sa.select(Assignment)).first().due_at)
    asked_on = clock.local(published[1].at).date()
    assert due.date() == asked_on + dt.timedelta(days=7)
    assert (due.hour, due.date() < published[1].effective_on) == (18, True)


def test_fifty_times_is_one_acknowledgement(house: House, published: tuple[Revision, Publication]) -> None:
    pairs = pairs_for(house, "agent")
    ids = {acknowledge(house, "agent", pairs).id for _ in range(50)}
    db.session.commit()
    assert (len(ids), count(AcknowledgedClause)) == (1, 1)
    assert pairs_for(house, "agent") == []
    assert pairs_for(house, "agent2") == pairs


def test_a_wrong_answer_is_kept_and_asked_again(
    house: House, published: tuple[Revision, Publication]
) -> None:
    question = add_question(house, published[1])
    for chosen in (None, 7):
        with pytest.raises(Invalid):
            acknowledge(house, "agent", question_id=question.id, chosen=chosen)
    with pytest.raises(Invalid) as wrong:
        acknowledge(house, "agent", question_id=question.id, chosen=0)
    db.session.commit()
    assert wrong.value.reasons[0].params == {"clause": "C07"}
    assert [(t.chosen, t.is_right) for t in db.session.scalars(sa.select(Try))] == [(0, False)]
    assert count(AcknowledgedClause) == 0
    assert acknowledge(house, "agent", question_id=question.id, chosen=1).state is AssignmentState.DONE
    assert count(Try) == 2


def test_a_question_goes_stale_with_its_text(house: House, published: tuple[Revision, Publication]) -> None:
    add_question(house, published[1])
    pair = pairs_for(house, "agent")[0]
    assert queries.question_for(published[1].standard_id, [pair]) is not None
    assert queries.question_for(published[1].standard_id, [(pair[0], f"{pair[1]}@9")]) is not None
    assert queries.question_for(published[1].standard_id, [(pair[0], "another text")]) is None


def test_texts_that_were_never_published_do_not_count(
    house: House, published: tuple[Revision, Publication]
) -> None:
    for shown in ([], [("c07", "0" * 64)], [("c99", pairs_for(house, "agent")[0][1])]):
        with pytest.raises(Stale):
            acknowledge(house, "agent", shown)
    assert count(AcknowledgedClause) == 0


def test_who_was_not_asked_cannot_acknowledge(house: House, published: tuple[Revision, Publication]) -> None:
    with pytest.raises(Refused):
        acknowledge(house, "stranger", pairs_for(house, "agent"))
    assert count(AcknowledgedClause) == 0


def test_old_texts_alone_leave_the_rest_to_be_read(
    house: House, published: tuple[Revision, Publication]
) -> None:
    standard = standards.standard("cs-04")
    first = next(v for v in queries.versions(standard.id) if v.clause_id == "c07")
    with pytest.raises(Stale) as still:
        acknowledge(house, "agent", [("c07", first.clause_hash)])
    db.session.commit()
    assert still.value.reasons[0].key == "ack.changed_meanwhile"
    assert count(AcknowledgedClause) == 1  # what was shown is kept as read
    assert queries.open_assignment(house.person("agent").id, standard.id) is not None


def test_late_is_marked_and_done_is_never_taken_back(
    house: House, published: tuple[Revision, Publication]
) -> None:
    due = db.session.scalars(sa.select(Assignment)).first().due_at
    with clock.frozen(due + dt.timedelta(seconds=1)):
        done = acknowledge(house, "agent")
        db.session.commit()
        assert done.is_late
        service.assign_readers(published[1].id)
        db.session.commit()
    db.session.refresh(done)
    assert (done.state, queries.open_assignments(done.person_id)) == (AssignmentState.DONE, [])
    assert queries.coverage(published[1].id) == queries.Coverage(asked=2, done=1, late=1)


def test_a_question_keeps_the_task_open_and_is_answered(
    house: House, published: tuple[Revision, Publication]
) -> None:
    standard = standards.standard("cs-04")
    asked = service.ask(house.actor("agent"), standard, "c07", "节假日也算吗？")
    db.session.commit()
    told = db.session.scalars(sa.select(Notice).where(Notice.kind == "question"))
    assert {n.person_id for n in told} == {house.person("lead").id, house.person("drafter").id}
    assert queries.open_assignment(house.person("agent").id, standard.id) is not None
    with pytest.raises(NotAllowed):
        service.answer(house.actor("agent2"), asked.id, "不算")
    with pytest.raises(NotFound):
        service.answer(house.actor("lead"), 999, "算")
    service.answer(house.actor("lead"), asked.id, "算，按自然时间。")
    db.session.commit()
    answered = db.session.scalars(sa.select(Notice).where(Notice.kind == "question_answered")).all()
    assert [n.person_id for n in answered] == [house.person("agent").id]
    for text in ("", "  \n"):
        with pytest.raises(Invalid):
            service.ask(house.actor("agent"), standard, "c07", text)
    with pytest.raises(NotFound):
        service.ask(house.actor("agent"), standard, "c99", "什么？")


def test_a_lead_answers_the_own_people_only(house: House, published: tuple[Revision, Publication]) -> None:
    asked = service.ask(house.actor("agent2"), standards.standard("cs-04"), "c07", "周末呢？")
    with pytest.raises(NotFound):
        service.answer(house.actor("lead"), asked.id, "算")
    assert [r.question.id for r in queries.questions_for(house.actor("lead"))] == []
    assert [r.question.id for r in queries.questions_for(house.actor("drafter"))] == [asked.id]


def test_reminding_reaches_the_own_team_once_a_day_and_nobody_on_leave(
    house: House, published: tuple[Revision, Publication]
) -> None:
    ids = list(db.session.scalars(sa.select(Assignment.id)))
    own = house.person("agent").id
    assert [r.person_id for r in service.remind(house.actor("lead"), ids)] == [own]
    assert service.remind(house.actor("lead"), ids) == []
    with clock.frozen(clock.now() + dt.timedelta(days=1)):
        people_service.set_absence(SYSTEM, own, clock.today(), clock.today(), None)
        assert service.remind(house.actor("lead"), ids) == []
    with clock.frozen(clock.now() + dt.timedelta(days=2)):
        assert [r.person_id for r in service.remind(house.actor("lead"), ids)] == [own]
    with pytest.raises(NotAllowed):
        service.remind(house.actor("agent"), ids)
    told = db.session.scalars(sa.select(Notice).where(Notice.kind == "remind")).all()
    assert len(told) == 2


def test_a_joiner_reads_the_text_of_today_only(house: House, published: tuple[Revision, Publication]) -> None:
    department = house.person("agent").department_id
    with clock.frozen(clock.now() + dt.timedelta(days=3)):
        joiner = people_service.add_person(
            SYSTEM, sign_in_name="joiner", name="新人", name_latin="Xin Ren",
            department_id=department, password=None,
        )  # fmt: skip
        people_service.grant_role(SYSTEM, joiner.id, Role.AGENT)
        needed = queries.needed(joiner, house.actor("joiner"), standards.standard("cs-04").id)
    assert len(needed) > 5
    assert all(delta.before is None for delta in needed)
    newest = {v.clause_id: v.clause_hash for v in queries.versions(published[1].standard_id)}
    assert {d.clause_id: d.now for d in needed}["c07"] == newest["c07"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"right": 2}, "question.right"),
        (
            {"zh": {"question": "问", "options": ["一"]}, "en": {"question": "Q", "options": ["a"]}},
            "question.options",
        ),
        ({"en": {"question": "Q", "options": ["a", "b", "c"]}}, "question.options"),
        ({"en": {"question": " ", "options": ["a", "b"]}}, "question.words_missing"),
    ],
)
def test_a_bad_question_is_refused(
    house: House, published: tuple[Revision, Publication], change: dict[str, object], reason: str
) -> None:
    row = next(v for v in queries.versions(published[1].standard_id) if v.order == published[1].id)
    values: dict[str, object] = {**WORDS, "right": 1} | change
    with pytest.raises(Invalid) as refused:
        service.add_question(
            house.actor("trainer"),
            published[1].standard,
            row.clause_id,
            row.clause_hash,
            **values,  # type: ignore[arg-type]
        )
    assert refused.value.reasons[0].key == reason
    with pytest.raises(NotAllowed):
        service.add_question(
            house.actor("agent"),
            published[1].standard,
            row.clause_id,
            row.clause_hash,
            **WORDS,
            right=0,  # type: ignore[arg-type]
        )
    with pytest.raises(NotFound):
        service.add_question(house.actor("trainer"), published[1].standard, "c07", "x", **WORDS, right=0)  # type: ignore[arg-type]
