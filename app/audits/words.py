"""Owns the words of quality checks: answers, states and the sentences of their refusals."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from app.audits.models import AppealState, SampleState
from app.audits.rates import Rate
from app.audits.scoring import Answer
from app.web.filters import interval
from app.web.reasons import register_reasons

ANSWER_WORDS = {
    Answer.MET: lazy_pgettext("answer", "Met"),
    Answer.NOT_MET: lazy_pgettext("answer", "Not met"),
    Answer.NOT_APPLICABLE: lazy_pgettext("answer", "N/A"),
}
SAMPLE_STATE_WORDS = {
    SampleState.RESERVE: lazy_pgettext("sample", "In reserve"),
    SampleState.WAITING: lazy_pgettext("sample", "To check"),
    SampleState.SCORED: lazy_pgettext("sample", "Checked"),
    SampleState.SWAPPED: lazy_pgettext("sample", "Swapped"),
}
APPEAL_STATE_WORDS = {
    AppealState.OPEN: lazy_pgettext("appeal", "Open"),
    AppealState.ACCEPTED: lazy_pgettext("appeal", "Accepted: the clause counts as met"),
    AppealState.PARTLY: lazy_pgettext("appeal", "Partly: the clause is left out"),
    AppealState.REJECTED: lazy_pgettext("appeal", "Rejected: it stays not met"),
}


def answer_words(answer: Answer) -> str:
    """Returns the word of an answer in the reader's language."""
    return str(ANSWER_WORDS[answer])


def answer_choices() -> list[tuple[str, str]]:
    """Returns the answers as choices in the order of their keys 1, 2 and 3."""
    return [(answer.value, str(words)) for answer, words in ANSWER_WORDS.items()]


def sample_state_words(state: SampleState) -> str:
    """Returns the word of a sample's state."""
    return str(SAMPLE_STATE_WORDS[state])


def appeal_state_words(state: AppealState) -> str:
    """Returns what an appeal came to, in a few words."""
    return str(APPEAL_STATE_WORDS[state])


def rate_words(rate: Rate) -> str:
    """Returns a rate with its range, or how few were checked."""
    if rate.share is None or rate.interval is None:
        return str(_("%(kept)s of %(checked)s, too few for a rate", kept=rate.kept, checked=rate.checked))
    return interval(rate.share, rate.interval.low, rate.interval.high)


register_reasons(
    {
        "audit.no_plan": _l("No checks are planned for %(month)s."),
        "audit.unknown_sample": _l("There is no such contact among the drawn ones."),
        "audit.unknown_line": _l("There is no such result."),
        "audit.month_unreadable": _l("Enter a month, for example 2026-10"),
        "audit.standards_missing": _l("Choose at least one standard"),
        "audit.size_range": _l("Enter a number from 1 to %(most)s"),
        "audit.seed_missing": _l("The seed is missing"),
        "audit.month_planned": _l("The checks of %(month)s are planned already."),
        "audit.no_contacts": _l("No contact of %(month)s fits the plan, so nothing can be drawn."),
        "audit.swap_reason": _l("Write why this contact cannot be checked"),
        "audit.not_waiting": _l("This contact is not waiting to be checked any more."),
        "audit.reserve_empty": _l(
            "The reserve of this group is used up; no other contact can take its place."
        ),
        "audit.scored_by_other": _l("Somebody else has checked this contact meanwhile."),
        "audit.own_team": _l("This contact was handled by your own team; somebody else has to check it."),
        "audit.text_moved_on": _l(
            "Another text binds this contact than the page showed. Open it again; nothing was kept."
        ),
        "audit.answer_missing": _l("Answer %(clause)s"),
        "audit.note_missing": _l("%(clause)s is not met: write what happened and quote it"),
        "audit.not_your_contact": _l("Only the agent who handled the contact can appeal."),
        "audit.appeal_reason": _l("Write why you do not agree"),
        "audit.appeal_over": _l(
            "An appeal is possible for %(days)s working days after the check, against not met."
        ),
        "audit.appeal_decided": _l("This appeal is decided already."),
        "audit.second_auditor": _l(
            "Whoever checked the contact or appealed cannot decide; a second auditor has to."
        ),
        "audit.verdict_missing": _l("Choose what becomes of the result"),
        "audit.decision_missing": _l("Write the reason; the agent reads it"),
    }
)
