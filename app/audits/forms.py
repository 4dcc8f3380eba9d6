"""Owns the forms of quality checks: the plan, a swap, an appeal, its decision."""

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField, SelectField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice

from app.audits.models import AppealState
from app.audits.service import LARGEST_SAMPLE
from app.audits.words import APPEAL_STATE_WORDS
from app.web.forms import AtMost, HouseForm, Required, Within

LIMIT_WORDS = 2000
USUAL_SIZE = 40


class MonthPlanForm(HouseForm):
    """What is checked in a month."""

    month = SelectField(_l("Month"), choices=[], validators=[Required(_l("Choose a month"))])
    standards = SelectMultipleField(_l("Standards"), choices=[])
    sample_size = IntegerField(
        _l("Contacts to check"), default=USUAL_SIZE, validators=[Within(1, LARGEST_SAMPLE)]
    )
    regions = SelectMultipleField(_l("Only these regions"), choices=[])
    channels = SelectMultipleField(_l("Only these channels"), choices=[])


class SwapForm(HouseForm):
    """Why a contact cannot be checked."""

    reason = TextAreaField(
        _l("Why it cannot be checked"),
        validators=[Required(_l("Write why this contact cannot be checked")), AtMost(LIMIT_WORDS)],
    )


class AppealForm(HouseForm):
    """Why an agent does not agree."""

    reason = TextAreaField(
        _l("Why you do not agree"),
        validators=[Required(_l("Write why you do not agree")), AtMost(LIMIT_WORDS)],
    )


class DecisionForm(HouseForm):
    """What a second auditor decides."""

    state = RadioField(
        _l("Your decision"),
        choices=[
            SelectChoice(state.value, words)
            for state, words in APPEAL_STATE_WORDS.items()
            if state is not AppealState.OPEN
        ],
        validators=[Required(_l("Choose what becomes of the result"))],
    )
    decision = TextAreaField(
        _l("Reason"),
        validators=[Required(_l("Write the reason; the agent reads it")), AtMost(LIMIT_WORDS)],
    )
