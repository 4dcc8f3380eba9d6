"""Owns the starter library as something to choose from: its standards, the sets they come in, what refers to what.

It reads files and publishes nothing (`founding.py`). The texts and `sets.json` are described in
`standards_repo/README.md`.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from app.core.errors import FieldError, Invalid, Reason
from app.standards.document import parse_document

FOLDER = Path(__file__).resolve().parents[2] / "standards_repo" / "starter"
LANGUAGES = ("zh", "en")
LIMIT_CODE = 40
_REFERENCE = re.compile(r"(?<![A-Za-z0-9-])([A-Z]{1,8}-\d{2,4})-C\d{2,4}(?![A-Za-z0-9-])")


@dataclass(frozen=True)
class StarterStandard:
    """One standard to choose. `refers_to` are the codes of the standards whose clauses it names."""

    code: str
    title_zh: str
    title_en: str
    category: str
    clause_count: int
    refers_to: frozenset[str]


@dataclass(frozen=True)
class StarterSet:
    """Standards that come together, with a sentence for whom; `codes` in order."""

    key: str
    zh: str
    en: str
    why_zh: str
    why_en: str
    codes: tuple[str, ...]


@cache
def standards() -> dict[str, StarterStandard]:
    """Returns `{code: standard}` of the library in the order of the codes; read once a process."""
    found = sorted(path.name for path in FOLDER.iterdir() if (path / "zh.md").is_file())
    return {code: _standard(code) for code in found}


@cache
def sets() -> dict[str, StarterSet]:
    """Returns `{key: set}` in the order in which they are offered."""
    rows = json.loads((FOLDER / "sets.json").read_text("utf-8"))
    return {row["key"]: StarterSet(**{**row, "codes": tuple(row["codes"])}) for row in rows}


def texts(code: str) -> dict[str, str]:
    """Returns `{language: text}` of a standard of the library."""
    return {language: (FOLDER / code / f"{language}.md").read_text("utf-8") for language in LANGUAGES}


def with_references(codes: Iterable[str]) -> tuple[str, ...]:
    """Returns the codes in order, with those that their clauses name, and those that these name.

    Without them a reference would lead nowhere. Raises Invalid (field `standards`) for no code and for each that is
    not in the library.
    """
    waiting = list(dict.fromkeys(codes))
    known = standards()
    errors = [
        FieldError("standards", Reason("starter.unknown", {"code": code[:LIMIT_CODE]}))
        for code in waiting
        if code not in known
    ]
    if errors:
        raise Invalid(errors)
    if not waiting:
        raise Invalid.of("standards", "starter.none_chosen")
    made: set[str] = set()
    while waiting:
        code = waiting.pop()
        if code not in made:
            made.add(code)
            waiting += known[code].refers_to
    return tuple(sorted(made))


def codes_of(set_key: str) -> tuple[str, ...]:
    """Returns the codes of a set. Raises Invalid (field `set`) for a key that is no set, and for none."""
    if not set_key:
        raise Invalid.of("set", "starter.no_set_chosen")
    if set_key not in sets():
        raise Invalid.of("set", "starter.unknown_set", value=set_key[:LIMIT_CODE])
    return sets()[set_key].codes


def _standard(code: str) -> StarterStandard:
    read = texts(code)
    zh, en = parse_document(read["zh"]), parse_document(read["en"])
    named = {match.group(1).lower() for match in _REFERENCE.finditer(read["zh"])}
    return StarterStandard(
        code=code,
        title_zh=zh.front.title,
        title_en=en.front.title,
        category=zh.front.category,
        clause_count=len(zh.clauses),
        refers_to=frozenset(named - {code}),
    )
