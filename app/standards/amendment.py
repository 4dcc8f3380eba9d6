"""Owns an amendment: two texts of one standard in one language and what differs. The table, the PDF and Word are made of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.standards import earlier, outputs, shelf
from app.standards.comparison import ClauseState, Comparison, compare, whole_states
from app.standards.models import Revision, Standard
from app.standards.reading import light_publications
from app.standards.revision_page import texts_of
from app.standards.words import _

FORM = 2  # part of the key: a new layout makes new files


@dataclass(frozen=True)
class Amendment:
    """The words for each side are in `language`. `is_draft` says that the newer text binds nobody yet.

    `old` and `new` hold the words before the first clause and the chapters too (`comparison.whole_states`).
    """

    standard: Standard
    language: str
    old_words: str
    new_words: str
    old: Sequence[ClauseState]
    new: Sequence[ClauseState]
    comparison: Comparison
    is_draft: bool
    revision: Revision | None = None

    @property
    def title(self) -> str:
        """Returns the title of the standard in the language, or in the other one where it has none."""
        standard = self.standard
        first, second = standard.title_zh, standard.title_en
        return (first or second or "") if self.language == "zh" else (second or first or "")

    @property
    def key(self) -> str:
        """Returns a hash over everything that a file made of it shows."""
        facts = (
            f"amendment/{FORM}",
            self.standard.code,
            self.title,
            self.language,
            self.old_words,
            self.new_words,
        )
        return outputs.key_of([*facts, repr(list(self.old)), repr(list(self.new))])

    @property
    def file_stem(self) -> str:
        """Returns the beginning of a file's name: letters of ASCII only, no spaces."""
        return f"{self.standard.code}-{self.revision.number}" if self.revision else self.standard.code


def of_versions(standard: Standard, pair: str, language: str) -> Amendment:
    """Returns what changed between two texts such as `2.2..2.3` or `e4..1.0`. Raises NotFound."""
    old, new = (earlier.side(standard, name) for name in shelf.pair_of(pair))
    return Amendment(
        standard=standard,
        language=language,
        old_words=_side_words(old),
        new_words=_side_words(new),
        old=old.whole,
        new=new.whole,
        comparison=compare(old.whole, new.whole, language),
        is_draft=False,
    )


def of_revision(revision: Revision, language: str) -> Amendment:
    """Returns what a revision changes: its draft against the text in force, or what its publication changed."""
    publications = light_publications(revision.standard_id)
    own = next((p for p in publications if p.revision_id == revision.id), None)
    older = publications[publications.index(own) + 1 :] if own else publications
    before, after = texts_of(revision, publications)
    old, new = whole_states(before), whole_states(after)
    return Amendment(
        standard=revision.standard,
        language=language,
        old_words=_("Version %(version)s", version=older[0].version) if older else _("No text yet"),
        new_words=_("Version %(version)s", version=own.version)
        if own
        else _("Draft of %(number)s", number=revision.number),
        old=old,
        new=new,
        comparison=compare(old, new, language),
        is_draft=own is None,
        revision=revision,
    )


def _side_words(side: earlier.Side) -> str:
    if side.number is None:
        return _("Version %(version)s", version=side.version)
    return _("Earlier text %(number)s", number=side.number)
