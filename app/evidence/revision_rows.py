"""Owns what this room keeps beside a revision and brings along with it."""

from app.evidence import queries
from app.evidence.models import EvidenceLink
from app.standards.beside import Beside, count_of, none_if_zero

BESIDE = (
    Beside(queries.evidence_of, count_of(EvidenceLink.id, EvidenceLink.revision_id), answer=none_if_zero),
)
