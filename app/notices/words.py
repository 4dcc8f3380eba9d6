"""Owns the words of notices: kind -> one sentence in the reader's language, and of refusals in this room."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.people import queries as people
from app.web.filters import day, moment
from app.web.language import pick
from app.web.reasons import register_reasons

KINDS: dict[str, Any] = {
    "review_asked": _l("[Review] %(number)s %(title)s, by %(due)s"),
    "recheck": _l("[Re-check] %(number)s: %(clauses)s changed after you signed"),
    "returned": _l("[Returned] %(number)s %(title)s: a reviewer asks for a change in %(clause)s"),
    "draft_asked": _l("[Draft] %(number)s %(title)s may be drafted now"),
    "score_asked": _l("[Score] %(number)s %(title)s, about 2 minutes"),
    "triage_asked": _l("[Proposal] %(number)s %(title)s was submitted"),
    "thread_note": _l("[Note] %(number)s: somebody wrote about %(clause)s"),
    "pilot_started": _l("[Pilot] %(number)s %(title)s has begun"),
    "scheduled": _l("[Publishing] %(number)s %(title)s will be published; it can still be undone"),
    "undone": _l("[Publishing undone] %(number)s %(title)s"),
    "published": _l("[Published] %(standard)s %(version)s, in force from %(day)s"),
    "in_force": _l("[In force] %(number)s %(title)s binds from today"),
    "acknowledge": _l("[%(minutes)s min] From %(day)s: %(title)s changed for you"),
    "acknowledge_joined": _l("[%(minutes)s min] %(title)s: read by %(day)s what your role follows"),
    "reading_before": _l("[Reminder] %(title)s: read it by %(day)s"),
    "reading_due": _l("[Due today] %(title)s: read and acknowledge it"),
    "reading_after": _l("[Overdue] %(title)s was due on %(day)s; you can still read it"),
    "readers_overdue": _l("[Team] %(title)s: still unread by %(count)s, due since %(day)s"),
    "urged": _l("%(who)s asks: can the review of %(number)s be done today? You can hand it over."),
    "remind": _l("[Reminder] %(standard)s: read it by %(day)s"),
    "question": _l("[Question] Somebody asks about %(clause)s"),
    "question_answered": _l("[Answer] Your question on %(clause)s has an answer"),
    "suggestion": _l("[Suggestion] A customer or colleague suggests a change of %(clause)s"),
    "suggestion_answered": _l("[Answer] Your suggestion %(ref)s has an answer"),
    "connector_stopped": _l("[Connected systems] %(name)s is no longer asked for tickets; it says why"),
    "declined": _l("[Not taken up] %(number)s %(title)s: %(reason)s"),
    "idea_live": _l("[In force] Your idea is live: %(number)s %(title)s"),
    "reopened": _l("[Back in review] %(number)s: a sign-off is no longer fresh"),
    "finding": _l("[Quality check] One of your contacts was checked"),
    "fast_track": _l("[Fast track] %(number)s %(title)s: %(reason)s"),
    "emergency": _l("[Emergency publication] %(number)s needs the approval of a second person by %(day)s"),
    "meeting_called": _l("[Committee] A meeting is called for %(day)s; its agenda gathers itself"),
    "meeting_moved": _l("[Committee] The meeting of %(before)s is now on %(day)s: %(reason)s"),
    "meeting_cancelled": _l("[Committee] The meeting of %(day)s is cancelled: %(reason)s"),
    "award_opened": _l("[Award] Vote on the Service Innovation Award %(year)s by %(day)s"),
    "award_given": _l("[Award] The Service Innovation Award %(year)s is given. Thank you for your part"),
    "effect": _l("[Effect] %(number)s %(title)s was evaluated after %(days)s days"),
}


ASKS = frozenset(
    {
        "review_asked", "recheck", "draft_asked", "score_asked", "triage_asked", "acknowledge", "acknowledge_joined",
        "reading_before", "reading_due", "reading_after", "urged", "remind", "suggestion", "award_opened",
    }
)  # fmt: skip
"""Kinds that ask for what stands on the desk as long as it is not done."""


def notice_words(kind: str, params: Mapping[str, object]) -> str:
    """Returns the sentence of a notice in the reader's language. Raises KeyError for an unknown kind or value.

    `title` and `title_en` are one title in two languages, `who` is a person's id; `day` and `before` are ISO dates, `due` an ISO moment.
    """
    values = dict(params)
    if "title" in values:
        values["title"] = pick(str(values["title"] or ""), str(values.get("title_en") or ""))
    if "who" in values:
        values["who"] = _name(values["who"])
    for name in ("day", "before"):
        if isinstance(values.get(name), str):
            values[name] = day(dt.date.fromisoformat(str(values[name])))
    if isinstance(values.get("due"), str):
        values["due"] = moment(dt.datetime.fromisoformat(str(values["due"])))
    return str(KINDS[kind]) % values


def _name(person_id: object) -> str:
    """Returns a person's name as it is now; nobody is the program itself. A notice keeps no name."""
    if not isinstance(person_id, int):
        return str(_("Touchstone"))
    person = people.person(person_id)
    return pick(person.name, person.name_latin)


register_reasons(
    {
        "mail.bad_address": _l("This is not one mail address."),
        "mail.refused": _l("The mail server does not accept this address."),
        "mail.no_server": _l("No mail server is set."),
        "mail.unknown": _l("There is no such mail."),
        "mail.unavailable": _l("The mail server cannot be reached now."),
    }
)
