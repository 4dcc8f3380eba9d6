"""Owns what the house knows of a proposal that begins at a benchmark, a law, a periodic review or a finding. Writes nothing.

Findings belong to a room further right, which says here how one is read.
"""

from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import gettext as _

from app.core.errors import NotFound
from app.evidence import register_queries
from app.evidence.benchmarks import Standing
from app.evidence.models import EvidenceKind
from app.evidence.register_models import ReviewOutcome
from app.proposals.prefill import Prefill, clause_rows, heading_of, short
from app.standards.measure_words import measure_sentence, metric_words, value_words
from app.standards.models import NeedSource, Standard
from app.web.filters import iso_day
from app.web.language import pick


@dataclass(frozen=True)
class FindingWords:
    """What a finding of the quality checks says for a proposal; `key` names it as evidence."""

    key: str
    standard: Standard
    clause_id: str
    title: str
    problem: str


FindingSource = Callable[[str], FindingWords | None]
_findings: list[FindingSource] = []


def provide_findings(source: FindingSource) -> None:
    """Says how a finding is read from its key; called once by the wiring page."""
    _findings[:] = [source]


def from_finding(key: str) -> Prefill | None:
    """Returns what is known from a finding of the quality checks; None when there is none of this key."""
    found = _findings[0](key) if _findings else None
    if found is None:
        raise NotFound("register.unknown", key=key[:20])
    return Prefill(
        standard=found.standard,
        clauses=(found.clause_id,),
        title=short(found.title),
        title_en="",
        problem=found.problem,
        affected="",
        source=NeedSource.AUDIT,
        evidence=((EvidenceKind.FINDING, found.key),),
        came_from=("finding", found.key),
        heading=heading_of(found.standard, found.clause_id),
    )


def from_benchmark(key: str) -> Prefill:
    """Returns what is known from a benchmark. Raises NotFound."""
    row = register_queries.benchmark(key)
    one, metric = row.benchmark, metric_words(row.benchmark.metric)
    theirs = value_words(one.number, one.unit)
    if row.standing is Standing.BEHIND:
        title = _(
            "%(who)s is stricter: %(metric)s %(value)s",
            who=pick(one.who, one.who_en),
            metric=metric,
            value=theirs,
        )
    else:
        title = _(
            "%(who)s promises %(metric)s %(value)s",
            who=pick(one.who, one.who_en),
            metric=metric,
            value=theirs,
        )
    ours = measure_sentence(row.ours) if row.ours else _("nothing of this kind")
    problem = _(
        "%(who)s: %(metric)s %(value)s (%(source)s, %(day)s). We promise: %(ours)s.",
        who=pick(one.who, one.who_en), metric=metric, value=theirs, source=pick(one.source, one.source_en), day=iso_day(one.dated_on), ours=ours,
    )  # fmt: skip
    return Prefill(
        standard=one.standard,
        clauses=(one.clause_id,),
        title=short(title),
        title_en="",
        problem=problem,
        affected="",
        source=NeedSource.BENCHMARK,
        evidence=((EvidenceKind.BENCHMARK, one.key),),
        came_from=("benchmark", one.key),
        heading=heading_of(one.standard, one.clause_id),
    )


def from_law(key: str) -> Prefill:
    """Returns what is known from a law and one of its clauses, `pipl-17/CS-09-C02`. Raises NotFound."""
    code, _slash, spoken = key.partition("/")
    law = register_queries.obligation(code)
    one = next((one for one in register_queries.touched(law) if one.spoken.lower() == spoken.lower()), None)
    if one is None:
        raise NotFound("register.unknown", key=key[:20])
    name, changed = pick(law.title_zh, law.title_en), law.changes[0] if law.changes else None
    if changed:
        title = _("%(law)s changes from %(day)s", law=name, day=iso_day(changed.applies_on))
        problem = _("%(words)s (applies from %(day)s)", words=changed.words, day=iso_day(changed.applies_on))
    else:
        title, problem = _("Keep to %(law)s", law=name), pick(law.duty, law.duty_en)
    return Prefill(
        standard=one.standard,
        clauses=(one.clause_id,),
        title=short(title),
        title_en="",
        problem=f"{problem}\n{law.source}",
        affected="",
        source=NeedSource.LAW,
        evidence=((EvidenceKind.LAW, law.code),),
        came_from=("law", key),
        heading=heading_of(one.standard, one.clause_id),
    )


def from_review(key: str) -> Prefill:
    """Returns what is known from a periodic review that ended with revise or retire. Raises NotFound.

    Retiring concerns every clause; which clauses are revised is asked on the next page.
    """
    row = register_queries.review(int(key)) if key.isascii() and key.isdigit() and len(key) < 9 else None
    if row is None or row.outcome in (None, ReviewOutcome.KEEP):
        raise NotFound("register.unknown", key=key[:20])
    standard, is_over = row.standard, row.outcome is ReviewOutcome.RETIRE
    name = pick(standard.title_zh, standard.title_en)
    title = _("Retire %(name)s", name=name) if is_over else _("Revise %(name)s after its review", name=name)
    return Prefill(
        standard=standard,
        clauses=tuple(r.clause_id for r in clause_rows(standard)) if is_over else (),
        title=short(title),
        title_en="",
        problem=row.reason,
        affected="",
        source=NeedSource.STAFF_IDEA,
        evidence=((EvidenceKind.NOTE, f"{standard.code}/review-{row.id}"),),
        came_from=("review", str(row.id)),
        note=_("Periodic review: %(reason)s", reason=row.reason),
    )
