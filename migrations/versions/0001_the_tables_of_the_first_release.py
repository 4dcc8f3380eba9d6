"""The tables of the first release

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings the tables to 0001; rows stay."""
    op.create_table(
        "activity_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_head")),
    )
    op.create_table(
        "activity_line",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("object_kind", sa.Text(), nullable=False),
        sa.Column("object_key", sa.Text(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_activity_line")),
    )
    with op.batch_alter_table("activity_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_activity_line_at"), ["at"], unique=False)
        batch_op.create_index("ix_activity_line_object", ["object_kind", "object_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_activity_line_subject"), ["subject"], unique=False)
        batch_op.create_index(batch_op.f("ix_activity_line_verb"), ["verb"], unique=False)

    op.create_table(
        "anchor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first_seq", sa.BigInteger(), nullable=False),
        sa.Column("last_seq", sa.BigInteger(), nullable=False),
        sa.Column("head_hash", sa.Text(), nullable=False),
        sa.Column("segment_sha256", sa.Text(), nullable=False),
        sa.Column("commit_id", sa.Text(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_anchor")),
        sa.UniqueConstraint("last_seq", name=op.f("uq_anchor_last_seq")),
    )
    op.create_table(
        "department",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_department")),
        sa.UniqueConstraint("code", name=op.f("uq_department_code")),
    )
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("run_after", sa.BigInteger(), nullable=False),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("done_count", sa.Integer(), nullable=True),
        sa.Column("total_count", sa.Integer(), nullable=True),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("key", name=op.f("uq_job_key")),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index("ix_job_due", ["state", "run_after"], unique=False)
        batch_op.create_index(batch_op.f("ix_job_name"), ["name"], unique=False)

    op.create_table(
        "region",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_region")),
        sa.UniqueConstraint("code", name=op.f("uq_region_code")),
    )
    op.create_table(
        "rendered_text",
        sa.Column("text_sha256", sa.Text(), nullable=False),
        sa.Column("renderer", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("text_sha256", "renderer", name=op.f("pk_rendered_text")),
    )
    op.create_table(
        "sign_in_try",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("network", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_try")),
    )
    with op.batch_alter_table("sign_in_try", schema=None) as batch_op:
        batch_op.create_index("ix_sign_in_try_pair", ["account", "network", "at"], unique=False)

    op.create_table(
        "team",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_team_department_id")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_team_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team")),
        sa.UniqueConstraint("code", name=op.f("uq_team_code")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("sign_in_name", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_latin", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("region_id", sa.Integer(), nullable=True),
        sa.Column("agent_code", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column("backup_id", sa.Integer(), nullable=True),
        sa.Column("absent_from", sa.Date(), nullable=True),
        sa.Column("absent_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["backup_id"], ["person.id"], name=op.f("fk_person_backup_id")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_person_department_id")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_person_region_id")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_person_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("sign_in_name", name=op.f("uq_person_sign_in_name")),
        sa.UniqueConstraint("subject", name=op.f("uq_person_subject")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_agent_code"), ["agent_code"], unique=False)

    op.create_table(
        "audit_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("standard_ids", sa.JSON(), nullable=False),
        sa.Column("channels", sa.JSON(), nullable=False),
        sa.Column("regions", sa.JSON(), nullable=False),
        sa.Column("sample_size", sa.Integer(), nullable=False),
        sa.Column("seed", sa.Text(), nullable=False),
        sa.Column("population", sa.Integer(), nullable=True),
        sa.Column("strata", sa.JSON(), nullable=False),
        sa.Column("order_sha256", sa.Text(), nullable=True),
        sa.Column("record_commit", sa.Text(), nullable=True),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("drawn_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_audit_plan_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_plan")),
        sa.UniqueConstraint("month", name=op.f("uq_audit_plan_month")),
    )
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("is_urgent", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("read_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_notice_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("key", name=op.f("uq_notice_key")),
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index("ix_notice_person", ["person_id", "created_at"], unique=False)

    op.create_table(
        "outgoing_mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("failure", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_outgoing_mail_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing_mail")),
        sa.UniqueConstraint("key", name=op.f("uq_outgoing_mail_key")),
    )
    with op.batch_alter_table("outgoing_mail", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outgoing_mail_person_id"), ["person_id"], unique=False)

    op.create_table(
        "role_grant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("region_id", sa.Integer(), nullable=True),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_role_grant_department_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_role_grant_person_id")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_role_grant_region_id")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_role_grant_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
    )
    with op.batch_alter_table("role_grant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_role_grant_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_role_grant_role"), ["role"], unique=False)

    op.create_table(
        "score_weights",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("impact", sa.Double(), nullable=False),
        sa.Column("urgency", sa.Double(), nullable=False),
        sa.Column("cost", sa.Double(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["person.id"], name=op.f("fk_score_weights_changed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_weights")),
    )
    op.create_table(
        "sign_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("confirmed_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("is_trusted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sign_in_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_token_hash")),
    )
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_person_id"), ["person_id"], unique=False)

    op.create_table(
        "standard",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("title_zh", sa.Text(), nullable=True),
        sa.Column("title_en", sa.Text(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("journey", sa.Text(), nullable=False),
        sa.Column("audience", sa.JSON(), nullable=False),
        sa.Column("visibility", sa.Text(), nullable=False),
        sa.Column("primary_language", sa.Text(), nullable=False),
        sa.Column("used_clause_ids", sa.JSON(), nullable=False),
        sa.Column("source_name", sa.Text(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_standard_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standard")),
        sa.UniqueConstraint("code", name=op.f("uq_standard_code")),
    )
    with op.batch_alter_table("standard", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_standard_source_name"), ["source_name"], unique=False)

    op.create_table(
        "ticket_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mapping", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("read_count", sa.Integer(), nullable=False),
        sa.Column("created_count", sa.Integer(), nullable=False),
        sa.Column("updated_count", sa.Integer(), nullable=False),
        sa.Column("unchanged_count", sa.Integer(), nullable=False),
        sa.Column("refused_count", sa.Integer(), nullable=False),
        sa.Column("refused", sa.JSON(), nullable=False),
        sa.Column("unused", sa.JSON(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_ticket_import_actor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_import")),
    )
    op.create_table(
        "issue",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=True),
        sa.Column("name_en", sa.Text(), nullable=True),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("last_count", sa.Integer(), nullable=False),
        sa.Column("previous_count", sa.Integer(), nullable=False),
        sa.Column("weekly", sa.JSON(), nullable=False),
        sa.Column("trend", sa.Text(), nullable=False),
        sa.Column("counted_until", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("snoozed_until", sa.Date(), nullable=True),
        sa.Column("standard_id", sa.Integer(), nullable=True),
        sa.Column("clause_id", sa.Text(), nullable=True),
        sa.Column("confidence", sa.Text(), nullable=True),
        sa.Column("clause_choices", sa.JSON(), nullable=False),
        sa.Column("clause_by_person", sa.Boolean(), nullable=False),
        sa.Column("example_ids", sa.JSON(), nullable=False),
        sa.Column("first_seen_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["standard_id"], ["standard.id"], name=op.f("fk_issue_standard_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue")),
        sa.UniqueConstraint("number", name=op.f("uq_issue_number")),
    )
    with op.batch_alter_table("issue", schema=None) as batch_op:
        batch_op.create_index("ix_issue_clause", ["standard_id", "clause_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_issue_state"), ["state"], unique=False)

    op.create_table(
        "monthly_rate",
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("standard_id", sa.Integer(), nullable=False),
        sa.Column("clause_id", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("kept", sa.Integer(), nullable=False),
        sa.Column("checked", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["standard_id"], ["standard.id"], name=op.f("fk_monthly_rate_standard_id")),
        sa.PrimaryKeyConstraint(
            "month", "standard_id", "clause_id", "team", "channel", name=op.f("pk_monthly_rate")
        ),
    )
    op.create_table(
        "question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("standard_id", sa.Integer(), nullable=False),
        sa.Column("clause_id", sa.Text(), nullable=False),
        sa.Column("clause_hash", sa.Text(), nullable=False),
        sa.Column("zh", sa.JSON(), nullable=False),
        sa.Column("en", sa.JSON(), nullable=False),
        sa.Column("right", sa.Integer(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_question_made_by_id")),
        sa.ForeignKeyConstraint(["standard_id"], ["standard.id"], name=op.f("fk_question_standard_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
    )
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.create_index("ix_question_clause", ["standard_id", "clause_id", "clause_hash"], unique=False)

    op.create_table(
        "revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("standard_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("state_since", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("benefit", sa.Text(), nullable=False),
        sa.Column("wanted_change", sa.Text(), nullable=False),
        sa.Column("affected", sa.Text(), nullable=False),
        sa.Column("urgency_note", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("wants_new_clause", sa.Boolean(), nullable=False),
        sa.Column("duplicates_seen", sa.Boolean(), nullable=False),
        sa.Column("proposer_id", sa.Integer(), nullable=True),
        sa.Column("drafter_id", sa.Integer(), nullable=True),
        sa.Column("base_publication_id", sa.Integer(), nullable=True),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("is_fast_track", sa.Boolean(), nullable=False),
        sa.Column("is_emergency", sa.Boolean(), nullable=False),
        sa.Column("is_on_hold", sa.Boolean(), nullable=False),
        sa.Column("hold_reason", sa.Text(), nullable=False),
        sa.Column("change_note", sa.Text(), nullable=False),
        sa.Column("undo_until", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["drafter_id"], ["person.id"], name=op.f("fk_revision_drafter_id")),
        sa.ForeignKeyConstraint(["merged_into_id"], ["revision.id"], name=op.f("fk_revision_merged_into_id")),
        sa.ForeignKeyConstraint(["proposer_id"], ["person.id"], name=op.f("fk_revision_proposer_id")),
        sa.ForeignKeyConstraint(["standard_id"], ["standard.id"], name=op.f("fk_revision_standard_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
        sa.UniqueConstraint("number", name=op.f("uq_revision_number")),
    )
    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_revision_standard_id"), ["standard_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_revision_state"), ["state"], unique=False)

    op.create_table(
        "ticket",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("created_on", sa.Date(), nullable=False),
        sa.Column("first_reply_at", sa.BigInteger(), nullable=True),
        sa.Column("resolved_at", sa.BigInteger(), nullable=True),
        sa.Column("first_reply_minutes", sa.Double(), nullable=True),
        sa.Column("resolution_minutes", sa.Double(), nullable=True),
        sa.Column("first_reply_working_minutes", sa.Double(), nullable=True),
        sa.Column("resolution_working_minutes", sa.Double(), nullable=True),
        sa.Column("first_reply_working_days", sa.Integer(), nullable=True),
        sa.Column("resolution_working_days", sa.Integer(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("customer_group", sa.Text(), nullable=True),
        sa.Column("product", sa.Text(), nullable=True),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("priority", sa.Text(), nullable=True),
        sa.Column("complexity", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("conversation", sa.JSON(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("agent", sa.Text(), nullable=True),
        sa.Column("team", sa.Text(), nullable=True),
        sa.Column("reopened", sa.Integer(), nullable=False),
        sa.Column("satisfaction", sa.Integer(), nullable=True),
        sa.Column("is_complaint", sa.Boolean(), nullable=True),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=True),
        sa.Column("row_hash", sa.Text(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["ticket_import.id"], name=op.f("fk_ticket_import_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket")),
        sa.UniqueConstraint("source", "external_id", name=op.f("uq_ticket_source_external_id")),
    )
    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ticket_agent"), ["agent"], unique=False)
        batch_op.create_index(
            "ix_ticket_counts",
            [
                "created_on",
                "category",
                "priority",
                "complexity",
                "channel",
                "region",
                "customer_group",
                "deleted",
                "is_complaint",
                "created_at",
                "first_reply_minutes",
                "resolution_minutes",
                "first_reply_working_minutes",
                "resolution_working_minutes",
                "first_reply_working_days",
                "resolution_working_days",
                "satisfaction",
            ],
            unique=False,
        )
        batch_op.create_index("ix_ticket_created_at", ["created_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_ticket_import_id"), ["import_id"], unique=False)

    op.create_table(
        "checklist_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("clause_id", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_checklist_answer_person_id")),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_checklist_answer_revision_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklist_answer")),
        sa.UniqueConstraint(
            "revision_id", "kind", "item", name=op.f("uq_checklist_answer_revision_id_kind_item")
        ),
    )
    op.create_table(
        "clause_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("clause_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("after_clause_id", sa.Text(), nullable=True),
        sa.Column("heading_zh", sa.Text(), nullable=False),
        sa.Column("heading_en", sa.Text(), nullable=False),
        sa.Column("body_zh", sa.Text(), nullable=False),
        sa.Column("body_en", sa.Text(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("audience", sa.JSON(), nullable=False),
        sa.Column("measures", sa.JSON(), nullable=False),
        sa.Column("materiality", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("base_hash", sa.Text(), nullable=True),
        sa.Column("author_ids", sa.JSON(), nullable=False),
        sa.Column("lock_version", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.BigInteger(), nullable=False),
        sa.Column("saved_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_clause_draft_revision_id")),
        sa.ForeignKeyConstraint(["saved_by_id"], ["person.id"], name=op.f("fk_clause_draft_saved_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clause_draft")),
        sa.UniqueConstraint("revision_id", "clause_id", name=op.f("uq_clause_draft_revision_id_clause_id")),
    )
    op.create_table(
        "clause_lock",
        sa.Column("standard_id", sa.Integer(), nullable=False),
        sa.Column("clause_id", sa.Text(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_clause_lock_revision_id")),
        sa.ForeignKeyConstraint(["standard_id"], ["standard.id"], name=op.f("fk_clause_lock_standard_id")),
        sa.PrimaryKeyConstraint("standard_id", "clause_id", name=op.f("pk_clause_lock")),
    )
    with op.batch_alter_table("clause_lock", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_clause_lock_revision_id"), ["revision_id"], unique=False)

    op.create_table(
        "credit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("from_revision_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["from_revision_id"], ["revision.id"], name=op.f("fk_credit_from_revision_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_credit_person_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_credit_revision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit")),
        sa.UniqueConstraint(
            "revision_id", "person_id", "kind", name=op.f("uq_credit_revision_id_person_id_kind")
        ),
    )
    with op.batch_alter_table("credit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_credit_revision_id"), ["revision_id"], unique=False)

    op.create_table(
        "dossier",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("sealed_at", sa.BigInteger(), nullable=False),
        sa.Column("sealed_by_id", sa.Integer(), nullable=True),
        sa.Column("keep", sa.Text(), nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("gaps", sa.JSON(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=True),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.Column("record_commit", sa.Text(), nullable=True),
        sa.Column("content", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_dossier_revision_id")),
        sa.ForeignKeyConstraint(["sealed_by_id"], ["person.id"], name=op.f("fk_dossier_sealed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier")),
        sa.UniqueConstraint("revision_id", name=op.f("uq_dossier_revision_id")),
    )
    op.create_table(
        "draft_copy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("clause_id", sa.Text(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.BigInteger(), nullable=False),
        sa.Column("kept_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["kept_by_id"], ["person.id"], name=op.f("fk_draft_copy_kept_by_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_draft_copy_revision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_copy")),
    )
    with op.batch_alter_table("draft_copy", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_draft_copy_revision_id"), ["revision_id"], unique=False)

    op.create_table(
        "effect_evaluation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("computed_at", sa.BigInteger(), nullable=False),
        sa.Column("before_starts", sa.Date(), nullable=False),
        sa.Column("before_ends", sa.Date(), nullable=False),
        sa.Column("after_starts", sa.Date(), nullable=False),
        sa.Column("after_ends", sa.Date(), nullable=False),
        sa.Column("before_kept", sa.Integer(), nullable=False),
        sa.Column("before_count", sa.Integer(), nullable=False),
        sa.Column("after_kept", sa.Integer(), nullable=False),
        sa.Column("after_count", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_effect_evaluation_revision_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_effect_evaluation")),
        sa.UniqueConstraint("revision_id", "days", name=op.f("uq_effect_evaluation_revision_id_days")),
    )
    op.create_table(
        "evidence_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("came_from_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["added_by_id"], ["person.id"], name=op.f("fk_evidence_link_added_by_id")),
        sa.ForeignKeyConstraint(
            ["came_from_id"], ["revision.id"], name=op.f("fk_evidence_link_came_from_id")
        ),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_evidence_link_revision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_link")),
        sa.UniqueConstraint("revision_id", "kind", "key", name=op.f("uq_evidence_link_revision_id_kind_key")),
    )
    with op.batch_alter_table("evidence_link", schema=None) as batch_op:
        batch_op.create_index("ix_evidence_key", ["kind", "key"], unique=False)
        batch_op.create_index(batch_op.f("ix_evidence_link_revision_id"), ["revision_id"], unique=False)

    op.create_table(
        "hypothesis",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("clause_id", sa.Text(), nullable=False),
        sa.Column("measure", sa.JSON(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("smallest_change_points", sa.Integer(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("registered_at", sa.BigInteger(), nullable=False),
        sa.Column("registered_by_id", sa.Integer(), nullable=True),
        sa.Column("record_commit", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["registered_by_id"], ["person.id"], name=op.f("fk_hypothesis_registered_by_id")
        ),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_hypothesis_revision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hypothesis")),
        sa.UniqueConstraint("revision_id", name=op.f("uq_hypothesis_revision_id")),
    )
    op.create_table(
        "issue_ticket",
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("is_out", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_issue_ticket_issue_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_issue_ticket_ticket_id")),
        sa.PrimaryKeyConstraint("issue_id", "ticket_id", name=op.f("pk_issue_ticket")),
    )
    with op.batch_alter_table("issue_ticket", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_issue_ticket_ticket_id"), ["ticket_id"], unique=False)

    op.create_table(
        "publication",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("standard_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("op_key", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("manifest", sa.Text(), nullable=False),
        sa.Column("content_sha256", sa.Text(), nullable=False),
        sa.Column("manifest_sha256", sa.Text(), nullable=False),
        sa.Column("parent", sa.Text(), nullable=True),
        sa.Column("commit_id", sa.Text(), nullable=False),
        sa.Column("author_subject", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("effective_at", sa.BigInteger(), nullable=False),
        sa.Column("transition_until", sa.BigInteger(), nullable=True),
        sa.Column("took_effect_at", sa.BigInteger(), nullable=True),
        sa.Column("change_note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_publication_revision_id")),
        sa.ForeignKeyConstraint(["standard_id"], ["standard.id"], name=op.f("fk_publication_standard_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication")),
        sa.UniqueConstraint("commit_id", name=op.f("uq_publication_commit_id")),
        sa.UniqueConstraint("op_key", name=op.f("uq_publication_op_key")),
    )
    with op.batch_alter_table("publication", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_publication_effective_at"), ["effective_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_publication_standard_id"), ["standard_id"], unique=False)
        batch_op.create_index(
            "uq_publication_parent",
            ["parent"],
            unique=True,
            sqlite_where=sa.text("state <> 'superseded'"),
            postgresql_where=sa.text("state <> 'superseded'"),
        )
        batch_op.create_index(
            "uq_publication_version",
            ["standard_id", "version"],
            unique=True,
            sqlite_where=sa.text("state <> 'superseded'"),
            postgresql_where=sa.text("state <> 'superseded'"),
        )

    op.create_table(
        "rank_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("computed_rank", sa.Integer(), nullable=True),
        sa.Column("best", sa.Integer(), nullable=True),
        sa.Column("worst", sa.Integer(), nullable=True),
        sa.Column("of_count", sa.Integer(), nullable=False),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("weights", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("quorum_note", sa.Text(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_rank_decision_decided_by_id")
        ),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_rank_decision_revision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rank_decision")),
    )
    with op.batch_alter_table("rank_decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rank_decision_revision_id"), ["revision_id"], unique=False)

    op.create_table(
        "review_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_review_round_revision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_round")),
        sa.UniqueConstraint("revision_id", "number", name=op.f("uq_review_round_revision_id_number")),
    )
    op.create_table(
        "review_thread",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("clause_id", sa.Text(), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=True),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("body_zh", sa.Text(), nullable=False),
        sa.Column("body_en", sa.Text(), nullable=False),
        sa.Column("resolved_by_id", sa.Integer(), nullable=True),
        sa.Column("resolved_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["opened_by_id"], ["person.id"], name=op.f("fk_review_thread_opened_by_id")),
        sa.ForeignKeyConstraint(
            ["resolved_by_id"], ["person.id"], name=op.f("fk_review_thread_resolved_by_id")
        ),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_review_thread_revision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_thread")),
    )
    with op.batch_alter_table("review_thread", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_review_thread_revision_id"), ["revision_id"], unique=False)

    op.create_table(
        "revision_clause",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("clause_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_revision_clause_revision_id")
        ),
        sa.PrimaryKeyConstraint("revision_id", "clause_id", name=op.f("pk_revision_clause")),
    )
    op.create_table(
        "revision_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_revision_note_author_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_revision_note_revision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision_note")),
    )
    with op.batch_alter_table("revision_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_revision_note_revision_id"), ["revision_id"], unique=False)

    op.create_table(
        "sample",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("stratum", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("auditor_id", sa.Integer(), nullable=True),
        sa.Column("scored_by_id", sa.Integer(), nullable=True),
        sa.Column("scored_at", sa.BigInteger(), nullable=True),
        sa.Column("met", sa.Integer(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=True),
        sa.Column("is_failed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["auditor_id"], ["person.id"], name=op.f("fk_sample_auditor_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["audit_plan.id"], name=op.f("fk_sample_plan_id")),
        sa.ForeignKeyConstraint(["scored_by_id"], ["person.id"], name=op.f("fk_sample_scored_by_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_sample_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample")),
        sa.UniqueConstraint("plan_id", "ticket_id", name=op.f("uq_sample_plan_id_ticket_id")),
    )
    with op.batch_alter_table("sample", schema=None) as batch_op:
        batch_op.create_index("ix_sample_state", ["plan_id", "state", "place"], unique=False)

    op.create_table(
        "score_card",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("assessor_id", sa.Integer(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("skip", sa.Text(), nullable=True),
        sa.Column("impact", sa.Integer(), nullable=True),
        sa.Column("cost", sa.Integer(), nullable=True),
        sa.Column("urgency", sa.Integer(), nullable=True),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("is_own_department", sa.Boolean(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["assessor_id"], ["person.id"], name=op.f("fk_score_card_assessor_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_score_card_revision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_card")),
        sa.UniqueConstraint("revision_id", "assessor_id", name=op.f("uq_score_card_revision_id_assessor_id")),
    )
    with op.batch_alter_table("score_card", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_score_card_revision_id"), ["revision_id"], unique=False)

    op.create_table(
        "scoring",
        sa.Column("revision_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["opened_by_id"], ["person.id"], name=op.f("fk_scoring_opened_by_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_scoring_revision_id")),
        sa.PrimaryKeyConstraint("revision_id", name=op.f("pk_scoring")),
    )
    op.create_table(
        "seen_mark",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("clause_id", sa.Text(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("text_sha256", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_seen_mark_person_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_seen_mark_revision_id")),
        sa.PrimaryKeyConstraint("revision_id", "person_id", "clause_id", name=op.f("pk_seen_mark")),
    )
    op.create_table(
        "suggestion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("standard_id", sa.Integer(), nullable=True),
        sa.Column("clause_id", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=True),
        sa.Column("delete_contact_on", sa.Date(), nullable=True),
        sa.Column("is_staff", sa.Boolean(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.Column("first_answer_at", sa.BigInteger(), nullable=True),
        sa.Column("network_hash", sa.Text(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["answered_by_id"], ["person.id"], name=op.f("fk_suggestion_answered_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_suggestion_person_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_suggestion_revision_id")),
        sa.ForeignKeyConstraint(["standard_id"], ["standard.id"], name=op.f("fk_suggestion_standard_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestion")),
        sa.UniqueConstraint("ref", name=op.f("uq_suggestion_ref")),
    )
    with op.batch_alter_table("suggestion", schema=None) as batch_op:
        batch_op.create_index("ix_suggestion_clause", ["standard_id", "clause_id"], unique=False)
        batch_op.create_index("ix_suggestion_network", ["network_hash", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_suggestion_revision_id"), ["revision_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_suggestion_state"), ["state"], unique=False)

    op.create_table(
        "text_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("content_sha256", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("commit_id", sa.Text(), nullable=True),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_by_subject", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_text_version_made_by_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_text_version_revision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_version")),
        sa.UniqueConstraint("revision_id", "number", name=op.f("uq_text_version_revision_id_number")),
    )
    op.create_table(
        "assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("standard_id", sa.Integer(), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column("reminded_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_assignment_person_id")),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publication.id"], name=op.f("fk_assignment_publication_id")
        ),
        sa.ForeignKeyConstraint(["standard_id"], ["standard.id"], name=op.f("fk_assignment_standard_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
        sa.UniqueConstraint(
            "person_id", "publication_id", name=op.f("uq_assignment_person_id_publication_id")
        ),
    )
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.create_index("ix_assignment_open", ["person_id", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_assignment_publication_id"), ["publication_id"], unique=False)

    op.create_table(
        "clause_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("standard_id", sa.Integer(), nullable=False),
        sa.Column("clause_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("is_editorial", sa.Boolean(), nullable=False),
        sa.Column("chapter_zh", sa.Text(), nullable=False),
        sa.Column("chapter_en", sa.Text(), nullable=False),
        sa.Column("heading_zh", sa.Text(), nullable=True),
        sa.Column("heading_en", sa.Text(), nullable=True),
        sa.Column("body_zh", sa.Text(), nullable=True),
        sa.Column("body_en", sa.Text(), nullable=True),
        sa.Column("hash_zh", sa.Text(), nullable=True),
        sa.Column("hash_en", sa.Text(), nullable=True),
        sa.Column("clause_hash", sa.Text(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("audience", sa.JSON(), nullable=False),
        sa.Column("measures", sa.JSON(), nullable=False),
        sa.Column("effective_at", sa.BigInteger(), nullable=False),
        sa.Column("transition_until", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publication.id"], name=op.f("fk_clause_version_publication_id")
        ),
        sa.ForeignKeyConstraint(["standard_id"], ["standard.id"], name=op.f("fk_clause_version_standard_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clause_version")),
        sa.UniqueConstraint(
            "publication_id", "clause_id", name=op.f("uq_clause_version_publication_id_clause_id")
        ),
    )
    with op.batch_alter_table("clause_version", schema=None) as batch_op:
        batch_op.create_index(
            "ix_clause_version_clause", ["standard_id", "clause_id", "effective_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_clause_version_publication_id"), ["publication_id"], unique=False
        )

    op.create_table(
        "pilot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("clause_id", sa.Text(), nullable=False),
        sa.Column("measure", sa.JSON(), nullable=False),
        sa.Column("smallest_change_points", sa.Integer(), nullable=False),
        sa.Column("guards", sa.JSON(), nullable=False),
        sa.Column("pilot_scope", sa.JSON(), nullable=False),
        sa.Column("comparison_scope", sa.JSON(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("harm_points", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("text_version_id", sa.Integer(), nullable=True),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("plan_sha256", sa.Text(), nullable=True),
        sa.Column("record_commit", sa.Text(), nullable=True),
        sa.Column("started_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("recommendation", sa.Text(), nullable=True),
        sa.Column("recommendation_note", sa.Text(), nullable=False),
        sa.Column("recommended_by_id", sa.Integer(), nullable=True),
        sa.Column("conclusion", sa.Text(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["person.id"], name=op.f("fk_pilot_contact_id")),
        sa.ForeignKeyConstraint(
            ["recommended_by_id"], ["person.id"], name=op.f("fk_pilot_recommended_by_id")
        ),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_pilot_revision_id")),
        sa.ForeignKeyConstraint(
            ["text_version_id"], ["text_version.id"], name=op.f("fk_pilot_text_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pilot")),
    )
    with op.batch_alter_table("pilot", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pilot_revision_id"), ["revision_id"], unique=False)

    op.create_table(
        "publication_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("is_major", sa.Boolean(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("transition_days", sa.Integer(), nullable=False),
        sa.Column("training_verdict", sa.Text(), nullable=True),
        sa.Column("training_note", sa.Text(), nullable=False),
        sa.Column("notice_waiver", sa.Text(), nullable=False),
        sa.Column("language_waiver", sa.Text(), nullable=False),
        sa.Column("hypothesis_waiver", sa.Text(), nullable=False),
        sa.Column("customer_notice_zh", sa.Text(), nullable=False),
        sa.Column("customer_notice_en", sa.Text(), nullable=False),
        sa.Column("staff_notice_zh", sa.Text(), nullable=False),
        sa.Column("staff_notice_en", sa.Text(), nullable=False),
        sa.Column("outputs", sa.JSON(), nullable=False),
        sa.Column("op_key", sa.Text(), nullable=True),
        sa.Column("text_version_id", sa.Integer(), nullable=True),
        sa.Column("scheduled_at", sa.BigInteger(), nullable=True),
        sa.Column("scheduled_by_id", sa.Integer(), nullable=True),
        sa.Column("publication_id", sa.Integer(), nullable=True),
        sa.Column("approval_due", sa.Date(), nullable=True),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", sa.BigInteger(), nullable=True),
        sa.Column("failure", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["person.id"], name=op.f("fk_publication_plan_approved_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publication.id"], name=op.f("fk_publication_plan_publication_id")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_publication_plan_revision_id")
        ),
        sa.ForeignKeyConstraint(
            ["scheduled_by_id"], ["person.id"], name=op.f("fk_publication_plan_scheduled_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["text_version_id"], ["text_version.id"], name=op.f("fk_publication_plan_text_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication_plan")),
        sa.UniqueConstraint("revision_id", name=op.f("uq_publication_plan_revision_id")),
    )
    op.create_table(
        "review_task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("assignee_id", sa.Integer(), nullable=True),
        sa.Column("for_id", sa.Integer(), nullable=True),
        sa.Column("is_required", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.Column("urged_on", sa.Date(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["assignee_id"], ["person.id"], name=op.f("fk_review_task_assignee_id")),
        sa.ForeignKeyConstraint(["for_id"], ["person.id"], name=op.f("fk_review_task_for_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_review_task_revision_id")),
        sa.ForeignKeyConstraint(["round_id"], ["review_round.id"], name=op.f("fk_review_task_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_task")),
    )
    with op.batch_alter_table("review_task", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_review_task_assignee_id"), ["assignee_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_review_task_revision_id"), ["revision_id"], unique=False)

    op.create_table(
        "revision_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("move", sa.Text(), nullable=False),
        sa.Column("from_state", sa.Text(), nullable=False),
        sa.Column("to_state", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("text_version_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_revision_step_actor_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_revision_step_revision_id")),
        sa.ForeignKeyConstraint(
            ["text_version_id"], ["text_version.id"], name=op.f("fk_revision_step_text_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision_step")),
    )
    with op.batch_alter_table("revision_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_revision_step_revision_id"), ["revision_id"], unique=False)

    op.create_table(
        "score_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sample_id", sa.Integer(), nullable=False),
        sa.Column("standard_id", sa.Integer(), nullable=False),
        sa.Column("clause_id", sa.Text(), nullable=False),
        sa.Column("clause_hash", sa.Text(), nullable=False),
        sa.Column("is_critical", sa.Boolean(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("root_cause", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["sample_id"], ["sample.id"], name=op.f("fk_score_line_sample_id")),
        sa.ForeignKeyConstraint(["standard_id"], ["standard.id"], name=op.f("fk_score_line_standard_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_line")),
    )
    with op.batch_alter_table("score_line", schema=None) as batch_op:
        batch_op.create_index("ix_score_line_clause", ["standard_id", "clause_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_score_line_sample_id"), ["sample_id"], unique=False)

    op.create_table(
        "sign_off",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("text_version_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("signer_id", sa.Integer(), nullable=False),
        sa.Column("for_id", sa.Integer(), nullable=True),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("effort", sa.Text(), nullable=True),
        sa.Column("earliest_on", sa.Date(), nullable=True),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("signed_at", sa.BigInteger(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("sign_in_age_seconds", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["for_id"], ["person.id"], name=op.f("fk_sign_off_for_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_sign_off_revision_id")),
        sa.ForeignKeyConstraint(["round_id"], ["review_round.id"], name=op.f("fk_sign_off_round_id")),
        sa.ForeignKeyConstraint(["signer_id"], ["person.id"], name=op.f("fk_sign_off_signer_id")),
        sa.ForeignKeyConstraint(
            ["text_version_id"], ["text_version.id"], name=op.f("fk_sign_off_text_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_off")),
    )
    with op.batch_alter_table("sign_off", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_off_revision_id"), ["revision_id"], unique=False)

    op.create_table(
        "thread_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("suggested_zh", sa.Text(), nullable=True),
        sa.Column("suggested_en", sa.Text(), nullable=True),
        sa.Column("applied_at", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_thread_note_author_id")),
        sa.ForeignKeyConstraint(["thread_id"], ["review_thread.id"], name=op.f("fk_thread_note_thread_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thread_note")),
    )
    with op.batch_alter_table("thread_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_thread_note_thread_id"), ["thread_id"], unique=False)

    op.create_table(
        "acknowledged_clause",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("standard_id", sa.Integer(), nullable=False),
        sa.Column("clause_id", sa.Text(), nullable=False),
        sa.Column("pair", sa.Text(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_acknowledged_clause_assignment_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_acknowledged_clause_person_id")),
        sa.ForeignKeyConstraint(
            ["standard_id"], ["standard.id"], name=op.f("fk_acknowledged_clause_standard_id")
        ),
        sa.PrimaryKeyConstraint(
            "person_id", "standard_id", "clause_id", "pair", name=op.f("pk_acknowledged_clause")
        ),
    )
    op.create_table(
        "appeal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_appeal_decided_by_id")),
        sa.ForeignKeyConstraint(["line_id"], ["score_line.id"], name=op.f("fk_appeal_line_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_appeal_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal")),
        sa.UniqueConstraint("line_id", name=op.f("uq_appeal_line_id")),
    )
    op.create_table(
        "pilot_result",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pilot_id", sa.Integer(), nullable=False),
        sa.Column("computed_at", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("is_final", sa.Boolean(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("numbers", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["pilot_id"], ["pilot.id"], name=op.f("fk_pilot_result_pilot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pilot_result")),
    )
    with op.batch_alter_table("pilot_result", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pilot_result_pilot_id"), ["pilot_id"], unique=False)

    op.create_table(
        "question_try",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("chosen", sa.Integer(), nullable=False),
        sa.Column("is_right", sa.Boolean(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_question_try_assignment_id")
        ),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_question_try_question_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_try")),
    )
    with op.batch_alter_table("question_try", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_question_try_assignment_id"), ["assignment_id"], unique=False)

    op.create_table(
        "sign_off_line",
        sa.Column("sign_off_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("part_sha256", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["sign_off_id"], ["sign_off.id"], name=op.f("fk_sign_off_line_sign_off_id")),
        sa.PrimaryKeyConstraint("sign_off_id", "part", name=op.f("pk_sign_off_line")),
    )
    op.create_table(
        "staff_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("clause_id", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["person.id"], name=op.f("fk_staff_question_answered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_staff_question_assignment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_question")),
    )
    with op.batch_alter_table("staff_question", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_staff_question_assignment_id"), ["assignment_id"], unique=False)

    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.create_foreign_key(
            batch_op.f("fk_revision_base_publication_id"),
            "publication",
            ["base_publication_id"],
            ["id"],
            use_alter=True,
        )


def downgrade() -> None:
    """Takes 0001 back; rows stay where their table stays."""
    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_revision_base_publication_id"), type_="foreignkey")

    with op.batch_alter_table("staff_question", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_staff_question_assignment_id"))

    op.drop_table("staff_question")
    op.drop_table("sign_off_line")
    with op.batch_alter_table("question_try", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_question_try_assignment_id"))

    op.drop_table("question_try")
    with op.batch_alter_table("pilot_result", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pilot_result_pilot_id"))

    op.drop_table("pilot_result")
    op.drop_table("appeal")
    op.drop_table("acknowledged_clause")
    with op.batch_alter_table("thread_note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_thread_note_thread_id"))

    op.drop_table("thread_note")
    with op.batch_alter_table("sign_off", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_off_revision_id"))

    op.drop_table("sign_off")
    with op.batch_alter_table("score_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_score_line_sample_id"))
        batch_op.drop_index("ix_score_line_clause")

    op.drop_table("score_line")
    with op.batch_alter_table("revision_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_revision_step_revision_id"))

    op.drop_table("revision_step")
    with op.batch_alter_table("review_task", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_review_task_revision_id"))
        batch_op.drop_index(batch_op.f("ix_review_task_assignee_id"))

    op.drop_table("review_task")
    op.drop_table("publication_plan")
    with op.batch_alter_table("pilot", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pilot_revision_id"))

    op.drop_table("pilot")
    with op.batch_alter_table("clause_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_clause_version_publication_id"))
        batch_op.drop_index("ix_clause_version_clause")

    op.drop_table("clause_version")
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assignment_publication_id"))
        batch_op.drop_index("ix_assignment_open")

    op.drop_table("assignment")
    op.drop_table("text_version")
    with op.batch_alter_table("suggestion", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_suggestion_state"))
        batch_op.drop_index(batch_op.f("ix_suggestion_revision_id"))
        batch_op.drop_index("ix_suggestion_network")
        batch_op.drop_index("ix_suggestion_clause")

    op.drop_table("suggestion")
    op.drop_table("seen_mark")
    op.drop_table("scoring")
    with op.batch_alter_table("score_card", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_score_card_revision_id"))

    op.drop_table("score_card")
    with op.batch_alter_table("sample", schema=None) as batch_op:
        batch_op.drop_index("ix_sample_state")

    op.drop_table("sample")
    with op.batch_alter_table("revision_note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_revision_note_revision_id"))

    op.drop_table("revision_note")
    op.drop_table("revision_clause")
    with op.batch_alter_table("review_thread", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_review_thread_revision_id"))

    op.drop_table("review_thread")
    op.drop_table("review_round")
    with op.batch_alter_table("rank_decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rank_decision_revision_id"))

    op.drop_table("rank_decision")
    with op.batch_alter_table("publication", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_publication_version",
            sqlite_where=sa.text("state <> 'superseded'"),
            postgresql_where=sa.text("state <> 'superseded'"),
        )
        batch_op.drop_index(
            "uq_publication_parent",
            sqlite_where=sa.text("state <> 'superseded'"),
            postgresql_where=sa.text("state <> 'superseded'"),
        )
        batch_op.drop_index(batch_op.f("ix_publication_standard_id"))
        batch_op.drop_index(batch_op.f("ix_publication_effective_at"))

    op.drop_table("publication")
    with op.batch_alter_table("issue_ticket", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_issue_ticket_ticket_id"))

    op.drop_table("issue_ticket")
    op.drop_table("hypothesis")
    with op.batch_alter_table("evidence_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evidence_link_revision_id"))
        batch_op.drop_index("ix_evidence_key")

    op.drop_table("evidence_link")
    op.drop_table("effect_evaluation")
    with op.batch_alter_table("draft_copy", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_draft_copy_revision_id"))

    op.drop_table("draft_copy")
    op.drop_table("dossier")
    with op.batch_alter_table("credit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_credit_revision_id"))

    op.drop_table("credit")
    with op.batch_alter_table("clause_lock", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_clause_lock_revision_id"))

    op.drop_table("clause_lock")
    op.drop_table("clause_draft")
    op.drop_table("checklist_answer")
    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ticket_import_id"))
        batch_op.drop_index("ix_ticket_created_at")
        batch_op.drop_index("ix_ticket_counts")
        batch_op.drop_index(batch_op.f("ix_ticket_agent"))

    op.drop_table("ticket")
    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_revision_state"))
        batch_op.drop_index(batch_op.f("ix_revision_standard_id"))

    op.drop_table("revision")
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.drop_index("ix_question_clause")

    op.drop_table("question")
    op.drop_table("monthly_rate")
    with op.batch_alter_table("issue", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_issue_state"))
        batch_op.drop_index("ix_issue_clause")

    op.drop_table("issue")
    op.drop_table("ticket_import")
    with op.batch_alter_table("standard", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_standard_source_name"))

    op.drop_table("standard")
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_person_id"))

    op.drop_table("sign_in")
    op.drop_table("score_weights")
    with op.batch_alter_table("role_grant", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_role_grant_role"))
        batch_op.drop_index(batch_op.f("ix_role_grant_person_id"))

    op.drop_table("role_grant")
    with op.batch_alter_table("outgoing_mail", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outgoing_mail_person_id"))

    op.drop_table("outgoing_mail")
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_index("ix_notice_person")

    op.drop_table("notice")
    op.drop_table("audit_plan")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_agent_code"))

    op.drop_table("person")
    op.drop_table("team")
    with op.batch_alter_table("sign_in_try", schema=None) as batch_op:
        batch_op.drop_index("ix_sign_in_try_pair")

    op.drop_table("sign_in_try")
    op.drop_table("rendered_text")
    op.drop_table("region")
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_job_name"))
        batch_op.drop_index("ix_job_due")

    op.drop_table("job")
    op.drop_table("department")
    op.drop_table("anchor")
    with op.batch_alter_table("activity_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_activity_line_verb"))
        batch_op.drop_index(batch_op.f("ix_activity_line_subject"))
        batch_op.drop_index("ix_activity_line_object")
        batch_op.drop_index(batch_op.f("ix_activity_line_at"))

    op.drop_table("activity_line")
    op.drop_table("activity_head")
