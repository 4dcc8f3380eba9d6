"""Owns what a brief says of its kind of item: the question, what is recommended, what agreeing brings about."""

from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.committee.models import ItemKind


class KindWords(NamedTuple):
    """What stands on every brief of one kind."""

    asked: Any
    """The question the committee answers."""
    recommended: Any
    """What is recommended where the figures do not say something else."""
    follows: Any
    """What agreeing brings about, and who does it."""


WORDS: dict[ItemKind, KindWords] = {
    ItemKind.RANK: KindWords(
        _l("Is the rank of the panel right?"),
        _l("Confirm the rank the cards give."),
        _l("The rank is confirmed and it goes to drafting at once."),
    ),
    ItemKind.PILOT: KindWords(
        _l("What follows from the pilot: adopt, amend or stop?"),
        _l("Follow the verdict of the pilot."),
        _l("The service director concludes the pilot accordingly."),
    ),
    ItemKind.PUBLISH: KindWords(
        _l("May it be published?"),
        _l("Agree; every required sign-off is there."),
        _l("The service director sets the day and publishes it."),
    ),
    ItemKind.SURGE: KindWords(
        _l("Is the fast track right for it?"),
        _l("Agree, and score it afterwards."),
        _l("It goes straight to drafting; whoever may fast-track does it."),
    ),
    ItemKind.STUCK: KindWords(
        _l("Who gets it moving, or does it stop here?"),
        _l("Name who does the next step and by when."),
        _l("Whoever is named in the note does the next step."),
    ),
    ItemKind.REVIEW: KindWords(
        _l("Is the standard kept, revised or retired?"),
        _l("Name who reviews it before the next meeting."),
        _l("The service director writes the outcome down."),
    ),
    ItemKind.BUDGET: KindWords(
        _l("Is more money set aside, or is less spent?"),
        _l("Set more aside, or hold what is not begun."),
        _l("The chair sets the new amount aside."),
    ),
}


def asked(kind: ItemKind) -> str:
    """Returns the question the committee answers."""
    return str(WORDS[kind].asked)


def recommended(kind: ItemKind) -> str:
    """Returns what is recommended where the figures do not say something else."""
    return str(WORDS[kind].recommended)


def follows(kind: ItemKind, is_drafted: bool = False) -> str:
    """Returns what agreeing brings about, and who does it. `is_drafted` says that a fast track has begun already."""
    if kind is ItemKind.SURGE and is_drafted:
        return str(_("It goes on in the fast track; its scoring follows."))
    return str(WORDS[kind].follows)
