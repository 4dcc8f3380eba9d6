"""answers and posts stand apart from contacts, mappings are saved

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

BEFORE = (
    *("created_on", "category", "priority", "complexity", "channel", "region", "customer_group"),
    *("deleted", "is_complaint", "created_at", "first_reply_minutes", "resolution_minutes"),
    *("first_reply_working_minutes", "resolution_working_minutes"),
    *("first_reply_working_days", "resolution_working_days", "satisfaction"),
)


def upgrade() -> None:
    """Brings a database from 0006 to 0007."""
    op.create_table(
        "saved_mapping",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("base", sa.Text(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("saved_by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["saved_by_id"], ["person.id"], name=op.f("fk_saved_mapping_saved_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_mapping")),
        sa.UniqueConstraint("name", name=op.f("uq_saved_mapping_name")),
    )
    op.add_column("ticket", sa.Column("kind", sa.Text(), server_default="contact", nullable=False))
    op.drop_index("ix_ticket_counts", "ticket")
    op.create_index("ix_ticket_counts", "ticket", [*BEFORE, "kind"])


def downgrade() -> None:
    """Takes 0007 back; rows stay where their table stays."""
    op.drop_index("ix_ticket_counts", "ticket")
    op.create_index("ix_ticket_counts", "ticket", [*BEFORE])
    op.drop_column("ticket", "kind")
    op.drop_table("saved_mapping")
