"""Owns the words of complaint texts: Chinese by runs of characters, English by words, and what tells some texts from others.

Works on masked texts in time linear in their length. Knows no ticket and no clause.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

MOST_TERMS = 6
LONGEST_TEXT = 2_000  # characters; what follows says nothing new
LONGEST_PHRASE = 8  # characters in Chinese, half as many words in English
SAME_PHRASE = 0.6  # a part is left out when one longer phrase stands in that share of its texts
SURE_Z = 1.96

_MASKED = re.compile(r"\[[^\[\]]{1,20}\]")
_RUN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+|[a-z][a-z'’-]*[a-z]|[a-z]")
# A number and what it counts name nothing: each customer has another one.
_AMOUNT = (
    r"\d[\d.,:/%]*\s*(?:个?(?:多?小时|钟头|月|星期|礼拜|工作日)|分钟|秒钟"
    r"|多?(?:天|周|年|次|遍|回|块钱?|元|万|千|百|个|件|条|台|份|人|位|张|度|点|号|岁|公里|折|倍|秒|分))"
)
_MASKED_OR_AMOUNT = re.compile(f"{_MASKED.pattern}|{_AMOUNT}")
_EDGE = frozenset("的了着过吗呢吧是就都也还和与我你您他她它们这那个啊呀嘛")
_STOP_WORDS = frozenset(
    re.findall(
        r"\S+",
        """
        a an the and or but if of to in on at by for with from as is are was were be been has have had
        do does did i you he she it we they my your his her its our their me him them this that these
        those not no so than then there here can could will would shall should may might must please
        hello hi thanks thank very just what when where who how about into over after before again more
        most some any all each both only own same too s t
        """,
    )
)


def tokens(text: str) -> list[str]:
    """Returns the words of a text: pairs of neighbouring Chinese characters, English words without the commonest."""
    found: list[str] = []
    for run in _runs(text):
        if run[0].isascii():
            if run not in _STOP_WORDS:
                found.append(run)
        elif len(run) == 1:
            found.append(run)
        else:
            found += [run[place : place + 2] for place in range(len(run) - 1)]
    return found


def phrases(text: str) -> Iterator[str]:
    """Yields all phrases of a text that could name an issue: 2 to 6 Chinese characters, 1 to 3 English words in a row.

    None begins or ends with a word that only joins others.
    """
    words: list[str] = []
    for run in _runs(text, _MASKED_OR_AMOUNT):
        if run[0].isascii():
            words.append(run)
            for length in range(1, LONGEST_PHRASE // 2 + 1):
                some = words[-length:]
                if len(some) == length and not {some[0], some[-1]} & _STOP_WORDS:
                    yield " ".join(some)
            continue
        words = []
        for start in range(len(run) - 1):
            if run[start] not in _EDGE:
                for end in range(start + 2, min(start + LONGEST_PHRASE, len(run)) + 1):
                    if run[end - 1] not in _EDGE:
                        yield run[start:end]


def _runs(text: str, left_out: re.Pattern[str] = _MASKED) -> list[str]:
    """Splits a text, without masked places or what else is left out, into runs of Chinese characters and English words."""
    plain = unicodedata.normalize("NFKC", text[:LONGEST_TEXT]).casefold()
    return _RUN.findall(left_out.sub(" 0 ", plain))


def count_phrases(texts: Iterable[str]) -> Counter[str]:
    """Counts in how many texts each phrase stands."""
    return Counter(phrase for text in texts for phrase in set(phrases(text)))


def count_only(texts: Iterable[str], wanted: set[str]) -> tuple[Counter[str], int]:
    """Counts in how many texts each wanted phrase stands, and the texts."""
    counts: Counter[str] = Counter()
    size = 0
    for text in texts:
        counts.update(wanted.intersection(phrases(text)))
        size += 1
    return counts, size


def telling_phrases(
    said: Mapping[str, int], size: int, others_say: Mapping[str, int], elsewhere: int
) -> tuple[str, ...]:
    """Returns the phrases that tell some texts from all others, by the z-score of their log odds, most telling first.

    `said` and `others_say` are in how many texts each phrase stands, here and elsewhere; `size` and
    `elsewhere` how many texts there are. No two phrases overlap; empty when nothing distinguishes them.
    """

    def z_score(phrase: str) -> float:
        here, there = said[phrase] + 0.5, others_say[phrase] + 0.5
        odds = math.log(here / (size - said[phrase] + 0.5)) - math.log(
            there / (elsewhere - others_say[phrase] + 0.5)
        )
        return odds / math.sqrt(1 / here + 1 / there)

    scores = {phrase: z_score(phrase) for phrase in said}
    clear = [phrase for phrase in said if scores[phrase] > SURE_Z]
    # A longer phrase tells a reader more than the pair it holds: 没人回复 before 申请, up to four characters.
    ranked = sorted(clear, key=lambda phrase: (-scores[phrase] * min(_size(phrase), 4), -len(phrase), phrase))
    chosen: list[str] = []
    for phrase in _longest(ranked, said):
        if len(chosen) < MOST_TERMS and not any(_overlap(phrase, other) for other in chosen):
            chosen.append(phrase)
    return tuple(chosen)


def _longest(ranked: Sequence[str], said: Mapping[str, int]) -> list[str]:
    """Leaves out each phrase that is mostly part of one longer phrase: 人回复 of 没人回复."""
    parts: dict[str, int] = {}
    for phrase in ranked:
        for part in _parts(phrase):
            parts[part] = max(parts.get(part, 0), said[phrase])
    return [phrase for phrase in ranked if parts.get(phrase, 0) < SAME_PHRASE * said[phrase]]


def _parts(phrase: str) -> Iterator[str]:
    words: Sequence[str] = phrase.split(" ") if phrase[0].isascii() else phrase
    glue = " " if phrase[0].isascii() else ""
    for start in range(len(words)):
        for end in range(start + 1, len(words) + 1):
            if end - start < len(words):
                yield glue.join(words[start:end])


def _overlap(one: str, other: str) -> bool:
    """States whether two phrases share a word, or two neighbouring Chinese characters: they tell the same."""
    return bool(set(tokens(one)) & set(tokens(other))) or one in other or other in one


def _size(phrase: str) -> int:
    return 2 * len(phrase.split(" ")) if phrase[0].isascii() else len(phrase)
