"""Owns the words of duty in Chinese and English and how strongly each binds. Pure; judges no change of meaning."""

import re
from collections import Counter

MUST, SHOULD, ADVISED, MAY, NEED_NOT = 4, 3, 2, 1, 0

# The longer ones stand first, so that 不应当 is not read as 应当.
_ZH: tuple[tuple[str, int], ...] = (
    (r"尽量(?:不|避免)|不宜", ADVISED),
    (r"不应当|不应该|不应|不要", SHOULD),
    (r"不得不", MUST),
    (r"无需|无须|不必|不需要|不需|不用(?=写|说)|有没有", NEED_NOT),
    (r"不得|严禁|禁止|不准|不许|不可以|不可(?!抗)|不能|切勿|绝不|不予", MUST),
    (r"必须|务必|一律|(?<![无必])须(?!知)", MUST),
    (r"应当|应该|(?<![响反供相适对回])应(?![用急答对付变聘])|(?<!不)需要|(?<![必所急供])需(?![求要])|(?<![主重需必只不])要(?![求么点素害是])", SHOULD),
    (r"建议|推荐|尽量|最好|(?<![便适不])宜", ADVISED),
    (r"可以|都可|(?<![不许])可(?![能见是靠用持视])|允许", MAY),
)  # fmt: skip
_EN: tuple[tuple[str, int], ...] = (
    (r"need not|needn't|not required to|do(?:es)? not have to|optional(?:ly)?", NEED_NOT),
    (
        r"must not|shall not|may not|cannot|can ?not|can't|never|prohibited|forbidden|not (?:allowed|permitted) to",
        MUST,
    ),
    (r"(?<![A-Za-z] )(?<![A-Za-z])do(?: not|n't)", MUST),
    (r"should not|shouldn't|ought not", SHOULD),
    (r"must|shall|(?:is|are) required to|ha(?:s|ve) to|needs? to", MUST),
    (r"should|ought to", SHOULD),
    (r"recommended|encouraged to|try to|where possible|aim to", ADVISED),
    (r"may|can|(?:allowed|permitted) to", MAY),
)
_ORDERS = (
    "add adopt agree analy[sz]e apologi[sz]e apply archive ask assign assess avoid build call check choose clarify close collect "
    "communicate conduct confirm consider contact create define delete deliver describe design document do ensure escalate establish "
    "evaluate explain follow forward give greet handle identify include inform keep listen log look maintain make measure monitor "
    "notify observe offer open perform plan prepare protect provide publish read record refer register remove repeat report respond "
    "review say send set show speak store structure submit tell test thank track train transfer understand update use verify wait write"
).split()
_ORDER = re.compile(rf"^\W*(?:then |also |always |please )?(?:{'|'.join(_ORDERS)})\b(?!:)", re.IGNORECASE)
# What is written as a rule without a word of duty: 之间不留空格, 避免使用长句.
_BARE_BAN = re.compile(r"(?:^|[，,]|之间|一律|后面?|前)不(?:留|加|使用|写|出现|接受|收取|承诺)|^\W*避免")


_PERMITS = re.compile("(?<!这样)(?<!就)(?:可以|允许)(?=[\u4e00-\u9fff])(?!保证|使(?!用)|让|看|说)")


def _pattern(words: tuple[tuple[str, int], ...], *, is_english: bool) -> re.Pattern[str]:
    listed = "|".join(f"(?P<s{place}>{expression})" for place, (expression, _strength) in enumerate(words))
    return re.compile(rf"\b(?:{listed})\b" if is_english else listed, re.IGNORECASE)


_WORDS = {"zh": (_pattern(_ZH, is_english=False), _ZH), "en": (_pattern(_EN, is_english=True), _EN)}


def words_of(text: str, language: str) -> list[tuple[str, int]]:
    """Lists the words of duty in a text with their strength, 4 (must, must not) to 0 (need not), in order."""
    pattern, table = _WORDS["en" if language == "en" else "zh"]
    return [
        (found.group().lower(), table[int((found.lastgroup or "s0")[1:])][1])
        for found in pattern.finditer(text)
    ]


def has_word(text: str) -> bool:
    """States that a text holds a word of duty in either language."""
    return bool(words_of(text, "zh") or words_of(text, "en"))


def strongest(text: str, language: str) -> int | None:
    """Returns the strength of the strongest word of duty, None where there is none."""
    return max((strength for _word, strength in words_of(text, language)), default=None)


def is_duty(text: str, language: str) -> bool:
    """States that a phrase says what somebody must do or must not do; an order counts, a permission does not."""
    strength = strongest(text, language)
    if strength is not None:
        return strength >= SHOULD
    return bool(_ORDER.match(text) if language == "en" else _BARE_BAN.search(text))


def is_permission(text: str, language: str) -> bool:
    """States that a phrase only permits something; `这样可以保证` says what follows, not what is permitted."""
    if strongest(text, language) != MAY:
        return False
    return language == "en" or bool(_PERMITS.search(text))


def step(old: str, new: str, language: str) -> tuple[bool, str, str] | None:
    """Returns (stricter, old word, new word) where the words of duty of two versions of a phrase differ, else None."""
    before, after = words_of(old, language), words_of(new, language)
    gone = list((Counter(before) - Counter(after)).elements())
    come = list((Counter(after) - Counter(before)).elements())
    if gone and come:
        was, now = max(gone, key=_strength), max(come, key=_strength)
        return None if was[1] == now[1] else (now[1] > was[1], was[0], now[0])
    if come and not before:
        word = max(come, key=_strength)
        return word[1] >= SHOULD, "", word[0]
    if gone and not after and max(gone, key=_strength)[1] >= SHOULD:
        return False, max(gone, key=_strength)[0], ""
    if (
        come
        and max(come, key=_strength)[1] == ADVISED
        and language != "en"
        and "建议" in new
        and "建议" not in old
    ):
        return False, "", max(come, key=_strength)[0]
    return None


def _strength(word: tuple[str, int]) -> int:
    return word[1]
