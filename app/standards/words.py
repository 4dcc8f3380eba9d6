"""Owns the words of standards and revisions in both languages: states, stages, moves, tags. Decides nothing.

The words of measures stand in `measure_words.py`, those of refusals in `reason_texts.py`.
"""

from typing import Any

from flask_babel import force_locale, gettext
from flask_babel import lazy_gettext as _l

from app.core.access import Role
from app.core.errors import Reason
from app.people.words import ROLE_WORDS
from app.standards.frame import FRAME_PARTS
from app.standards.matching import Origin
from app.standards.models import DraftKind, Materiality, NeedSource
from app.standards.workflow import STAGES, Move, State
from app.web.language import LOCALES
from app.web.reasons import reason_words

STATE_WORDS: dict[State, Any] = {
    State.DRAFT: _l("Being written"),
    State.PROPOSED: _l("Proposed"),
    State.SCORING: _l("Being scored"),
    State.DRAFTING: _l("Being drafted"),
    State.IN_REVIEW: _l("In review"),
    State.PILOTING: _l("In pilot"),
    State.READY: _l("Ready to publish"),
    State.SCHEDULED: _l("Scheduled"),
    State.IN_FORCE: _l("In force"),
    State.ARCHIVED: _l("Archived"),
    State.DECLINED: _l("Declined"),
    State.WITHDRAWN: _l("Withdrawn"),
}

RELATIVE_WORDS: dict[tuple[Origin, bool], Any] = {
    (Origin.SPLIT, True): _l("Split off from"),
    (Origin.SPLIT, False): _l("A part of it is now"),
    (Origin.MERGED, True): _l("Took in"),
    (Origin.MERGED, False): _l("Taken into"),
    (Origin.REPLACED, True): _l("Takes the place of"),
    (Origin.REPLACED, False): _l("Its place is taken by"),
    (Origin.MOVED, True): _l("Moved here from"),
    (Origin.MOVED, False): _l("Moved to"),
}

STAGE_WORDS: dict[str, Any] = {
    "propose": _l("Proposal"),
    "score": _l("Scoring"),
    "draft": _l("Drafting"),
    "review": _l("Review"),
    "pilot": _l("Pilot"),
    "publish": _l("Publishing"),
    "train": _l("Training"),
    "monitor": _l("Monitoring"),
    "archive": _l("Archive"),
}

MOVE_WORDS: dict[Move, Any] = {
    Move.PROPOSE: _l("Submitted the proposal"),
    Move.OPEN_SCORING: _l("Opened the scoring"),
    Move.DECLINE: _l("Declined"),
    Move.ACCEPT: _l("Accepted for drafting"),
    Move.SUBMIT: _l("Submitted the draft for review"),
    Move.SEND_BACK: _l("Returned for changes"),
    Move.START_PILOT: _l("Started the pilot"),
    Move.WAIVE_PILOT: _l("Waived the pilot"),
    Move.ADOPT: _l("Adopted after the pilot"),
    Move.AMEND: _l("Back to drafting after the pilot"),
    Move.STOP: _l("Stopped after the pilot"),
    Move.EXTEND_PILOT: _l("Extended the pilot"),
    Move.SCHEDULE: _l("Scheduled the publication"),
    Move.UNDO_SCHEDULE: _l("Undid the scheduling"),
    Move.REOPEN: _l("Reopened the review"),
    Move.DECLINE_LATE: _l("Declined late"),
    Move.TAKE_EFFECT: _l("Came into force"),
    Move.ARCHIVE: _l("Sealed the dossier"),
    Move.WITHDRAW: _l("Withdrew the revision"),
    Move.FAST_TRACK: _l("Put on the fast track"),
    Move.EMERGENCY: _l("Published as an emergency"),
}

SOURCE_WORDS: dict[NeedSource, Any] = {
    NeedSource.COMPLAINTS: _l("Complaint analysis"),
    NeedSource.SURVEY: _l("Satisfaction survey"),
    NeedSource.INTERVIEW: _l("Interviews"),
    NeedSource.STAFF_IDEA: _l("Staff suggestion"),
    NeedSource.BENCHMARK: _l("Benchmark"),
    NeedSource.LAW: _l("Law or regulation"),
    NeedSource.AUDIT: _l("Quality check"),
    NeedSource.SUGGESTION: _l("Customer suggestion"),
}

TAG_WORDS: dict[str, Any] = {
    "public": _l("Public"),
    "promise": _l("Promise"),
    "technical": _l("Technical"),
    "legal": _l("Legal"),
    "privacy": _l("Privacy"),
    "identity": _l("Identity"),
    "response": _l("Response"),
    "complaint": _l("Complaints"),
    "returns": _l("Returns"),
    "refund": _l("Refunds"),
    "bot": _l("Bot"),
    "handover": _l("Hand-over"),
    "peak": _l("Peak season"),
    "channel": _l("Channels"),
    "commitment": _l("Public commitment"),
    "critical": _l("Critical"),
    "emotion": _l("Feelings"),
    "escalation": _l("Escalation"),
    "feedback": _l("Feedback"),
    "flow": _l("Service flow"),
    "language": _l("Language and manner"),
    "notice": _l("Proactive notice"),
    "order": _l("Orders"),
    "remote": _l("Remote help"),
    "script": _l("Script"),
    "training": _l("Training"),
}

