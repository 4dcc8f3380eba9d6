"""Replays merges: what two revisions of one standard become here, beside what Git makes of the same three texts.

    python -m bench.merges PATH... [--seeds 40] [--json]

PATH is a bundle (every merge in which both sides touched a document), a text, or a folder of these (two seeded
amendments of it, merged). Here a clause is in one revision at a time: what only one side changed comes
together by itself; for a clause that both changed the second is told, and the conflict page shows the text
that holds both, or three texts.
"""

import argparse
import json
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.core.errors import DomainError
from app.standards.bundle import ENDING
from app.standards.document import Document
from app.standards.drafted_documents import apply_drafts
from app.standards.git import merged
from app.standards.identity import assign_ids, first_front
from app.standards.importing import read_text
from app.standards.models import ClauseDraft, DraftKind
from bench.amendments import Part, amended

KINDS = ("edit", "insert", "delete")
LEAST_CLAUSES = 5


@dataclass(frozen=True)
class Three:
    """The text both sides began with, and what each made of it."""

    name: str
    base: str
    ours: str
    theirs: str


@dataclass(frozen=True)
class Joined:
    """What the product makes of it: clauses in order as (heading, body), and the ids for which three texts are shown."""

    clauses: tuple[tuple[str, str], ...]
    conflicts: tuple[str, ...]
    told: tuple[str, ...]
    """Clauses both sides changed: the second is told at once."""


