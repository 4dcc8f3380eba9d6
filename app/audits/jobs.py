"""Owns the job of audits: writing a draw to the store's records."""

import json

from app.audits.models import AuditPlan
from app.core import clock
from app.core.access import SYSTEM
from app.core.db import db
from app.standards.store_access import store


def record_draw(plan_id: int) -> dict[str, object]:
    """Job: writes what was drawn to the records, so that nobody can draw again until they like it."""
    plan = db.session.get_one(AuditPlan, plan_id)
    value = {
        "month": plan.month,
        "seed": plan.seed,
        "sample_size": plan.sample_size,
        "population": plan.population,
        "strata": plan.strata,
        "order_sha256": plan.order_sha256,
        "drawn_at": (plan.drawn_at or clock.now()).isoformat(),
    }
    data = (json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()
    path, at = f"draws/{plan.month}.json", plan.drawn_at or clock.now()
    db.session.commit()
    commit = store().append_records({path: data}, SYSTEM.subject, at)
    db.session.get_one(AuditPlan, plan_id).record_commit = commit
    return {"commit": commit}
