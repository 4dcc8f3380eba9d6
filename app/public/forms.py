"""Owns the form of a suggestion."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, StringField, TextAreaField

from app.evidence.suggestions import LIMIT_CHARACTERS
from app.web.forms import AtMost, HouseForm, Required


class SuggestionForm(HouseForm):
    """What should be better; contact is optional. `website` is a trap: people do not see it."""

    text = TextAreaField(
        _l("What should be better?"),
        validators=[Required(_l("Write what should be better")), AtMost(LIMIT_CHARACTERS)],
    )
    contact = StringField(
        _l("Phone or e-mail"),
        validators=[AtMost(100)],
        render_kw={"autocomplete": "email", "maxlength": 100},
    )
    anonymous = BooleanField(_l("Send without my name"))
    nominated = BooleanField(_l("Put it up for the Service Innovation Award"))
    website = StringField(_l("Leave this empty"), render_kw={"autocomplete": "off", "tabindex": "-1"})
