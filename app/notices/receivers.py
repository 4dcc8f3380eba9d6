"""Owns what all receivers outside have in common: keeping one, silencing it, storing news for it, sending them at most once.

Which news a receiver is told, and how it is asked, stands in `robots` and `webhooks`. Stored first, sent by jobs.
"""

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from typing import Any

import sqlalchemy as sa
from flask import current_app

from app import config
from app.core import activity, clock, jobs
from app.core.access import Actor, Permission
from app.core.db import db
from app.core.errors import FieldError, NotAllowed, NotFound, Reason, Refused
from app.core.secret_files import SecretTable
from app.core.text import clean_text
from app.evidence import http_answers
from app.notices.models import Delivery, MailState, Receiver
from app.notices.posting import Outcome, Place, ReceiverKind, retry_after

FILE = "receivers.json"  # an address may hold a key, so it stands with the secrets (ADR 12, 20)
LIMITS = http_answers.Limits(seconds=15, most_bytes=64 * 1024)
LIMIT_NAME = 60
UNSENT = ("connector.unreachable", "connector.certificate")  # the other side never got it
ROBOTS = frozenset(ReceiverKind) - {ReceiverKind.WEBHOOK}
WEBHOOKS = frozenset({ReceiverKind.WEBHOOK})

Ask = Callable[[Receiver, Delivery], tuple[Outcome, int]]
"""Asks a receiver: what came of it, and how many seconds it wants to be left alone."""


def wrong_fields(
    name: str, topics: Collection[str], known_topics: Collection[str]
) -> tuple[str, list[FieldError]]:
    """Returns the clean name of a new receiver, and what is wrong with its name and topics."""
    words, errors = clean_text(name, 1024, field="name").strip(), []
    if not words or len(words) > LIMIT_NAME:
        errors.append(FieldError("name", Reason("receiver.name", {"limit": LIMIT_NAME})))
    if not topics or not set(topics) <= set(known_topics):
        errors.append(FieldError("topics", Reason("receiver.topics")))
    return words, errors


def keep(actor: Actor, row: Receiver, address: str, secret: str) -> Receiver:
    """Keeps a new receiver, its address and secret beside the database."""
    row.is_on, row.added_by_id, row.at = True, actor.person_id, clock.now()
    db.session.add(row)
    db.session.flush()
    secrets_table().keep(str(row.id), {"address": address, "secret": secret})
    _changed(actor, row.id, "added", kind=row.kind.value)
    return row


def switch(actor: Actor, receiver_id: int, kinds: Collection[ReceiverKind], *, is_on: bool) -> Receiver:
    """Lets a receiver be told news again, or nothing more; again changes nothing. Raises NotFound."""
    must_manage(actor)
    row = receiver(receiver_id, kinds)
    if row.is_on != is_on:
        row.is_on = is_on
        _changed(actor, row.id, "switched", kind=row.kind.value, on=is_on)
    return row


def remove(actor: Actor, receiver_id: int, kinds: Collection[ReceiverKind]) -> None:
    """Removes a receiver with its address, its secret and what it was told. Raises NotFound."""
    must_manage(actor)
    row = receiver(receiver_id, kinds)
    kind = row.kind.value
    db.session.execute(sa.delete(Delivery).where(Delivery.receiver_id == row.id))
    db.session.delete(row)
    db.session.flush()
    secrets_table().forget(str(receiver_id))
    _changed(actor, receiver_id, "removed", kind=kind)


def again(actor: Actor, delivery_id: int, kinds: Collection[ReceiverKind]) -> Delivery:
    """Sends again what failed, or of which nobody knows whether it left; others stay. Raises NotFound."""
    must_manage(actor)
    message = db.session.get(Delivery, delivery_id)
    if message is None:
        raise NotFound("receiver.unknown")
    row = receiver(message.receiver_id, kinds)
    if message.state in (MailState.FAILED, MailState.SENDING):
        message.state, message.failure, message.tries = MailState.WAITING, "", 0
        _enqueue(row, message, clock.now(), f"again:{clock.now().isoformat()}")
        _changed(actor, row.id, "again", kind=row.kind.value)
    return message


def store(
    row: Receiver, topic: str, params: Mapping[str, Any], url: str, *, key: str, moment: dt.datetime
) -> Delivery:
    """Stores news for a receiver, to be sent from `moment` on; what is told under a known `key` stays as it is."""
    full_key = f"{row.id}:{topic}:{key}"
    known = db.session.scalar(sa.select(Delivery).where(Delivery.key == full_key))
    if known is not None:
        return known
    message = Delivery(
        receiver_id=row.id, kind=topic, params=dict(params), url=url, key=full_key, state=MailState.WAITING,
        failure="", tries=0, created_at=clock.now(),
    )  # fmt: skip
    db.session.add(message)
    db.session.flush()
    _enqueue(row, message, moment, "first")
    return message


