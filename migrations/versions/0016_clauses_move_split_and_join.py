"""clauses move, are split and joined in a draft

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings a database from 0015 to 0016; no drafted clause was moved, split or joined."""
    with op.batch_alter_table("clause_draft", schema=None) as batch_op:
        batch_op.add_column(sa.Column("before_clause_id", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("origin", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("other_clause_id", sa.Text(), nullable=True))


def downgrade() -> None:
    """Takes 0016 back."""
    with op.batch_alter_table("clause_draft", schema=None) as batch_op:
        batch_op.drop_column("other_clause_id")
        batch_op.drop_column("origin")
        batch_op.drop_column("before_clause_id")
