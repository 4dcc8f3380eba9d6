"""Owns the verbs of pilots: setting up, starting, extending, recommending, concluding."""

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence

from app.core import activity, clock, events, jobs
from app.core.access import Actor, Permission
from app.core.activity import canonical
from app.core.db import db
from app.core.errors import FieldError, Invalid, NotAllowed, Reason, Refused
from app.core.text import clean_text
from app.pilots import checks, queries
from app.pilots.models import Pilot, PilotState
from app.standards import lifecycle, projection, texts
from app.standards import queries as standards
from app.standards.drafted_documents import draft_documents
from app.standards.lifecycle import Attempt
from app.standards.measures import Measure
from app.standards.models import Revision, RevisionStep
from app.standards.workflow import Move, State

LIMIT_TEXT_BYTES = 8 * 1024
LONGEST_WEEKS = 52
LATEST_START_DAYS = 365
CONCLUSIONS = {"adopt": Move.ADOPT, "amend": Move.AMEND, "stop": Move.STOP}
SCOPE_KEYS = ("region", "channel", "customer_group")


def set_up(
    actor: Actor,
    revision: Revision,
    *,
    question: str,
    clause_id: str,
    measure: Measure,
    smallest_change_points: int,
    pilot_scope: Mapping[str, Sequence[str]],
    comparison_scope: Mapping[str, Sequence[str]],
    starts_on: dt.date,
    ends_on: dt.date,
    guards: Sequence[Measure] = (),
    harm_points: int = 10,
    contact_id: int | None = None,
) -> Pilot:
    """Keeps the plan of a pilot and returns it; it can be changed until the start. The draft is any state of review.

    Raises Invalid naming each wrong field: groups that overlap or are empty, an end before the start, a measure
    that tickets cannot tell.
    """
    if not (actor.may(Permission.RUN_PILOT) or actor.may(Permission.DECIDE_PILOT)):
        raise NotAllowed("move.no_permission", permission=Permission.RUN_PILOT.value)
    if revision.state not in (State.DRAFTING, State.IN_REVIEW) and not checks.is_left_open(revision):
        raise Refused("pilot.too_late", number=revision.number, state=revision.state.value)
    pilot_in, compared_in = _scope(pilot_scope), _scope(comparison_scope)
    words = clean_text(question, LIMIT_TEXT_BYTES, field="question").strip()
    errors = _wrong_plan(words, pilot_in, compared_in, smallest_change_points, harm_points)
    errors += _wrong_days(starts_on, ends_on)
    if not queries.is_judged(measure):
        errors.append(FieldError("measure", Reason("pilot.not_measured")))
    if errors:
        raise Invalid(errors)
    pilot = queries.pilot_of(revision.id)
    if pilot is None or pilot.state is not PilotState.PLANNED:
        pilot = Pilot(revision_id=revision.id, state=PilotState.PLANNED, created_at=clock.now())
        db.session.add(pilot)
    pilot.question, pilot.clause_id, pilot.measure = words, clause_id, measure.to_data()
    pilot.smallest_change_points, pilot.harm_points = smallest_change_points, harm_points
    pilot.guards = [g.to_data() for g in guards]
    pilot.pilot_scope, pilot.comparison_scope = pilot_in, compared_in
    pilot.starts_on, pilot.ends_on, pilot.contact_id = starts_on, ends_on, contact_id
    pilot.texts = pilot.texts or {}
    db.session.flush()
    activity.record(actor, "pilot.planned", "revision", revision.number, starts=starts_on, ends=ends_on)
    return pilot


def start(actor: Actor, revision: Revision, *, seen: State | None = None) -> Pilot:
    """Starts the pilot: the plan is fixed, its hash recorded, and people in scope follow the pilot text from its first day."""
    pilot = queries.pilot_of(revision.id)
    version = texts.freeze(actor, revision, why="pilot")
    lifecycle.perform(revision, Attempt(Move.START_PILOT, actor), text_version=version, seen=seen)
    if pilot is None:
        raise Refused("pilot.not_set_up", number=revision.number)
    pilot.state, pilot.started_at, pilot.text_version_id = PilotState.RUNNING, clock.now(), version.id
    pilot.texts = _pilot_texts(revision)
    pilot.plan_sha256 = hashlib.sha256(canonical(plan_data(revision, pilot)).encode()).hexdigest()
    db.session.flush()
    activity.record(actor, "pilot.started", "revision", revision.number, plan_sha256=pilot.plan_sha256)
    jobs.enqueue("record_pilot_plan", key=f"pilot-plan:{pilot.id}", pilot_id=pilot.id)
    events.announce(events.PilotStarted(pilot.id, revision.id))
    return pilot


def extend(actor: Actor, revision: Revision, *, ends_on: dt.date, reason: str) -> Pilot:
    """Moves the planned end with a reason; the step keeps both."""
    pilot = _running(revision)
    if ends_on <= pilot.ends_on or ends_on > pilot.starts_on + dt.timedelta(weeks=LONGEST_WEEKS):
        raise Invalid.of("ends_on", "pilot.end_range", weeks=LONGEST_WEEKS)
    lifecycle.perform(revision, Attempt(Move.EXTEND_PILOT, actor, reason=_words(reason)))
    pilot.ends_on, pilot.recommendation = ends_on, None
    return pilot


