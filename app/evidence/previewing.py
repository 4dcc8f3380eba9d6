"""Owns what a person sees of a file before it is brought in: its columns, the guessed fields, what would be refused.

Reads the beginning only, shows nothing unmasked, stores nothing but mappings that somebody gives a name.
"""

import dataclasses
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path

import sqlalchemy as sa

from app.core import activity, clock
from app.core.access import Actor, Permission
from app.core.db import db
from app.core.errors import Invalid, NotAllowed
from app.core.text import one_line
from app.evidence import readers
from app.evidence.models import SavedMapping
from app.evidence.readers import MAPPINGS, MetricRecord, generic_table, metric_series
from app.evidence.readers.files import Part, list_parts
from app.evidence.readers.mapping_files import MappingFile, shipped
from app.evidence.readers.tables import Row, read_table
from app.evidence.ticket_rows import Row as Kept
from app.evidence.ticket_rows import forget, masked, refused_row, row_of
from app.evidence.tickets import RefusedRow, TicketRecord

HEAD_BYTES = 512 * 1024  # of a long file: enough for some thousand rows
LARGEST_WHOLE_BYTES = 20 * 1024 * 1024  # of a workbook or archive, which cannot be read by its beginning
SHOWN = 5
LOOKED_AT = 2_000
LONGEST_SHOWN = 80
LIMIT_NAME_BYTES = 120
TABLES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm")
CHOSEN_FIELDS = (*generic_table.HEADERS, "first_reply_minutes", "resolution_minutes")

OWN = MappingFile(
    name=generic_table.NAME, title="", title_zh="", reads="", reads_zh="", document="", url="",
    dated=date(2026, 11, 22), tried=True,
    fields={name: (name, *words) for name, words in generic_table.HEADERS.items()},
    dates=("%m/%d/%Y %H:%M", "%m/%d/%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d/%b/%y %I:%M %p"),
)  # fmt: skip
BASES: dict[str, MappingFile] = {OWN.name: OWN, **{made.name: made for made in shipped()}}


@dataclass(frozen=True)
class Preview:
    """The beginning of a file. `columns` are `(header, field or empty, first values)`, none where it is no table.

    `tickets` are the first masked rows, `refused` the first refusals, of `looked_at` rows; `fits` counts what
    can be read.
    """

    mapping: str
    columns: tuple[tuple[str, str, tuple[str, ...]], ...]
    tickets: tuple[Kept, ...]
    refused: tuple[Kept, ...]
    fits: int
    refused_count: int
    whole: bool

    @property
    def looked_at(self) -> int:
        """Returns how many rows were tried."""
        return self.fits + self.refused_count


def preview(path: Path, mapping: str, columns: Mapping[str, str] | None = None) -> Preview | None:
    """Returns how the beginning of a file would be read; None for a file too long to be looked at beforehand.

    `columns` is `{header: field}` where a person chose; else the mapping's own. `mapping` must be one of MAPPINGS.
    """
    with _head(path) as head:
        if head is None:
            return None
        headers, values = _table(head, (mapping,)) if mapping != metric_series.NAME else ([], [])
        chosen = dict(columns) if columns is not None else _guessed(mapping, headers)
        read = reader(mapping, columns).read
        tickets: list[Kept] = []
        refused: list[Kept] = []
        counts = Counter[bool]()
        for one in islice(read(head, clock.zone()), LOOKED_AT):
            counts[not isinstance(one, RefusedRow)] += 1
            if isinstance(one, TicketRecord):
                if len(tickets) < SHOWN:
                    tickets.append(row_of(one))
            elif isinstance(one, MetricRecord):
                continue
            elif len(refused) < 4 * SHOWN:
                refused.append({**refused_row(one), "file": ""})
        shown = tuple(
            (title, chosen.get(title, ""), tuple(_short(row[place]) for row in values if place < len(row)))
            for place, title in enumerate(headers)
        )
        forget()
        return Preview(
            mapping, shown, tuple(tickets), tuple(refused), counts[True], counts[False], head == path
        )


def guess(path: Path) -> str:
    """Returns the mapping that reads most of the beginning of a file; our own table where none reads anything."""
    with _head(path) as head:
        if head is None:
            return generic_table.NAME
        best, best_score = generic_table.NAME, (False, 0, 0)
        headers, _ = _table(head, BASES)
        for name, mapping in MAPPINGS.items():
            rows = list(islice(mapping.read(head, clock.zone()), 50))
            good = sum(not isinstance(one, RefusedRow) for one in rows)
            score = (2 * good >= len(rows), len(_guessed(name, headers)), good)
            if good and score > best_score:
                best, best_score = name, score
        return best


