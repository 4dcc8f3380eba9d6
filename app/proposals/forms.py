"""Owns the forms of a proposal's five pages. What a right answer is stands in the verbs."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from app.evidence.interviews import INTERVIEWED_WORDS, Interviewed
from app.proposals.service import LIMIT_TITLE_CHARACTERS
from app.standards.models import NeedSource, Standard
from app.standards.words import SOURCE_WORDS
from app.web.forms import AtMost, HouseForm, Required
from app.web.language import pick

LIMIT = 4_000
ASKED = (
    NeedSource.COMPLAINTS,
    NeedSource.SURVEY,
    NeedSource.INTERVIEW,
    NeedSource.STAFF_IDEA,
    NeedSource.SUGGESTION,
    NeedSource.BENCHMARK,
    NeedSource.LAW,
    NeedSource.AUDIT,
)


class ProblemForm(HouseForm):
    """Page 1: the problem in one sentence, what happens now, and which standard it is about."""

    title = StringField(
        _l("The problem in one sentence"),
        description=_l("For example: return requests wait more than a day for an answer"),
        validators=[Required(_l("Say in one sentence what the problem is.")), AtMost(LIMIT_TITLE_CHARACTERS)],
    )
    problem = TextAreaField(
        _l("What happens to customers now?"),
        validators=[Required(_l("Describe the problem: what happens to customers now.")), AtMost(LIMIT)],
    )
    standard = SelectField(_l("Which standard is it about?"), choices=[], validate_choice=True)
    title_en = StringField(
        _l("The problem in one sentence, in English"), validators=[AtMost(LIMIT_TITLE_CHARACTERS)]
    )
    problem_en = TextAreaField(_l("What happens to customers now, in English"), validators=[AtMost(LIMIT)])

    def __init__(self, standards: Iterable[Standard], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.standard.choices = [
            SelectChoice(s.code, f"{s.code.upper()} {pick(s.title_zh, s.title_en)}") for s in standards
        ]


class SourceForm(HouseForm):
    """Page 3: where the need comes from, and what shows it."""

    source = RadioField(
        _l("Where does the need come from?"),
        choices=[SelectChoice(s.value, SOURCE_WORDS[s]) for s in ASKED],
        validators=[Required(_l("Say where the need comes from."))],
    )
    issue = StringField(
        _l("Number of an issue or suggestion"),
        description=_l("For example E-1042 or S-7F3K-9Q2M"),
        validators=[AtMost(40)],
    )
    note = TextAreaField(
        _l("Or in words: figures, a law article, a source with its date"), validators=[AtMost(LIMIT)]
    )
    interviewed = SelectField(
        _l("Whom did you interview?"),
        choices=[
            SelectChoice("", _l("No interviews")),
            *(SelectChoice(w.value, INTERVIEWED_WORDS[w]) for w in Interviewed),
        ],
        default="",
        validate_choice=True,
    )
    people = StringField(
        _l("How many people?"),
        description=_l("Customers: 30 to 50, of high value or with a recent complaint"),
        validators=[AtMost(6)],
    )
    heard = TextAreaField(_l("What did they say?"), validators=[AtMost(LIMIT)])


class ChangeForm(HouseForm):
    """Page 4: what should change, and what the customer gains."""

    wanted_change = TextAreaField(_l("What should change?"), validators=[AtMost(LIMIT)])
    benefit = TextAreaField(
        _l("What does the customer gain?"),
        description=_l("One sentence, seen from the customer"),
        validators=[Required(_l("Write in one sentence what the customer gains.")), AtMost(LIMIT)],
    )
    benefit_en = TextAreaField(_l("What does the customer gain, in English"), validators=[AtMost(LIMIT)])


class AffectedForm(HouseForm):
    """Page 5: who is affected, how urgent and why."""

    affected = StringField(
        _l("Who is affected?"), description=_l("Regions, channels, customer groups"), validators=[AtMost(300)]
    )
    urgency_note = StringField(_l("How urgent is it, and why?"), validators=[AtMost(500)])


class CheckForm(HouseForm):
    """The check page: the one sentence that may still be missing, and that similar revisions were seen."""

    benefit = TextAreaField(
        _l("What does the customer gain?"),
        description=_l("One sentence, seen from the customer. It is the only thing still missing."),
        validators=[Required(_l("Write in one sentence what the customer gains.")), AtMost(LIMIT)],
    )
    seen = BooleanField(_l("I have looked at it; mine is something else"))
