"""outside counsel reads and signs by a link that works once

Revision ID: 0022
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings a database from 0021 to 0022."""
    op.create_table(
        "counsel_invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("clause_ids", sa.JSON(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("firm", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("secret_hash", sa.Text(), nullable=False),
        sa.Column("invited_by_id", sa.Integer(), nullable=False),
        sa.Column("invited_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("taken_back_at", sa.BigInteger(), nullable=True),
        sa.Column("stated_name", sa.Text(), nullable=False),
        sa.Column("stated_firm", sa.Text(), nullable=False),
        sa.Column("stated_role", sa.Text(), nullable=False),
        sa.Column("stated_number", sa.Text(), nullable=False),
        sa.Column("stated_at", sa.BigInteger(), nullable=True),
        sa.Column("browser_hash", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["invited_by_id"], ["person.id"], name=op.f("fk_counsel_invitation_invited_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_counsel_invitation_revision_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counsel_invitation")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_counsel_invitation_secret_hash")),
        sa.UniqueConstraint("subject", name=op.f("uq_counsel_invitation_subject")),
    )
    op.create_index(op.f("ix_counsel_invitation_revision_id"), "counsel_invitation", ["revision_id"])
    op.create_table(
        "counsel_sign_off",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("invitation_id", sa.Integer(), nullable=False),
        sa.Column("text_version_id", sa.Integer(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("clause_id", sa.Text(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("signed_at", sa.BigInteger(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["counsel_invitation.id"], name=op.f("fk_counsel_sign_off_invitation_id")
        ),
        sa.ForeignKeyConstraint(
            ["text_version_id"], ["text_version.id"], name=op.f("fk_counsel_sign_off_text_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counsel_sign_off")),
        sa.UniqueConstraint("invitation_id", name=op.f("uq_counsel_sign_off_invitation_id")),
    )
    with op.batch_alter_table("thread_note") as batch:
        batch.add_column(sa.Column("counsel_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            batch.f("fk_thread_note_counsel_id"), "counsel_invitation", ["counsel_id"], ["id"]
        )


def downgrade() -> None:
    """Takes 0022 back; notes from outside lose who wrote them, what was signed outside is lost."""
    with op.batch_alter_table("thread_note") as batch:
        batch.drop_constraint(batch.f("fk_thread_note_counsel_id"), type_="foreignkey")
        batch.drop_column("counsel_id")
    op.drop_table("counsel_sign_off")
    op.drop_index(op.f("ix_counsel_invitation_revision_id"), table_name="counsel_invitation")
    op.drop_table("counsel_invitation")
