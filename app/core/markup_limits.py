"""Owns how much work a text may ask of the renderer. Pure: it counts marks, it does not render (`markup.py`).

Some texts of a few kilobytes keep the renderer busy for seconds, because it looks for the end of every bracket and
every code mark anew. So what those searches would cost is added up beforehand, in one pass, and a text that costs
more than a real standard ever does is refused before it reaches the renderer.
"""

import re
from bisect import bisect_right

from app.core.errors import Invalid, TooLarge

LIMIT_TEXT_BYTES = 512 * 1024
LIMIT_OPEN_BRACKETS = 200
"""Open at once in one block; 5,000 of them take five seconds, 200 take 0.05 (`trust.md` 6, 21)."""
LIMIT_LINES = 10_000
"""Lines with something on them; each is up to a block of its own and costs up to 0.1 ms. The longest law has 300."""
LIMIT_LEVELS = 20_000
"""Lines, each counted once for every quote or list it stands in: it is read anew in each."""
LIMIT_MARKS = 20_000
"""Runs of characters that may begin emphasis, code, an escape or a cell; what may begin a link counts twice."""
LIMIT_STEPS = 2_000_000
"""Characters looked at while searching for the ends of brackets and code; about half a second."""

_BLOCK_BREAK = re.compile(r"\n[ \t>]*\n")
_BRACKETS = re.compile(r"[\[\]()]")
_BACKTICKS = re.compile(r"`+")
_MARKS = re.compile(r"\*+|_+|`+|\\+|&|\|")
_LINK_MARKS = re.compile(r"[\[<]")
_LEADING = re.compile(r"(?:[ \t]*(?:>|(?:[-+*]|\d{1,9}[.)])(?=[ \t])))*[ \t]*")
_OPENER = re.compile(r">|[-+*]|\d[.)]")


def check_limits(text: str, field: str = "text") -> None:
    """Returns when the text can be rendered in about a second at most, else raises.

    TooLarge `markup.too_large` beyond 512 KB; Invalid `markup.too_nested` for more than 200 brackets open at once;
    `markup.too_many_lines` and `markup.too_complex` for more lines or marks than a standard ever has.
    """
    if len(text.encode(errors="surrogatepass")) > LIMIT_TEXT_BYTES:
        raise TooLarge("markup.too_large", limit_bytes=LIMIT_TEXT_BYTES)
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) > LIMIT_LINES:
        raise Invalid.of(field, "markup.too_many_lines", limit=LIMIT_LINES)
    steps = 0
    for block in _BLOCK_BREAK.split(text):
        deepest, bracket_steps = _bracket_work(block)
        if deepest > LIMIT_OPEN_BRACKETS:
            raise Invalid.of(field, "markup.too_nested", limit=LIMIT_OPEN_BRACKETS)
        steps += bracket_steps + _code_work(block)
    marks = sum(1 for _ in _MARKS.finditer(text)) + 2 * sum(1 for _ in _LINK_MARKS.finditer(text))
    if steps > LIMIT_STEPS or marks > LIMIT_MARKS or sum(_levels(line) for line in lines) > LIMIT_LEVELS:
        raise Invalid.of(field, "markup.too_complex")


def _levels(line: str) -> int:
    """Returns about how many quotes and lists a line stands in, by what stands before its text."""
    leading = _LEADING.match(line)
    before = leading.group() if leading else ""
    openers = len(_OPENER.findall(before))
    return 1 + openers + max(0, len(before.expandtabs(4)) - 3 * openers) // 2


def _bracket_work(block: str) -> tuple[int, int]:
    """Returns how many brackets of a kind are open at once, and how far the searches for their ends go in all."""
    deepest = steps = 0
    open_square: list[int] = []
    open_round: list[int] = []
    for match in _BRACKETS.finditer(block):
        at, bracket = match.start(), match.group()
        if bracket == "[":
            open_square.append(at)
        elif bracket == "(":
            if at and block[at - 1] == "]":
                steps += _link_work(block, at)
            open_round.append(at)
        elif bracket == "]" and open_square:
            steps += at - open_square.pop()
        elif bracket == ")" and open_round:
            open_round.pop()
        deepest = max(deepest, len(open_square), len(open_round))
    return deepest, steps + sum(len(block) - at for at in open_square)


def _link_work(block: str, at: int) -> int:
    """Returns how far the search for the end of a link's target goes: to the block's end where a quote opens."""
    end = block.find(")", at)
    is_plain = end >= 0 and not any(mark in block[at + 1 : end] for mark in "\"'(")
    return (end if is_plain else len(block)) - at


def _code_work(block: str) -> int:
    """Returns how far the searches for the ends of code marks go: a run ends at the next run of the same length."""
    runs = [(match.start(), len(match.group())) for match in _BACKTICKS.finditer(block)]
    places: dict[int, list[int]] = {}
    for at, length in runs:
        places.setdefault(length, []).append(at)
    steps = 0
    for at, length in runs:
        later = bisect_right(places[length], at)
        steps += (places[length][later] if later < len(places[length]) else len(block)) - at
    return steps
