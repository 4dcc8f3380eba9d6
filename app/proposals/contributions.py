"""Owns what this room gives to shared pages: tasks of triage, panel and chair, stages 1 and 2, acts, waiting, dossier."""

from collections.abc import Iterable

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.core.access import Actor, Permission
from app.people import queries as people_queries
from app.proposals import duplicates, queries, scoring
from app.proposals.models import ScoreCard
from app.proposals.next_steps import triage_due
from app.proposals.scoring import Question
from app.proposals.words import credit_words, question_short, skip_words
from app.standards.lifecycle import Attempt, why_not
from app.standards.models import Revision
from app.standards.revision_page import days_since, name_of
from app.standards.workflow import OPEN_STATES, Move, State, rules_for
from app.web.contributions import Act, DossierSection, StageBlock, Task, Waiting
from app.web.language import pick
from app.web.reasons import reason_words

RANK_PRIMARY, RANK_SECOND, RANK_AWAY = 10, 60, 90
DOSSIER_RANK = 30
MOST_NAMES = 3


def tasks(actor: Actor) -> Iterable[Task]:
    """Yields what waits: own drafts to finish, proposals to sort, cards to send, ranks to confirm."""
    for draft in queries.drafts_of(actor)[:3]:
        yield Task(
            words=_("Finish your proposal: %(title)s", title=draft.title),
            url=url_for("proposals.check", number=draft.number),
            minutes=3,
            why=_("You began it and nobody else sees it yet."),
            meta=draft.number,
            kind="proposal",
        )
    if actor.may(Permission.TRIAGE):
        yield from _triage_tasks()
    for one, revision in queries.owed(actor):
        yield Task(
            words=_("Score: %(title)s", title=pick(revision.title, revision.title_en)),
            url=url_for("proposals.card", number=revision.number),
            minutes=2,
            due=queries.due_moment(one.due_on),
            why=_("You are on the assessment panel."),
            meta=revision.number,
            kind="score",
        )
    if actor.may(Permission.CONFIRM_RANK):
        yield from _chair_tasks()


def waiting(revision: Revision) -> Iterable[Waiting]:
    """Yields who must act while the proposal is sorted or scored."""
    if revision.state is State.PROPOSED:
        day = days_since(revision.state_since)
        due = queries.due_moment(triage_due(revision))
        yield Waiting(_("the service director (triage), day %(day)s", day=day), due)
    elif revision.state is State.SCORING:
        yield from _waiting_for_panel(revision)


def blocks(revision: Revision, actor: Actor) -> Iterable[StageBlock]:
    """Yields stage 1 (what was proposed and on what it rests) and stage 2 (the panel)."""
    yield _proposal_block(revision, actor)
    one = queries.scoring_of(revision.id)
    if one is None:
        return
    panel = queries.panel(revision)
    decision = queries.rank_decision(revision.id)
    own = next((c for c in panel.cards if c.assessor_id == actor.person_id), None)
    sees = queries.may_see(actor, own, one.closed_at is not None)
    summary = ngettext("%(num)s card", "%(num)s cards", len(panel.cards))
    if decision is not None:
        summary = _(
            "rank %(rank)s of %(count)s, %(cards)s",
            rank=decision.rank,
            count=decision.of_count,
            cards=summary,
        )
    context = {
        "scoring": one,
        "panel": panel,
        "decision": decision,
        "sees": sees,
        "means": scoring.means([c.as_card() for c in panel.scored]) if sees else {},
    }
    yield StageBlock(2, summary, "proposals/_block_scoring.html", context)


