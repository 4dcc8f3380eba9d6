"""Owns the form that seals a dossier: its two lessons."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField

from app.web.forms import AtMost, HouseForm

LIMIT_LESSON = 2000


class SealForm(HouseForm):
    """What whoever does this next should know."""

    keep = TextAreaField(_l("What to keep"), validators=[AtMost(LIMIT_LESSON)])
    change = TextAreaField(_l("What to do otherwise"), validators=[AtMost(LIMIT_LESSON)])
