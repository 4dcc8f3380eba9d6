"""figures of other systems are kept

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings a database from 0010 to 0011."""
    op.create_table(
        "metric_point",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=True),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["ticket_import.id"], name=op.f("fk_metric_point_import_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_metric_point")),
        sa.UniqueConstraint(
            "measure", "team", "region", "day", name=op.f("uq_metric_point_measure_team_region_day")
        ),
    )
    op.create_index("ix_metric_point_import_id", "metric_point", ["import_id"])


def downgrade() -> None:
    """Takes 0011 back."""
    op.drop_index("ix_metric_point_import_id", "metric_point")
    op.drop_table("metric_point")
