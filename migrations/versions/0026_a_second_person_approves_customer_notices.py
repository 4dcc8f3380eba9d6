"""a second person approves what customers are told

Revision ID: 0026
Revises: 0025
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings a database from 0025 to 0026; what customers read already stays what they read."""
    with op.batch_alter_table("publication_plan", schema=None) as batch_op:
        batch_op.add_column(sa.Column("notice_edited_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("notice_edited_at", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("notice_approved_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("notice_approved_at", sa.BigInteger(), nullable=True))
        for name in ("notice_edited_by_id", "notice_approved_by_id"):
            batch_op.create_foreign_key(batch_op.f(f"fk_publication_plan_{name}"), "person", [name], ["id"])
    op.execute(
        "UPDATE publication_plan SET notice_edited_at = scheduled_at, notice_approved_at = scheduled_at "
        "WHERE publication_id IS NOT NULL AND customer_notice_zh <> ''"
    )


def downgrade() -> None:
    """Takes 0026 back; who wrote and approved a notice is lost."""
    with op.batch_alter_table("publication_plan", schema=None) as batch_op:
        for name in ("notice_edited_by_id", "notice_approved_by_id"):
            batch_op.drop_constraint(batch_op.f(f"fk_publication_plan_{name}"), type_="foreignkey")
        for name in (
            "notice_approved_at",
            "notice_approved_by_id",
            "notice_edited_at",
            "notice_edited_by_id",
        ):
            batch_op.drop_column(name)
