"""Owns what other systems are told at their addresses (webhooks) and how one is asked. The rest stands in `receivers`.

A system is told what happened, with numbers, codes and addresses of pages: no name of a person, free text
masked (ADR 20).
"""

import secrets as random
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from app.core import clock
from app.core.access import Actor
from app.core.db import db
from app.core.errors import FieldError, Invalid, Reason
from app.evidence import http_answers
from app.evidence.masking import mask
from app.notices import receivers, webhook_form
from app.notices.models import Delivery, Receiver
from app.notices.posting import Outcome, Place, ReceiverKind, place_at
from app.notices.receivers import WEBHOOKS

TOPICS = (
    "proposal.accepted",
    "proposal.declined",
    "standard.published",
    "standard.in_force",
    "issue.handed_on",
    "surge.opened",
    "effect.evaluated",
    "customer_notice",
)
TEST = "test"
MOST_SHOWN = 50


def add(actor: Actor, *, name: str, address: str, secret: str, topics: list[str]) -> tuple[Receiver, str]:
    """Adds an address that is told news; returns it with its signing secret, which is made where none is given.

    Raises Invalid for an empty name, an address that may not be asked, a secret of another form, or no topic.
    """
    receivers.must_manage(actor)
    words, errors = receivers.wrong_fields(name, topics, TOPICS)
    place = place_of(address.strip())
    if place is None:
        errors.append(FieldError("address", Reason("webhook.address")))
    given = secret.strip() or webhook_form.secret_of(random.token_bytes(webhook_form.MADE_BYTES))
    if webhook_form.key_of(given) is None:
        errors.append(FieldError("secret", Reason("webhook.secret", {"least": webhook_form.LEAST_BYTES})))
    if errors or place is None:
        raise Invalid(errors)
    row = Receiver(
        kind=ReceiverKind.WEBHOOK, name=words, host=place.named, topics=[t for t in TOPICS if t in topics],
        language="",
    )  # fmt: skip
    return receivers.keep(actor, row, address.strip(), given), given


def place_of(address: str) -> Place | None:
    """Returns where an address leads; None for one that is neither https nor plain http on this machine."""
    place = place_at(address)
    return place if place is not None and http_answers.is_allowed(place.base_url) else None


def try_out(actor: Actor, webhook_id: int) -> Delivery:
    """Sends news of the topic `test`, to a paused address too. Raises NotFound."""
    receivers.must_manage(actor)
    row = receivers.receiver(webhook_id, WEBHOOKS)
    now = clock.now()
    return receivers.store(row, TEST, {}, "/", key=f"test:{now.isoformat()}", moment=now)


def tell_systems(
    topic: str,
    url: str,
    values: Mapping[str, object],
    *,
    key: str,
    approved_texts: Mapping[str, str] | None = None,
) -> None:
    """Stores news for each address that is told and wants the topic; the same `key` is told an address once.

    `values` are plain values without names of people; texts among them are masked here. `approved_texts` go
    out word for word: two people read them, and a hotline is no customer's number. `url` is a path of this
    site.
    """
    told = sa.select(Receiver).where(Receiver.is_on, Receiver.kind.in_(WEBHOOKS)).order_by(Receiver.id)
    wanted = [row for row in db.session.scalars(told) if topic in row.topics]
    params: dict[str, Any] = {name: _masked(value) for name, value in values.items()} if wanted else {}
    params |= approved_texts or {}
    for row in wanted:
        receivers.store(row, topic, params, url, key=key, moment=clock.now())


def send(message_id: int) -> dict[str, object]:
    """Job: sends one delivery to an address, see `receivers.send`."""
    return receivers.send(message_id, _ask, even_silent=TEST)


def _ask(row: Receiver, message: Delivery) -> tuple[Outcome, int]:
    kept = receivers.kept_of(row)
    # Looked at again when it is used, not only when it was typed.
    place = place_of(kept[0]) if kept else None
    key = webhook_form.key_of(kept[1]) if kept else None
    if place is None or key is None:
        return Outcome(False, "receiver.no_address"), 0
    data = {**message.params, "url": receivers.address_of(message.url)}
    body = webhook_form.body_of(message.kind, message.created_at, data)
    said = webhook_form.message_id(key, message.key)
    headers = webhook_form.headers_of(key, said, int(clock.now().timestamp()), body)
    return receivers.ask_at(
        place, place.path, headers, body, lambda status, _body: webhook_form.outcome_of(status)
    )


def _masked(value: object) -> object:
    if isinstance(value, str):
        return mask(value).text
    if isinstance(value, Mapping):
        return {str(name): _masked(one) for name, one in value.items()}
    return [_masked(one) for one in value] if isinstance(value, list | tuple) else value
