"""Owns the words of the archive: verdicts on effects, gaps of a dossier, the sentences of its refusals."""

from flask_babel import lazy_gettext as _l

from app.archive.effects import EffectVerdict
from app.archive.evaluation import NOT_MEASURED
from app.web.reasons import register_reasons

VERDICT_WORDS = {
    EffectVerdict.REACHED.value: _l("Reached: surely better, by at least what was expected"),
    EffectVerdict.BETTER.value: _l("Better, but by less than expected"),
    EffectVerdict.NO_CLEAR_DIFFERENCE.value: _l("No clear difference"),
    EffectVerdict.WORSE.value: _l("Worse: surely the other way"),
    EffectVerdict.NOT_ENOUGH_DATA.value: _l("Not enough contacts to say anything"),
    NOT_MEASURED: _l("Contacts do not tell this measure"),
}
VERDICT_KINDS = {
    EffectVerdict.REACHED.value: "ok",
    EffectVerdict.BETTER.value: "ok",
    EffectVerdict.WORSE.value: "bad",
    EffectVerdict.NOT_ENOUGH_DATA.value: "info",
}
GAP_WORDS = {
    "pilot_waived": _l("There was no pilot; it was waived with a reason."),
    "fast_track": _l("It took the fast track: there was no scoring."),
    "emergency": _l("It was published as an emergency; a second person approved afterwards."),
    "no_hypothesis": _l("No expected effect was registered, so nothing can be compared."),
    "no_effect": _l("The effect was not computed."),
    "notice_waived": _l("Customers were told later than usual, with a reason."),
    "language_waived": _l("One language followed later, with a reason."),
    "not_everybody_read": _l("Not everybody who was asked had read it when the dossier was sealed."),
}


def verdict_words(verdict: str) -> str:
    """Returns the verdict on an effect as words."""
    return str(VERDICT_WORDS[verdict])


def verdict_kind(verdict: str) -> str:
    """Returns which colour a verdict has."""
    return VERDICT_KINDS.get(verdict, "neutral")


def gap_words(key: str) -> str:
    """Returns what a reader of the dossier would miss, as a sentence."""
    return str(GAP_WORDS[key])


register_reasons(
    {
        "archive.effect_missing": _l("The effect after %(days)s days is not computed yet."),
        "archive.no_dossier": _l("There is no dossier of %(number)s yet; it grows from the publication on."),
        "archive.not_built": _l("The files of the dossier are just being made. Try again in a moment."),
        "export.folder_full": _l("The folder %(folder)s is not empty."),
    }
)
