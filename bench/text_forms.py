"""Measures how clauses keep their ids through whole files: versions of laws, acts and policies written as plain texts.

    python -m bench.text_forms [--seeds 20]

The clauses come from the starter library, mixed; each seed amends a text of 15 to 90 of them, numbers everything
anew and reads both files as they would be imported. Unlike `bench.identity` nothing is taken apart beforehand.
"""

import argparse
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from app.standards.comparison import compare, states_of
from app.standards.document import Document, parse_document
from app.standards.identity import assign_ids, first_front
from app.standards.importing import read_text
from bench.amendments import KINDS, Part, amended
from bench.identity import han

STARTER = Path(__file__).resolve().parents[1] / "standards_repo" / "starter"
FORMS = (
    ("law", "zh"), ("law with captions", "zh"), ("1.1 sections", "zh"), ("headings", "zh"),
    ("numbered headings", "en"), ("articles", "en"), ("numbered lines", "en"), ("headings", "en"),
)  # fmt: skip
CHAPTERS = {
    "zh": ("总则", "受理", "答复", "回访", "附则"),
    "en": ("General", "Intake", "Reply", "Feedback", "Final"),
}
BY_CHAPTER = ("law", "law with captions", "1.1 sections", "articles")
ROMAN = ("I", "II", "III", "IV", "V")


def main() -> None:
    """Prints for each form of text how many clauses kept their id, by what was done to them."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seeds", type=int, default=20)
    seeds = asked.parse_args().seeds
    for form, language in FORMS:
        marks = measured(form, language, seeds)
        shares = ", ".join(f"{k} {marks[k]} of {marks[f'{k} of']}" for k in marks if f"{k} of" in marks)
        print(f"{form} ({language}): {shares}")


def measured(form: str, language: str, seeds: int) -> Counter[str]:
    """Returns {what was done: kept, what was done + " of": all}; `read` counts files in which every clause was found."""
    marks: Counter[str] = Counter()
    for seed in range(seeds):
        old, new, edited = versions(form, language, seed)
        before = _read(form, old, language, None)
        after = _read(form, new, language, before)
        is_read = len(before.clauses) == len(old) and len(after.clauses) == len(new)
        _mark(marks, "read", is_right=is_read)
        if not is_read:
            continue
        ids = {part.was[0]: clause.id for part, clause in zip(old, before.clauses, strict=True)}
        for part, clause in zip(new, after.clauses, strict=True):
            if part.what in ("", "move", "edit", "rename"):
                _mark(marks, part.what or "left alone", is_right=clause.id == ids[part.was[0]])
        one = _read(form, edited, language, before)
        found = compare(states_of({language: before}), states_of({language: one}), language)
        _mark(marks, "one change shows as one", is_right=len(found.differences) == 1)
    return marks


def versions(form: str, language: str, seed: int) -> tuple[list[Part], list[Part], list[Part]]:
    """Returns a text, the same after many amendments, and the same with one clause changed."""
    rng = random.Random(f"{form} {language} {seed}")
    words = sorted(_clauses(language))
    rng.shuffle(words)
    count, chapters = rng.randint(15, 90), CHAPTERS[language]
    old = [
        Part(heading, body, (str(place),), chapter=chapters[place * len(chapters) // count])
        for place, (heading, body) in enumerate(words[:count])
    ]
    kinds = [kind for kind in KINDS if form != "law" or kind != "rename"]
    new = amended(old, [body for _, body in words[count:]], kinds, rng.randint(1, count // 3), seed)
    if form in BY_CHAPTER:
        new.sort(key=lambda part: chapters.index(part.chapter))
    at = rng.randrange(count)
    more = "法律另有规定的除外。" if language == "zh" else " Exceptions need consent."
    return old, new, [*old[:at], replace(old[at], body=old[at].body + more), *old[at + 1 :]]


def written(form: str, parts: Sequence[Part], language: str) -> str:
    """Returns the text as a file of this form, everything numbered anew."""
    lines = ["服务办法" if language == "zh" else "Service Act", ""]
    chapter, chapters, within = "", 0, 0
    for number, part in enumerate(parts, start=1):
        if part.chapter != chapter:
            chapter, chapters, within = part.chapter, chapters + 1, 0
            lines += {
                "law": [f"第{han(chapters)}章 {chapter}", ""],
                "law with captions": [f"第{han(chapters)}章 {chapter}", ""],
                "articles": [f"PART {ROMAN[(chapters - 1) % 5]} - {chapter}", ""],
                "1.1 sections": [f"{chapters} {chapter}"],
            }.get(form, [])
        within += 1
        body = part.body.replace("\n", " ")
        lines += {
            "law": [f"第{han(number)}条　{body}", ""],
            "law with captions": [f"第{han(number)}条 【{part.heading[:18]}】{body}", ""],
            "articles": [f"Article {number}. {part.heading[:60]}", body, ""],
            "numbered lines": [f"{number}. {part.heading[:60]}", "", body, ""],
            "1.1 sections": [f"{chapters}.{within} {part.heading[:40]}", body],
            "headings": [f"## {part.heading}", "", body, ""],
            "numbered headings": [f"## {number}. {part.heading}", "", body, ""],
        }[form]
    return "\n".join(lines)


def _clauses(language: str) -> Iterator[tuple[str, str]]:
    for file in sorted(STARTER.glob(f"*/{language}.md")):
        for clause in parse_document(file.read_text("utf-8")).clauses:
            lines = [
                line for line in clause.body.split("\n") if not line.lstrip().startswith((">", "-", "|"))
            ]
            body = " ".join(line for line in lines if line.strip())
            if len(body) > 15:
                yield clause.heading, body


def _read(form: str, parts: Sequence[Part], language: str, before: Document | None) -> Document:
    text = read_text("versions.txt", written(form, parts, language))
    return assign_ids(text, before, front=None if before else first_front(text, "doc-01"))


def _mark(marks: Counter[str], name: str, *, is_right: bool) -> None:
    marks[name] += is_right
    marks[f"{name} of"] += 1


if __name__ == "__main__":
    main()
