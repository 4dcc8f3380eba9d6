"""Owns roles, permissions, what each role grants, and the marks on views. Knows no table."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Role(StrEnum):
    """Who somebody is in the loop (`mission.md`, the people)."""

    PROPOSER = "proposer"  # all staff
    SERVICE_DIRECTOR = "service_director"
    ASSESSOR = "assessor"
    DRAFTER = "drafter"
    LEGAL_REVIEWER = "legal_reviewer"
    BUSINESS_REVIEWER = "business_reviewer"
    IT_REVIEWER = "it_reviewer"
    PILOT_LEAD = "pilot_lead"
    TRAINER = "trainer"
    AGENT = "agent"
    TEAM_LEAD = "team_lead"
    QA_AUDITOR = "qa_auditor"
    COMMITTEE_MEMBER = "committee_member"
    COMMITTEE_CHAIR = "committee_chair"
    LIAISON = "liaison"
    ADMIN = "admin"
    OUTSIDE_AUDITOR = "outside_auditor"  # read only, with an end date
    VISITOR = "visitor"  # nobody signed in


class Permission(StrEnum):
    """What somebody may do. One permission opens one kind of door."""

    USE_DESK = "use_desk"  # own desk, profile, notices
    READ_STANDARDS = "read_standards"  # standards in force, past and coming
    READ_REVISIONS = (
        "read_revisions"  # a revision's page, changes, timeline; the front line reaches it by links
    )
    LIST_REVISIONS = "list_revisions"  # the list of all revisions
    READ_EVIDENCE = "read_evidence"  # issues and masked tickets
    MANAGE_EVIDENCE = "manage_evidence"  # import, link, set aside, answer suggestions
    UNMASK = "unmask"  # see a ticket's original, with a reason, where originals are kept at all
    PROPOSE = "propose"  # open and submit a proposal, withdraw the own one
    TRIAGE = "triage"  # open scoring, decline, merge, fast track
    SCORE = "score"  # fill in a score card
    CONFIRM_RANK = "confirm_rank"  # the chair: accept, decline late, waive the pilot
    DRAFT = "draft"  # change clauses, submit for review
    REVIEW_LEGAL = "review_legal"
    REVIEW_BUSINESS = "review_business"
    REVIEW_IT = "review_it"
    REVIEW = "review"  # any reviewer: threads, send back
    PLAN_REVIEWS = "plan_reviews"  # write the review plan of new revisions
    RUN_PILOT = "run_pilot"  # set up, watch, propose a conclusion
    DECIDE_PILOT = "decide_pilot"  # start and conclude
    PUBLISH = "publish"  # schedule, undo
    KEEP_WORDS = "keep_words"  # the list of words that no text may use
    EMERGENCY = "emergency"  # named authority: emergency publishing and fast track
    ACKNOWLEDGE = "acknowledge"  # own assignments
    READ_OWN_RESULTS = "read_own_results"  # an agent's own quality checks
    READ_TEAM = "read_team"  # own team's training and results, reminders
    TRAIN = "train"  # questions, assignments, training verdict
    AUDIT = "audit"  # plans, draws, scorecards
    READ_REPORTS = "read_reports"  # monthly report
    READ_DOSSIER = "read_dossier"
    ARCHIVE = "archive"  # seal a dossier
    READ_LOG = "read_log"  # activity log
    MANAGE_PEOPLE = "manage_people"
    MANAGE_SYSTEM = "manage_system"  # jobs, health
    READ_INSIGHTS = "read_insights"
    READ_COMMITTEE = "read_committee"  # agenda, briefs, minutes, budget
    SIT_ON_COMMITTEE = "sit_on_committee"  # agree or object, count for the quorum
    LEAD_COMMITTEE = "lead_committee"  # the chair: call, decide, confirm the minutes, set money aside
    KEEP_BUDGET = "keep_budget"  # enter what is committed and spent


_P = Permission
STAFF = frozenset({_P.USE_DESK, _P.READ_STANDARDS, _P.PROPOSE, _P.ACKNOWLEDGE, _P.READ_REVISIONS})
INSIDE = STAFF | {_P.LIST_REVISIONS}

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.PROPOSER: STAFF,
    Role.SERVICE_DIRECTOR: INSIDE
    | {
        _P.READ_EVIDENCE,
        _P.MANAGE_EVIDENCE,
        _P.UNMASK,
        _P.TRIAGE,
        _P.DECIDE_PILOT,
        _P.PUBLISH,
        _P.KEEP_WORDS,
        _P.READ_REPORTS,
    }
    | {_P.READ_DOSSIER, _P.READ_TEAM, _P.READ_INSIGHTS, _P.READ_LOG, _P.EMERGENCY}
    | {_P.READ_COMMITTEE, _P.KEEP_BUDGET, _P.PLAN_REVIEWS},
    Role.ASSESSOR: INSIDE | {_P.SCORE, _P.READ_EVIDENCE, _P.READ_DOSSIER},
    Role.DRAFTER: INSIDE | {_P.DRAFT, _P.READ_EVIDENCE, _P.READ_DOSSIER},
    Role.LEGAL_REVIEWER: INSIDE | {_P.REVIEW, _P.REVIEW_LEGAL, _P.READ_EVIDENCE, _P.READ_DOSSIER},
    Role.BUSINESS_REVIEWER: INSIDE | {_P.REVIEW, _P.REVIEW_BUSINESS, _P.READ_DOSSIER},
    Role.IT_REVIEWER: INSIDE | {_P.REVIEW, _P.REVIEW_IT, _P.READ_DOSSIER},
    Role.PILOT_LEAD: INSIDE | {_P.RUN_PILOT, _P.READ_EVIDENCE, _P.READ_DOSSIER},
    Role.TRAINER: INSIDE | {_P.TRAIN, _P.READ_TEAM, _P.READ_DOSSIER},
    Role.AGENT: STAFF | {_P.READ_OWN_RESULTS},
    Role.TEAM_LEAD: INSIDE | {_P.READ_TEAM, _P.READ_OWN_RESULTS, _P.READ_REPORTS},
    Role.QA_AUDITOR: INSIDE | {_P.AUDIT, _P.READ_EVIDENCE, _P.READ_REPORTS, _P.READ_DOSSIER, _P.ARCHIVE},
    Role.COMMITTEE_MEMBER: INSIDE
    | {_P.READ_EVIDENCE, _P.READ_REPORTS, _P.READ_DOSSIER, _P.READ_INSIGHTS}
    | {_P.READ_COMMITTEE, _P.SIT_ON_COMMITTEE},
    Role.COMMITTEE_CHAIR: INSIDE
    | {_P.CONFIRM_RANK, _P.READ_EVIDENCE, _P.READ_REPORTS, _P.READ_DOSSIER, _P.READ_INSIGHTS}
    | {_P.READ_COMMITTEE, _P.SIT_ON_COMMITTEE, _P.LEAD_COMMITTEE, _P.KEEP_BUDGET},
    Role.LIAISON: INSIDE | {_P.READ_DOSSIER},
    # By virtue of being an administrator nobody signs, scores or edits content.
    Role.ADMIN: frozenset(
        {
            _P.USE_DESK,
            _P.READ_STANDARDS,
            _P.READ_LOG,
            _P.MANAGE_PEOPLE,
            _P.MANAGE_SYSTEM,
            _P.PLAN_REVIEWS,
        }
    ),
    Role.OUTSIDE_AUDITOR: frozenset(
        {
            _P.USE_DESK,
            _P.READ_STANDARDS,
            _P.READ_REVISIONS,
            _P.LIST_REVISIONS,
            _P.READ_DOSSIER,
            _P.READ_LOG,
            _P.READ_REPORTS,
        }
    ),
    Role.VISITOR: frozenset(),
}


@dataclass(frozen=True)
class Scope:
    """Where a grant counts. None in a field means everywhere."""

    team_id: int | None = None
    region_id: int | None = None
    department_id: int | None = None

    @property
    def is_everywhere(self) -> bool:
        return self.team_id is None and self.region_id is None and self.department_id is None


@dataclass(frozen=True)
class GrantValue:
    """One role with its scope, already known to count now."""

    role: Role
    scope: Scope = field(default_factory=Scope)


@dataclass(frozen=True)
class Actor:
    """Who is doing something: plain values only. `person_id` None is the system or a visitor.

    `subject` is the random id that stands in Git and in the activity log instead of a name.
    """

    person_id: int | None
    subject: str
    grants: tuple[GrantValue, ...] = ()
    department_id: int | None = None
    team_id: int | None = None
    region_id: int | None = None
    is_system: bool = False

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(g.role for g in self.grants)

    @property
    def permissions(self) -> frozenset[Permission]:
        return frozenset(p for g in self.grants for p in GRANTS[g.role])

    def may(self, permission: Permission) -> bool:
        """Tells whether any role grants the permission, in whatever scope."""
        return any(permission in GRANTS[g.role] for g in self.grants)

    def has(self, role: Role) -> bool:
        """Tells whether the actor holds the role, in whatever scope."""
        return any(g.role is role for g in self.grants)

    def scopes(self, permission: Permission) -> tuple[Scope, ...]:
        """Returns the scopes in which the permission counts; empty means it is not held."""
        return tuple(g.scope for g in self.grants if permission in GRANTS[g.role])


SYSTEM = Actor(person_id=None, subject="system", is_system=True)
VISITOR = Actor(person_id=None, subject="visitor")


def grant_counts(starts: dt.date | None, ends: dt.date | None, day: dt.date) -> bool:
    """Tells whether a grant with these dates (both included, None is open) counts on the day."""
    return (starts is None or starts <= day) and (ends is None or day <= ends)


View = Callable[..., Any]


def requires(permission: Permission) -> Callable[[View], View]:
    """Marks a view as open to whoever holds the permission."""

    def mark(view: View) -> View:
        view.required_permission = permission  # type: ignore[attr-defined]
        return view

    return mark


def open_to_all(view: View) -> View:
    """Marks a view as open to everybody, signed in or not."""
    view.required_permission = None  # type: ignore[attr-defined]
    return view


def required_of(view: View) -> Permission | bool | None:
    """Returns the permission a view asks for, None for an open view, False for an unmarked one."""
    mark = getattr(view, "required_permission", False)
    return mark if mark is None or isinstance(mark, Permission) else False