def reader(mapping: str, columns: Mapping[str, str] | None) -> readers.Mapping:
    """Returns the mapping, with the columns a person chose if there are any. Raises Invalid for one that has no columns."""
    if columns is None or mapping == metric_series.NAME:
        return MAPPINGS[mapping]
    if mapping not in BASES:
        raise Invalid.of("mapping", "evidence.unknown_mapping", name=mapping[:40])
    fields: dict[str, tuple[str, ...]] = {}
    for title, name in columns.items():
        if name in CHOSEN_FIELDS:
            fields[name] = (*fields.get(name, ()), title)
    missing = next((name for name in ("external_id", "created_at") if name not in fields), None)
    if missing is not None:
        raise Invalid.of(missing, "import.column_missing")
    return readers.from_file(dataclasses.replace(BASES[mapping], fields=fields))


def named(name: str) -> tuple[str, dict[str, str] | None]:
    """Returns what a name stands for: a mapping of ours, or a saved one with its columns. Raises Invalid."""
    if name in MAPPINGS:
        return name, None
    saved = db.session.scalar(sa.select(SavedMapping).where(SavedMapping.name == name))
    if saved is None:
        raise Invalid.of("mapping", "evidence.unknown_mapping", name=name[:40])
    return saved.base, dict(saved.columns)


def saved_names() -> list[str]:
    """Returns the names of the saved mappings, sorted."""
    return list(db.session.scalars(sa.select(SavedMapping.name).order_by(SavedMapping.name)))


def save_mapping(actor: Actor, name: str, base: str, columns: Mapping[str, str]) -> SavedMapping:
    """Keeps chosen columns under a name, in place of those that had it. Raises Invalid, NotAllowed."""
    if not (actor.is_system or actor.may(Permission.MANAGE_EVIDENCE)):
        raise NotAllowed("move.no_permission", permission=Permission.MANAGE_EVIDENCE.value)
    clean = one_line(name, field="save_as", limit_bytes=LIMIT_NAME_BYTES)
    if clean in MAPPINGS:
        raise Invalid.of("save_as", "evidence.mapping_name_taken", name=clean)
    reader(base, columns)
    saved = db.session.scalar(sa.select(SavedMapping).where(SavedMapping.name == clean))
    if saved is None:
        saved = SavedMapping(name=clean)
        db.session.add(saved)
    saved.base, saved.columns = (
        base,
        {str(title)[:200]: str(field) for title, field in columns.items() if field},
    )
    saved.saved_by_id, saved.at = actor.person_id, clock.now()
    db.session.flush()
    activity.record(actor, "mapping.saved", "mapping", saved.id, mapping=base)
    return saved


def _guessed(mapping: str, headers: list[str]) -> dict[str, str]:
    """Returns which field each header is by the mapping's own words."""
    words = _words_of(mapping)
    return {title: words[title.casefold()] for title in headers if title.casefold() in words}


def _words_of(mapping: str) -> dict[str, str]:
    fields = BASES[mapping].fields if mapping in BASES else {}
    return {" ".join(word.split()).casefold(): name for name, names in fields.items() for word in names}


def _table(path: Path, mappings: Iterable[str]) -> tuple[list[str], list[list[str]]]:
    """Returns the headers of a table, each once, and its first rows; nothing for a file that is no table."""
    parts = [part for part in list_parts(path, *TABLES) if isinstance(part, Part)]
    if not parts or not parts[0].name.casefold().endswith(TABLES):
        return [], []
    headers: list[str] = []

    def name_column(title: str) -> str | None:
        if not title or title in headers or not title.isprintable():
            return None
        headers.append(title)
        return title

    words = {word for mapping in mappings for word in _words_of(mapping)}
    table = read_table(parts[0], name_column, fits=lambda title: title.casefold() in words)
    rows = [row for row in islice(table, SHOWN * 4) if isinstance(row, Row)]
    return headers, [[row.cells.get(title, "") for title in headers] for row in rows[:2]]


def _short(cell: str) -> str:
    text = masked(cell)
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 1]}…"


@contextmanager
def _head(path: Path) -> Iterator[Path | None]:
    """Gives the file itself, or the beginning of a long one cut where a line ends; None where it cannot be cut."""
    if path.is_dir() or path.stat().st_size <= HEAD_BYTES:
        yield path
        return
    if path.suffix.casefold() in (".xlsx", ".xlsm", ".zip"):
        yield path if path.stat().st_size <= LARGEST_WHOLE_BYTES else None
        return
    with tempfile.TemporaryDirectory() as folder, path.open("rb") as stream:
        block = stream.read(HEAD_BYTES)
        head = Path(folder) / path.name
        head.write_bytes(block[: block.rfind(b"\n") + 1] or block)
        yield head
