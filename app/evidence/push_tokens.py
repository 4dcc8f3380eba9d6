"""Owns the tokens of systems that send rows by themselves: making, taking back, letting in. Reads no rows."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Sequence

import sqlalchemy as sa

from app.core import activity, clock
from app.core.access import Actor
from app.core.db import db
from app.core.errors import Invalid, NotAllowed, NotFound, NotSignedIn, TooMany
from app.core.text import one_line
from app.evidence import articles, previewing
from app.evidence.connector_models import PushToken
from app.evidence.connectors import must_manage

PREFIX = "tsp_"
TOKEN_BYTES = 32
LIMIT_NAME_BYTES = 120
OTHERS = (articles.NAME,)  # what is sent besides the rows of a mapping
MINUTE = dt.timedelta(minutes=1)


def all_tokens() -> Sequence[PushToken]:
    """Returns the tokens, those in use first, then by name."""
    return db.session.scalars(
        sa.select(PushToken).order_by(PushToken.revoked_at.is_not(None), PushToken.name, PushToken.id)
    ).all()


def make(actor: Actor, *, name: str, mapping: str) -> tuple[PushToken, str]:
    """Makes a token for rows of one mapping; returns it with its secret, which is kept nowhere. Raises Invalid, NotAllowed."""
    must_manage(actor)
    clean = one_line(name, LIMIT_NAME_BYTES, field="token_name")
    if not clean:
        raise Invalid.of("token_name", "web.required")
    if mapping not in OTHERS:
        previewing.named(mapping)
    secret = PREFIX + secrets.token_urlsafe(TOKEN_BYTES)
    row = PushToken(
        name=clean, mapping=mapping, token_sha256=_hash(secret), made_by_id=actor.person_id, at=clock.now(), window_count=0
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    activity.record(actor, "push_token.made", "push_token", row.id, mapping=mapping)
    return row, secret


def revoke(actor: Actor, token_id: int) -> PushToken:
    """Takes a token back: nothing more is let in with it. A second time changes nothing. Raises NotFound, NotAllowed."""
    must_manage(actor)
    row = db.session.get(PushToken, token_id)
    if row is None:
        raise NotFound("push.unknown")
    if row.revoked_at is None:
        row.revoked_at = clock.now()
        db.session.flush()
        activity.record(actor, "push_token.revoked", "push_token", row.id)
    return row


def let_in(secret: str, mapping: str, most_a_minute: int) -> PushToken:
    """Returns the token with this secret and counts one sending. Compared by hash, so nothing is learned by timing.

    Raises NotSignedIn for none that is in use, NotAllowed for one of another mapping, TooMany (with `until`) beyond
    `most_a_minute`.
    """
    found = sa.select(PushToken).where(
        PushToken.token_sha256 == _hash(secret), PushToken.revoked_at.is_(None)
    )
    row = db.session.scalar(found.with_for_update())
    if row is None:
        raise NotSignedIn("push.token")
    if row.mapping != mapping:
        raise NotAllowed("push.other_mapping", mapping=row.mapping)
    now = clock.now()
    if row.window_at is None or not dt.timedelta() <= now - row.window_at < MINUTE:
        row.window_at, row.window_count = now, 0
    if row.window_count >= most_a_minute:
        raise TooMany("push.too_many", until=row.window_at + MINUTE)
    row.window_count, row.last_at = row.window_count + 1, now
    db.session.flush()
    return row


def is_known(secret: str, mapping: str) -> bool:
    """Says whether a token of this mapping is in use with this secret; reading counts as no sending."""
    found = sa.select(PushToken.id).where(
        PushToken.token_sha256 == _hash(secret), PushToken.mapping == mapping, PushToken.revoked_at.is_(None)
    )
    return db.session.scalar(found) is not None


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()
