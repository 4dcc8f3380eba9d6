"""a revision drafts chapters and the words before the first clause

Revision ID: 0027
Revises: 0026
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings a database from 0026 to 0027."""
    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.add_column(sa.Column("frame", sa.JSON(), server_default="{}", nullable=False))


def downgrade() -> None:
    """Takes 0027 back; drafted chapters are lost, what was published stays."""
    op.execute("DELETE FROM clause_lock WHERE clause_id = 'frame'")
    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.drop_column("frame")
