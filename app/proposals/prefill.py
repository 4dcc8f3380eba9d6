"""Owns what the house already knows of a proposal that begins at an issue, a suggestion or a clause. Writes nothing."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from flask_babel import force_locale
from flask_babel import gettext as _

from app.core.errors import NotFound
from app.core.text import cut
from app.evidence import queries as evidence_queries
from app.evidence.models import EvidenceKind, Issue
from app.evidence.words import code_words
from app.proposals.service import LIMIT_TITLE_CHARACTERS
from app.standards import queries as standards_queries
from app.standards.models import ClauseVersion, NeedSource, Standard
from app.standards.words import spoken_id
from app.web.filters import iso_day
from app.web.language import LOCALES, current_language, pick


@dataclass(frozen=True)
class Prefill:
    """A proposal as far as it is known. `came_from` is the query value that leads here again."""

    standard: Standard
    clauses: tuple[str, ...]
    title: str
    title_en: str
    problem: str
    affected: str
    source: NeedSource
    evidence: tuple[tuple[EvidenceKind, str], ...]
    came_from: tuple[str, str]
    heading: str = ""
    note: str = ""  # the words of evidence that is a note
    problem_en: str = ""


def in_both(find: Callable[[str], Prefill | None], value: str) -> Prefill | None:
    """Returns what is known with title and problem in both languages, for each reader of the proposal.

    Nobody typed these words, so the house says them twice; what is the same in both is kept once.
    """
    found = {}
    for language, locale in LOCALES.items():
        with force_locale(locale):
            found[language] = find(value)
    zh, en = found["zh"], found["en"]
    if zh is None or en is None:
        return zh or en
    return replace(
        found[current_language()] or zh,
        title=zh.title,
        title_en=en.title_en or (en.title if en.title != zh.title else ""),
        problem=zh.problem,
        problem_en=en.problem if en.problem != zh.problem else "",
    )


def from_issue(number: str) -> Prefill | None:
    """Returns what is known from an issue; None when it points at no clause, so that somebody must choose."""
    issue = evidence_queries.issue(number)
    if issue.standard is None or issue.clause_id is None:
        return None
    places = evidence_queries.issue_places(issue)
    regions = [code_words("region", code) for code, _count in places["region"][:2]]
    channels = [code_words("channel", code) for code, _count in places["channel"][:2]]
    return Prefill(
        standard=issue.standard,
        clauses=(issue.clause_id,),
        title=short(issue.name_zh or issue.name_en or code_words("category", issue.category)),
        title_en=short(issue.name_en or ""),
        problem=_problem(issue),
        affected=_(", ").join([*regions, *channels]),
        source=NeedSource.COMPLAINTS,
        evidence=((EvidenceKind.ISSUE, issue.number),),
        came_from=("issue", issue.number),
        heading=heading_of(issue.standard, issue.clause_id),
    )


def from_suggestion(ref: str) -> Prefill | None:
    """Returns what is known from a suggestion; None when it names no clause."""
    row = evidence_queries.suggestion(ref)
    if row.standard is None or row.clause_id is None:
        return None
    return Prefill(
        standard=row.standard,
        clauses=(row.clause_id,),
        title=short(row.text.replace("\n", " ")),
        title_en="",
        problem=row.text,
        affected="",
        source=NeedSource.STAFF_IDEA if row.is_staff else NeedSource.SUGGESTION,
        evidence=((EvidenceKind.SUGGESTION, row.ref),),
        came_from=("suggestion", row.ref),
        heading=heading_of(row.standard, row.clause_id),
    )


def from_clause(spoken: str) -> Prefill:
    """Returns what is known from a clause such as `CS-04-C07`; the title is empty where no issue points at it.

    Raises NotFound when there is no such clause.
    """
    code, _dash, clause_id = spoken.strip().lower().rpartition("-")
    standard = standards_queries.standard(code)
    if clause_id not in standard.used_clause_ids:
        raise NotFound("standard.unknown_clause", clause=clause_id[:20])
    issue = evidence_queries.issues_by_clause(standard.id).get(clause_id)
    heading = heading_of(standard, clause_id)
    title, title_en, problem, evidence = "", "", "", []
    if issue is not None and issue.last_count:
        title, title_en = short(issue.name_zh or issue.name_en or ""), short(issue.name_en or "")
        problem = _problem(issue)
        evidence.append((EvidenceKind.ISSUE, issue.number))
    return Prefill(
        standard=standard,
        clauses=(clause_id,),
        title=title,
        title_en=title_en,
        problem=problem,
        affected="",
        source=NeedSource.COMPLAINTS if evidence else NeedSource.STAFF_IDEA,
        evidence=tuple(evidence),
        came_from=("clause", spoken_id(standard.code, clause_id)),
        heading=heading,
    )


def clause_rows(standard: Standard) -> list[ClauseVersion]:
    """Returns the clauses of the standard that are in force, in their order."""
    return [b.version.key for b in standards_queries.in_force(standard.id).bindings]  # type: ignore[misc]


def heading_of(standard: Standard, clause_id: str) -> str:
    """Returns the heading of a clause in force in the reader's language; empty where it is not in force."""
    row = next((r for r in clause_rows(standard) if r.clause_id == clause_id), None)
    return pick(row.heading_zh, row.heading_en) if row else ""


def _problem(issue: Issue) -> str:
    words: str = _(
        "%(count)s complaints in seven days up to %(day)s, %(before)s in the seven before (%(number)s).",
        count=issue.last_count,
        before=issue.previous_count,
        day=iso_day(issue.counted_until),
        number=issue.number,
    )
    said = pick(issue.name_zh, issue.name_en)
    if not said:
        return words
    quoted = _("Customers write: %(words)s.", words=said)
    return f"{words}\n{quoted}"


def short(text: str) -> str:
    """Returns a text cut to the length of a title."""
    return cut(text, LIMIT_TITLE_CHARACTERS)
