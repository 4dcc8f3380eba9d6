"""Owns carrying clause ids through the texts of one document's history, oldest first. Pure; reads no bundle, keeps no row."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from app.core.errors import DomainError, Invalid, Reason
from app.standards.clause import Clause
from app.standards.document import Document
from app.standards.identity import assign_ids, first_front
from app.standards.importing import ImportedText, read_markdown
from app.standards.matching import lineage
from app.standards.structure import without_number

NEW, CHANGED, RETIRED = "new", "changed", "retired"


@dataclass(frozen=True)
class CarriedText:
    """One text of the history with its clause ids; `document` is None where there was none, `why` says why not.

    `changes` are (clause id, new | changed | retired, the clause it was split from or merged into or nothing) against
    the text before it.
    """

    document: Document | None
    why: Reason | None = None
    changes: tuple[tuple[str, str, str], ...] = ()


class Carrier:
    """Gives each text of one document the ids of the one it was made from; a clause that comes back gets its id back.

    `known` are the texts that were carried before, oldest first; `used_ids` were given to other clauses meanwhile.
    """

    def __init__(self, code: str, known: Iterable[Document] = (), used_ids: Iterable[str] = ()) -> None:
        self.code = code
        self.previous: Document | None = None
        self.used = set(used_ids)
        self._words: dict[str, Clause] = {}
        for document in known:
            self._remember(document)

    def carry(self, path: str, data: bytes | None, base: Document | None = None) -> CarriedText:
        """Returns the next text; `data` None is a commit that took the document away.

        Its ids come from `base`, the text it was made from, or from the text before it where that is None.
        """
        before = self.previous
        made = self.carry_aside(path, data, base)
        if made.document is None:
            return made
        self.previous = made.document
        return CarriedText(made.document, changes=tuple(_changes(before, made.document)))

    def carry_aside(self, path: str, data: bytes | None, base: Document | None = None) -> CarriedText:
        """Returns a text that is none of the history's own with its ids: the next one does not come after it."""
        if data is None:
            return CarriedText(None)
        try:
            document = self._with_ids(read_markdown(path, data), base or self.previous)
        except DomainError as error:
            return CarriedText(None, _first_reason(error))
        self._remember(document)
        return CarriedText(document)

    def go_on_after(self, document: Document | None) -> None:
        """Makes a text that was carried before the one the next comes after; None leaves it as it is."""
        self.previous = document or self.previous

    def _with_ids(self, imported: ImportedText, base: Document | None) -> Document:
        head = base.front if base else first_front(imported, self.code)
        gone = [c for i, c in self._words.items() if base is None or not base.has(i)]
        front = replace(head, title=imported.title)
        return assign_ids(imported, base, front=front, used_ids=self.used, retired=gone)

    def _remember(self, document: Document) -> None:
        self._words |= {clause.id: clause for clause in document.clauses}
        self.used |= set(self._words)


def in_language(documents: Sequence[Document], language: str) -> list[Document]:
    """Returns the documents as texts of one language: that of the newest, in which the standard is kept."""
    return [replace(d, front=replace(d.front, language=language)) for d in documents]


def _changes(old: Document | None, new: Document) -> Iterator[tuple[str, str, str]]:
    before = old.clauses if old else ()
    relatives = {step.clause_id: step.other_id for step in lineage(new.clauses, before)}
    for clause in new.clauses:
        if old is None or not old.has(clause.id):
            yield clause.id, NEW, relatives.get(clause.id, "")
        elif _words(clause) != _words(old.clause(clause.id)):
            yield clause.id, CHANGED, ""
    yield from (
        (clause.id, RETIRED, relatives.get(clause.id, "")) for clause in before if not new.has(clause.id)
    )


def _words(clause: Clause) -> tuple[str, str]:
    """Returns what has to differ for a clause to have changed; another number is no change."""
    return without_number(clause.heading), clause.body


def _first_reason(error: DomainError) -> Reason:
    return error.errors[0].reason if isinstance(error, Invalid) else error.reasons[0]
