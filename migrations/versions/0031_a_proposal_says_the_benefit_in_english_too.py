"""a proposal says the benefit in English too

Revision ID: 0031
Revises: 0030
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings a database from 0030 to 0031."""
    op.add_column("revision", sa.Column("benefit_en", sa.Text(), nullable=True))


def downgrade() -> None:
    """Takes 0031 back; what was said in English is lost."""
    op.drop_column("revision", "benefit_en")
