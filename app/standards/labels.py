"""Owns what a change of a clause means: numbers, duties, scope, time limits, or nothing but its form [feature 16].

Pure and by rule: no model, no words for people (`label_words.py`). Which words make a duty and which numbers a limit
stands in `duties.py` and `figures.py`. How often it is right is measured by `touchstone evaluate labels`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.standards import duties, figures
from app.standards.redline import Segment, aligned_phrases, redline
from app.standards.text_tokens import bare_words, tokens


class Label(StrEnum):
    """What a change does."""

    UP = "up"
    """A number rose."""
    DOWN = "down"
    """A number fell."""
    STRICTER = "stricter"
    """Harder to keep: a stronger word of duty, less time, a higher share."""
    LOOSER = "looser"
    """Easier to keep."""
    DUTY_NEW = "duty_new"
    """Somebody must do, or must not do, what was not said before."""
    DUTY_DROPPED = "duty_dropped"
    """What had to be done, or was forbidden, is no longer said."""
    SCOPE = "scope"
    """It holds for others, for more or for less, or under another condition."""
    DEADLINE = "deadline"
    """A time limit or a day changed, came or went."""
    EDITORIAL = "editorial"
    """Only punctuation, spaces, widths, numbering, links or a slip of the pen; nothing that anybody must know."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """One label with the words it was read from, empty on the side that has none."""

    label: Label
    old: str = ""
    new: str = ""


_TAG = re.compile(r"</?[A-Za-z][^>]{0,200}>")
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s)\]\u4e00-\u9fff]+")
_SHAPES = str.maketrans({"⋯": "…", "`": "", "*": "", "’": "", "'": ""})
_LIST_MARK = re.compile(r"(?m)^[ \t]*(?:[（(]\d{1,2}[)）]|\d{1,2}[.)、](?!\d))[ \t]*")
_EXAMPLE = re.compile(
    r"^\s*(?:正确|错误|推荐|不推荐|例句|例如|例\d*|示例|中文|英文|比如|e\.g\.|for example|example)\s*[:：,，.]?",
    re.IGNORECASE,
)
_QUESTION = re.compile(r"[?？]\s*$")
_SCOPE = re.compile(
    r"除|但|如果|如(?=.{0,8}的)|若|时(?=[，,]\s*$)|情况下|期间|仅|只有|只限|限于|适用|包括|即使|视同|所有|全部|任何|一切|情形|以外|之外"
    r"|(?i:\b(?:except|unless|only|if|when|apply|applies|including|excluding|other than|all|any|every|both|premium)\b)"
)
_LISTED = re.compile(
    r"^\s*(?:[、，,]|和|或|及|与|以及|并且|and\b|or\b)|(?:、|和|或|及|与|以及|\band|\bor)\s*$", re.IGNORECASE
)
_HEDGE = re.compile(
    r"原则上|一般|通常|一般情况下|视情况|尽可能|generally|normally|usually|as a rule|where possible|in principle",
    re.IGNORECASE,
)
_QUALIFIER = re.compile(r"[\u4e00-\u9fff]{2,8}")
_PLAIN_WORDS = re.compile(r"^[\s，,、的了地得也就其之]*$")
_GOES_ON = re.compile(r"^\s*(?:并|且|还|同时|也)")
_SLIPS = (
    ("登陆", "登录"), ("帐", "账"), ("做", "作"), ("象", "像"), ("既", "即"), ("纪录", "记录"), ("形式词", "形容词"), ("其它", "其他"),
    ("地", "的"), ("得", "的"), ("份", "分"), ("唯一", "惟一"),
)  # fmt: skip
LONGEST_SLIP = 2
LEAST_SLIP_WORD = 5
LONGEST_WORD = 40


def labels_of(old: str, new: str, language: str) -> tuple[Labelled, ...]:
    """Returns what a change means, each label once, in the order of `Label`; empty means other words for the same rule.

    `old` and `new` are plain text (`core/markup.plain`); an empty one is a clause that was not there or is gone.
    """
    before, after = _bare(old), _bare(new)
    if bare_words(before) == bare_words(after):
        return (Labelled(Label.EDITORIAL),) if old != new else ()
    pairs = list(_pairs(before, after))
    if all(left == right for left, right in pairs):
        return ()
    found = [
        labelled for place, pair in enumerate(pairs) for labelled in _of_pair(pairs, place, *pair, language)
    ]
    if not found and all(_is_slip(left, right) or _is_same(left, right, language) for left, right in pairs):
        return (Labelled(Label.EDITORIAL),)
    first = {labelled.label: labelled for labelled in reversed(found)}
    return tuple(first[label] for label in Label if label in first)


def _bare(text: str) -> str:
    """Returns a text without what only shapes it: tags, addresses, list and foot marks, quotes of code."""
    return _LIST_MARK.sub("", _ADDRESS.sub("", _TAG.sub("", text))).translate(_SHAPES)


def _pairs(old: str, new: str) -> Iterator[tuple[str, str]]:
    """Yields the phrases that differ, each with its counterpart; one that only stands elsewhere is left out."""
    pairs = list(aligned_phrases(old, new))
    gone = {bare_words(left) for left, right in pairs if not right}
    come = {bare_words(right) for left, right in pairs if not left}
    both = gone & come
    for left, right in pairs:
        words = bare_words(left or right)
        if bare_words(left) == bare_words(right) or (not (left and right) and (words in both or not words)):
            yield left, left
        else:
            yield left, right


def _of_pair(
    pairs: Sequence[tuple[str, str]], place: int, left: str, right: str, language: str
) -> Iterator[Labelled]:
    if left == right or _EXAMPLE.search(left or right) or _QUESTION.search(right or left):
        return
    if left and right:
        yield from _of_numbers(left, right, language)
        yield from _of_deadline_words(left, right, language)
        yield from _of_duty_words(left, right, language)
        yield from _of_scope(left, right, language)
        return
    words = left or right
    duty = duties.is_duty(words, language) or _continues_duty(pairs, place, language)
    sides = {"old": left, "new": right}
    if duty:
        yield Labelled(Label.DUTY_NEW if right else Label.DUTY_DROPPED, **sides)
        if any(figure.is_limit and figure.is_time for figure in figures.figures(words, language)):
            yield Labelled(Label.DEADLINE, **sides)
    elif right and duties.is_permission(words, language):
        yield Labelled(Label.LOOSER, **sides)
    if _SCOPE.search(words) and not (duty and not _begins_with_scope(words)):
        yield Labelled(Label.SCOPE, **sides)


def _begins_with_scope(words: str) -> bool:
    found = _SCOPE.search(words)
    return found is not None and found.start() <= 1 and found.group() not in ("但", "即使")


def _continues_duty(pairs: Sequence[tuple[str, str]], place: int, language: str) -> bool:
    """States that a phrase such as `，并通知客户` goes on with the duty of the phrase before it."""
    left, right = pairs[place]
    before = pairs[place - 1] if place else ("", "")
    return bool(_GOES_ON.match(left or right)) and any(
        duties.is_duty(side, language) for side in before if side
    )


def _of_numbers(left: str, right: str, language: str) -> Iterator[Labelled]:
    old, new = figures.figures(left, language), figures.figures(right, language)
    for before, after in figures.counterparts(old, new):
        if before and after:
            yield from _of_figure(before, after)
            continue
        one = before or after
        if one and one.is_limit and one.minutes is not None:
            yield Labelled(Label.DEADLINE, before.words if before else "", after.words if after else "")
            yield Labelled(
                Label.LOOSER if before else Label.STRICTER,
                before.words if before else "",
                one.words if after else "",
            )


def _of_figure(before: figures.Figure, after: figures.Figure) -> Iterator[Labelled]:
    sides = {"old": before.words, "new": after.words}
    step = figures.step(before, after)
    if step and (before.tells_for_whom or after.tells_for_whom):
        yield Labelled(Label.SCOPE, **sides)
    if step and not before.is_date:
        yield Labelled(Label.UP if step > 0 else Label.DOWN, **sides)
    if (step or before.unit != after.unit) and (before.is_limit or after.is_limit):
        if before.is_time or before.is_date:
            yield Labelled(Label.DEADLINE, **sides)
    bound = after.bound or before.bound
    if step and bound and not before.is_date:
        is_stricter = (step < 0) == (bound == figures.AT_MOST)
        yield Labelled(Label.STRICTER if is_stricter else Label.LOOSER, **sides)
    length = figures.length_step(before, after) if bound == figures.AT_MOST else None
    if length:
        yield Labelled(Label.LOOSER if length > 0 else Label.STRICTER, **sides)


def _of_deadline_words(left: str, right: str, language: str) -> Iterator[Labelled]:
    old, new = figures.soon(left), figures.soon(right)
    has_limit = [
        any(f.is_limit and f.is_time for f in figures.figures(side, language)) for side in (left, right)
    ]
    if old and not new:
        yield Labelled(Label.DEADLINE, old, "")
        yield Labelled(Label.STRICTER if has_limit[1] else Label.LOOSER, old, "")
    elif new and not old:
        yield Labelled(Label.DEADLINE, "", new)
        yield Labelled(Label.LOOSER if has_limit[0] else Label.STRICTER, "", new)


def _of_duty_words(left: str, right: str, language: str) -> Iterator[Labelled]:
    step = duties.step(left, right, language)
    if step is not None:
        is_stricter, old, new = step
        yield Labelled(Label.STRICTER if is_stricter else Label.LOOSER, old, new)


def _of_scope(left: str, right: str, language: str) -> Iterator[Labelled]:
    """Finds duties, hedges, conditions, exceptions and members of a list that came or went inside a phrase."""
    segments = redline(left, right)
    for place, segment in enumerate(segments):
        if segment.kind == "equal":
            continue
        alone = _is_alone(segments, place)
        words, is_old = segment.text, segment.kind == "delete"
        sides = {"old": words, "new": ""} if is_old else {"old": "", "new": words}
        if alone and _HEDGE.fullmatch(words.strip(" ，,")):
            yield Labelled(Label.STRICTER if is_old else Label.LOOSER, **sides)
            continue
        if alone and _LISTED.match(words) and duties.is_duty(_LISTED.sub("", words), language):
            yield Labelled(Label.DUTY_DROPPED if is_old else Label.DUTY_NEW, **sides)
            continue
        is_rule = duties.is_duty(left, "zh") or duties.is_duty(right, "en")
        qualifies = (
            place and alone and is_rule and _QUALIFIER.fullmatch(words.strip()) and not duties.has_word(words)
        )
        listed = alone and _LISTED.search(words) and bare_words(words) and not _PLAIN_WORDS.match(words)
        if (
            _SCOPE.search(words)
            or listed
            or (qualifies and not figures.soon(words) and not figures.figures(words, "zh"))
        ):
            yield Labelled(Label.SCOPE, **sides)


def _is_alone(segments: Sequence[Segment], place: int) -> bool:
    """States that an edit only adds or only takes away."""
    around = [segments[i].kind for i in (place - 1, place + 1) if 0 <= i < len(segments)]
    return all(kind == "equal" for kind in around)


def _is_same(left: str, right: str, language: str) -> bool:
    """States that two phrases differ only in how a number is written."""
    old, new = (bare_words(figures.without_writing(side, language)) for side in (left, right))
    return old == new


def _is_slip(left: str, right: str) -> bool:
    """States that two phrases differ by a slip of the pen, or in a word such as 的 that carries nothing."""
    if left == right:
        return True
    if not left or not right:
        return False
    segments = [s for s in redline(left, right) if s.kind != "equal"]
    if all(_PLAIN_WORDS.match(segment.text) for segment in segments):
        return True
    if any(left.replace(a, b) == right or left.replace(b, a) == right for a, b in _SLIPS):
        return True
    old, new = ([t for t in tokens(side) if t.strip()] for side in (left, right))
    if len(old) != len(new):
        return False
    changed = [(a, b) for a, b in zip(old, new, strict=True) if a != b]
    return all(_is_slipped_word(a, b) for a, b in changed)


def _is_slipped_word(first: str, second: str) -> bool:
    a, b = first.casefold(), second.casefold()
    if not (a.isascii() and b.isascii() and a.isalpha() and b.isalpha()):
        return bare_words(a) == bare_words(b)
    return (
        LEAST_SLIP_WORD <= min(len(a), len(b)) <= max(len(a), len(b)) <= LONGEST_WORD
        and a[0] == b[0]
        and _distance(a, b) <= LONGEST_SLIP
    )


def _distance(first: str, second: str) -> int:
    """Returns how many letters must be put in, taken away or changed."""
    row = list(range(len(second) + 1))
    for i, a in enumerate(first, start=1):
        last, row[0] = row[0], i
        for j, b in enumerate(second, start=1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (a != b))
    return row[-1]
