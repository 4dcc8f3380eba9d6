"""Owns the words of pilots: verdicts, conclusions, likeness, methods and the sentences of their refusals."""

from flask_babel import lazy_gettext as _l

from app.pilots.planning import Alike
from app.pilots.verdict import Verdict
from app.web.reasons import register_reasons

VERDICT_WORDS = {
    Verdict.BETTER: _l("Better"),
    Verdict.NO_CLEAR_DIFFERENCE: _l("No clear difference"),
    Verdict.WORSE: _l("Worse"),
    Verdict.NOT_ENOUGH_DATA: _l("Not enough data"),
}
VERDICT_SIGNS = {
    Verdict.BETTER: "▲",
    Verdict.NO_CLEAR_DIFFERENCE: "●",
    Verdict.WORSE: "▼",
    Verdict.NOT_ENOUGH_DATA: "–",
}
VERDICT_KINDS = {
    Verdict.BETTER: "ok",
    Verdict.NO_CLEAR_DIFFERENCE: "info",
    Verdict.WORSE: "bad",
    Verdict.NOT_ENOUGH_DATA: "warn",
}
CONCLUSION_WORDS = {
    "adopt": _l("Take over everywhere"),
    "amend": _l("Change the draft"),
    "stop": _l("Stop the revision"),
}
CONCLUSION_HINTS = {
    "adopt": _l("The text goes on to publishing as it is."),
    "amend": _l("The text goes back to drafting; what was signed and does not change stays signed."),
    "stop": _l("The revision ends here, with the reason."),
}
ALIKE_WORDS = {
    Alike.SIMILAR: _l("Similar enough: level and course of both groups were close."),
    Alike.OTHER_LEVEL: _l("Not alike: one group was far better all along. Choose another comparison group."),
    Alike.OTHER_COURSE: _l(
        "Not alike: the gap between the groups was already moving. Choose another comparison group."
    ),
    Alike.TOO_FEW: _l("Too few weeks with enough contacts to compare the groups."),
}

register_reasons(
    {
        "pilot.too_late": _l("Revision %(number)s is past review; a pilot can no longer be set up."),
        "pilot.not_set_up": _l("The pilot of revision %(number)s is not set up yet."),
        "pilot.no_result": _l("The pilot has no result yet; it is computed each morning."),
        "pilot.not_running": _l("No pilot of revision %(number)s is running."),
        "pilot.undecided": _l(
            "No pilot was adopted, and none was waived, since revision %(number)s came into review."
        ),
        "pilot.decided": _l("The pilot of revision %(number)s is decided already."),
        "pilot.not_ended": _l("The pilot runs until %(day)s. Ending it earlier takes a reason."),
        "pilot.question_missing": _l("Write the question the pilot should answer"),
        "pilot.points_range": _l("Enter 1 to 50 percentage points"),
        "pilot.scope_empty": _l("Choose where the pilot runs"),
        "pilot.groups_overlap": _l("Choose a comparison group that shares no contact with the pilot group"),
        "pilot.start_past": _l("Choose a first day that has not passed"),
        "pilot.start_far": _l("Choose a first day within the next %(days)s days"),
        "pilot.end_range": _l(
            "Choose a last day at least a week and at most %(weeks)s weeks after the first"
        ),
        "pilot.not_measured": _l("Choose a measure that contacts can tell one by one"),
    }
)
