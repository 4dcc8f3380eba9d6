"""A running job names its process

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the process that does a job; jobs that run now name none and wait for their lease, as before."""
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.add_column(sa.Column("owner", sa.Text(), nullable=True))


def downgrade() -> None:
    """Takes it back; every job stays."""
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_column("owner")
