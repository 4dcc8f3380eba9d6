"""Notices: told once, mailed at the right hour and at most once, in the reader's language. Both databases, real mail."""

import datetime as dt
import socket
import threading
from dataclasses import replace
from email.message import EmailMessage

import pytest
import sqlalchemy as sa
from flask_babel import force_locale

from app.core import clock, mail
from app.core.access import SYSTEM
from app.core.db import db
from app.core.errors import Invalid, NotAllowed, Unavailable
from app.core.jobs import Job, JobState
from app.notices import queries, service
from app.notices.models import MailState, Notice, OutgoingMail
from app.notices.words import notice_words
from app.people import service as people_service
from tests import story
from tests.house_fixtures import MONDAY, House
from tests.servers import Mailbox

FRIDAY_EVENING = dt.datetime(2026, 9, 11, 13, 0, tzinfo=dt.UTC)  # 21:00 in Shanghai
TITLES = {"number": "26-014", "title": "首次答复缩短", "title_en": "Faster first reply"}


@pytest.fixture
def post(house: House, mailbox: Mailbox) -> Mailbox:
    """A mail server that the house knows."""
    house.app.config["SETTINGS"] = replace(house.app.config["SETTINGS"], smtp=mailbox.address)
    return mailbox


def tell(house: House, name: str = "drafter", *, key: str = "one", is_urgent: bool = True) -> Notice | None:
    return service.tell(house.person(name), "scheduled", "/r/26-014", key=key, is_urgent=is_urgent, **TITLES)


def states() -> list[MailState]:
    return list(db.session.scalars(sa.select(OutgoingMail.state).order_by(OutgoingMail.id)))


def test_the_same_news_is_told_once(house: House) -> None:
    assert tell(house) is not None
    assert tell(house) is None
    assert tell(house, key="another") is not None
    assert queries.unread_count(house.person("drafter").id) == 2


def test_a_closed_account_is_told_nothing(house: House) -> None:
    people_service.deactivate(SYSTEM, house.person("drafter").id)
    assert tell(house) is None


def test_an_unknown_kind_is_found_when_it_is_told(house: House) -> None:
    with pytest.raises(KeyError):
        service.tell(house.person("drafter"), "no such kind", "/", key="x")
    with pytest.raises(KeyError):
        service.tell(house.person("drafter"), "scheduled", "/", key="x", number="26-014")


def test_urgent_mail_leaves_at_once_in_the_readers_language(house: House, post: Mailbox) -> None:
    people_service.set_preferences(house.actor("lawyer"), language="en")
    tell(house, "drafter")
    tell(house, "lawyer")
    house.run_jobs()
    subjects = [message["Subject"] for message in post.messages]
    assert subjects == [
        "〔发布〕26-014 首次答复缩短 已安排发布，短时间内可以撤销",
        "[Publishing] 26-014 Faster first reply is scheduled; for a short while it can be undone",
    ]
    assert "http://localhost/r/26-014" in post.messages[0].get_content()
    assert states() == [MailState.SENT, MailState.SENT]
    house.run_jobs()
    assert len(post.messages) == 2


def test_in_quiet_hours_urgent_mail_waits_for_the_next_working_morning(house: House, post: Mailbox) -> None:
    with clock.frozen(FRIDAY_EVENING):
        tell(house)
        house.run_jobs()
        assert post.messages == []
    with clock.frozen(clock.at(dt.date(2026, 9, 13), 12)):  # Sunday
        house.run_jobs()
        assert post.messages == []
    with clock.frozen(clock.at(dt.date(2026, 9, 14), 8)):
        house.run_jobs()
        assert len(post.messages) == 1


def test_nobody_on_leave_gets_mail_and_the_notice_stays(house: House, post: Mailbox) -> None:
    person = house.person("drafter")
    people_service.set_absence(SYSTEM, person.id, clock.today(), clock.today(), None)
    tell(house)
    service.send_digests()
    house.run_jobs()
    assert (post.messages, queries.unread_count(person.id)) == ([], 1)


