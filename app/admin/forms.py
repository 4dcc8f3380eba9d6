"""Owns the forms of people's accounts: adding one, a role, leave, a new password."""

from flask_babel import lazy_gettext as _l
from wtforms import DateField, PasswordField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from app.core.access import Role
from app.people import queries
from app.people.words import role_words
from app.web.forms import AtMost, HouseForm, Required
from app.web.language import pick

NOWHERE = ""


class PersonForm(HouseForm):
    """A new account."""

    sign_in_name = StringField(
        _l("Sign-in name"),
        [Required(), AtMost(60)],
        description=_l("Letters and digits, for example wangfang"),
    )
    name = StringField(_l("Name"), [Required(), AtMost(60)])
    name_latin = StringField(_l("Name in Latin letters"), [AtMost(60)])
    email = StringField(_l("E-mail address"), [AtMost(200)])
    password = PasswordField(_l("First password"), [Required()], render_kw={"autocomplete": "new-password"})
    department_id = SelectField(_l("Department"), coerce=int)
    team_id = SelectField(_l("Team"), validators=[Optional()])
    joined_on = DateField(
        _l("First working day"),
        [Optional()],
        description=_l("Empty is today. What is to be read is due a week after it."),
    )
    agent_code = StringField(_l("Code in the ticket system"), [AtMost(60)])
    language = SelectField(
        _l("Language"), choices=[SelectChoice("zh", "中文"), SelectChoice("en", "English")]
    )

    def fill_choices(self) -> None:
        """Offers the departments and teams there are."""
        self.department_id.choices = [
            SelectChoice(d.id, pick(d.name_zh, d.name_en)) for d in queries.departments()
        ]
        self.team_id.choices = _teams()


class GrantForm(HouseForm):
    """A role with a scope and dates."""

    role = SelectField(_l("Role"))
    team_id = SelectField(_l("Only for the team"), validators=[Optional()])
    starts_on = DateField(
        _l("First day"),
        [Optional()],
        description=_l("Empty is today. Whoever had the role before a standard came knows it already."),
    )
    ends_on = DateField(_l("Last day"), [Optional()])

    def fill_choices(self) -> None:
        """Offers the roles that can be granted and the teams there are."""
        roles = [role for role in Role if role is not Role.VISITOR]
        self.role.choices = [SelectChoice(role.value, role_words(role)) for role in roles]
        self.team_id.choices = _teams(_l("In all teams"))


class TeamForm(HouseForm):
    """Another team for somebody who is here already."""

    moves_to = SelectField(_l("New team"), validators=[Optional()])
    agent_code = StringField(_l("Code in the ticket system"), [AtMost(60)])

    def fill_choices(self) -> None:
        """Offers the teams there are."""
        self.moves_to.choices = _teams()


class AbsenceForm(HouseForm):
    """Leave, both days included, and who stands in."""

    absent_from = DateField(_l("First day of the leave"), [Optional()])
    absent_until = DateField(_l("Last day of the leave"), [Optional()])
    backup_id = SelectField(_l("Backup person"), validators=[Optional()])

    def fill_choices(self, person_id: int) -> None:
        """Offers everybody else as backup."""
        others = [p for p in queries.everybody() if p.id != person_id]
        self.backup_id.choices = [
            SelectChoice(NOWHERE, _l("Nobody")),
            *(SelectChoice(str(p.id), pick(p.name, p.name_latin)) for p in others),
        ]


class PasswordForm(HouseForm):
    """A new password for somebody who lost the old one."""

    password = PasswordField(
        _l("New password"),
        [Required()],
        description=_l("At least 10 characters. All sign-ins of the person end."),
        render_kw={"autocomplete": "new-password"},
    )


def number_of(value: str | None) -> int | None:
    """Returns the id chosen in a select, None for the empty choice."""
    return int(value) if value else None


def _teams(blank: object = None) -> list[SelectChoice]:
    first = SelectChoice(NOWHERE, blank or _l("No team"))
    return [first, *(SelectChoice(str(t.id), pick(t.name_zh, t.name_en)) for t in queries.teams())]