def acts(revision: Revision, actor: Actor) -> Iterable[Act]:
    """Yields the moves of triage and scoring that the actor's roles hold, with every reason against them."""
    if revision.state is State.DRAFT:
        if actor.person_id is not None and actor.person_id == revision.proposer_id:
            yield Act(
                _("Go on with the proposal"), url_for("proposals.check", number=revision.number), RANK_PRIMARY
            )
        return
    if revision.state is State.PROPOSED:
        yield from _triage_acts(revision, actor)
    if revision.state in (State.PROPOSED, State.SCORING):
        yield from _decline_act(revision, actor)
    yield from _scoring_acts(revision, actor)
    if revision.state in OPEN_STATES and actor.may(Permission.READ_EVIDENCE):
        yield Act(
            _("Add evidence"), url_for("proposals.add_evidence", number=revision.number), RANK_SECOND + 5
        )


def dossier(revision: Revision) -> Iterable[DossierSection]:
    """Yields scores and disagreement: every card, the rank with who set it and why, and whom the revision owes."""
    one = queries.scoring_of(revision.id)
    if one is None:
        return
    cards = queries.panel(revision).cards
    decision = queries.rank_decision(revision.id)
    owed = [credit for credit, _person in queries.credited_people(revision.id)]
    people = people_queries.by_ids(
        [c.assessor_id for c in cards]
        + [c.person_id for c in owed]
        + [decision.decided_by_id or 0 if decision else 0]
    )
    scored = [c.as_card() for c in cards if c.skip is None]
    departments = {one.code: pick(one.name_zh, one.name_en) for one in people_queries.departments()}
    rows = [
        _card_row(
            card, name_of(people.get(card.assessor_id)), departments.get(card.department, card.department)
        )
        for card in cards
    ]
    header = [_("Assessor"), _("Department"), *(question_short(q) for q in Question), _("Reasons")]
    yield DossierSection(
        key="scores",
        rank=DOSSIER_RANK,
        template="proposals/_dossier.html",
        context={
            "header": header,
            "rows": rows,
            "decision": decision,
            "decided_by": name_of(people.get(decision.decided_by_id or 0)) if decision else "",
            "means": scoring.means(scored),
            "talk_first": scoring.talk_first(scored),
            "credits": [(name_of(people.get(c.person_id)), credit_words(c.kind)) for c in owed],
        },
        tables={"score_cards": (header, [list(row) for row in rows])},
    )


def _triage_tasks() -> Iterable[Task]:
    for revision in queries.in_triage():
        title = pick(revision.title, revision.title_en)
        is_surge = revision.is_fast_track  # before triage only a surge is on the fast track
        yield Task(
            words=_("Decide at once: %(title)s", title=title)
            if is_surge
            else _("Decide on a proposal: %(title)s", title=title),
            url=url_for("standards.revision", number=revision.number),
            minutes=5,
            due=queries.due_moment(triage_due(revision)),
            why=_("Feedback on the clause rose beyond chance; the case opened by itself with its evidence.")
            if is_surge
            else _("Proposals are sorted by the service director within two working days."),
            meta=revision.number,
            kind="triage",
        )


def _chair_tasks() -> Iterable[Task]:
    open_ones, people = queries.scorings(), queries.assessors()
    cards = queries.cards_of([revision.id for _one, revision in open_ones])
    for one, revision in open_ones:
        panel = queries.panel(revision, people, cards[revision.id])
        if revision.state is not State.SCORING or not (panel.quorum.is_reached or queries.is_overdue(one)):
            continue
        yield Task(
            words=_("Confirm the rank: %(title)s", title=pick(revision.title, revision.title_en)),
            url=url_for("proposals.card", number=revision.number),
            minutes=3,
            due=queries.due_moment(one.due_on),
            why=_("The chair confirms the rank when the panel has scored."),
            meta=_("%(given)s of %(members)s cards", given=len(panel.cards), members=len(panel.members)),
            kind="rank",
        )


