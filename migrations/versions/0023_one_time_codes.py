"""people may say with a one-time code who they are

Revision ID: 0023
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

CONFIRMED = ("sign_in", "sign_off")


def upgrade() -> None:
    """Brings a database from 0022 to 0023: whoever was confirmed before was so by a password."""
    op.create_table(
        "one_time_code",
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("begun_at", sa.BigInteger(), nullable=True),
        sa.Column("confirmed_at", sa.BigInteger(), nullable=True),
        sa.Column("used_steps", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_one_time_code_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_one_time_code")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_recovery_code_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
    )
    op.create_index(op.f("ix_recovery_code_person_id"), "recovery_code", ["person_id"])
    for table in CONFIRMED:
        op.add_column(table, sa.Column("confirmed_by", sa.Text(), nullable=False, server_default="password"))
        with op.batch_alter_table(table) as batch:
            batch.alter_column("confirmed_by", existing_type=sa.Text(), server_default=None)


def downgrade() -> None:
    """Takes 0023 back; codes have to be set up again."""
    for table in CONFIRMED:
        with op.batch_alter_table(table) as batch:
            batch.drop_column("confirmed_by")
    op.drop_index(op.f("ix_recovery_code_person_id"), table_name="recovery_code")
    op.drop_table("recovery_code")
    op.drop_table("one_time_code")
