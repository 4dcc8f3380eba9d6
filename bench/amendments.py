"""Owns making amended texts with a known truth: which clause of the new text was which clause of the old. Judges nothing.

Articles put in come from another text, so that they read like real ones; every choice follows from the seed.
"""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

KINDS = ("insert", "delete", "move", "edit", "rename", "split", "merge")
_SENTENCE = re.compile(r"(?<=[。；;])|(?<=[.!?])\s+|\n+")
_SWAPS = (
    ("应当", "必须"), ("可以", "应当"), ("必须", "应当"), ("不得", "不应"), ("三十日", "十五日"), ("七日", "五日"),
    ("must", "should"), ("should", "must"), ("may", "must"), ("days", "working days"), ("and", "or"), ("all", "most"),
)  # fmt: skip
LEAST_PART = 16
FENCE = "```"
"""A block of code that is cut in two is no text any more; clauses with one are left alone."""


@dataclass(frozen=True)
class Part:
    """One clause: `was` are the ids it comes from, `what` the amendment that made it, empty for one left alone."""

    heading: str
    body: str
    was: tuple[str, ...] = ()
    what: str = ""
    chapter: str = ""


def amended(
    parts: Sequence[Part], strangers: Sequence[str], kinds: Sequence[str], count: int, seed: int
) -> list[Part]:
    """Returns the text after `count` amendments of the kinds, each on a clause no other one touched."""
    rng = random.Random(seed)
    made = list(parts)
    for _ in range(count):
        free = [i for i, part in enumerate(made) if not part.what and FENCE not in part.body]
        if len(free) < 3:
            break
        _amend(made, rng.choice(kinds), rng.choice(free), strangers, rng)
    return made


def _amend(made: list[Part], kind: str, at: int, strangers: Sequence[str], rng: random.Random) -> None:
    part = made[at]
    if kind == "insert":
        made.insert(at, Part(_new_heading(rng), rng.choice(strangers), (), "insert", part.chapter))
    elif kind == "delete":
        made.pop(at)
    elif kind == "move":
        made.insert(rng.randrange(len(made)), replace(made.pop(at), what="move"))
    elif kind == "edit":
        body = part.body
        for _ in range(rng.randrange(1, 5)):
            body = _edited(body, rng)
        if body != part.body:
            made[at] = replace(part, body=body, what="edit")
    elif kind == "rename":
        made[at] = replace(part, heading=f"{_new_heading(rng)}", what="rename")
    elif kind == "split":
        _split(made, at)
    elif kind == "merge" and at + 1 < len(made) and not made[at + 1].what:
        other = made.pop(at + 1)
        body = f"{part.body}\n\n{other.body}"
        made[at] = replace(part, body=body, was=(*part.was, *other.was), what="merge")


def _split(made: list[Part], at: int) -> None:
    part = made[at]
    cuts = [
        m.end() for m in _SENTENCE.finditer(part.body) if LEAST_PART <= m.end() <= len(part.body) - LEAST_PART
    ]
    if not cuts:
        return
    cut = min(cuts, key=lambda place: abs(place - len(part.body) // 2))
    first, second = part.body[:cut].strip(), part.body[cut:].strip()
    made[at : at + 1] = [
        replace(part, body=first, what="split"),
        replace(part, heading=f"{part.heading}（续）", body=second, what="split"),
    ]


def _edited(body: str, rng: random.Random) -> str:
    """Changes one thing as revisions do: a word of duty, a term, a sentence more or a sentence less."""
    fitting = [(old, new) for old, new in _SWAPS if old in body]
    sentences = [s for s in _SENTENCE.split(body) if s.strip()]
    way = rng.randrange(3)
    if way == 0 and fitting:
        old, new = rng.choice(fitting)
        return body.replace(old, new, 1)
    if way == 1 and len(sentences) > 2:
        return body.replace(rng.choice(sentences), "", 1).strip()
    numbers = list(re.finditer(r"\d+", body))
    if numbers and way == 2:
        found = rng.choice(numbers)
        return f"{body[: found.start()]}{int(found[0]) + 1}{body[found.end() :]}"
    more = "法律另有规定的除外。" if "。" in body else " Exceptions need the consent of a supervisor."
    return body + more


def _new_heading(rng: random.Random) -> str:
    words = (
        "受理范围",
        "办理要求",
        "答复方式",
        "记录保存",
        "监督检查",
        "Intake",
        "Records",
        "Oversight",
        "Follow-up",
    )
    return f"{rng.choice(words)} {rng.randrange(100, 999)} 款"
