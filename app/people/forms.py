"""Owns the forms of people: signing in, the own profile."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, PasswordField, SelectField, StringField
from wtforms.fields.choices import SelectChoice

from app.web.forms import HouseForm


class SignInForm(HouseForm):
    """Name and password; the same words for a wrong name and a wrong password."""

    name = StringField(_l("Name or e-mail"), render_kw={"autocomplete": "username", "autocapitalize": "none"})
    password = PasswordField(_l("Password"), render_kw={"autocomplete": "current-password"})
    trust = BooleanField(_l("Keep me signed in on this phone for reading and acknowledging"))


class ProfileForm(HouseForm):
    """The own language; appearance is kept on the device."""

    language = SelectField(
        _l("Language"), choices=[SelectChoice("zh", "中文"), SelectChoice("en", "English")]
    )
