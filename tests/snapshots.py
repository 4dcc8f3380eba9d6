"""Owns how a test gets a house in which much has happened without making it happen again: what was built is copied.

The log of activity is a chain of everything the verbs did, so two houses with the same newest line are the
same house. A builder marked `remembered` runs once in a test process for each such line and each of its
arguments; afterwards a house that nobody has touched yet gets a copy of what the builder left: database,
store and files.
"""

import functools
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import psycopg
import sqlalchemy as sa

from app.core import clock
from app.core.db import db
from tests import servers

P = ParamSpec("P")
R = TypeVar("R")
Key = tuple[object, ...]


@dataclass
class Snapshot:
    """What a builder left: the data folder, the PostgreSQL database if there is one, and what it returned."""

    folder: Path
    database: str | None
    returned: object


@dataclass(frozen=True)
class _Row:
    kind: type
    identity: Any


_taken: dict[Key, Snapshot] = {}
_folder = Path()


def keep_in(folder: Path) -> None:
    """Sets where this test process keeps what it copies from; called once."""
    global _folder
    _folder = folder


def folder() -> Path:
    """Returns where this test process keeps what houses share."""
    return _folder


def remembered(build: Callable[P, R]) -> Callable[P, R]:
    """Marks a function of a house (its first argument) whose effect is kept and copied; see the module.

    It may return rows, plain values, tuples and lists of them; rows are read anew. It runs inside an
    application context and commits what it did. A folder among its arguments is only where it writes what it
    reads.
    """

    @functools.wraps(build)
    def restored_or_built(*args: P.args, **kwargs: P.kwargs) -> R:
        house: Any = args[0]
        if not house.is_untouched():
            return build(*args, **kwargs)
        key: Key = (
            build.__module__,
            build.__qualname__,
            repr([a for a in args[1:] if not isinstance(a, Path)]),
            repr(sorted(kwargs.items())),
            house.opened_at,
            clock.now(),
        )
        if key in _taken:
            _restore(house, _taken[key])
        else:
            returned = build(*args, **kwargs)
            db.session.commit()
            _taken[key] = _take(house, _as_plain(returned))
        return _as_rows(_taken[key].returned)  # type: ignore[no-any-return]

    return restored_or_built


def _take(house: Any, returned: object) -> Snapshot:
    number = len(_taken)
    _let_go()
    copy = _folder / f"house-{number}"
    shutil.copytree(house.folder, copy)
    database = None
    if house.database:
        control, name = _server_of(house.database)
        database = f"{name}_s{number}"
        with psycopg.connect(control, autocommit=True) as connection:
            servers.copy_database(connection, name, database)
    return Snapshot(copy, database, returned)


def _restore(house: Any, kept: Snapshot) -> None:
    _let_go()
    shutil.rmtree(house.folder)
    shutil.copytree(kept.folder, house.folder)
    if kept.database:
        control, name = _server_of(house.database)
        with psycopg.connect(control, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())
            servers.copy_database(connection, kept.database, name)


def _let_go() -> None:
    db.session.remove()
    db.engine.dispose()


def _server_of(address: str) -> tuple[str, str]:
    """Returns the address of the server's own database, for psycopg, and the name of the house's."""
    url = sa.make_url(address)
    control = url.set(drivername="postgresql", database="postgres")
    return control.render_as_string(hide_password=False), str(url.database)


def _as_plain(value: object) -> object:
    if isinstance(value, (tuple, list)):
        return type(value)(_as_plain(one) for one in value)
    state = sa.inspect(value, raiseerr=False)
    return value if state is None else _Row(type(value), state.identity)


def _as_rows(value: object) -> Any:
    if isinstance(value, (tuple, list)):
        return type(value)(_as_rows(one) for one in value)
    return db.session.get_one(value.kind, value.identity) if isinstance(value, _Row) else value
