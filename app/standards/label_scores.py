"""Owns measuring the labels of changes on a labelled table: how many are right, how many are found. Labels nothing itself."""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from app.core.errors import Invalid
from app.standards import bundle
from app.standards.bundle import ENDING, PastDocument
from app.standards.comparison import labels_between
from app.standards.document import Document
from app.standards.history_texts import Carrier
from app.standards.labels import Label

PAIRS = {"language", "old", "new", "labels"}
PLACES = {"bundle", "path", "commit", "clause", "labels"}
SHORT_COMMIT = 10


@dataclass(frozen=True)
class Case:
    """One labelled change; an empty set of labels means that only the wording changed."""

    old: str
    new: str
    language: str
    labels: frozenset[Label]


@dataclass
class Score:
    """What was found: labels by whether they are right, wrongly given or missed."""

    cases: int = 0
    whole: int = 0
    right: Counter[Label] = field(default_factory=Counter)
    wrong: Counter[Label] = field(default_factory=Counter)
    missed: Counter[Label] = field(default_factory=Counter)

    def add(self, case: Case) -> None:
        """Labels one case and counts."""
        found = {one.label for one in labels_between(case.old, case.new, case.language)}
        self.cases += 1
        self.whole += found == case.labels
        self.right.update(found & case.labels)
        self.wrong.update(found - case.labels)
        self.missed.update(case.labels - found)

    def as_data(self) -> dict[str, object]:
        """Returns the figures: all labels together, the share of cases without any fault, and label by label."""
        by_label = {
            label.value: {
                "right": self.right[label],
                "wrong": self.wrong[label],
                "missed": self.missed[label],
            }
            for label in Label
            if self.right[label] or self.wrong[label] or self.missed[label]
        }
        right, wrong, missed = (side.total() for side in (self.right, self.wrong, self.missed))
        return {
            "cases": self.cases,
            "precision": _share(right, right + wrong),
            "recall": _share(right, right + missed),
            "cases_all_right": _share(self.whole, self.cases),
            "labels": by_label,
        }


def measure(table: Path, histories: Path | None) -> dict[str, object]:
    """Returns the score on a table of pairs of texts, or of places in histories whose bundles lie in a folder.

    Raises Invalid with the line for a table that cannot be used and for a place that no history has.
    """
    with table.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        columns = set(reader.fieldnames or ())
        rows = list(enumerate(reader, start=2))
    if columns >= PAIRS:
        cases: Iterable[Case] = (
            Case(row["old"], row["new"], row["language"], _labels(row["labels"], line)) for line, row in rows
        )
    elif columns >= PLACES and histories is not None:
        wanted = {
            (row["bundle"], row["path"], row["commit"], row["clause"]): _labels(row["labels"], line)
            for line, row in rows
        }
        cases = _from_histories(wanted, histories)
    else:
        raise Invalid.of("columns", "labels.columns")
    score = Score()
    for case in cases:
        score.add(case)
    if score.cases != len(rows):
        raise Invalid.of("rows", "labels.places", found=score.cases, of=len(rows))
    return score.as_data()


Wanted = Mapping[tuple[str, str, str, str], frozenset[Label]]


def _from_histories(wanted: Wanted, folder: Path) -> Iterator[Case]:
    for name in dict.fromkeys(place[0] for place in wanted):
        with bundle.opened(folder / f"{name}{ENDING}") as past:
            texts = dict(past.texts(c.blob for d in past.documents for c in d.changes if c.blob))
            for document in past.documents:
                yield from _of_document(wanted, name, document, texts)


def _of_document(
    wanted: Wanted, name: str, document: PastDocument, texts: Mapping[str, bytes | None]
) -> Iterator[Case]:
    """Yields the cases of one document; a place may name it as it is called now."""
    carrier = Carrier("doc-01")
    before: Document | None = None
    for change in document.changes:
        made = carrier.carry(change.path, texts[change.blob] if change.blob else None).document
        for clause in made.clauses if made and before else ():
            place = (name, document.path, change.commit[:SHORT_COMMIT], clause.id)
            if made and before and place in wanted and before.has(clause.id):
                old = before.clause(clause.id).body
                yield Case(old, clause.body, made.front.language, wanted[place])
        before = made or before


def _labels(written: str | None, line: int) -> frozenset[Label]:
    names = [name.strip() for name in (written or "").split("|") if name.strip()]
    unknown = [name for name in names if name not in Label._value2member_map_]
    if unknown:
        raise Invalid.of("labels", "labels.unknown", line=line, value=unknown[0][:40])
    return frozenset(Label(name) for name in names)


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
