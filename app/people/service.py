"""Owns the verbs on people: accounts, grants, absence. Administrators use them; they sign nothing."""

import datetime as dt
import secrets

import sqlalchemy as sa

from app.core import activity, clock, events
from app.core.access import Actor, Permission, Role
from app.core.db import db
from app.core.errors import Invalid, NotAllowed, Refused
from app.core.text import fold_name, one_line
from app.people import passwords, sign_in_rows
from app.people.models import Department, Grant, Person, Region, Team


def add_department(actor: Actor, code: str, name_zh: str, name_en: str) -> Department:
    """Adds a department. Raises NotAllowed without the permission to manage people."""
    _must_manage(actor)
    row = Department(code=code, name_zh=name_zh, name_en=name_en)
    db.session.add(row)
    db.session.flush()
    activity.record(actor, "department.added", "department", code)
    return row


def add_region(actor: Actor, code: str, name_zh: str, name_en: str) -> Region:
    """Adds a region."""
    _must_manage(actor)
    row = Region(code=code, name_zh=name_zh, name_en=name_en)
    db.session.add(row)
    db.session.flush()
    activity.record(actor, "region.added", "region", code)
    return row


def add_team(
    actor: Actor, code: str, name_zh: str, name_en: str, department_id: int, region_id: int | None
) -> Team:
    """Adds a team of a department, in one region or in all (None)."""
    _must_manage(actor)
    row = Team(code=code, name_zh=name_zh, name_en=name_en, department_id=department_id, region_id=region_id)
    db.session.add(row)
    db.session.flush()
    activity.record(actor, "team.added", "team", code)
    return row


def add_person(
    actor: Actor,
    *,
    sign_in_name: str,
    name: str,
    name_latin: str,
    department_id: int,
    password: str | None,
    email: str | None = None,
    team_id: int | None = None,
    region_id: int | None = None,
    agent_code: str | None = None,
    language: str = "zh",
    joined_on: dt.date | None = None,
) -> Person:
    """Adds an account and returns it; everybody is a proposer from the first day.

    Raises Invalid for a taken or mixed-script sign-in name, a name that is empty, a password that is too short.
    """
    _must_manage(actor)
    folded = fold_name(sign_in_name)
    if db.session.scalar(sa.select(Person.id).where(Person.sign_in_name == folded)):
        raise Invalid.of("sign_in_name", "person.name_taken", name=folded)
    clean, latin = one_line(name), one_line(name_latin)
    if not clean:
        raise Invalid.of("name", "person.name_missing")
    person = Person(
        subject=f"p-{secrets.token_hex(4)}",
        sign_in_name=folded,
        name=clean,
        name_latin=latin or clean,
        email=email,
        password_hash=passwords.make_hash(password) if password else None,
        department_id=department_id,
        team_id=team_id,
        region_id=region_id,
        agent_code=agent_code,
        language=language,
        joined_on=joined_on or clock.today(),
    )
    db.session.add(person)
    db.session.flush()
    activity.record(actor, "person.added", "person", person.subject)
    grant_role(actor, person.id, Role.PROPOSER)
    return person


