"""a reviewer is added to a step that runs

Revision ID: 0029
Revises: 0028
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings a database from 0028 to 0029: nobody was added before."""
    with op.batch_alter_table("review_task") as batch:
        batch.add_column(sa.Column("added_by_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("added_because", sa.Text(), nullable=False, server_default=""))
        batch.add_column(sa.Column("after_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(batch.f("fk_review_task_added_by_id"), "person", ["added_by_id"], ["id"])
        batch.create_foreign_key(batch.f("fk_review_task_after_id"), "review_task", ["after_id"], ["id"])
    with op.batch_alter_table("review_task") as batch:
        batch.alter_column("added_because", existing_type=sa.Text(), server_default=None)


def downgrade() -> None:
    """Takes 0029 back; who was added stays asked, without who asked and why."""
    with op.batch_alter_table("review_task") as batch:
        batch.drop_constraint(batch.f("fk_review_task_after_id"), type_="foreignkey")
        batch.drop_constraint(batch.f("fk_review_task_added_by_id"), type_="foreignkey")
        batch.drop_column("after_id")
        batch.drop_column("added_because")
        batch.drop_column("added_by_id")
