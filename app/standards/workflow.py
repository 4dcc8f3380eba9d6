"""Owns the law of a revision: one pure table of moves. Proves no fact and touches no row."""

from dataclasses import dataclass
from enum import StrEnum

from app.core.access import Permission


class State(StrEnum):
    """Where a revision stands."""

    DRAFT = "draft"  # a proposal being written
    PROPOSED = "proposed"  # submitted, in triage
    SCORING = "scoring"  # before the panel
    DRAFTING = "drafting"
    IN_REVIEW = "in_review"
    PILOTING = "piloting"
    READY = "ready"  # may be scheduled
    SCHEDULED = "scheduled"  # frozen; published when the undo window ends
    IN_FORCE = "in_force"
    ARCHIVED = "archived"  # the dossier is sealed
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Move(StrEnum):
    """What can happen to a revision."""

    PROPOSE = "propose"
    OPEN_SCORING = "open_scoring"
    DECLINE = "decline"
    ACCEPT = "accept"
    SUBMIT = "submit"
    SEND_BACK = "send_back"
    START_PILOT = "start_pilot"
    WAIVE_PILOT = "waive_pilot"
    ADOPT = "adopt"
    AMEND = "amend"
    STOP = "stop"
    EXTEND_PILOT = "extend_pilot"
    SCHEDULE = "schedule"
    UNDO_SCHEDULE = "undo_schedule"
    REOPEN = "reopen"
    DECLINE_LATE = "decline_late"
    TAKE_EFFECT = "take_effect"
    ARCHIVE = "archive"
    WITHDRAW = "withdraw"
    FAST_TRACK = "fast_track"
    EMERGENCY = "emergency"


class Fact(StrEnum):
    """Something that must be true before a move. The wiring page names the function that proves each."""

    COMPLETE = "complete"  # problem, clause and source are given
    DUPLICATES_SEEN = "duplicates_seen"
    CLAUSES_FREE = "clauses_free"  # no other open revision holds a clause
    EVIDENCE_ATTACHED = "evidence_attached"
    BENEFIT_STATED = "benefit_stated"
    REASON_GIVEN = "reason_given"
    QUORUM_REACHED = "quorum_reached"
    RANK_CONFIRMED = "rank_confirmed"
    SOMETHING_CHANGED = "something_changed"
    CHANGES_CLASSIFIED = "changes_classified"
    NO_STOPPING_CHECK = "no_stopping_check"  # no text check of the grade *stop*
    CLAUSE_REASON_GIVEN = "clause_reason_given"
    SIGN_OFFS_FRESH = "sign_offs_fresh"
    SIGN_OFF_STALE = "sign_off_stale"
    LEGAL_SIGN_OFF_FRESH = "legal_sign_off_fresh"
    PILOT_SET_UP = "pilot_set_up"
    PILOT_DECIDED = "pilot_decided"  # adopted or waived since the revision came into review
    PILOT_UNDECIDED = "pilot_undecided"  # neither: only then it can still be waived, or begun, later
    PILOT_MAY_END = "pilot_may_end"  # planned end reached or stop rule met, or a reason
    FOUR_EYES = "four_eyes"
    OUTPUTS_READY = "outputs_ready"
    LANGUAGES_IN_STEP = "languages_in_step"
    NOTICE_DAYS_KEPT = "notice_days_kept"
    TRAINING_VERDICT = "training_verdict"
    HYPOTHESIS_REGISTERED = "hypothesis_registered"
    INSIDE_UNDO_WINDOW = "inside_undo_window"
    EFFECTIVE_DATE_COME = "effective_date_come"
    EFFECT_EVALUATED = "effect_evaluated"  # at 90 days, or a later revision replaced the clause


@dataclass(frozen=True)
class Rule:
    """One line of the law. `permission` None means only the system may do it."""

    move: Move
    sources: tuple[State, ...]
    target: State
    permission: Permission | None
    facts: tuple[Fact, ...]


_P, _S, _M, _F = Permission, State, Move, Fact

