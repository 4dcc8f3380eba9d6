"""Owns the words of review: fields, decisions, answers, parts of a text, and every refusal. Decides nothing."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from app.people import queries as people
from app.people.models import Person
from app.reviews.claims import ClaimChange
from app.reviews.freshness import Kind, Need, Step, clause_of
from app.reviews.models import Answer, Decision, ThreadNote
from app.standards.edit_words import tags_words
from app.standards.words import MATERIALITY_WORDS
from app.web.language import pick
from app.web.reasons import register_reasons

FIELD_WORDS: dict[Kind, Any] = {
    Kind.LEGAL: _l("Legal"),
    Kind.BUSINESS: _l("Business"),
    Kind.IT: _l("IT"),
}
REVIEW_WORDS: dict[Kind, Any] = {
    Kind.LEGAL: _l("Legal review"),
    Kind.BUSINESS: _l("Business review"),
    Kind.IT: _l("IT feasibility check"),
}
DECISION_WORDS: dict[Decision, Any] = {
    Decision.APPROVE: _l("agrees"),
    Decision.APPROVE_WITH_CONDITIONS: _l("agrees with conditions"),
    Decision.RETURN: _l("returns it"),
}
ANSWER_WORDS: dict[Answer, Any] = {
    Answer.MET: lazy_pgettext("checklist", "Met"),
    Answer.NOT_MET: _l("Not met"),
    Answer.NOT_APPLICABLE: _l("Does not apply"),
}
EFFORT_WORDS: dict[str, Any] = {
    "S": _l("S: up to a week"),
    "M": _l("M: up to a month"),
    "L": _l("L: longer"),
}

COUNSEL_WORDS: dict[str, Any] = {
    "approve": _l("accepts it"),
    "approve_with_conditions": _l("accepts it with conditions"),
    "return": _l("returns it"),
    "waiting": _l("not signed yet"),
    "expired": _l("expired"),
    "taken_back": _l("link taken back"),
}

register_reasons(
    {
        "counsel.only_legal": _l("Outside counsel is invited to a legal step only."),
        "counsel.unknown": _l("There is no such invitation."),
        "counsel.not_yours": _l("Only who invited, or a director, takes the link back."),
        "counsel.signed_already": _l("It is signed already, and a signature stays."),
        "counsel.name_missing": _l("Write the name"),
        "counsel.firm_missing": _l("Write the firm"),
        "counsel.role_missing": _l("Write in which role you act, for example lawyer"),
        "counsel.email_missing": _l("Enter the e-mail address, for example li@firm.example"),
        "counsel.open_already": _l(
            "A link for %(email)s is open already. Take it back first if you need another one."
        ),
        "counsel.days": _l("Enter a number of working days from %(low)s to %(high)s"),
        "counsel.clause_not_changed": _l("Choose only clauses that this revision changes"),
        "counsel.statement_missing": _l("Tick that you are the person named here"),
        "counsel.state_first": _l("Say who you are first: open the link again."),
        "counsel.letter_unknown": _l(
            "The connection to the mail server broke; the letter may have left, or not."
        ),
        "counsel.no_link": _l("This link opens nothing. Ask whoever sent it to you."),
        "counsel.staff": _l("You are signed in as a member of staff; this link is for somebody outside."),
        "counsel.too_many_notes": _l(
            "A link takes %(limit)s notes at most. Write the rest into your decision."
        ),
        "counsel.decision_missing": _l("Choose your decision"),
        "counsel.return_clause": _l("Choose the clause that has to change"),
        "counsel.return_reason": _l("Write what must change"),
        "counsel.review_over": _l(
            "The house does not review this text now. You will get a new link when it does."
        ),
        "counsel.nothing_new": _l("Nothing changed since you signed: there is nothing to read."),
        "review.sign_off_open": _l("%(field)s has not signed %(clauses)s yet; it waits for %(name)s."),
        "review.recheck_open": _l(
            "%(field)s has to look at %(clauses)s again, because the text changed; it waits for %(name)s."
        ),
        "review.claim_open": _l(
            "%(field)s has to look at %(clauses)s again, because the drafter claims something else of the change; it waits for %(name)s."
        ),
        "review.legal_missing": _l("Legal has not signed the text as it stands."),
        "review.all_fresh": _l("Every signature still counts."),
        "review.text_not_pinned": _l("This text is still being prepared for signing. Refresh in a moment."),
        "review.text_moved_on": _l(
            "%(clauses)s changed while you were reading. Look at the change; your answers are kept."
        ),
        "review.claim_moved_on": _l(
            "What the drafter claims of %(clauses)s changed while you were reading. Look at it; your answers are kept."
        ),
        "review.nothing_to_sign": _l("No clause in your field changed: there is nothing to sign."),
        "review.signed_already": _l("A colleague of your field has signed already."),
        "review.not_in_review": _l("Revision %(number)s is not in review now."),
        "review.own_text": _l("You wrote in this text, so somebody else of your field signs it."),
        "review.effort_missing": _l("Choose how much work it is"),
        "review.earliest_bad": _l("Enter a date from today on, for example 2026-03-15"),
        "review.condition_missing": _l("Write the condition"),
        "review.feasible_missing": _l("Choose whether it can be done"),
        "review.not_met_needs_note": _l("Name the clause and write what is missing"),
        "review.answer_missing": _l("Answer this question"),
        "review.not_met_open": _l(
            "You answered that something is not met. Return the draft, or change the answer."
        ),
        "review.unknown_task": _l("There is no such review."),
        "review.unknown_item": _l("The checklist has no such question."),
        "review.not_your_task": _l("This review waits for somebody else."),
        "review.task_done": _l("This review is done already."),
        "review.not_of_field": _l("Choose somebody who reviews in this field"),
        "review.author_may_not": _l("This person wrote in the text and cannot review it"),
        "review.not_your_revision": _l("Only the people of this revision may urge."),
        "review.nobody_asked": _l("Nobody is asked yet. Ask a reviewer of this field first."),
        "review.urged_today": _l("This was urged today already. Once a day is enough."),
        "review.added_whom": _l("Choose who should review too."),
        "review.added_why": _l("Write why this person is asked too"),
        "review.added_first": _l("A reviewer who was added signs first; then it is your turn."),
        "review.say_who": _l("Say again who you are: your password or, where set up, a one-time code."),
        "review.wrong_code": _l("The code is not right, or was used already. Wait for the next one"),
        "review.wrong_password": _l("The password is not right"),
        "review.not_of_step": _l("This step of the review asks people of another department."),
        "review.not_free": _l("A colleague at work has this review; it can be handed over."),
        "review.not_yet_turn": _l("The steps before this one are still open."),
        "review.asked_already": _l("This person reviews in this step already"),
        "review_plan.empty": _l("Add a step: a plan without one would let nobody review"),
        "review_plan.order": _l("Enter a place in the order from 1 to %(limit)s"),
        "review_plan.count": _l("Enter how many have to sign, from 1 to %(limit)s"),
        "review_plan.tags": _l("Write up to 8 names of tags with commas between, such as Public, Refunds"),
        "review_plan.too_many": _l("A plan has at most %(limit)s steps"),
        "review_plan.no_legal": _l(
            "Keep one required step of Legal for all clauses: the law reads every change"
        ),
        "review_plan.no_it": _l("Keep one required step of IT for all technical clauses"),
        "review_plan.department": _l("Choose a department that exists"),
        "review_plan.nobody": _l(
            "This step would ask nobody: no active person reviews in this field there. Choose another department, or grant the role first."
        ),
        "review_plan.too_few": _l("Only %(count)s people can be asked in this step"),
        "review_plan.note_missing": _l("Write why the plan changes"),
        "review.nothing_shown": _l("The form does not say which text you read. Open the page again."),
        "thread.unknown": _l("There is no such discussion."),
        "thread.not_yours": _l("Only the person who opened it, or a drafter, may resolve it."),
        "thread.revision_ended": _l("Revision %(number)s has ended; nothing is discussed any more."),
        "thread.collides": _l("%(clause)s and the suggestion changed the same words. Choose between them."),
        "thread.only_clauses_suggested": _l(
            "Wording is suggested for clauses. Write here what should change."
        ),
        "thread.nothing_suggested": _l("This note suggests no wording."),
    }
)


def field_words(kind: Kind | str, is_review: bool = False) -> str:
    """Returns the name of a field, `Legal`, or of its review, `Legal review`."""
    return str((REVIEW_WORDS if is_review else FIELD_WORDS)[Kind(kind)])


def step_words(step: Step, is_review: bool = False) -> str:
    """Returns the name of a step of a plan: its field, with the department where it names one."""
    name = field_words(step.kind, is_review)
    found = (
        next((d for d in people.departments() if d.code == step.department), None)
        if step.department
        else None
    )
    return f"{name} · {pick(found.name_zh, found.name_en)}" if found else name


def need_words(step: Step) -> str:
    """Returns how many have to sign, and whether the step holds the text up."""
    many = {
        Need.ANY: _("one of them signs"),
        Need.ALL: _("all of them sign"),
        Need.COUNT: _("%(count)s of them sign", count=step.count),
    }[step.need]
    return str(many if step.is_required else _("%(many)s, as advice", many=many))


def looks_words(step: Step) -> str:
    """Returns which clauses a step looks at."""
    if step.tags:
        return str(_("clauses tagged %(tags)s", tags=tags_words(step.tags)))
    words = {
        Kind.LEGAL: _("every change"),
        Kind.BUSINESS: _("every clause"),
        Kind.IT: _("technical clauses and measures"),
    }
    return str(words[step.kind])


def claim_words(change: ClaimChange) -> str:
    """Returns how the claim on a clause's change differs from the one that was confirmed."""
    words = {
        "clause": change.clause_id.upper(),
        "old": MATERIALITY_WORDS[change.old],
        "new": MATERIALITY_WORDS[change.new],
    }
    return str(_("The claim on %(clause)s changed from “%(old)s” to “%(new)s”.", **words))


