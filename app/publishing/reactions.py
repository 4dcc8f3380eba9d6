"""Owns what publishing does on news: the outputs of a publication. Decides nothing."""

import sqlalchemy as sa

from app.core import events
from app.core.db import db
from app.standards import clause_reading, handbook, queries, rendering
from app.standards.models import ClauseVersion, Publication


def make_outputs(event: events.Published) -> None:
    """Keeps the HTML of the published texts; of a revision it also asks for the handbook in each language.

    An import brings a whole library at once: its handbooks are made when somebody asks for one.
    """
    publication = db.session.get_one(Publication, event.publication_id)
    documents = queries.documents_of(publication)
    rows = db.session.scalars(sa.select(ClauseVersion).where(ClauseVersion.publication_id == publication.id))
    rendering.store_rendered([*clause_reading.rules_of_rows(rows), *(d.preamble for d in documents.values())])
    if event.revision_id is not None:
        for language in sorted(documents):
            handbook.ask_for(publication, language)
