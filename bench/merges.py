"""Replays merges: what two revisions of one standard become here, beside what Git makes of the same three texts.

    python -m bench.merges PATH... [--seeds 40] [--json]

PATH is a bundle (every merge in which both sides touched a document, and every two changes of a document in a row, as if
both had begun with one text), a text, or a folder of these (two seeded amendments of it, merged). Here a clause is in one revision at a time: what only one side changed comes
together by itself; for a clause that both changed the second is told, and the conflict page shows the text
that holds both, or three texts. The words before the first clause and the chapters are compared too: they are
the frame, which is in one revision at a time like a clause.
"""

import argparse
import json
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from app.core.errors import DomainError
from app.standards.bundle import ENDING
from app.standards.conflicts import fitted
from app.standards.document import Chapter, Document
from app.standards.drafted_documents import apply_drafts
from app.standards.frame import FRAME, Frame, FrameChapter, defaults_of, frame_of, framed, groups_of
from app.standards.git import merged
from app.standards.identity import assign_ids, first_front
from app.standards.importing import read_text
from app.standards.models import ClauseDraft, DraftKind
from app.standards.whole_reading import Typed, frame_chapters
from app.standards.whole_rows import Rows, read_written, rows_of, written
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
    """What the product makes of it, and the ids (`frame` too) for which three texts are shown."""

    document: Document
    conflicts: tuple[str, ...]
    told: tuple[str, ...]
    """Clauses, or the frame, that both sides changed: the second is told at once."""
    has_frame_change: bool = False

    @property
    def clauses(self) -> tuple[tuple[str, str], ...]:
        """Returns the clauses in order as (heading, body)."""
        return _words(self.document)


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
        print(f"{name:<72} {count}")


def judge(three: Three) -> str:
    """Returns in words how the product's text and Git's stand to each other."""
    text = merged(three.base, three.ours, three.theirs)
    kind = three.name.split(" ")[0]
    try:
        ours = join(three)
    except DomainError:
        return f"{kind}: a text without clauses, left out"
    if ours.has_frame_change:
        kind = f"{kind}, the frame changed"
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
    same = _whole(ours.document) == _whole(_document(text, None))
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
    changed = [_frame(side) != _frame(base) for side in (ours, theirs)]
    if changed == [False, True]:
        bare = apply_drafts({base.front.language: base}, drafts)[base.front.language]
        made = framed(made, _drafted_frame(base, bare, theirs))
    elif all(changed) and _frame(ours) != _frame(theirs):
        told.append(FRAME)
        both = _both_frames(base, made, theirs)
        if both is None:
            conflicts.append(FRAME)
        else:
            made = framed(made, both)
    return Joined(made, tuple(conflicts), tuple(told), any(changed))


def _drafted_frame(base: Document, bare: Document, theirs: Document) -> Frame:
    """Returns the frame that one side drafted on the base, as the page of the whole text keeps it."""
    where = groups_of(theirs)
    ids = tuple(clause.id for clause in theirs.clauses)
    chapters = tuple(block for block in theirs.blocks if isinstance(block, Chapter))
    typed = Typed(theirs.preamble, chapters, theirs.clauses, tuple(where[i] for i in ids), ids, ids)
    named = frame_chapters(typed, base, frame_of(base).chapters, ids)
    defaults = defaults_of(bare, named)
    return Frame(theirs.preamble, tuple(named), {i: at for i, at in where.items() if defaults.get(i) != at})


def _both_frames(base: Document, ours: Document, theirs: Document) -> Frame | None:
    """Returns the frame with both changes, as the page of the whole text puts two drafters' together; None if it cannot."""
    text = fitted(*(written(_outlined(side)) for side in (base, theirs, ours)))
    if text is None:
        return None
    rows = read_written(text)
    chapters, places = [], {}
    for row in rows.rows:
        if row.is_chapter:
            chapters.append(FrameChapter(row.heading, row.level))
        elif row.clause_id:
            places[row.clause_id] = len(chapters) - 1
    return Frame(rows.preamble, tuple(chapters), places)


def _outlined(document: Document) -> Rows:
    """Returns the rows of a text without the clauses' words: what is put together here are the chapters around them."""
    rows = rows_of(document)
    bare = (row if row.is_chapter else replace(row, heading=row.key, body="") for row in rows.rows)
    return replace(rows, rows=tuple(bare))


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


def _frame(document: Document) -> tuple[str, tuple[Chapter, ...]]:
    return document.preamble, tuple(block for block in document.blocks if isinstance(block, Chapter))


def _whole(document: Document) -> tuple[object, ...]:
    """Returns everything that is compared with Git's text: the words before the first clause, chapters and clauses."""
    blocks = (
        ("chapter", b.heading, "") if isinstance(b, Chapter) else ("clause", b.heading, b.body)
        for b in document.blocks
    )
    return document.preamble, *blocks


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
                yield from real_pairs(file)
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


def real_pairs(file: Path) -> Iterator[Three]:
    """Yields every two changes of a document that followed each other in a bundle, as if both had begun with one text.

    The second is taken off the first by Git; where it builds on the first it cannot stand beside it and is left out.
    """
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["git", "clone", "-q", "--bare", str(file), folder], check=True)

        def git(*arguments: str) -> str:
            done = subprocess.run(["git", "-C", folder, *arguments], capture_output=True, check=False)
            return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else ""

        for path in git("ls-tree", "-r", "-z", "--name-only", "HEAD").split("\0"):
            if not path.endswith(".md"):
                continue
            commits = git("log", "--reverse", "--no-merges", "--format=%H", "HEAD", "--", path).split()
            texts = [(c, git("show", f"{c}:{path}").rstrip("\n")) for c in commits]
            for (_a, base), (_b, first), (commit, second) in zip(texts, texts[1:], texts[2:], strict=False):
                beside = merged(first, base, second) if base and first and second else None
                if beside is not None and base not in (first, beside):
                    yield Three(f"pairs {commit[:8]} {path}", base, first, beside)


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
