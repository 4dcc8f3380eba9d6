"""Owns the rows of living sign-ins and of wrong passwords. Cookies and requests are the business of `sign_in`."""

import datetime as dt
import hashlib
import secrets

import sqlalchemy as sa

from app.core import activity, clock
from app.core.db import db
from app.core.errors import TooMany
from app.people import passwords, queries
from app.people.models import Person, SignIn, SignInTry

TRY_WINDOW = dt.timedelta(minutes=15)
MOST_AT_ONCE = 20


def check_password(account: str, password: str, network: str, tries: int) -> Person | None:
    """Returns the active person if name and password fit, None otherwise, with the same effort either way.

    Wrong ones are counted per account and network. Raises TooMany with `until` after `tries` in 15 minutes.
    """
    now = clock.now()
    recent = db.session.scalars(
        sa.select(SignInTry.at)
        .where(SignInTry.account == account, SignInTry.network == network, SignInTry.at > now - TRY_WINDOW)
        .order_by(SignInTry.at)
    ).all()
    if len(recent) >= tries:
        raise TooMany("sign_in.locked", until=recent[0] + TRY_WINDOW)
    person = queries.by_sign_in_name(account)
    fits = passwords.matches(password, person.password_hash if person else None)
    if fits and person is not None and person.is_active:
        return person
    db.session.add(SignInTry(account=account, network=network, at=now))
    return None


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


def living(token: str) -> tuple[SignIn, Person] | None:
    """Returns the sign-in and the active person behind a token; None when it ended, expired or never was."""
    row = db.session.execute(
        sa.select(SignIn, Person)
        .join(Person, Person.id == SignIn.person_id)
        .where(
            SignIn.token_hash == _hash(token),
            SignIn.ended_at.is_(None),
            SignIn.expires_at > clock.now(),
            Person.is_active,
        )
    ).first()
    return (row[0], row[1]) if row else None


def confirm(token: str) -> None:
    """Notes that the password was given again just now (before signing)."""
    db.session.execute(
        sa.update(SignIn).where(SignIn.token_hash == _hash(token)).values(confirmed_at=clock.now())
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
