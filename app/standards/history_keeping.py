"""Owns the job that puts the texts of an imported history into the store, under refs of their own. Brings nothing in."""

from itertools import groupby

import sqlalchemy as sa

from app.core.db import db
from app.standards.history_models import EarlierText, ImportedHistory
from app.standards.kept_history import KeptText
from app.standards.models import Standard
from app.standards.store_access import store
from app.standards.store_names import text_path


def keep_history(history_id: int) -> dict[str, object]:
    """Job: writes every standard's earlier texts of one history to the store; doing it again changes nothing."""
    key = db.session.get_one(ImportedHistory, history_id).key
    rows = db.session.execute(
        sa.select(EarlierText, Standard.code, Standard.primary_language)
        .join(Standard, Standard.id == EarlierText.standard_id)
        .where(EarlierText.history_id == history_id)
        .order_by(Standard.code, EarlierText.number)
    ).all()
    chains = {
        code: [
            KeptText(
                row.source_commit, row.at, row.author_subject, text_path(code, language), row.text or None
            )
            for row, _code, language in listed
        ]
        for code, listed in groupby(rows, key=lambda found: found[1])
    }
    db.session.commit()  # the store's lock comes before the database's
    for code, texts in chains.items():
        store().write_history(key, code, texts)
    return {"standards": len(chains), "texts": sum(len(texts) for texts in chains.values())}
