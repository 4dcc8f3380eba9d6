"""Owns reading the glossary: the house's words in both languages. `glossary.csv` is the only list."""

import csv
import functools
from dataclasses import dataclass
from pathlib import Path

_FILE = Path(__file__).with_name("glossary.csv")


@dataclass(frozen=True)
class Term:
    """One word of the house: its name in code, in English and in Chinese."""

    code: str
    en: str
    zh: str


@functools.cache
def terms() -> tuple[Term, ...]:
    """Returns all terms in the order of the file, which follows the loop."""
    with _FILE.open(encoding="utf-8", newline="") as source:
        return tuple(Term(row["code"], row["en"], row["zh"]) for row in csv.DictReader(source))
