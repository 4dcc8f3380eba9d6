"""registers are written in English too

Revision ID: 0032
Revises: 0031
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

COLUMNS = (
    ("benchmark", "who_en"),
    ("benchmark", "source_en"),
    ("benchmark", "note_en"),
    ("obligation", "duty_en"),
    ("obligation", "source_en"),
)


def upgrade() -> None:
    """Brings a database from 0031 to 0032."""
    for table, column in COLUMNS:
        op.add_column(table, sa.Column(column, sa.Text(), nullable=True))


def downgrade() -> None:
    """Takes 0032 back; what was said in English is lost."""
    for table, column in reversed(COLUMNS):
        op.drop_column(table, column)
