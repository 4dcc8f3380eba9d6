"""Owns how migrations are run: on the application's own database, in one transaction. Knows no table."""

from typing import Any

import sqlalchemy as sa
from alembic import context
from alembic.operations import ops
from alembic.script import ScriptDirectory
from flask import current_app

from app.core.db import Base, EnumText, Instant

# Kept types are written into migrations as what the database stores, so that an old migration never
# depends on today's code.
STORED = {Instant: "sa.BigInteger()", EnumText: "sa.Text()"}


def render_item(kind: str, item: Any, _autogenerate: Any) -> str | bool:
    """Returns the words of one of our own column types in a migration; False leaves it to Alembic."""
    return STORED.get(type(item), False) if kind == "type" else False


def move_late_keys(up: ops.UpgradeOps, down: ops.DowngradeOps) -> None:
    """Adds the keys of tables that point to each other after all tables are there, and drops them first.

    Alembic writes such a key (`use_alter`) into its table, where PostgreSQL leaves it out without a word.
    """
    for made in [op for op in up.ops if isinstance(op, ops.CreateTableOp)]:
        for key in [c for c in made.columns if isinstance(c, sa.ForeignKeyConstraint) and c.use_alter]:
            made.columns = [part for part in made.columns if part is not key]
            add = ops.CreateForeignKeyOp.from_constraint(key)
            up.ops.append(ops.ModifyTableOps(made.table_name, [add]))
            drop = ops.DropConstraintOp(key.name, made.table_name, type_="foreignkey")
            down.ops.insert(0, ops.ModifyTableOps(made.table_name, [drop]))


def number_revision(_context: Any, _revision: Any, directives: list[Any]) -> None:
    """Writes no migration when nothing differs; numbers one that is written after the last one."""
    if not directives:
        return
    if getattr(context.config.cmd_opts, "autogenerate", False) and directives[0].upgrade_ops.is_empty():
        directives[:] = []
    else:
        written = len(list(ScriptDirectory.from_config(context.config).walk_revisions()))
        directives[0].rev_id = f"{written + 1:04d}"
        move_late_keys(directives[0].upgrade_ops, directives[0].downgrade_ops)


def migrate(connection: sa.Connection) -> None:
    """Runs the asked migrations on a connection: all of them or none.

    Raises RuntimeError, and changes nothing, where a row would point to a row that is gone.
    """
    arguments = dict(current_app.extensions["migrate"].configure_args)
    arguments.setdefault("process_revision_directives", number_revision)
    arguments |= {"compare_type": True, "render_as_batch": True, "render_item": render_item}
    context.configure(connection=connection, target_metadata=Base.metadata, **arguments)
    with context.begin_transaction():
        context.run_migrations()
        if connection.dialect.name == "sqlite":
            orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if orphans:
                raise RuntimeError(f"rows point to nothing after the migration: {orphans[:5]}")


def main() -> None:
    """Runs the asked migrations on the application's database.

    SQLite changes a table by making it anew, and dropping the old one would take its children's rows along
    while foreign keys are on; the switch has no effect inside a transaction, so it is turned on the bare
    connection before one begins.
    """
    with current_app.extensions["migrate"].db.engine.connect() as connection:
        if connection.dialect.name != "sqlite":
            migrate(connection)
            return
        bare: Any = connection.connection.driver_connection
        bare.execute("PRAGMA foreign_keys=OFF")
        try:
            migrate(connection)
        finally:
            bare.execute("PRAGMA foreign_keys=ON")


main()
