"""a note may be held until its author has finished

Revision ID: 0030
Revises: 0029
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings a database from 0029 to 0030: every note there is was sent."""
    with op.batch_alter_table("thread_note") as batch:
        batch.add_column(sa.Column("is_held", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("thread_note") as batch:
        batch.alter_column("is_held", existing_type=sa.Boolean(), server_default=None)
        batch.create_index("ix_thread_note_held", ["is_held", "author_id"])


def downgrade() -> None:
    """Takes 0030 back; a note that is held is deleted, for nobody but its author was to read it."""
    op.execute(sa.text("DELETE FROM thread_note WHERE is_held"))
    op.execute(
        sa.text(
            "DELETE FROM review_thread WHERE NOT EXISTS (SELECT 1 FROM thread_note n WHERE n.thread_id = review_thread.id)"
        )
    )
    with op.batch_alter_table("thread_note") as batch:
        batch.drop_index("ix_thread_note_held")
        batch.drop_column("is_held")