RULES: tuple[Rule, ...] = (
    Rule(
        _M.PROPOSE, (_S.DRAFT,), _S.PROPOSED, _P.PROPOSE, (_F.COMPLETE, _F.DUPLICATES_SEEN, _F.CLAUSES_FREE)
    ),
    # A surge of feedback proposes by itself (mission row 5); its evidence is attached or it does not.
    Rule(_M.PROPOSE, (_S.DRAFT,), _S.PROPOSED, None, (_F.COMPLETE, _F.CLAUSES_FREE, _F.EVIDENCE_ATTACHED)),
    Rule(_M.OPEN_SCORING, (_S.PROPOSED,), _S.SCORING, _P.TRIAGE, (_F.EVIDENCE_ATTACHED, _F.BENEFIT_STATED)),
    Rule(_M.DECLINE, (_S.PROPOSED, _S.SCORING), _S.DECLINED, _P.TRIAGE, (_F.REASON_GIVEN,)),
    Rule(_M.DECLINE, (_S.PROPOSED, _S.SCORING), _S.DECLINED, _P.CONFIRM_RANK, (_F.REASON_GIVEN,)),
    Rule(_M.ACCEPT, (_S.SCORING,), _S.DRAFTING, _P.CONFIRM_RANK, (_F.QUORUM_REACHED, _F.RANK_CONFIRMED)),
    Rule(
        _M.SUBMIT,
        (_S.DRAFTING,),
        _S.IN_REVIEW,
        _P.DRAFT,
        (_F.SOMETHING_CHANGED, _F.CHANGES_CLASSIFIED, _F.NO_STOPPING_CHECK),
    ),
    Rule(_M.SEND_BACK, (_S.IN_REVIEW,), _S.DRAFTING, _P.REVIEW, (_F.CLAUSE_REASON_GIVEN,)),
    Rule(
        _M.START_PILOT,
        (_S.IN_REVIEW,),
        _S.PILOTING,
        _P.DECIDE_PILOT,
        (_F.SIGN_OFFS_FRESH, _F.PILOT_SET_UP),
    ),
    Rule(
        _M.WAIVE_PILOT,
        (_S.IN_REVIEW,),
        _S.READY,
        _P.CONFIRM_RANK,
        (_F.SIGN_OFFS_FRESH, _F.REASON_GIVEN),
    ),
    # An emergency that was taken back leaves a revision ready whose pilot nobody decided on: it is tried after all, or
    # the chair waives it.
    Rule(
        _M.START_PILOT,
        (_S.READY,),
        _S.PILOTING,
        _P.DECIDE_PILOT,
        (_F.PILOT_UNDECIDED, _F.SIGN_OFFS_FRESH, _F.PILOT_SET_UP),
    ),
    Rule(
        _M.WAIVE_PILOT,
        (_S.READY,),
        _S.READY,
        _P.CONFIRM_RANK,
        (_F.PILOT_UNDECIDED, _F.SIGN_OFFS_FRESH, _F.REASON_GIVEN),
    ),
    Rule(_M.ADOPT, (_S.PILOTING,), _S.READY, _P.DECIDE_PILOT, (_F.PILOT_MAY_END,)),
    Rule(_M.AMEND, (_S.PILOTING,), _S.DRAFTING, _P.DECIDE_PILOT, (_F.PILOT_MAY_END,)),
    Rule(_M.STOP, (_S.PILOTING,), _S.DECLINED, _P.DECIDE_PILOT, (_F.PILOT_MAY_END, _F.REASON_GIVEN)),
    Rule(_M.EXTEND_PILOT, (_S.PILOTING,), _S.PILOTING, _P.RUN_PILOT, (_F.REASON_GIVEN,)),
    Rule(_M.EXTEND_PILOT, (_S.PILOTING,), _S.PILOTING, _P.DECIDE_PILOT, (_F.REASON_GIVEN,)),
    Rule(
        _M.SCHEDULE,
        (_S.READY,),
        _S.SCHEDULED,
        _P.PUBLISH,
        (
            _F.PILOT_DECIDED,
            _F.SIGN_OFFS_FRESH,
            _F.FOUR_EYES,
            _F.OUTPUTS_READY,
            _F.LANGUAGES_IN_STEP,
            _F.NOTICE_DAYS_KEPT,
            _F.TRAINING_VERDICT,
            _F.HYPOTHESIS_REGISTERED,
        ),
    ),
    Rule(_M.UNDO_SCHEDULE, (_S.SCHEDULED,), _S.READY, _P.PUBLISH, (_F.INSIDE_UNDO_WINDOW,)),
    Rule(_M.REOPEN, (_S.READY, _S.SCHEDULED), _S.IN_REVIEW, None, (_F.SIGN_OFF_STALE,)),
    Rule(
        _M.DECLINE_LATE,
        (_S.DRAFTING, _S.IN_REVIEW, _S.READY),
        _S.DECLINED,
        _P.CONFIRM_RANK,
        (_F.REASON_GIVEN,),
    ),
    Rule(_M.TAKE_EFFECT, (_S.SCHEDULED,), _S.IN_FORCE, None, (_F.EFFECTIVE_DATE_COME,)),
    Rule(_M.ARCHIVE, (_S.IN_FORCE,), _S.ARCHIVED, _P.ARCHIVE, (_F.EFFECT_EVALUATED,)),
    Rule(
        _M.WITHDRAW,
        (_S.DRAFT, _S.PROPOSED, _S.SCORING, _S.DRAFTING, _S.IN_REVIEW, _S.PILOTING, _S.READY),
        _S.WITHDRAWN,
        _P.PROPOSE,
        (_F.REASON_GIVEN,),
    ),
    Rule(_M.FAST_TRACK, (_S.PROPOSED,), _S.DRAFTING, _P.EMERGENCY, (_F.REASON_GIVEN,)),
    Rule(
        _M.EMERGENCY,
        (_S.IN_REVIEW, _S.READY),
        _S.SCHEDULED,
        _P.EMERGENCY,
        (_F.LEGAL_SIGN_OFF_FRESH, _F.FOUR_EYES, _F.REASON_GIVEN),
    ),
)