def _waiting_for_panel(revision: Revision) -> Iterable[Waiting]:
    one = queries.scoring_of(revision.id)
    if one is None:
        return
    panel, due = queries.panel(revision), queries.due_moment(one.due_on)
    if not panel.missing or (panel.quorum.is_reached and queries.is_overdue(one)):
        yield Waiting(_("the chair (confirm the rank)"), due)
        return
    names = _(", ").join(name_of(person) for person in panel.missing[:MOST_NAMES])
    more = len(panel.missing) - MOST_NAMES
    if more > 0:
        names = _("%(names)s and %(count)s more", names=names, count=more)
    yield Waiting(_("%(names)s (score cards)", names=names), due)


def _proposal_block(revision: Revision, actor: Actor) -> StageBlock:
    proposer = people_queries.by_ids([revision.proposer_id or 0]).get(revision.proposer_id or 0)
    evidence = queries.evidence_of(revision.id)
    context = {
        "evidence": evidence,
        "similar": duplicates.similar(revision) if revision.state is State.PROPOSED else [],
        "merged_into": queries.revision_by_id(revision.merged_into_id) if revision.merged_into_id else None,
        "credits": [
            (name_of(person), credit_words(credit.kind))
            for credit, person in queries.credited_people(revision.id)
        ],
        "reads_evidence": actor.may(Permission.READ_EVIDENCE),
    }
    summary = ngettext("%(num)s piece of evidence", "%(num)s pieces of evidence", len(evidence))
    return StageBlock(
        1, summary, "proposals/_block_proposal.html", context, name_of(proposer) if proposer else ""
    )


def _triage_acts(revision: Revision, actor: Actor) -> Iterable[Act]:
    if actor.may(Permission.TRIAGE):
        yield Act(
            _("Bring it before the panel"),
            url_for("proposals.open_scoring", number=revision.number),
            RANK_PRIMARY,
            "POST",
            _reasons(revision, Attempt(Move.OPEN_SCORING, actor)),
        )
        yield Act(_("Join it with another"), url_for("proposals.merge", number=revision.number), RANK_SECOND)
    if actor.may(Permission.EMERGENCY):
        reasons = _reasons(revision, Attempt(Move.FAST_TRACK, actor, reason="-"))
        yield Act(
            _("Fast track"),
            url_for("proposals.fast_track", number=revision.number),
            RANK_PRIMARY + 1 if revision.is_fast_track else RANK_SECOND,  # a surge asks for nothing else
            reasons=reasons,
        )


def _decline_act(revision: Revision, actor: Actor) -> Iterable[Act]:
    rules = rules_for(Move.DECLINE, revision.state)
    if any(rule.permission is not None and actor.may(rule.permission) for rule in rules):
        reasons = _reasons(revision, Attempt(Move.DECLINE, actor, reason="-"))
        yield Act(
            _("Decline"),
            url_for("proposals.decline", number=revision.number),
            RANK_AWAY,
            reasons=reasons,
            is_danger=True,
        )


def _scoring_acts(revision: Revision, actor: Actor) -> Iterable[Act]:
    one = queries.scoring_of(revision.id)
    if one is None:
        return
    url = url_for("proposals.card", number=revision.number)
    is_open = one.closed_at is None and revision.state in OPEN_STATES
    if is_open and any(owed.id == revision.id for _one, owed in queries.owed(actor)):
        yield Act(_("Score it"), url, RANK_PRIMARY)
    elif revision.state is State.SCORING and actor.may(Permission.CONFIRM_RANK):
        yield Act(_("Confirm the rank and accept"), url, RANK_PRIMARY)
    elif is_open:
        yield Act(_("See the scoring"), url, RANK_SECOND)


def _reasons(revision: Revision, attempt: Attempt) -> tuple[str, ...]:
    return tuple(reason_words(reason) for reason in why_not(revision, attempt))


def _card_row(card: ScoreCard, name: str, department: str) -> tuple[object, ...]:
    if card.skip is not None:
        return (name, department, "", "", "", skip_words(card.skip))
    reasons = "; ".join(
        f"{question_short(Question(key))}: {words}" for key, words in sorted(card.reasons.items())
    )
    return (name, department, card.impact, card.cost, card.urgency, reasons)
