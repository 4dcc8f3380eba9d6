"""Owns how a mail leaves the house: one message over SMTP. What it says and to whom is the business of `notices`."""

import contextlib
import smtplib
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate

from app.core.errors import Invalid, Unavailable

SECONDS = 15


@dataclass(frozen=True)
class Mail:
    """A plain-text mail. `message_id` is the same for every try, so that a receiver can drop a doubled one.

    `reply_to` is the address that an answer goes to; empty for the sender's.
    """

    to: str
    subject: str
    text: str
    message_id: str
    timestamp: float
    reply_to: str = ""


class OutcomeUnknown(Exception):
    """The connection broke after the mail was handed over: it may have arrived, so nobody sends it again by itself."""


def send(mail: Mail, *, server: str, sender: str, seconds: float = SECONDS) -> None:
    """Hands the mail to `server` (host:port), which has `seconds` for each of its answers.

    Raises Invalid for a bad address or a mail the server will never take, Unavailable when the server cannot be reached
    or says "later", OutcomeUnknown when the connection broke while the mail was handed over.
    """
    message = make_message(mail, sender)
    host, _, port = server.rpartition(":")
    try:
        smtp = smtplib.SMTP(host or server, int(port) if host else 25, timeout=seconds)
    except (OSError, smtplib.SMTPException) as error:
        raise Unavailable("mail.unavailable") from error
    with contextlib.ExitStack() as closing:
        closing.callback(_close, smtp)
        try:
            smtp.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            raise _refusal(max((code for code, _words in error.recipients.values()), default=550)) from error
        except smtplib.SMTPResponseException as error:
            raise _refusal(error.smtp_code) from error
        except (OSError, smtplib.SMTPException) as error:
            raise OutcomeUnknown from error


def _refusal(code: int) -> Invalid | Unavailable:
    """Returns what a clear answer of the server means: 4xx is later, anything else never."""
    return Unavailable("mail.unavailable") if 400 <= code < 500 else Invalid.of("to", "mail.refused")


def _close(smtp: smtplib.SMTP) -> None:
    """Says goodbye; a server that is gone already took the mail or not, this changes nothing."""
    with contextlib.suppress(OSError, smtplib.SMTPException):
        smtp.quit()


def make_message(mail: Mail, sender: str) -> EmailMessage:
    """Returns the message. Raises Invalid for an address that is not exactly one address, or a line end in a header."""
    message = EmailMessage()
    if any(sign in mail.to for sign in ",;\n\r"):
        raise Invalid.of("to", "mail.bad_address")
    try:
        message["From"] = sender
        message["To"] = Address(addr_spec=mail.to)
        if mail.reply_to:
            message["Reply-To"] = Address(addr_spec=mail.reply_to)
        message["Subject"] = mail.subject
        message["Message-ID"] = f"<{mail.message_id}>"
        message["Date"] = formatdate(mail.timestamp)
    except (ValueError, IndexError, HeaderParseError) as error:
        raise Invalid.of("to", "mail.bad_address") from error
    message.set_content(mail.text)
    return message
