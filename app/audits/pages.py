"""Owns the one blueprint of the room and the words its templates use. The views stand in `views_*.py`."""

import datetime as dt

from flask import Blueprint
from flask_babel import gettext as _

from app.audits import words
from app.audits.marks import NO_PLACE
from app.core.markup import plain
from app.evidence.words import code_words
from app.web.filters import month
from app.web.teaching import teach

audits = Blueprint("audits", __name__, template_folder="templates")


def region_words(code: str) -> str:
    """Returns the name of a region; `-` stands for contacts without one."""
    return _("without a region") if code == NO_PLACE else code_words("region", code)


def channel_words(code: str) -> str:
    """Returns the name of a channel."""
    return code_words("channel", code)


def month_words(value: str) -> str:
    """Writes a month such as `2026-10` as `2026年10月` or `October 2026`."""
    return month(dt.date.fromisoformat(f"{value}-01"))


teach(
    audits,
    {
        "answer_words": words.answer_words,
        "sample_state_words": words.sample_state_words,
        "appeal_state_words": words.appeal_state_words,
        "answer_choices": words.answer_choices,
    },
    filters={
        "month_words": month_words,
        "region_words": region_words,
        "channel_words": channel_words,
        "plain_words": plain,
        "rate_words": words.rate_words,
    },
)
