"""meetings move with a reason, and the innovation award is voted on

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings a database from 0016 to 0017."""
    op.create_table(
        "meeting_move",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("day_before", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("moved_by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_move_meeting_id")),
        sa.ForeignKeyConstraint(["moved_by_id"], ["person.id"], name=op.f("fk_meeting_move_moved_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_move")),
    )
    op.create_index(op.f("ix_meeting_move_meeting_id"), "meeting_move", ["meeting_id"])
    op.create_index(op.f("ix_meeting_move_day_before"), "meeting_move", ["day_before"])
    op.create_table(
        "award_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=True),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("given_by_id", sa.Integer(), nullable=True),
        sa.Column("given_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["opened_by_id"], ["person.id"], name=op.f("fk_award_round_opened_by_id")),
        sa.ForeignKeyConstraint(["given_by_id"], ["person.id"], name=op.f("fk_award_round_given_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_round")),
        sa.UniqueConstraint("year", name=op.f("uq_award_round_year")),
    )
    op.create_table(
        "award_nominee",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("title_zh", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("people", sa.JSON(), nullable=False),
        sa.Column("votes", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["round_id"], ["award_round.id"], name=op.f("fk_award_nominee_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_nominee")),
        sa.UniqueConstraint("round_id", "kind", "key", name=op.f("uq_award_nominee_round_id_kind_key")),
    )
    op.create_index(op.f("ix_award_nominee_round_id"), "award_nominee", ["round_id"])
    op.create_table(
        "award_vote",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("nominee_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["award_round.id"], name=op.f("fk_award_vote_round_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_award_vote_person_id")),
        sa.ForeignKeyConstraint(["nominee_id"], ["award_nominee.id"], name=op.f("fk_award_vote_nominee_id")),
        sa.PrimaryKeyConstraint("round_id", "person_id", name=op.f("pk_award_vote")),
    )


def downgrade() -> None:
    """Takes 0017 back; moves and votes are lost."""
    op.drop_table("award_vote")
    op.drop_index(op.f("ix_award_nominee_round_id"), "award_nominee")
    op.drop_table("award_nominee")
    op.drop_table("award_round")
    op.drop_index(op.f("ix_meeting_move_day_before"), "meeting_move")
    op.drop_index(op.f("ix_meeting_move_meeting_id"), "meeting_move")
    op.drop_table("meeting_move")
