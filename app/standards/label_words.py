"""Owns the words of what a change means, in both languages. What it means is decided in `labels.py`."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l

from app.standards.comparison import Difference
from app.standards.labels import Label
from app.web.language import current_language

LABEL_WORDS: dict[Label, Any] = {
    Label.UP: _l("Number up"),
    Label.DOWN: _l("Number down"),
    Label.STRICTER: _l("Stricter"),
    Label.LOOSER: _l("Less strict"),
    Label.DUTY_NEW: _l("New duty"),
    Label.DUTY_DROPPED: _l("Duty dropped"),
    Label.SCOPE: _l("Scope changed"),
    Label.DEADLINE: _l("Time limit changed"),
    Label.EDITORIAL: _l("Form only"),
}
LABEL_KINDS: dict[Label, str] = {
    Label.STRICTER: "warn",
    Label.DUTY_NEW: "warn",
    Label.LOOSER: "info",
    Label.DUTY_DROPPED: "info",
    Label.DEADLINE: "warn",
    Label.SCOPE: "warn",
}


def label_words(label: Label) -> str:
    """Returns the name of a label."""
    return str(LABEL_WORDS[label])


def label_kind(label: Label) -> str:
    """Returns the colour of a label's tag; the word says the same without colour."""
    return LABEL_KINDS.get(label, "neutral")


def labelled(differences: Sequence[Difference]) -> list[Difference]:
    """Returns the differences of a clause whose labels a reader needs: one where all languages mean the same.

    It is the one in the reader's language where that has labels; empty where none has.
    """
    some = [one for one in differences if one.labels]
    if len({frozenset(found.label for found in one.labels) for one in some}) > 1:
        return some
    return sorted(some, key=lambda one: one.language != current_language())[:1]


def label_summary(counts: Mapping[Label, int]) -> str:
    """Returns what a comparison means in one sentence, `2 stricter, 1 new duty.`; empty when no label was found."""
    return gettext(", ").join(_counted(counts)) + gettext(".") if any(counts.values()) else ""


def _counted(counts: Mapping[Label, int]) -> Iterable[str]:
    ways: dict[Label, Callable[[int], str]] = {
        Label.DUTY_NEW: lambda n: ngettext(
            "%(num)s clause with a new duty", "%(num)s clauses with a new duty", n
        ),
        Label.DUTY_DROPPED: lambda n: ngettext(
            "%(num)s clause drops a duty", "%(num)s clauses drop a duty", n
        ),
        Label.STRICTER: lambda n: ngettext("%(num)s clause is stricter", "%(num)s clauses are stricter", n),
        Label.LOOSER: lambda n: ngettext(
            "%(num)s clause is less strict", "%(num)s clauses are less strict", n
        ),
        Label.DEADLINE: lambda n: ngettext("%(num)s time limit changed", "%(num)s time limits changed", n),
        Label.SCOPE: lambda n: ngettext("%(num)s scope changed", "%(num)s scopes changed", n),
        Label.EDITORIAL: lambda n: ngettext(
            "%(num)s changed in form only", "%(num)s changed in form only", n
        ),
    }
    return [say(counts[label]) for label, say in ways.items() if counts.get(label)]
