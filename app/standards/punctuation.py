"""Owns the repair of half-width punctuation in Chinese text. Touches no English, no numbers, no addresses."""

import re

_HAN = r"㐀-鿿豈-﫿々〇"
_WIDE = rf"{_HAN}\ue000，。；：！？）】》」』”’"
_FULL = {",": "，", ";": "；", ":": "：", "!": "！", "?": "？", ".": "。"}

# Parts that are written for machines: links, code, attribute lists, web and mail addresses.
# The lengths are bounded so that text made of opening marks stays cheap.
_PROTECTED = re.compile(
    r"`[^`\n]*`|\]\([^)\s]{0,1000}\)|\{[^}\n]{0,300}\}|https?://[^\s，。；）]+"
    r"|(?<![\w.+-])[A-Za-z0-9_.+-]{1,64}@[A-Za-z0-9.-]{1,255}"
)
_PASSES = 4
_HOLD = "\ue000"  # stands for a protected part while the rest is repaired; private use, refused on input
_STOP = re.compile(
    rf"(?<=[{_WIDE}\d%*\"])(?P<mark>[,;:!?]+)(?=[{_HAN}“‘（《])[ \t]*"
    rf"|(?<=[{_WIDE}*])(?P<after>[,;:!?]+)(?:[ \t]+(?=\S))?"
    rf"|(?<=[{_WIDE}])(?P<dot>\.)(?![.\w/])[ \t]*(?=\S|$)",
    re.MULTILINE,
)
_BRACKETS = re.compile(
    rf"[ \t]?\((?=[^()\n]*[{_HAN}])([^()\n]*)\)[ \t]?(?=[{_WIDE}，。；：]|$)|\((?=[^()\n]*[{_HAN}])([^()\n]*)\)",
    re.M,
)
_MARK = re.compile(r"[,;:!?.()\"]")
_QUOTES = re.compile(rf"\"(?=[^\"\n]*[{_HAN}])([^\"\n]*)\"")


def full_width_punctuation(text: str) -> str:
    """Returns the text with stops, brackets and straight quotes of Chinese phrases in full width.

    Repairing twice changes nothing more. Stops between digits (1,200, 10:30), list marks, links and code stay.
    """
    if _HOLD in text:
        return text
    held = iter(_PROTECTED.findall(text))
    repaired = _repaired(_PROTECTED.sub(_HOLD, text))
    return re.sub(_HOLD, lambda match: next(held), repaired)


def half_width_count(text: str) -> int:
    """Counts the marks that the repair would change."""
    return len(_MARK.findall(text)) - len(_MARK.findall(full_width_punctuation(text)))


def _repaired(text: str) -> str:
    """Repairs until nothing moves: a bracket made full-width may be what tells the next mark apart."""
    for _ in range(_PASSES):
        before = text
        text = _QUOTES.sub(r"“\1”", text)
        text = _BRACKETS.sub(lambda match: f"（{match.group(1) or match.group(2) or ''}）", text)
        text = _STOP.sub(_widened, text)
        if text == before:
            break
    return text


def _widened(match: re.Match[str]) -> str:
    marks = match.group("mark") or match.group("after") or match.group("dot")
    return "".join(_FULL[mark] for mark in marks)
