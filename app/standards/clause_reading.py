"""Owns one clause as a page shows it: its words in each language asked for, what to say, what is measured.

Which text binds is decided before (`in_force.py`); a whole standard is read in `reading.py`.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from app.standards import kept
from app.standards.in_force import Binding, PublishedClause
from app.standards.measures import Measure
from app.standards.models import ClauseChange, ClauseVersion, Standard
from app.standards.overlays import PilotText
from app.standards.rendering import rendered
from app.standards.scripts import split_body
from app.standards.words import spoken_id

Chapters = tuple[tuple[str, tuple["ClauseReading", ...]], ...]


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


def read_chapters(
    standard: Standard,
    bindings: Sequence[Binding],
    asked: Sequence[str],
    *,
    coming_at: Mapping[str, dt.datetime],
    pilots: Mapping[str, Sequence[PilotText]],
) -> Chapters:
    """Returns the clauses under their chapters, in the order of the bindings, whose keys are rows; one query.

    `coming_at` says from when a clause will read otherwise, `pilots` which pilot texts run, both by clause id.
    """
    html = rendered(_texts_of(bindings, pilots))
    return _chapters(
        [_reading(standard, b, asked, html, coming_at, pilots.get(b.clause_id, ())) for b in bindings]
    )


def clause_of(
    standard: Standard, row: ClauseVersion, languages: Sequence[str], pilots: Sequence[PilotText] = ()
) -> ClauseReading:
    """Returns one clause row as a page shows it, with the pilot texts given; a query when it was never read before."""

    def read() -> ClauseReading:
        binding = bound(row)
        html = rendered(_texts_of([binding], {row.clause_id: pilots}))
        return _reading(standard, binding, languages, html, {}, pilots)

    key = (standard.code, row.id, row.clause_hash, tuple(languages), tuple(pilots))
    return kept.once("clause", key, read)


def is_there(row: ClauseVersion) -> bool:
    """States that the clause exists in its publication: a retired one has no text in any language."""
    return row.change is not ClauseChange.RETIRED and bool(row.hash_zh or row.hash_en)


def text_block(
    asked: str, heading: dict[str, str | None], body: dict[str, str | None], html: Mapping[str, Markup]
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


def row_blocks(row: ClauseVersion, asked: Sequence[str], html: Mapping[str, Markup]) -> tuple[TextBlock, ...]:
    """Returns the text of a clause row in each language asked for."""
    heading = {"zh": row.heading_zh, "en": row.heading_en}
    body = {"zh": row.body_zh, "en": row.body_en}
    return tuple(text_block(language, heading, body, html) for language in asked)


def rules_of_rows(rows: Iterable[ClauseVersion]) -> list[str]:
    """Returns the texts of rows that have to be rendered, in both languages."""
    return [split_body(body).rule for row in rows for body in (row.body_zh, row.body_en) if body]


def bound(row: ClauseVersion) -> Binding:
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


def _texts_of(bindings: Iterable[Binding], pilots: Mapping[str, Sequence[PilotText]]) -> list[str]:
    rows = [_row(v) for b in bindings for v in (b.version, b.also_accepted) if v is not None]
    bodies = [body for listed in pilots.values() for p in listed for body in (p.body_zh, p.body_en) if body]
    return [*rules_of_rows(rows), *(split_body(body).rule for body in bodies)]


def _row(clause: PublishedClause) -> ClauseVersion:
    row = clause.key
    if not isinstance(row, ClauseVersion):
        raise TypeError("a published clause of the database carries its row")
    return row


def _reading(
    standard: Standard,
    binding: Binding,
    asked: Sequence[str],
    html: Mapping[str, Markup],
    coming_at: Mapping[str, dt.datetime],
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


def _pilot_blocks(
    pilot: PilotText, asked: Sequence[str], html: Mapping[str, Markup]
) -> tuple[TextBlock, ...]:
    heading = {"zh": pilot.heading_zh, "en": pilot.heading_en}
    body = {"zh": pilot.body_zh, "en": pilot.body_en}
    return tuple(text_block(language, heading, body, html) for language in asked)


def _chapters(clauses: Sequence[ClauseReading]) -> Chapters:
    """Groups the clauses under their chapters and gives each its printed number, such as 2.3."""
    groups: list[tuple[str, list[ClauseReading]]] = []
    for clause in clauses:
        if not groups or groups[-1][0] != clause.chapter:
            groups.append((clause.chapter, []))
        number = f"{len(groups)}.{len(groups[-1][1]) + 1}" if clause.chapter else str(len(groups[-1][1]) + 1)
        groups[-1][1].append(replace(clause, number=number))
    return tuple((title, tuple(listed)) for title, listed in groups)
