"""The registers: benchmarks beside our measures, laws that list the clauses they touch, reviews that must end somehow."""

import datetime as dt
from decimal import Decimal

import pytest

from app.core import clock
from app.core.access import SYSTEM
from app.core.db import db, transaction
from app.core.errors import DomainError, Invalid, NotAllowed, Refused
from app.evidence import register_queries as queries
from app.evidence import registers
from app.evidence.benchmarks import Standing, Theirs, compare, nearest
from app.evidence.register_models import BenchmarkKind, Obligation, ReviewOutcome, StandardReview
from app.evidence.registers import after_months
from app.standards import library
from app.standards import queries as standards
from app.standards.measures import Clock, Comparison, Measure, Unit
from tests.house_fixtures import MONDAY, House
from tests.proposal_cases import starter
from tests.snapshots import remembered

AT_MOST, AT_LEAST = Comparison.AT_MOST, Comparison.AT_LEAST
CLAUSE = "CS-04-C07"


def ours(
    value: str, unit: Unit, comparison: Comparison = AT_MOST, clock_of: Clock = Clock.CALENDAR
) -> Measure:
    return Measure("m01", "c07", "first_reply_time", comparison, Decimal(value), unit, clock=clock_of)


@pytest.mark.parametrize(
    ("mine", "theirs", "stands"),
    [
        (ours("24", Unit.HOUR), ("12", Unit.HOUR), Standing.BEHIND),
        (ours("24", Unit.HOUR), ("1", Unit.DAY), Standing.EVEN),
        (ours("10", Unit.MINUTE), ("1", Unit.HOUR), Standing.AHEAD),
        (ours("60", Unit.MINUTE), ("1", Unit.HOUR), Standing.EVEN),
        (ours("2", Unit.WORKING_DAY), ("1", Unit.WORKING_DAY), Standing.BEHIND),
        (ours("2", Unit.WORKING_DAY), ("24", Unit.HOUR), Standing.OPEN),
        (ours("85", Unit.PERCENT, AT_LEAST), ("12", Unit.HOUR), Standing.OPEN),
    ],
)
def test_a_benchmark_is_compared_in_one_unit(
    mine: Measure, theirs: tuple[str, Unit], stands: Standing
) -> None:
    other = Theirs("first_reply_time", AT_MOST, Decimal(theirs[0]), theirs[1])
    assert compare(other, mine) is stands


@pytest.mark.parametrize(("value", "stands"), [("80", "ahead"), ("85", "even"), ("90", "behind")])
def test_at_least_is_stricter_the_higher_it_is(value: str, stands: str) -> None:
    mine = Measure("m01", "c07", "fcr", AT_LEAST, Decimal(85), Unit.PERCENT)
    assert compare(Theirs("fcr", AT_LEAST, Decimal(value), Unit.PERCENT), mine) == stands


def test_the_strictest_measure_of_ours_answers() -> None:
    theirs = Theirs("first_reply_time", AT_MOST, Decimal(12), Unit.HOUR)
    strict, loose = ours("1", Unit.HOUR), ours("24", Unit.HOUR)
    assert nearest(theirs, [loose, strict]) == (strict, Standing.AHEAD)
    assert nearest(theirs, []) == (None, Standing.OPEN)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2026-12-15", 12, "2027-12-15"),
        ("2026-11-30", 3, "2027-02-28"),
        ("2026-06-01", 6, "2026-12-01"),
    ],
)
def test_months_later_is_the_same_day_or_the_last(day: str, months: int, later: str) -> None:
    assert after_months(dt.date.fromisoformat(day), months).isoformat() == later


@remembered
def filled(house: House) -> None:
    with clock.frozen(MONDAY), transaction():
        library.import_standard(SYSTEM, starter("cs-04"))


def add_benchmark(house: House, by: str = "director", **values: object) -> object:
    given = {
        "kind": BenchmarkKind.COMPETITOR, "who": "某平台", "clause": CLAUSE, "metric": "first_reply_time",
        "comparison": AT_MOST, "value": "1", "unit": Unit.MINUTE, "source": "官网承诺页",
        "dated_on": MONDAY.date(),
    }  # fmt: skip
    return registers.add_benchmark(house.actor(by), **{**given, **values})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("who", {"who": " "}),
        ("value", {"value": "soon"}),
        ("value", {"value": ""}),
        ("source", {"source": ""}),
        ("dated_on", {"dated_on": None}),
        ("dated_on", {"dated_on": dt.date(2027, 1, 1)}),
        ("clause", {"clause": "CS-04-C99"}),
        ("clause", {"clause": "nothing"}),
        ("metric", {"metric": "DROP TABLE"}),
    ],
)
def test_a_benchmark_needs_source_date_value_and_clause(house: House, field: str, values: dict) -> None:
    filled(house)
    with clock.frozen(MONDAY), pytest.raises(Invalid) as refused:
        add_benchmark(house, **values)
    assert [error.field for error in refused.value.errors] == [field]
    assert queries.benchmarks() == []


