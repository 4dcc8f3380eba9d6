"""reviews follow a plan that is data

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

WITH_STEP = ("review_task", "checklist_answer", "sign_off")


def upgrade() -> None:
    """Brings a database from 0017 to 0018: the three fields of before are the steps of the plan of before."""
    op.create_table(
        "review_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("after_revision_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_review_plan_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_plan")),
    )
    for table in WITH_STEP:
        op.add_column(table, sa.Column("step", sa.Text(), nullable=True))
        op.execute(f"UPDATE {table} SET step = kind")  # noqa: S608 - the names stand above
    op.add_column("review_task", sa.Column("last_reminder", sa.Text(), nullable=True))
    op.add_column("sign_off", sa.Column("process", sa.Text(), nullable=False, server_default=""))
    for table in WITH_STEP:
        with op.batch_alter_table(table) as batch:
            batch.alter_column("step", existing_type=sa.Text(), nullable=False)
            if table == "sign_off":
                batch.alter_column("process", existing_type=sa.Text(), server_default=None)
            if table == "checklist_answer":
                batch.drop_constraint("uq_checklist_answer_revision_id_kind_item", type_="unique")
                batch.create_unique_constraint(
                    "uq_checklist_answer_revision_id_step_item", ["revision_id", "step", "item"]
                )


def downgrade() -> None:
    """Takes 0018 back. Of several steps of one field only the first one's answers are kept."""
    op.execute("DELETE FROM checklist_answer WHERE step <> kind")
    with op.batch_alter_table("checklist_answer") as batch:
        batch.drop_constraint("uq_checklist_answer_revision_id_step_item", type_="unique")
        batch.create_unique_constraint(
            "uq_checklist_answer_revision_id_kind_item", ["revision_id", "kind", "item"]
        )
        batch.drop_column("step")
    with op.batch_alter_table("review_task") as batch:
        batch.drop_column("step")
        batch.drop_column("last_reminder")
    with op.batch_alter_table("sign_off") as batch:
        batch.drop_column("step")
        batch.drop_column("process")
    op.drop_table("review_plan")
