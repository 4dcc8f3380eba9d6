"""Owns the half-page brief of each agenda item: the question, what is known, cost, risk, recommendation, where it is done."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.committee import queries
from app.committee.models import ItemKind
from app.committee.money import money_text
from app.committee.queries import Item
from app.core import clock
from app.proposals import queries as proposals
from app.proposals.scoring import Ranked
from app.proposals.words import question_short
from app.standards.models import Revision
from app.web.language import pick


@dataclass(frozen=True)
class Brief:
    """What a member reads before deciding; empty texts are left out. `links` are (words, address)."""

    item: Item
    title: str
    ask: str
    known: tuple[str, ...]
    cost: str
    risk: str
    recommendation: str
    links: tuple[tuple[str, str], ...]


def briefs(items: Sequence[Item]) -> list[Brief]:
    """Returns the brief of each item in its order; five questions whatever their number."""
    revisions = queries.revisions_by_number(one.row.key for one in items)
    money = queries.money_of([revision.id for revision in revisions.values()])
    ranked: dict[int, Ranked] = {}
    if any(one.row.kind is ItemKind.RANK for one in items):
        scored = proposals.scored()
        if scored:
            ids = [one.revision.id for one in scored]
            ranked = proposals.ranking(proposals.cards_of(ids), scored[0].weights)
    made = []
    for one in items:
        revision = revisions.get(one.row.key)
        if revision is None:
            made.append(_without_revision(one))
            continue
        sums = money.get(revision.id)
        cost = (
            _(
                "%(committed)s committed, %(spent)s spent",
                committed=money_text(sums.committed),
                spent=money_text(sums.spent),
            )
            if sums
            else _("no money entered")
        )
        made.append(_of_revision(one, revision, cost, ranked.get(revision.id)))
    return made


def _of_revision(one: Item, revision: Revision, cost: str, line: Ranked | None) -> Brief:
    kind, number = one.row.kind, revision.number
    known = [text for text in (revision.problem, _gain(revision)) if text]
    days = (clock.now() - revision.state_since).days
    risk = ngettext("It has waited %(num)s day.", "It has waited %(num)s days.", days) if days else ""
    links = [(number, url_for("standards.revision", number=number))]
    recommendation = _recommended(kind)
    if kind is ItemKind.RANK:
        links.append((_("Scores"), url_for("proposals.card", number=number)))
        if line is not None and line.rank:
            known.append(
                _(
                    "Rank %(rank)s, could be %(best)s–%(worst)s, from %(cards)s cards.",
                    rank=line.rank,
                    best=line.best,
                    worst=line.worst,
                    cards=line.cards,
                )
            )
        if line is not None and line.talk_first:
            names = _(", ").join(question_short(question) for question in line.talk_first)
            risk = _("The panel is far apart on: %(questions)s.", questions=names)
            recommendation = _("Talk about it first, then confirm the rank.")
    elif kind is ItemKind.PILOT:
        links.append((_("Pilot"), url_for("pilots.pilot", number=number)))
    elif kind is ItemKind.PUBLISH:
        links.append((_("What changes"), url_for("reviews.changes", number=number)))
    return Brief(
        item=one,
        title=pick(one.row.title_zh, one.row.title_en),
        ask=_asked(kind),
        known=tuple(known),
        cost=cost,
        risk=risk,
        recommendation=recommendation,
        links=tuple(links),
    )


def _without_revision(one: Item) -> Brief:
    kind, key = one.row.kind, one.row.key
    if kind is ItemKind.BUDGET:
        year = key.partition("/")[0]
        links = ((_("Budget"), url_for("committee.budget", year=int(year))),)
    else:
        links = ((_("Periodic reviews"), url_for("registers.reviews")),)
    title = pick(one.row.title_zh, one.row.title_en) or key
    return Brief(one, title, _asked(kind), (), "", "", _recommended(kind), links)


def _gain(revision: Revision) -> str:
    return str(_("The customer gains: %(benefit)s", benefit=revision.benefit)) if revision.benefit else ""


def _asked(kind: ItemKind) -> str:
    asked: dict[ItemKind, str] = {
        ItemKind.RANK: _("Is the rank of the panel right?"),
        ItemKind.PILOT: _("What follows from the pilot: adopt, amend or stop?"),
        ItemKind.PUBLISH: _("May it be published?"),
        ItemKind.SURGE: _("Is the fast track right for it?"),
        ItemKind.STUCK: _("Who gets it moving, or does it stop here?"),
        ItemKind.REVIEW: _("Is the standard kept, revised or retired?"),
        ItemKind.BUDGET: _("Is more money set aside, or is less spent?"),
    }
    return asked[kind]


def _recommended(kind: ItemKind) -> str:
    said: dict[ItemKind, str] = {
        ItemKind.RANK: _("Confirm the rank the cards give."),
        ItemKind.PILOT: _("Follow the verdict of the pilot."),
        ItemKind.PUBLISH: _("Agree; every required sign-off is there."),
        ItemKind.SURGE: _("Agree, and score it afterwards."),
        ItemKind.STUCK: _("Name who does the next step and by when."),
        ItemKind.REVIEW: _("Name who reviews it before the next meeting."),
        ItemKind.BUDGET: _("Set more aside, or hold what is not begun."),
    }
    return said[kind]
