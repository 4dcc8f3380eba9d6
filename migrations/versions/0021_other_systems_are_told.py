"""other systems are told news at their addresses; group robots are receivers among others

Revision ID: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

RECEIVERS = "id, kind, name, host, topics, language, is_on, added_by_id, at"
NEWS = "id, {}, kind, params, url, key, state, failure, code, tries, created_at, sent_at"


def upgrade() -> None:
    """Brings a database from 0020 to 0021: robots and their messages move to the wider tables."""
    _make("receiver", "delivery", "receiver_id")
    _move("group_robot", "receiver", RECEIVERS, RECEIVERS)
    _move("robot_message", "delivery", NEWS.format("robot_id"), NEWS.format("receiver_id"))
    op.execute("UPDATE delivery SET failure = 'receiver.' || substr(failure, 7) WHERE failure IN ('robot.busy', "
               "'robot.off', 'robot.unreachable', 'robot.fate_unknown', 'robot.no_address')")  # fmt: skip
    op.drop_index("ix_robot_message_robot_id", "robot_message")
    op.drop_table("robot_message")
    op.drop_table("group_robot")


def downgrade() -> None:
    """Takes 0021 back; webhooks and what they were told are lost."""
    op.execute("DELETE FROM delivery WHERE receiver_id IN (SELECT id FROM receiver WHERE kind = 'webhook')")
    op.execute("DELETE FROM receiver WHERE kind = 'webhook'")
    _make("group_robot", "robot_message", "robot_id")
    _move("receiver", "group_robot", RECEIVERS, RECEIVERS)
    _move("delivery", "robot_message", NEWS.format("receiver_id"), NEWS.format("robot_id"))
    op.drop_index("ix_delivery_receiver_id", "delivery")
    op.drop_table("delivery")
    op.drop_table("receiver")


def _make(receivers: str, news: str, owner: str) -> None:
    op.create_table(
        receivers,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["added_by_id"], ["person.id"], name=op.f(f"fk_{receivers}_added_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{receivers}")),
    )
    op.create_table(
        news,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(owner, sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("failure", sa.Text(), nullable=False),
        sa.Column("code", sa.Integer(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint([owner], [f"{receivers}.id"], name=op.f(f"fk_{news}_{owner}")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{news}")),
        sa.UniqueConstraint("key", name=op.f(f"uq_{news}_key")),
    )
    op.create_index(op.f(f"ix_{news}_{owner}"), news, [owner])


def _move(old: str, new: str, old_columns: str, new_columns: str) -> None:
    op.execute(f"INSERT INTO {new} ({new_columns}) SELECT {old_columns} FROM {old}")  # noqa: S608  names of ours
    if op.get_bind().dialect.name == "postgresql":  # its numbers go on where the old table's stopped
        next_id = f"SELECT COALESCE(MAX(id), 0) + 1 FROM {new}"  # noqa: S608
        op.execute(f"SELECT setval(pg_get_serial_sequence('{new}', 'id'), ({next_id}), false)")
