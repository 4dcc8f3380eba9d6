"""Measures how clauses keep their ids: on real histories, and on amended texts whose truth is known.

    python -m bench.identity PATH... [--seeds 20] [--json]

PATH is a bundle of Markdown documents, a law or policy in Markdown, or a folder of these. A bundle is read
with its whole history; the newest text of everything is amended with seeds. `--pair OLD NEW` tells what
changed between two files.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from app.core.errors import DomainError
from app.standards import bundle
from app.standards.comparison import compare, states_of
from app.standards.document import Document
from app.standards.history_texts import CHANGED, Carrier
from app.standards.identity import assign_ids, first_front
from app.standards.importing import ImportedText, read_markdown
from app.standards.matching import LEAST_LETTERS, Origin, lineage
from app.standards.structure import Found, is_numbered, without_number
from bench.amendments import KINDS, Part, amended

LEAST_CLAUSES = 8
NUMBERS = "零一二三四五六七八九"
Marks = Counter[str]


def main() -> None:
    """Prints one line a measure: kept of all, and the share."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("paths", nargs="*", type=Path)
    asked.add_argument("--seeds", type=int, default=20)
    asked.add_argument("--pair", nargs=2, type=Path, metavar=("OLD", "NEW"))
    asked.add_argument("--json", action="store_true")
    options = asked.parse_args()
    if options.pair:
        print(json.dumps(changes_between(*options.pair), ensure_ascii=False))
        return
    marks: Marks = Counter()
    texts: list[tuple[str, ImportedText]] = []
    for file in _files(options.paths):
        if file.suffix == bundle.ENDING:
            texts += history_marks(file, marks)
        else:
            texts.append((file.name, read_markdown(file.name, file.read_bytes())))
    texts = [(name, text) for name, text in texts if text.clause_count >= LEAST_CLAUSES]
    for number, (_name, text) in enumerate(texts):
        strangers = [
            b.body for _other, t in texts[:number] + texts[number + 1 :] for b in t.blocks if b.is_clause
        ]
        for seed in range(options.seeds):
            amendment_marks(text, strangers or ["本条另行规定。"], seed, marks)
    shares = {name: {"kept": marks[name], "of": marks[f"{name} of"]} for name in _names(marks)}
    if options.json:
        print(
            json.dumps({"texts": len(texts), "seeds": options.seeds, "measures": shares}, ensure_ascii=False)
        )
        return
    print(f"{len(texts)} texts of at least {LEAST_CLAUSES} clauses, {options.seeds} seeds each")
    for name, share in shares.items():
        print(f"{name:<62} {share['kept']:>6} of {share['of']:<6} {share['kept'] / share['of']:.4f}")


def changes_between(old: Path, new: Path) -> dict[str, object]:
    """Returns what the product says about two files of one text: new, changed, retired, moved, only renumbered."""
    first = read_markdown(old.name, old.read_bytes())
    before = assign_ids(first, None, front=first_front(first, "doc-01"))
    after = assign_ids(read_markdown(new.name, new.read_bytes()), before)
    language = before.front.language
    found = compare(states_of({language: before}), states_of({language: after}), language)
    listed = [[d.change.value, d.clause_id, d.title] for d in found.differences]
    return {
        "clauses": len(after.clauses),
        "changes": listed,
        "same": found.same,
        "renumbered": found.renumbered,
    }


def history_marks(file: Path, marks: Marks) -> list[tuple[str, ImportedText]]:
    """Counts over every two neighbouring texts of every document; returns the newest texts."""
    newest = []
    with bundle.opened(file) as past:
        texts = dict(past.texts(c.blob for d in past.documents for c in d.changes if c.blob))
        for document in past.documents:
            carrier = Carrier("doc-01")
            before: Document | None = None
            for change in document.changes:
                made = carrier.carry(change.path, texts[change.blob] if change.blob else None)
                if before and made.document:
                    _count_pair(before, made.document, marks)
                    marks["history: texts compared of"] += 1
                    marks["history: texts compared"] += 1
                    marks["history: clauses changed, for the record of"] += len(made.document.clauses)
                    marks["history: clauses changed, for the record"] += sum(
                        what == CHANGED for _id, what, _other in made.changes
                    )
                before = made.document or before
            last = document.changes[-1]
            if last.blob and (data := texts[last.blob]) is not None:
                newest += list(_readable(document.path, data))
    return newest


