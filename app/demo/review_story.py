"""Owns the demonstration's review plan: written on the last day of the story, so that it counts for what is begun next."""

from dataclasses import replace

from app.demo.people import actor
from app.demo.timeline import Timeline
from app.reviews import plans
from app.reviews.freshness import Kind, Need, Step

NOTE = "大促期间两次发现与退货流程冲突：销售和运营都要看，法务与 IT 先看"
LEGAL, IT = Step("", Kind.LEGAL), Step("", Kind.IT)
BUSINESS = Step("", Kind.BUSINESS, order=2)
STEPS = (
    LEGAL,
    IT,
    replace(BUSINESS, department="sales"),
    replace(BUSINESS, department="operations"),
    replace(BUSINESS, order=3, tags=("public", "promise"), need=Need.COUNT, count=2, is_required=False),
)


def note(time: Timeline) -> None:
    """Notes on the timeline that the director writes a plan; revisions begun before it keep theirs."""
    time.on(-1, lambda: plans.write_plan(actor("wangfang"), STEPS, note=NOTE), 17)
