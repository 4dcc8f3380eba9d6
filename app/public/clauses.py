"""Owns which clauses customers may read: those tagged public of public standards, as they bind or are to come."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import load_only

from app.core import clock
from app.core.db import db
from app.core.errors import NotFound
from app.standards.in_force import text_in_force
from app.standards.models import ClauseChange, ClauseVersion, Standard
from app.standards.queries import published_clauses_of

PUBLIC = "public"


@dataclass(frozen=True)
class PublicClause:
    """One clause that customers read: its row, its standard, and the row it replaces when it is still to come."""

    standard: Standard
    row: ClauseVersion
    before: ClauseVersion | None = None

    @property
    def anchor(self) -> str:
        """Returns the clause's id for addresses: `cs-04-c07`."""
        return f"{self.standard.code}-{self.row.clause_id}"


@dataclass(frozen=True)
class PublicTexts:
    """What binds now, and what is to come (soonest first), of all public standards or of one."""

    standards: tuple[Standard, ...]
    bound: tuple[PublicClause, ...]
    coming: tuple[PublicClause, ...]


def public_texts(code: str | None = None, now: dt.datetime | None = None) -> PublicTexts:
    """Returns the public clauses; three queries, whatever the number of standards. Raises NotFound for another code."""
    query = sa.select(Standard).where(Standard.visibility == PUBLIC).order_by(Standard.code)
    standards = list(db.session.scalars(query.where(Standard.code == code.lower()) if code else query))
    if code is not None and not standards:
        raise NotFound("standard.unknown", code=code[:40])
    by_standard = published_clauses_of([s.id for s in standards])
    texts = {s.id: text_in_force(by_standard.get(s.id, ()), now or clock.now()) for s in standards}
    wanted = {b.version.key for t in texts.values() for b in t.bindings} | {
        v.key for t in texts.values() for v in t.coming
    }
    rows = _rows(wanted)
    bound: list[PublicClause] = []
    coming: list[PublicClause] = []
    for standard in standards:
        now_bound = {b.clause_id: rows[b.version.key] for b in texts[standard.id].bindings}
        bound += [PublicClause(standard, r) for r in now_bound.values() if PUBLIC in r.tags]
        coming += [
            PublicClause(standard, rows[v.key], now_bound.get(v.clause_id))
            for v in texts[standard.id].coming
            if _concerns(rows[v.key], now_bound.get(v.clause_id))
        ]
    coming.sort(key=lambda c: (c.row.effective_at, c.standard.code, c.row.position))
    return PublicTexts(tuple(standards), tuple(bound), tuple(coming))


def public_clause(standard_code: str, clause_id: str) -> PublicClause | None:
    """Returns one public clause as it binds, None when customers cannot read it."""
    try:
        texts = public_texts(standard_code)
    except NotFound:
        return None
    return next((c for c in texts.bound if c.row.clause_id == clause_id), None)


def _concerns(row: ClauseVersion, before: ClauseVersion | None) -> bool:
    """Tells whether customers read the clause before or after, and whether anything changes in it for them."""
    if before is not None and row.clause_hash == before.clause_hash:
        return False
    was_public = before is not None and PUBLIC in before.tags
    return was_public if row.change is ClauseChange.RETIRED else was_public or PUBLIC in row.tags


def _rows(ids: Iterable[object]) -> dict[object, ClauseVersion]:
    query = sa.select(ClauseVersion).where(ClauseVersion.id.in_(list(ids)))
    columns = (
        ClauseVersion.standard_id, ClauseVersion.publication_id, ClauseVersion.clause_id, ClauseVersion.position,
        ClauseVersion.change, ClauseVersion.clause_hash, ClauseVersion.heading_zh, ClauseVersion.heading_en,
        ClauseVersion.body_zh, ClauseVersion.body_en, ClauseVersion.tags, ClauseVersion.measures,
        ClauseVersion.effective_at, ClauseVersion.transition_until,
    )  # fmt: skip
    return {row.id: row for row in db.session.scalars(query.options(load_only(*columns)))}
