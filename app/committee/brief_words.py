"""Owns what a brief says of its kind of item: the question, what is recommended, what agreeing brings about."""

from flask_babel import gettext as _

from app.committee.models import ItemKind


def asked(kind: ItemKind) -> str:
    """Returns the question the committee answers."""
    words: dict[ItemKind, str] = {
        ItemKind.RANK: _("Is the rank of the panel right?"),
        ItemKind.PILOT: _("What follows from the pilot: adopt, amend or stop?"),
        ItemKind.PUBLISH: _("May it be published?"),
        ItemKind.SURGE: _("Is the fast track right for it?"),
        ItemKind.STUCK: _("Who gets it moving, or does it stop here?"),
        ItemKind.REVIEW: _("Is the standard kept, revised or retired?"),
        ItemKind.BUDGET: _("Is more money set aside, or is less spent?"),
    }
    return words[kind]


def recommended(kind: ItemKind) -> str:
    """Returns what is recommended where the figures do not say something else."""
    words: dict[ItemKind, str] = {
        ItemKind.RANK: _("Confirm the rank the cards give."),
        ItemKind.PILOT: _("Follow the verdict of the pilot."),
        ItemKind.PUBLISH: _("Agree; every required sign-off is there."),
        ItemKind.SURGE: _("Agree, and score it afterwards."),
        ItemKind.STUCK: _("Name who does the next step and by when."),
        ItemKind.REVIEW: _("Name who reviews it before the next meeting."),
        ItemKind.BUDGET: _("Set more aside, or hold what is not begun."),
    }
    return words[kind]


def follows(kind: ItemKind, is_drafted: bool = False) -> str:
    """Returns what agreeing brings about, and who does it. `is_drafted` says that a fast track has begun already."""
    words: dict[ItemKind, str] = {
        ItemKind.RANK: _("The rank is confirmed and it goes to drafting at once."),
        ItemKind.PILOT: _("The service director concludes the pilot accordingly."),
        ItemKind.PUBLISH: _("The service director sets the day and publishes it."),
        ItemKind.SURGE: _("It goes straight to drafting; whoever may fast-track does it."),
        ItemKind.STUCK: _("Whoever is named in the note does the next step."),
        ItemKind.REVIEW: _("The service director writes the outcome down."),
        ItemKind.BUDGET: _("The chair sets the new amount aside."),
    }
    if kind is ItemKind.SURGE and is_drafted:
        return str(_("It goes on in the fast track; its scoring follows."))
    return words[kind]
