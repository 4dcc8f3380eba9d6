"""Owns the places at which a clause's text can be cut in two: its lines, and the sentences of a line. Pure."""

import re
from dataclasses import dataclass
from itertools import pairwise

_END = {
    "zh": re.compile(r"[。！？；](?:[”’」』）])?(?=\S)"),
    "en": re.compile(r"[.!?;][\"”’)]?\s+(?=[A-Z0-9“\"(])"),
}
_WHOLE = re.compile(r"[ \t]*(?:>|[-+*][ \t]|\d{1,9}[.)][ \t]|\|)")


@dataclass(frozen=True)
class Piece:
    """A part of a text that stays together; `start` is its first character's position."""

    start: int
    text: str


def pieces(body: str, language: str) -> list[Piece]:
    """Returns the parts of a text in order: list lines, scripts and table rows whole, other lines by sentence.

    Empty for a text without words.
    """
    made: list[Piece] = []
    at = 0
    for line in body.split("\n"):
        if line.strip():
            made += _sentences(line, at, language)
        at += len(line) + 1
    return made


def _sentences(line: str, at: int, language: str) -> list[Piece]:
    if _WHOLE.match(line):
        return [Piece(at, line.strip())]
    cuts = [0, *(match.end() for match in _END.get(language, _END["en"]).finditer(line)), len(line)]
    parts = [(first, line[first:last].strip()) for first, last in pairwise(cuts)]
    return [Piece(at + first, text) for first, text in parts if text]
