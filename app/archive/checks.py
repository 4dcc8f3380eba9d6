"""Owns the fact that the archive proves for the workflow."""

from app.archive import queries
from app.core.errors import Reason
from app.publishing import queries as publishing
from app.standards.lifecycle import Attempt
from app.standards.models import Revision


def prove_effect_evaluated(revision: Revision, attempt: Attempt) -> tuple[Reason, ...]:
    """The effect was computed at 90 days, or a later revision replaced every clause, or none could be expected.

    A revision without an expected effect was allowed only with a reason, which the dossier names.
    """
    if any(e.days == queries.DAYS[-1] for e in queries.effects(revision.id)) or queries.is_replaced(revision):
        return ()
    if publishing.hypothesis(revision.id) is None:
        return ()
    return (Reason("archive.effect_missing", {"days": queries.DAYS[-1]}),)
