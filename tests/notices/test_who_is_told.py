"""Who is told what while a revision goes from proposal to force; each notice's sentence in both languages."""

from collections import defaultdict

import sqlalchemy as sa
from flask_babel import force_locale

from app.core import clock
from app.core.db import db
from app.core.events import RevisionMoved
from app.notices import reactions
from app.notices.models import Notice
from app.notices.words import KINDS, notice_words
from app.people import queries as people
from app.publishing import service as publishing
from app.standards.workflow import Move
from tests import story
from tests.house_fixtures import House

TOLD = {
    "triage_asked": {"director"},
    "score_asked": {"lawyer", "engineer", "seller", "operator"},
    "draft_asked": {"drafter"},
    "review_asked": {"lawyer", "seller", "engineer"},
    "scheduled": {"drafter"},
    "published": {"lead", "trainer"},
    "acknowledge": {"agent", "agent2"},
    "idea_live": {"director"},
    "in_force": {"drafter"},
}


def test_each_step_tells_those_whose_turn_it_is(sqlite_house: House) -> None:
    house = sqlite_house
    revision, publication = story.given_published(house)
    with clock.frozen(publication.effective_at):
        house.run_jobs()
        publishing.take_effect()
    told: dict[str, set[str]] = defaultdict(set)
    for row in db.session.scalars(sa.select(Notice)):
        told[row.kind].add(people.person(row.person_id).sign_in_name)
        for locale in ("zh_Hans", "en"):
            with house.app.test_request_context("/"), force_locale(locale):
                words = notice_words(row.kind, row.params)
            assert "%(" not in words and "None" not in words, words
            assert ("〔" in words) == (locale == "zh_Hans"), words
    assert told == TOLD
    count = db.session.scalar(sa.select(sa.func.count(Notice.id)))
    last = RevisionMoved(revision.id, Move.TAKE_EFFECT, "scheduled", "in_force", None)
    reactions.on_revision_moved(last)
    assert db.session.scalar(sa.select(sa.func.count(Notice.id))) == count


def test_every_kind_that_a_move_names_has_words() -> None:
    assert {news.kind for news in reactions.NEWS.values()} <= set(KINDS)
