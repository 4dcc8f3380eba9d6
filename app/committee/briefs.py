"""Owns the half-page brief of each agenda item: the question, what is known, cost, risk, recommendation, where it is done."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.committee import queries
from app.committee.brief_words import asked, follows, recommended
from app.committee.models import BudgetKind, ItemKind
from app.committee.money import money_text
from app.committee.queries import Item
from app.committee.words import budget_kind_words
from app.core import clock
from app.evidence import register_queries
from app.proposals import queries as proposals
from app.proposals.scoring import Ranked
from app.proposals.words import question_short
from app.standards.models import Revision
from app.standards.workflow import State
from app.web.filters import day
from app.web.language import pick

DRAFTED = (State.DRAFTING, State.IN_REVIEW, State.PILOTING, State.READY)
# Where a revision stands as long as what was agreed is still to be done.
STATE_OF = {
    ItemKind.RANK: State.SCORING,
    ItemKind.PILOT: State.PILOTING,
    ItemKind.PUBLISH: State.READY,
    ItemKind.SURGE: State.PROPOSED,
}


@dataclass(frozen=True)
class Brief:
    """What a member reads before deciding; empty texts are left out. `links` are (words, address).

    `follows` is what agreeing brings about, `is_open` whether that is still to be done.
    """

    item: Item
    revision: Revision | None
    title: str
    ask: str
    known: tuple[str, ...]
    cost: str
    risk: str
    recommendation: str
    follows: str
    is_open: bool
    links: tuple[tuple[str, str], ...]

    @property
    def drafter_id(self) -> int:
        """Returns who drafts what the decision sent to drafting; 0 where it moved nothing."""
        return (self.revision.drafter_id or 0) if self.revision and self.item.row.carried_out_at else 0

    @property
    def rows(self) -> list[tuple[str, str]]:
        """Returns (what it is, words) in the order they are read."""
        made = [
            (_("If agreed"), self.follows),
            (_("Cost"), self.cost),
            (_("Risk"), self.risk),
            (_("Recommended"), self.recommendation),
        ]
        return [(label, words) for label, words in made if words]


def briefs(items: Sequence[Item]) -> list[Brief]:
    """Returns the brief of each item in its order; the same few questions whatever their number."""
    revisions = queries.revisions_by_number(one.row.key for one in items)
    money = queries.money_of([revision.id for revision in revisions.values()])
    ranked: dict[int, Ranked] = {}
    if any(one.row.kind is ItemKind.RANK for one in items):
        scored = proposals.scored()
        if scored:
            ids = [one.revision.id for one in scored]
            ranked = proposals.ranking(proposals.cards_of(ids), scored[0].weights)
    facts = _facts(items)
    made = []
    for one in items:
        revision = revisions.get(one.row.key)
        if revision is None:
            made.append(_without_revision(one, facts))
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
    known = [text for text in (pick(revision.problem, revision.problem_en), _gain(revision)) if text]
    days = (clock.now() - revision.state_since).days
    risk = ngettext("It has waited %(num)s day.", "It has waited %(num)s days.", days) if days else ""
    links = [(number, url_for("standards.revision", number=number))]
    recommendation = recommended(kind)
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
        risk = risk or _("It changes what customers and staff are told.")
    if revision.state in DRAFTED:
        links.append((_("What changes"), url_for("reviews.changes", number=number)))
    return Brief(
        item=one,
        revision=revision,
        title=pick(one.row.title_zh, one.row.title_en),
        ask=asked(kind),
        known=tuple(known),
        cost=cost,
        risk=risk,
        recommendation=recommendation,
        follows=follows(kind, revision.state is not State.PROPOSED),
        is_open=revision.state is STATE_OF.get(kind),
        links=tuple(links),
    )


def _without_revision(one: Item, facts: dict[str, tuple[str, str]]) -> Brief:
    kind, key = one.row.kind, one.row.key
    known, risk = facts.get(key, ("", ""))
    year, _slash, line = key.partition("/")
    if kind is ItemKind.BUDGET:
        links = ((_("Budget"), url_for("committee.budget", year=int(year), _anchor=line)),)
        title = _("%(line)s %(year)s", line=budget_kind_words(BudgetKind(line)), year=year)
    else:
        links = ((_("Periodic reviews"), url_for("registers.reviews")),)
        title = pick(one.row.title_zh, one.row.title_en) or key
    return Brief(
        item=one,
        revision=None,
        title=title,
        ask=asked(kind),
        known=(known,) if known else (),
        cost="",
        risk=risk,
        recommendation=recommended(kind),
        follows=follows(kind),
        is_open=bool(known),
        links=links,
    )


def _facts(items: Sequence[Item]) -> dict[str, tuple[str, str]]:
    """Returns `{key: (what is known, risk)}` of items without a revision; those settled meanwhile are absent."""
    found: dict[str, tuple[str, str]] = {}
    kinds = {one.row.kind for one in items}
    if ItemKind.REVIEW in kinds:
        for row in register_queries.overdue_reviews():
            late = (clock.today() - row.due_on).days
            found[row.standard.code] = (
                _("The periodic review was due on %(day)s.", day=day(row.due_on)),
                ngettext("It is %(num)s day late.", "It is %(num)s days late.", late) if late else "",
            )
    for year in {one.row.key.partition("/")[0] for one in items if one.row.kind is ItemKind.BUDGET}:
        for line in queries.budget(int(year)):
            sums = line.totals
            if sums.is_over:
                found[f"{year}/{line.line.kind.value}"] = (
                    _(
                        "%(allocated)s allocated, %(committed)s committed, %(spent)s spent.",
                        allocated=money_text(sums.allocated),
                        committed=money_text(sums.committed),
                        spent=money_text(sums.spent),
                    ),
                    _("It is %(amount)s over its limit.", amount=money_text(-sums.left)),
                )
    return found


def _gain(revision: Revision) -> str:
    gain = pick(revision.benefit, revision.benefit_en)
    return str(_("The customer gains: %(benefit)s", benefit=gain)) if gain else ""
