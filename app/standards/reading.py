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
from app.standards import queries
from app.standards.in_force import Binding, Overlay, PublishedClause
from app.standards.measures import Measure
from app.standards.models import ClauseChange, ClauseVersion, Publication, PublicationState, Standard
from app.standards.overlays import PilotText, overlays_of
from app.standards.rendering import rendered
from app.standards.scripts import split_body
from app.standards.words import spoken_id
from app.web.language import current_language

LANGUAGES = ("zh", "en")
BOTH = "both"


@dataclass(frozen=True)
class TextBlock:
    """One clause in one language. Where the translation is missing, `asked` differs from `language`."""

    asked: str
    language: str
    heading: str
    html: Markup
    says: tuple[str, ...] = ()
    never_says: tuple[str, ...] = ()

    @property
    def is_missing(self) -> bool:
        """States that the language asked for has no text yet and the other one stands here."""
        return self.asked != self.language


@dataclass(frozen=True)
class ClauseReading:
    """One clause on a page. `number` is only display; `earlier` is the text still accepted until `until`."""

    clause_id: str
    spoken: str
    number: str
    chapter: str
    blocks: tuple[TextBlock, ...]
    audience: tuple[str, ...]
    tags: tuple[str, ...]
    measures: tuple[Measure, ...]
    clause_hash: str
    effective_at: dt.datetime
    publication_id: int
    earlier: tuple[TextBlock, ...] = ()
    until: dt.datetime | None = None
    coming_at: dt.datetime | None = None
    pilots: tuple[tuple[PilotText, tuple[TextBlock, ...]], ...] = ()

    @property
    def heading(self) -> str:
        """Returns the heading in the first language shown."""
        return self.blocks[0].heading if self.blocks else self.spoken

    @property
    def says(self) -> tuple[tuple[str, str], ...]:
        """Returns the scripts to say as (language, words)."""
        return tuple((b.language, words) for b in self.blocks for words in b.says)

    @property
    def never_says(self) -> tuple[tuple[str, str], ...]:
        """Returns what never to say as (language, words)."""
        return tuple((b.language, words) for b in self.blocks for words in b.never_says)


