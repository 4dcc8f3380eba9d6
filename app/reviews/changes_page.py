"""Owns what the page of changes shows: each changed clause with its redlines, marks and threads. Writes nothing."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.core.access import Actor
from app.reviews import queries
from app.reviews.freshness import clause_of
from app.reviews.models import Mark, ReviewThread, SeenMark
from app.standards import queries as standards
from app.standards import texts
from app.standards.comparison import Change, Comparison, Difference, compare, whole_states
from app.standards.document import Document, primary_of
from app.standards.frame import FRAME_PARTS, words_of
from app.standards.models import ClauseDraft, Materiality, Revision
from app.standards.revision_page import texts_of
from app.web.language import current_language

LANGUAGES = ("zh", "en")
VIEWS = ("inline", "side", "new", "old")


@dataclass(frozen=True)
class ChangedClause:
    """One clause that differs, or a part of the frame, whose id is `preamble` or `chapters`.

    `mark` is the viewer's own, None when the text changed since or nothing was marked.
    """

    clause_id: str
    differences: tuple[Difference, ...]
    text_sha256: str
    mark: Mark | None
    was_marked: bool
    threads: tuple[ReviewThread, ...]

    @property
    def change(self) -> Change:
        """Returns what happens to the clause."""
        return self.differences[0].change

    @property
    def title(self) -> str:
        """Returns the heading in the reader's language where it has one."""
        wanted = current_language()
        return next((d.title for d in self.differences if d.language == wanted), self.differences[0].title)

    @property
    def is_editorial(self) -> bool:
        """States that only punctuation, spaces or forms of characters differ, in every language."""
        return all(d.is_editorial for d in self.differences)

    @property
    def open_threads(self) -> int:
        """Returns how many discussions are not resolved."""
        return sum(thread.resolved_at is None for thread in self.threads)


@dataclass(frozen=True)
class ChangesPage:
    """All changes of a revision as the viewer sees them. `parts` are the changed parts {part: sha256}."""

    revision: Revision
    comparison: Comparison
    clauses: tuple[ChangedClause, ...]
    frame: tuple[ChangedClause, ...]
    parts: Mapping[str, str]
    frame_parts: tuple[str, ...]
    touches_public: bool
    before: Mapping[str, Document]
    after: Mapping[str, Document]
    drafts: Mapping[str, ClauseDraft]
    threads: tuple[ReviewThread, ...] = ()

    @property
    def seen(self) -> int:
        """Returns how many of all changes the viewer has seen as they stand."""
        return sum(one.mark is Mark.SEEN for one in self.all)

    @property
    def all(self) -> tuple[ChangedClause, ...]:
        """Returns what differs in reading order: the parts of the frame, then the clauses."""
        return (*self.frame, *self.clauses)

    @property
    def other_threads(self) -> tuple[ReviewThread, ...]:
        """Returns the open discussions on what does not differ any more; they stay visible until they are resolved."""
        shown = {one.clause_id for one in self.all}
        return tuple(t for t in self.threads if t.resolved_at is None and t.clause_id not in shown)

    def body_of(self, language: str, clause_id: str) -> str:
        """Returns the words of a clause or a part of the frame in the new text, an empty text when it has none."""
        document = self.after.get(language)
        return words_of(document, clause_id) if document else ""

    def claimed_editorial(self, clause_ids: Iterable[str]) -> list[str]:
        """Returns those of the clauses whose drafter claims that nobody has to do anything differently.

        The machine took the claim back where it can disprove it; a reviewer's signature confirms it
        (mission.md, rule 2).
        """
        found = {i: self.drafts.get(i) for i in clause_ids}
        return [i for i, draft in found.items() if draft and draft.materiality is Materiality.EDITORIAL]

    def clause(self, clause_id: str) -> ChangedClause | None:
        """Returns a changed clause, None when it does not differ."""
        return next((c for c in self.clauses if c.clause_id == clause_id), None)


def changes_of(revision: Revision, actor: Actor) -> ChangesPage:
    """Returns the changes of a revision against the text before it, in all languages."""
    before, after = texts_of(revision)
    old, new = whole_states(before), whole_states(after)
    compared = {language: compare(old, new, language) for language in LANGUAGES}
    shown = compared[current_language()]
    parts = texts.changed_parts(dict(before), dict(after)) if after else {}
    marks = queries.marks(revision.id, actor.person_id) if actor.person_id else {}
    threads = queries.threads(revision.id, actor.person_id)
    clauses = tuple(
        _changed(d.clause_id, compared, text_hash(parts, d.clause_id), marks, threads)
        for d in shown.differences
    )
    public = {c.id for c in primary_of(after).clauses if "public" in c.tags} if after else set()
    return ChangesPage(
        revision=revision,
        comparison=shown,
        clauses=clauses,
        frame=tuple(
            _changed(part, compared, frame_hash(after, part), marks, threads)
            for part in FRAME_PARTS
            if any(d.clause_id == part for c in compared.values() for d in c.frame)
        ),
        parts=parts,
        frame_parts=tuple(p for p in parts if clause_of(p) is None),
        touches_public=any(c.clause_id in public for c in clauses),
        before=before,
        after=after,
        threads=tuple(threads),
        drafts={draft.clause_id: draft for draft in standards.clause_drafts(revision.id)},
    )


def text_hash(parts: Mapping[str, str], clause_id: str) -> str:
    """Returns one hash over all changed parts of a clause: what a mark was made on."""
    lines = "".join(f"{p} {digest}\n" for p, digest in sorted(parts.items()) if clause_of(p) == clause_id)
    return hashlib.sha256(lines.encode()).hexdigest()


def frame_hash(documents: Mapping[str, Document], part: str) -> str:
    """Returns one hash over the words of a part of the frame in all languages: what a mark was made on."""
    lines = "".join(f"{name}\n{words_of(document, part)}\n" for name, document in sorted(documents.items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def _changed(
    clause_id: str,
    compared: Mapping[str, Comparison],
    digest: str,
    marks: Mapping[str, SeenMark],
    threads: Sequence[ReviewThread],
) -> ChangedClause:
    found = [d for c in compared.values() for d in (*c.frame, *c.differences) if d.clause_id == clause_id]
    by_language = {d.language: d for d in found}
    mark = marks.get(clause_id)
    return ChangedClause(
        clause_id=clause_id,
        differences=tuple(by_language[name] for name in _order() if name in by_language),
        text_sha256=digest,
        mark=mark.mark if mark and mark.text_sha256 == digest else None,
        was_marked=mark is not None,
        threads=tuple(t for t in threads if t.clause_id == clause_id),
    )


def _order() -> tuple[str, ...]:
    """Returns the languages, the reader's first."""
    return LANGUAGES if current_language() == "zh" else LANGUAGES[::-1]
