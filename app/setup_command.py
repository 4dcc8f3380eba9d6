"""Owns the command `touchstone setup`: a company begins with a set of standards, departments and its first administrator."""

import json
import sys
from typing import Any

import click
import sqlalchemy as sa
from flask_babel import force_locale

from app import create_app
from app.core.access import SYSTEM, Role
from app.core.db import db, transaction
from app.core.errors import DomainError
from app.people import organisation, queries, service
from app.people.models import Person
from app.standards import founding, starter
from app.standards.store_access import store
from app.web.reasons import reason_words


@click.command()
@click.option("--set", "set_key", help=f"The standards to begin with: {', '.join(starter.sets())}.")
@click.option(
    "--standard",
    "codes",
    multiple=True,
    metavar="CODE",
    help="One more standard by its code; may be repeated.",
)
@click.option("--size", help=f"The departments and teams: {', '.join(organisation.sizes())}.")
@click.option(
    "--admin",
    metavar="NAME",
    help="Open an account with this sign-in name for an administrator; the password is asked for or read from a pipe.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one object.")
def setup(
    set_key: str | None, codes: tuple[str, ...], size: str | None, admin: str | None, as_json: bool
) -> None:
    """Begin a company: standards of the starter library, departments and teams, an administrator.

    Doing it again adds only what is missing and changes nothing that is there. The page /admin/setup does the same.
    """
    if not (set_key or codes or size or admin):
        raise click.UsageError("say what to set up: --set, --standard, --size or --admin")
    password = _password() if admin else None
    with create_app().app_context(), force_locale("en"):
        try:
            if not sa.inspect(db.engine).has_table(Person.__tablename__):
                raise click.ClickException("The data folder is not ready yet: run `touchstone init` first.")
            result = _set_up(set_key, codes, size, admin, password)
        except DomainError as error:
            raise click.ClickException(" ".join(reason_words(r) for r in error.reasons)) from error
        finally:
            store().close()
    if as_json:
        click.echo(json.dumps(result, ensure_ascii=False))
        return
    for what, value in result.items():
        click.echo(f"{what}: {', '.join(value) or 'none' if isinstance(value, list) else value}")


def _set_up(
    set_key: str | None, codes: tuple[str, ...], size: str | None, admin: str | None, password: str | None
) -> dict[str, Any]:
    wanted = [*(starter.codes_of(set_key) if set_key else ()), *codes]
    if wanted:
        starter.with_references(wanted)  # a wrong code refuses everything before anything is made
    result: dict[str, Any] = {}
    if size:
        with transaction():
            result["units_added"] = organisation.found(SYSTEM, size)
    if admin and password is not None:
        with transaction():
            result["administrator"] = _open_account(admin, password)
    if wanted:
        done = founding.bring(SYSTEM, wanted)
        result |= {"made": list(done.made), "there": list(done.there), "along": list(done.along)}
    return result


def _open_account(name: str, password: str) -> str:
    """Returns whether the administrator was made or is there; a person who is there already keeps name and password."""
    known = queries.by_sign_in_name(name.casefold())
    if known is not None:
        if Role.ADMIN in queries.roles_of([known.id])[known.id]:
            return "there"
        service.grant_role(SYSTEM, known.id, Role.ADMIN)
        return "role granted"
    if not queries.departments():
        organisation.found(SYSTEM, next(iter(organisation.sizes())))
    department = queries.departments()[0]
    person = service.add_person(
        SYSTEM,
        sign_in_name=name,
        name=name,
        name_latin=name,
        department_id=department.id,
        password=password,
    )
    service.grant_role(SYSTEM, person.id, Role.ADMIN)
    return "made"


def _password() -> str:
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
    return sys.stdin.readline().rstrip("\r\n")
