"""Owns what a piece of evidence is called, shows and leads to, in the reader's language. Attaches nothing.

What a surge shows is kept as figures in its note, since nobody wrote it: its words are made when it is read.
"""

import re
from typing import Protocol

from flask import url_for
from flask_babel import gettext as _

from app.evidence.interviews import interview_words
from app.evidence.models import EvidenceKind
from app.evidence.surges import Wave
from app.standards.words import spoken_id

PATTERN_FIGURES = re.compile(r"count=(\d+) began=(\S+) alarmed=(\S+) expected=(\d+\.\d)")
LEAST_EXPECTED = 0.05
"""Less rounds to nothing, and nothing was not what was to be expected."""


class Named(Protocol):
    """What names a piece of evidence: a row of `evidence_link`."""

    kind: EvidenceKind
    key: str
    note: str


def figures_of(wave: Wave) -> str:
    """Returns what a surge shows as it is kept: `count=9 began=2026-11-03 alarmed=2026-11-05 expected=0.4`."""
    return (
        f"count={wave.count} began={wave.began_on.isoformat()} "
        f"alarmed={wave.alarmed_on.isoformat()} expected={wave.expected:.1f}"
    )


def surge_words(figures: str) -> str:
    """Returns what a surge shows; words that are no figures are returned as they are."""
    found = PATTERN_FIGURES.fullmatch(figures)
    if found is None:
        return figures
    count, first, last, expected = found.groups()
    words: str = _(
        "%(count)s pieces of feedback from %(first)s to %(last)s; %(expected)s were to be expected from the contacts of these days.",
        count=count, first=first, last=last, expected=expected_words(float(expected)),
    )  # fmt: skip
    return words


def expected_words(expected: float) -> str:
    """Returns how many pieces of feedback were to be expected, with one decimal."""
    return str(_("fewer than 0.1")) if expected < LEAST_EXPECTED else f"{expected:.1f}"


def evidence_key(link: Named) -> str:
    """Returns the name of a piece of evidence; a surge is called by its clause, a note has no name."""
    if link.kind is EvidenceKind.SURGE:
        code, clause_id, _alarmed = link.key.split("/")
        return spoken_id(code, clause_id)
    if link.kind is EvidenceKind.INTERVIEW:
        return interview_words(link.key)
    return "" if link.kind is EvidenceKind.NOTE else link.key


def evidence_note(link: Named) -> str:
    """Returns what a piece of evidence shows; empty where its name says it all."""
    return surge_words(link.note) if link.kind is EvidenceKind.SURGE else link.note


def evidence_url(link: Named) -> str:
    """Returns the page of a piece of evidence for who may read evidence; empty where it has none."""
    pages = {
        EvidenceKind.ISSUE: lambda: url_for("evidence.issue", number=link.key),
        EvidenceKind.SUGGESTION: lambda: url_for("evidence.suggestion", ref=link.key),
        EvidenceKind.LAW: lambda: url_for("registers.law", code=link.key),
        EvidenceKind.BENCHMARK: lambda: url_for("registers.benchmarks"),
        EvidenceKind.SURGE: lambda: url_for("evidence.surges_page"),
    }
    page = pages.get(link.kind)
    return page() if page else ""
