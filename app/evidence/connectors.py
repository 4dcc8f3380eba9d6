"""Owns the verbs on connectors: adding, changing, pausing, asking at once, and what came of a try. Asks nobody itself."""

import datetime as dt
import re
from collections.abc import Sequence

import sqlalchemy as sa

from app.core import activity, clock, events, jobs
from app.core.access import SYSTEM, Actor, Permission
from app.core.db import db
from app.core.errors import FieldError, Invalid, NotAllowed, NotFound, Reason, Refused
from app.core.text import one_line
from app.evidence import http_answers, sources
from app.evidence.connector_models import Connector, ConnectorKind, ConnectorState
from app.evidence.http_answers import Fault

JOB = "pull_connector"
UNARMED = "connector.no_token"  # the reason of one whose secret nobody has entered yet
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
ORDER = re.compile(r"\border\s+by\b", re.IGNORECASE)
LIMIT_URL_BYTES = 300
LIMIT_ACCOUNT_BYTES = 200
LIMIT_ONLY_BYTES = 500
SCHEDULES = (15, 60, 360, 1440)  # minutes
MAPPINGS = {
    ConnectorKind.ZENDESK: "zendesk-api",
    ConnectorKind.JIRA_CLOUD: "jira-rest",
    ConnectorKind.JIRA_SERVER: "jira-rest",
}
WAITS = (
    1,
    2,
    4,
    8,
    16,
    32,
    60,
    120,
    240,
)  # minutes after the first, second … try in a row that brought nothing
MOST_FAILURES = len(WAITS) + 1


def all_connectors() -> Sequence[Connector]:
    """Returns the connectors by name."""
    return db.session.scalars(sa.select(Connector).order_by(Connector.name)).all()


def connector(name: str) -> Connector:
    """Returns the connector with this name. Raises NotFound."""
    found = db.session.scalar(sa.select(Connector).where(Connector.name == name))
    if found is None:
        raise NotFound("connector.unknown", name=name[:40])
    return found


