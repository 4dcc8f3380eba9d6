"""Owns the words of drafting: choices of the editor's form, reasons against "editorial". Decides nothing."""

from decimal import Decimal

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.people.words import ROLE_WORDS
from app.standards.agreement import Fix
from app.standards.backtest_source import BackTest
from app.standards.forms import AUDIENCE, POPULATION
from app.standards.house_words import WordFix
from app.standards.measure_words import KIND_WORDS, METRIC_WORDS, PLACE_WORDS, unit_words, value_words
from app.standards.measures import Clock, Comparison, Unit, number_text
from app.standards.pages import standards
from app.standards.words import MATERIALITY_WORDS, TAG_WORDS, tag_words
from app.web.filters import day
from app.web.formats import number
from app.web.language import current_language
from app.web.reasons import register_reasons
from app.web.teaching import teach

register_reasons(
    {
        "materiality.not_a_change": _l("A new text is never only editorial."),
        "materiality.measures": _l("How the clause is measured changed."),
        "materiality.numbers": _l("A number changed: %(words)s."),
        "materiality.duty": _l("A word of duty or permission changed: %(words)s."),
        "draft.nothing_to_undo": _l("There is no earlier state of %(clause)s in this draft."),
        "draft.copy_unknown": _l("That kept text does not belong to this clause."),
    }
)

LINE_LETTERS = 70
"""So many letters, two for a Chinese one, stand on a line of the page of the whole text."""
COMPARISON_WORDS = {Comparison.AT_MOST: _l("at most"), Comparison.AT_LEAST: _l("at least")}
CLOCK_WORDS = {Clock.CALENDAR: _l("Clock time"), Clock.WORKING: _l("Working time")}
POPULATION_WORDS = {
    "channel": _l("Channel"),
    "region": _l("Region"),
    "group": _l("Customer group"),
    "priority": _l("Urgency"),
    "category": _l("What it is about"),
    "complexity": _l("Difficulty"),
}
KNOWN_PLACES = {
    "channel": ("phone", "chat", "email", "wechat", "app", "web"),
    "region": ("east", "north", "south"),
    "group": ("personal", "business", "vip"),
    "priority": ("ordinary", "urgent"),
    "category": (
        "returns", "exchange", "refund", "complaint", "escalation", "privacy", "bot", "callback",
    ),
    "complexity": ("simple", "complex"),
}  # fmt: skip
COPY_WORDS = {
    "conflict": _l("overtaken by another save"),
    "discarded": _l("discarded"),
    "autosave": _l("typed, not saved"),
    "suggestion": _l("a suggested wording"),
    "saved": _l("saved"),
    "undone": _l("taken back"),
    "split": _l("before it was split"),
    "joined": _l("before it was joined"),
}


def measure_options() -> dict[str, list[tuple[str, str]]]:
    """Returns the (value, words) of each choice in a measure's form."""
    return {
        "metric": [(key, str(words)) for key, words in METRIC_WORDS.items()],
        "comparison": [(key.value, str(words)) for key, words in COMPARISON_WORDS.items()],
        "unit": [(unit.value, unit_words(unit)) for unit in Unit],
        "clock": [(key.value, str(words)) for key, words in CLOCK_WORDS.items()],
        "kind": [(key.value, str(words)) for key, words in KIND_WORDS.items()],
    }


def population_options(chosen: dict[str, list[str]]) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Returns (name, words, choices) of each filter of a population; what is chosen is always among the choices."""
    made = []
    for name in POPULATION:
        keys = dict.fromkeys([*KNOWN_PLACES[name], *chosen.get(name, [])])
        words = [(key, str(PLACE_WORDS.get(key, key.replace("_", " ")))) for key in keys]
        made.append((name, str(POPULATION_WORDS[name]), words))
    return made


def population_words(chosen: dict[str, list[str]]) -> str:
    """Returns which contacts a measure counts, as one list; all of them without a filter."""
    keys = [key for name in POPULATION for key in chosen.get(name, [])]
    words = [str(PLACE_WORDS.get(key, key.replace("_", " "))) for key in keys]
    return str(_(", ").join(words) if words else _("all of them"))


def tag_options(chosen: tuple[str, ...]) -> list[tuple[str, str]]:
    """Returns the (value, words) of all tags, one's own at the end."""
    return [(key, str(TAG_WORDS.get(key, key))) for key in dict.fromkeys([*TAG_WORDS, *chosen])]


