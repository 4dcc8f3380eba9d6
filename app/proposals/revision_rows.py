"""Owns what this room keeps beside a revision and brings along with it."""

from app.proposals import queries
from app.proposals.models import Credit, RankDecision, Scoring
from app.standards.beside import Beside, count_of, newest_of, none_if_zero
from app.standards.models import Revision

BESIDE = (
    Beside(queries.scoring_of, Scoring, Scoring.revision_id == Revision.id),
    Beside(queries.rank_decision, RankDecision, newest_of(RankDecision.id, RankDecision.revision_id)),
    Beside(queries.credited_people, count_of(Credit.id, Credit.revision_id), answer=none_if_zero),
)
