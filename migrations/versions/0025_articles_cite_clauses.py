"""articles of other systems cite clauses, and are marked when a publication changes one

Revision ID: 0025
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings a database from 0024 to 0025."""
    op.create_table(
        "article",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["added_by_id"], ["person.id"], name=op.f("fk_article_added_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article")),
        sa.UniqueConstraint("address", name=op.f("uq_article_address")),
    )
    op.create_table(
        "article_clause",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("standard_id", sa.Integer(), nullable=False),
        sa.Column("clause_id", sa.Text(), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_article_clause_article_id")),
        sa.ForeignKeyConstraint(["standard_id"], ["standard.id"], name=op.f("fk_article_clause_standard_id")),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publication.id"], name=op.f("fk_article_clause_publication_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_clause")),
        sa.UniqueConstraint(
            "article_id",
            "standard_id",
            "clause_id",
            name=op.f("uq_article_clause_article_id_standard_id_clause_id"),
        ),
    )
    op.create_index(op.f("ix_article_clause_article_id"), "article_clause", ["article_id"])
    op.create_index(op.f("ix_article_clause_publication_id"), "article_clause", ["publication_id"])
    op.create_index("ix_article_clause_clause", "article_clause", ["standard_id", "clause_id"])


def downgrade() -> None:
    """Takes 0025 back."""
    op.drop_table("article_clause")
    op.drop_table("article")
