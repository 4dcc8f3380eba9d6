"""The page on which a review plan is written, drawn and refused."""

from dataclasses import replace
from typing import Any

from flask.testing import FlaskClient

from app.reviews import plans
from tests.house_fixtures import House, csrf
from tests.reviews.test_plan import BUSINESS, IT, LEGAL, planned


def rows_of(*steps: dict[str, str]) -> dict[str, str]:
    made = {"rows": str(len(steps)), "note": "按部门评审"}
    for i, step in enumerate(steps):
        made |= {f"{name}-{i}": value for name, value in step.items()}
    return made


GOOD = (
    {"kind": "legal", "order": "1", "need": "any", "required": "yes"},
    {"kind": "it", "order": "2", "need": "any", "required": "yes"},
    {
        "kind": "business",
        "order": "2",
        "department": "sales",
        "need": "count",
        "count": "1",
        "tags": "退货（大促）",
        "required": "no",
    },
)


def post(client: FlaskClient, values: dict[str, str]) -> Any:
    return client.post("/admin/review-plans", data={**values, **csrf(client.get("/admin/review-plans").text)})


def kept(house: House) -> list[tuple[str, int, tuple[str, ...]]]:
    with house.app.app_context():
        return [(s.key, s.order, s.tags) for s in plans.newest_steps()] if plans.all_plans() else []


def test_the_page_writes_a_plan_and_draws_it(web: House) -> None:
    client = web.client("admin", "en")
    assert "plan-box" in client.get("/admin/review-plans").text
    good = (*GOOD[:2], {**GOOD[2], "tags": "Refunds， peak,退款"}, {"kind": "", "order": "3"})
    assert post(client, rows_of(*good)).status_code == 303
    assert kept(web) == [("legal", 1, ()), ("it", 2, ()), ("business", 2, ("refund", "peak"))]
    page = client.get("/admin/review-plans").text
    assert (
        "clauses tagged Refunds, Peak season" in page
        and 'value="Refunds, Peak season"' in page
        and "as advice" in page
        and "按部门评审" in page
    )
    assert post(client, rows_of(*good)).status_code == 303
    with web.app.app_context():
        assert len(plans.all_plans()) == 1


def test_a_refused_plan_keeps_what_was_typed(web: House) -> None:
    client = web.client("director", "zh")
    answer = post(client, rows_of(*GOOD))
    assert answer.status_code == 422
    assert "退货（大促）" in answer.text and 'href="#tags-2"' in answer.text
    for bad in ({}, {"rows": "9" * 30}, {"rows": "-1"}, {"rows": "3", "kind-0": "\x00", "order-1": "²"}):
        assert post(client, bad).status_code == 422
    assert kept(web) == []


def test_the_review_page_shows_the_plan_and_each_own_step(web: House) -> None:
    with web.app.app_context():
        planned(web, LEGAL, replace(IT, order=2), replace(BUSINESS, order=2, department="sales"))
    page = web.client("lawyer", "en").get("/r/26-001/review").text
    assert "Business · Sales" in page and 'aria-labelledby="plan-t plan-d"' in page
    waiting = web.client("engineer", "en").get("/r/26-001/review").text
    assert "The steps before this one are still open." in waiting and 'id="signing"' not in waiting
    assert 'id="plan-26-001-t"' in web.client("director", "zh").get("/r/26-001").text
