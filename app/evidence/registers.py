"""Owns the verbs of the registers: benchmarks, obligations with clauses and changes, periodic reviews with an outcome."""

import calendar
import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa

from app.core import activity, clock
from app.core.access import SYSTEM, Actor, Permission
from app.core.db import db
from app.core.errors import FieldError, Invalid, NotAllowed, NotFound, Reason, Refused
from app.core.text import clean_text, one_line
from app.evidence.register_models import (
    Benchmark,
    BenchmarkKind,
    Obligation,
    ObligationChange,
    ObligationClause,
    ReviewOutcome,
    StandardReview,
)
from app.standards import queries as standards_queries
from app.standards.measures import PATTERN_SLUG, Comparison, Unit, read_number
from app.standards.models import Publication, PublicationState, Standard

LIMIT_WORDS_BYTES = 8 * 1024
LIMIT_LINE_BYTES = 400


def add_benchmark(
    actor: Actor,
    *,
    kind: BenchmarkKind,
    who: str,
    clause: str,
    metric: str,
    comparison: Comparison,
    value: str,
    unit: Unit,
    source: str,
    dated_on: dt.date | None,
    note: str = "",
    who_en: str = "",
    source_en: str = "",
    note_en: str = "",
) -> Benchmark:
    """Keeps what somebody else promises beside our clause (`CS-04-C07`) and returns it.

    `_en` are the same words for readers of English, where somebody wrote them.
    Raises Invalid for a missing name, number, source or date, a date to come and an unknown clause; NotAllowed.
    """
    _must_manage(actor)
    name, where = (
        one_line(who, LIMIT_LINE_BYTES, field="who"),
        one_line(source, LIMIT_LINE_BYTES, field="source"),
    )
    number = read_number(value.strip())
    errors = [
        FieldError(field, Reason(key))
        for field, key, is_wrong in (
            ("who", "register.who_missing", not name),
            ("value", "register.value_missing", number is None),
            ("source", "register.source_missing", not where),
            ("dated_on", "register.date_missing", dated_on is None or dated_on > clock.today()),
            ("metric", "register.metric_missing", not PATTERN_SLUG.fullmatch(metric)),
        )
        if is_wrong
    ]
    if errors or dated_on is None:
        raise Invalid(errors)
    standard, clause_id = clause_place(clause)
    row = Benchmark(
        kind=kind, who=name, standard_id=standard.id, clause_id=clause_id, metric=metric, comparison=comparison,
        value=str(number), unit=unit, source=where, dated_on=dated_on,
        note=clean_text(note, LIMIT_WORDS_BYTES, field="note").strip(),
        who_en=_in_english(who_en, "who_en"), source_en=_in_english(source_en, "source_en"),
        note_en=_in_english(note_en, "note_en"), added_by_id=actor.person_id, at=clock.now(),
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    activity.record(actor, "benchmark.added", "benchmark", row.id, clause=clause_id)
    return row


def add_obligation(
    actor: Actor,
    *,
    code: str,
    title_zh: str = "",
    title_en: str = "",
    duty: str,
    source: str,
    duty_en: str = "",
    source_en: str = "",
    in_force_on: dt.date | None = None,
    clauses: Sequence[str] = (),
) -> Obligation:
    """Keeps an article of a law or norm with the clauses it binds and returns it. Raises Invalid, NotAllowed."""
    _must_manage(actor)
    name = one_line(code, 40, field="code").lower()
    titles = [one_line(title, LIMIT_LINE_BYTES, field="title_zh") for title in (title_zh, title_en)]
    what = clean_text(duty, LIMIT_WORDS_BYTES, field="duty").strip()
    where = one_line(source, LIMIT_LINE_BYTES, field="source")
    taken = db.session.scalar(sa.select(Obligation.id).where(Obligation.code == name)) is not None
    errors = [
        FieldError(field, Reason(key))
        for field, key, is_wrong in (
            ("code", "register.code_wrong", not PATTERN_SLUG.fullmatch(name)),
            ("code", "register.code_taken", taken),
            ("title_zh", "register.title_missing", not any(titles)),
            ("duty", "register.duty_missing", not what),
            ("source", "register.source_missing", not where),
        )
        if is_wrong
    ]
    if errors:
        raise Invalid(errors)
    row = Obligation(
        code=name, title_zh=titles[0], title_en=titles[1], duty=what, source=where, in_force_on=in_force_on,
        duty_en=_in_english(duty_en, "duty_en"), source_en=_in_english(source_en, "source_en"),
        added_by_id=actor.person_id, at=clock.now(),
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    link_clauses(actor, row, clauses)
    activity.record(actor, "obligation.added", "obligation", row.id)
    return row


def _in_english(words: str, field: str) -> str | None:
    return clean_text(words, LIMIT_WORDS_BYTES, field=field).strip() or None


def link_clauses(actor: Actor, obligation: Obligation, clauses: Sequence[str]) -> int:
    """Says which clauses an obligation binds, besides those it binds already; returns how many are new."""
    _must_manage(actor)
    known = {(link.standard_id, link.clause_id) for link in obligation.clauses}
    places = [clause_place(spoken) for spoken in clauses if spoken.strip()]
    new = {(standard.id, clause_id) for standard, clause_id in places} - known
    for standard_id, clause_id in sorted(new):
        obligation.clauses.append(ObligationClause(standard_id=standard_id, clause_id=clause_id))
    db.session.flush()
    if new:
        activity.record(actor, "obligation.linked", "obligation", obligation.id, clauses=len(new))
    return len(new)


def unlink_clause(actor: Actor, obligation: Obligation, clause: str, *, reason: str) -> None:
    """Says that an obligation no longer binds a clause (`CS-04-C07`), and why; both stay in the activity log.

    Raises Invalid without a reason, NotFound for a clause it does not bind, NotAllowed.
    """
    _must_manage(actor)
    standard, clause_id = clause_place(clause)
    link = next(
        (one for one in obligation.clauses if (one.standard_id, one.clause_id) == (standard.id, clause_id)),
        None,
    )
    if link is None:
        raise NotFound("register.unknown", key=clause[:20])
    words = clean_text(reason, LIMIT_WORDS_BYTES, field=f"reason-{clause.lower()}").strip()
    if not words:
        raise Invalid.of(f"reason-{clause.lower()}", "register.unlink_reason")
    obligation.clauses.remove(link)
    db.session.flush()
    activity.record(
        actor,
        "obligation.unlinked",
        "obligation",
        obligation.id,
        clause=f"{standard.code}/{clause_id}",
        reason=words,
    )


def note_change(
    actor: Actor, obligation: Obligation, *, applies_on: dt.date | None, words: str
) -> ObligationChange:
    """Writes down that a law changes, from when on and how; its page then lists every clause to look at."""
    _must_manage(actor)
    what = clean_text(words, LIMIT_WORDS_BYTES, field="words").strip()
    if not what:
        raise Invalid.of("words", "register.change_missing")
    if applies_on is None:
        raise Invalid.of("applies_on", "register.date_needed")
    row = ObligationChange(
        obligation_id=obligation.id,
        applies_on=applies_on,
        words=what,
        noted_by_id=actor.person_id,
        at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    activity.record(actor, "obligation.changed", "obligation", obligation.id, change=row.id, on=applies_on)
    return row


def begin_reviews() -> None:
    """Begins the periodic review of every standard that has none open; looked at by the clock.

    It is due `review_months` (front matter of the standard) after the last outcome, or after the first publication. A
    standard without a cycle has none.
    """
    busy = sa.select(StandardReview.standard_id).where(StandardReview.decided_at.is_(None))
    waiting = list(
        db.session.scalars(sa.select(Standard).where(Standard.id.not_in(busy)).order_by(Standard.id))
    )
    for standard in waiting:
        since = _since(standard.id)
        months = _months(standard) if since else 0
        if not months or since is None:
            continue
        due = after_months(clock.local(since).date(), months)
        row = StandardReview(standard_id=standard.id, due_on=due, opened_at=clock.now())
        db.session.add(row)
        db.session.flush()
        activity.record(SYSTEM, "standard_review.opened", "standard", standard.code, due=due)


def decide_review(
    actor: Actor, review: StandardReview, *, outcome: ReviewOutcome | None, reason: str
) -> StandardReview:
    """Ends a periodic review with keep, revise or retire, each with its reason, and begins the next one.

    Raises Invalid without an outcome or reason, Refused when it was decided meanwhile, NotAllowed.
    """
    _must_manage(actor)
    if review.decided_at is not None:
        raise Refused("register.review_decided", code=review.standard.code.upper())
    words = clean_text(reason, LIMIT_WORDS_BYTES, field="reason").strip()
    if outcome is None:
        raise Invalid.of("outcome", "register.outcome_missing")
    if not words:
        raise Invalid.of("reason", "register.reason_missing")
    review.outcome, review.reason = outcome, words
    review.decided_by_id, review.decided_at = actor.person_id, clock.now()
    db.session.flush()
    activity.record(actor, "standard_review.decided", "standard", review.standard.code, outcome=outcome.value)
    begin_reviews()
    return review


def clause_place(spoken: str) -> tuple[Standard, str]:
    """Returns the standard and the clause id of `CS-04-C07`. Raises Invalid on the field `clause`."""
    code, _dash, clause_id = spoken.strip().lower().rpartition("-")
    try:
        standard = standards_queries.standard(code)
    except NotFound:
        raise Invalid.of("clause", "register.clause_unknown", clause=spoken[:20]) from None
    if clause_id not in standard.used_clause_ids:
        raise Invalid.of("clause", "register.clause_unknown", clause=spoken[:20])
    return standard, clause_id


def after_months(day: dt.date, months: int) -> dt.date:
    """Returns the same day so many months later, the last of the month where there is no such day."""
    year, month = divmod(day.month - 1 + months, 12)
    last = calendar.monthrange(day.year + year, month + 1)[1]
    return dt.date(day.year + year, month + 1, min(day.day, last))


def _months(standard: Standard) -> int:
    documents = standards_queries.published_documents(standard)
    return max((document.front.review_months for document in documents.values()), default=0)


def _since(standard_id: int) -> dt.datetime | None:
    last = db.session.scalar(
        sa.select(sa.func.max(StandardReview.decided_at)).where(StandardReview.standard_id == standard_id)
    )
    first = db.session.scalar(
        sa.select(sa.func.min(Publication.effective_at)).where(
            Publication.standard_id == standard_id, Publication.state == PublicationState.PUBLISHED
        )
    )
    return last or first


def _must_manage(actor: Actor) -> None:
    if not actor.may(Permission.MANAGE_EVIDENCE):
        raise NotAllowed("move.no_permission", permission=Permission.MANAGE_EVIDENCE.value)
