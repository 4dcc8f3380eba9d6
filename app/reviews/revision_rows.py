"""Owns what this room keeps beside a revision and brings along with it."""

from app.reviews import counsel_queries, plans, queries
from app.reviews.models import CounselInvitation, ReviewRound
from app.standards.beside import Beside, count_of, none_if_zero
from app.standards.models import Revision

BESIDE = (
    Beside(queries.tasks, count_of(ReviewRound.id, ReviewRound.revision_id), answer=none_if_zero),
    Beside(
        counsel_queries.invitations,
        count_of(CounselInvitation.id, CounselInvitation.revision_id),
        answer=none_if_zero,
    ),
    Beside(plans.kept_steps, plans.kept_steps_beside(Revision.id)),
)
