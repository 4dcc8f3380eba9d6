"""Owns what a scorecard's page shows: the questions with what was measured, and how typed answers are read."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flask_babel import gettext as _

from app.audits import queries, texts
from app.audits.criteria import Criterion, Measured, criteria_for
from app.audits.models import Appeal, AuditPlan, Sample, SampleState, ScoreLine
from app.audits.scorecards import Scored
from app.audits.scoring import Answer
from app.evidence.models import Ticket
from app.standards import queries as standards
from app.standards.measure_words import measure_short, unit_words
from app.standards.models import ClauseVersion, Publication, Standard
from app.web.filters import duration
from app.web.formats import number

MINUTES_A_CONTACT = 4


@dataclass(frozen=True)
class Question:
    """One clause of the card. `had_read` tells whether the agent had acknowledged the text before the contact.

    It is None for texts of pilots, and for first versions that the agent did not have to read and did not.
    """

    criterion: Criterion
    version: str
    measured: list[tuple[str, str, bool]]  # target, observed, kept
    had_read: bool | None
    answer: str = ""
    note: str = ""
    cause: str = ""
    answer_error: str = ""
    note_error: str = ""


@dataclass(frozen=True)
class CardPage:
    """A contact with its card and how far the month is."""

    sample: Sample
    plan: AuditPlan
    ticket: Ticket
    questions: list[Question]
    place: int
    drawn: int
    done: int

    @property
    def left(self) -> int:
        """How many contacts of the month are still to be checked."""
        return self.drawn - self.done

    @property
    def minutes(self) -> int:
        """Honest minutes for what is left."""
        return self.left * MINUTES_A_CONTACT


@dataclass(frozen=True)
class LineRow:
    """One line of a kept card with its clause: the text it was checked against, or for a pilot's text any text.

    `had_read` is as on the card; None as well on pages that do not ask for it.
    """

    line: ScoreLine
    standard: Standard
    version: ClauseVersion
    is_pilot: bool
    appeal: Appeal | None
    had_read: bool | None = None


def card_page(sample: Sample) -> CardPage:
    """Returns the card of a waiting contact, nothing answered."""
    plan = queries.plan_by_id(sample.plan_id)
    ticket = queries.ticket_of(sample)
    criteria = criteria_for(ticket, plan.standard_ids)
    publications = texts.publications_by_id({c.version.publication_id for c in criteria})
    reading = _reading(ticket, {c.standard.id for c in criteria})
    counts = queries.counts(plan.id)
    done = counts.get(SampleState.SCORED, 0)
    return CardPage(
        sample=sample,
        plan=plan,
        ticket=ticket,
        questions=[_question(c, publications[c.version.publication_id], reading) for c in criteria],
        place=done + 1,
        drawn=done + counts.get(SampleState.WAITING, 0),
        done=done,
    )


def read_answers(page: CardPage, typed: Mapping[str, str]) -> list[Scored]:
    """Returns what was answered; a clause without a known answer is left out and the verb names it."""
    known = {answer.value for answer in Answer}
    return [
        Scored(
            key,
            typed.get(f"hash-{key}", ""),
            Answer(typed[f"answer-{key}"]),
            typed.get(f"note-{key}", ""),
            typed.get(f"cause-{key}", ""),
        )
        for key in (q.criterion.key for q in page.questions)
        if typed.get(f"answer-{key}") in known
    ]


def with_typed(page: CardPage, typed: Mapping[str, str], problems: list[tuple[str, str]]) -> CardPage:
    """Returns the page with what was typed and what is wrong with it."""
    wrong = dict(problems)
    questions = [
        replace(
            q,
            answer=typed.get(f"answer-{q.criterion.key}", ""),
            note=typed.get(f"note-{q.criterion.key}", ""),
            cause=typed.get(f"cause-{q.criterion.key}", ""),
            answer_error=wrong.get(f"answer-{q.criterion.key}", ""),
            note_error=wrong.get(f"note-{q.criterion.key}", ""),
        )
        for q in page.questions
    ]
    return replace(page, questions=questions)


def line_rows(lines: list[ScoreLine]) -> list[LineRow]:
    """Returns kept lines with the clause texts that bound; a fixed number of queries."""
    named = {s.id: s for s in standards.standards()}
    known = texts.texts_of(lines)
    appeals = queries.appeals_of([line.id for line in lines])
    made = []
    for line in lines:
        version = known.get((line.standard_id, line.clause_id, line.clause_hash))
        clause = version or next(v for k, v in known.items() if k[:2] == (line.standard_id, line.clause_id))
        made.append(LineRow(line, named[line.standard_id], clause, version is None, appeals.get(line.id)))
    return made


def lines_of(lines: list[ScoreLine], ticket: Ticket) -> list[LineRow]:
    """Returns the kept lines of one contact, each with whether its agent had acknowledged the text that bound."""
    rows, reading = line_rows(lines), _reading(ticket, {line.standard_id for line in lines})
    return [
        row
        if row.is_pilot
        else replace(
            row, had_read=reading.get((row.line.standard_id, row.line.clause_id, row.line.clause_hash))
        )
        for row in rows
    ]


def _reading(ticket: Ticket, standard_ids: set[int]) -> dict[tuple[int, str, str], bool]:
    """Returns of each text that the agent had to read, or did read, whether it was before the contact."""
    read = texts.texts_read(ticket)
    if read is None:
        return {}
    return dict.fromkeys(texts.texts_to_read(standard_ids), False) | dict.fromkeys(read, True)


def _question(
    criterion: Criterion, publication: Publication, reading: dict[tuple[int, str, str], bool]
) -> Question:
    name = (criterion.standard.id, criterion.clause_id, criterion.clause_hash)
    return Question(
        criterion=criterion,
        version=publication.version,
        measured=[(measure_short(m.measure), _observed(m), m.is_kept) for m in criterion.measured],
        had_read=None if criterion.is_pilot else reading.get(name),
    )


def _observed(measured: Measured) -> str:
    if measured.minutes is not None:
        return duration(measured.minutes)
    words: str = _(
        "%(number)s %(unit)s",
        number=number(measured.value, 0 if measured.value == int(measured.value) else 1),
        unit=unit_words(measured.measure.unit, measured.value),
    )
    return words
