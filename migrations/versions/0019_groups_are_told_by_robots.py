"""groups of chat services are told by robots

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings a database from 0018 to 0019."""
    op.create_table(
        "group_robot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["added_by_id"], ["person.id"], name=op.f("fk_group_robot_added_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_robot")),
    )
    op.create_table(
        "robot_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("robot_id", sa.Integer(), nullable=False),
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
        sa.ForeignKeyConstraint(["robot_id"], ["group_robot.id"], name=op.f("fk_robot_message_robot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_robot_message")),
        sa.UniqueConstraint("key", name=op.f("uq_robot_message_key")),
    )
    op.create_index(op.f("ix_robot_message_robot_id"), "robot_message", ["robot_id"])


def downgrade() -> None:
    """Takes 0019 back."""
    op.drop_index(op.f("ix_robot_message_robot_id"), "robot_message")
    op.drop_table("robot_message")
    op.drop_table("group_robot")
