"""Owns what the page of a pilot shows: plan, groups, size, readings over time, result. Writes nothing."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.core import clock
from app.core.access import Actor, Permission, Role
from app.evidence.counting import PeriodKept
from app.evidence.words import CHANNEL_WORDS
from app.people import queries as people
from app.people.models import Person
from app.pilots import checks, planning, queries
from app.pilots.models import Pilot, PilotResult, PilotState
from app.pilots.planning import Likeness
from app.pilots.statistics import Share
from app.standards import lifecycle, measure_words
from app.standards import queries as standards
from app.standards.lifecycle import Attempt
from app.standards.measures import Measure
from app.standards.models import Revision, RevisionStep
from app.standards.revision_page import name_of
from app.standards.workflow import Move, State
from app.web.charts import LineChart, Series, line_chart
from app.web.language import current_language, pick
from app.web.reasons import reason_words

LEAST_SHOWN = 10  # a week with fewer contacts is a gap in the line


@dataclass(frozen=True)
class Size:
    """How large the pilot has to be: contacts in each group, weeks at present volume, and what the plan would show.

    `needed` is None when the weeks before are too few for such a change, `weeks` when a group has no contacts.
    """

    needed: int | None
    weeks: int | None
    planned_weeks: int
    visible_points: float


@dataclass(frozen=True)
class PilotPage:
    """Everything the page of a pilot shows. `phase` is none, planned, running or ended."""

    revision: Revision
    phase: str
    pilot: Pilot | None
    result: PilotResult | None
    measure: Measure | None
    chart: LineChart | None
    likeness: Likeness | None
    size: Size | None
    places: Mapping[str, str]
    contact: Person | None
    recommender: Person | None
    start_missing: tuple[str, ...]
    may_plan: bool
    may_start: bool
    may_recommend: bool
    may_decide: bool
    may_waive: bool
    waiver: RevisionStep | None  # the chair let this revision go on without a pilot
    ended_by_plan: bool

    @property
    def is_harmful(self) -> bool:
        """Tells whether the stop rule is met."""
        return self.result is not None and bool(self.result.numbers.get("harm"))

    @property
    def is_interim(self) -> bool:
        """Tells whether the newest result decides nothing yet."""
        return self.phase == "running" and not self.ended_by_plan


def page_of(revision: Revision, actor: Actor) -> PilotPage:
    """Returns the page of a revision's pilot as the actor may see it."""
    pilot = queries.pilot_of(revision.id)
    measure = Measure.from_data(pilot.measure) if pilot else None
    pilot_weeks, comparison_weeks = _weeks(pilot)
    names = people.by_ids({i for i in ((pilot.contact_id, pilot.recommended_by_id) if pilot else ()) if i})
    runs = pilot is not None and pilot.state is PilotState.RUNNING
    is_left_open = checks.is_left_open(revision)
    open_for_plan = revision.state in (State.DRAFTING, State.IN_REVIEW) or is_left_open
    return PilotPage(
        revision=revision,
        phase=pilot.state.value if pilot else "none",
        pilot=pilot,
        result=queries.newest_result(pilot.id) if pilot else None,
        measure=measure,
        chart=chart_of(measure, pilot_weeks, comparison_weeks, _names(pilot)) if pilot and measure else None,
        likeness=_likeness(pilot, pilot_weeks, comparison_weeks),
        size=_size(pilot, pilot_weeks, comparison_weeks),
        places=_names(pilot),
        contact=names.get(pilot.contact_id or 0) if pilot else None,
        recommender=names.get(pilot.recommended_by_id or 0) if pilot else None,
        start_missing=start_missing(revision, actor) if open_for_plan else (),
        may_plan=open_for_plan and _any(actor, Permission.RUN_PILOT, Permission.DECIDE_PILOT),
        may_start=(revision.state is State.IN_REVIEW or is_left_open) and actor.may(Permission.DECIDE_PILOT),
        may_recommend=runs and actor.may(Permission.RUN_PILOT),
        may_decide=runs and actor.may(Permission.DECIDE_PILOT),
        may_waive=may_waive(revision, actor),
        waiver=None if pilot else _waiver(revision),
        ended_by_plan=pilot is not None and clock.today() > pilot.ends_on,
    )


def _waiver(revision: Revision) -> RevisionStep | None:
    return next((s for s in reversed(standards.steps(revision.id)) if s.move is Move.WAIVE_PILOT), None)


def may_waive(revision: Revision, actor: Actor) -> bool:
    """Tells whether the actor may let the revision go on without a pilot: in review, or ready with none decided."""
    if not actor.may(Permission.CONFIRM_RANK):
        return False
    return revision.state is State.IN_REVIEW or checks.is_left_open(revision)


def measures_of(revision: Revision) -> dict[str, Measure]:
    """Returns what can be judged of the changed clauses by key `c07/m01`."""
    drafts = standards.clause_drafts(revision.id)
    return _keyed(Measure.from_data(m) for draft in drafts for m in draft.measures)


