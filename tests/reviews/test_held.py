"""Notes that are held until their writer has finished: read by nobody else, counted on every page, never lost."""

import pytest
import sqlalchemy as sa

from app.core.db import db, transaction
from app.core.errors import NotFound
from app.notices.models import Notice
from app.reviews import held, threads
from app.reviews.models import ReviewThread, ThreadNote
from app.standards import lifecycle
from app.standards import queries as standards
from app.standards.lifecycle import Attempt
from app.standards.workflow import Move
from tests.house_fixtures import House, csrf
from tests.reviews.test_pages_review import CHANGES, REVIEW, sign

SECRET = "先别让别人看到这句"
LINE = "还没发送，别人看不到"


def hold(house: House, text: str = SECRET) -> None:
    client = house.client("lawyer")
    note = {**csrf(client.get(REVIEW).text), "clause": "c07", "text": text, "held": "yes"}
    assert client.post("/r/26-001/threads", data=note).status_code == 303


def told(house: House) -> int:
    with house.app.app_context():
        return int(
            db.session.scalar(sa.select(sa.func.count(Notice.id)).where(Notice.kind == "thread_note")) or 0
        )


def test_a_held_note_is_its_writers_alone_until_all_are_sent(reviewing: House) -> None:
    hold(reviewing)
    lawyer, drafter = reviewing.client("lawyer"), reviewing.client("drafter")
    for page in ("/desk", "/s", REVIEW, "/profile"):
        assert f"有 1 条意见{LINE}" in lawyer.get(page).text, page
    own = lawyer.get(REVIEW).text
    assert SECRET in own and 'name="held" value="yes" checked' in own  # the switch stays on
    assert SECRET in lawyer.get("/held-notes").text
    for page in (REVIEW, CHANGES, "/r/26-001", "/held-notes", "/desk"):
        seen = drafter.get(page).text
        assert SECRET not in seen and LINE not in seen, page
    assert 'name="held" value="yes" checked' not in drafter.get(REVIEW).text
    reply = {**csrf(drafter.get(REVIEW).text), "clause": "c07", "text": "收到"}
    for path in ("threads/1/notes", "threads/1/resolve", "suggestions/1/apply"):
        assert drafter.post(f"/r/26-001/{path}", data=reply).status_code == 404, path
    assert told(reviewing) == 0
    send = {**csrf(lawyer.get("/desk").text), "next": "/desk"}
    sent = lawyer.post("/held-notes", data=send, follow_redirects=True)
    assert "已发出 1 条意见" in sent.text and LINE not in sent.text
    assert SECRET in drafter.get(REVIEW).text and told(reviewing) == 1
    again = lawyer.post("/held-notes", data=send, follow_redirects=True)
    assert "没有未发送的意见" in again.text and told(reviewing) == 1


def test_a_signature_sends_what_its_signer_held_there(reviewing: House) -> None:
    hold(reviewing)
    assert sign(reviewing.client("lawyer")).status_code == 303
    assert SECRET in reviewing.client("drafter").get(REVIEW).text and told(reviewing) == 1


def test_a_held_note_is_deleted_with_its_empty_thread_by_its_writer_only(reviewing: House) -> None:
    hold(reviewing)
    for who, status in (("seller", 404), ("lawyer", 303), ("lawyer", 404)):
        client = reviewing.client(who)
        answer = client.post("/held-notes/1/deletion", data=csrf(client.get("/held-notes").text))
        assert answer.status_code == status, who
    with reviewing.app.app_context():
        assert db.session.scalars(sa.select(ThreadNote)).all() == []
        assert db.session.scalars(sa.select(ReviewThread)).all() == []


def test_an_answer_is_held_in_a_thread_that_others_read(reviewing: House) -> None:
    with reviewing.app.app_context():
        revision = standards.revision("26-001")
        lawyer, drafter = reviewing.actor("lawyer"), reviewing.actor("drafter")
        with transaction():
            thread = threads.open_thread(lawyer, revision, "c07", "为什么是 12 小时？")
            note = threads.add_note(drafter, revision, thread.id, SECRET, is_held=True)
        assert held.count(drafter.person_id or 0) == 1 and held.count(lawyer.person_id or 0) == 0
        with pytest.raises(NotFound):
            threads.apply_suggestion(lawyer, revision, note.id)
    assert SECRET not in reviewing.client("lawyer").get(REVIEW).text
    assert SECRET in reviewing.client("drafter").get(REVIEW).text


def test_a_revision_that_ended_meanwhile_takes_the_notes_without_telling(reviewing: House) -> None:
    hold(reviewing)
    with reviewing.app.app_context(), transaction():
        lifecycle.perform(
            standards.revision("26-001"), Attempt(Move.WITHDRAW, reviewing.actor("director"), "不再需要")
        )
    lawyer = reviewing.client("lawyer")
    assert LINE in lawyer.get("/desk").text
    lawyer.post("/held-notes", data=csrf(lawyer.get("/held-notes").text))
    assert LINE not in lawyer.get("/desk").text and told(reviewing) == 0