@pytest.mark.parametrize(
    ("day", "hour", "count"),
    [
        (dt.date(2026, 9, 7), 8, 0),  # Monday before nine
        (dt.date(2026, 9, 7), 9, 1),
        (dt.date(2026, 9, 7), 21, 0),  # quiet hours
        (dt.date(2026, 9, 12), 9, 0),  # Saturday
        (dt.date(2026, 10, 1), 9, 0),  # National Day
    ],
)
def test_the_digest_comes_on_working_mornings(
    house: House, post: Mailbox, day: dt.date, hour: int, count: int
) -> None:
    with clock.frozen(clock.at(dt.date(2026, 9, 4), 12)):
        tell(house, is_urgent=False)
    with clock.frozen(clock.at(day, hour)):
        service.send_digests()
        service.send_digests()
        house.run_jobs()
    assert len(post.messages) == count
    if count:
        assert post.recipients == [["drafter@example.invalid"]]
        assert "〔发布〕26-014 首次答复缩短" in post.messages[0].get_content()


def test_a_digest_repeats_nothing_it_told_before(house: House, post: Mailbox) -> None:
    tell(house, is_urgent=False)
    service.send_digests()
    with clock.frozen(MONDAY + dt.timedelta(days=1)):
        service.send_digests()
        assert states() == [MailState.WAITING]
        tell(house, is_urgent=False, key="new")
    with clock.frozen(MONDAY + dt.timedelta(days=2)):
        service.send_digests()
    assert len(states()) == 2


def test_a_digest_names_one_thing_once(house: House, post: Mailbox) -> None:
    """What the desk asks for is not told again below it; of two notices of one kind on one thing the newest stands."""
    revision = story.given_in_review(house)
    lawyer = house.person("lawyer")
    asked = {"number": revision.number, "title": revision.title, "title_en": ""}
    for day in ("2026-09-08", "2026-09-09"):
        service.tell(lawyer, "published", "/s/cs-04", key=f"p{day}", standard="CS-04", version="1.1", day=day)
    service.tell(lawyer, "scheduled", f"/r/{revision.number}", key="news", **asked)
    address = f"/r/{revision.number}/review"
    assert db.session.scalar(
        sa.select(sa.func.count()).where(Notice.person_id == lawyer.id, Notice.kind == "review_asked")
    )
    db.session.commit()
    with clock.frozen(MONDAY + dt.timedelta(days=1)):
        service.send_digests()
    text = db.session.scalars(sa.select(OutgoingMail.text).where(OutgoingMail.person_id == lawyer.id)).one()
    assert text.count(address) == 1  # the task; the notice that asked for it is left out
    assert text.count(f"/r/{revision.number}") == 2  # other news of the same revision stays
    assert "9月9日" in text.replace("\u2009", "").replace(" ", "") and "9月8日" not in text.replace(" ", "")


def test_a_crash_between_claim_and_send_leaves_it_to_a_person(house: House, post: Mailbox) -> None:
    tell(house)
    db.session.execute(
        sa.update(OutgoingMail).values(state=MailState.SENDING)
    )  # claimed, then the power went
    house.run_jobs()
    assert (post.messages, states()) == ([], [MailState.SENDING])
    row = db.session.scalars(sa.select(OutgoingMail)).one()
    with pytest.raises(NotAllowed):
        service.decide_mail(house.actor("director"), row.id, send_again=True)
    service.decide_mail(house.actor("admin"), row.id, send_again=True)
    house.run_jobs()
    assert (len(post.messages), states()) == (1, [MailState.SENT])


def test_a_server_that_hangs_up_after_the_text_is_not_asked_twice(house: House) -> None:
    with hanging_up() as address:
        house.app.config["SETTINGS"] = replace(house.app.config["SETTINGS"], smtp=address)
        tell(house)
        house.run_jobs()
        house.run_jobs()
    assert states() == [MailState.SENDING]