def main() -> None:
    """Prints how often the product agrees with Git, and what did not."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("paths", nargs="+", type=Path)
    asked.add_argument("--seeds", type=int, default=40)
    asked.add_argument("--json", action="store_true")
    options = asked.parse_args()
    marks: Counter[str] = Counter()
    for three in _all(options.paths, options.seeds):
        verdict = judge(three)
        marks[verdict] += 1
        if "other" in verdict:
            print(f"# {three.name}: {verdict}")
    if options.json:
        print(json.dumps(marks))
        return
    for name, count in sorted(marks.items()):
        print(f"{name:<60} {count}")


def judge(three: Three) -> str:
    """Returns in words how the product's text and Git's stand to each other."""
    text = merged(three.base, three.ours, three.theirs)
    kind = three.name.split(" ")[0]
    try:
        ours = join(three)
    except DomainError:
        return f"{kind}: a text without clauses, left out"
    if text is None and ours.conflicts:
        return f"{kind}: Git conflicts, three texts are shown"
    if text is None:
        # Git works by lines: changes of two clauses that stand next to each other collide there.
        if ours.told:
            return f"{kind}: Git conflicts, the second is told and both changes fit"
        holds = holds_both(three, ours)
        return (
            f"{kind}: Git conflicts between neighbours, {'both clauses are' if holds else 'other is'} taken"
        )
    if ours.conflicts:
        return f"{kind}: Git merges, other here: three texts"
    same = ours.clauses == _words(_document(text, None))
    return f"{kind}: Git merges, {'the same text' if same else 'other text'} here"


def join(three: Three) -> Joined:
    """Returns what two revisions of one standard become: theirs was drafted on the base, ours is published already."""
    base = _document(three.base, None)
    ours = _document(three.ours, base)
    theirs = _document(three.theirs, base, used=[c.id for c in ours.clauses])
    drafts, conflicts, told = [], [], []
    previous: str | None = None
    for clause in theirs.clauses:
        old = base.clause(clause.id) if base.has(clause.id) else None
        if old is None:
            following = next((c.id for c in theirs.clauses if base.has(c.id)), None) if not previous else None
            drafts.append(_draft(clause.id, DraftKind.NEW, clause.heading, clause.body, previous, following))
        elif (clause.heading, clause.body) != (old.heading, old.body):
            mine = ours.clause(clause.id) if ours.has(clause.id) else None
            if mine is not None and (mine.heading, mine.body) == (old.heading, old.body):
                drafts.append(_draft(clause.id, DraftKind.CHANGED, clause.heading, clause.body))
            elif mine is None or (mine.heading, mine.body) != (clause.heading, clause.body):
                told.append(clause.id)
                heading = merged(old.heading, mine.heading, clause.heading) if mine else None
                body = merged(old.body, mine.body, clause.body) if mine else None
                if heading is None or body is None:
                    conflicts.append(clause.id)
                else:
                    drafts.append(_draft(clause.id, DraftKind.CHANGED, heading, body))
        previous = clause.id
    for clause in base.clauses:
        if not theirs.has(clause.id) and ours.has(clause.id):
            if (ours.clause(clause.id).heading, ours.clause(clause.id).body) == (clause.heading, clause.body):
                drafts.append(_draft(clause.id, DraftKind.RETIRED, clause.heading, clause.body))
            else:
                conflicts.append(clause.id)
    language = ours.front.language
    made = apply_drafts({language: ours}, drafts)[language]
    return Joined(_words(made), tuple(conflicts), tuple(told))


def holds_both(three: Three, joined: Joined) -> bool:
    """States that every clause that either side changed or put in is there, and none that either took away."""
    base = _document(three.base, None)
    before, after = set(_words(base)), set(joined.clauses)
    sides = [set(_words(_document(text, base))) for text in (three.ours, three.theirs)]
    return all(side - before <= after and not (before - side) & after for side in sides)


def _document(text: str, previous: Document | None, used: Sequence[str] = ()) -> Document:
    read = read_text("x.md", text)
    front = previous.front if previous else first_front(read, "doc-01")
    return assign_ids(read, previous, front=front, used_ids=used)


def _words(document: Document) -> tuple[tuple[str, str], ...]:
    return tuple((clause.heading, clause.body) for clause in document.clauses)


def _draft(
    clause_id: str,
    kind: DraftKind,
    heading: str,
    body: str,
    after: str | None = None,
    before: str | None = None,
) -> ClauseDraft:
    sides = {
        f"{what}_{name}": text
        for name in ("zh", "en")
        for what, text in (("heading", heading), ("body", body))
    }
    return ClauseDraft(
        clause_id=clause_id, kind=kind, after_clause_id=after, before_clause_id=before, tags=[], audience=[], measures=[], reason="", **sides
    )  # fmt: skip


def _all(paths: Sequence[Path], seeds: int) -> Iterator[Three]:
    for path in paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.suffix == ENDING:
                yield from real_merges(file)
            elif file.suffix == ".md":
                yield from made_merges(file.name, file.read_text("utf-8"), seeds)


def real_merges(file: Path) -> Iterator[Three]:
    """Yields every merge of a bundle in which both sides touched the same document."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["git", "clone", "-q", "--bare", str(file), folder], check=True)

        def git(*arguments: str) -> str:
            done = subprocess.run(["git", "-C", folder, *arguments], capture_output=True, check=False)
            return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else ""

        for merge in git("rev-list", "--merges", "--min-parents=2", "--max-parents=2", "HEAD").split():
            first, second = f"{merge}^1", f"{merge}^2"
            base = git("merge-base", first, second).strip()
            sides = [
                set(git("diff", "--name-only", "-z", base, side).split("\0")) for side in (first, second)
            ]
            for path in sorted(sides[0] & sides[1]) if base else ():
                if path.endswith(".md") and all(
                    git("cat-file", "-t", f"{side}:{path}") for side in (base, first, second)
                ):
                    texts = [git("show", f"{side}:{path}").rstrip("\n") for side in (base, first, second)]
                    yield Three(f"real {merge[:8]} {path}", *texts)


def made_merges(name: str, text: str, seeds: int) -> Iterator[Three]:
    """Yields pairs of seeded amendments of one text, as a file of headings and bodies."""
    read = read_text(name, text)
    parts = [Part(f"{b.heading} {n}", b.body, (str(n),)) for n, b in enumerate(read.blocks) if b.is_clause]
    if len(parts) < LEAST_CLAUSES:
        return
    strangers = [f"主管部门每{n}年评估一次，评估报告向社会公布并征求意见。" for n in range(2, 9)]
    for seed in range(seeds):
        sides = [amended(parts, strangers, KINDS, 1 + seed % 4, 2 * seed + place) for place in (0, 1)]
        yield Three(f"made {name} {seed}", *(_file(read.title, side) for side in (parts, *sides)))


def _file(title: str, parts: Sequence[Part]) -> str:
    return "\n\n".join([f"# {title}", *(f"## {part.heading}\n\n{part.body}" for part in parts)])


if __name__ == "__main__":
    main()
