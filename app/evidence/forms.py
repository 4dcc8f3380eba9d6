"""Owns the forms of evidence: bringing tickets in, setting an issue aside, answering a suggestion."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice

from app.evidence import previewing
from app.evidence.readers import MAPPINGS
from app.evidence.suggestions import LIMIT_ANSWER_BYTES
from app.web.forms import AtMost, HouseForm, Required
from app.web.language import pick

GUESS = "guess"


class ImportForm(HouseForm):
    """Which system the tickets come from, and the file or archive."""

    mapping = SelectField(_l("Where the tickets come from"), choices=[])
    file = FileField(_l("File"), render_kw={"accept": ".csv,.tsv,.txt,.xlsx,.json,.jsonl,.zip"})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mapping.choices = mapping_choices()


def mapping_choices() -> list[SelectChoice]:
    """Returns what a file can be read as: found out by itself, a source of ours, or a mapping somebody saved."""
    return [
        SelectChoice(GUESS, _l("Find out from the file")),
        *(SelectChoice(m.name, pick(m.title_zh, m.title)) for m in MAPPINGS.values()),
        *(SelectChoice(name, _("%(name)s (saved)", name=name)) for name in previewing.saved_names()),
    ]


class AnswerForm(HouseForm):
    """Taken up or not, and why, in words its writer reads."""

    adopted = RadioField(
        _l("Decision"),
        choices=[SelectChoice("yes", _l("Taken up")), SelectChoice("no", _l("Not taken up this time"))],
        validators=[Required(_l("Choose whether it is taken up"))],
    )
    answer = TextAreaField(
        _l("Answer to the writer"),
        description=_l(
            "One or two plain sentences with the reason. It stands on the writer's tracking page."
        ),
        validators=[
            Required(_l("Write the answer in plain words. The writer reads it.")),
            AtMost(LIMIT_ANSWER_BYTES // 4),
        ],
    )
