"""Owns the first drafts of scenario questions, built from what a publication changed. A trainer edits them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import force_locale
from flask_babel import gettext as _

from app.standards.measure_words import metric_words, value_words, who_words
from app.standards.measures import Measure
from app.standards.models import ClauseVersion
from app.standards.scripts import split_body
from app.training.pages import unquoted
from app.web.language import LOCALES


@dataclass(frozen=True)
class QuestionWords:
    """A question in one language."""

    question: str
    options: tuple[str, ...]
    why: str


@dataclass(frozen=True)
class QuestionDraft:
    """A question on one text of a clause in both languages, not kept yet. `right` counts from 0."""

    clause_id: str
    clause_hash: str
    heading: tuple[str | None, str | None]
    zh: QuestionWords
    en: QuestionWords
    right: int


def draft_of(now: ClauseVersion, before: ClauseVersion | None) -> QuestionDraft:
    """Returns a draft for the new text of a clause: on its new number, else on what to say, else an empty one.

    The right answer does not always stand first: its place follows from the clause's hash.
    """
    place = int(now.clause_hash[:8], 16) if now.clause_hash else 0
    made = {language: _words(now, before, language) for language in ("zh", "en")}
    count = len(made["zh"][1])
    right = place % count if count and count == len(made["en"][1]) else 0
    return QuestionDraft(
        clause_id=now.clause_id,
        clause_hash=now.clause_hash,
        heading=(now.heading_zh, now.heading_en),
        zh=_placed(made["zh"], right),
        en=_placed(made["en"], right),
        right=right,
    )


def _words(
    now: ClauseVersion, before: ClauseVersion | None, language: str
) -> tuple[str, tuple[str, ...], str]:
    """Returns question, options (the right one first) and why, in one language."""
    with force_locale(LOCALES[language]):
        numbers = _numbers(now, before)
        if numbers is not None:
            measure, others = numbers
            right = value_words(measure.value, measure.unit)
            question = _(
                "%(who)s: what counts now for %(metric)s?",
                who=who_words(measure), metric=metric_words(measure.metric),
            )  # fmt: skip
            question = question[:1].upper() + question[1:]
            wrong = tuple(value_words(value, measure.unit) for value in others)
            return question, (right, *wrong), _("The new text says %(value)s.", value=right)
        heading = (now.heading_zh if language == "zh" else now.heading_en) or ""
        body = split_body((now.body_zh if language == "zh" else now.body_en) or "")
        if body.says and body.never_says:
            question = _("%(heading)s: which of these may you say?", heading=heading)
            options = (unquoted(body.says[0]), *(unquoted(phrase) for phrase in body.never_says[:2]))
            return question, options, _("The clause gives these words.")
        return _("%(heading)s: what do you do?", heading=heading), (), ""


def _numbers(now: ClauseVersion, before: ClauseVersion | None) -> tuple[Measure, Sequence[Decimal]] | None:
    """Returns a measure whose value moved and two wrong values: the old one and one that never held."""
    old = {m.id: m for m in (Measure.from_data(data) for data in (before.measures if before else ()))}
    for data in now.measures:
        measure = Measure.from_data(data)
        was = old.get(measure.id)
        if was is None or was.unit != measure.unit:
            continue
        if was.value != measure.value and was.value != measure.peak_value:
            return measure, (was.value, was.value + measure.value)
    return None


def _placed(words: tuple[str, tuple[str, ...], str], right: int) -> QuestionWords:
    question, options, why = words
    if not options:
        return QuestionWords(question, (), why)
    others = options[1:]
    return QuestionWords(question, (*others[:right], options[0], *others[right:]), why)
