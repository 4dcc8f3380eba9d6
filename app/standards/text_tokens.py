"""Owns the smallest parts of a text and what of it carries meaning. Compares no two versions (`redline.py`)."""

import functools
import itertools
import re
import unicodedata
from collections.abc import Iterator

# A number keeps its separators, its range and its percent sign: 1,200  10:30  2026-03-15  7×24  99.5%
NUMBER = r"\d+(?:[.,:/：．／×xX~～–—-]\d+)*(?:\s?[%％‰])?"
# 百分之九十五, 二十四, 三点五: a number written in Han characters is a number too.
HAN_NUMBER = r"(?:百分之|千分之)?[零〇一二三四五六七八九十百千万亿两]+(?:点[零〇一二三四五六七八九]+)?"
# Units that follow a number stay whole, the longest first.
UNITS = (
    r"个?工作小时|个?工作日|个?自然日|个?交易日|个?小时|个?星期|个?月|分钟|毫秒|秒钟?|百分点|小时|星期|年|月|日|天|周|秒|分|"
    r"万元|元|角|次|件|条|人|项|倍|级|个"
)
_INSIDE_WORD = re.compile(r"(?<=[^\W\d])[-_'’.](?=[^\W\d])")
LATIN = r"A-Za-zÀ-ÖØ-öø-ɏ"
# A date stays whole: 2026年3月1日, 3月1日, 1 March 2026, March 1, 2026.
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
DATE = (
    r"\d{4}\s?年\s?\d{1,2}\s?月(?:\s?\d{1,2}\s?日)?|\d{1,2}\s?月\s?\d{1,2}\s?日"
    rf"|\d{{1,2}} (?:{MONTHS})(?: \d{{4}})?(?![A-Za-z\d])|(?:{MONTHS}) \d{{1,2}}(?:, \d{{4}})?(?![A-Za-z\d])"
)
_TOKEN = re.compile(
    rf"(?:{DATE})|(?:{NUMBER})|(?:{HAN_NUMBER})"
    rf"|(?<=[\d零〇一二三四五六七八九十百千万亿两])(?:{UNITS})|(?<=[\d] )(?:{UNITS})"
    rf"|[{LATIN}][{LATIN}\d]*(?:[-_'’][{LATIN}\d]+|[.:/]\d+)*"
    r"|[^\S\n]+|\n|.[\u0300-\u036f\ufe00-\ufe0f\u200d]*",
    re.DOTALL,
)
_DASH_OF_RANGE = re.compile(r"(?<=\d)[–—~](?=\d)")
_HALF_WIDTH = {wide: wide - 0xFEE0 for wide in range(ord("！"), ord("～") + 1)} | {0x3000: " "}


def tokens(text: str) -> list[str]:
    """Cuts a text into the smallest parts a redline may separate: a Han character, a word, a whole number, a unit."""
    return _TOKEN.findall(text)


def is_editorial_only(old: str, new: str) -> bool:
    """True when the texts differ at most in punctuation, spaces and full-width or half-width forms.

    Separators inside numbers, percent signs, comparison signs and minus signs carry meaning and are not punctuation
    here: "1.5" and "15" differ, "10：30" and "10:30" do not. Source: experience 8.7 no. 5.
    """
    if old == new:
        return True
    sides = itertools.zip_longest(
        _skeleton(old), _skeleton(new)
    )  # read no further than to the first difference
    return all(left == right for left, right in sides)


@functools.lru_cache(maxsize=1024)
def bare_words(text: str) -> str:
    """Returns what of a text carries meaning, run together: two texts with the same differ in form only.

    Unlike in `is_editorial_only` words may have grown together or come apart (`real time`, `real-time`);
    numbers may not.
    """
    made: list[str] = []
    for part in _skeleton(text):
        word = _INSIDE_WORD.sub("", part) if len(part) > 1 else part
        made.append(f" {word}" if made and made[-1][-1].isdigit() and word[0].isdigit() else word)
    return "".join(made).casefold()


def _skeleton(text: str) -> Iterator[str]:
    """Yields the tokens that carry meaning, each in its plain form."""
    folded = _DASH_OF_RANGE.sub("-", text.translate(_HALF_WIDTH))
    for match in _TOKEN.finditer(folded):
        token = match.group()
        if len(token) == 1 and not token.isdigit():
            if carries_meaning(token):
                yield token
            continue
        if token[0].isdigit() and folded[max(0, match.start() - 1) : match.start()] in {"-", "−"}:
            token = "-" + token
        if any(carries_meaning(character) for character in token):
            yield "".join(token.split()) if len(token) > 1 else token


@functools.lru_cache(maxsize=8192)
def carries_meaning(character: str) -> bool:
    """True for letters, digits, percent and comparison signs; False for punctuation, spaces and controls."""
    return character in "%‰/&@#" or unicodedata.category(character)[0] not in "PZC"
