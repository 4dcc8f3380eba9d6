"""Owns what a forbidden word of the house is, where a text uses it, and its replacement by the better one. Pure.

The words themselves are kept in `word_list.py`. A phrase quoted as one never to say is no use of its words.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

_NEVER_SAY = re.compile(r"[ \t]*>[ \t]*(?:不要说|do not say)[ \t]*[:：]", re.IGNORECASE)


class WordScope(StrEnum):
    """Where a word is forbidden."""

    ALL = "all"
    """In every text."""
    SCRIPTS = "scripts"
    """Only in what people are told to say."""


@dataclass(frozen=True, slots=True)
class ForbiddenWord:
    """A word no text may use without a reason. `better` is empty where there is no one word to take instead."""

    id: int
    word: str
    language: str
    scope: WordScope
    reason: str
    better: str = ""


@dataclass(frozen=True, slots=True)
class WordFix:
    """The repair of a text that uses a forbidden word: every use becomes the better one."""

    word_id: int
    language: str
    better: str

    @property
    def value(self) -> str:
        """Returns the repair as a button sends it."""
        return f"fix-word:{self.word_id}:{self.language}"


def read_word_fix(value: str, words: Sequence[ForbiddenWord]) -> ForbiddenWord | None:
    """Returns the word whose repair a button sent; None for anything else, and for a word that has no better one."""
    kind, _colon, rest = value.partition(":")
    number, _colon, language = rest.partition(":")
    if kind != "fix-word" or not number.isdecimal() or len(number) > 9:
        return None
    found = next((w for w in words if w.id == int(number) and w.language == language), None)
    return found if found is not None and found.better else None


def used_in(text: str, language: str, words: Sequence[ForbiddenWord]) -> list[ForbiddenWord]:
    """Returns the forbidden words that a text in this language uses, in the order of the list."""
    if not text.strip():
        return []
    lines = list(_lines(text))
    everywhere = "\n".join(line for line, _is_script in lines)
    scripts = "\n".join(line for line, is_script in lines if is_script)
    return [
        word
        for word in words
        if word.language == language
        and _pattern(word).search(everywhere if word.scope is WordScope.ALL else scripts)
    ]


def with_better(text: str, word: ForbiddenWord) -> str:
    """Returns the text with the better word wherever it uses the forbidden one; quoted phrases never to say stay."""
    made = []
    for line in text.split("\n"):
        is_script = line.lstrip().startswith(">")
        if _NEVER_SAY.match(line) or (word.scope is WordScope.SCRIPTS and not is_script):
            made.append(line)
        else:
            made.append(_pattern(word).sub(lambda _found: word.better, line))
    return "\n".join(made)


def without_reason(found: Sequence[ForbiddenWord], given: Collection[int]) -> list[ForbiddenWord]:
    """Returns the words for whose use no reason is recorded; `given` holds ids of words."""
    return [word for word in found if word.id not in given]


def _lines(text: str) -> Iterator[tuple[str, bool]]:
    for line in text.split("\n"):
        if not _NEVER_SAY.match(line):
            yield line, line.lstrip().startswith(">")


def _pattern(word: ForbiddenWord) -> re.Pattern[str]:
    letters = re.escape(word.word)
    if word.language == "zh":
        return re.compile(letters, re.IGNORECASE)
    return re.compile(rf"(?<!\w){letters}(?!\w)", re.IGNORECASE)