def decision_words(decision: Decision) -> str:
    """Returns what a signature says."""
    return str(DECISION_WORDS[decision])


def counsel_words(state: str) -> str:
    """Returns what became of an invitation of outside counsel."""
    return str(COUNSEL_WORDS[state])


def answer_words(answer: Answer) -> str:
    """Returns an answer to a checklist item."""
    return str(ANSWER_WORDS[answer])


def note_author(note: ThreadNote, people_by_id: Mapping[int, Person]) -> str:
    """Returns who wrote a note: somebody inside, or outside counsel with the firm."""
    if note.counsel is not None:
        return str(
            _("%(name)s, %(firm)s (outside)", name=note.counsel.stated_name, firm=note.counsel.stated_firm)
        )
    found = people_by_id.get(note.author_id or 0)
    return pick(found.name, found.name_latin) if found else ""


def effort_words(effort: str | None) -> str:
    """Returns how much work IT sees; an empty text when nobody said so."""
    return str(EFFORT_WORDS[effort]) if effort in EFFORT_WORDS else ""


def part_words(part: str) -> str:
    """Returns what a part of a text is called: `C07 Chinese text`, `C07 measure`, `order of the clauses`."""
    clause = clause_of(part)
    head, _slash, kind = part.partition("/")
    if clause:
        names = {
            "zh": _("Chinese text"),
            "en": _("English text"),
            "measures": _("measure"),
            "claim": _("claim"),
        }
        return f"{clause.upper()} {names.get(kind, kind)}"
    names = {
        "front": _("title and scope of the standard"),
        "order": _("order of the clauses"),
        "between": _("text between the clauses"),
    }
    language = {"zh": _("Chinese text"), "en": _("English text")}.get(kind, kind)
    return str(_("%(part)s (%(language)s)", part=names.get(head, head), language=language))
