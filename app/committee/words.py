"""Owns the words of the committee in both languages, what is refused, and what the activity log says about it."""

from typing import Any

from flask_babel import lazy_gettext as _l

from app.archive.effects import EffectVerdict
from app.committee.award_models import AwardNominee
from app.committee.models import BudgetKind, EntryKind, ItemKind, MeetingState, Verdict
from app.committee.nominating import NOMINATED
from app.evidence.models import SuggestionState
from app.web.language import pick
from app.web.log_words import register_log
from app.web.reasons import register_reasons

ITEM_WORDS: dict[ItemKind, Any] = {
    ItemKind.RANK: _l("Confirm a rank"),
    ItemKind.PILOT: _l("Conclude a pilot"),
    ItemKind.PUBLISH: _l("Publish"),
    ItemKind.SURGE: _l("Fast track"),
    ItemKind.STUCK: _l("Nothing moves"),
    ItemKind.REVIEW: _l("Overdue review"),
    ItemKind.BUDGET: _l("Budget over its limit"),
}
VERDICT_WORDS: dict[Verdict, Any] = {
    Verdict.AGREED: _l("Agreed"),
    Verdict.RETURNED: _l("Returned"),
    Verdict.HELD: _l("Held"),
}
STATE_WORDS: dict[MeetingState, Any] = {
    MeetingState.PLANNED: _l("Planned"),
    MeetingState.HELD: _l("Minutes confirmed"),
    MeetingState.CANCELLED: _l("Cancelled"),
}
BUDGET_WORDS: dict[BudgetKind, Any] = {
    BudgetKind.RESEARCH: _l("Research"),
    BudgetKind.TRAINING: _l("Training"),
    BudgetKind.TECHNOLOGY: _l("Technology"),
}
ENTRY_WORDS: dict[EntryKind, Any] = {EntryKind.COMMITTED: _l("Committed"), EntryKind.SPENT: _l("Spent")}

register_reasons(
    {
        "committee.day_past": _l("Choose today or a later day."),
        "committee.day_taken": _l("There is a meeting on this day already."),
        "committee.no_meeting": _l("There is no meeting on %(day)s."),
        "committee.no_item": _l("The agenda has no such item."),
        "committee.consent_asked": _l("The members were asked already."),
        "committee.too_late_for_consent": _l("The meeting is too close; it decides itself."),
        "committee.objection_reason": _l("Write why you object."),
        "committee.no_quorum": _l("Too few of the committee are there to decide."),
        "committee.verdict_missing": _l("Choose agree, return or hold."),
        "committee.reason_missing": _l("Write the reason."),
        "committee.decided": _l("This item is decided, or settled elsewhere."),
        "committee.closed": _l("The meeting of %(day)s is closed."),
        "committee.not_yet": _l("The minutes are confirmed on %(day)s or later."),
        "committee.line_missing": _l("Choose a budget line that has money set aside."),
        "committee.amount_wrong": _l("Enter an amount, for example 12000 or 12000.50."),
        "committee.entry_kind_missing": _l("Say whether it is committed or spent."),
        "award.given": _l("The award of %(year)s is given."),
        "award.nobody": _l(
            "Nobody can be put up for %(year)s yet: no suggestion was taken up, no effect was surely better."
        ),
        "award.none": _l("The award of %(year)s is not open."),
        "award.choose": _l("Choose one of them."),
        "award.own": _l("You had a part in it; choose another one."),
        "award.words_missing": _l("Write in a sentence or two why it gets the award."),
        "award.no_quorum": _l("Too few members have voted. Give them a later last day."),
        "committee.words_missing": _l("Write what it is for."),
    }
)
register_log(
    {
        "meeting.called": _l("Called a meeting"),
        "meeting.moved": _l("Moved a meeting"),
        "award.opened": _l("Opened the vote on the award"),
        "award.voted": _l("Voted on the award"),
        "award.given": _l("Gave the award"),
        "meeting.attended": _l("Noted who is there"),
        "meeting.minutes_confirmed": _l("Confirmed the minutes"),
        "meeting.cancelled": _l("Cancelled a meeting"),
        "agenda.consent_asked": _l("Asked to agree before the meeting"),
        "agenda.spoken": _l("Agreed or objected"),
        "agenda.decided": _l("Decided an item of the agenda"),
        "budget.allocated": _l("Set money aside"),
        "budget.entered": _l("Entered money committed or spent"),
    },
    {
        "meeting": _l("Meeting"),
        "award": _l("Award"),
        "agenda_item": _l("Item of the agenda"),
        "budget": _l("Budget line"),
    },
)


NOMINEE_WORDS: dict[str, Any] = {
    SuggestionState.ANSWERED_ADOPTED.value: _l("A suggestion that was taken up"),
    NOMINATED: _l("A suggestion put up by its writer"),
    EffectVerdict.REACHED.value: _l("A revision that reached what was expected"),
    EffectVerdict.BETTER.value: _l("A revision that made things surely better"),
}


def nominee_words(why: str) -> str:
    """Returns why somebody is put up for the award."""
    return str(NOMINEE_WORDS[why])


def nominee_title(nominee: AwardNominee) -> str:
    """Returns the title of what is put up, in the reader's language where it has one."""
    return pick(nominee.title_zh, nominee.title_en) or nominee.key


def item_words(kind: ItemKind) -> str:
    """Returns why something is on the agenda."""
    return str(ITEM_WORDS[kind])


def verdict_of_words(verdict: Verdict) -> str:
    """Returns what the committee decided."""
    return str(VERDICT_WORDS[verdict])


def meeting_state_words(state: MeetingState) -> str:
    """Returns where a meeting stands."""
    return str(STATE_WORDS[state])


def budget_kind_words(kind: BudgetKind) -> str:
    """Returns what money is set aside for."""
    return str(BUDGET_WORDS[kind])


def entry_kind_words(kind: EntryKind) -> str:
    """Returns what an entry does to its line."""
    return str(ENTRY_WORDS[kind])
