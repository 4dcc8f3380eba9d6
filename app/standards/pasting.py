"""Owns what a paste becomes in the text of one clause: HTML through the house's cleaner, plain words line by line.

A clause holds no headings, so pasted ones become bold lines. Curly quotes stay as they are; no-break spaces
become spaces.
"""

import re
from collections.abc import Iterator, Sequence

from app.core.markup import paste_clean
from app.standards.whole_rows import HEADING_SIGN

_HEADING = re.compile(r"^#{1,6}[ ]+(.+?)[ ]*#*$", re.MULTILINE)
_HEADING_SIGNS = re.compile(r"^(#{1,6})[ ]+(?=\S)", re.MULTILINE)
_FENCE = re.compile(r"^[ ]{0,3}(?:```|~~~)", re.MULTILINE)
_BULLET = re.compile(r"^[ \t]*[·•●○■□◦▪‣\uf0b7\uf0a7\uf06c][ \t]*(?=\S)")
_NUMBER = re.compile(r"^[ \t]*(\d{1,3})[.、)）．][\t][ \t]*(?=\S)")
_NO_BREAK = re.compile("[\u00a0\u202f\u2007]")


def clean_html(html: str, *, keeps_headings: bool = False) -> str:
    """Returns pasted HTML as the text of a clause: paragraphs, bold, bullets, numbers, quotes, links, tables.

    With `keeps_headings` a heading has the sign that the page of a whole text knows (§), once for each level.

    Raises TooLarge beyond 4 MB and Invalid for characters that no text may hold.
    """
    text = _NO_BREAK.sub(" ", paste_clean(html))
    if _FENCE.search(text):
        return text
    if not keeps_headings:
        return _HEADING.sub(_bold, text)
    least = min((len(sign[1]) for sign in _HEADING_SIGNS.finditer(text)), default=1)
    return _HEADING_SIGNS.sub(lambda sign: f"{HEADING_SIGN * (len(sign[1]) - least + 1)} ", text)


def clean_words(text: str) -> str:
    """Returns plain words that were pasted without a script's help: bullet characters as bullets, tabs as a table.

    Only lines that a keyboard does not write are touched; doing it twice changes nothing.
    """
    lines = _NO_BREAK.sub(" ", text.replace("\r\n", "\n")).split("\n")
    made = [_NUMBER.sub(r"\1. ", _BULLET.sub("- ", line)) for line in lines]
    return "\n".join(_with_tables(made))


def _bold(heading: re.Match[str]) -> str:
    words = heading[1].replace("**", "").strip()
    return f"**{words}**"


def _with_tables(lines: Sequence[str]) -> Iterator[str]:
    """Yields the lines with every run of at least two lines of the same number of tabs as a table."""
    at = 0
    while at < len(lines):
        tabs = lines[at].strip("\n").count("\t")
        end = at
        while tabs and end < len(lines) and lines[end].count("\t") == tabs and lines[end].strip():
            end += 1
        if end - at < 2:
            yield lines[at]
            at += 1
            continue
        if at and lines[at - 1].strip():
            yield ""
        rows = [_row(line) for line in lines[at:end]]
        yield rows[0]
        yield "|" + " --- |" * (tabs + 1)
        yield from rows[1:]
        if end < len(lines) and lines[end].strip():
            yield ""
        at = end


def _row(line: str) -> str:
    cells = [cell.strip().replace("|", "\\|") for cell in line.split("\t")]
    return "| " + " | ".join(cells) + " |"
