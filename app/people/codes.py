"""Owns one-time codes as a second way to say again who one is before signing: set up, confirmed, checked, reset (ADR 22).

The secret stands in a file beside the database that only its owner reads; the tables know that there is one.
"""

import base64
import hashlib
import secrets

import sqlalchemy as sa
from flask import current_app

from app.core import activity, clock
from app.core.access import Actor, Permission
from app.core.db import db
from app.core.errors import Invalid, NotAllowed, Refused
from app.core.secret_files import SecretTable
from app.people import one_time, queries, sign_in_rows
from app.people.models import OneTimeCode, Person, RecoveryCode

FILE = "one-time-codes.json"
RECOVERY_COUNT = 8
STEPS_KEPT = 8  # more than the steps a code is accepted in


def of_person(person_id: int) -> OneTimeCode | None:
    """Returns what is set up for a person, confirmed or not; None for nothing."""
    return db.session.get(OneTimeCode, person_id)


def has_codes(person_id: int) -> bool:
    """Tells whether the person may say with a code who they are."""
    row = of_person(person_id)
    return row is not None and row.confirmed_at is not None


def recovery_left(person_id: int) -> int:
    """Returns how many recovery codes are not used yet."""
    count = sa.select(sa.func.count(RecoveryCode.id))
    query = count.where(RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None))
    return int(db.session.scalar(query) or 0)


def begin(actor: Actor) -> None:
    """Makes a new secret for the actor, to be confirmed; one that counts goes on counting until then."""
    person = _own(actor)
    _table().keep(_waiting(person), {"secret": one_time.new_secret()})
    row = of_person(person.id)
    if row is None:
        row = OneTimeCode(person_id=person.id, used_steps=[])
        db.session.add(row)
    row.begun_at = clock.now()
    db.session.flush()


def waiting_secret(person: Person) -> str | None:
    """Returns the secret that waits to be confirmed, for the person's own eyes; None where none does."""
    kept = _table().row(_waiting(person))
    return kept["secret"] if kept else None


def confirm(actor: Actor, code: str) -> list[str]:
    """Confirms the new secret with a code of it and returns the recovery codes, shown once. Raises Invalid for another code."""
    person = _own(actor)
    row, secret = of_person(person.id), waiting_secret(person)
    if row is None or secret is None:
        raise Refused("codes.nothing_begun")
    now, typed = one_time.step_of(clock.machine()), one_time.clean(code)
    step = one_time.matching_step(secret, typed, now, ()) if typed else None
    if step is None:
        raise _wrong(secret, typed, now)
    _table().keep(person.subject, {"secret": secret})
    _table().forget(_waiting(person))
    row.confirmed_at, row.used_steps, row.begun_at = clock.now(), [step], None
    made = _new_recovery(person)
    activity.record(actor, "codes.confirmed", "person", person.subject)
    return made


def renew_recovery(actor: Actor) -> list[str]:
    """Makes new recovery codes in place of the old ones and returns them, shown once."""
    person = _own(actor)
    if not has_codes(person.id):
        raise Refused("codes.nothing_begun")
    made = _new_recovery(person)
    activity.record(actor, "codes.recovery_renewed", "person", person.subject)
    return made


def switch_off(actor: Actor, person_id: int) -> None:
    """Takes a person's codes away: the own ones, or for whoever manages people those of somebody who lost the device."""
    if actor.person_id != person_id and not actor.may(Permission.MANAGE_PEOPLE):
        raise NotAllowed("move.no_permission", permission=Permission.MANAGE_PEOPLE.value)
    person, row = queries.person(person_id), of_person(person_id)
    if row is None:
        return
    db.session.execute(sa.delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    db.session.delete(row)
    db.session.flush()
    for name in (person.subject, _waiting(person)):
        _table().forget(name)
    if actor.person_id == person_id:
        activity.record(actor, "codes.off", "person", person.subject)
    else:
        activity.record(actor, "codes.reset", "person", person.subject)


def check(person: Person, code: str, network: str, tries: int) -> str | None:
    """Checks a code and uses it up; returns what it was, `code` or `recovery`, None for one that does not fit.

    Wrong ones count per account and network as passwords do; raises TooMany after `tries`, and Invalid
    (`codes.clock_off`) for a code that is right at another time: then a clock is wrong, and the person is told so.
    """
    account = f"code:{person.sign_in_name}"
    sign_in_rows.must_not_flood(account, network, tries)
    row = db.session.get(OneTimeCode, person.id, with_for_update=True, populate_existing=True)
    kept = _table().row(person.subject)
    if row is None or row.confirmed_at is None or kept is None:
        return None
    now, typed = one_time.step_of(clock.machine()), one_time.clean(code)
    if typed:
        step = one_time.matching_step(kept["secret"], typed, now, row.used_steps)
        if step is not None:
            row.used_steps = [*row.used_steps, step][-STEPS_KEPT:]
            return "code"
        is_used = one_time.matching_step(kept["secret"], typed, now, ()) is not None
        off = None if is_used else one_time.minutes_off(kept["secret"], typed, now)
        if off:  # a code of now that is used up says nothing of clocks, whatever moment it may fit by chance
            sign_in_rows.note_try(account, network)
            raise Invalid.of("code", "codes.clock_off", minutes=abs(off))
    elif _use_recovery(person, code):
        return "recovery"
    sign_in_rows.note_try(account, network)
    return None


def _use_recovery(person: Person, code: str) -> bool:
    used = db.session.execute(
        sa.update(RecoveryCode)
        .where(
            RecoveryCode.person_id == person.id,
            RecoveryCode.code_hash == _hash(code),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=clock.now())
    )
    if used.rowcount != 1:  # type: ignore[attr-defined]
        return False
    activity.record(queries.actor_for(person), "codes.recovery_used", "person", person.subject)
    return True


def _new_recovery(person: Person) -> list[str]:
    db.session.execute(sa.delete(RecoveryCode).where(RecoveryCode.person_id == person.id))
    made = []
    for _number in range(RECOVERY_COUNT):
        text = base64.b32encode(secrets.token_bytes(10)).decode().lower()
        made.append("-".join(text[at : at + 4] for at in range(0, 16, 4)))
    db.session.add_all([RecoveryCode(person_id=person.id, code_hash=_hash(code)) for code in made])
    db.session.flush()
    return made


def _hash(code: str) -> str:
    # 80 random bits: nobody tries them all, so a fast hash is enough
    plain = "".join(c for c in code.casefold() if c.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()


def _wrong(secret: str, typed: str, now: int) -> Invalid:
    off = one_time.minutes_off(secret, typed, now) if typed else None
    return (
        Invalid.of("code", "codes.clock_off", minutes=abs(off)) if off else Invalid.of("code", "codes.wrong")
    )


def _own(actor: Actor) -> Person:
    if actor.person_id is None:
        raise NotAllowed("person.unknown")
    return queries.person(actor.person_id)


def _waiting(person: Person) -> str:
    return f"{person.subject}/new"


def _table() -> SecretTable:
    return SecretTable(current_app.config["SETTINGS"].data.absolute() / FILE, frozenset({"secret"}))
