"""Owns how the forms of review are read: plain fields in, values for the verbs out. Keeps nothing."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from app.core import clock
from app.core.errors import FieldError, Reason
from app.reviews.checklists import Answered
from app.reviews.freshness import Kind
from app.reviews.models import Answer


class FormValues(Protocol):
    """What a request's form offers."""

    def get(self, key: str, default: str, /) -> str: ...

    def getlist(self, key: str, /) -> list[str]: ...


@dataclass(frozen=True)
class Signing:
    """What a reviewer sends with a signature: the text version and the (part, hash) pairs the page showed."""

    step: str
    version: int | None
    parts: dict[str, str]
    comment: str
    password: str
    code: str
    feasible: str
    effort: str | None
    earliest_on: dt.date | None
    process: str
    errors: tuple[FieldError, ...]


def read_signing(form: FormValues) -> Signing:
    """Reads the sign box. `errors` name what is missing for IT and a date that is none; the rest is checked by verbs."""
    step = form.get("kind", "")
    feasible, effort = form.get("feasible", ""), form.get("effort", "") or None
    earliest, errors = _date(form.get("earliest_on", "").strip())
    if is_it(step):
        if feasible not in ("yes", "conditions", "no"):
            errors.append(FieldError("feasible", Reason("review.feasible_missing")))
        if feasible != "no" and effort not in ("S", "M", "L"):
            errors.append(FieldError("effort", Reason("review.effort_missing")))
        if feasible == "conditions" and not form.get("comment", "").strip():
            errors.append(FieldError("comment", Reason("review.condition_missing")))
    return Signing(
        step=step,
        version=version_of(form) or None,
        parts=parts_of(form),
        comment=form.get("comment", ""),
        password=form.get("password", ""),
        code=form.get("code", "").strip(),
        feasible=feasible,
        effort=effort,
        earliest_on=earliest,
        process=form.get("process", ""),
        errors=tuple(errors),
    )


def version_of(form: FormValues) -> int:
    """Reads the number of the text version that a page showed; 0 where the form does not say."""
    number = form.get("version", "")
    return int(number) if number.isascii() and number.isdigit() and len(number) < 9 else 0


def parts_of(form: FormValues) -> dict[str, str]:
    """Reads the (part, hash) pairs that a page showed: {part: sha256}."""
    return {p: h for p, _, h in (pair.rpartition(":") for pair in form.getlist("part")) if p}


def is_it(step: str) -> bool:
    """Tells whether a step of that key asks IT; keys begin with their field, see `plan.arranged`."""
    return step.partition("-")[0] == Kind.IT.value


def read_answers(form: FormValues, items: Iterable[str]) -> dict[str, Answered]:
    """Reads the checklist: `{item: answer}` of those that have one."""
    made = {}
    for item in items:
        given = form.get(f"a-{item}", "")
        if given in set(Answer):
            clause, note = form.get(f"c-{item}", ""), form.get(f"n-{item}", "")
            made[item] = Answered(Answer(given), clause or None, note)
    return made


def _date(text: str) -> tuple[dt.date | None, list[FieldError]]:
    if not text:
        return None, []
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None, [FieldError("earliest_on", Reason("review.earliest_bad"))]
    if day < clock.today() or day.year > clock.today().year + 10:
        return None, [FieldError("earliest_on", Reason("review.earliest_bad"))]
    return day, []
