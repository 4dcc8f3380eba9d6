"""a letter to outside counsel left the house, or did not

Revision ID: 0033
Revises: 0032
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings a database from 0032 to 0033: of the invitations there are none was mailed by the house."""
    with op.batch_alter_table("counsel_invitation") as batch:
        batch.add_column(sa.Column("mailed_at", sa.BigInteger(), nullable=True))
        batch.add_column(sa.Column("mail_failure", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("counsel_invitation") as batch:
        batch.alter_column("mail_failure", existing_type=sa.Text(), server_default=None)


def downgrade() -> None:
    """Takes 0033 back; the activity log still says which letters left."""
    with op.batch_alter_table("counsel_invitation") as batch:
        batch.drop_column("mail_failure")
        batch.drop_column("mailed_at")
