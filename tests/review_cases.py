"""Ready-made situations of drafting and review: a revision of cs-04 in drafting, its text at 12 hours, in review."""

from app.core.access import Actor
from app.core.db import db, transaction
from app.proposals import service as proposals
from app.standards import drafting, queries, submitting
from app.standards.drafting import ClauseText
from app.standards.measures import Measure
from app.standards.models import Materiality, Revision
from tests.house_fixtures import House
from tests.proposal_cases import make_proposal
from tests.snapshots import remembered


@remembered
def make_drafting(house: House, clauses: tuple[str, ...] = ("c07",), **words: str) -> Revision:
    """Returns a revision of cs-04 in drafting, on the fast track, with `drafter` named."""
    with transaction():
        revision = make_proposal(house, "director", clauses, **words)
        revision.title_en = "First reply to returns within 12 hours"
        proposals.propose(house.actor("director"), revision)
        proposals.fast_track(house.actor("director"), revision, reason="大促前必须生效")
        revision.drafter_id = house.person("drafter").id
    return revision


def twelve_hours(revision: Revision, hours: str = "12") -> ClauseText:
    """Returns c07 of cs-04 with another number of hours, in both texts and in the measure."""
    base = queries.published_documents(revision.standard)
    zh, en = base["zh"].clause("c07"), base["en"].clause("c07")
    measures = [Measure.from_data({**m.to_data(), "value": hours}) for m in base["zh"].measures_of("c07")]
    return ClauseText(
        heading_zh=zh.heading.replace("24", hours),
        body_zh=zh.body.replace("24 小时", f"{hours} 小时"),
        heading_en=en.heading.replace("24", hours),
        body_en=en.body.replace("24 hours", f"{hours} hours"),
        measures=measures,
        materiality=Materiality.MATERIAL,
    )


def draft_twelve_hours(actor: Actor, revision: Revision, hours: str = "12") -> None:
    """Saves c07 with another number of hours over what stands in the draft."""
    with transaction():
        draft = queries.clause_draft(revision.id, "c07")
        seen = draft.lock_version if draft else None
        drafting.save_clause(actor, revision, "c07", twelve_hours(revision, hours), seen_version=seen)


@remembered
def make_review(house: House, clauses: tuple[str, ...] = ("c07",)) -> Revision:
    """Returns a revision in review with its text at 12 hours, frozen and kept in the store."""
    revision = make_drafting(house, clauses)
    draft_twelve_hours(house.actor("drafter"), revision)
    with transaction():
        submitting.submit(house.actor("drafter"), revision)
    house.run_jobs()
    db.session.expire_all()
    return revision
