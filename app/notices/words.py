"""Owns the words of notices: kind -> one sentence in the reader's language, and of refusals in this room."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.people import queries as people
from app.standards.frame import FRAME_PARTS
from app.standards.models import Materiality
from app.standards.words import MATERIALITY_WORDS, part_name
from app.web.filters import day, moment
from app.web.language import pick
from app.web.reasons import register_reasons

KINDS: dict[str, Any] = {
    "review_asked": _l("[Review] %(number)s %(title)s, by %(due)s"),
    "review_before": _l("[Reminder] The review of %(number)s %(title)s is due %(due)s"),
    "review_due": _l("[Due today] The review of %(number)s %(title)s"),
    "review_after": _l("[Overdue] The review of %(number)s %(title)s was due %(due)s; you can hand it over"),
    "review_handed": _l(
        "[Handed over] The review of %(number)s %(title)s was due %(due)s; %(who)s does it now"
    ),
    "review_added": _l("[Review] %(number)s %(title)s: %(who)s asks you to sign too: %(reason)s"),
    "counsel_approve": _l("[Outside counsel] %(number)s: accepted; you answer for it inside"),
    "counsel_approve_with_conditions": _l(
        "[Outside counsel] %(number)s: accepted with conditions; read them"
    ),
    "counsel_return": _l("[Outside counsel] %(number)s: returned; read why"),
    "counsel_outdated": _l("[Outside counsel] %(number)s: %(clauses)s changed after counsel signed"),
    "recheck": _l("[Re-check] %(number)s: %(clauses)s changed after you signed"),
    "recheck_claim": _l(
        "[Re-check] %(number)s: the claim on %(clauses)s changed from “%(claim_before)s” to “%(claim)s” after you signed"
    ),
    "returned": _l("[Returned] %(number)s %(title)s: a reviewer asks for a change in %(clause)s"),
    "draft_asked": _l("[Draft] %(number)s %(title)s may be drafted now"),
    "score_asked": _l("[Score] %(number)s %(title)s, about 2 minutes"),
    "triage_asked": _l("[Proposal] %(number)s %(title)s was submitted"),
    "issue_handed_on": _l("[Handed on] %(number)s: %(words)s"),
    "thread_note": _l("[Note] %(number)s: somebody wrote about %(clause)s"),
    "thread_notes": _l("[Note] %(number)s: %(count)s notes about %(clause)s"),
    "pilot_started": _l("[Pilot] %(number)s %(title)s has begun"),
    "scheduled": _l("[Publishing] %(number)s %(title)s is scheduled; for a short while it can be undone"),
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
    "suggestion_said": _l("[Suggestion] %(clause)s: “%(words)s”"),
    "suggestions": _l("[Suggestion] %(count)s suggestions to change %(clause)s"),
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
    "robot_test": _l("[Touchstone] This group is connected"),
    "effect": _l("[Effect] %(number)s %(title)s was evaluated after %(days)s days"),
}


ASKS = frozenset(
    {
        "review_asked", "review_added", "review_before", "review_due", "review_after", "recheck", "recheck_claim", "draft_asked", "score_asked", "triage_asked", "acknowledge", "acknowledge_joined",
        "reading_before", "reading_due", "reading_after", "urged", "remind", "suggestion", "award_opened",
    }
)  # fmt: skip
"""Kinds that ask for what stands on the desk as long as it is not done."""


def notice_words(kind: str, params: Mapping[str, object]) -> str:
    """Returns the sentence of a notice in the reader's language. Raises KeyError for an unknown kind or value.

    `title` and `title_en` are one title in two languages, `who` is a person's id; `day` and `before` are ISO
    dates, `due` an ISO moment, `claim_before` and `claim` what is claimed of a change.
    """
    values = dict(params)
    if "title" in values:
        values["title"] = pick(str(values["title"] or ""), str(values.get("title_en") or ""))
    if "who" in values:
        values["who"] = _name(values["who"])
    if str(values.get("clause", "")).lower() in FRAME_PARTS:
        values["clause"] = part_name(str(values["clause"]).lower())
    for name in ("day", "before"):
        if isinstance(values.get(name), str):
            values[name] = day(dt.date.fromisoformat(str(values[name])))
    for name in ("claim_before", "claim"):
        if name in values:
            values[name] = str(MATERIALITY_WORDS[Materiality(str(values[name]))])
    if isinstance(values.get("due"), str):
        values["due"] = moment(dt.datetime.fromisoformat(str(values["due"])))
    if kind == "suggestion" and values.get("words"):
        kind = "suggestion_said"  # older ones do not say what was suggested
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
        "receiver.name": _l("Write a name of at most %(limit)s characters"),
        "robot.address": _l("Paste the whole address of the robot; it begins with https://%(host)s/"),
        "robot.secret": _l("This is no signing secret: it has letters and digits only"),
        "receiver.topics": _l("Choose at least one topic"),
        "receiver.unknown": _l("There is no such robot or webhook."),
        "receiver.off": _l("It was paused when it was its turn."),
        "receiver.busy": _l("The service was busy, each time it was asked."),
        "robot.bad_answer": _l("The service answered something that says neither yes nor no."),
        "robot.refused": _l(
            "The service refused the message: look at the address, the secret and the words it wants."
        ),
        "receiver.no_address": _l("No address of this service is kept for it. Remove it and add it again."),
        "receiver.no_secrets": _l(
            "The file receivers.json with addresses and secrets cannot be used: it is broken, or others may read it."
        ),
        "receiver.unreachable": _l("The service could not be reached."),
        "receiver.fate_unknown": _l(
            "The connection broke while the message was handed over. It may be there; sending it again may double it."
        ),
        "webhook.address": _l(
            "Paste the whole address; it begins with https:// (http:// only on this machine) and holds no account"
        ),
        "webhook.secret": _l("This is no signing secret: whsec_ and base64 of at least %(least)s bytes"),
        "webhook.gone": _l("The system wants nothing more at this address (410): pause it, or remove it."),
        "webhook.refused": _l("The system answered that it does not take the news."),
        "mail.unavailable": _l("The mail server cannot be reached now."),
    }
)


CHAT_WORDS: dict[str, Any] = {"wecom": _l("WeCom"), "dingtalk": _l("DingTalk"), "feishu": _l("Feishu")}
TOPIC_WORDS: dict[str, Any] = {
    "review_asked": _l("a review is asked for"),
    "returned": _l("a draft is returned"),
    "fast_track": _l("a fast track begins"),
    "reopened": _l("a revision goes back to review"),
    "scheduled": _l("publishing is planned"),
    "undone": _l("publishing is undone"),
    "emergency": _l("an emergency needs approval"),
    "published": _l("a version is published"),
    "in_force": _l("a version takes effect"),
}
WEBHOOK_WORDS: dict[str, Any] = {
    "proposal.accepted": _l("a proposal is accepted"),
    "proposal.declined": _l("a proposal is declined"),
    "standard.published": _l("a version is published"),
    "standard.in_force": _l("a version takes effect"),
    "issue.handed_on": _l("an issue is handed on to a department"),
    "surge.opened": _l("feedback on a clause surges"),
    "effect.evaluated": _l("the effect of a revision is computed"),
    "customer_notice": _l("a notice to customers goes out"),
    "test": _l("tried out"),
}


def chat_words(kind: str) -> str:
    """Returns the name of a chat service."""
    return str(CHAT_WORDS[kind])


def topic_words(topic: str) -> str:
    """Returns what a group or another system is told under a topic."""
    return str((TOPIC_WORDS | WEBHOOK_WORDS)[topic])
