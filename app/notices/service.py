"""Owns the verbs of notices: telling somebody something, once, and the mails that follow from it."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask import current_app
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from app import config
from app.core import activity, clock, jobs, mail
from app.core.access import Actor, Permission
from app.core.calendar import is_working_day
from app.core.db import db
from app.core.errors import DomainError, NotAllowed, NotFound
from app.notices import robots
from app.notices.collected import collected
from app.notices.models import MailState, Notice, OutgoingMail
from app.notices.waking import QUIET_FROM_HOUR, next_waking_moment
from app.notices.words import ASKS, notice_words
from app.people import queries as people
from app.people.models import Person
from app.standards.models import Revision
from app.web import contributions
from app.web.language import LOCALES

DIGEST_HOUR = 9


def tell(
    person: Person, kind: str, url: str, *, key: str, is_urgent: bool = False, **params: object
) -> Notice | None:
    """Stores a notice for the person and returns it; None when the key was told before or the account is closed.

    `params` are plain values, see `notice_words`; `url` is a path of this site that changes nothing when opened.
    Urgent ones are mailed at once, in quiet hours (20 to 8) and on days off at the next working morning, on leave
    not at all; the others come with the morning's digest. Raises KeyError for a kind without words.
    """
    if not person.is_active:
        return None
    full_key = f"{key}:{person.id}"
    if db.session.scalar(sa.select(Notice.id).where(Notice.key == full_key)) is not None:
        return None
    robots.tell_groups(kind, url, key=key, params=params)
    notice_words(kind, params)  # a kind or value without words is found here, not in the reader's mail
    row = Notice(
        person_id=person.id,
        kind=kind,
        params=params,
        url=url,
        key=full_key,
        is_urgent=is_urgent,
        created_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    if is_urgent and not people.is_absent(person):
        with force_locale(LOCALES[person.language]):
            words = notice_words(kind, params)
            text = f"{words}\n\n{_address(url)}\n\n{_ending()}"
        _queue_mail(person, words, text, key=f"notice:{row.id}", not_before=next_waking_moment())
    return row


def about(revision: Revision) -> dict[str, Any]:
    """Returns the params by which a notice names a revision: its number and its title in both languages."""
    return {"number": revision.number, "title": revision.title, "title_en": revision.title_en}


def mark_read(actor: Actor, notice_ids: list[int]) -> None:
    """Marks the own notices as read; others' stay as they are."""
    if actor.person_id is None:
        raise NotAllowed("access.sign_in_first")
    db.session.execute(
        sa.update(Notice)
        .where(Notice.id.in_(notice_ids), Notice.person_id == actor.person_id, Notice.read_at.is_(None))
        .values(read_at=clock.now())
    )


def send_digests() -> None:
    """From nine on a working day: one mail a person with what waits and what is new; nothing for an empty desk.

    Nobody on leave gets one. Asking again on the same day changes nothing. Commits by itself, person by person.
    """
    local = clock.local(clock.now())
    if local.hour < DIGEST_HOUR or local.hour >= QUIET_FROM_HOUR or not is_working_day(local.date()):
        return
    done = set(
        db.session.scalars(
            sa.select(OutgoingMail.person_id).where(OutgoingMail.key.like(f"digest:{local.date()}:%"))
        )
    )
    # Tasks carry links, and links are made inside a request only.
    with current_app.test_request_context("/"):
        for person in people.everybody():
            if person.email and person.id not in done and not people.is_absent(person):
                _digest(person, local.date())
                db.session.commit()


def send_waiting_mail(mail_id: int) -> dict[str, object]:
    """Job: sends one mail, at most once: it is claimed before, and a crash in between leaves it for a person."""
    settings = current_app.config["SETTINGS"]
    claimed = db.session.execute(
        sa.update(OutgoingMail)
        .where(OutgoingMail.id == mail_id, OutgoingMail.state == MailState.WAITING)
        .values(state=MailState.SENDING)
    )
    db.session.commit()
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
        return {"sent": False}
    row = db.session.get_one(OutgoingMail, mail_id)
    if not settings.smtp:
        row.state, row.failure = MailState.FAILED, "mail.no_server"
        return {"sent": False}
    letter = mail.Mail(
        row.address,
        row.subject,
        row.text,
        f"{row.key.replace(':', '.')}@{settings.mail_from.rpartition('@')[2]}",
        clock.now().timestamp(),
    )
    try:
        mail.send(letter, server=settings.smtp, sender=settings.mail_from)
    except mail.OutcomeUnknown:
        return {"sent": None}  # stays "sending": a person decides, see the health page
    except DomainError as error:
        row = db.session.get_one(OutgoingMail, mail_id)
        row.state, row.failure = MailState.FAILED, error.reasons[0].key
        if error.status == 503:
            row.state = MailState.WAITING
            db.session.commit()
            raise
        return {"sent": False}
    row = db.session.get_one(OutgoingMail, mail_id)
    row.state, row.sent_at = MailState.SENT, clock.now()
    return {"sent": True}


