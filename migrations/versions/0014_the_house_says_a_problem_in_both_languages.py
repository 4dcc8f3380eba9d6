"""the house says a problem that nobody wrote in both languages

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings a database from 0013 to 0014."""
    op.add_column("revision", sa.Column("problem_en", sa.Text(), nullable=True))


def downgrade() -> None:
    """Takes 0014 back; what was said in English is lost."""
    op.drop_column("revision", "problem_en")
