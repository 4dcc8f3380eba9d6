"""Owns cutting texts into words for learning: Chinese by a dictionary and by pairs of characters, others by letters. Learns nothing."""

import itertools
import re
import unicodedata

import rjieba

LONGEST_TEXT = 1_000  # characters; what follows rarely changes what a text is about
_MASKED = re.compile(r"\[[^\[\]]{1,20}\]")
_HAN = re.compile("[\u4e00-\u9fff]")
_PART = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+|[^\W\d_]+(?:['’][^\W\d_]+)?|\d+")


def prepare(text: str) -> str:
    """Returns a text in one form: NFKC, lower case, masked places as one sign, at most 1,000 characters."""
    plain = unicodedata.normalize("NFKC", text[:LONGEST_TEXT]).casefold()
    return _MASKED.sub(" # ", plain)


def holds_han(text: str) -> bool:
    """Says whether a text holds a Chinese character."""
    return _HAN.search(text) is not None


def units(text: str) -> list[str]:
    """Returns the words of a prepared text; of Chinese also each pair of neighbouring characters, marked by `_`."""
    found: list[str] = []
    for part in _PART.findall(text):
        if "\u3400" <= part[0] <= "\u9fff":
            found += rjieba.cut(part)
            found += [f"_{part[n : n + 2]}" for n in range(len(part) - 1)]
        else:
            found.append(part)
    return found


def pairs(text: str) -> list[str]:
    """Returns the words of a prepared text and each two that stand in a row."""
    found = units(text)
    return found + [f"{a} {b}" for a, b in itertools.pairwise(found) if not b.startswith("_")]
