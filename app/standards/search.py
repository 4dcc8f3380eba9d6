"""Owns finding clauses and revisions by words. Chinese is cut into pieces of two characters; ranks by pieces found."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.core import clock
from app.core.db import db
from app.standards.models import (
    ClauseChange,
    ClauseVersion,
    Publication,
    PublicationState,
    Revision,
    Standard,
)

MOST = 50
_LINE_MARKS = re.compile(
    r"^[> ]*(?:[-*] |\d+\. )?", re.MULTILINE
)  # of scripts and lists: readers do not see them
LIMIT_WORDS = 100
_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_TERM = re.compile(rf"[{_HAN}]+|[^\s{_HAN}，。；：、？！,;:?!]+")
_NUMBER = re.compile(r"\d{2}-\d{3,}")
_CLAUSE = re.compile(r"([a-z]{1,8}-\d{2,4})-(c\d{2,4})", re.IGNORECASE)
_STANDARD = re.compile(r"[a-z]{1,8}-\d{2,4}", re.IGNORECASE)
_ISSUE = re.compile(r"E-\d+", re.IGNORECASE)


@dataclass(frozen=True)
class ClauseHit:
    """A clause in force that holds the words; `score` counts the pieces found, a heading's twice."""

    standard: Standard
    row: ClauseVersion
    score: int


@dataclass(frozen=True)
class Code:
    """A code somebody typed: `kind` is revision, clause, standard or issue."""

    kind: str
    value: str
    clause_id: str = ""


def code_of(text: str) -> Code | None:
    """Returns which thing a text names (`26-014`, `CS-04-C07`, `cs-04`, `E-1042`), None when it names none."""
    typed = text.strip()
    if _NUMBER.fullmatch(typed):
        return Code("revision", typed)
    clause = _CLAUSE.fullmatch(typed)
    if clause:
        return Code("clause", clause[1].lower(), clause[2].lower())
    if _ISSUE.fullmatch(typed):
        return Code("issue", typed.upper())
    if _STANDARD.fullmatch(typed):
        return Code("standard", typed.lower())
    return None


def pieces(words: str) -> list[str]:
    """Returns what to look for: Latin words and numbers whole, Chinese in overlapping pairs, each once.

    So 退款时限 finds 退款到账时限: two of its three pairs are there.
    """
    found: list[str] = []
    for term in _TERM.findall(words[:LIMIT_WORDS].casefold()):
        if re.match(rf"[{_HAN}]", term) and len(term) > 2:
            found += [term[i : i + 2] for i in range(len(term) - 1)]
        else:
            found.append(term)
    return list(dict.fromkeys(found))


def clauses(words: str) -> list[ClauseHit]:
    """Returns the clauses in force that hold at least half of the pieces, best first, at most 50; one query."""
    wanted = pieces(words)
    if not wanted:
        return []
    newest = _in_force()
    columns = [
        ClauseVersion.heading_zh,
        ClauseVersion.heading_en,
        ClauseVersion.body_zh,
        ClauseVersion.body_en,
    ]
    holds = [column.ilike(f"%{_escaped(piece)}%", escape="\\") for piece in wanted for column in columns]
    rows = db.session.execute(
        sa.select(ClauseVersion, Standard)
        .join(newest, newest.c.id == ClauseVersion.id)
        .join(Standard, Standard.id == ClauseVersion.standard_id)
        .where(newest.c.place == 1, ClauseVersion.change != ClauseChange.RETIRED, sa.or_(*holds))
    )
    hits = [ClauseHit(standard, row, _score(row, wanted)) for row, standard in rows]
    least = (len(wanted) + 1) // 2
    good = [hit for hit in hits if _found(hit.row, wanted) >= least]
    good.sort(key=lambda hit: (-hit.score, hit.standard.code, hit.row.position))
    return good[:MOST]


def revisions(words: str) -> list[Revision]:
    """Returns the revisions whose title, problem or number holds at least half of the pieces, newest first."""
    wanted = pieces(words)
    if not wanted:
        return []
    columns = [Revision.title, Revision.title_en, Revision.problem, Revision.problem_en, Revision.number]
    holds = [column.ilike(f"%{_escaped(piece)}%", escape="\\") for piece in wanted for column in columns]
    rows = db.session.scalars(sa.select(Revision).where(sa.or_(*holds)).order_by(Revision.id.desc()))
    least = (len(wanted) + 1) // 2
    texts = (
        (r, f"{r.title} {r.title_en or ''} {r.problem} {r.problem_en or ''} {r.number}".casefold())
        for r in rows
    )
    return [r for r, text in texts if sum(piece in text for piece in wanted) >= least][:MOST]


def excerpt(text: str, words: str, around: int = 36) -> list[tuple[bool, str]]:
    """Returns a line of the text round the first piece found, as (is a piece sought, words); empty without one.

    The marks of scripts, lists and bold words are left out.
    """
    wanted = [re.escape(piece) for piece in sorted(pieces(words), key=len, reverse=True)]
    flat = " ".join(_LINE_MARKS.sub("", text).replace("**", "").split())
    if not wanted or not flat:
        return []
    pattern = re.compile("|".join(wanted), re.IGNORECASE)
    first = pattern.search(flat)
    start = max(0, (first.start() if first else 0) - around)
    line = flat[start : start + 3 * around]
    parts: list[tuple[bool, str]] = [(False, "…")] if start else []
    at = 0
    for match in pattern.finditer(line):
        parts += [(False, line[at : match.start()]), (True, match.group())]
        at = match.end()
    parts.append((False, line[at:] + ("…" if start + 3 * around < len(flat) else "")))
    return _joined([part for part in parts if part[1]])


def _joined(parts: Sequence[tuple[bool, str]]) -> list[tuple[bool, str]]:
    """Overlapping pairs of characters become one mark."""
    made: list[tuple[bool, str]] = []
    for marked, text in parts:
        if made and made[-1][0] == marked:
            made[-1] = (marked, made[-1][1] + text)
        else:
            made.append((marked, text))
    return made


def _in_force() -> sa.Subquery:
    """Ranks the versions of each clause that bind now: place 1 is the one in force."""
    place = sa.func.row_number().over(
        partition_by=(ClauseVersion.standard_id, ClauseVersion.clause_id),
        order_by=(ClauseVersion.effective_at.desc(), ClauseVersion.publication_id.desc()),
    )
    return (
        sa.select(ClauseVersion.id, place.label("place"))
        .join(Publication, Publication.id == ClauseVersion.publication_id)
        .where(
            ClauseVersion.change != ClauseChange.UNCHANGED,
            ClauseVersion.effective_at <= clock.now(),
            Publication.state == PublicationState.PUBLISHED,
        )
        .subquery()
    )


def _score(row: ClauseVersion, wanted: Sequence[str]) -> int:
    heading = f"{row.heading_zh or ''} {row.heading_en or ''}".casefold()
    return _found(row, wanted) + 2 * sum(piece in heading for piece in wanted)


def _found(row: ClauseVersion, wanted: Sequence[str]) -> int:
    parts = (row.heading_zh, row.heading_en, row.body_zh, row.body_en)
    text = " ".join(part or "" for part in parts).casefold()
    return sum(piece in text for piece in wanted)


def _escaped(piece: str) -> str:
    return piece.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
