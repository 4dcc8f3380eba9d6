"""Owns the questions about people: who holds which role now, who stands in for whom."""

import sqlalchemy as sa

from app.core import clock
from app.core.access import Actor, GrantValue, Role, Scope, grant_counts
from app.core.db import db
from app.core.errors import NotFound
from app.people.models import Department, Grant, Person, Region, Team


def actor_for(person: Person) -> Actor:
    """Returns the actor a person is today: with the grants that count on this date."""
    day = clock.today()
    rows = db.session.scalars(sa.select(Grant).where(Grant.person_id == person.id).order_by(Grant.id))
    grants = tuple(
        GrantValue(g.role, Scope(g.team_id, g.region_id, g.department_id))
        for g in rows
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
    """Returns the people with these ids, by id; unknown ids are absent."""
    wanted = {i for i in ids if i}
    if not wanted:
        return {}
    return {p.id: p for p in db.session.scalars(sa.select(Person).where(Person.id.in_(wanted)))}


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
    return list(db.session.scalars(query).unique())


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


def departments() -> list[Department]:
    """Returns all departments by code."""
    return list(db.session.scalars(sa.select(Department).order_by(Department.code)))


def regions() -> list[Region]:
    """Returns all regions by code."""
    return list(db.session.scalars(sa.select(Region).order_by(Region.code)))


def teams() -> list[Team]:
    """Returns all teams by code."""
    return list(db.session.scalars(sa.select(Team).order_by(Team.code)))


def everybody(active_only: bool = True) -> list[Person]:
    """Returns all people by name in Latin letters."""
    query = sa.select(Person).order_by(Person.name_latin, Person.id)
    return list(db.session.scalars(query.where(Person.is_active) if active_only else query))


def grants_of(person_id: int) -> list[Grant]:
    """Returns all grants of a person, past and future ones too."""
    return list(db.session.scalars(sa.select(Grant).where(Grant.person_id == person_id).order_by(Grant.id)))


def roles_of(person_ids: list[int]) -> dict[int, list[Role]]:
    """Returns the roles each of these people holds today, each once, in the order of their granting."""
    day = clock.today()
    made: dict[int, list[Role]] = {}
    for row in db.session.scalars(sa.select(Grant).where(Grant.person_id.in_(person_ids)).order_by(Grant.id)):
        known = made.setdefault(row.person_id, [])
        if grant_counts(row.starts_on, row.ends_on, day) and row.role not in known:
            known.append(row.role)
    return made
