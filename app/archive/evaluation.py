"""Owns computing the effect of a revision: the measure registered beforehand, before and after it took effect."""

import datetime as dt

from app.archive import effects, queries
from app.archive.models import EffectEvaluation
from app.core import activity, clock, events
from app.core.access import SYSTEM
from app.core.db import db
from app.core.intervals import Interval, wilson
from app.evidence import counting
from app.evidence.counting import Kept
from app.pilots.statistics import Difference, Share, share_difference
from app.publishing import queries as publishing
from app.publishing.models import Hypothesis
from app.standards.measures import Measure
from app.standards.models import Revision

NOT_MEASURED = "not_measured"  # tickets cannot tell this measure


def evaluate_effect(revision_id: int, days: int) -> dict[str, object]:
    """Job: computes the effect so many days after the revision took effect, once, and announces it."""
    if any(e.days == days for e in queries.effects(revision_id)):
        return {"known": True}
    revision = db.session.get_one(Revision, revision_id)
    hypothesis = publishing.hypothesis(revision_id)
    publication = publishing.publication_of(revision_id)
    if hypothesis is None or publication is None:
        return {"known": False}
    effective = publication.effective_on
    before = (effective - dt.timedelta(days=days), effective - dt.timedelta(days=1))
    after = (effective, effective + dt.timedelta(days=days - 1))
    measure = Measure.from_data(hypothesis.measure)
    counted = [counting.backtest(measure, *period) for period in (before, after)]
    kept = [c if isinstance(c, Kept) else Kept(0, 0) for c in counted]
    is_measured = all(isinstance(c, Kept) for c in counted)
    row = EffectEvaluation(
        revision_id=revision_id,
        days=days,
        computed_at=clock.now(),
        before_starts=before[0],
        before_ends=before[1],
        after_starts=after[0],
        after_ends=after[1],
        before_kept=kept[0].kept,
        before_count=kept[0].n,
        after_kept=kept[1].kept,
        after_count=kept[1].n,
        verdict=verdict(hypothesis, days, kept[0], kept[1]) if is_measured else NOT_MEASURED,
    )
    db.session.add(row)
    db.session.flush()
    activity.record(
        SYSTEM,
        "effect.evaluated",
        "revision",
        revision.number,
        days=days,
        before=[row.before_kept, row.before_count],
        after=[row.after_kept, row.after_count],
        verdict=row.verdict,
    )
    events.announce(events.EffectEvaluated(revision_id, days))
    return {"verdict": row.verdict}


def evaluate_due() -> None:
    """Computes every effect whose days are over. Commits each by itself."""
    for due in queries.due_effects(clock.today()):
        evaluate_effect(due.revision_id, due.days)
        db.session.commit()


def difference(row: EffectEvaluation) -> Difference | None:
    """Returns the difference of the kept share, after minus before, with its interval; None without contacts."""
    if not row.before_count or not row.after_count:
        return None
    return share_difference(Share(row.after_kept, row.after_count), Share(row.before_kept, row.before_count))


def verdict(hypothesis: Hypothesis, days: int, before: Kept, after: Kept) -> str:
    """Returns the verdict of `effects.py` on these counts against the effect registered beforehand."""
    expected = effects.Hypothesis(
        effects.Direction(hypothesis.direction.value), hypothesis.smallest_change_points / 100
    )
    found = effects.effect(days, Share(before.kept, before.n), Share(after.kept, after.n), expected)
    return found.verdict.value


def share(kept: int, count: int) -> Interval | None:
    """Returns the interval of a kept share, None without contacts."""
    return wilson(kept, count) if count else None