@dataclass(frozen=True)
class Reading:
    """A standard as a reader sees it. `version` is None before the first publication binds.

    `chapters` holds (title, clauses) in reading order; `coming` the publications that bind later, soonest first.
    """

    standard: Standard
    version: Publication | None
    publications: tuple[Publication, ...]
    chapters: tuple[tuple[str, tuple[ClauseReading, ...]], ...]
    coming: tuple[tuple[Publication, tuple[str, ...]], ...] = ()
    preamble: Markup = field(default_factory=Markup)
    preamble_language: str = ""
    in_transition: tuple[str, ...] = ()

    @property
    def clauses(self) -> tuple[ClauseReading, ...]:
        """Returns all clauses in reading order."""
        return tuple(clause for _title, clauses in self.chapters for clause in clauses)

    @property
    def first(self) -> Publication | None:
        """Returns the publication with the earliest effective instant."""
        return min(self.publications, key=lambda p: (p.effective_at, p.id), default=None)


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

    Four queries: publications, clauses, their texts, the rendered ones; pilots ask their own.
    """
    asked = tuple(languages) or (current_language(),)
    publications = light_publications(standard.id)
    version = in_force_of(publications, instant)
    overlays = overlays_of(standard)
    text = queries.in_force(standard.id, instant)
    coming_at = {c.clause_id: c.effective_at for c in reversed(text.coming)}
    html = rendered(_texts_of(text.bindings, overlays, _preambles(version)))
    clauses = [
        _reading(standard, b, asked, html, coming_at, _pilots(b, overlays, instant)) for b in text.bindings
    ]
    preamble, language = _preamble(version, asked[0])
    return Reading(
        standard=standard,
        version=version,
        publications=tuple(publications),
        chapters=_chapters(clauses),
        coming=_coming(publications, text.coming),
        preamble=html.get(preamble, Markup("")),
        preamble_language=language,
        in_transition=tuple(b.clause_id for b in text.bindings if b.also_accepted),
    )


def as_published(standard: Standard, version: Publication, languages: Sequence[str] = ()) -> Reading:
    """Returns the standard exactly as one publication has it, whatever binds now."""
    asked = tuple(languages) or (current_language(),)
    rows = db.session.scalars(
        sa.select(ClauseVersion)
        .where(ClauseVersion.publication_id == version.id)
        .order_by(ClauseVersion.position, ClauseVersion.clause_id)
    )
    bindings = [_bound(row) for row in rows if is_there(row)]
    html = rendered(_texts_of(bindings, (), _preambles(version)))
    preamble, language = _preamble(version, asked[0])
    return Reading(
        standard=standard,
        version=version,
        publications=tuple(light_publications(standard.id)),
        chapters=_chapters([_reading(standard, b, asked, html, {}, ()) for b in bindings]),
        preamble=html.get(preamble, Markup("")),
        preamble_language=language,
    )


def clause_of(standard: Standard, row: ClauseVersion, languages: Sequence[str]) -> ClauseReading:
    """Returns one clause row as a page shows it; one query for its rendered texts."""
    return _reading(standard, _bound(row), languages, rendered(rules_of_rows([row])), {}, ())


def is_there(row: ClauseVersion) -> bool:
    """States that the clause exists in its publication: a retired one has no text in any language."""
    return row.change is not ClauseChange.RETIRED and bool(row.hash_zh or row.hash_en)


def text_block(
    asked: str, heading: dict[str, str | None], body: dict[str, str | None], html: dict[str, Markup]
) -> TextBlock:
    """Returns one language of a clause; where it is missing, the other one, marked as such."""
    other = "en" if asked == "zh" else "zh"
    language = asked if (body.get(asked) or heading.get(asked)) else other
    parts = split_body(body.get(language) or "")
    return TextBlock(
        asked=asked,
        language=language,
        heading=heading.get(language) or "",
        html=html.get(parts.rule, Markup("")),
        says=parts.says,
        never_says=parts.never_says,
    )


def row_blocks(row: ClauseVersion, asked: Sequence[str], html: dict[str, Markup]) -> tuple[TextBlock, ...]:
    """Returns the text of a clause row in each language asked for."""
    heading = {"zh": row.heading_zh, "en": row.heading_en}
    body = {"zh": row.body_zh, "en": row.body_en}
    return tuple(text_block(language, heading, body, html) for language in asked)


def rules_of_rows(rows: Iterable[ClauseVersion]) -> list[str]:
    """Returns the texts of rows that have to be rendered, in both languages."""
    return [split_body(body).rule for row in rows for body in (row.body_zh, row.body_en) if body]


def _bound(row: ClauseVersion) -> Binding:
    """Returns a row as if it bound: what a page shows that asks for this text and no other."""
    published = PublishedClause(
        clause_id=row.clause_id,
        clause_hash=row.clause_hash,
        order=row.publication_id,
        position=row.position,
        effective_at=row.effective_at,
        key=row,
    )
    return Binding(row.clause_id, published)


def _row(clause: PublishedClause) -> ClauseVersion:
    row = clause.key
    if not isinstance(row, ClauseVersion):
        raise TypeError("a published clause of the database carries its row")
    return row


def _texts_of(bindings: Iterable[Binding], overlays: Iterable[Overlay], more: Iterable[str]) -> list[str]:
    rows = [_row(v) for b in bindings for v in (b.version, b.also_accepted) if v is not None]
    pilots = [o.key for o in overlays if isinstance(o.key, PilotText)]
    bodies = [body for p in pilots for body in (p.body_zh, p.body_en) if body]
    return [*rules_of_rows(rows), *(split_body(body).rule for body in bodies), *more]


def _reading(
    standard: Standard,
    binding: Binding,
    asked: Sequence[str],
    html: dict[str, Markup],
    coming_at: dict[str, dt.datetime],
    pilots: Iterable[PilotText],
) -> ClauseReading:
    row = _row(binding.version)
    earlier = _row(binding.also_accepted) if binding.also_accepted else None
    chapters = {"zh": row.chapter_zh, "en": row.chapter_en}
    other = "en" if asked[0] == "zh" else "zh"
    return ClauseReading(
        clause_id=row.clause_id,
        spoken=spoken_id(standard.code, row.clause_id),
        number="",
        chapter=chapters[asked[0]] or chapters[other],
        blocks=row_blocks(row, asked, html),
        audience=tuple(row.audience),
        tags=tuple(row.tags),
        measures=tuple(Measure.from_data(m) for m in row.measures),
        clause_hash=row.clause_hash,
        effective_at=row.effective_at,
        publication_id=row.publication_id,
        earlier=row_blocks(earlier, asked, html) if earlier else (),
        until=row.transition_until if earlier else None,
        coming_at=coming_at.get(row.clause_id),
        pilots=tuple((p, _pilot_blocks(p, asked, html)) for p in pilots),
    )


def _pilot_blocks(pilot: PilotText, asked: Sequence[str], html: dict[str, Markup]) -> tuple[TextBlock, ...]:
    heading = {"zh": pilot.heading_zh, "en": pilot.heading_en}
    body = {"zh": pilot.body_zh, "en": pilot.body_en}
    return tuple(text_block(language, heading, body, html) for language in asked)


def _pilots(binding: Binding, overlays: Iterable[Overlay], instant: dt.datetime) -> list[PilotText]:
    """Returns the pilot texts of a clause that run at the instant, wherever: the page says where they count."""
    return [
        o.key
        for o in overlays
        if o.clause_id == binding.clause_id and isinstance(o.key, PilotText) and _runs(o, instant)
    ]


def _runs(overlay: Overlay, instant: dt.datetime) -> bool:
    return overlay.starts_at <= instant and (overlay.ends_at is None or instant < overlay.ends_at)


def _chapters(clauses: Sequence[ClauseReading]) -> tuple[tuple[str, tuple[ClauseReading, ...]], ...]:
    """Groups the clauses under their chapters and gives each its printed number, such as 2.3."""
    groups: list[tuple[str, list[ClauseReading]]] = []
    for clause in clauses:
        if not groups or groups[-1][0] != clause.chapter:
            groups.append((clause.chapter, []))
        number = f"{len(groups)}.{len(groups[-1][1]) + 1}" if clause.chapter else str(len(groups[-1][1]) + 1)
        groups[-1][1].append(replace(clause, number=number))
    return tuple((title, tuple(listed)) for title, listed in groups)


def _coming(
    publications: Iterable[Publication], coming: Iterable[PublishedClause]
) -> tuple[tuple[Publication, tuple[str, ...]], ...]:
    """Groups the clauses to come by their day; the publication is the first that names the day."""
    by_instant = {p.effective_at: p for p in publications}  # newest first: the oldest of a day stays
    clauses: dict[dt.datetime, list[str]] = {}
    for clause in coming:
        clauses.setdefault(clause.effective_at, []).append(clause.clause_id)
    return tuple((by_instant[at], tuple(ids)) for at, ids in sorted(clauses.items()) if at in by_instant)


def _preambles(version: Publication | None) -> list[str]:
    if version is None:
        return []
    return [document.preamble for document in queries.documents_of(version).values() if document.preamble]


def _preamble(version: Publication | None, asked: str) -> tuple[str, str]:
    if version is None:
        return "", asked
    documents = queries.documents_of(version)
    language = asked if asked in documents else next(iter(documents), asked)
    return (documents[language].preamble if language in documents else ""), language
