"""Owns the question whether the database is of this program's release. The steps themselves stand in `migrations/`."""

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy.exc import DBAPIError

from app.core.db import db

ADVICE = (
    "program and data are of different releases; run `touchstone init` of this release once, then start again"
)


def is_of_another_release() -> bool:
    """Tells whether the database's schema is older or newer than this program, or not made yet.

    May be asked after a fault, and takes back what the session has not committed: its lock would else hold up the
    question. False too when the database does not answer: then nothing is known of its release.
    """
    directory = current_app.extensions["migrate"].directory
    db.session.rollback()
    try:
        with db.engine.connect() as connection:
            has = set(MigrationContext.configure(connection).get_current_heads())
    except DBAPIError:
        return False
    return has != set(ScriptDirectory(directory).get_heads())
