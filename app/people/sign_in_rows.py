"""Owns the rows of living sign-ins and of wrong passwords. Cookies and requests are the business of `sign_in`."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Callable, Iterable
from typing import Any

import sqlalchemy as sa

from app.core import activity, clock, once
from app.core.db import db
from app.core.errors import TooMany
from app.people import passwords, queries
from app.people.models import Grant, Person, SignIn, SignInTry

TRY_WINDOW = dt.timedelta(minutes=15)
MOST_AT_ONCE = 20
_brought: dict[Callable[[int], int], sa.ScalarSelect[Any]] = {}
# The question of `living`, put together once: without and with what is brought along.
_asked: dict[bool, sa.Select[Any]] = {}


def check_password(account: str, password: str, network: str, tries: int) -> Person | None:
    """Returns the active person if name and password fit, None otherwise, with the same effort either way.

    Wrong ones are counted per account and network. Raises TooMany with `until` after `tries` in 15 minutes.
    """
    must_not_flood(account, network, tries)
    person = queries.by_sign_in_name(account)
    fits = passwords.matches(password, person.password_hash if person else None)
    if fits and person is not None and person.is_active:
        return person
    note_try(account, network)
    return None


def must_not_flood(account: str, network: str, tries: int) -> None:
    """Raises TooMany with `until` where there were `tries` wrong ones for the account from the network in 15 minutes."""
    since = clock.now() - TRY_WINDOW
    recent = db.session.scalars(
        sa.select(SignInTry.at)
        .where(SignInTry.account == account, SignInTry.network == network, SignInTry.at > since)
        .order_by(SignInTry.at)
    ).all()
    if len(recent) >= tries:
        raise TooMany("sign_in.locked", until=recent[0] + TRY_WINDOW)


def note_try(account: str, network: str) -> None:
    """Counts a wrong try of a network for an account; see `must_not_flood`."""
    db.session.add(SignInTry(account=account, network=network, at=clock.now()))


def start(person: Person, life: dt.timedelta, is_trusted: bool) -> str:
    """Starts a sign-in and returns its token, which is shown once; the oldest end when there are too many."""
    token = secrets.token_urlsafe(32)
    now = clock.now()
    living = db.session.scalars(
        sa.select(SignIn)
        .where(SignIn.person_id == person.id, SignIn.ended_at.is_(None), SignIn.expires_at > now)
        .order_by(SignIn.created_at.desc())
    ).all()
    for old in living[MOST_AT_ONCE - 1 :]:
        old.ended_at = now
    db.session.add(
        SignIn(
            token_hash=_hash(token),
            person_id=person.id,
            created_at=now,
            confirmed_at=now,
            expires_at=now + life,
            is_trusted=is_trusted,
        )
    )
    activity.record(queries.actor_for(person), "sign_in.started", "person", person.subject)
    return token


def bring_along(question: Callable[[int], int], count: sa.ScalarSelect[Any]) -> None:
    """Lets the question of who is signed in bring a number along that the frame of each page shows.

    `question` is made with `asked_once` and takes a person's id; `count` correlates with Person.
    """
    _brought[question] = count
    _asked.clear()


def living(token: str) -> tuple[SignIn, Person, list[Grant]] | None:
    """Returns the sign-in, the active person behind a token and the grants; None when it ended, expired or never was.

    One query; a page that is read gets the numbers of `bring_along` with it.
    """
    is_reading = once.is_remembering()
    if is_reading not in _asked:
        _asked[is_reading] = _living(_brought.values() if is_reading else ())
    rows = db.session.execute(_asked[is_reading], {"token_hash": _hash(token), "now": clock.now()}).all()
    if not rows:
        return None
    row, person = rows[0][0], rows[0][1]
    for question, number in zip(_brought if is_reading else (), rows[0][3:], strict=True):
        once.remember(question, int(number or 0), person.id)
    queries.know(person)
    return row, person, [r[2] for r in rows if r[2] is not None]


def _living(counts: Iterable[sa.ScalarSelect[Any]]) -> sa.Select[Any]:
    return (
        sa.select(SignIn, Person, Grant, *counts)
        .join(Person, Person.id == SignIn.person_id)
        .outerjoin(Grant, Grant.person_id == Person.id)
        .where(
            SignIn.token_hash == sa.bindparam("token_hash"),
            SignIn.ended_at.is_(None),
            SignIn.expires_at > sa.bindparam("now"),
            Person.is_active,
        )
        .order_by(Grant.id)
    )


def confirm(token: str, by: str) -> None:
    """Notes that the person said again just now who they are (before signing), and how: password, code, recovery."""
    db.session.execute(
        sa.update(SignIn)
        .where(SignIn.token_hash == _hash(token))
        .values(confirmed_at=clock.now(), confirmed_by=by)
    )


def end(token: str) -> None:
    """Ends one sign-in: a copied cookie is worth nothing afterwards."""
    db.session.execute(
        sa.update(SignIn)
        .where(SignIn.token_hash == _hash(token), SignIn.ended_at.is_(None))
        .values(ended_at=clock.now())
    )


def end_all(person_id: int) -> None:
    """Ends every sign-in of a person."""
    db.session.execute(
        sa.update(SignIn)
        .where(SignIn.person_id == person_id, SignIn.ended_at.is_(None))
        .values(ended_at=clock.now())
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
