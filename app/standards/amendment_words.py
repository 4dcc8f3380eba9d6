"""Owns what the last column of an amendment table says of a clause: what happened to it, to its target and to its readers."""

from typing import Any

from flask_babel import lazy_gettext as _l

from app.standards.comparison import Change, Difference
from app.standards.measure_words import metric_words, target_sides
from app.standards.targets import Direction, TargetChange
from app.standards.words import _, audience_words

CHANGE_WORDS: dict[Change, Any] = {
    Change.CHANGED: _l("Changed"),
    Change.NEW: _l("New"),
    Change.RETIRED: _l("Retired"),
    Change.MOVED: _l("Moved"),
}


def notes_of(difference: Difference) -> list[str]:
    """Returns the lines of the last column, the kind of change first; words in the reader's language."""
    kind = _("Editorial") if difference.is_editorial else str(CHANGE_WORDS[difference.change])
    lines = [kind, *(_target_line(metric, change) for metric, change in difference.targets)]
    if difference.audience:
        was, becomes = difference.audience
        lines.append(_("Must follow: %(who)s", who=f"{audience_words(was)} → {audience_words(becomes)}"))
    if difference.is_other:
        lines.append(_("Only the text in the other language changed."))
    elif difference.other_languages:
        lines.append(_("The text in the other language changed too."))
    return lines


def _target_line(metric: str, change: TargetChange) -> str:
    old, new, unit = target_sides(change)
    unit = f" {unit}" if unit else ""
    if old is None:
        words = f"{new}{unit} {_('(new)')}"
    elif new is None:
        words = f"{old}{unit} {_('(dropped)')}"
    elif old == new:
        words = f"{new}{unit}"
    else:
        words = f"{old} → {new}{unit}"
    line = f"{metric_words(metric)}{_(': ')}{words}"
    if change.direction is Direction.STRICTER:
        return _("%(change)s (tighter)", change=line)
    return _("%(change)s (looser)", change=line) if change.direction is Direction.LOOSER else line
