"""Owns the checks of a clause's wording in two grades (experience P10). Makes no sentences and stops nothing itself.

A *warning* is shown while writing; a *stop* keeps a revision from "submit for review". Saving is never stopped.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from app.standards import figures
from app.standards.agreement import Fix, fixes_of, other_language_fix
from app.standards.house_words import ForbiddenWord, WordFix, used_in, without_reason
from app.standards.measures import Measure, Unit, number_text
from app.standards.punctuation import full_width_punctuation, half_width_count
from app.standards.quantities import ENGLISH_NUMBER, quantities, unstated_values
from app.standards.text_tokens import is_editorial_only

TAG_PROMISE = "promise"
TAG_PUBLIC = "public"

VAGUE = {
    "zh": (
        "尽快",
        "尽早",
        "及时",
        "适当",
        "酌情",
        "合理时间",
        "相关规定",
        "有关规定",
        "原则上",
        "一定时间",
        "若干",
        "视情况",
        "第一时间",
        "近期",
        "稍后",
        "必要时",
        "尽量",
        "尽可能",
        "尽速",
        "迅速",
        "适时",
        "妥善",
        "合理期限",
        "合理时限",
        "合理期间",
        "短期内",
        "一段时间",
        "特殊情况",
    ),
    "en": (
        "as soon as possible",
        "asap",
        "promptly",
        "in a timely manner",
        "timely",
        "appropriate",
        "appropriately",
        "reasonable time",
        "where necessary",
        "if necessary",
        "shortly",
        "in due course",
        "as far as possible",
        "try to",
        "generally",
        "and so on",
        "quickly",
        "swiftly",
        "as soon as practicable",
        "undue delay",
        "reasonable period",
        "reasonable timeframe",
        "best efforts",
        "reasonable efforts",
        "when needed",
        "as needed",
        "if possible",
        "when possible",
    ),
}
FORBIDDEN = {"zh": ("国家级", "最高级", "最佳"), "en": ()}
"""Words that no text for customers may use (中华人民共和国广告法 art. 9 no. 3)."""
_DURATIONS = (Unit.SECOND, Unit.MINUTE, Unit.HOUR, Unit.DAY, Unit.WORKING_DAY)
_NEVER_SAY = re.compile(r"^[ \t]*>[ \t]*(?:不要说|do not say)[ \t]*[:：].*$", re.IGNORECASE | re.MULTILINE)
_OPENING_HOURS = re.compile(r"[×xX]\s?$")  # 7×24 小时 says when we are there, it is no limit
_SCRIPT = re.compile(r"^[ \t]*>.*$", re.MULTILINE)
_REFERENCE = re.compile(r"(?<![A-Za-z0-9-])([A-Z]{2,4}-\d{2,4}-C\d{2,4})(?![A-Za-z0-9-])", re.IGNORECASE)
# A number is without unit when a limit word or the end of the phrase follows at once; times, dates and lists are none.
_BARE_ZH = re.compile(
    r"(?<=[在于])([一二三四五六七八九十百两]{1,6})(?=以内|之内|内(?!部|容|网|外|心))"
    r"|(?<![\dA-Za-z.,:：/×第-])(\d{1,4}(?:\.\d+)?)(?=\s?(?:以内|之内|内(?!部|容|网)|[，。；！？）]|$))",
    re.MULTILINE,
)
_BARE_EN = re.compile(
    r"\b(?:within|every|at least|at most|(?:more|less|fewer|later) than|up to|exceed)\s+"
    rf"(\d{{1,4}}(?:\.\d+)?|(?!one\b){ENGLISH_NUMBER})(?=\s*(?:[,;!?)]|\.(?!\d)|$))",
    re.IGNORECASE | re.MULTILINE,
)
_NO_UNIT_AFTER_ZH = re.compile(r"(?:\d\s?[至到]|[、和或及—–～~-]|第|拨打|电话|热线|编号|工号|版本)\s?$")


class Grade(StrEnum):
    """How hard a check stands in the way."""

    WARNING = "warning"
    """Shown; nothing is stopped."""
    STOP = "stop"
    """Stops "submit for review" until it is gone."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark on one clause. `key` is the reason key, `params` the values for its sentence.

    `fix` is the whole text of that language after the repair of its punctuation, None when there is none; `fixes` are
    the repairs of a number or a word. Without both a person must decide. `word_id` names a forbidden word of the house.
    """

    grade: Grade
    key: str
    language: str
    params: dict[str, str] = field(default_factory=dict)
    fix: str | None = None
    fixes: tuple[Fix | WordFix, ...] = field(default=(), compare=False)
    word_id: int | None = field(default=None, compare=False)


def check_clause(
    texts: Mapping[str, str],
    measures: Sequence[Measure] = (),
    *,
    tags: Collection[str] = (),
    previous: Mapping[str, str] | None = None,
    known_clauses: Collection[str] | None = None,
    house_words: Sequence[ForbiddenWord] = (),
    reasons_given: Collection[int] = (),
) -> list[Finding]:
    """Checks one clause in all its languages; an empty list means nothing to say. Source: experience P10.

    `texts` and `previous` are {language: heading and body}; a missing or empty text is a translation still to come.
    `known_clauses` holds spoken ids (`CS-04-C07`; None: references are not checked), `house_words` those beside the
    law's, `reasons_given` the ids of those for whose use a reason is recorded. Other clauses are looked at in
    `elsewhere.py`.
    """
    before = previous or {}
    findings: list[Finding] = []
    for language, text in sorted(texts.items(), reverse=True):
        if not text.strip():
            continue
        rule_text = _NEVER_SAY.sub("", text)
        if text.startswith("\n"):
            findings.append(Finding(Grade.WARNING, "wording.heading_missing", language))
        findings += _vague_words(rule_text, language)
        findings += _bare_numbers(rule_text, language)
        findings += _half_width(text, language)
        findings += _disagreeing_measures(rule_text, language, measures)
        findings += _dead_references(text, language, known_clauses)
        findings += _house_words(text, language, house_words, reasons_given)
        if TAG_PUBLIC in tags:
            findings += _forbidden_words(rule_text, language, FORBIDDEN.get(language, ()))
    findings += _numbers_in_other_languages(texts, before)
    findings += _promise_without_measure(texts, measures, tags)
    findings += _stale_translations(texts, before)
    return findings


def _vague_words(text: str, language: str) -> Iterator[Finding]:
    for word in VAGUE.get(language, ()):
        pattern = re.escape(word) if language == "zh" else rf"\b{re.escape(word)}\b"
        if re.search(pattern, text, re.IGNORECASE):
            yield Finding(Grade.WARNING, "wording.vague_word", language, {"word": word})


def _bare_numbers(text: str, language: str) -> Iterator[Finding]:
    pattern = _BARE_EN if language == "en" else _BARE_ZH
    text = _SCRIPT.sub("", text)  # people speak numbers without unit: staff numbers, last four digits
    for match in pattern.finditer(text):
        if language != "en" and _NO_UNIT_AFTER_ZH.search(text, max(0, match.start() - 4), match.start()):
            continue
        yield Finding(
            Grade.WARNING, "wording.number_without_unit", language, {"number": match[match.lastindex or 0]}
        )


def _half_width(text: str, language: str) -> Iterator[Finding]:
    count = half_width_count(text) if language == "zh" else 0
    if count:
        yield Finding(
            Grade.WARNING, "wording.half_width", language, {"count": str(count)}, full_width_punctuation(text)
        )


def _disagreeing_measures(text: str, language: str, measures: Sequence[Measure]) -> Iterator[Finding]:
    for measure in measures:
        for value in unstated_values(text, language, measure):
            params = {"measure": measure.id, "value": number_text(value), "unit": measure.unit.value}
            is_peak = value == measure.peak_value
            key = "wording.peak_not_in_text" if is_peak else "wording.measure_not_in_text"
            fixes = fixes_of(text, language, measure, is_peak=is_peak)
            yield Finding(Grade.STOP, key, language, params, fixes=fixes)


def _dead_references(text: str, language: str, known: Collection[str] | None) -> Iterator[Finding]:
    if known is None:
        return
    spoken = {clause.upper() for clause in known}
    for reference in dict.fromkeys(match.upper() for match in _REFERENCE.findall(text)):
        if reference not in spoken:
            yield Finding(Grade.STOP, "wording.dead_reference", language, {"clause": reference})


def _house_words(
    text: str, language: str, words: Sequence[ForbiddenWord], reasons_given: Collection[int]
) -> Iterator[Finding]:
    for word in without_reason(used_in(text, language, words), reasons_given):
        yield Finding(
            Grade.STOP,
            "wording.house_word",
            language,
            {"word": word.word, "reason": word.reason.rstrip("。.")},
            fixes=(WordFix(word.id, language, word.better),) if word.better else (),
            word_id=word.id,
        )


def _forbidden_words(text: str, language: str, words: Iterable[str]) -> Iterator[Finding]:
    folded = text.casefold()
    for word in words:
        if word.casefold() in folded:
            yield Finding(Grade.STOP, "wording.forbidden_word", language, {"word": word})


def _numbers_in_other_languages(texts: Mapping[str, str], before: Mapping[str, str]) -> Iterator[Finding]:
    """A quantity that one language no longer names and the other one still does."""
    for changed in sorted(texts, reverse=True):
        if not before.get(changed) or not texts[changed].strip():
            continue
        now = {(q.value, q.unit) for q in quantities(texts[changed], changed)}
        gone = {(q.value, q.unit): q for q in quantities(before[changed], changed)}
        for language, text in sorted(texts.items()):
            left = {(q.value, q.unit): text[q.start : q.end] for q in quantities(text, language)}
            for key in [key for key in gone if key not in now and key in left and language != changed]:
                fixes = other_language_fix(gone[key], before[changed], texts[changed], changed, language)
                params = {"quantity": left[key]}
                yield Finding(Grade.WARNING, "wording.number_other_language", language, params, fixes=fixes)


def _promise_without_measure(
    texts: Mapping[str, str], measures: Sequence[Measure], tags: Collection[str]
) -> Iterator[Finding]:
    """A clause marked as a promise needs a measure; a public one that names a time limit is asked for one."""
    if measures:
        return
    if TAG_PROMISE in tags:
        yield Finding(Grade.STOP, "wording.promise_without_measure", "")
    elif TAG_PUBLIC in tags:
        named = [
            words
            for language, text in (
                (language, _NEVER_SAY.sub("", texts[language])) for language in sorted(texts, reverse=True)
            )
            for words in _limits(text, language)
        ]
        if named:
            yield Finding(Grade.WARNING, "wording.limit_without_measure", "", {"quantity": named[0]})


def _limits(text: str, language: str) -> Iterator[str]:
    """Yields the times a text names as it writes them, then limits in units that no measure has, such as weeks."""
    for quantity in quantities(text, language):
        if quantity.unit in _DURATIONS and not _OPENING_HOURS.search(
            text, quantity.start - 2, quantity.start
        ):
            yield text[quantity.start : quantity.end]
    for figure in figures.figures(text, language):
        if figure.is_limit and figure.minutes is not None:
            yield figure.words


def _stale_translations(texts: Mapping[str, str], before: Mapping[str, str]) -> Iterator[Finding]:
    written = [language for language, text in texts.items() if text.strip()]
    changed = [
        language
        for language in written
        if before and not is_editorial_only(before.get(language, ""), texts[language])
    ]
    for language in sorted(texts):
        if language not in written:
            yield Finding(Grade.WARNING, "wording.translation_missing", language)
        elif changed and language not in changed:
            yield Finding(Grade.WARNING, "wording.translation_out_of_date", language, {"changed": changed[0]})