CATEGORY_WORDS: dict[str, Any] = {
    "response": _l("Response and resolution"),
    "complaint": _l("Complaints"),
    "returns": _l("Returns and refunds"),
    "privacy": _l("Identity and privacy"),
    "bot": _l("Bot and hand-over"),
    "language": _l("Language and manner"),
    "channel": _l("Channels"),
    "flow": _l("Service flow"),
    "peak": _l("Peak periods"),
    "remote": _l("Remote help"),
    "escalation": _l("Support levels and escalation"),
    "feedback": _l("Feedback and improvement"),
    "order": _l("Orders and proactive notice"),
    "commitment": _l("Public commitment"),
    "training": _l("Roles and training"),
    "law": _l("Law"),
    "imported": _l("Imported"),
}

JOURNEY_WORDS: dict[str, Any] = {
    "pre_sale": _l("Before the purchase"),
    "in_sale": _l("During the purchase"),
    "after_sale": _l("After the purchase"),
    "all": _l("The whole journey"),
}

KIND_WORDS: dict[DraftKind, Any] = {
    DraftKind.CHANGED: _l("Changed"),
    DraftKind.NEW: _l("New"),
    DraftKind.RETIRED: _l("Retired"),
}

MATERIALITY_WORDS: dict[Materiality, Any] = {
    Materiality.MATERIAL: _l("Changes what people must do"),
    Materiality.EDITORIAL: _l("Editorial only"),
}


def _(words: str, **values: object) -> str:
    """Returns the words in the reader's language; the library itself promises no type."""
    return str(gettext(words, **values))


def spoken_id(code: str, clause_id: str) -> str:
    """Returns the clause id as people say it: `CS-04-C07`."""
    return f"{code}-{clause_id}".upper()


def frame_words(part: str) -> str:
    """Returns what a part of a text's frame is called: `preamble` or `chapters`."""
    return _("Words before the first clause") if part == "preamble" else _("Chapters")


def part_name(part: str) -> str:
    """Returns what a clause (`C07`) or a part of the frame is called where something is said about it."""
    return frame_words(part) if part in FRAME_PARTS else part.upper()


def state_words(state: State) -> str:
    """Returns the name of a state in the reader's language."""
    return str(STATE_WORDS[state])


def stage_words(number: int) -> str:
    """Returns the name of a stage, 1 to 9."""
    return str(STAGE_WORDS[STAGES[number - 1]])


def move_words(move: Move) -> str:
    """Returns what a move did, as a line of the timeline says it."""
    return str(MOVE_WORDS[move])


def source_words(source: NeedSource | None) -> str:
    """Returns where a need comes from; an empty text when nobody said so."""
    return str(SOURCE_WORDS[source]) if source else ""


def relative_words(origin: Origin, is_source: bool) -> str:
    """Returns what a clause has to do with the one named behind these words."""
    return str(RELATIVE_WORDS[origin, is_source])


def lineage_words(origin: Origin | None, other: str | None) -> str:
    """Returns what a drafted clause has to do with another one, such as "Split off from C07"; empty when nothing."""
    if origin is None or not other:
        return ""
    words = relative_words(origin, origin is Origin.SPLIT)
    return f"{words}{'' if words.endswith('：') else ' '}{other.upper()}"


def reason_of_earlier(why: dict[str, Any]) -> str:
    """Returns why an earlier text has no words; `why` is empty where the document was gone."""
    return reason_words(Reason(why.get("key", "history.gone"), why.get("params", {})))


def audience_words(audience: list[str] | tuple[str, ...]) -> str:
    """Returns the roles that must follow, joined as a list of the language; empty means everybody."""
    if not audience:
        return _("Everybody in service")
    return _(", ").join(str(ROLE_WORDS[role] if (role := _role(name)) else name) for name in audience)


def tag_words(tag: str) -> str:
    """Returns the name of a clause's tag; a tag of one's own is shown as it is written."""
    return _known(TAG_WORDS, tag)


def tag_named(text: str) -> str:
    """Returns the tag that somebody names by its own word or by its name in one of the languages; case does not count.

    What no tag is called comes back in small letters, for a tag of one's own.
    """
    wanted = text.strip().lower()
    for locale in LOCALES.values():
        with force_locale(locale):
            for tag, words in TAG_WORDS.items():
                if wanted in (tag, str(words).lower()):
                    return tag
    return wanted


def category_words(category: str) -> str:
    """Returns the name of a standard's category; one of one's own is shown as it is written."""
    return _known(CATEGORY_WORDS, category)


def journey_words(journey: str) -> str:
    """Returns where on the customer's way a standard applies."""
    return _known(JOURNEY_WORDS, journey)


def _known(table: dict[str, Any], key: str) -> str:
    return str(table[key]) if key in table else key.replace("_", " ").replace("-", " ")


def _role(name: str) -> Role | None:
    return Role(name) if name in Role._value2member_map_ else None
