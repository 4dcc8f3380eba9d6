"""Owns the verbs of notices: telling somebody something, once, and the mails that follow from it."""

import datetime as dt

import sqlalchemy as sa
from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from app.core import clock, jobs, mail
from app.core.access import Actor
from app.core.calendar import is_working_day
from app.core.db import db
from app.core.errors import DomainError, NotAllowed
from app.notices.models import MailState, Notice, OutgoingMail
from app.notices.words import notice_words
from app.people import queries as people
from app.people.models import Person
from app.web import contributions
from app.web.language import LOCALES

DIGEST_HOUR = 9
QUIET_FROM_HOUR, QUIET_UNTIL_HOUR = 20, 8


def tell(
    person: Person, kind: str, url: str, *, key: str, is_urgent: bool = False, **params: object
) -> Notice | None:
    """Stores a notice for the person and returns it; None when the key was told before or the account is closed.

    `params` are plain values; `url` a path of this site that changes nothing when opened. Urgent ones are mailed
    when the quiet hours (20 to 8) and leave allow; the others come with the morning's digest.
    """
    if not person.is_active:
        return None
    full_key = f"{key}:{person.id}"
    if db.session.scalar(sa.select(Notice.id).where(Notice.key == full_key)) is not None:
        return None
    notice_words(
        kind, params
    )  # a kind without words is a fault of ours: found here, not in the reader's mail
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
    if is_urgent and _may_mail(person):
        with force_locale(LOCALES[person.language]):
            words = notice_words(kind, params)
            _queue_mail(person, words, f"{words}\n\n{_address(url)}\n\n{_ending()}", key=f"notice:{row.id}")
    return row


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
    """At nine on a working day: one mail a person with what waits and what is new; nothing for an empty desk.

    Nobody on leave gets one. Asking again on the same day changes nothing.
    """
    if not current_app.config["SETTINGS"].smtp:
        return  # without a mail server the desk is the digest
    local = clock.local(clock.now())
    if local.hour < DIGEST_HOUR or local.hour >= QUIET_FROM_HOUR or not is_working_day(local.date()):
        return
    done = set(
        db.session.scalars(
            sa.select(OutgoingMail.person_id).where(OutgoingMail.key.like(f"digest:{local.date()}:%"))
        )
    )
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


def _digest(person: Person, day: dt.date) -> None:
    actor = people.actor_for(person)
    with force_locale(LOCALES[person.language]):
        tasks = [t for t in contributions.tasks_for(actor) if t.waiting_for is None]
        fresh = db.session.scalars(
            sa.select(Notice)
            .where(Notice.person_id == person.id, Notice.read_at.is_(None), Notice.is_urgent.is_(False))
            .order_by(Notice.id)
        ).all()
        if not tasks and not fresh:
            return
        lines = [f"· {task.words} — {_address(task.url)}" for task in tasks]
        lines += [f"· {notice_words(n.kind, n.params)} — {_address(n.url)}" for n in fresh]
        subject = _("Touchstone: %(count)s for you today", count=len(lines))
        _queue_mail(person, subject, "\n".join(lines) + f"\n\n{_ending()}", key=f"digest:{day}:{person.id}")


def _queue_mail(person: Person, subject: str, text: str, *, key: str) -> None:
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
        jobs.enqueue("send_mail", key=f"mail:{row.id}", mail_id=row.id)


def _may_mail(person: Person) -> bool:
    hour = clock.local(clock.now()).hour
    return QUIET_UNTIL_HOUR <= hour < QUIET_FROM_HOUR and not people.is_absent(person)


def _address(url: str) -> str:
    return f"{current_app.config['SETTINGS'].base_url or 'http://127.0.0.1'}{url}"


def _ending() -> str:
    return str(
        _("Opening a link changes nothing. One digest a working day; change it with your administrator.")
    )