def test_a_server_that_is_away_is_asked_again_later(house: House, mailbox: Mailbox) -> None:
    settings = house.app.config["SETTINGS"]
    house.app.config["SETTINGS"] = replace(settings, smtp="127.0.0.1:1")
    tell(house)
    house.run_jobs()
    assert states() == [MailState.WAITING]
    house.app.config["SETTINGS"] = replace(settings, smtp=mailbox.address)
    with clock.frozen(MONDAY + dt.timedelta(minutes=10)):
        house.run_jobs()
    assert (len(mailbox.messages), states()) == (1, [MailState.SENT])
    assert db.session.scalars(sa.select(Job.state).where(Job.name == "send_mail")).one() is JobState.DONE


@pytest.mark.parametrize(
    "address",
    [
        "a@example.invalid, b@example.invalid",
        "a@example.invalid\nBcc: b@example.invalid",
        "nobody",
        "",
        "a@b@c",
        "a;b@c",
    ],
)
def test_anything_but_one_address_is_refused(address: str) -> None:
    with pytest.raises(Invalid):
        mail.make_message(mail.Mail(address, "s", "t", "id@example.invalid", 0.0), "t@example.invalid")


def test_a_line_end_in_a_title_makes_no_header(house: House, post: Mailbox) -> None:
    service.tell(
        house.person("drafter"), "scheduled", "/", key="x", is_urgent=True,
        number="26-014", title="改\r\nBcc: b@example.invalid", title_en=None,
    )  # fmt: skip
    house.run_jobs()
    message: EmailMessage = post.messages[0]
    assert (message["Bcc"], post.recipients) == (None, [["drafter@example.invalid"]])
    with pytest.raises(Invalid):
        mail.make_message(mail.Mail("a@b.invalid", "a\nBcc: x@y.z", "t", "i@b.invalid", 0.0), "t@b.invalid")


def test_reading_marks_the_own_notices_only(house: House) -> None:
    own, other = tell(house), tell(house, "lawyer")
    assert own is not None and other is not None
    service.mark_read(house.actor("drafter"), [own.id, other.id])
    assert queries.unread_count(house.person("drafter").id) == 0
    assert queries.unread_count(house.person("lawyer").id) == 1


def test_an_unreachable_server_is_named() -> None:
    with pytest.raises(Unavailable):
        mail.send(
            mail.Mail("a@b.invalid", "s", "t", "i@b.invalid", 0.0), server="127.0.0.1:1", sender="t@b.invalid"
        )


class hanging_up:
    """A mail server that takes the text and hangs up without a word; gives its address."""

    def __enter__(self) -> str:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()
        return f"127.0.0.1:{self.listener.getsockname()[1]}"

    def __exit__(self, *_error: object) -> None:
        self.listener.close()

    def _serve(self) -> None:
        connection, _peer = self.listener.accept()
        with connection, connection.makefile("rwb") as talk:
            self._say(talk, "220 ready")
            for line in talk:
                if line.upper().startswith(b"DATA"):
                    self._say(talk, "354 go on")
                    while talk.readline() not in (b".\r\n", b""):
                        pass
                    return
                self._say(talk, "250 ok")

    @staticmethod
    def _say(talk: object, words: str) -> None:
        talk.write(f"{words}\r\n".encode())  # type: ignore[attr-defined]
        talk.flush()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"words": "大促的时限到底是几天？"}, "〔建议〕CS-04-C13：“大促的时限到底是几天？”"),
        ({}, "建议修改 CS-04-C13"),
    ],
)
def test_a_suggestion_is_told_with_its_first_words(house: House, more: dict[str, str], said: str) -> None:
    with house.app.test_request_context("/"), force_locale("zh_Hans"):
        assert said in notice_words("suggestion", {"clause": "CS-04-C13", **more})
