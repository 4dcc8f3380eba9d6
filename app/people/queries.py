"""Owns the questions about people: who holds which role now, who stands in for whom."""

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa

from app.core import clock, once
from app.core.access import Actor, GrantValue, Role, Scope, grant_counts
from app.core.db import db
from app.core.errors import NotFound
from app.core.once import asked_once
from app.people.models import Department, Grant, Person, Region, Team


def actor_for(person: Person, granted: Sequence[Grant] | None = None) -> Actor:
    """Returns the actor a person is today: with the grants that count on this date.

    `granted` are all grants of the person, by id, where the caller has them at hand.
    """
    day = clock.today()
    grants = tuple(
        GrantValue(g.role, Scope(g.team_id, g.region_id, g.department_id))
        for g in (grants_of(person.id) if granted is None else granted)
        if grant_counts(g.starts_on, g.ends_on, day)
    )
    return Actor(
        person_id=person.id,
        subject=person.subject,
        grants=grants,
        department_id=person.department_id,
        team_id=person.team_id,
        region_id=person.region_id,
    )


@asked_once
def person(person_id: int) -> Person:
    """Returns the person. Raises NotFound for an unknown id."""
    found = db.session.get(Person, person_id)
    if found is None:
        raise NotFound("person.unknown")
    return found


def by_sign_in_name(name: str) -> Person | None:
    """Returns the person with this (folded) sign-in name, None when there is none."""
    return db.session.scalar(sa.select(Person).where(Person.sign_in_name == name))


def by_ids(ids: set[int] | list[int]) -> dict[int, Person]:
    """Returns the people with these ids, by id; unknown ids are absent. A page that is read asks for each once."""
    wanted = {i for i in ids if i}
    known = once.shelf("people")
    missing = wanted - known.keys()
    if missing:
        known |= {p.id: p for p in db.session.scalars(sa.select(Person).where(Person.id.in_(missing)))}
    return {i: known[i] for i in sorted(wanted) if i in known}


def know(*found: Person | None) -> None:
    """Puts down people whom a wider question brought along, so that `by_ids` need not ask for them; None is left out."""
    once.shelf("people").update({p.id: p for p in found if p is not None})


def holds(role: Role) -> sa.ColumnElement[bool]:
    """Returns the condition that a Person is active and holds the role today."""
    day = clock.today()
    held = (
        sa.select(Grant.id)
        .where(Grant.person_id == Person.id, Grant.role == role)
        .where(sa.or_(Grant.starts_on.is_(None), Grant.starts_on <= day))
        .where(sa.or_(Grant.ends_on.is_(None), Grant.ends_on >= day))
        .correlate(Person)
    )
    return sa.and_(Person.is_active, held.exists())


@asked_once
def holders(role: Role, *, department_code: str | None = None) -> list[Person]:
    """Returns the active people who hold the role today, by id; optionally those of one department."""
    day = clock.today()
    query = (
        sa.select(Person)
        .join(Grant, Grant.person_id == Person.id)
        .where(Grant.role == role, Person.is_active)
        .where(sa.or_(Grant.starts_on.is_(None), Grant.starts_on <= day))
        .where(sa.or_(Grant.ends_on.is_(None), Grant.ends_on >= day))
        .order_by(Person.id)
    )
    if department_code is not None:
        query = query.join(Department, Department.id == Person.department_id).where(
            Department.code == department_code
        )
    found = list(db.session.scalars(query).unique())
    know(*found)
    return found


def followers(audience: list[str]) -> list[Person]:
    """Returns the active people whom an audience (role names) names, by id, each once."""
    day = clock.today()
    roles = [Role(a) for a in audience if a in Role._value2member_map_]
    if not roles:
        return []
    query = (
        sa.select(Person)
        .join(Grant, Grant.person_id == Person.id)
        .where(Grant.role.in_(roles), Person.is_active)
        .where(sa.or_(Grant.starts_on.is_(None), Grant.starts_on <= day))
        .where(sa.or_(Grant.ends_on.is_(None), Grant.ends_on >= day))
        .order_by(Person.id)
    )
    return list(db.session.scalars(query).unique())


def is_absent(person: Person) -> bool:
    """Tells whether the person is on leave today."""
    day = clock.today()
    return person.absent_from is not None and person.absent_from <= day <= (person.absent_until or day)


def stand_in(person: Person) -> Person:
    """Returns the person, or the backup named in advance while the person is on leave."""
    if is_absent(person) and person.backup_id is not None:
        backup = db.session.get(Person, person.backup_id)
        if backup is not None and backup.is_active and not is_absent(backup):
            return backup
    return person


@asked_once
def departments() -> list[Department]:
    """Returns all departments by code."""
    return list(db.session.scalars(sa.select(Department).order_by(Department.code)))


@asked_once
def regions() -> list[Region]:
    """Returns all regions by code."""
    return list(db.session.scalars(sa.select(Region).order_by(Region.code)))


@asked_once
def teams() -> list[Team]:
    """Returns all teams by code."""
    return list(db.session.scalars(sa.select(Team).order_by(Team.code)))


@asked_once
def everybody(active_only: bool = True) -> list[Person]:
    """Returns all people by name in Latin letters."""
    query = sa.select(Person).order_by(Person.name_latin, Person.id)
    return list(db.session.scalars(query.where(Person.is_active) if active_only else query))


@asked_once
def grants_of(person_id: int) -> list[Grant]:
    """Returns all grants of a person, past and future ones too."""
    return list(db.session.scalars(sa.select(Grant).where(Grant.person_id == person_id).order_by(Grant.id)))


def role_days(person_id: int) -> dict[Role, dt.date]:
    """Returns the first day of each role a person ever held; roles granted without a first day are absent."""
    days: dict[Role, dt.date] = {}
    without: set[Role] = set()
    for grant in grants_of(person_id):
        if grant.starts_on is None:
            without.add(grant.role)
        else:
            days[grant.role] = min(grant.starts_on, days.get(grant.role, grant.starts_on))
    return {role: day for role, day in days.items() if role not in without}


def grants_turning(since: dt.date) -> list[Grant]:
    """Returns the grants that began, or whose last day was over, from `since` up to today."""
    day = clock.today()
    begun = Grant.starts_on.between(since, day)
    over = sa.and_(Grant.ends_on >= since, Grant.ends_on < day)
    return list(db.session.scalars(sa.select(Grant).where(sa.or_(begun, over)).order_by(Grant.id)))


def roles_of(person_ids: list[int]) -> dict[int, list[Role]]:
    """Returns the roles each of these people holds today, each once, in the order of their granting."""
    day = clock.today()
    made: dict[int, list[Role]] = {}
    for row in db.session.scalars(sa.select(Grant).where(Grant.person_id.in_(person_ids)).order_by(Grant.id)):
        known = made.setdefault(row.person_id, [])
        if grant_counts(row.starts_on, row.ends_on, day) and row.role not in known:
            known.append(row.role)
    return made
