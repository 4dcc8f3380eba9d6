"""Owns the letter that brings outside counsel the link: its words, and handing it to the house's mail server at once.

The letter holds the link's secret. So it is never queued: it leaves in the request in which the link was made, from
memory, and what is kept is only that it left, or why not (ADR 30).
"""

from dataclasses import dataclass

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from app.core import activity, clock, mail
from app.core.access import Actor
from app.core.db import db
from app.core.errors import DomainError, Reason
from app.reviews.models import CounselInvitation
from app.standards.models import Revision
from app.web.filters import moment
from app.web.language import LOCALES, pick

SECONDS = 5  # a person waits for the answer of the mail server


@dataclass(frozen=True)
class Letter:
    """A letter to outside counsel. `reply_to` is the address of who invited, empty where there is none."""

    to: str
    subject: str
    text: str
    message_id: str
    reply_to: str


def can_mail() -> bool:
    """Tells whether the house has a mail server."""
    return bool(current_app.config["SETTINGS"].smtp)


def letter_of(revision: Revision, row: CounselInvitation, link: str) -> Letter:
    """Returns the letter with the link, in the language of the invitation."""
    inviter = row.invited_by
    with force_locale(LOCALES[row.language]):
        subject = _("Your review of %(title)s", title=pick(revision.title, revision.title_en))
        words = _(
            "Dear %(name)s,\n\n%(inviter)s asks you to review changed clauses. This link opens them. It is for you alone, and works until you have signed, at most until %(moment)s. Opening it changes nothing.\n\n%(link)s\n",
            name=row.name,
            inviter=pick(inviter.name, inviter.name_latin),
            moment=moment(row.expires_at),
            link=link,
        )
    return Letter(
        row.email, " ".join(subject.split()), str(words), f"counsel.{row.subject}", inviter.email or ""
    )


def send(letter: Letter) -> Reason | None:
    """Hands the letter to the mail server now and returns None; else the reason why it did not leave, or may not have.

    Writes nothing; called outside a transaction, for the server may take its time.
    """
    settings = current_app.config["SETTINGS"]
    if not settings.smtp:
        return Reason("mail.no_server")
    made = mail.Mail(
        letter.to,
        letter.subject,
        letter.text,
        f"{letter.message_id}@{settings.mail_from.rpartition('@')[2]}",
        clock.now().timestamp(),
        letter.reply_to,
    )
    try:
        mail.send(made, server=settings.smtp, sender=settings.mail_from, seconds=SECONDS)
    except mail.OutcomeUnknown:
        return Reason("counsel.letter_unknown")
    except DomainError as error:
        return error.reasons[0]
    return None


def note_sent(actor: Actor, revision: Revision, row: CounselInvitation, failure: Reason | None) -> None:
    """Records that the letter left the house, or the reason why it did not; neither the link nor the address."""
    if failure is None:
        row.mailed_at, row.mail_failure = clock.now(), ""
        activity.record(actor, "counsel.mailed", "revision", revision.number, counsel=row.subject)
    else:
        row.mailed_at, row.mail_failure = None, failure.key
        activity.record(actor, "counsel.not_mailed", "revision", revision.number, counsel=row.subject)
    db.session.flush()