OPEN_STATES = frozenset(
    {_S.PROPOSED, _S.SCORING, _S.DRAFTING, _S.IN_REVIEW, _S.PILOTING, _S.READY, _S.SCHEDULED}
)
ENDS = frozenset({_S.DECLINED, _S.WITHDRAWN, _S.ARCHIVED})
# The text may change only here; everywhere else a draft is read-only.
WRITABLE_STATES = frozenset({_S.DRAFTING, _S.IN_REVIEW})
# Moves that only the proposer (owner) may do, whatever the permission says.
OWNER_MOVES = frozenset({_M.PROPOSE, _M.WITHDRAW})

STAGES: tuple[str, ...] = (
    "propose",
    "score",
    "draft",
    "review",
    "pilot",
    "publish",
    "train",
    "monitor",
    "archive",
)
PHASES: dict[str, str] = {
    "propose": "listen",
    "score": "listen",
    "draft": "shape",
    "review": "shape",
    "pilot": "try",
    "publish": "live",
    "train": "live",
    "monitor": "live",
    "archive": "closed",
}


def rules_for(move: Move, state: State) -> tuple[Rule, ...]:
    """Returns the rules that allow the move from the state; empty means it is never allowed there."""
    return tuple(rule for rule in RULES if rule.move is move and state in rule.sources)


def moves_from(state: State) -> tuple[Move, ...]:
    """Returns the moves that can start in a state, in the order of the table, each once."""
    return tuple(dict.fromkeys(rule.move for rule in RULES if state in rule.sources))


def stage_number(state: State, undo_window_over: bool = False) -> int | None:
    """Returns the stage 1 to 9 a state belongs to; None for the two side exits.

    A scheduled revision is in stage 6 until the undo window ends and in stage 7 afterwards.
    """
    if state is State.SCHEDULED:
        return 7 if undo_window_over else 6
    return {
        State.DRAFT: 1,
        State.PROPOSED: 1,
        State.SCORING: 2,
        State.DRAFTING: 3,
        State.IN_REVIEW: 4,
        State.PILOTING: 5,
        State.READY: 6,
        State.IN_FORCE: 8,
        State.ARCHIVED: 9,
    }.get(state)