def test_whoever_is_stricter_stands_first(house: House) -> None:
    filled(house)
    with clock.frozen(MONDAY):
        add_benchmark(house, value="90", unit=Unit.DAY, who="慢的")
        add_benchmark(house, value="1", unit=Unit.MINUTE, who="快的")
        rows = queries.benchmarks()
        assert [row.benchmark.who for row in rows] == ["快的", "慢的"]
        assert [row.standing for row in rows] == [Standing.BEHIND, Standing.AHEAD]
        assert queries.benchmark("b-1").benchmark.who == "慢的"
        for key in ("B-9", "B-", "B-１", "B-99999999999"):
            with pytest.raises(DomainError):
                queries.benchmark(key)


def test_only_who_manages_evidence_writes_the_registers(house: House) -> None:
    filled(house)
    with clock.frozen(MONDAY), pytest.raises(NotAllowed):
        add_benchmark(house, by="agent")


def add_law(house: House, **values: object) -> Obligation:
    given = {
        "code": "pipl-17",
        "title_zh": "个人信息保护法 第十七条",
        "duty": "告知",
        "source": "flk.npc.gov.cn",
    }
    return registers.add_obligation(
        house.actor("director"), **{**given, "clauses": [CLAUSE, "CS-04-C02"], **values}
    )  # type: ignore[arg-type]


def test_a_changed_law_lists_every_clause_it_touches_once(house: House) -> None:
    filled(house)
    with clock.frozen(MONDAY):
        law = add_law(house)
        assert registers.link_clauses(house.actor("director"), law, [CLAUSE, "cs-04-c03", ""]) == 1
        registers.note_change(
            house.actor("director"), law, applies_on=dt.date(2027, 1, 1), words="告知要用粗体"
        )
        db.session.expire_all()
        found = queries.obligation("PIPL-17")
        assert [one.spoken for one in queries.touched(found)] == ["CS-04-C02", "CS-04-C03", CLAUSE]
        assert [change.words for change in found.changes] == ["告知要用粗体"]
        standard = standards.standard("cs-04")
        beside = queries.laws_by_clause(standard.id)
        assert sorted(beside) == ["c02", "c03", "c07"]
        assert [(law.code, law.changes_on) for law in beside["c07"]] == [("pipl-17", dt.date(2027, 1, 1))]


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("code", {"code": "第十七条"}),
        ("code", {"code": "pipl-17"}),
        ("title_zh", {"title_zh": ""}),
        ("duty", {"duty": " "}),
        ("source", {"source": ""}),
        ("clause", {"clauses": ["CS-99-C01"]}),
    ],
)
def test_a_law_that_lacks_something_is_not_kept(house: House, field: str, values: dict) -> None:
    filled(house)
    with clock.frozen(MONDAY):
        with transaction():
            add_law(house)
        with pytest.raises(Invalid) as refused:
            add_law(house, **{"code": "pipl-18", **values})
        assert refused.value.errors[0].field == field
        db.session.rollback()
        assert [law.code for law in queries.obligations()] == ["pipl-17"]


def test_a_review_begins_once_and_ends_with_an_outcome_and_a_reason(house: House) -> None:
    filled(house)
    with clock.frozen(MONDAY):
        registers.begin_reviews()
        registers.begin_reviews()
        (review,) = queries.open_reviews()
        assert review.due_on == dt.date(2027, 9, 7) and queries.overdue_reviews() == []
    with clock.frozen(MONDAY + dt.timedelta(days=365)):
        assert queries.overdue_reviews() == [review]
        director = house.actor("director")
        for outcome, reason, field in ((None, "x", "outcome"), (ReviewOutcome.KEEP, " ", "reason")):
            with pytest.raises(Invalid) as refused:
                registers.decide_review(director, review, outcome=outcome, reason=reason)
            assert refused.value.errors[0].field == field
        registers.decide_review(director, review, outcome=ReviewOutcome.KEEP, reason="投诉很少")
        with pytest.raises(Refused):
            registers.decide_review(director, review, outcome=ReviewOutcome.RETIRE, reason="再来一次")
        (following,) = queries.open_reviews()
        assert following.due_on == dt.date(2028, 9, 7)
        assert [row.reason for row in queries.decided_reviews()] == ["投诉很少"]


def test_the_database_holds_one_open_review_a_standard(house: House) -> None:
    filled(house)
    with clock.frozen(MONDAY):
        registers.begin_reviews()
        (review,) = queries.open_reviews()
        db.session.add(
            StandardReview(standard_id=review.standard_id, due_on=review.due_on, opened_at=clock.now())
        )
        with pytest.raises(Exception, match=r"(?i)unique"):
            db.session.flush()
        db.session.rollback()