def send(message_id: int, ask: Ask, *, even_silent: str) -> dict[str, object]:
    """Sends one delivery, at most once; a busy receiver is asked again with growing pauses, five times in all.

    A delivery whose fate nobody knows stays for a person, as a mail does. `even_silent` is the topic that a silent
    receiver is told too: the one that tries it out. Logs neither address nor answer.
    """
    claimed = db.session.execute(
        sa.update(Delivery)
        .where(Delivery.id == message_id, Delivery.state == MailState.WAITING)
        .values(state=MailState.SENDING, tries=Delivery.tries + 1)
    )
    db.session.commit()
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
        return {"sent": False}
    message = db.session.get_one(Delivery, message_id)
    row = db.session.get_one(Receiver, message.receiver_id)
    may = row.is_on or message.kind == even_silent
    try:
        outcome, wait = ask(row, message) if may else (Outcome(False, "receiver.off"), 0)
    except Refused:  # the file of secrets may be read by others, or is none of ours: nothing was sent
        outcome, wait = Outcome(False, "receiver.no_secrets"), 0
    message, row = db.session.get_one(Delivery, message_id), db.session.get_one(Receiver, message.receiver_id)
    message.failure, message.code = outcome.failure, outcome.code
    if outcome.is_sent:
        message.state, message.sent_at = MailState.SENT, clock.now()
    elif outcome.is_later and message.tries < jobs.RETRIES:
        message.state = MailState.WAITING
        pause = max(jobs.PAUSES[message.tries - 1], dt.timedelta(seconds=wait))
        _enqueue(row, message, clock.now() + pause, f"{message.tries}:{clock.now().isoformat()}")
    else:
        message.state = MailState.FAILED
    return {"sent": outcome.is_sent}


def ask_at(
    place: Place, path: str, headers: Mapping[str, str], body: bytes, judge: Callable[[int, bytes], Outcome]
) -> tuple[Outcome, int]:
    """Asks a place and returns what `judge` makes of status and body, and for how many seconds it wants no more.

    Ends the transaction first: none stays open while the network answers.
    """
    db.session.rollback()
    try:
        answer = http_answers.ask(place.base_url, path, headers, LIMITS, body=body)
    except http_answers.Fault as fault:
        is_unsent = fault.key in UNSENT
        failure = "receiver.unreachable" if is_unsent else "receiver.fate_unknown"
        return Outcome(False, failure, is_later=is_unsent), 0
    return judge(answer.status, answer.body), retry_after(answer.headers.get("retry-after"))


def receiver(receiver_id: int, kinds: Collection[ReceiverKind]) -> Receiver:
    """Returns a receiver of one of these kinds. Raises NotFound."""
    row = db.session.get(Receiver, receiver_id)
    if row is None or row.kind not in kinds:
        raise NotFound("receiver.unknown")
    return row


def receivers(kinds: Collection[ReceiverKind]) -> list[Receiver]:
    """Returns the receivers of these kinds in the order they were added."""
    return list(db.session.scalars(sa.select(Receiver).where(Receiver.kind.in_(kinds)).order_by(Receiver.id)))


def newest_deliveries(kinds: Collection[ReceiverKind], limit: int = 20) -> list[Delivery]:
    """Returns the newest deliveries to receivers of these kinds, newest first."""
    query = sa.select(Delivery).join(Receiver, Receiver.id == Delivery.receiver_id)
    return list(
        db.session.scalars(query.where(Receiver.kind.in_(kinds)).order_by(Delivery.id.desc()).limit(limit))
    )


def address_of(url: str) -> str:
    """Returns the whole address of a page of this site."""
    base = current_app.config["SETTINGS"].base_url or f"http://127.0.0.1:{config.port()}"
    return f"{base.rstrip('/')}{url}"


def kept_of(row: Receiver) -> tuple[str, str] | None:
    """Returns the address and the secret of a receiver, None when none is kept. Raises Refused as `SecretTable.row`."""
    kept = secrets_table().row(str(row.id))
    return (kept["address"], kept["secret"]) if kept else None


def secrets_table() -> SecretTable:
    """Returns where the addresses and secrets stand: by a receiver's id its `address` and its `secret`, both texts."""
    return SecretTable(current_app.config["SETTINGS"].data / FILE, frozenset({"address", "secret"}))


def must_manage(actor: Actor) -> None:
    """Refuses whoever does not manage the system."""
    if not actor.may(Permission.MANAGE_SYSTEM):
        raise NotAllowed("move.no_permission", permission=Permission.MANAGE_SYSTEM.value)


def _enqueue(row: Receiver, message: Delivery, moment: dt.datetime, mark: str) -> None:
    job = "send_webhook" if row.kind in WEBHOOKS else "send_chat"
    jobs.enqueue(job, key=f"delivery:{message.id}:{mark}", run_after=moment, message_id=message.id)


def _changed(actor: Actor, receiver_id: int, what: str, **data: object) -> None:
    activity.record(actor, f"receiver.{what}", "receiver", receiver_id, **data)