def guards_of(revision: Revision) -> dict[str, Measure]:
    """Returns what else the standard measures and contacts can tell, by key."""
    changed = {draft.clause_id for draft in standards.clause_drafts(revision.id)}
    published = standards.published_documents(revision.standard).values()
    return _keyed(m for document in published for m in document.front.measures if m.clause_id not in changed)


def choices(measures: Mapping[str, Measure]) -> list[tuple[str, str]]:
    """Returns measures as a form offers them."""
    return [
        (key, f"{m.clause_id.upper()} {measure_words.measure_sentence(m)}") for key, m in measures.items()
    ]


def contacts() -> list[tuple[str, str]]:
    """Returns the pilot leads as a form offers them."""
    return [(str(p.id), name_of(p)) for p in people.holders(Role.PILOT_LEAD)]


def place_words(scope: Mapping[str, Sequence[str]]) -> str:
    """Returns where a scope is, in the reader's language: `East China · Phone`."""
    regions = {r.code: pick(r.name_zh, r.name_en) for r in people.regions()}
    channels = {str(c): str(words) for c, words in CHANNEL_WORDS.items()}
    comma = "、" if current_language() == "zh" else ", "
    parts = [
        comma.join(names.get(value, value) for value in scope.get(key, ()))
        for key, names in (("region", regions), ("channel", channels))
    ]
    return " · ".join(part for part in parts if part)


def chart_of(
    measure: Measure,
    pilot_weeks: Sequence[PeriodKept],
    comparison_weeks: Sequence[PeriodKept],
    names: Mapping[str, str],
) -> LineChart | None:
    """Returns both groups week by week with the target; None while no week has enough contacts."""
    if not pilot_weeks:
        return None
    columns = [f"{w.starts_on.month}/{w.starts_on.day}" for w in pilot_weeks]
    target = float(measure.share_percent) if measure.share_percent is not None else None
    series = [_series(names["pilot"], pilot_weeks), _series(names["comparison"], comparison_weeks)]
    chart = line_chart(columns, series, target=target)
    return None if chart.is_empty else chart


def _keyed(measures: Any) -> dict[str, Measure]:
    return {f"{m.clause_id}/{m.id}": m for m in measures if queries.is_judged(m)}


def _any(actor: Actor, *permissions: Permission) -> bool:
    return any(actor.may(permission) for permission in permissions)


def _names(pilot: Pilot | None) -> dict[str, str]:
    if pilot is None:
        return {"pilot": "", "comparison": ""}
    return {"pilot": place_words(pilot.pilot_scope), "comparison": place_words(pilot.comparison_scope)}


def _weeks(pilot: Pilot | None) -> tuple[list[PeriodKept], list[PeriodKept]]:
    if pilot is None:
        return [], []
    until = min(clock.today() - dt.timedelta(days=1), pilot.ends_on)
    return queries.weeks(pilot, until)


def _before(pilot: Pilot, weeks: Sequence[PeriodKept]) -> list[Share]:
    return [Share(w.counted.kept, w.counted.n) for w in weeks if w.starts_on < pilot.starts_on]


def _likeness(
    pilot: Pilot | None, first: Sequence[PeriodKept], second: Sequence[PeriodKept]
) -> Likeness | None:
    if pilot is None:
        return None
    change = pilot.smallest_change_points / 100
    return planning.likeness(_before(pilot, first), _before(pilot, second), change)


def _size(pilot: Pilot | None, first: Sequence[PeriodKept], second: Sequence[PeriodKept]) -> Size | None:
    if pilot is None:
        return None
    groups = [_before(pilot, first), _before(pilot, second)]
    totals = [sum(share.n for share in group) for group in groups]
    if not min(totals):
        return None
    volumes = [total / max(1, len(group)) for total, group in zip(totals, groups, strict=True)]
    change = pilot.smallest_change_points / 100
    kept = sum(share.kept for share in groups[0]) / totals[0]
    base = min(max(kept, 0.01), 0.99 - change)
    needed = planning.needed_for_shares(base, change, min(totals))
    planned_weeks = max(1, round(((pilot.ends_on - pilot.starts_on).days + 1) / 7))
    return Size(
        needed=needed,
        weeks=planning.weeks_needed(needed, volumes) if needed is not None else None,
        planned_weeks=planned_weeks,
        visible_points=100 * planning.smallest_visible_share(base, int(min(volumes) * planned_weeks)),
    )


def start_missing(revision: Revision, actor: Actor) -> tuple[str, ...]:
    """Returns in sentences what is missing before the pilot can start; empty means nothing but the permission."""
    reasons = lifecycle.why_not(revision, Attempt(Move.START_PILOT, actor))
    return tuple(reason_words(r) for r in reasons if r.key not in ("move.no_permission", "move.wrong_state"))


def _series(name: str, weeks: Sequence[PeriodKept]) -> Series:
    shown = [w.counted if w.counted.n >= LEAST_SHOWN else None for w in weeks]
    return Series(
        name=name,
        values=[100 * c.share if c else None for c in shown],
        low=[100 * c.interval.low if c else None for c in shown],
        high=[100 * c.interval.high if c else None for c in shown],
    )
