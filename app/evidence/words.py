"""Owns the words of evidence in both languages: codes of tickets, states, confidence, and this room's refusals."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.evidence.issues import Change, Trend
from app.evidence.likely_clauses import Confidence
from app.evidence.mined_issues import MINED
from app.evidence.models import EvidenceKind, Issue, IssueState, SuggestionState
from app.evidence.tickets import Author, Channel, Complexity, Priority
from app.web.language import pick
from app.web.reasons import register_reasons

CHANNEL_WORDS: dict[str, Any] = {
    Channel.CHAT: _l("Online chat"),
    Channel.PHONE: _l("Phone"),
    Channel.EMAIL: _l("E-mail"),
    Channel.WEB: _l("Website"),
    Channel.APP: _l("App"),
    Channel.SOCIAL: _l("Social media"),
    Channel.OTHER: _l("Other"),
}
REGION_WORDS: dict[str, Any] = {
    "east": _l("East China"),
    "north": _l("North China"),
    "south": _l("South China"),
}
CATEGORY_WORDS: dict[str, Any] = {
    "order": _l("Orders"),
    "payment": _l("Payment"),
    "logistics": _l("Delivery"),
    "returns": _l("Returns"),
    "exchange": _l("Exchanges"),
    "refund": _l("Refunds"),
    "complaint": _l("Complaints"),
    "escalation": _l("Escalated complaints"),
    "bot": _l("Bot"),
    "technical": _l("Technical faults"),
    "identity": _l("Identity checks"),
    "privacy": _l("Personal data"),
    "callback": _l("Call-backs"),
    "uncategorised": _l("Without a category"),
}
PRIORITY_WORDS: dict[str, Any] = {Priority.URGENT: _l("Urgent"), Priority.ORDINARY: _l("Ordinary")}
COMPLEXITY_WORDS: dict[str, Any] = {Complexity.SIMPLE: _l("Simple"), Complexity.COMPLEX: _l("Complex")}
GROUP_WORDS: dict[str, Any] = {
    "new": _l("New customer"),
    "regular": _l("Regular customer"),
    "vip": _l("Key customer"),
}
AUTHOR_WORDS: dict[str, Any] = {
    Author.CUSTOMER: _l("Customer"),
    Author.AGENT: _l("Agent"),
    Author.SYSTEM: _l("Automatic message"),
}
ISSUE_STATE_WORDS: dict[IssueState, Any] = {
    IssueState.OPEN: _l("To do"),
    IssueState.LINKED: _l("Taken care of"),
    IssueState.SET_ASIDE: _l("Set aside"),
    IssueState.SNOOZED: _l("Later"),
    IssueState.HANDED_ON: _l("Handed on"),
}
CONFIDENCE_WORDS: dict[Confidence, Any] = {
    Confidence.VERY_LIKELY: _l("very likely"),
    Confidence.LIKELY: _l("likely"),
    Confidence.UNSURE: _l("not sure"),
}
TREND_WORDS: dict[Trend, Any] = {
    Trend.RISING: _l("clearly rising"),
    Trend.FALLING: _l("clearly falling"),
    Trend.UNCLEAR: _l("within the usual ups and downs"),
}
SUGGESTION_STATE_WORDS: dict[SuggestionState, Any] = {
    SuggestionState.RECEIVED: _l("Received"),
    SuggestionState.LINKED: _l("Being worked on"),
    SuggestionState.ANSWERED_ADOPTED: _l("Taken up"),
    SuggestionState.ANSWERED_NOT: _l("Not taken up"),
}
KIND_WORDS: dict[EvidenceKind, Any] = {
    EvidenceKind.ISSUE: _l("Complaints"),
    EvidenceKind.SUGGESTION: _l("Suggestion"),
    EvidenceKind.FINDING: _l("Quality finding"),
    EvidenceKind.TICKETS: _l("Tickets"),
    EvidenceKind.NOTE: _l("Note"),
    EvidenceKind.INTERVIEW: _l("Interviews"),
    EvidenceKind.BENCHMARK: _l("Benchmark"),
    EvidenceKind.LAW: _l("Law or regulation"),
    EvidenceKind.SURGE: _l("Surge of feedback"),
}
_CODES: dict[str, dict[str, Any]] = {
    "channel": CHANNEL_WORDS,
    "region": REGION_WORDS,
    "category": CATEGORY_WORDS,
    "priority": PRIORITY_WORDS,
    "complexity": COMPLEXITY_WORDS,
    "customer_group": GROUP_WORDS,
    "author": AUTHOR_WORDS,
}

REASONS = {
    "issue.department_missing": _l("Choose a department."),
    "issue.words_missing": _l("Write what that department should look at."),
    "interview.people_missing": _l("Enter how many people were interviewed, for example 34."),
    "interview.words_missing": _l("Write down what they said."),
    "original.none_kept": _l("The original of this ticket is not kept."),
    "original.cannot_open": _l("The original does not open with the key of this instance."),
    "original.reason_missing": _l("Write why you need the original."),
    "evidence.unknown_mapping": _l("There is no way of reading called %(name)s."),
    "evidence.unknown_ticket": _l("There is no such ticket."),
    "evidence.unknown_import": _l("There is no such import."),
    "evidence.unknown_issue": _l("There is no issue %(number)s."),
    "evidence.unknown_suggestion": _l("There is no suggestion with this tracking number."),
    "evidence.unknown_key": _l("There is no evidence called %(key)s."),
    "evidence.nothing_named": _l("Say what the evidence is."),
    "evidence.revision_ended": _l("Revision %(number)s has ended and takes no more evidence."),
    "evidence.not_removable": _l(
        "Evidence of %(number)s is taken away only while the proposal is being written."
    ),
    "evidence.no_file": _l("Choose a file."),
    "issue.snooze_day": _l("Choose a day within the next %(days)s days."),
    "issue.merge_itself": _l("Choose another issue than this one."),
    "issue.merged": _l("Issue %(number)s is part of %(into)s now."),
    "issue.split_words": _l("Write the words that tell the complaints of the new issue."),
    "issue.split_uneven": _l(
        "%(part)s of %(all)s complaints hold these words. Both parts need at least two complaints."
    ),
    "mining.failed": _l("The complaints could not be read for issues. Trying again is safe."),
    "issue.linked": _l("Issue %(number)s is already taken care of in a revision."),
    "suggestion.empty": _l("Write what should be better."),
    "suggestion.too_long": _l("Shorten the text to %(limit)s characters; it has %(length)s."),
    "suggestion.too_many": _l("Too many suggestions from your network within an hour. Try again later."),
    "suggestion.answer_missing": _l("Write the answer in plain words. The writer reads it."),
    "suggestion.answered_meanwhile": _l("Somebody answered suggestion %(ref)s meanwhile. Look at it again."),
}


def code_words(kind: str, code: str | None) -> str:
    """Returns the word of a code of a ticket (`region`, `east`); an unknown code is shown as it is, none as a dash."""
    if not code:
        return "–"
    words = _CODES.get(kind, {}).get(code)
    return str(words) if words is not None else code


def issue_name(issue: Issue) -> str:
    """Returns what an issue is about, in the reader's language: the category and the texts' own words."""
    said = pick(issue.name_zh, issue.name_en)
    if issue.category == MINED:
        return said or issue.number
    category = code_words("category", issue.category)
    return _("%(category)s: %(words)s", category=category, words=said) if said else category


def confidence_words(confidence: Confidence | None) -> str:
    """Returns how sure the guess of a clause is; a person's choice is no guess."""
    return str(CONFIDENCE_WORDS[confidence]) if confidence else _("chosen by a person")


