"""Owns the verbs of group robots: adding, pausing, removing one, what a group is told, sending it. Stored first, sent by jobs.

A group is told what concerns everybody in it: no name of a person, free text masked, a link that changes nothing.
"""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from flask import current_app
from flask_babel import force_locale

from app import config
from app.core import activity, clock, jobs
from app.core.access import Actor, Permission
from app.core.db import db
from app.core.errors import FieldError, Invalid, NotAllowed, NotFound, Reason
from app.core.secret_files import SecretTable
from app.core.text import clean_text
from app.evidence import http_answers
from app.evidence.masking import mask
from app.notices import chat, robot_secrets
from app.notices.chat import ChatKind, Outcome
from app.notices.models import GroupRobot, MailState, RobotMessage
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
LIMITS = http_answers.Limits(seconds=15, most_bytes=64 * 1024)
LIMIT_NAME = 60
UNSENT = ("connector.unreachable", "connector.certificate")  # the service never got it


def add(
    actor: Actor, *, kind: ChatKind, name: str, address: str, secret: str, topics: list[str], language: str
) -> GroupRobot:
    """Adds a robot of a group and keeps its address and secret beside the database.

    Raises Invalid for an empty name, an address that is not of the service, no topic, or a language we do not speak.
    """
    _must_manage(actor)
    words, errors = clean_text(name, 1024, field="name").strip(), []
    place = chat.place_of(kind, address.strip(), more_hosts())
    if not words or len(words) > LIMIT_NAME:
        errors.append(FieldError("name", Reason("robot.name", {"limit": LIMIT_NAME})))
    if place is None:
        errors.append(FieldError("address", Reason("robot.address", {"host": chat.HOSTS[kind][0]})))
    if len(secret) > chat.LIMIT_SECRET or not (secret.isascii() and secret.isprintable()):
        errors.append(FieldError("secret", Reason("robot.secret")))
    if not topics or not set(topics) <= set(TOPICS):
        errors.append(FieldError("topics", Reason("robot.topics")))
    if language not in LOCALES:
        errors.append(FieldError("language", Reason("web.not_a_choice")))
    if errors or place is None:
        raise Invalid(errors)
    row = GroupRobot(
        kind=kind, name=words, host=place.host, topics=[t for t in TOPICS if t in topics], language=language,
        is_on=True, added_by_id=actor.person_id, at=clock.now(),
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    _secrets().keep(str(row.id), {"address": address.strip(), "secret": secret.strip()})
    activity.record(actor, "robot.added", "robot", row.id, kind=kind.value)
    return row


def switch(actor: Actor, robot_id: int, *, is_on: bool) -> GroupRobot:
    """Lets a robot speak or keeps it silent; again changes nothing. Raises NotFound."""
    _must_manage(actor)
    row = robot(robot_id)
    if row.is_on != is_on:
        row.is_on = is_on
        activity.record(actor, "robot.switched", "robot", row.id, on=is_on)
    return row


def remove(actor: Actor, robot_id: int) -> None:
    """Removes a robot with its address, its secret and what it was told. Raises NotFound."""
    _must_manage(actor)
    row = robot(robot_id)
    db.session.execute(sa.delete(RobotMessage).where(RobotMessage.robot_id == row.id))
    db.session.delete(row)
    db.session.flush()
    _secrets().forget(str(robot_id))
    activity.record(actor, "robot.removed", "robot", robot_id)


def try_out(actor: Actor, robot_id: int) -> RobotMessage:
    """Sends a message that says only that the robot is connected. Raises NotFound."""
    _must_manage(actor)
    row = robot(robot_id)
    return _store(row, "robot_test", {}, "/desk", f"test:{clock.now().isoformat()}", clock.now())


def again(actor: Actor, message_id: int) -> RobotMessage:
    """Sends a message again that failed, or of which nobody knows whether it left; others stay. Raises NotFound."""
    _must_manage(actor)
    row = db.session.get(RobotMessage, message_id)
    if row is None:
        raise NotFound("robot.unknown")
    if row.state in (MailState.FAILED, MailState.SENDING):
        row.state, row.failure, row.tries = MailState.WAITING, "", 0
        _enqueue(row, clock.now(), f"again:{clock.now().isoformat()}")
        activity.record(actor, "robot.again", "robot", row.robot_id)
    return row


def tell_groups(kind: str, url: str, *, key: str, params: dict[str, Any]) -> None:
    """Stores a message for each robot that speaks and wants the topic; the same `key` is told a group once."""
    if kind not in TOPICS:
        return
    for row in db.session.scalars(sa.select(GroupRobot).where(GroupRobot.is_on).order_by(GroupRobot.id)):
        if kind in row.topics:
            _store(row, kind, params, url, key, next_waking_moment())


def send(message_id: int) -> dict[str, object]:
    """Job: sends one message, at most once; a busy service is asked again with growing pauses, five times in all.

    A message whose fate nobody knows stays for a person, as a mail does. Logs neither address nor answer.
    """
    claimed = db.session.execute(
        sa.update(RobotMessage)
        .where(RobotMessage.id == message_id, RobotMessage.state == MailState.WAITING)
        .values(state=MailState.SENDING, tries=RobotMessage.tries + 1)
    )
    db.session.commit()
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
        return {"sent": False}
    message = db.session.get_one(RobotMessage, message_id)
    row = robot(message.robot_id)
    outcome, wait = (
        (_ask(row, message))
        if row.is_on or message.kind == "robot_test"
        else (Outcome(False, "robot.off"), 0)
    )
    message = db.session.get_one(RobotMessage, message_id)
    message.failure = outcome.failure
    message.code = outcome.code
    if outcome.is_sent:
        message.state, message.sent_at = MailState.SENT, clock.now()
    elif outcome.is_later and message.tries < jobs.RETRIES:
        message.state = MailState.WAITING
        pause = max(jobs.PAUSES[message.tries - 1], dt.timedelta(seconds=wait))
        _enqueue(message, clock.now() + pause, f"{message.tries}:{clock.now().isoformat()}")
    else:
        message.state = MailState.FAILED
    return {"sent": outcome.is_sent}


def robot(robot_id: int) -> GroupRobot:
    """Returns a robot. Raises NotFound."""
    row = db.session.get(GroupRobot, robot_id)
    if row is None:
        raise NotFound("robot.unknown")
    return row


def robots() -> list[GroupRobot]:
    """Returns all robots in the order they were added."""
    return list(db.session.scalars(sa.select(GroupRobot).order_by(GroupRobot.id)))


def newest_messages(limit: int = 20) -> list[RobotMessage]:
    """Returns the newest messages to groups, newest first."""
    return list(db.session.scalars(sa.select(RobotMessage).order_by(RobotMessage.id.desc()).limit(limit)))


def text_of(message: RobotMessage, language: str) -> str:
    """Returns what a group reads: one sentence, personal data masked, and the address of the page."""
    with force_locale(LOCALES[language]):
        words = mask(notice_words(message.kind, message.params)).text
    base = current_app.config["SETTINGS"].base_url or f"http://127.0.0.1:{config.port()}"
    return f"{words}\n{base.rstrip('/')}{message.url}"


def more_hosts() -> tuple[str, ...]:
    """Returns the hosts, with their port where it is not the usual one, that the setting adds."""
    given = current_app.config["SETTINGS"].chat_hosts
    return tuple(host.strip().lower() for host in given.split(",") if host.strip())


def _ask(row: GroupRobot, message: RobotMessage) -> tuple[Outcome, int]:
    """Returns what came of asking the service, and how many seconds it wants to be left alone."""
    kept = _secrets().row(str(row.id))
    place = chat.place_of(row.kind, kept["address"], more_hosts()) if kept else None
    if (
        kept is None or place is None
    ):  # the address is looked at again when it is used, not only when it was typed
        return Outcome(False, "robot.no_address"), 0
    path, body = chat.request_of(
        row.kind, place, kept["secret"], text_of(message, row.language), clock.now().timestamp()
    )
    db.session.rollback()  # no transaction stays open while the network answers
    try:
        answer = http_answers.ask(
            place.base_url, path, {"Content-Type": "application/json; charset=utf-8"}, LIMITS, body=body
        )
    except http_answers.Fault as fault:
        is_unsent = fault.key in UNSENT
        return Outcome(
            False, "robot.unreachable" if is_unsent else "robot.fate_unknown", is_later=is_unsent
        ), 0
    return chat.outcome_of(answer.status, answer.body), chat.retry_after(answer.headers.get("retry-after"))


def _store(
    row: GroupRobot, kind: str, params: dict[str, Any], url: str, key: str, moment: dt.datetime
) -> RobotMessage:
    full_key = f"{row.id}:{kind}:{key}"
    known = db.session.scalar(sa.select(RobotMessage).where(RobotMessage.key == full_key))
    if known is not None:
        return known
    message = RobotMessage(
        robot_id=row.id, kind=kind, params=params, url=url, key=full_key, state=MailState.WAITING, failure="",
        tries=0, created_at=clock.now(),
    )  # fmt: skip
    db.session.add(message)
    db.session.flush()
    _enqueue(message, moment, "first")
    return message


def _enqueue(message: RobotMessage, moment: dt.datetime, mark: str) -> None:
    jobs.enqueue("send_chat", key=f"chat:{message.id}:{mark}", run_after=moment, message_id=message.id)


def _secrets() -> SecretTable:
    return robot_secrets.table(current_app.config["SETTINGS"].data)


def _must_manage(actor: Actor) -> None:
    if not actor.may(Permission.MANAGE_SYSTEM):
        raise NotAllowed("move.no_permission", permission=Permission.MANAGE_SYSTEM.value)
