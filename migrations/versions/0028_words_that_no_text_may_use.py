"""words that no text may use are kept on a list, with the reasons for using one all the same

Revision ID: 0028
Revises: 0027
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings a database from 0027 to 0028."""
    op.create_table(
        "house_word",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("better", sa.Text(), nullable=False),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("removed_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["added_by_id"], ["person.id"], name=op.f("fk_house_word_added_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_house_word")),
    )
    op.create_table(
        "word_use",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("standard_id", sa.Integer(), nullable=False),
        sa.Column("clause_id", sa.Text(), nullable=False),
        sa.Column("word_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("given_at", sa.BigInteger(), nullable=False),
        sa.Column("given_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["given_by_id"], ["person.id"], name=op.f("fk_word_use_given_by_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_word_use_revision_id")),
        sa.ForeignKeyConstraint(["standard_id"], ["standard.id"], name=op.f("fk_word_use_standard_id")),
        sa.ForeignKeyConstraint(["word_id"], ["house_word.id"], name=op.f("fk_word_use_word_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_word_use")),
        sa.UniqueConstraint(
            "standard_id", "clause_id", "word_id", name=op.f("uq_word_use_standard_id_clause_id_word_id")
        ),
    )


def downgrade() -> None:
    """Takes 0028 back; the list and the reasons are lost, the log keeps that they were there."""
    op.drop_table("word_use")
    op.drop_table("house_word")