def add(
    actor: Actor, *, name: str, kind: ConnectorKind, base_url: str, account: str, only: str, starts_on: dt.date | None,
    every_minutes: int,
) -> Connector:  # fmt: skip
    """Keeps a new connector; it asks for the first time within a minute. Raises Invalid with every wrong field, NotAllowed."""
    must_manage(actor)
    errors: list[FieldError] = []
    if not NAME.fullmatch(name.strip()):
        errors.append(FieldError("name", Reason("connector.name")))
    elif db.session.scalar(sa.select(Connector.id).where(Connector.name == name.strip())) is not None:
        errors.append(FieldError("name", Reason("connector.name_taken", {"name": name.strip()})))
    values = _checked(kind, base_url, account, only, every_minutes, errors)
    if starts_on is None or not dt.date(2000, 1, 1) <= starts_on <= clock.today():
        errors.append(FieldError("starts_on", Reason("connector.starts_on")))
    if errors or starts_on is None:
        raise Invalid(errors)
    row = Connector(
        name=name.strip(), kind=kind, mapping=MAPPINGS[kind], starts_on=starts_on, added_by_id=actor.person_id,
        at=clock.now(), next_at=clock.now(), position=_beginning(starts_on), state=ConnectorState.ON,
        page_count=0, failures=0, **values,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    activity.record(actor, "connector.added", "connector", row.name, kind=kind.value)
    return row


def change(
    actor: Actor,
    row: Connector,
    *,
    base_url: str,
    account: str,
    only: str,
    every_minutes: int,
    from_start: bool,
) -> None:
    """Changes a connector; another address or search begins at its first day again, as `from_start` does. Raises Invalid."""
    must_manage(actor)
    errors: list[FieldError] = []
    values = _checked(row.kind, base_url, account, only, every_minutes, errors)
    if errors:
        raise Invalid(errors)
    begins = from_start or (values["base_url"], values["only"]) != (row.base_url, row.only)
    for key, value in values.items():
        setattr(row, key, value)
    if begins:
        row.position, row.page_count = _beginning(row.starts_on), row.page_count + 1
    activity.record(actor, "connector.changed", "connector", row.name)
    _go_on(row)


def pause(actor: Actor, row: Connector) -> None:
    """Lets a connector rest; what it brought stays, and it goes on from there."""
    must_manage(actor)
    row.state, row.next_at = ConnectorState.PAUSED, None
    activity.record(actor, "connector.paused", "connector", row.name)
    db.session.flush()


def resume(actor: Actor, row: Connector) -> None:
    """Lets a paused or stopped connector ask again, at once. Nothing is asked twice for what is there."""
    must_manage(actor)
    activity.record(actor, "connector.resumed", "connector", row.name)
    _go_on(row)


def token_came(row: Connector) -> None:
    """Lets a connector go on that stopped for want of its token; any other stays as it is."""
    if row.state is ConnectorState.STOPPED and (row.result or {}).get("reason") == UNARMED:
        resume(SYSTEM, row)


def ask_now(actor: Actor, row: Connector) -> None:
    """Lets a connector ask as soon as the worker is free, before its time. Raises Refused for one that rests."""
    must_manage(actor)
    if row.state is not ConnectorState.ON:
        raise Refused("connector.rests", name=row.name)
    _go_on(row)


def enqueue_due() -> None:
    """Queues a pull of each connector whose time has come; looked at by the clock."""
    due = sa.select(Connector).where(Connector.state == ConnectorState.ON, Connector.next_at <= clock.now())
    for row in db.session.scalars(due):
        _enqueue(row)


def running_job(connector_id: int) -> int | None:
    """Returns the number of the job that pulls now; None for a pull without one."""
    return db.session.scalar(
        sa.select(jobs.Job.id).where(
            jobs.Job.name == JOB,
            jobs.Job.state == jobs.JobState.RUNNING,
            jobs.Job.key.startswith(f"pull:{connector_id}:"),
        )
    )


def note_success(row: Connector, *, goes_on: bool) -> None:
    """Keeps that everything there was is here, or that the pull goes on in the next minute."""
    row.failures, row.last_at = 0, clock.now()
    row.result = {"reason": "connector.goes_on" if goes_on else "connector.up_to_date", "params": {}}
    row.next_at = row.last_at if goes_on else row.last_at + dt.timedelta(minutes=row.every_minutes)
    db.session.flush()


def note_fault(row: Connector, fault: Fault) -> None:
    """Keeps why a try brought nothing; waits longer each time, and stops where trying again is of no use or never ends."""
    row.failures, row.last_at = row.failures + 1, clock.now()
    row.result = {"reason": fault.key, "params": fault.params}
    if fault.back_to is not None:
        row.position = fault.back_to
    if fault.stops or row.failures >= MOST_FAILURES:
        row.state, row.next_at = ConnectorState.STOPPED, None
        activity.record(SYSTEM, "connector.stopped", "connector", row.name)
        if fault.key != UNARMED:  # whoever has just connected it knows, and the token lets it go on
            events.announce(events.ConnectorStopped(row.id, row.name))
    else:
        wait = max(WAITS[row.failures - 1] * 60, fault.retry_after or 0)
        row.next_at = row.last_at + dt.timedelta(seconds=wait)
    db.session.flush()


def must_manage(actor: Actor) -> None:
    """Raises NotAllowed for whoever may not bring tickets in."""
    if not (actor.is_system or actor.may(Permission.MANAGE_EVIDENCE)):
        raise NotAllowed("move.no_permission", permission=Permission.MANAGE_EVIDENCE.value)


def _beginning(day: dt.date) -> sources.Position:
    """Returns the place at midnight of a day in the organisation's zone."""
    return sources.first_position(clock.start_of(day), clock.now())


def _go_on(row: Connector) -> None:
    row.state, row.failures, row.next_at = ConnectorState.ON, 0, clock.now()
    db.session.flush()
    _enqueue(row)


def _enqueue(row: Connector) -> None:
    if row.next_at is not None:
        jobs.enqueue(JOB, key=f"pull:{row.id}:{row.next_at.isoformat()}", connector_id=row.id)


def _checked(
    kind: ConnectorKind, base_url: str, account: str, only: str, every_minutes: int, errors: list[FieldError]
) -> dict[str, object]:
    """Returns the fields cleaned and adds what is wrong with them to `errors`."""
    made: dict[str, object] = {"every_minutes": every_minutes}
    for field, value, limit in (
        ("base_url", base_url, LIMIT_URL_BYTES),
        ("account", account, LIMIT_ACCOUNT_BYTES),
        ("only", only, LIMIT_ONLY_BYTES),
    ):
        try:
            made[field] = one_line(value, limit, field=field)
        except Invalid as error:
            errors += error.errors
            made[field] = ""
    made["base_url"] = str(made["base_url"]).rstrip("/")
    if not http_answers.is_allowed(str(made["base_url"])):
        errors.append(FieldError("base_url", Reason("connector.address")))
    if ":" in str(made["account"]) or (not made["account"] and kind is not ConnectorKind.JIRA_SERVER):
        errors.append(FieldError("account", Reason("connector.account")))
    if made["only"] and (kind is ConnectorKind.ZENDESK or ORDER.search(str(made["only"]))):
        errors.append(FieldError("only", Reason("connector.only")))
    if every_minutes not in SCHEDULES:
        errors.append(FieldError("every_minutes", Reason("web.not_a_choice")))
    return made
