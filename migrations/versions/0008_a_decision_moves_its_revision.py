"""a decision of the committee moves its revision, by the right of whoever asked or decided

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings a database from 0007 to 0008."""
    with op.batch_alter_table("agenda_item") as table:
        table.add_column(sa.Column("consent_by_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("carried_out_at", sa.BigInteger(), nullable=True))
        table.create_foreign_key(op.f("fk_agenda_item_consent_by_id"), "person", ["consent_by_id"], ["id"])


def downgrade() -> None:
    """Takes 0008 back; rows stay where their table stays."""
    with op.batch_alter_table("agenda_item") as table:
        table.drop_constraint(op.f("fk_agenda_item_consent_by_id"), type_="foreignkey")
        table.drop_column("carried_out_at")
        table.drop_column("consent_by_id")
