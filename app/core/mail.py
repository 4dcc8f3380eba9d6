"""Owns how a mail leaves the house: one message over SMTP. What it says and to whom is the business of `notices`."""

import smtplib
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate

from app.core.errors import Invalid, Unavailable

SECONDS = 15


@dataclass(frozen=True)
class Mail:
    """A plain-text mail. `message_id` is the same for every try, so that a receiver can drop a doubled one."""

    to: str
    subject: str
    text: str
    message_id: str
    timestamp: float


def send(mail: Mail, *, server: str, sender: str) -> None:
    """Hands the mail to `server` (host:port). Raises Invalid for a bad address, Unavailable when it cannot be reached."""
    message = make_message(mail, sender)
    host, _, port = server.rpartition(":")
    try:
        with smtplib.SMTP(host or server, int(port) if host else 25, timeout=SECONDS) as smtp:
            smtp.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        raise Invalid.of("to", "mail.refused") from error
    except (OSError, smtplib.SMTPException) as error:
        raise Unavailable("mail.unavailable") from error


def make_message(mail: Mail, sender: str) -> EmailMessage:
    """Returns the message. Raises Invalid for an address that is not exactly one address, or a line end in a header."""
    message = EmailMessage()
    try:
        message["From"] = sender
        message["To"] = Address(addr_spec=mail.to)
        message["Subject"] = mail.subject
        message["Message-ID"] = f"<{mail.message_id}>"
        message["Date"] = formatdate(mail.timestamp)
    except (ValueError, IndexError) as error:
        raise Invalid.of("to", "mail.bad_address") from error
    if "\n" in mail.to or "," in mail.to:
        raise Invalid.of("to", "mail.bad_address")
    message.set_content(mail.text)
    return message
