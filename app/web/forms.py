"""Owns the base of all forms: its messages in the house's voice and the errors of verbs put on fields."""

from collections.abc import Iterable
from typing import Any, ClassVar

from flask_wtf import FlaskForm
from wtforms import Field, Form, ValidationError
from wtforms.validators import DataRequired, InputRequired, StopValidation

from app.core.errors import FieldError, Invalid, Reason
from app.web.reasons import reason_words

# What WTForms says by itself -> the reason whose words stand there instead.
BUILT_IN = {
    "This field is required.": "web.required",
    "Not a valid choice.": "web.not_a_choice",
    "Not a valid choice": "web.not_a_choice",
    "Invalid Choice: could not coerce.": "web.not_a_choice",
    "Invalid choice(s): one or more data inputs could not be coerced.": "web.not_a_choice",
    "'%(value)s' is not a valid choice for this field.": "web.not_a_choice",
    "Not a valid integer value.": "web.not_a_whole_number",
    "Not a valid decimal value.": "web.not_a_number",
    "Not a valid float value.": "web.not_a_number",
    "Not a valid date value.": "web.not_a_date",
    "Not a valid datetime value.": "web.not_a_date",
}


class HouseWords:
    """Stands where WTForms expects its own catalogue; an unknown sentence passes unchanged."""

    def gettext(self, string: str) -> str:
        """Returns the house's wording of a sentence."""
        return reason_words(Reason(BUILT_IN[string])) if string in BUILT_IN else string

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        """Returns the form for the number, unchanged."""
        return singular if number == 1 else plural


class HouseForm(FlaskForm):  # type: ignore[misc]
    """A form whose fields keep what was typed and say what is wrong and how to put it right."""

    class Meta:
        """No token field: the shell checks every unsafe request, templates write `csrf_field()`."""

        csrf = False

        def get_translations(self, form: Form) -> "HouseWords":
            """Returns the house's wording of what WTForms says by itself."""
            return HouseWords()

    def take_errors(self, refusal: Invalid) -> None:
        """Puts the errors of a verb on the fields they name; errors of no field stand on the form itself."""
        for error in refusal.errors:
            field = self._fields.get(error.field)
            words = reason_words(error.reason)
            if field is None:
                self.form_errors.append(words)
            else:
                field.errors = [*field.errors, words]

    @property
    def submitted(self) -> bool:
        """Tells whether the form was sent and every field is right."""
        return bool(self.validate_on_submit())


def problems_of(form: Form | None) -> list[tuple[str, str]]:
    """Returns the errors of a form in reading order as (id of the input, words); empty when all is well."""
    if form is None:
        return []
    found = [("", str(words)) for words in getattr(form, "form_errors", [])]
    for field in form:
        found.extend((first_input_id(field), str(words)) for words in _flat(field.errors))
    return found


def problems_from(errors: Iterable[FieldError]) -> list[tuple[str, str]]:
    """Returns the errors of a verb as (name of the field, words), for pages without a form object."""
    return [(error.field, reason_words(error.reason)) for error in errors]


def first_input_id(field: Field) -> str:
    """Returns the id an error link leads to: the field, or the first choice of a group."""
    grouped = field.type in ("RadioField", "ChecksField") or getattr(field, "is_group", False)
    return f"{field.id}-0" if grouped else str(field.id)


class Words:
    """Base of the validators here: the words come from a reason key, or from the room's own message."""

    def __init__(self, message: Any = None) -> None:
        self.message = message

    def words(self, key: str, **params: object) -> str:
        """Returns the room's message, else the sentence of the key."""
        return str(self.message) if self.message is not None else reason_words(Reason(key, params))


class Required(Words):
    """Asks for something other than blanks. `message` says what to write, for example "Enter a target"."""

    field_flags: ClassVar[dict[str, bool]] = {"required": True}

    def __call__(self, form: Form, field: Field) -> None:
        """Stops the validation of an empty field."""
        if not field.data or (isinstance(field.data, str) and not field.data.strip()):
            field.errors = []
            raise StopValidation(self.words("web.required"))


class AtMost(Words):
    """Asks for a text of at most `limit` characters."""

    def __init__(self, limit: int, message: Any = None) -> None:
        super().__init__(message)
        self.limit = limit
        self.field_flags = {"maxlength": limit}

    def __call__(self, form: Form, field: Field) -> None:
        """Refuses a longer text; it is kept as typed."""
        length = len(field.data or "")
        if length > self.limit:
            raise ValidationError(self.words("web.too_long", limit=self.limit, length=length))


class Within(Words):
    """Asks for a number from `low` to `high`, both included."""

    def __init__(self, low: float, high: float, message: Any = None) -> None:
        super().__init__(message)
        self.low, self.high = low, high
        self.field_flags = {"min": low, "max": high}

    def __call__(self, form: Form, field: Field) -> None:
        """Refuses a number outside the range and anything that is no number."""
        if field.data is None or not self.low <= field.data <= self.high:
            field.errors = []
            raise StopValidation(self.words("web.number_range", low=self.low, high=self.high))


def choices_of(field: Field) -> list[tuple[str, str]]:
    """Returns the (value, words) of a group of radios or checkboxes."""
    return [(str(choice.value), str(choice.label)) for choice in field.iter_choices()]


def chosen_of(field: Field) -> Any:
    """Returns what is chosen in such a group: one value, a list, or None."""
    return field.data


def is_required(field: Field) -> bool:
    """Tells whether the field must be filled in."""
    return any(isinstance(v, Required | Within | DataRequired | InputRequired) for v in field.validators)


def _flat(errors: Any) -> Iterable[str]:
    if isinstance(errors, dict):
        for inner in errors.values():
            yield from _flat(inner)
    elif isinstance(errors, list | tuple):
        for inner in errors:
            yield from _flat(inner)
    else:
        yield str(errors)