def decide_mail(actor: Actor, mail_id: int, *, send_again: bool) -> OutgoingMail:
    """Decides on a mail that failed or may have left: it is sent again, or counts as sent. Others stay as they are.

    Raises NotAllowed without the permission to manage the system, NotFound for an unknown mail.
    """
    if not actor.may(Permission.MANAGE_SYSTEM):
        raise NotAllowed("move.no_permission", permission=Permission.MANAGE_SYSTEM.value)
    row = db.session.get(OutgoingMail, mail_id)
    if row is None:
        raise NotFound("mail.unknown")
    if row.state in (MailState.SENDING, MailState.FAILED):
        row.state = MailState.WAITING if send_again else MailState.SENT
        row.failure = ""
        db.session.flush()
        if send_again:
            jobs.enqueue("send_mail", key=f"mail:{row.id}:{clock.now().isoformat()}", mail_id=row.id)
        activity.record(actor, "mail.decided", "mail", row.id, again=send_again)
    return row


def _digest(person: Person, day: dt.date) -> None:
    actor = people.actor_for(person)
    with force_locale(LOCALES[person.language]):
        tasks = [t for t in contributions.tasks_for(actor) if t.waiting_for is None]
        fresh = _not_mailed(person)
        if not tasks and not fresh:
            return
        lines = [f"· {task.words} — {_address(task.url)}" for task in tasks]
        said = _said_once(fresh, {_matter(task.url) for task in tasks})
        lines += [f"· {line.words} — {_address(line.url)}" for line in collected(said)]
        subject = ngettext(
            "Touchstone: %(num)s line for you today", "Touchstone: %(num)s lines for you today", len(lines)
        )
        text = "\n".join(lines) + f"\n\n{_ending()}"
    _queue_mail(person, subject, text, key=f"digest:{day}:{person.id}")


def _said_once(fresh: Sequence[Notice], on_desk: set[str]) -> list[Notice]:
    """Leaves out what the tasks above say already, and of several notices of one kind on one thing all but the newest."""
    newest = {(n.kind, _matter(n.url)): n.id for n in fresh}
    return [
        n
        for n in fresh
        if newest[n.kind, _matter(n.url)] == n.id and not (n.kind in ASKS and _matter(n.url) in on_desk)
    ]


def _matter(url: str) -> str:
    """The thing an address leads to: of a revision its number, whichever of its pages; of all else the page."""
    path = url.partition("#")[0].partition("?")[0]
    _root, room, *rest = f"{path}/".split("/")
    return rest[0] if room in ("r", "score") else path


def _not_mailed(person: Person) -> list[Notice]:
    """Returns the unread notices that no mail has carried yet, oldest first."""
    own = OutgoingMail.person_id == person.id
    last = db.session.scalar(
        sa.select(sa.func.max(OutgoingMail.created_at)).where(own, OutgoingMail.key.like("digest:%"))
    )
    mailed = set(
        db.session.scalars(sa.select(OutgoingMail.key).where(own, OutgoingMail.key.like("notice:%")))
    )
    query = (
        sa.select(Notice).where(Notice.person_id == person.id, Notice.read_at.is_(None)).order_by(Notice.id)
    )
    if last is not None:
        query = query.where(Notice.created_at > last)
    return [row for row in db.session.scalars(query) if f"notice:{row.id}" not in mailed]


def _queue_mail(
    person: Person, subject: str, text: str, *, key: str, not_before: dt.datetime | None = None
) -> None:
    if not person.email:
        return
    row = OutgoingMail(
        person_id=person.id,
        address=person.email,
        subject=" ".join(subject.split()),
        text=text,
        key=key,
        created_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    if current_app.config["SETTINGS"].smtp:
        jobs.enqueue("send_mail", key=f"mail:{row.id}", run_after=not_before, mail_id=row.id)


def _address(url: str) -> str:
    base = current_app.config["SETTINGS"].base_url or f"http://127.0.0.1:{config.port()}"
    return f"{base.rstrip('/')}{url}"


def _ending() -> str:
    return str(
        _("Opening a link changes nothing. One digest a working day; change it with your administrator.")
    )
