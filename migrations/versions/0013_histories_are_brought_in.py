"""histories of texts are brought in from elsewhere

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings a database from 0012 to 0013."""
    op.create_table(
        "imported_history",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("source_name", sa.Text(), nullable=False),
        sa.Column("tip", sa.Text(), nullable=False),
        sa.Column("commit_count", sa.Integer(), nullable=False),
        sa.Column("salt", sa.Text(), nullable=False),
        sa.Column("imported_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported_history")),
        sa.UniqueConstraint("key", name=op.f("uq_imported_history_key")),
    )
    op.create_table(
        "earlier_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("history_id", sa.Integer(), nullable=False),
        sa.Column("standard_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("source_commit", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("author_subject", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("why", sa.JSON(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["history_id"], ["imported_history.id"], name=op.f("fk_earlier_text_history_id")
        ),
        sa.ForeignKeyConstraint(["standard_id"], ["standard.id"], name=op.f("fk_earlier_text_standard_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_earlier_text")),
        sa.UniqueConstraint("standard_id", "number", name=op.f("uq_earlier_text_standard_id_number")),
        sa.UniqueConstraint(
            "standard_id", "source_commit", name=op.f("uq_earlier_text_standard_id_source_commit")
        ),
    )
    op.create_index(op.f("ix_earlier_text_history_id"), "earlier_text", ["history_id"])


def downgrade() -> None:
    """Takes 0013 back."""
    op.drop_index(op.f("ix_earlier_text_history_id"), "earlier_text")
    op.drop_table("earlier_text")
    op.drop_table("imported_history")
