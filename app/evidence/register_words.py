"""Owns the words of the registers in both languages: kinds, standings, outcomes, and what is refused."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core import clock
from app.evidence.benchmarks import Standing
from app.evidence.register_models import BenchmarkKind, ReviewOutcome
from app.evidence.register_queries import Law
from app.web.filters import day
from app.web.language import pick
from app.web.log_words import register_log
from app.web.reasons import register_reasons

BENCHMARK_WORDS: dict[BenchmarkKind, Any] = {
    BenchmarkKind.COMPETITOR: _l("Competitor"),
    BenchmarkKind.NORM: _l("Norm"),
    BenchmarkKind.INDUSTRY: _l("The trade"),
}
STANDING_WORDS: dict[Standing, Any] = {
    Standing.AHEAD: _l("we are stricter"),
    Standing.EVEN: _l("the same"),
    Standing.BEHIND: _l("they are stricter"),
    Standing.OPEN: _l("not comparable"),
}
OUTCOME_WORDS: dict[ReviewOutcome, Any] = {
    ReviewOutcome.KEEP: _l("Keep it"),
    ReviewOutcome.REVISE: _l("Revise it"),
    ReviewOutcome.RETIRE: _l("Retire it"),
}
OUTCOME_HINTS: dict[ReviewOutcome, Any] = {
    ReviewOutcome.KEEP: _l("No revision is needed; the reason stands for ever"),
    ReviewOutcome.REVISE: _l("A proposal opens, already filled in"),
    ReviewOutcome.RETIRE: _l("A proposal to retire all its clauses opens, already filled in"),
}

register_reasons(
    {
        "register.who_missing": _l("Say who promises it."),
        "register.value_missing": _l("Enter the number, for example 12."),
        "register.source_missing": _l("Say where it is written: a page, a document, an article."),
        "register.date_missing": _l("Enter the day of the source, today or earlier."),
        "register.metric_missing": _l("Choose what is measured."),
        "register.clause_unknown": _l("There is no clause %(clause)s. Enter it like CS-04-C07."),
        "register.code_wrong": _l("Give it a short name of small letters, digits and hyphens, like pipl-17."),
        "register.code_taken": _l("Another entry has this short name."),
        "register.title_missing": _l("Enter the title, in one language at least."),
        "register.duty_missing": _l("Write in your own words what it asks of us."),
        "register.change_missing": _l("Write what changes."),
        "register.date_needed": _l("Enter the day from which it applies."),
        "register.outcome_missing": _l("Choose one of the three: keep, revise or retire."),
        "register.reason_missing": _l("Write the reason: keeping a standard needs one as well."),
        "register.review_decided": _l("The review of %(code)s was decided meanwhile."),
        "register.unlink_reason": _l("Write why it no longer binds this clause."),
        "article.address": _l("Paste the whole address of the article; it begins with https://"),
        "article.title": _l("Write the title of the article."),
        "article.clauses": _l("Name a clause it cites, for example CS-04-C07."),
        "article.many": _l("An article cites at most %(most)s clauses."),
        "article.rows": _l("Only the first %(most)s rows were read; send the others as another list."),
        "article.unknown": _l("The register has no such article."),
        "register.unknown": _l("The registers have no %(key)s."),
    }
)

register_log(
    {
        "benchmark.added": _l("Added a benchmark"),
        "obligation.added": _l("Added a law or norm"),
        "obligation.unlinked": _l("Took a clause off a law"),
        "obligation.linked": _l("Linked a law to clauses"),
        "obligation.changed": _l("Noted a change of a law"),
        "standard_review.opened": _l("Began a periodic review"),
        "standard_review.decided": _l("Decided a periodic review"),
    },
    {"benchmark": _l("Benchmark"), "obligation": _l("Law or norm")},
)


def benchmark_kind_words(kind: BenchmarkKind) -> str:
    """Returns whom we compare ourselves with."""
    return str(BENCHMARK_WORDS[kind])


def standing_words(standing: Standing) -> str:
    """Returns how we stand against somebody else."""
    return str(STANDING_WORDS[standing])


def outcome_words(outcome: ReviewOutcome) -> str:
    """Returns how a periodic review ended."""
    return str(OUTCOME_WORDS[outcome])


def law_words(law: Law) -> str:
    """Returns a law as it stands beside a clause, with the day of a change that is still to come."""
    name = pick(law.title_zh, law.title_en)
    if law.changes_on is None or law.changes_on <= clock.today():
        return name
    return str(_("%(law)s (changes from %(day)s)", law=name, day=day(law.changes_on)))
