"""Owns what this room keeps beside a revision and brings along with it."""

import sqlalchemy as sa
from sqlalchemy.orm import defer

from app.publishing import queries
from app.publishing.models import Hypothesis, PublicationPlan
from app.standards.beside import Beside
from app.standards.models import Publication, PublicationState, Revision

_is_own = sa.and_(Publication.revision_id == Revision.id, Publication.state == PublicationState.PUBLISHED)

BESIDE = (
    Beside(queries.plan, PublicationPlan, PublicationPlan.revision_id == Revision.id),
    Beside(queries.hypothesis, Hypothesis, Hypothesis.revision_id == Revision.id),
    Beside(
        queries.publication_of,
        Publication,
        _is_own,
        options=(defer(Publication.content), defer(Publication.manifest)),
    ),
)