def grant_role(
    actor: Actor,
    person_id: int,
    role: Role,
    *,
    team_id: int | None = None,
    region_id: int | None = None,
    department_id: int | None = None,
    starts_on: dt.date | None = None,
    ends_on: dt.date | None = None,
) -> Grant:
    """Grants a role with a scope and dates (both included).

    An outside auditor needs an end date and is no proposer any more: read only means read only.
    """
    _must_manage(actor)
    if role is Role.VISITOR:
        raise Invalid.of("role", "grant.visitor")
    if role is Role.OUTSIDE_AUDITOR and ends_on is None:
        raise Invalid.of("ends_on", "grant.end_needed")
    if starts_on and ends_on and ends_on < starts_on:
        raise Invalid.of("ends_on", "grant.ends_before_start")
    person = db.session.get_one(Person, person_id)
    if role is Role.OUTSIDE_AUDITOR:
        _is_no_staff(person_id)
    row = Grant(
        person_id=person_id,
        role=role,
        team_id=team_id,
        region_id=region_id,
        department_id=department_id,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    db.session.add(row)
    db.session.flush()
    activity.record(actor, "role.granted", "person", person.subject, role=role.value)
    events.announce(events.PersonChanged(person_id))
    return row


def end_grant(actor: Actor, grant_id: int) -> None:
    """Ends a grant today; the row stays, and all sign-ins of the person end so that it acts at once."""
    _must_manage(actor)
    row = db.session.get_one(Grant, grant_id)
    row.ends_on = clock.today() - dt.timedelta(days=1)
    sign_in_rows.end_all(row.person_id)
    person = db.session.get_one(Person, row.person_id)
    activity.record(actor, "role.ended", "person", person.subject, role=row.role.value)
    events.announce(events.PersonChanged(person.id))


def move_to_team(
    actor: Actor, person_id: int, team_id: int | None, *, agent_code: str | None = None
) -> Person:
    """Moves a person to another team (None: to none) and its region, from today on; what was done before stays there.

    Roles that count only in the old team or its region count in the new one; without a new team they end. `agent_code`
    is the new code in the ticket system, where it changes with the team. Raises Invalid for the team somebody is in.
    """
    _must_manage(actor)
    person = db.session.get_one(Person, person_id)
    if team_id == person.team_id:
        raise Invalid.of("moves_to", "person.same_team")
    old = (person.team_id, person.region_id)
    team = db.session.get(Team, team_id) if team_id is not None else None
    person.team_id, person.region_id = (team.id, team.region_id) if team else (None, None)
    person.agent_code = agent_code or person.agent_code
    db.session.flush()
    db.session.expire(person, ["team", "region"])
    activity.record(
        actor,
        "person.moved",
        "person",
        person.subject,
        team_before=_team_code(old[0]),
        team=_team_code(team_id),
    )
    for grant in _grants_bound_to(person_id, *old):
        _carry_over(actor, grant, team)
    events.announce(events.PersonChanged(person_id))
    return person


def deactivate(actor: Actor, person_id: int) -> None:
    """Closes an account: every sign-in of it ends, its past acts stay. Nobody closes the own account."""
    _must_manage(actor)
    if actor.person_id == person_id:
        raise Refused("person.not_yourself")
    person = db.session.get_one(Person, person_id)
    person.is_active = False
    sign_in_rows.end_all(person_id)
    activity.record(actor, "person.deactivated", "person", person.subject)
    events.announce(events.PersonChanged(person.id))


def set_password(actor: Actor, person_id: int, password: str) -> None:
    """Sets a password; all sign-ins of the person end. The person or a manager of people may do it."""
    if actor.person_id != person_id:
        _must_manage(actor)
    person = db.session.get_one(Person, person_id)
    person.password_hash = passwords.make_hash(password)
    sign_in_rows.end_all(person_id)
    activity.record(actor, "password.set", "person", person.subject)


def set_absence(
    actor: Actor, person_id: int, starts: dt.date | None, ends: dt.date | None, backup_id: int | None
) -> None:
    """Notes leave (both days included) and the backup; None ends the leave."""
    if actor.person_id != person_id:
        _must_manage(actor)
    if starts and ends and ends < starts:
        raise Invalid.of("ends_on", "absence.ends_before_start")
    if backup_id == person_id:
        raise Invalid.of("backup", "absence.own_backup")
    person = db.session.get_one(Person, person_id)
    person.absent_from, person.absent_until, person.backup_id = starts, ends, backup_id
    activity.record(actor, "absence.set", "person", person.subject, starts=starts, ends=ends)


def set_preferences(actor: Actor, *, language: str | None = None) -> None:
    """Keeps the own language (`zh`, `en`); an unknown one changes nothing."""
    if actor.person_id is None:
        raise NotAllowed("person.unknown")
    person = db.session.get_one(Person, actor.person_id)
    if language in ("zh", "en"):
        person.language = language


def _team_code(team_id: int | None) -> str:
    team = db.session.get(Team, team_id) if team_id is not None else None
    return team.code if team else ""


def _grants_bound_to(person_id: int, team_id: int | None, region_id: int | None) -> list[Grant]:
    """The grants of today and later that count only in a team, or only in its region."""
    bound = [Grant.team_id == team_id] if team_id is not None else []
    bound += [sa.and_(Grant.team_id.is_(None), Grant.region_id == region_id)] if region_id is not None else []
    if not bound:
        return []
    is_living = sa.or_(Grant.ends_on.is_(None), Grant.ends_on >= clock.today())
    return list(
        db.session.scalars(
            sa.select(Grant).where(Grant.person_id == person_id, is_living, sa.or_(*bound)).order_by(Grant.id)
        )
    )


def _carry_over(actor: Actor, grant: Grant, team: Team | None) -> None:
    """Ends a grant of the old team and gives the same role in the new one, with the same last day."""
    begins, last = max(grant.starts_on or clock.today(), clock.today()), grant.ends_on
    if grant.team_id is None and team is not None and team.region_id == grant.region_id:
        return
    end_grant(actor, grant.id)
    if team is None or (grant.team_id is None and team.region_id is None):
        return
    grant_role(
        actor, grant.person_id, grant.role, starts_on=begins, ends_on=last,
        team_id=team.id if grant.team_id is not None else None,
        region_id=team.region_id if grant.region_id is not None else None,
    )  # fmt: skip


def _is_no_staff(person_id: int) -> None:
    """An outside auditor only reads: the role that all staff have from the first day does not count for them."""
    db.session.execute(sa.delete(Grant).where(Grant.person_id == person_id, Grant.role == Role.PROPOSER))


def _must_manage(actor: Actor) -> None:
    if not (actor.is_system or actor.may(Permission.MANAGE_PEOPLE)):
        raise NotAllowed("move.no_permission", permission=Permission.MANAGE_PEOPLE.value)
