"""Owns grouping complaints that carry no category: asks the miner, matches what it finds to the issues of former runs.

A confirmed issue keeps its members and teaches the miner; what a person took out teaches it too. Any other
issue is found again by the complaints it shares with a new group, keeps its number, and counts down to 0 when
nothing shares enough.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from app.core.db import db
from app.evidence.issues import LEAST_COMPLAINTS, Complaint
from app.evidence.likely_clauses import Confidence
from app.evidence.mining_process import Progress, ask_miner
from app.evidence.models import Issue, IssueState, IssueTicket
from app.standards import queries as standards_queries
from app.standards.models import Standard

MINED = "mined"
LEAST_TEXTS = 40
"""With fewer complaints without a category there is nothing to learn from: they stay one issue."""
SAME_SHARE = 0.3
EXAMPLES = 3
CHOICES = 3
VERY_LIKELY_SCORE, LIKELY_SCORE, CLEARLY_AHEAD = 2.5, 1.5, 0.5
"""In standard deviations above the usual clause, and how far ahead of the next one."""

Maker = Callable[[str], Issue]


def find_mined_issues(
    complaints: Sequence[Complaint], background: Sequence[str], end: dt.datetime, make: Maker,
    progress: Progress | None = None,
) -> list[Issue]:  # fmt: skip
    """Groups the complaints into mined issues and returns those found; empty for too few complaints.

    `make(category)` gives a new issue with the next number; `progress(done, of all)` follows the texts. Texts
    go to the miner and no further.
    """
    if len(complaints) < LEAST_TEXTS:
        return []
    former = {
        issue.id: issue
        for issue in db.session.scalars(
            sa.select(Issue).where(Issue.category == MINED, Issue.merged_into_id.is_(None)).order_by(Issue.id)
        )
    }
    links = _links(former)
    places = {int(one.key): place for place, one in enumerate(complaints)}
    fixed = [i for i in former if former[i].confirmed_at or any(link.by_person for link in links[i])]
    known, out = _said(fixed, former, links, places)
    answer = ask_miner(
        {
            "task": "find",
            "texts": [one.text for one in complaints],
            "known": known,
            "fixed": len(fixed),
            "out": out,
            "background": list(background),
            "clauses": _clauses(),
            "learned": _learned(complaints, former, links, places),
        },
        progress=progress,
    )
    found = []
    taken: set[int] = set(fixed)
    for group in sorted(answer["issues"], key=lambda one: (-len(one["members"]), one["group"])):
        members = [complaints[place] for place in group["members"]]
        if group["group"] in range(len(fixed)):
            issue = former[fixed[group["group"]]]
        elif len(members) < LEAST_COMPLAINTS:
            continue
        else:
            issue = _same(members, former, links, taken) or make(MINED)
            taken.add(issue.id)
        _write(issue, group, complaints, end)
        _relink(issue, members, links.get(issue.id, []))
        found.append(issue)
    _fade([former[i] for i in former if i not in taken], links)
    db.session.flush()
    return found


def _said(
    fixed: Sequence[int],
    former: Mapping[int, Issue],
    links: Mapping[int, Sequence[IssueTicket]],
    places: Mapping[int, int],
) -> tuple[dict[int, int], list[list[int]]]:
    """Returns what people said of complaints: {place: group it is in} and [place, group it is not in]."""
    of_group = [
        (group, former[issue_id], link)
        for group, issue_id in enumerate(fixed)
        for link in links[issue_id]
        if link.ticket_id in places
    ]
    known = {
        places[link.ticket_id]: group
        for group, issue, link in of_group
        if not link.is_out and (issue.confirmed_at or link.by_person)
    }
    return known, [[places[link.ticket_id], group] for group, _issue, link in of_group if link.is_out]


def _links(former: Mapping[int, Issue]) -> dict[int, list[IssueTicket]]:
    links: dict[int, list[IssueTicket]] = defaultdict(list)
    for link in db.session.scalars(sa.select(IssueTicket).where(IssueTicket.issue_id.in_(former))):
        links[link.issue_id].append(link)
    return links


def _same(
    members: Sequence[Complaint],
    former: Mapping[int, Issue],
    links: Mapping[int, Sequence[IssueTicket]],
    taken: set[int],
) -> Issue | None:
    """Returns the issue of a former run that shares most complaints with a group, if it shares enough of them."""
    keys = {int(one.key) for one in members}
    best, shared = None, 0
    for issue_id, issue in former.items():
        if issue_id in taken:
            continue
        linked = {link.ticket_id for link in links.get(issue_id, ()) if not link.is_out}
        common = len(keys & linked)
        if common > shared and common >= SAME_SHARE * min(len(keys), len(linked)):
            best, shared = issue, common
    return best


def _write(issue: Issue, group: Mapping[str, Any], complaints: Sequence[Complaint], end: dt.datetime) -> None:
    zh, en = (list(group["terms"].get(language, ())) for language in ("zh", "en"))
    issue.terms = [*zh, *en] or issue.terms
    issue.name_zh = "、".join(zh[:2]) or issue.name_zh
    issue.name_en = ", ".join(en[:2]) or issue.name_en
    issue.example_ids = [int(complaints[place].key) for place in group["typical"][:EXAMPLES]]
    issue.counted_until = issue.changed_at = end
    if issue.clause_by_person or not group["clauses"]:
        return
    codes = {standard.code: standard.id for standard in db.session.scalars(sa.select(Standard))}
    scores = [score for _key, score in group["clauses"]]
    issue.clause_choices = [
        {
            "standard": key.split("/")[0],
            "clause": key.split("/")[1],
            "confidence": _confidence(scores, place).value,
            "score": score,
        }
        for place, (key, score) in enumerate(group["clauses"][:CHOICES])
    ]
    first = issue.clause_choices[0]
    issue.standard_id, issue.clause_id = codes[first["standard"]], first["clause"]
    issue.confidence = Confidence(first["confidence"])


def _confidence(scores: Sequence[float], place: int) -> Confidence:
    following = scores[place + 1] if place + 1 < len(scores) else 0.0
    if place == 0 and scores[0] >= VERY_LIKELY_SCORE and scores[0] - following >= CLEARLY_AHEAD:
        return Confidence.VERY_LIKELY
    return Confidence.LIKELY if scores[place] >= LIKELY_SCORE else Confidence.UNSURE


def _relink(issue: Issue, members: Sequence[Complaint], links: Sequence[IssueTicket]) -> None:
    """Makes the links those of this run; what a person put in or took out stays as the person left it."""
    keys = {int(one.key): one.at for one in members}
    there = {link.ticket_id for link in links}
    if issue.confirmed_at is None:
        for link in links:
            if link.ticket_id not in keys and not link.by_person and not link.is_out:
                db.session.delete(link)
    db.session.add_all(
        IssueTicket(issue_id=issue.id, ticket_id=key, at=at) for key, at in keys.items() if key not in there
    )


def _fade(lost: Sequence[Issue], links: Mapping[int, Sequence[IssueTicket]]) -> None:
    """Lets issues that nothing found again go to 0; their page and number stay."""
    for issue in lost:
        for link in links.get(issue.id, ()):
            if (
                not link.by_person
                and not link.is_out
                and issue.state in (IssueState.OPEN, IssueState.SNOOZED)
            ):
                db.session.delete(link)


def _clauses() -> list[dict[str, str]]:
    made = []
    for standard in standards_queries.standards():
        for binding in standards_queries.in_force(standard.id).bindings:
            row: Any = binding.version.key
            made.append(
                {
                    "key": f"{standard.code}/{binding.clause_id}",
                    "chapter": "\n".join(one for one in (standard.title_zh, standard.title_en) if one),
                    "heading": "\n".join(one for one in (row.heading_zh, row.heading_en) if one),
                    "body": "\n".join(one for one in (row.body_zh, row.body_en) if one),
                }
            )
    return made


def _learned(
    complaints: Sequence[Complaint],
    former: Mapping[int, Issue],
    links: Mapping[int, Sequence[IssueTicket]],
    places: Mapping[int, int],
) -> list[tuple[str, str]]:
    """Returns texts of issues whose clause a person chose, three an issue: they show what such clauses are about."""
    made = []
    for issue_id, issue in former.items():
        if issue.clause_by_person and issue.standard and issue.clause_id:
            own = [
                link.ticket_id
                for link in links.get(issue_id, ())
                if link.ticket_id in places and not link.is_out
            ]
            key = f"{issue.standard.code}/{issue.clause_id}"
            made += [(complaints[places[ticket]].text, key) for ticket in own[:EXAMPLES]]
    return made
