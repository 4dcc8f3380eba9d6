"""issues are handed on to the department that has to do something

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings a database from 0019 to 0020."""
    with op.batch_alter_table("issue", schema=None) as batch_op:
        batch_op.add_column(sa.Column("handed_to_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_issue_handed_to_id"), "department", ["handed_to_id"], ["id"]
        )


def downgrade() -> None:
    """Takes 0020 back; what was handed on is put aside, its reason stays."""
    op.execute("UPDATE issue SET state = 'set_aside' WHERE state = 'handed_on'")
    with op.batch_alter_table("issue", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_issue_handed_to_id"), type_="foreignkey")
        batch_op.drop_column("handed_to_id")
