"""Owns the forms of pilots: setting up, recommending, concluding, extending, waiving."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField, RadioField, SelectField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice

from app.evidence.tickets import Channel
from app.evidence.words import CHANNEL_WORDS
from app.people import queries as people
from app.pilots.words import CONCLUSION_WORDS
from app.web.forms import AtMost, HouseForm, Required, Within
from app.web.language import pick

LIMIT_WORDS = 2000
Pairs = Sequence[tuple[str, str]]


class SetUpForm(HouseForm):
    """The plan of a pilot: question, measures, groups, days, contact."""

    question = TextAreaField(
        _l("Question"),
        validators=[Required(_l("Write the question the pilot should answer")), AtMost(LIMIT_WORDS)],
    )
    measure = SelectField(_l("Main measure"), choices=[])
    smallest_change_points = IntegerField(_l("Smallest change worth having"), validators=[Within(1, 50)])
    guards = SelectMultipleField(_l("Measures that must not get worse"), choices=[])
    harm_points = IntegerField(
        _l("Stop early when a measure surely got worse by"), validators=[Within(1, 50)]
    )
    pilot_region = SelectMultipleField(_l("Regions of the pilot group"), choices=[])
    pilot_channel = SelectMultipleField(_l("Channels of the pilot group"), choices=[])
    comparison_region = SelectMultipleField(_l("Regions of the comparison group"), choices=[])
    comparison_channel = SelectMultipleField(_l("Channels of the comparison group"), choices=[])
    starts_on = DateField(_l("First day"), validators=[Required(_l("Enter the first day"))])
    ends_on = DateField(_l("Last day"), validators=[Required(_l("Enter the last day"))])
    contact_id = SelectField(_l("Contact for people in the pilot"), choices=[])

    def __init__(
        self, of_measures: Pairs, of_guards: Pairs, of_contacts: Pairs, *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        regions = [SelectChoice(r.code, pick(r.name_zh, r.name_en)) for r in people.regions()]
        channels = [SelectChoice(c.value, CHANNEL_WORDS[c]) for c in Channel]
        self.measure.choices = [SelectChoice(*pair) for pair in of_measures]
        self.guards.choices = [SelectChoice(*pair) for pair in of_guards]
        self.contact_id.choices = [SelectChoice("", "–"), *(SelectChoice(*pair) for pair in of_contacts)]
        self.pilot_region.choices = self.comparison_region.choices = regions
        self.pilot_channel.choices = self.comparison_channel.choices = channels

    def scope(self, group: str) -> dict[str, list[str]]:
        """Returns the scope of a group (pilot, comparison); an empty list is everywhere."""
        return {key: list(self[f"{group}_{key}"].data or []) for key in ("region", "channel")}


class ConclusionForm(HouseForm):
    """What a pilot led to, and why."""

    conclusion = RadioField(
        _l("Conclusion"),
        choices=[SelectChoice(key, words) for key, words in CONCLUSION_WORDS.items()],
        validators=[Required(_l("Choose a conclusion"))],
    )
    reason = TextAreaField(_l("Reason"), validators=[AtMost(LIMIT_WORDS)])


class ExtendForm(HouseForm):
    """A later last day, and why."""

    ends_on = DateField(_l("New last day"), validators=[Required(_l("Enter the last day"))])
    reason = TextAreaField(_l("Reason"), validators=[Required(_l("Write the reason")), AtMost(LIMIT_WORDS)])


class WaiveForm(HouseForm):
    """Why a revision goes on without a pilot."""

    reason = TextAreaField(
        _l("Why no pilot is needed"), validators=[Required(_l("Write the reason")), AtMost(LIMIT_WORDS)]
    )