def tags_words(tags: tuple[str, ...]) -> str:
    """Returns the names of tags as one list."""
    return str(_(", ").join(tag_words(tag) for tag in tags))


def audience_options(chosen: tuple[str, ...]) -> list[tuple[str, str]]:
    """Returns the (value, words) of the roles a clause can be for."""
    named = {role.value: str(words) for role, words in ROLE_WORDS.items()}
    keys = dict.fromkeys([*(role.value for role in AUDIENCE), *chosen])
    return [(key, named.get(key, key)) for key in keys]


def materiality_options() -> list[tuple[str, str, str]]:
    """Returns the (value, words, hint) of the drafter's claim."""
    hints = {
        "material": _("Readers are asked to read it again."),
        "editorial": _("Spelling, punctuation, clearer words. Nobody has to do anything differently."),
    }
    return [(key.value, str(words), hints[key.value]) for key, words in MATERIALITY_WORDS.items()]


def copy_words(why: str) -> str:
    """Returns why a kept text did not become the draft."""
    return str(COPY_WORDS.get(why, why))


def fix_words(fix: Fix | WordFix) -> str:
    """Returns what one click changes: "Use 12 hours in the text", "Use “at once” instead"."""
    if isinstance(fix, WordFix):
        return str(_("Use “%(word)s” instead", word=fix.better))
    if fix.measure_id:
        return str(_("Use %(value)s in the measure", value=value_words(Decimal(fix.new), fix.unit)))
    return str(_("Use %(value)s in the text", value=value_words(Decimal(fix.new), fix.unit)))


def back_test_words(test: BackTest) -> str:
    """Returns how a target was kept lately, as sentences with count, period and interval."""
    period = {"starts": day(test.starts_on), "ends": day(test.ends_on), "n": number(test.counted.n)}
    if not test.is_enough:
        few = _(
            "Only %(n)s contacts from %(starts)s to %(ends)s fall under this target: too few to say.",
            **period,
        )
        return str(few)
    share = f"{test.share * 100:.1f}%"
    words = _(
        "Of %(n)s contacts from %(starts)s to %(ends)s, %(share)s kept this target (95%% interval %(low)s to %(high)s).",
        share=share,
        low=f"{test.counted.low * 100:.1f}",
        high=f"{test.counted.high * 100:.1f}",
        **period,
    )
    wanted = test.measure.share_percent
    if wanted is None or test.is_reached or test.counted.needed is None:
        return str(words)
    needed = _(
        "For %(share)s%% the target would have to be %(value)s.",
        share=number_text(wanted),
        value=value_words(test.counted.needed, test.measure.unit),
    )
    return f"{words} {needed}" if current_language() == "en" else f"{words}{needed}"


def rows_for(text: str, least: int = 2) -> int:
    """Returns how many lines a box needs for a text where neither style nor script makes it grow."""
    widths = (sum(2 if char > "\u2e7f" else 1 for char in line) for line in text.split("\n"))
    return max(least, sum(1 + width // LINE_LETTERS for width in widths))


teach(
    standards,
    {
        "measure_options": measure_options,
        "population_options": population_options,
        "population_words": population_words,
        "tag_options": tag_options,
        "tags_words": tags_words,
        "audience_options": audience_options,
        "materiality_options": materiality_options,
        "copy_words": copy_words,
        "fix_words": fix_words,
        "back_test_words": back_test_words,
        "rows_for": rows_for,
    },
)
