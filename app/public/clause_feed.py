"""Owns the clauses in force as other systems read them: a list, one standard as data or as a plain page, both languages.

Without a right to more it is what customers read. Addresses and ids of clauses never change (requirements 71 and 87).
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from markupsafe import Markup

from app.core.db import db
from app.core.errors import NotFound
from app.public.clauses import PUBLIC
from app.standards import clause_reading
from app.standards import queries as standards_queries
from app.standards.models import ClauseVersion, Standard
from app.standards.rendering import rendered
from app.standards.scripts import split_body
from app.standards.words import spoken_id

LANGUAGES = ("zh", "en")


@dataclass(frozen=True)
class FeedClause:
    """One clause in both languages; a language without text is absent from `headings`, `rules` and `html`."""

    row: ClauseVersion
    spoken: str
    headings: Mapping[str, str]
    rules: Mapping[str, str]
    html: Mapping[str, Markup]
    says: Mapping[str, Sequence[str]]
    never_says: Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class FeedStandard:
    """One standard with the clauses that bind now, in their order, and those to come, soonest first."""

    standard: Standard
    clauses: tuple[FeedClause, ...]
    coming: tuple[FeedClause, ...]

    @property
    def changed_at(self) -> dt.datetime | None:
        """Returns when the newest of its texts began to bind; None without a clause."""
        return max((c.row.effective_at for c in self.clauses), default=None)


def listed(*, everything: bool) -> list[FeedStandard]:
    """Returns all standards that have a clause to read, by code; three queries. Without `everything` the public clauses."""
    query = sa.select(Standard).order_by(Standard.code)
    if not everything:
        query = query.where(Standard.visibility == PUBLIC)
    return [one for one in _read(list(db.session.scalars(query)), everything) if one.clauses or one.coming]


def one(code: str, *, everything: bool) -> FeedStandard:
    """Returns one standard. Raises NotFound for none, and for one that may not be read."""
    row = standards_queries.standard(code)
    if not everything and row.visibility != PUBLIC:
        raise NotFound("standard.unknown", code=code[:40])
    return _read([row], everything)[0]


def data_of(found: FeedStandard, address: str, clause_addresses: Mapping[str, str]) -> dict[str, Any]:
    """Returns a standard as plain values; moments are UTC. `clause_addresses` is `{clause id: address}`."""
    row = found.standard
    return {
        "format": "touchstone-clauses-1",
        "code": row.code.upper(),
        "title": _both(row.title_zh, row.title_en),
        "address": address,
        "changed_at": found.changed_at.isoformat() if found.changed_at else None,
        "clauses": [_clause(one, clause_addresses) for one in found.clauses],
        "coming": [_clause(one, clause_addresses) for one in found.coming],
    }


def _clause(one: FeedClause, addresses: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": one.spoken,
        "address": addresses[one.row.clause_id],
        "heading": dict(one.headings),
        "markdown": dict(one.rules),
        "html": {language: str(html) for language, html in one.html.items()},
        "say": {language: list(words) for language, words in one.says.items() if words},
        "never_say": {language: list(words) for language, words in one.never_says.items() if words},
        "tags": list(one.row.tags),
        "measures": list(one.row.measures),
        "effective_at": one.row.effective_at.isoformat(),
        "is_retired": not clause_reading.is_there(one.row),
        "sha256": one.row.clause_hash,
    }


def _read(standards: list[Standard], everything: bool) -> list[FeedStandard]:
    texts = standards_queries.in_force_of([s.id for s in standards])
    rows = {
        s.id: (
            [_row(b.version) for b in texts[s.id].bindings if everything or PUBLIC in _row(b.version).tags],
            [_row(v) for v in texts[s.id].coming if everything or PUBLIC in _row(v).tags],
        )
        for s in standards
    }
    html = rendered(clause_reading.rules_of_rows(r for pair in rows.values() for part in pair for r in part))
    return [
        FeedStandard(s, *(tuple(_made(s, row, html, everything) for row in part) for part in rows[s.id]))
        for s in standards
    ]


def _row(version: Any) -> ClauseVersion:
    row: ClauseVersion = version.key
    return row


def _made(standard: Standard, row: ClauseVersion, html: Mapping[str, Markup], everything: bool) -> FeedClause:
    bodies = {"zh": row.body_zh, "en": row.body_en}
    parts = {language: split_body(body) for language, body in bodies.items() if body}
    return FeedClause(
        row=row,
        spoken=spoken_id(standard.code, row.clause_id),
        headings=_both(row.heading_zh, row.heading_en),
        rules={language: part.rule for language, part in parts.items()},
        html={language: html.get(part.rule, Markup("")) for language, part in parts.items()},
        # what staff say and never say is no text for customers
        says={language: part.says for language, part in parts.items()} if everything else {},
        never_says={language: part.never_says for language, part in parts.items()} if everything else {},
    )


def _both(zh: str | None, en: str | None) -> dict[str, str]:
    return {language: words for language, words in (("zh", zh), ("en", en)) if words}
