"""Owns what group robots are told and how one is asked. Keeping, silencing and sending stand in `receivers`.

A group is told what concerns everybody in it: no name of a person, free text masked, a link that changes nothing.
"""

from typing import Any

import sqlalchemy as sa
from flask import current_app
from flask_babel import force_locale

from app.core import clock
from app.core.access import Actor
from app.core.db import db
from app.core.errors import FieldError, Invalid, Reason
from app.evidence.masking import mask
from app.notices import chat, receivers
from app.notices.chat import ChatKind
from app.notices.models import Delivery, Receiver
from app.notices.posting import Outcome, ReceiverKind
from app.notices.receivers import ROBOTS
from app.notices.waking import next_waking_moment
from app.notices.words import notice_words
from app.web.language import LOCALES

# What a group may be told: news of a revision, none of them about one person.
TOPICS = (
    "review_asked",
    "returned",
    "fast_track",
    "reopened",
    "scheduled",
    "undone",
    "emergency",
    "published",
    "in_force",
)
TEST = "robot_test"


def add(
    actor: Actor, *, kind: ChatKind, name: str, address: str, secret: str, topics: list[str], language: str
) -> Receiver:
    """Adds a robot of a group and keeps its address and secret beside the database.

    Raises Invalid for an empty name, an address that is not of the service, no topic, or a language we do not speak.
    """
    receivers.must_manage(actor)
    words, errors = receivers.wrong_fields(name, topics, TOPICS)
    place = chat.place_of(kind, address.strip(), more_hosts())
    if place is None:
        errors.append(FieldError("address", Reason("robot.address", {"host": chat.HOSTS[kind][0]})))
    if len(secret) > chat.LIMIT_SECRET or not (secret.isascii() and secret.isprintable()):
        errors.append(FieldError("secret", Reason("robot.secret")))
    if language not in LOCALES:
        errors.append(FieldError("language", Reason("web.not_a_choice")))
    if errors or place is None:
        raise Invalid(errors)
    row = Receiver(
        kind=ReceiverKind(kind.value), name=words, host=place.host, topics=[t for t in TOPICS if t in topics],
        language=language,
    )  # fmt: skip
    return receivers.keep(actor, row, address.strip(), secret.strip())


def try_out(actor: Actor, robot_id: int) -> Delivery:
    """Sends a message that says only that the robot is connected. Raises NotFound."""
    receivers.must_manage(actor)
    row = receivers.receiver(robot_id, ROBOTS)
    now = clock.now()
    return receivers.store(row, TEST, {}, "/desk", key=f"test:{now.isoformat()}", moment=now)


def tell_groups(kind: str, url: str, *, key: str, params: dict[str, Any]) -> None:
    """Stores a message for each robot that speaks and wants the topic; the same `key` is told a group once."""
    if kind not in TOPICS:
        return
    speaking = sa.select(Receiver).where(Receiver.is_on, Receiver.kind.in_(ROBOTS)).order_by(Receiver.id)
    for row in db.session.scalars(speaking):
        if kind in row.topics:
            receivers.store(row, kind, params, url, key=key, moment=next_waking_moment())


def send(message_id: int) -> dict[str, object]:
    """Job: sends one message to a group, see `receivers.send`."""
    return receivers.send(message_id, _ask, even_silent=TEST)


def text_of(message: Delivery, language: str) -> str:
    """Returns what a group reads: one sentence, personal data masked, and the address of the page."""
    with force_locale(LOCALES[language]):
        words = mask(notice_words(message.kind, message.params)).text
    return f"{words}\n{receivers.address_of(message.url)}"


def more_hosts() -> tuple[str, ...]:
    """Returns the hosts, with their port where it is not the usual one, that the setting adds."""
    given = current_app.config["SETTINGS"].chat_hosts
    return tuple(host.strip().lower() for host in given.split(",") if host.strip())


def _ask(row: Receiver, message: Delivery) -> tuple[Outcome, int]:
    kind, kept = ChatKind(row.kind.value), receivers.kept_of(row)
    # The address is looked at again when it is used, not only when it was typed.
    place = chat.place_of(kind, kept[0], more_hosts()) if kept else None
    if kept is None or place is None:
        return Outcome(False, "receiver.no_address"), 0
    text, seconds = text_of(message, row.language), clock.now().timestamp()
    path, body = chat.request_of(kind, place, kept[1], text, seconds)
    headers = {"Content-Type": "application/json; charset=utf-8"}
    return receivers.ask_at(place, path, headers, body, chat.outcome_of)