def amendment_marks(text: ImportedText, strangers: Sequence[str], seed: int, marks: Marks) -> None:
    """Amends one text with a seed, imports both and counts what the product made of it."""
    before = assign_ids(text, None, front=first_front(text, "doc-01"))
    is_law = sum(is_numbered(clause.heading) for clause in before.clauses) > len(before.clauses) / 2
    kinds = [kind for kind in KINDS if kind != "rename"] if is_law else KINDS
    old = [Part(c.heading, c.body, (c.id,), chapter=c.chapter) for c in before.clauses]
    parts = amended(old, strangers, kinds, 1 + seed * 3 % max(2, len(old) // 2), seed)
    after = assign_ids(_written(text, parts, is_law=is_law), before)
    steps = {(step.origin, step.clause_id): step.other_id for step in lineage(after.clauses, before.clauses)}
    had = {clause.id for clause in before.clauses}
    for part, clause in zip(parts, after.clauses, strict=True):
        kind = part.what or "left alone"
        if kind == "insert":
            _mark(marks, "amended: put in, has an id of its own", clause.id not in had)
        elif kind == "split":
            is_right = clause.id == part.was[0] or steps.get((Origin.SPLIT, clause.id)) == part.was[0]
            _mark(marks, "amended: split, keeps the id or is told as its part", is_right)
        elif kind == "merge":
            others = [i for i in part.was if i != clause.id]
            is_right = clause.id in part.was and all(
                steps.get((Origin.MERGED, i)) == clause.id for i in others
            )
            _mark(marks, "amended: merged, keeps an id and the other is told", is_right)
        else:
            words = {
                "move": "moved, words the same",
                "edit": "words changed",
                "rename": "only the heading changed",
            }
            _mark(
                marks, f"amended: {words.get(kind, 'left alone, number moved on')}", clause.id == part.was[0]
            )


def _count_pair(before: Document, after: Document, marks: Marks) -> None:
    """Counts clauses whose body stands once in both texts: with the same heading, and with another one."""
    old = Counter(clause.body for clause in before.clauses)
    new = Counter(clause.body for clause in after.clauses)
    by_body = {clause.body: clause for clause in before.clauses}
    for clause in after.clauses:
        if len(clause.body) < LEAST_LETTERS or old[clause.body] != 1 or new[clause.body] != 1:
            continue
        was = by_body[clause.body]
        if without_number(was.heading) != without_number(clause.heading):
            _mark(marks, "history: only the heading changed", was.id == clause.id)
        else:
            _mark(marks, "history: words the same", was.id == clause.id)


def _written(text: ImportedText, parts: Sequence[Part], *, is_law: bool) -> ImportedText:
    """Returns the amended text as a file would be read: a law with its articles numbered anew."""
    blocks: list[Found] = []
    chapter = ""
    for number, part in enumerate(parts, start=1):
        if part.chapter and part.chapter != chapter:
            blocks.append(Found(part.chapter, 2, "", False))
        chapter = part.chapter
        blocks.append(Found(f"第{han(number)}条" if is_law else part.heading, 3, part.body, True))
    return ImportedText(text.title, text.language, text.preamble, tuple(blocks))


def han(number: int) -> str:
    """Writes a number up to 999 as laws do: 十二, 一百零三, 一百三十二."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    words = f"{NUMBERS[hundreds]}百" if hundreds else ""
    if tens:
        words += ("" if tens == 1 and not hundreds else NUMBERS[tens]) + "十"
    elif hundreds and ones:
        words += "零"
    return words + (NUMBERS[ones] if ones else "")


def _mark(marks: Marks, name: str, is_right: bool) -> None:
    marks[name] += is_right
    marks[f"{name} of"] += 1


def _names(marks: Marks) -> Iterable[str]:
    return sorted(name.removesuffix(" of") for name in marks if name.endswith(" of"))


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        inside = path.rglob("*") if path.is_dir() else [path]
        yield from sorted(p for p in inside if p.suffix in (".md", bundle.ENDING))


def _readable(name: str, data: bytes) -> Iterator[tuple[str, ImportedText]]:
    try:
        yield name, read_markdown(name, data)
    except DomainError:
        return


if __name__ == "__main__":
    main()
