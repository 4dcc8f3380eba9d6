"""Checks that the migrations make exactly the tables of the models, and go up and down without losing rows."""

import datetime as dt
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy.sql.ddl import sort_tables_and_constraints

from app import config, create_app, wiring
from app.core.db import Base, db

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


PLANTS = (
    with_a_column_more,
    with_a_table_more,
    with_an_index_more,
    with_another_type,
    with_a_column_that_may_be_empty,
)


@ON_BOTH
def test_comparison_catches_a_model_without_its_migration(migrated_database: str, tmp_path: Path) -> None:
    planted = sa.MetaData(naming_convention=Base.metadata.naming_convention)
    for table in Base.metadata.tables.values():
        table.to_metadata(planted)
    kinds = {plant(planted) for plant in PLANTS}
    with app_on(migrated_database, tmp_path):
        said = str(differences(planted))
    assert {kind for kind in kinds if kind not in said} == set()
    assert len(kinds) == len(PLANTS)


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


def fill(metadata: sa.MetaData) -> dict[str, int]:
    """Puts a row into every table that has none; returns how many rows each has. `metadata` keeps what was read."""
    empty = [name for name, rows in count().items() if not rows]
    if empty:
        metadata.reflect(db.engine, only=empty)
    with db.engine.begin() as connection:
        ordered = sort_tables_and_constraints([metadata.tables[name] for name in empty], may_come_later)
        for table in [table for table, _constraints in ordered if table is not None]:
            given = {c.name: value_for(c) for c in table.columns if not c.nullable}
            connection.execute(sa.insert(table).values(given))
    rows = count()
    assert 0 not in rows.values()
    return rows


def count() -> dict[str, int]:
    with db.engine.connect() as connection:
        tables = set(sa.inspect(connection).get_table_names()) - {"alembic_version"}
        rows = {name: sa.select(sa.func.count()).select_from(sa.table(name)) for name in tables}
        return {name: connection.scalar(counted) or 0 for name, counted in rows.items()}


@pytest.mark.timeout(600)
@ON_BOTH
def test_each_migration_goes_up_and_down_with_rows(
    database: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """The rows that each migration finds came all the way from the release that made their table."""
    (tmp_path / "data").mkdir()
    address = request.getfixturevalue("empty_postgres_url") if database == "postgresql" else ""
    metadata = sa.MetaData()
    with app_on(address, tmp_path):
        for revision in REVISIONS:
            before = BEFORE[revision]
            rows = fill(metadata)
            migrate(flask_migrate.upgrade, revision)
            there, named = count(), RENAMED.get(revision, {})
            assert {name: there.get(named.get(name, name)) for name in rows} == rows, (
                f"{revision} lost rows on the way up"
            )
            if before == "base":
                fill(sa.MetaData())
            migrate(flask_migrate.downgrade, before)
            assert count() == rows, f"{revision} lost rows, or left tables behind, on the way down"
            migrate(flask_migrate.upgrade, revision)
        assert differences(Base.metadata) == []
