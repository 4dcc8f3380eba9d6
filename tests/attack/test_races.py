"""Races of editing, signing and publishing, in threads of their own on both databases: what may win, and what never."""

import contextvars
import threading
from collections.abc import Callable, Sequence

import pytest
import sqlalchemy as sa

from app.core import clock, jobs
from app.core.access import Actor
from app.core.db import db
from app.core.errors import DomainError, Stale
from app.publishing import service as publishing
from app.reviews import queries as reviews_queries
from app.reviews import sign_offs
from app.reviews.freshness import Kind
from app.standards import drafting, lifecycle, queries, texts
from app.standards.lifecycle import Attempt
from app.standards.models import DraftCopy, Publication, Revision, RevisionStep, TextVersion
from app.standards.workflow import Move, State
from tests import story
from tests.house_fixtures import House
from tests.review_cases import make_drafting, make_review, twelve_hours

pytestmark = pytest.mark.timeout(300)

Act = Callable[[], object]


def at_once(house: House, acts: Sequence[Act]) -> list[DomainError | None]:
    """Does all acts at once, each in a thread and transaction of its own; returns each one's refusal or None."""
    db.session.commit()
    db.session.remove()
    start = threading.Barrier(len(acts))
    answers: list[DomainError | None] = [None] * len(acts)
    broken: list[BaseException] = []

    def one(place: int) -> None:
        with house.app.app_context():
            start.wait(timeout=60)
            try:
                acts[place]()
                db.session.commit()
            except Stale as stale:
                db.session.commit()  # as the view does: the words of the loser are kept
                answers[place] = stale
            except DomainError as refusal:
                db.session.rollback()
                answers[place] = refusal
            except BaseException as error:
                db.session.rollback()
                broken.append(error)
            finally:
                db.session.remove()

    workers = [
        threading.Thread(target=contextvars.copy_context().run, args=(one, place))
        for place in range(len(acts))
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=120)
    assert not broken, broken
    return answers


def revision_of(number: str) -> Revision:
    return queries.revision(number)


def test_of_many_editors_one_wins_and_all_words_are_kept(house: House) -> None:
    story.given_standard()
    number = make_drafting(house).number
    drafter = house.actor("drafter")
    hours = ["11", "10", "9", "8", "7", "6"]

    row = revision_of(number)
    drafting.save_clause(drafter, row, "c07", twelve_hours(row), seen_version=None)
    db.session.commit()
    first = queries.clause_draft(row.id, "c07")
    assert first is not None
    answers = at_once(house, [edit_at(number, drafter, wanted, first.lock_version) for wanted in hours])
    assert answers.count(None) == 1
    assert {type(answer) for answer in answers if answer} == {Stale}
    revision = revision_of(number)
    draft = queries.clause_draft(revision.id, "c07")
    winner = hours[answers.index(None)]
    assert draft is not None
    assert f"{winner} 小时" in (draft.body_zh or "")
    kept = db.session.scalars(sa.select(DraftCopy.fields).where(DraftCopy.revision_id == revision.id)).all()
    for loser in set(hours) - {winner}:
        assert any(f"{loser} 小时" in str(fields.get("body_zh")) for fields in kept), loser


def edit_at(number: str, drafter: Actor, hours: str, seen: int | None) -> Act:
    """Returns the act of saving c07 with so many hours over the version that was seen."""

    def act() -> object:
        row = revision_of(number)
        return drafting.save_clause(drafter, row, "c07", twelve_hours(row, hours), seen_version=seen)

    return act


def test_no_signature_stands_on_words_the_signer_did_not_see(house: House) -> None:
    story.given_standard()
    number = make_review(house).number
    drafter, lawyer = house.actor("drafter"), house.actor("lawyer")
    for hours in ("11", "10", "9", "8"):
        row = revision_of(number)
        version = texts.freeze(lawyer, row, why="sign_off")
        house.run_jobs()
        draft = queries.clause_draft(row.id, "c07")
        assert draft is not None
        open_parts = reviews_queries.standing(row)[Kind.LEGAL].open_parts
        parts, version_id = {s.part: s.current_hash for s in open_parts}, version.id

        def sign(parts: dict[str, str] = parts, version_id: int = version_id) -> object:
            version = db.session.get_one(TextVersion, version_id)
            return sign_offs.sign_off(
                lawyer,
                revision_of(number),
                Kind.LEGAL,
                text_version=version,
                sign_in_age_seconds=1,
                parts=parts,
            )

        edited, _signed = at_once(house, [edit_at(number, drafter, hours, draft.lock_version), sign])
        assert edited is None
        standing = reviews_queries.standing(revision_of(number))[Kind.LEGAL]
        assert standing.open_parts, f"the text says {hours} hours and nobody has to look again"


def test_ready_means_signed_whoever_edits_meanwhile(house: House) -> None:
    number = story.given_signed(house).number
    drafter, chair = house.actor("drafter"), house.actor("chair")
    draft = queries.clause_draft(revision_of(number).id, "c07")
    assert draft is not None

    def waive() -> object:
        return lifecycle.perform(revision_of(number), Attempt(Move.WAIVE_PILOT, chair, reason="旺季前试过"))

    edited, waived = at_once(house, [edit_at(number, drafter, "8", draft.lock_version), waive])
    row = revision_of(number)
    is_open = any(standing.open_parts for standing in reviews_queries.standing(row).values())
    assert (row.state is State.READY) == (waived is None)
    assert not (row.state is State.READY and is_open)
    assert (edited is None) == is_open


def test_of_many_publishers_one_schedules_and_one_publication_is_made(house: House) -> None:
    number = story.given_planned(house).number
    director = house.actor("director")

    def schedule(key: str) -> Act:
        return lambda: publishing.schedule(director, revision_of(number), op_key=key, seen=State.READY)

    answers = at_once(house, [schedule(f"key-{n}") for n in range(4)])
    assert answers.count(None) == 1
    row = revision_of(number)
    assert row.state is State.SCHEDULED
    scheduled = sa.select(sa.func.count()).where(
        RevisionStep.revision_id == row.id, RevisionStep.move == Move.SCHEDULE
    )
    assert db.session.scalar(scheduled) == 1
    with clock.frozen(story.after_undo_window(row)):
        at_once(house, [jobs.run_due, jobs.run_due, jobs.run_due])
        jobs.run_due()
    made = sa.select(sa.func.count()).where(Publication.revision_id == revision_of(number).id)
    assert db.session.scalar(made) == 1


def test_the_same_form_sent_many_times_is_one_act(house: House) -> None:
    number = story.given_planned(house).number
    director = house.actor("director")
    answers = at_once(
        house, [lambda: publishing.schedule(director, revision_of(number), op_key="once") for _ in range(4)]
    )
    assert None in answers
    row = revision_of(number)
    assert row.state is State.SCHEDULED


def test_undo_and_publishing_cannot_both_happen(house: House) -> None:
    number = story.given_scheduled(house).number
    director = house.actor("director")
    with clock.frozen(story.after_undo_window(revision_of(number))):
        undone, _ran = at_once(house, [lambda: publishing.undo(director, revision_of(number)), jobs.run_due])
        jobs.run_due()
    row = revision_of(number)
    made = db.session.scalar(sa.select(sa.func.count()).where(Publication.revision_id == row.id))
    assert (made == 1, row.state is State.SCHEDULED) == (undone is not None, undone is not None)
