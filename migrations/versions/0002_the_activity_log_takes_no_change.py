"""The activity log takes no change

Revision ID: 0002
Revises: 0001
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MAKE = {
    "sqlite": (
        "CREATE TRIGGER activity_line_no_update BEFORE UPDATE ON activity_line "
        "BEGIN SELECT RAISE(ABORT, 'the activity log is append-only'); END",
        "CREATE TRIGGER activity_line_no_delete BEFORE DELETE ON activity_line "
        "BEGIN SELECT RAISE(ABORT, 'the activity log is append-only'); END",
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION activity_line_append_only() RETURNS trigger AS $$ "
        "BEGIN RAISE EXCEPTION 'the activity log is append-only'; END $$ LANGUAGE plpgsql",
        "CREATE TRIGGER activity_line_append_only BEFORE UPDATE OR DELETE ON activity_line "
        "FOR EACH ROW EXECUTE FUNCTION activity_line_append_only()",
    ),
}
DROP = {
    "sqlite": ("DROP TRIGGER activity_line_no_update", "DROP TRIGGER activity_line_no_delete"),
    "postgresql": (
        "DROP TRIGGER activity_line_append_only ON activity_line",
        "DROP FUNCTION activity_line_append_only()",
    ),
}


def upgrade() -> None:
    """Lets the database itself refuse to change or delete a line of the log; rows stay."""
    for statement in MAKE[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    """Takes the refusal away; rows stay."""
    for statement in DROP[op.get_bind().dialect.name]:
        op.execute(statement)
