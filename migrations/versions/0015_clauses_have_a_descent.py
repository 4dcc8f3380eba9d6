"""it is kept where the words of a clause came from and went to

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

STEP = ["standard_id", "clause_id", "other_standard_id", "other_clause_id", "origin"]


def upgrade() -> None:
    """Brings a database from 0014 to 0015."""
    op.create_table(
        "clause_descent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("standard_id", sa.Integer(), nullable=False),
        sa.Column("clause_id", sa.Text(), nullable=False),
        sa.Column("other_standard_id", sa.Integer(), nullable=False),
        sa.Column("other_clause_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publication.id"], name=op.f("fk_clause_descent_publication_id")
        ),
        sa.ForeignKeyConstraint(["standard_id"], ["standard.id"], name=op.f("fk_clause_descent_standard_id")),
        sa.ForeignKeyConstraint(
            ["other_standard_id"], ["standard.id"], name=op.f("fk_clause_descent_other_standard_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clause_descent")),
        sa.UniqueConstraint(*STEP, name=op.f(f"uq_clause_descent_{'_'.join(STEP)}")),
    )
    op.create_index(op.f("ix_clause_descent_publication_id"), "clause_descent", ["publication_id"])
    op.create_index("ix_clause_descent_other", "clause_descent", ["other_standard_id", "other_clause_id"])


def downgrade() -> None:
    """Takes 0015 back."""
    op.drop_index("ix_clause_descent_other", "clause_descent")
    op.drop_index(op.f("ix_clause_descent_publication_id"), "clause_descent")
    op.drop_table("clause_descent")
