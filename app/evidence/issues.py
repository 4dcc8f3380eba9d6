"""Owns issues: complaints of one category in a period, named in their own words, beside the time before. Keeps nothing.

It is thin on purpose (requirements 14 and 45): a category with enough complaints is an issue, its name is made of the
phrases by which its texts differ from all others, and a person confirms both.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.core.intervals import wilson
from app.evidence.terms import count_only, count_phrases, telling_phrases

LEAST_COMPLAINTS = 5
"""A category with fewer complaints in the period is no issue: too few to name and to compare."""
LEAST_TEXTS, LEAST_SHARE = 3, 0.03
"""In how many of its texts, and in what share of them, a phrase has to stand before it may name an issue."""


class Trend(StrEnum):
    """What the interval of the change allows to say."""

    RISING = "rising"
    FALLING = "falling"
    UNCLEAR = "unclear"  # the interval of the ratio holds 1


@dataclass(frozen=True, slots=True)
class Complaint:
    """One masked complaint. `key` is the caller's, `at` aware UTC."""

    key: str
    category: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Change:
    """Complaints of a period beside those of the time before it.

    `expected` is the earlier number brought to the length of the period; `ratio` is recent to expected with the ends
    of its 95 % interval, None while nothing stood earlier (Wilson's interval of the share that is recent, carried
    over to the ratio of two Poisson rates).
    """

    recent: int
    expected: float
    ratio: float | None
    low: float
    high: float | None

    @property
    def trend(self) -> Trend:
        """Says rising or falling only if the whole interval does."""
        if self.low > 1:
            return Trend.RISING
        return Trend.FALLING if self.high is not None and self.high < 1 else Trend.UNCLEAR


@dataclass(frozen=True, slots=True)
class Issue:
    """Complaints of one category in a period. `terms` are phrases out of the texts, most telling first, and `name` the
    first of them; `keys` are all complaints of the period, those that show most of the terms first."""

    category: str
    name: str
    terms: tuple[str, ...]
    keys: tuple[str, ...]
    change: Change


def find_issues(
    complaints: Iterable[Complaint],
    others: Iterable[str],
    earlier: datetime,
    since: datetime,
    until: datetime,
) -> list[Issue]:
    """Returns the issues from `since` to before `until`, most complaints first; empty without enough of them.

    `others` are texts that are no complaints: phrases they use as often distinguish nothing. The time from `earlier`
    to `since` is what the period is compared with.
    """
    recent: dict[str, list[Complaint]] = defaultdict(list)
    before: Counter[str] = Counter()
    for complaint in complaints:
        if since <= complaint.at < until:
            recent[complaint.category].append(complaint)
        elif earlier <= complaint.at < since:
            before[complaint.category] += 1
    counted = {category: count_phrases(one.text for one in some) for category, some in recent.items()}
    candidates = {
        category: {
            phrase
            for phrase, count in counts.items()
            if count >= max(LEAST_TEXTS, LEAST_SHARE * len(recent[category]))
        }
        for category, counts in counted.items()
    }
    background, size = count_only(others, set().union(*candidates.values()))
    issues = []
    for category, some in recent.items():
        if len(some) < LEAST_COMPLAINTS:
            continue
        others_say = {
            phrase: background[phrase]
            + sum(counts[phrase] for name, counts in counted.items() if name != category)
            for phrase in candidates[category]
        }
        elsewhere = size + sum(len(more) for name, more in recent.items() if name != category)
        said = {phrase: counted[category][phrase] for phrase in candidates[category]}
        terms = telling_phrases(said, len(some), others_say, elsewhere)
        issues.append(
            Issue(
                category,
                "、".join(terms[:3]) or category,
                terms,
                _most_typical_first(some, terms),
                compare(len(some), until - since, before[category], since - earlier),
            )
        )
    return sorted(issues, key=lambda issue: (-issue.change.recent, issue.category))


def compare(recent: int, period: timedelta, before: int, earlier_period: timedelta) -> Change:
    """Returns how a number of complaints compares with that of an earlier, longer or shorter, time.

    Raises ValueError unless both times are longer than nothing.
    """
    if min(period, earlier_period) <= timedelta():
        raise ValueError("a period has a length")
    scale = earlier_period / period
    expected = before / scale
    if recent + before == 0:
        return Change(0, 0.0, None, 0.0, None)
    ends = wilson(recent, recent + before)
    low = ends.low / (1 - ends.low) * scale if ends.low < 1 else math.inf
    high = ends.high / (1 - ends.high) * scale if ends.high < 1 else None
    return Change(recent, expected, recent / expected if before else None, low, high)


def _most_typical_first(some: Sequence[Complaint], terms: Sequence[str]) -> tuple[str, ...]:
    shown = [(-sum(term in one.text.casefold() for term in terms), one.at, one.key) for one in some]
    return tuple(key for _, _, key in sorted(shown))
