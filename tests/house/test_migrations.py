"""Checks that the migrations make exactly the tables of the models, and go up and down without losing rows."""

import datetime as dt
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import flask_migrate
import psycopg
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy.sql.ddl import sort_tables_and_constraints

from app import config, create_app, wiring
from app.core.db import Base, db
from tests import servers

ON_BOTH = pytest.mark.parametrize("database", ["sqlite", "postgresql"], scope="module")
REVISIONS = [step.revision for step in ScriptDirectory(str(wiring.MIGRATIONS)).walk_revisions()][::-1]
BEFORE = dict(zip(REVISIONS, ["base", *REVISIONS], strict=False))


@pytest.fixture
def migrated_database(database: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """The address of a database that the migrations made, none left out; empty means SQLite in the data folder."""
    if database == "postgresql":
        return request.getfixturevalue("postgres_url")
    (tmp_path / "data").mkdir()
    shutil.copyfile(request.getfixturevalue("_sqlite_template"), tmp_path / "data" / "touchstone.db")
    return ""


@contextmanager
def app_on(database: str, folder: Path) -> Iterator[Flask]:
    """Opens the application on a database as it stands, without making any table."""
    app = create_app(config.Settings(data=folder / "data", database=database))
    with app.app_context():
        try:
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()


def migrate(verb: Any, revision: str) -> None:
    verb(directory=str(wiring.MIGRATIONS), revision=revision)


class Steps:
    """Databases without rows as each migration leaves them: every one is a copy of the one before, a step further."""

    def __init__(self, database: str, folder: Path, server: servers.Shared | None) -> None:
        self.database, self.folder, self.server = database, folder, server
        self.made: set[str] = set()
        self.mark = secrets.token_hex(6)  # the other test processes of the run use the same server

    def _name(self, revision: str) -> str:
        return f"step_{self.mark}_{revision}"

    def _control(self) -> psycopg.Connection[Any]:
        assert self.server
        return psycopg.connect(servers.postgres_address(self.server.port, "postgres"), autocommit=True)

    def drop(self, *names: str) -> None:
        """Drops databases of the server; without a server nothing is to be done."""
        if self.server and names:
            with self._control() as control:
                for name in names:
                    control.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())

    def end(self) -> None:
        """Drops what is kept on the server."""
        self.drop(*map(self._name, self.made))

    def _make(self, revision: str) -> None:
        before, folder = BEFORE[revision], self.folder / revision
        (folder / "data").mkdir(parents=True)
        address = self.copy(before, folder, self._name(revision))
        with app_on(address, folder):
            migrate(flask_migrate.upgrade, revision)
        self.made.add(revision)

    def copy(self, revision: str, folder: Path, name: str) -> str:
        """Copies the database as it stands after the revision, into the data folder or under the name; see `app_on`."""
        if revision != "base" and revision not in self.made:
            self._make(revision)
        if self.server:
            template = "template1" if revision == "base" else self._name(revision)
            with self._control() as control:
                servers.copy_database(control, template, name)
            return servers.postgres_address(self.server.port, name)
        if revision != "base":
            shutil.copyfile(
                self.folder / revision / "data" / "touchstone.db", folder / "data" / "touchstone.db"
            )
        return ""


@pytest.fixture(scope="module")
def steps(
    database: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Steps]:
    """The steps that the migrations go, on one of the databases."""
    server = request.getfixturevalue("postgres") if database == "postgresql" else None
    kept = Steps(database, tmp_path_factory.mktemp(database), server)
    yield kept
    kept.end()


@pytest.fixture
def database_before(steps: Steps, revision: str, tmp_path: Path) -> Iterator[str]:
    """The address of a database without rows as it stands before the revision; see `app_on`."""
    (tmp_path / "data").mkdir()
    name = f"before_{secrets.token_hex(6)}"
    yield steps.copy(BEFORE[revision], tmp_path, name)
    steps.drop(name)


def differences(metadata: sa.MetaData) -> list[Any]:
    """Returns what would have to change so that the database has the tables of `metadata`."""
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))


@ON_BOTH
def test_migrations_make_the_tables_of_the_models(migrated_database: str, tmp_path: Path) -> None:
    with app_on(migrated_database, tmp_path):
        found = differences(Base.metadata)
        assert found == [], "./dev migrate writes the missing migration"


TRIGGERS = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name",
    "postgresql": "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY tgname",
}


def triggers() -> list[tuple[str, str]]:
    """Returns name and text of all triggers of the database, which no comparison of tables sees."""
    with db.engine.connect() as connection:
        rows = connection.exec_driver_sql(TRIGGERS[connection.dialect.name])
        return [(name, text) for name, text in rows]


