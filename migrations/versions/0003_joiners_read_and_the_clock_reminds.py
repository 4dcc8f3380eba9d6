"""Joiners read, and the clock reminds

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Notes why somebody was asked and what they were reminded of; all that is there was asked by a publication."""
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("cause", sa.Text(), nullable=False, server_default="published"))
        batch_op.add_column(sa.Column("last_reminder", sa.Text(), nullable=True))
        batch_op.drop_constraint(batch_op.f("uq_assignment_person_id_publication_id"), type_="unique")
        batch_op.create_index("ix_assignment_due", ["state", "due_at"], unique=False)
        batch_op.create_index(
            "ix_assignment_one_open",
            ["person_id", "publication_id"],
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.alter_column("cause", server_default=None)


def downgrade() -> None:
    """Takes it back; rows stay. The database refuses where somebody was asked twice for one publication."""
    op.execute("UPDATE assignment SET state = 'overtaken' WHERE state = 'lapsed'")
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_assignment_one_open",
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )
        batch_op.drop_index("ix_assignment_due")
        batch_op.create_unique_constraint(
            batch_op.f("uq_assignment_person_id_publication_id"), ["person_id", "publication_id"]
        )
        batch_op.drop_column("last_reminder")
        batch_op.drop_column("cause")
