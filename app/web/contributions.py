"""Owns what rooms give to pages that many rooms make: desk, revision page, standard page, dossier.

The wiring page names the functions; the pages ask here and know no room.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from app.core.access import Actor


@dataclass(frozen=True)
class Task:
    """Something that waits for a person. `words` is verb and object; `due` is a moment, None is without a date.

    `minutes` is the honest effort; `why` says role or rule; `waiting_for` is set when somebody else must act.
    """

    words: str
    url: str
    minutes: int
    due: dt.datetime | None = None
    why: str = ""
    meta: str = ""
    kind: str = ""
    waiting_for: str | None = None


@dataclass(frozen=True)
class StageBlock:
    """What a room shows on a revision's page for one of the nine stages (1 to 9).

    `summary` is the one line of a finished stage; `template` with `context` is the open block, None when there
    is nothing more than the line. `people` is the rail's small print: who and when.
    """

    stage: int
    summary: str
    template: str | None = None
    context: dict[str, Any] = field(default_factory=dict)
    people: str = ""


@dataclass(frozen=True)
class Act:
    """Something the viewer can do now on a revision. The smallest `rank` is the page's primary button.

    `method` GET is a link; POST is a form with only the token. `reasons` non-empty greys it and explains.
    """

    words: str
    url: str
    rank: int = 50
    method: str = "GET"
    reasons: tuple[str, ...] = ()
    is_danger: bool = False


@dataclass(frozen=True)
class Waiting:
    """Whom a revision waits for: a sentence such as "Zhao (legal), day 2", and until when."""

    words: str
    due: dt.datetime | None = None


@dataclass(frozen=True)
class ClauseNote:
    """A line beside a clause on the standard's page: counters and links. `kind`: count, measure, coming, pilot, law."""

    clause_id: str
    words: str
    url: str | None = None
    kind: str = "count"


@dataclass(frozen=True)
class OtherText:
    """A text outside the clauses that speaks of a standard, such as a notice to customers. `texts` is {language: words}.

    `names_the_old` says that it may name a former number beside the new one, as a notice of a change does.
    """

    words: str
    url: str
    texts: dict[str, str]
    names_the_old: bool = False


@dataclass(frozen=True)
class DossierSection:
    """One chapter of a dossier. `template` gets `context`; `tables` become CSV files {name: (header, rows)}."""

    key: str
    rank: int
    template: str
    context: dict[str, Any]
    tables: dict[str, tuple[list[str], list[list[Any]]]] = field(default_factory=dict)


TaskSource = Callable[[Actor], Iterable[Task]]
BlockSource = Callable[[Any, Actor], Iterable[StageBlock]]
ActSource = Callable[[Any, Actor], Iterable[Act]]
WaitingSource = Callable[[Any], Iterable[Waiting]]
OtherTextSource = Callable[[Any], Iterable[OtherText]]
ClauseNoteSource = Callable[[Any, Actor], Iterable[ClauseNote]]
DossierSource = Callable[[Any], Iterable[DossierSection]]


@dataclass(frozen=True)
class Sources:
    """All contributions of the house, in the order of the wiring page."""

    tasks: tuple[TaskSource, ...] = ()
    blocks: tuple[BlockSource, ...] = ()
    acts: tuple[ActSource, ...] = ()
    waiting: tuple[WaitingSource, ...] = ()
    clause_notes: tuple[ClauseNoteSource, ...] = ()
    dossier: tuple[DossierSource, ...] = ()
    other_texts: tuple[OtherTextSource, ...] = ()


_sources = Sources()


def wire(sources: Sources) -> None:
    """Sets who contributes; called once by the wiring page."""
    global _sources
    _sources = sources


def tasks_for(actor: Actor) -> list[Task]:
    """Returns what waits for the actor: by due moment (those without one last), then by minutes."""
    found = [task for source in _sources.tasks for task in source(actor)]
    far = dt.datetime.max.replace(tzinfo=dt.UTC)
    return sorted(found, key=lambda t: (t.due or far, t.minutes, t.words))


def blocks_for(revision: Any, actor: Actor) -> dict[int, list[StageBlock]]:
    """Returns the blocks of a revision's page by stage number."""
    made: dict[int, list[StageBlock]] = {}
    for source in _sources.blocks:
        for block in source(revision, actor):
            made.setdefault(block.stage, []).append(block)
    return made


def acts_for(revision: Any, actor: Actor) -> list[Act]:
    """Returns what the actor can do on a revision now, the primary act first."""
    return sorted((a for source in _sources.acts for a in source(revision, actor)), key=lambda a: a.rank)


def waiting_for(revision: Any) -> list[Waiting]:
    """Returns whom a revision waits for; empty when nobody must act."""
    return [w for source in _sources.waiting for w in source(revision)]


def clause_notes_for(standard: Any, actor: Actor) -> dict[str, list[ClauseNote]]:
    """Returns the lines beside the clauses of a standard, by clause id."""
    made: dict[str, list[ClauseNote]] = {}
    for source in _sources.clause_notes:
        for note in source(standard, actor):
            made.setdefault(note.clause_id, []).append(note)
    return made


def other_texts_of(standard: Any) -> list[OtherText]:
    """Returns the texts outside the clauses that speak of a standard now."""
    return [text for source in _sources.other_texts for text in source(standard)]


def dossier_of(revision: Any) -> list[DossierSection]:
    """Returns the chapters of a revision's dossier in their order."""
    return sorted((s for source in _sources.dossier for s in source(revision)), key=lambda s: s.rank)
