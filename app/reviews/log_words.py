"""Owns the words of what the activity log says about reviews."""

from flask_babel import lazy_gettext as _l

from app.web.log_words import register_log

register_log(
    {
        "review.reopened": _l("Reopened a sign-off"),
        "checklist.answered": _l("Answered the checklist"),
        "review.handed_over": _l("Handed a review over"),
        "review.urged": _l("Urged a reviewer"),
        "review.signed": _l("Signed"),
        "thread.note_written": _l("Wrote in a thread"),
        "thread.held_deleted": _l("Deleted an own note before sending it"),
        "thread.resolved": _l("Resolved a thread"),
        "reviewers.reminded": _l("Reminded reviewers"),
        "counsel.invited": _l("Invited outside counsel"),
        "counsel.mailed": _l("Mailed the link to outside counsel"),
        "counsel.not_mailed": _l("Could not mail the link to outside counsel"),
        "counsel.taken_back": _l("Took back a link of outside counsel"),
        "counsel.stated": _l("Stated who they are, from outside"),
        "counsel.signed": _l("Signed from outside"),
        "review.reviewer_added": _l("Added a reviewer"),
        "review.claimed": _l("Took a review on"),
        "review_plan.written": _l("Wrote a review plan"),
    },
    {
        "review_plan": _l("Review plan"),
        "review": _l("Review"),
    },
)
