"""Owns the forms of people: signing in, the own profile."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, PasswordField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from app.people import queries
from app.web.forms import HouseForm
from app.web.language import pick


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


class OwnLeaveForm(HouseForm):
    """The own leave, both days included, and the person who signs meanwhile in their own name."""

    absent_from = DateField(_l("First day of the leave"), [Optional()])
    absent_until = DateField(_l("Last day of the leave"), [Optional()])
    backup_id = SelectField(_l("Backup person"), validators=[Optional()])

    def fill_choices(self, person_id: int) -> None:
        """Offers everybody else as backup."""
        others = [p for p in queries.everybody() if p.id != person_id]
        self.backup_id.choices = [
            SelectChoice("", _l("Nobody")),
            *(SelectChoice(str(p.id), pick(p.name, p.name_latin)) for p in others),
        ]
