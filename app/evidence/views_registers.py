"""Owns the pages of the registers: benchmarks, laws and norms, periodic reviews. A blueprint of its own, below `/e`."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core import clock
from app.core.access import Permission, requires
from app.core.db import transaction
from app.core.errors import Invalid
from app.evidence import register_queries, register_words, registers
from app.evidence.register_models import BenchmarkKind, ReviewOutcome
from app.people import sign_in
from app.standards.measure_words import METRIC_WORDS, metric_words, unit_words, value_words
from app.standards.measures import Comparison, Unit
from app.web.banner import flash_done
from app.web.forms import problems_from
from app.web.language import pick
from app.web.teaching import teach
from app.web.typed import day_of, one_of

register_pages = Blueprint("registers", __name__, template_folder="templates")

teach(
    register_pages,
    {
        "benchmark_kind_words": register_words.benchmark_kind_words,
        "standing_words": register_words.standing_words,
        "outcome_words": register_words.outcome_words,
        "law_words": register_words.law_words,
        "value_words": value_words,
        "metric_name": metric_words,
    },
)


@register_pages.get("/e/benchmarks")
@requires(Permission.READ_EVIDENCE)
def benchmarks() -> ResponseReturnValue:
    """Shows what others promise beside our measures, those who are stricter first."""
    return _benchmarks()


@register_pages.post("/e/benchmarks")
@requires(Permission.MANAGE_EVIDENCE)
def add_benchmark() -> ResponseReturnValue:
    """Keeps a benchmark."""
    form = request.form
    try:
        with transaction():
            row = registers.add_benchmark(
                sign_in.actor(),
                kind=one_of(BenchmarkKind, form.get("kind")) or BenchmarkKind.COMPETITOR,
                who=form.get("who", ""),
                clause=form.get("clause", ""),
                metric=form.get("metric", ""),
                comparison=one_of(Comparison, form.get("comparison")) or Comparison.AT_MOST,
                value=form.get("value", ""),
                unit=one_of(Unit, form.get("unit")) or Unit.HOUR,
                source=form.get("source", ""),
                dated_on=day_of(form.get("dated_on")),
                note=form.get("note", ""),
                who_en=form.get("who_en", ""),
                source_en=form.get("source_en", ""),
                note_en=form.get("note_en", ""),
            )
            who = pick(row.who, row.who_en)
    except Invalid as error:
        return _benchmarks(typed=form, problems=problems_from(error.errors)), 422
    flash_done(_("%(who)s is in the register.", who=who))
    return redirect(url_for(".benchmarks"), 303)


@register_pages.get("/e/laws")
@requires(Permission.READ_EVIDENCE)
def laws() -> ResponseReturnValue:
    """Shows the laws and norms that bind clauses, those that changed last first."""
    return _laws()


@register_pages.post("/e/laws")
@requires(Permission.MANAGE_EVIDENCE)
def add_law() -> ResponseReturnValue:
    """Keeps an article of a law or norm with its clauses."""
    form = request.form
    try:
        with transaction():
            row = registers.add_obligation(
                sign_in.actor(),
                code=form.get("code", ""),
                title_zh=form.get("title_zh", ""),
                title_en=form.get("title_en", ""),
                duty=form.get("duty", ""),
                source=form.get("source", ""),
                duty_en=form.get("duty_en", ""),
                source_en=form.get("source_en", ""),
                in_force_on=day_of(form.get("in_force_on")),
                clauses=_clauses(),
            )
            code = row.code
    except Invalid as error:
        return _laws(typed=form, problems=problems_from(error.errors)), 422
    flash_done(_("%(code)s is in the register.", code=code))
    return redirect(url_for(".law", code=code), 303)


@register_pages.get("/e/laws/<code>")
@requires(Permission.READ_EVIDENCE)
def law(code: str) -> ResponseReturnValue:
    """Shows one law: what it asks, its changes, and every clause it touches."""
    return _law(code)


@register_pages.post("/e/laws/<code>/clauses")
@requires(Permission.MANAGE_EVIDENCE)
def link_clauses(code: str) -> ResponseReturnValue:
    """Says which other clauses a law binds."""
    try:
        with transaction():
            count = registers.link_clauses(sign_in.actor(), register_queries.obligation(code), _clauses())
    except Invalid as error:
        return _law(code, typed=request.form, problems=problems_from(error.errors)), 422
    flash_done(_("%(count)s clauses are new here.", count=count))
    return redirect(url_for(".law", code=code), 303)


@register_pages.post("/e/laws/<code>/clauses/<clause>/removal")
@requires(Permission.MANAGE_EVIDENCE)
def unlink_clause(code: str, clause: str) -> ResponseReturnValue:
    """Says that a law no longer binds a clause, with a reason."""
    try:
        with transaction():
            registers.unlink_clause(
                sign_in.actor(),
                register_queries.obligation(code),
                clause,
                reason=request.form.get("reason", ""),
            )
    except Invalid as error:
        return _law(code, typed=request.form, problems=problems_from(error.errors)), 422
    flash_done(_("%(clause)s is no longer bound by it.", clause=clause.upper()))
    return redirect(url_for(".law", code=code), 303)


@register_pages.post("/e/laws/<code>/changes")
@requires(Permission.MANAGE_EVIDENCE)
def note_change(code: str) -> ResponseReturnValue:
    """Writes down that a law changes."""
    try:
        with transaction():
            registers.note_change(
                sign_in.actor(),
                register_queries.obligation(code),
                applies_on=day_of(request.form.get("applies_on")),
                words=request.form.get("words", ""),
            )
    except Invalid as error:
        return _law(code, typed=request.form, problems=problems_from(error.errors)), 422
    flash_done(_("The change is noted; look at each clause below."))
    return redirect(url_for(".law", code=code), 303)


@register_pages.get("/e/reviews")
@requires(Permission.READ_EVIDENCE)
def reviews() -> ResponseReturnValue:
    """Shows which standards are due for their periodic review, and how the last ones ended."""
    return _reviews()


@register_pages.post("/e/reviews/<int:review_id>/outcome")
@requires(Permission.MANAGE_EVIDENCE)
def decide_review(review_id: int) -> ResponseReturnValue:
    """Ends a periodic review; revising and retiring go on to the proposal."""
    outcome = one_of(ReviewOutcome, request.form.get("outcome"))
    try:
        with transaction():
            row = registers.decide_review(
                sign_in.actor(),
                register_queries.review(review_id),
                outcome=outcome,
                reason=request.form.get("reason", ""),
            )
            code = row.standard.code.upper()
    except Invalid as error:
        problems = [(f"{field}-{review_id}", words) for field, words in problems_from(error.errors)]
        return _reviews(typed=request.form, wrong=review_id, problems=problems), 422
    if outcome is ReviewOutcome.KEEP:
        flash_done(_("%(code)s stays as it is; the next review is in the list.", code=code))
        return redirect(url_for(".reviews"), 303)
    return redirect(url_for("proposals.new", review=review_id), 303)


def _benchmarks(**more: object) -> str:
    return render_template(
        "evidence/benchmarks.html",
        rows=register_queries.benchmarks(),
        kinds=[(kind.value, register_words.benchmark_kind_words(kind)) for kind in BenchmarkKind],
        metrics=[(key, str(words)) for key, words in METRIC_WORDS.items()],
        units=[(unit.value, unit_words(unit)) for unit in Unit],
        comparisons=[("at_most", _("at most")), ("at_least", _("at least"))],
        **more,
    )


def _laws(**more: object) -> str:
    return render_template(
        "evidence/laws.html", rows=register_queries.obligations(), today=clock.today(), **more
    )


def _law(code: str, **more: object) -> str:
    row = register_queries.obligation(code)
    return render_template(
        "evidence/law.html", law=row, touched=register_queries.touched(row), today=clock.today(), **more
    )


def _reviews(**more: object) -> str:
    return render_template(
        "evidence/reviews.html",
        open_ones=register_queries.open_reviews(),
        decided=register_queries.decided_reviews(),
        today=clock.today(),
        outcomes=[
            (one.value, register_words.outcome_words(one), str(register_words.OUTCOME_HINTS[one]))
            for one in ReviewOutcome
        ],
        **more,
    )


def _clauses() -> list[str]:
    return request.form.get("clauses", "").replace(",", " ").replace("，", " ").replace("、", " ").split()
