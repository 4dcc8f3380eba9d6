"""Owns the words of publishing: its choices, its outputs and the sentences of its refusals."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.publishing.models import Direction, TrainingVerdict
from app.publishing.notice_text import Odd
from app.web.reasons import register_reasons

TRAINING_WORDS = {
    TrainingVerdict.READING: _l("Read and acknowledge what changed"),
    TrainingVerdict.COURSE: _l("Reading and a course with a test"),
    TrainingVerdict.NONE: _l("Nothing to learn"),
}
TRAINING_HINTS = {
    TrainingVerdict.READING: _l("Everybody who follows a changed clause gets the change with one question."),
    TrainingVerdict.COURSE: _l("For a change that needs practice. The trainer sets the course."),
    TrainingVerdict.NONE: _l("Only for corrections that change nobody's work. It takes a reason."),
}
DIRECTION_WORDS = {
    Direction.UP: _l("More contacts keep it"),
    Direction.DOWN: _l("Fewer contacts keep it"),
}
OUTPUT_WORDS = {
    "handbook": _l("Staff handbook (PDF)"),
    "intranet": _l("Page of the standard"),
    "commitments": _l("Page of our commitments"),
    "customer_notice": _l("Notice to customers"),
    "training": _l("Training tasks"),
    "scorecard": _l("Scorecard of the quality checks"),
    "archive": _l("Archive entry"),
}

NOTICE_LANGUAGES = {"zh": _l("Chinese"), "en": _l("English")}


def odd_words(odd: Odd) -> str:
    """Returns what of the numbers in a notice does not agree, as one sentence."""
    language = str(NOTICE_LANGUAGES[odd.language])
    if odd.key == "missing":
        return str(
            _(
                "%(language)s: the new number of %(clause)s is not named.",
                language=language,
                clause=odd.clause_id.upper(),
            )
        )
    if odd.key == "apart":
        return str(_("%(language)s: only here stands “%(words)s”.", language=language, words=odd.words))
    return str(
        _("%(language)s: “%(words)s” stands in no clause that changes.", language=language, words=odd.words)
    )


register_reasons(
    {
        "publishing.already_scheduled": _l("Revision %(number)s is scheduled or ended; its plan is fixed."),
        "publishing.transition_range": _l("Enter 0 to %(most)s days"),
        "publishing.unknown_field": _l("This field is unknown here."),
        "publishing.hypothesis_late": _l(
            "Revision %(number)s is scheduled or ended; an effect can no longer be registered."
        ),
        "publishing.hypothesis_there": _l(
            "The expected effect of revision %(number)s is registered and is never changed."
        ),
        "publishing.points_range": _l("Enter 1 to 100 percentage points"),
        "publishing.statement_missing": _l("Write the effect as one sentence"),
        "publishing.no_emergency": _l("Revision %(number)s was not published as an emergency."),
        "publishing.second_person": _l(
            "Whoever published revision %(number)s as an emergency cannot approve it; a second person has to."
        ),
        "publishing.no_plan": _l("Version and effective date are not set yet."),
        "publishing.text_not_pinned": _l(
            "The text of revision %(number)s is just being archived. Try again in a moment."
        ),
        "publishing.own_frame": _l(
            "You wrote chapters or the words before the first clause yourself; somebody else has to publish it."
        ),
        "publishing.own_text": _l("You wrote %(clause)s yourself; somebody else has to publish it."),
        "publishing.customer_notice_missing": _l(
            "Customers read a changed clause: write the notice in Chinese and English, or why none is needed."
        ),
        "publishing.notice_changed": _l(
            "Somebody changed the notice since you opened it. Read it as it is now."
        ),
        "publishing.notice_long": _l("Shorten it to %(most)s characters; it has %(length)s"),
        "publishing.notice_own": _l("You wrote this notice yourself; a second person has to approve it."),
        "publishing.notice_half": _l("The notice is not written in both languages yet."),
        "publishing.notice_numbers": _l(
            "Numbers of the notice do not agree with the clauses: change them, or say that they are meant."
        ),
        "publishing.notice_out": _l("The notice went out, or the revision has ended; it stays as it is."),
        "publishing.notice_unapproved": _l("There is no approved notice to customers."),
        "publishing.date_past": _l("The effective date has to lie ahead; %(day)s does not."),
        "publishing.date_far": _l("The effective date lies more than %(days)s days ahead."),
        "publishing.notice_days": _l(
            "Customers are told %(days)s days ahead: in force from %(soonest)s at the earliest, or give the reason for less."
        ),
        "publishing.notice_law": _l(
            "%(law)s, art. %(articles)s, asks for %(days)s days between publishing and effect: in force from %(soonest)s at the earliest, or give the reason why it does not apply."
        ),
        "publishing.training_verdict_missing": _l("Decide what people have to learn."),
        "publishing.training_reason_missing": _l("Write why nobody has to learn anything."),
        "publishing.hypothesis_missing": _l(
            "Register the effect you expect, or write why none can be expected."
        ),
        "publishing.undo_over": _l("The time to undo is over. A new revision can change the text again."),
        "publishing.not_yet": _l("The effective date has not come yet."),
        "publishing.language_lags": _l(
            "One language is behind in %(clauses)s: translate it, or write why it follows later."
        ),
        "publishing.base_moved": _l(
            "Another revision of the standard was published meanwhile; this one is built on it now."
        ),
        "publishing.emergency_undone": _l("The emergency was undone before the review was over."),
    }
)
