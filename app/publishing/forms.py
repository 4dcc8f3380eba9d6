"""Owns the forms of publishing: the plan, the expected effect, the emergency."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField, RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from app.publishing.models import TrainingVerdict
from app.publishing.words import DIRECTION_WORDS, TRAINING_WORDS
from app.web.forms import AtMost, HouseForm, Required, Within

LIMIT_WORDS = 2000
LIMIT_NOTICE = 500


class PlanForm(HouseForm):
    """How a revision is to be published. Everything but version and date may follow later."""

    version = RadioField(_l("Version"), validators=[Required(_l("Choose the version"))])
    effective_on = DateField(_l("In force from"), validators=[Required(_l("Enter the effective date"))])
    transition_days = IntegerField(_l("Transition in days"), default=0, validators=[Within(0, 365)])
    training_verdict = RadioField(
        _l("What people have to learn"),
        choices=[SelectChoice(v.value, words) for v, words in TRAINING_WORDS.items()],
        validators=[Optional()],
    )
    training_note = TextAreaField(
        _l("Note for the trainer, or why nothing"), validators=[AtMost(LIMIT_WORDS)]
    )
    hypothesis_waiver = TextAreaField(_l("Why no effect can be expected"), validators=[AtMost(LIMIT_WORDS)])
    no_customer_notice = TextAreaField(_l("Why customers need no notice"), validators=[AtMost(LIMIT_WORDS)])
    notice_waiver = TextAreaField(
        _l("Why customers are told later than usual"), validators=[AtMost(LIMIT_WORDS)]
    )
    language_waiver = TextAreaField(_l("Why one language follows later"), validators=[AtMost(LIMIT_WORDS)])

    def verdict(self) -> TrainingVerdict | None:
        """Returns what people have to learn, None while undecided."""
        return TrainingVerdict(self.training_verdict.data) if self.training_verdict.data else None


class HypothesisForm(HouseForm):
    """The effect expected of a revision; it is registered once."""

    measure = SelectField(_l("Measure"), choices=[])
    direction = RadioField(
        _l("What you expect"),
        choices=[SelectChoice(v.value, words) for v, words in DIRECTION_WORDS.items()],
        validators=[Required(_l("Choose a direction"))],
    )
    smallest_change_points = IntegerField(_l("Smallest change worth having"), validators=[Within(1, 100)])
    statement = TextAreaField(
        _l("The effect in one sentence"),
        validators=[Required(_l("Write the effect as one sentence")), AtMost(LIMIT_NOTICE)],
    )

    def __init__(self, measures: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.measure.choices = [SelectChoice(key, words) for key, words in measures]


class EmergencyForm(HouseForm):
    """An emergency: from when, and why it cannot wait."""

    effective_on = DateField(_l("In force from"), validators=[Required(_l("Enter the effective date"))])
    reason = TextAreaField(
        _l("Why it cannot wait"), validators=[Required(_l("Write why it cannot wait")), AtMost(LIMIT_WORDS)]
    )
