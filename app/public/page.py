"""Owns what the public pages show: promises, coming changes, the way of a complaint, one standard, the change log."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from flask_babel import gettext as _
from markupsafe import Markup

from app.core import clock
from app.core.db import db
from app.public import promises
from app.public.clauses import PUBLIC, PublicClause, public_texts
from app.public.promises import Promise
from app.publishing.models import PublicationPlan
from app.standards import clause_reading
from app.standards.models import ClauseChange, ClauseVersion, Publication, PublicationState, Standard
from app.standards.rendering import rendered
from app.web.language import current_language

COMPLAINT = "complaint"
LOG_LIMIT = 50


@dataclass(frozen=True)
class Change:
    """One publication that changed something for customers. `note` is what they were told, empty without words."""

    standard: Standard
    version: str
    published_at: dt.datetime
    effective_on: dt.date
    effective_at: dt.datetime
    clauses: tuple[tuple[str, str, ClauseChange], ...]
    note: str
    note_language: str

    @property
    def is_coming(self) -> bool:
        """Tells whether it is not in force yet."""
        return self.effective_at > clock.now()


@dataclass(frozen=True)
class Text:
    """One public clause as a page shows it."""

    clause: PublicClause
    heading: str
    language: str
    html: Markup


@dataclass(frozen=True)
class Commitments:
    """The page of our commitments."""

    promises: tuple[Promise, ...]
    coming: tuple[Change, ...]
    complaint_steps: tuple[Text, ...]
    standards: tuple[Standard, ...]
    months: tuple[dt.date, ...]
    changed_on: dt.date | None


@dataclass(frozen=True)
class PublicStandard:
    """One standard as customers read it."""

    standard: Standard
    texts: tuple[Text, ...]
    promises: tuple[Promise, ...]
    coming: tuple[Change, ...]


def commitments() -> Commitments:
    """Returns the page of our commitments."""
    texts = public_texts()
    newest = max((c.row.effective_at for c in texts.bound), default=None)
    return Commitments(
        promises=tuple(promises.promises_of(texts.bound)),
        coming=tuple(c for c in changes(texts.standards) if c.is_coming) if texts.coming else (),
        complaint_steps=tuple(_texts(c for c in texts.bound if c.standard.category == COMPLAINT)),
        standards=tuple(s for s in texts.standards if any(c.standard.id == s.id for c in texts.bound)),
        months=tuple(promises.shown_months()),
        changed_on=clock.local(newest).date() if newest else None,
    )


def standard_page(code: str) -> PublicStandard:
    """Returns the public clauses of one standard. Raises NotFound when customers cannot read it."""
    texts = public_texts(code)
    return PublicStandard(
        standard=texts.standards[0],
        texts=tuple(_texts(texts.bound)),
        promises=tuple(promises.promises_of(texts.bound)),
        coming=tuple(c for c in changes(texts.standards) if c.is_coming) if texts.coming else (),
    )


def changes(standards: Sequence[Standard] | None = None, *, everything: bool = False) -> list[Change]:
    """Returns what changed for customers, newest effect first; with `everything` what changed at all. Three queries."""
    if standards is None:
        query = sa.select(Standard)
        standards = list(
            db.session.scalars(query if everything else query.where(Standard.visibility == PUBLIC))
        )
    by_id = {s.id: s for s in standards}
    publications = _publications(list(by_id))
    rows = _changed_rows([p.id for p in publications], everything)
    notes = _notes([p.id for p in publications])
    made = []
    for publication in publications:
        clauses = tuple(_named(row) for row in rows.get(publication.id, ()))
        if clauses:
            note, language = notes.get(publication.id, ("", current_language()))
            made.append(
                Change(
                    standard=by_id[publication.standard_id],
                    version=publication.version,
                    published_at=publication.at,
                    effective_on=publication.effective_on,
                    effective_at=publication.effective_at,
                    clauses=clauses,
                    note=note,
                    note_language=language,
                )
            )
    return made


def _texts(clauses: Iterable[PublicClause]) -> list[Text]:
    listed = list(clauses)
    html = rendered(clause_reading.rules_of_rows(c.row for c in listed))
    made = []
    for clause in listed:
        row = clause.row
        block = clause_reading.text_block(
            current_language(),
            {"zh": row.heading_zh, "en": row.heading_en},
            {"zh": row.body_zh, "en": row.body_en},
            html,
        )
        made.append(Text(clause, block.heading, block.language, block.html))
    return made


def _publications(
    standard_ids: Sequence[int],
) -> list[sa.Row[tuple[int, int, str, dt.datetime, dt.date, dt.datetime]]]:
    query = (
        sa.select(
            Publication.id,
            Publication.standard_id,
            Publication.version,
            Publication.at,
            Publication.effective_on,
            Publication.effective_at,
        )
        .where(Publication.standard_id.in_(standard_ids), Publication.state == PublicationState.PUBLISHED)
        .order_by(Publication.effective_at.desc(), Publication.id.desc())
        .limit(LOG_LIMIT)
    )
    return list(db.session.execute(query))


def _changed_rows(publication_ids: Sequence[int], everything: bool) -> dict[int, list[ClauseVersion]]:
    rows = db.session.execute(
        sa.select(
            ClauseVersion.publication_id,
            ClauseVersion.clause_id,
            ClauseVersion.change,
            ClauseVersion.heading_zh,
            ClauseVersion.heading_en,
            ClauseVersion.tags,
        )
        .where(
            ClauseVersion.publication_id.in_(publication_ids), ClauseVersion.change != ClauseChange.UNCHANGED
        )
        .order_by(ClauseVersion.position)
    )
    made: dict[int, list[ClauseVersion]] = {}
    for row in rows:
        if everything or PUBLIC in row.tags:
            made.setdefault(row.publication_id, []).append(row)  # type: ignore[arg-type]
    return made


def _notes(publication_ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    rows = db.session.execute(
        sa.select(
            PublicationPlan.publication_id,
            PublicationPlan.customer_notice_zh,
            PublicationPlan.customer_notice_en,
        ).where(
            PublicationPlan.publication_id.in_(publication_ids),
            # customers are told nothing that a second person has not read
            PublicationPlan.notice_approved_at.is_not(None),
        )
    )
    asked = current_language()
    made: dict[int, tuple[str, str]] = {}
    for publication_id, zh, en in rows:
        texts = {"zh": zh, "en": en}
        language = asked if texts[asked] else ("en" if asked == "zh" else "zh")
        made[publication_id or 0] = (texts[language], language)
    return made


def _named(row: ClauseVersion) -> tuple[str, str, ClauseChange]:
    heading = (
        (row.heading_zh, row.heading_en) if current_language() == "zh" else (row.heading_en, row.heading_zh)
    )
    return row.clause_id, heading[0] or heading[1] or _("a clause"), row.change