@ON_BOTH
def test_migrations_make_the_triggers_of_the_models(migrated_database: str, tmp_path: Path) -> None:
    with app_on(migrated_database, tmp_path):
        migrated = triggers()
        db.drop_all()
        db.create_all()
        assert migrated == triggers() != []


def test_application_loads_every_module_with_tables(tmp_path: Path) -> None:
    root = Path(config.__file__).parent
    with_tables = [
        path for path in root.rglob("*.py") if "__tablename__ =" in path.read_text(encoding="utf-8")
    ]
    names = {".".join(path.relative_to(root.parent).with_suffix("").parts) for path in with_tables}
    command = "import sys, app.factory; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", command], cwd=root.parent, capture_output=True, text=True)
    not_loaded = names - set(loaded.stdout.split())
    assert not_loaded == set(), "no migration sees these tables; the wiring page has to lead to them"


def with_a_column_more(metadata: sa.MetaData) -> str:
    metadata.tables["person"].append_column(sa.Column("planted", sa.Text))
    return "add_column"


def with_a_table_more(metadata: sa.MetaData) -> str:
    sa.Table("planted", metadata, sa.Column("id", sa.Integer, primary_key=True))
    return "add_table"


def with_an_index_more(metadata: sa.MetaData) -> str:
    sa.Index("ix_planted", metadata.tables["person"].c.name)
    return "add_index"


def with_another_type(metadata: sa.MetaData) -> str:
    metadata.tables["person"].c.sign_in_name.type = sa.Integer()
    return "modify_type"


def with_a_column_that_may_be_empty(metadata: sa.MetaData) -> str:
    metadata.tables["person"].c.sign_in_name.nullable = True
    return "modify_nullable"


@pytest.mark.parametrize(
    "plant",
    [
        with_a_column_more,
        with_a_table_more,
        with_an_index_more,
        with_another_type,
        with_a_column_that_may_be_empty,
    ],
)
@ON_BOTH
def test_comparison_catches_a_model_without_its_migration(
    migrated_database: str, tmp_path: Path, plant: Any
) -> None:
    planted = sa.MetaData(naming_convention=Base.metadata.naming_convention)
    for table in Base.metadata.tables.values():
        table.to_metadata(planted)
    kind = plant(planted)
    with app_on(migrated_database, tmp_path):
        assert kind in str(differences(planted))


def value_for(column: sa.Column[Any]) -> Any:
    """Returns a value that the column takes, whatever it means."""
    if column.foreign_keys:
        return None if column.nullable else value_for(next(iter(column.foreign_keys)).column)
    made: dict[type, Any] = {
        bool: True,
        int: 1,
        float: 1.0,
        str: "文",
        dt.date: dt.date(2026, 9, 7),
        object: {"a": "文"},  # JSON
        bytes: b"x",
    }
    return made[column.type.python_type]


# Tables that a migration gives another name: their rows stand there afterwards.
RENAMED = {"0021": {"group_robot": "receiver", "robot_message": "delivery"}}


def may_come_later(key: sa.ForeignKeyConstraint) -> bool:
    return all(column.nullable for column in key.columns)


def fill() -> dict[str, int]:
    """Puts a row into every table there is; returns how many rows each has."""
    metadata = sa.MetaData()
    metadata.reflect(db.engine)
    with db.engine.begin() as connection:
        ordered = sort_tables_and_constraints(metadata.tables.values(), may_come_later)
        for table in [table for table, _constraints in ordered if table is not None]:
            if table.name != "alembic_version":
                given = {c.name: value_for(c) for c in table.columns if not c.nullable}
                connection.execute(sa.insert(table).values(given))
    return count()


def count() -> dict[str, int]:
    with db.engine.connect() as connection:
        tables = set(sa.inspect(connection).get_table_names()) - {"alembic_version"}
        rows = {name: sa.select(sa.func.count()).select_from(sa.table(name)) for name in tables}
        return {name: connection.scalar(counted) or 0 for name, counted in rows.items()}


@pytest.mark.parametrize("revision", REVISIONS)
@ON_BOTH
def test_migration_goes_up_and_down_with_rows(database_before: str, tmp_path: Path, revision: str) -> None:
    before = BEFORE[revision]
    with app_on(database_before, tmp_path):
        rows = fill()
        migrate(flask_migrate.upgrade, revision)
        there = count()
        named = RENAMED.get(revision, {})
        assert {name: there.get(named.get(name, name)) for name in rows} == rows, (
            "rows were lost on the way up"
        )
        migrate(flask_migrate.downgrade, before)
        assert count() == rows, "rows were lost on the way down"
        migrate(flask_migrate.upgrade, revision)
        if before == "base":
            fill()
            migrate(flask_migrate.downgrade, before)
            assert count() == {}, "tables are left behind"
