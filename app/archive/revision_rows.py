"""Owns what this room keeps beside a revision and brings along with it."""

from app.archive import queries
from app.archive.models import Dossier, EffectEvaluation
from app.standards.beside import Beside, count_of, none_if_zero
from app.standards.models import Revision

BESIDE = (
    Beside(queries.dossier, Dossier, Dossier.revision_id == Revision.id),
    Beside(queries.effects, count_of(EffectEvaluation.id, EffectEvaluation.revision_id), answer=none_if_zero),
)
