"""Owns what a reader sees of a standard: its clauses as they bind at an instant, or as one version has them.

Decides nothing about what binds (`in_force.py`) and writes nothing.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import sqlalchemy as sa
from markupsafe import Markup
from sqlalchemy.orm import load_only

from app.core.db import db
from app.core.once import asked_once
from app.standards import kept, queries
from app.standards.clause_reading import (
    Chapters,
    ClauseReading,
    bound,
    clause_of,
    is_there,
    read_chapters,
    rules_of_rows,
)
from app.standards.in_force import Binding, Overlay, PublishedClause, text_in_force
from app.standards.models import ClauseVersion, Publication, PublicationState, Standard
from app.standards.overlays import PilotText, overlays_of
from app.standards.rendering import rendered
from app.web.language import current_language

__all__ = [
    "BOTH",
    "LANGUAGES",
    "ClauseReading",
    "Reading",
    "as_of",
    "as_published",
    "clause_of",
    "in_force_of",
    "is_there",
    "light_publications",
    "pilots_at",
    "rules_of_rows",
]

LANGUAGES = ("zh", "en")
BOTH = "both"


@dataclass(frozen=True)
class Reading:
    """A standard as a reader sees it. `version` is None before the first publication binds.

    `chapters` holds (title, clauses) in reading order; `coming` the publications that bind later, soonest first.
    `key` names all that the chapters and the preamble are made of: equal keys are equal words.
    """

    standard: Standard
    version: Publication | None
    publications: tuple[Publication, ...]
    chapters: Chapters
    coming: tuple[tuple[Publication, tuple[str, ...]], ...] = ()
    preamble: Markup = field(default_factory=Markup)
    preamble_language: str = ""
    key: tuple[object, ...] = ()

    @property
    def clauses(self) -> tuple[ClauseReading, ...]:
        """Returns all clauses in reading order."""
        return tuple(clause for _title, clauses in self.chapters for clause in clauses)

    @property
    def first(self) -> Publication | None:
        """Returns the publication with the earliest effective instant."""
        return min(self.publications, key=lambda p: (p.effective_at, p.id), default=None)


@asked_once
def light_publications(standard_id: int) -> list[Publication]:
    """Returns the publications of a standard without their texts, newest first."""
    return list(
        db.session.scalars(
            sa.select(Publication)
            .where(Publication.standard_id == standard_id, Publication.state == PublicationState.PUBLISHED)
            .options(
                load_only(
                    Publication.standard_id,
                    Publication.revision_id,
                    Publication.version,
                    Publication.state,
                    Publication.content_sha256,
                    Publication.at,
                    Publication.effective_on,
                    Publication.effective_at,
                    Publication.transition_until,
                    Publication.change_note,
                    Publication.commit_id,
                )
            )
            .order_by(Publication.id.desc())
        )
    )


def in_force_of(publications: Iterable[Publication], instant: dt.datetime) -> Publication | None:
    """Returns the publication that is in force at the instant: the latest to take effect, of two the later one."""
    begun = [p for p in publications if p.effective_at <= instant]
    return max(begun, key=lambda p: (p.effective_at, p.id), default=None)


def as_of(standard: Standard, instant: dt.datetime, languages: Sequence[str] = ()) -> Reading:
    """Returns the standard as it binds at the instant, in the languages asked for (the reader's if none).

    Two queries when the same text was read before, four otherwise; pilots ask their own.
    """
    asked = tuple(languages) or (current_language(),)
    publications = light_publications(standard.id)
    version = in_force_of(publications, instant)
    text = text_in_force(queries.published_clauses(standard.id), instant)
    coming_at = {c.clause_id: c.effective_at for c in reversed(text.coming)}
    pilots = pilots_at(standard, instant)
    key = (
        standard.code,
        asked,
        version.content_sha256 if version else "",
        tuple((b.version.key, b.clause_hash, b.also_accepted and b.also_accepted.key) for b in text.bindings),
        tuple(coming_at.items()),
        tuple((clause_id, tuple(texts)) for clause_id, texts in pilots.items()),
    )

    def read() -> Chapters:
        return read_chapters(standard, _with_rows(text.bindings), asked, coming_at=coming_at, pilots=pilots)

    preamble, language = kept.once("preamble", key, lambda: _preamble(version, asked[0]))
    return Reading(
        standard=standard,
        version=version,
        publications=tuple(publications),
        chapters=kept.once("chapters", key, read),
        coming=_coming(publications, text.coming),
        preamble=preamble,
        preamble_language=language,
        key=key,
    )


def as_published(standard: Standard, version: Publication, languages: Sequence[str] = ()) -> Reading:
    """Returns the standard exactly as one publication has it, whatever binds now."""
    asked = tuple(languages) or (current_language(),)
    key = (standard.code, asked, version.id, version.content_sha256)

    def read() -> Chapters:
        rows = db.session.scalars(
            sa.select(ClauseVersion)
            .where(ClauseVersion.publication_id == version.id)
            .order_by(ClauseVersion.position, ClauseVersion.clause_id)
        )
        bindings = [bound(row) for row in rows if is_there(row)]
        return read_chapters(standard, bindings, asked, coming_at={}, pilots={})

    preamble, language = kept.once("preamble", key, lambda: _preamble(version, asked[0]))
    return Reading(
        standard=standard,
        version=version,
        publications=tuple(light_publications(standard.id)),
        chapters=kept.once("chapters", key, read),
        preamble=preamble,
        preamble_language=language,
        key=key,
    )


def _with_rows(bindings: Sequence[Binding]) -> list[Binding]:
    """Returns the bindings with their rows as keys; one query."""
    ids = [v.key for b in bindings for v in (b.version, b.also_accepted) if v is not None]
    rows = {r.id: r for r in db.session.scalars(sa.select(ClauseVersion).where(ClauseVersion.id.in_(ids)))}

    def full(version: PublishedClause) -> PublishedClause:
        return replace(version, key=rows[int(str(version.key))])

    return [
        replace(b, version=full(b.version), also_accepted=full(b.also_accepted) if b.also_accepted else None)
        for b in bindings
    ]


def pilots_at(standard: Standard, instant: dt.datetime) -> dict[str, list[PilotText]]:
    """Returns the pilot texts of a standard that run at the instant, by clause."""
    return _running(overlays_of(standard), instant)


def _running(overlays: Iterable[Overlay], instant: dt.datetime) -> dict[str, list[PilotText]]:
    """Returns the pilot texts that run at the instant by clause, wherever: the page says where they count."""
    made: dict[str, list[PilotText]] = {}
    for overlay in overlays:
        runs = overlay.starts_at <= instant and (overlay.ends_at is None or instant < overlay.ends_at)
        if runs and isinstance(overlay.key, PilotText):
            made.setdefault(overlay.clause_id, []).append(overlay.key)
    return made


def _coming(
    publications: Iterable[Publication], coming: Iterable[PublishedClause]
) -> tuple[tuple[Publication, tuple[str, ...]], ...]:
    """Groups the clauses to come by their day; the publication is the first that names the day."""
    by_instant = {p.effective_at: p for p in publications}  # newest first: the oldest of a day stays
    clauses: dict[dt.datetime, list[str]] = {}
    for clause in coming:
        clauses.setdefault(clause.effective_at, []).append(clause.clause_id)
    return tuple((by_instant[at], tuple(ids)) for at, ids in sorted(clauses.items()) if at in by_instant)


def _preamble(version: Publication | None, asked: str) -> tuple[Markup, str]:
    """Returns the words before the first clause and their language; the other one where this one has no text."""
    if version is None:
        return Markup(""), asked
    documents = queries.documents_of(version)
    language = asked if asked in documents else next(iter(documents), asked)
    words = documents[language].preamble if language in documents else ""
    return rendered([words])[words], language