def recommend(actor: Actor, revision: Revision, conclusion: str, *, note: str) -> Pilot:
    """Keeps what the pilot lead recommends (adopt, amend, stop); the director decides."""
    if not actor.may(Permission.RUN_PILOT):
        raise NotAllowed("move.no_permission", permission=Permission.RUN_PILOT.value)
    if conclusion not in CONCLUSIONS:
        raise Invalid.of("conclusion", "web.not_a_choice")
    pilot = _running(revision)
    pilot.recommendation, pilot.recommendation_note = conclusion, _words(note)
    pilot.recommended_by_id = actor.person_id
    db.session.flush()
    activity.record(actor, "pilot.recommended", "revision", revision.number, conclusion=conclusion)
    return pilot


def conclude(
    actor: Actor, revision: Revision, conclusion: str, *, reason: str = "", seen: State | None = None
) -> RevisionStep:
    """Concludes the pilot: adopt, amend or stop. Before the planned end it needs a reason or the stop rule.

    From now on nobody follows the pilot text; what contacts were bound by it stays readable.
    """
    if conclusion not in CONCLUSIONS:
        raise Invalid.of("conclusion", "web.not_a_choice")
    pilot = _running(revision)
    attempt = Attempt(CONCLUSIONS[conclusion], actor, reason=_words(reason))
    step = lifecycle.perform(revision, attempt, seen=seen)
    pilot.state, pilot.ended_at, pilot.conclusion = PilotState.ENDED, clock.now(), conclusion
    db.session.flush()
    jobs.enqueue("compute_pilot", key=f"pilot-final:{pilot.id}", pilot_id=pilot.id, is_final=True)
    return step


def plan_data(revision: Revision, pilot: Pilot) -> dict[str, object]:
    """Returns the fixed plan as plain values, as it stands in the store's records."""
    return {
        "revision": revision.number,
        "question": pilot.question,
        "clause": pilot.clause_id,
        "measure": pilot.measure,
        "smallest_change_points": pilot.smallest_change_points,
        "guards": pilot.guards,
        "pilot_scope": pilot.pilot_scope,
        "comparison_scope": pilot.comparison_scope,
        "starts_on": pilot.starts_on.isoformat(),
        "ends_on": pilot.ends_on.isoformat(),
        "harm_points": pilot.harm_points,
        "texts": {clause_id: text["hash"] for clause_id, text in pilot.texts.items()},
    }


def _pilot_texts(revision: Revision) -> dict[str, dict[str, object]]:
    documents = draft_documents(revision)
    hashes = projection.clause_hashes(documents)
    made: dict[str, dict[str, object]] = {}
    for draft in standards.clause_drafts(revision.id):
        if draft.kind.value == "retired" or draft.clause_id not in hashes:
            continue
        made[draft.clause_id] = {
            "hash": projection.clause_hash(hashes[draft.clause_id]),
            "heading_zh": draft.heading_zh,
            "heading_en": draft.heading_en,
            "body_zh": draft.body_zh,
            "body_en": draft.body_en,
            "measures": draft.measures,
        }
    return made


def _running(revision: Revision) -> Pilot:
    pilot = queries.pilot_of(revision.id)
    if pilot is None or pilot.state is not PilotState.RUNNING:
        raise Refused("pilot.not_running", number=revision.number)
    return pilot


def _scope(given: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    return {key: sorted(set(given.get(key, ()))) for key in SCOPE_KEYS if given.get(key)}


def _wrong_plan(
    question: str,
    pilot_in: dict[str, list[str]],
    compared_in: dict[str, list[str]],
    points: int,
    harm_points: int,
) -> list[FieldError]:
    wrong = []
    if not question:
        wrong.append(FieldError("question", Reason("pilot.question_missing")))
    if not 1 <= points <= 50:
        wrong.append(FieldError("smallest_change_points", Reason("pilot.points_range")))
    if not pilot_in:
        wrong.append(FieldError("pilot_scope", Reason("pilot.scope_empty")))
    elif not compared_in or _overlap(pilot_in, compared_in):
        wrong.append(FieldError("comparison_scope", Reason("pilot.groups_overlap")))
    if not 1 <= harm_points <= 50:
        wrong.append(FieldError("harm_points", Reason("pilot.points_range")))
    return wrong


def _wrong_days(starts_on: dt.date, ends_on: dt.date) -> list[FieldError]:
    wrong = []
    if starts_on < clock.today():
        wrong.append(FieldError("starts_on", Reason("pilot.start_past")))
    if starts_on > clock.today() + dt.timedelta(days=LATEST_START_DAYS):
        wrong.append(FieldError("starts_on", Reason("pilot.start_far", {"days": LATEST_START_DAYS})))
    elif not starts_on + dt.timedelta(days=6) <= ends_on <= starts_on + dt.timedelta(weeks=LONGEST_WEEKS):
        wrong.append(FieldError("ends_on", Reason("pilot.end_range", {"weeks": LONGEST_WEEKS})))
    return wrong


def _overlap(one: dict[str, list[str]], other: dict[str, list[str]]) -> bool:
    """Two scopes overlap unless some key names different values in both."""
    return not any(set(one[key]).isdisjoint(other[key]) for key in one.keys() & other.keys())


def _words(text: str) -> str:
    return clean_text(text, LIMIT_TEXT_BYTES, field="reason").strip()
