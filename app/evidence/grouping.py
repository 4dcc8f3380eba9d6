"""Owns the run that groups complaints into issues and keeps each issue's number. The words it uses are in `terms.py`."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import sqlalchemy as sa

from app.core import activity, clock
from app.core.access import Actor, Permission
from app.core.db import db
from app.core.errors import NotAllowed
from app.evidence import issues as mined
from app.evidence.likely_clauses import suggest_clauses
from app.evidence.mined_issues import LEAST_TEXTS, find_mined_issues
from app.evidence.mining_process import Progress
from app.evidence.models import Issue, IssueTicket, Ticket
from app.evidence.numbers import next_number
from app.standards import queries as standards_queries
from app.standards.models import Standard

WEEK = dt.timedelta(days=7)
WEEKS_KEPT = 12
BACKGROUND_TEXTS = 2_000
TEXTS_FOR_CLAUSE = 200
EXAMPLES = 3
NO_CATEGORY = "uncategorised"


def group_complaints(
    actor: Actor, until: dt.datetime | None = None, progress: Progress | None = None
) -> list[Issue]:
    """Groups the complaints of the week before `until` (now if None) and returns the issues found, most first.

    Complaints with a category are grouped by it; those without one by what they mean, once there are enough to learn
    from (`mined_issues.py`). An issue keeps its number, its state and a clause chosen by a person from run to
    run; running twice changes nothing. `progress(done, of all)` follows the texts that are read for their
    meaning. Complaints that a person took out of an issue stay out. One that is not found any more keeps its
    rows and counts down to 0.
    """
    if not (actor.is_system or actor.may(Permission.MANAGE_EVIDENCE)):
        raise NotAllowed("move.no_permission", permission=Permission.MANAGE_EVIDENCE.value)
    end = until or clock.now()
    complaints = _complaints(end - WEEKS_KEPT * WEEK, end)
    kept = _without_those_taken_out(complaints)
    others = _background(end - 2 * WEEK, end)
    loose = [one for one in kept if one.category == NO_CATEGORY]
    if len(loose) >= LEAST_TEXTS:
        kept = [one for one in kept if one.category != NO_CATEGORY]
    found = mined.find_issues(kept, others, end - 2 * WEEK, end - WEEK, end)
    names = _names(kept, others, end)
    clauses = _clause_texts()
    by_category = defaultdict(list)
    for one in kept:
        by_category[one.category].append(one)
    touched: list[Issue] = []
    for group in found:
        members = by_category[group.category]
        issue = _known(group, members) or _new_issue(group.category, end)
        if issue.merged_into_id is not None:
            _link(_home(issue), members)
            continue
        _describe(issue, group, names.get(group.category, {}), end)
        _link(issue, members)
        if not issue.clause_by_person:
            _guess_clause(issue, group, members, clauses)
        touched.append(issue)
    db.session.flush()
    touched += find_mined_issues(loose, others, end, lambda category: _new_issue(category, end), progress)
    recount(end)
    activity.record(actor, "complaints.grouped", "issues", end.date().isoformat(), issues=len(touched))
    return touched


def _complaints(since: dt.datetime, until: dt.datetime) -> list[mined.Complaint]:
    rows = db.session.execute(
        sa.select(Ticket.id, Ticket.category, Ticket.subject, Ticket.text, Ticket.created_at)
        .where(Ticket.is_complaint.is_(True), sa.not_(Ticket.deleted))
        .where(Ticket.created_at >= since, Ticket.created_at < until)
        .order_by(Ticket.created_at, Ticket.id)
    )
    return [
        mined.Complaint(
            str(row.id), row.category or NO_CATEGORY, f"{row.subject}\n{row.text}", row.created_at
        )
        for row in rows
    ]


def _without_those_taken_out(complaints: Sequence[mined.Complaint]) -> list[mined.Complaint]:
    out = {
        (str(ticket_id), category)
        for ticket_id, category in db.session.execute(
            sa.select(IssueTicket.ticket_id, Issue.category)
            .join(Issue, Issue.id == IssueTicket.issue_id)
            .where(IssueTicket.is_out)
        )
    }
    return [one for one in complaints if (one.key, one.category) not in out]


def _background(since: dt.datetime, until: dt.datetime) -> list[str]:
    rows = db.session.execute(
        sa.select(Ticket.subject, Ticket.text)
        .where(Ticket.is_complaint.is_not(True), sa.not_(Ticket.deleted))
        .where(Ticket.created_at >= since, Ticket.created_at < until)
        .order_by(Ticket.created_at.desc(), Ticket.id)
        .limit(BACKGROUND_TEXTS)
    )
    return [f"{subject}\n{text}" for subject, text in rows]


def _names(
    complaints: Sequence[mined.Complaint], others: Sequence[str], end: dt.datetime
) -> dict[str, dict[str, tuple[str, ...]]]:
    """Returns `{category: {language: terms}}`: each language is named in its own words, where enough people write it."""
    made: dict[str, dict[str, tuple[str, ...]]] = defaultdict(dict)
    for language in ("zh", "en"):
        own = [one for one in complaints if _language(one.text) == language]
        rest = [text for text in others if _language(text) == language]
        for group in mined.find_issues(own, rest, end - 5 * WEEK, end - 4 * WEEK, end):
            if group.terms:
                made[group.category][language] = group.terms
    return made


def _language(text: str) -> str:
    return "zh" if any("\u4e00" <= character <= "\u9fff" for character in text) else "en"


def _known(group: mined.Issue, members: Sequence[mined.Complaint]) -> Issue | None:
    """Finds the issue that this group was in the last run: of the same category, sharing a term or a complaint."""
    keys = {int(one.key) for one in members}
    candidates = db.session.scalars(
        sa.select(Issue).where(Issue.category == group.category).order_by(Issue.changed_at.desc(), Issue.id)
    )
    for issue in candidates:
        if set(issue.terms) & set(group.terms):
            return issue
        linked = set(
            db.session.scalars(
                sa.select(IssueTicket.ticket_id).where(
                    IssueTicket.issue_id == issue.id, sa.not_(IssueTicket.is_out)
                )
            )
        )
        if linked & keys:
            return issue
    return None


def _home(issue: Issue) -> Issue:
    """Returns the issue into which this one was merged, at last."""
    while issue.merged_into_id is not None:
        issue = db.session.get_one(Issue, issue.merged_into_id)
    return issue


def _new_issue(category: str, end: dt.datetime) -> Issue:
    issue = Issue(
        number=next_number(),
        category=category,
        terms=[],
        weekly=[],
        clause_choices=[],
        example_ids=[],
        counted_until=end,
        first_seen_at=end,
        changed_at=end,
    )
    db.session.add(issue)
    db.session.flush()
    return issue


def _describe(
    issue: Issue, group: mined.Issue, names: Mapping[str, tuple[str, ...]], end: dt.datetime
) -> None:
    zh, en = names.get("zh", ()), names.get("en", ())
    said = [*zh, *en] or list(group.terms)
    if issue.terms != said:
        issue.terms = said
    issue.name_zh = "、".join(zh[:2]) or issue.name_zh
    issue.name_en = ", ".join(en[:2]) or issue.name_en
    if not (issue.name_zh or issue.name_en):
        issue.name_en = group.name
    issue.trend = group.change.trend
    issue.example_ids = [int(key) for key in group.keys[:EXAMPLES]]
    issue.counted_until = issue.changed_at = end


def _link(issue: Issue, members: Iterable[mined.Complaint]) -> None:
    known = set(db.session.scalars(sa.select(IssueTicket.ticket_id).where(IssueTicket.issue_id == issue.id)))
    rows = [
        {"issue_id": issue.id, "ticket_id": int(one.key), "at": one.at, "is_out": False}
        for one in members
        if int(one.key) not in known
    ]
    if rows:
        db.session.execute(sa.insert(IssueTicket), rows)


def recount(end: dt.datetime) -> None:
    """Counts the rows of every issue by week, so that each number shown is exactly the rows it opens."""
    weeks: dict[int, list[int]] = defaultdict(lambda: [0] * WEEKS_KEPT)
    rows = db.session.execute(
        sa.select(IssueTicket.issue_id, IssueTicket.at).where(
            sa.not_(IssueTicket.is_out), IssueTicket.at >= end - WEEKS_KEPT * WEEK, IssueTicket.at < end
        )
    )
    for issue_id, at in rows:
        weeks[issue_id][WEEKS_KEPT - 1 - (end - at - dt.timedelta(microseconds=1)) // WEEK] += 1
    for issue in db.session.scalars(sa.select(Issue)):
        weekly = weeks[issue.id]
        issue.weekly, issue.last_count, issue.previous_count = weekly, weekly[-1], weekly[-2]
        issue.trend = mined.compare(weekly[-1], WEEK, weekly[-2], WEEK).trend
        issue.counted_until = end
    db.session.flush()


def _clause_texts() -> dict[str, str]:
    """Returns `{"<standard id>/<clause id>": both languages}` of all clauses in force."""
    made: dict[str, str] = {}
    for standard in standards_queries.standards():
        for binding in standards_queries.in_force(standard.id).bindings:
            row = binding.version.key
            words = (getattr(row, name) or "" for name in ("heading_zh", "body_zh", "heading_en", "body_en"))
            made[f"{standard.id}/{binding.clause_id}"] = "\n".join(words)
    return made


def _guess_clause(
    issue: Issue, group: mined.Issue, members: Sequence[mined.Complaint], clauses: Mapping[str, str]
) -> None:
    texts = {one.key: one.text for one in members}
    typical = [texts[key] for key in group.keys[:TEXTS_FOR_CLAUSE] if key in texts]
    guesses = suggest_clauses(typical, clauses)
    codes = {s.id: s.code for s in db.session.scalars(sa.select(Standard))}
    issue.clause_choices = [
        {
            "standard": codes[int(guess.clause_key.split("/")[0])],
            "clause": guess.clause_key.split("/")[1],
            "confidence": guess.confidence.value,
            "score": round(guess.score, 3),
        }
        for guess in guesses
    ]
    if guesses:
        standard_id, issue.clause_id = guesses[0].clause_key.split("/")
        issue.standard_id, issue.confidence = int(standard_id), guesses[0].confidence
