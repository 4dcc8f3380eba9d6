"""Owns how the clause editor's form is read: plain fields in, `ClauseText` with measures out. Keeps nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from app.core.access import Role
from app.core.errors import FieldError, Invalid, Reason
from app.standards.agreement import Fix, with_value
from app.standards.drafting import ClauseText
from app.standards.measures import Measure
from app.standards.models import Materiality
from app.standards.words import TAG_WORDS

MEASURES_MOST = 6
POPULATION = ("channel", "region", "group", "priority", "category", "complexity")
AUDIENCE = (Role.AGENT, Role.TEAM_LEAD, Role.QA_AUDITOR, Role.TRAINER, Role.SERVICE_DIRECTOR)
TEXT_FIELDS = ("heading_zh", "body_zh", "heading_en", "body_en")
_PLAIN = ("metric", "comparison", "value", "peak", "unit", "share", "clock", "kind")

MeasureRow = dict[str, str | list[str]]


class FormValues(Protocol):
    """What a request's form offers."""

    def get(self, key: str, default: str, /) -> str: ...

    def getlist(self, key: str, /) -> list[str]: ...


@dataclass(frozen=True)
class ClauseInput:
    """What a drafter typed, exactly. `version` is the draft's lock version the form was opened with, None for none."""

    version: int | None
    texts: Mapping[str, str]
    tags: tuple[str, ...]
    audience: tuple[str, ...]
    materiality: str
    measures: tuple[MeasureRow, ...]

    def clause_text(self, clause_id: str, free_ids: Sequence[str]) -> ClauseText:
        """Returns the input as the verbs take it. Raises Invalid, each error on its form field (`m0-value`).

        A measure row without a value is no measure. A row whose id does not belong to the clause takes the
        next of `free_ids`.
        """
        measures, errors = self.read_measures(clause_id, free_ids)
        if errors:
            raise Invalid(errors)
        return replace(
            self.clause_words(),
            tags=self.tags,
            audience=self.audience,
            measures=measures,
            materiality=Materiality(self.materiality) if self.materiality in set(Materiality) else None,
        )

    def read_measures(
        self, clause_id: str, free_ids: Sequence[str]
    ) -> tuple[list[Measure], list[FieldError]]:
        """Returns the measures that can be read and the errors of those that cannot."""
        measures: list[Measure] = []
        errors: list[FieldError] = []
        free = list(free_ids)
        for place, row in enumerate(self.measures):
            if not str(row["value"]).strip():
                continue
            own = row["id"] if row["id"] and row["id"] not in {m.id for m in measures} else free.pop(0)
            data = {key: value for key, value in row.items() if value} | {"id": own, "clause": clause_id}
            try:
                measures.append(Measure.from_data(data))
            except Invalid as refused:
                errors += [
                    FieldError(e.field.replace("measures.", f"m{place}-"), e.reason) for e in refused.errors
                ]
        return measures, errors

    def with_fix(self, fix: Fix, clause_id: str, free_ids: Sequence[str]) -> "ClauseInput":
        """Returns the input with one number repaired; unchanged where the measure is not there or cannot be read."""
        if not fix.measure_id:
            named = (f"heading_{fix.language}", f"body_{fix.language}")
            repaired = {name: with_value(self.texts[name], fix) for name in named}
            return replace(self, texts={**self.texts, **repaired})
        measures, errors = self.read_measures(clause_id, free_ids)
        rows = [place for place, row in enumerate(self.measures) if str(row["value"]).strip()]
        wanted = next((i for i, m in enumerate(measures) if m.id == fix.measure_id), None)
        if errors or wanted is None:
            return self
        made = list(self.measures)
        made[rows[wanted]] = {**made[rows[wanted]], "peak" if fix.is_peak else "value": fix.new}
        return replace(self, measures=tuple(made))

    def without_measures(self) -> ClauseText:
        """Returns the words alone, for keeping them while a number is half typed."""
        return replace(self.clause_words(), tags=self.tags, audience=self.audience)

    def clause_words(self) -> ClauseText:
        """Returns headings and bodies alone."""
        words = self.texts
        return ClauseText(words["heading_zh"], words["body_zh"], words["heading_en"], words["body_en"])


def read_clause(form: FormValues, own_measure_ids: Sequence[str]) -> ClauseInput:
    """Reads the editor's form; unknown tags, roles and measure ids are dropped. Raises Invalid for a bad version."""
    version = form.get("version", "").strip()
    if version and not (version.isascii() and version.isdigit() and len(version) < 9):
        raise Invalid([FieldError("version", Reason("web.not_a_whole_number"))])
    count = form.get("measures", "0")
    rows = min(int(count), MEASURES_MOST) if count.isascii() and count.isdigit() and len(count) < 3 else 0
    return ClauseInput(
        version=int(version) if version else None,
        texts={name: form.get(name, "") for name in TEXT_FIELDS},
        tags=tuple(t for t in form.getlist("tags") if t in TAG_WORDS or t in form.getlist("own_tags")),
        audience=tuple(a for a in form.getlist("audience") if a in set(Role)),
        materiality=form.get("materiality", ""),
        measures=tuple(_measure_row(form, place, own_measure_ids) for place in range(rows)),
    )


def _measure_row(form: FormValues, place: int, own_ids: Sequence[str]) -> MeasureRow:
    given = form.get(f"m{place}-id", "")
    row: MeasureRow = {"id": given if given in own_ids else ""}
    row |= {name: form.get(f"m{place}-{name}", "").strip() for name in _PLAIN}
    row |= {name: form.getlist(f"m{place}-{name}") for name in POPULATION}
    return row


def row_of(measure: Measure) -> MeasureRow:
    """Returns a measure as a row of the form."""
    data = measure.to_data()
    row: MeasureRow = {"id": measure.id}
    row |= {name: str(data.get(name, "")) for name in _PLAIN}
    row |= {name: list(data.get(name, [])) for name in POPULATION}
    return row


def empty_row() -> MeasureRow:
    """Returns the row in which a new measure is typed."""
    row: MeasureRow = {
        "id": "",
        "metric": "first_reply_time",
        "comparison": "at_most",
        "value": "",
        "peak": "",
    }
    row |= {"unit": "hour", "share": "", "clock": "calendar", "kind": "internal"}
    return row | {name: [] for name in POPULATION}