def trend_words(trend: Trend) -> str:
    """Returns what the change of a week allows to say."""
    return str(TREND_WORDS[trend])


def range_words(change: Change) -> str:
    """Returns between which ends the change of a week lies, at 95 %: `between 10% fewer and 60% more`; empty for none."""
    if change.ratio is None or change.high is None:
        return ""
    ends = [_side(change.low), _side(change.high)]
    return str(
        _(
            "Allowing for chance, the true change lies between %(low)s and %(high)s.",
            low=ends[0],
            high=ends[1],
        )
    )


def _side(ratio: float) -> str:
    percent = round(100 * abs(ratio - 1))
    more, fewer = _("%(percent)s%% more", percent=percent), _("%(percent)s%% fewer", percent=percent)
    return str(more if ratio >= 1 else fewer)


def issue_state_words(state: IssueState) -> str:
    """Returns the name of an issue's state."""
    return str(ISSUE_STATE_WORDS[state])


def suggestion_state_words(state: SuggestionState) -> str:
    """Returns the name of a suggestion's state, the same for its writer and for us."""
    return str(SUGGESTION_STATE_WORDS[state])


def kind_words(kind: EvidenceKind) -> str:
    """Returns the name of a kind of evidence."""
    return str(KIND_WORDS[kind])


def change_words(now: int, before: int) -> str:
    """Returns the change of a count as a badge shows it: `+40%`, `-5%`, `first seen` where nothing stood before."""
    if not before:
        return _("first seen") if now else "0"
    percent = round(100 * (now - before) / before)
    return f"+{percent}%" if percent > 0 else f"{percent}%" if percent < 0 else "0%"


register_reasons(REASONS)
