"""originals of tickets are kept, sealed, where an instance is set to keep them

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings a database from 0011 to 0012."""
    op.create_table(
        "sealed_original",
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("delete_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_sealed_original_ticket_id")),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_sealed_original")),
    )
    op.create_index(op.f("ix_sealed_original_delete_on"), "sealed_original", ["delete_on"])


def downgrade() -> None:
    """Takes 0012 back."""
    op.drop_index(op.f("ix_sealed_original_delete_on"), "sealed_original")
    op.drop_table("sealed_original")
