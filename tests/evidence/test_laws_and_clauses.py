"""A law and its clauses: taking one off needs a reason that stays, and the lawyer sees the laws where the clause is reviewed."""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.activity import ActivityLine
from app.core.db import db, transaction
from app.core.errors import Invalid, NotAllowed, NotFound
from app.evidence import register_queries as queries
from app.evidence import registers
from app.evidence.register_models import Obligation
from tests import story
from tests.house_fixtures import MONDAY, House, csrf
from tests.proposal_cases import open_copy


@pytest.fixture
def filled(stocked: Path, tmp_path: Path) -> Iterator[House]:
    with open_copy(stocked, tmp_path / "filled") as house:
        yield house


def add_law(house: House, *clauses: str) -> Obligation:
    return registers.add_obligation(
        house.actor("director"), code="pipl-17", title_zh="个人信息保护法 第十七条", title_en="PIPL, article 17",
        duty="告知处理目的", source="全国人大", clauses=clauses,
    )  # fmt: skip


def bound(law: Obligation) -> list[str]:
    return [one.spoken for one in queries.touched(law)]


def test_a_clause_is_taken_off_with_a_reason_that_stays_in_the_log(filled: House) -> None:
    with filled.app.app_context(), transaction():
        law = add_law(filled, "CS-04-C07", "CS-04-C02")
        registers.unlink_clause(filled.actor("director"), law, "cs-04-c07", reason="本条不涉及个人信息")
        assert bound(law) == ["CS-04-C02"]
        line = db.session.scalars(
            sa.select(ActivityLine).where(ActivityLine.verb == "obligation.unlinked")
        ).one()
        assert "本条不涉及个人信息" in line.line and "cs-04/c07" in line.line
        registers.link_clauses(filled.actor("director"), law, ["CS-04-C07"])  # a mistake is put right
        assert bound(law) == ["CS-04-C02", "CS-04-C07"]


def test_without_a_reason_or_a_link_nothing_is_taken_off(filled: House) -> None:
    with filled.app.app_context(), transaction():
        law, director = add_law(filled, "CS-04-C07"), filled.actor("director")
        with pytest.raises(Invalid) as refused:
            registers.unlink_clause(director, law, "CS-04-C07", reason="  ")
        assert refused.value.errors[0].field == "reason-cs-04-c07"
        with pytest.raises(NotFound):
            registers.unlink_clause(director, law, "CS-04-C02", reason="没有关系")
        with pytest.raises(NotAllowed):
            registers.unlink_clause(filled.actor("lawyer"), law, "CS-04-C07", reason="没有关系")
        assert bound(law) == ["CS-04-C07"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_of_a_law_takes_a_clause_off(filled: House, language: str) -> None:
    with filled.app.app_context(), transaction():
        add_law(filled, "CS-04-C07", "CS-04-C02")
    client = filled.client("director", language)
    page = client.get("/e/laws/pipl-17")
    (address,) = re.findall(r'action="(/e/laws/pipl-17/clauses/cs-04-c07/removal)"', page.text)
    refused = client.post(address, data={**csrf(page.text), "reason": ""})
    assert refused.status_code == 422 and 'href="#reason-cs-04-c07"' in refused.text
    assert client.post(address, data={**csrf(page.text), "reason": "本条不涉及"}).status_code == 303
    after = client.get("/e/laws/pipl-17").text
    assert "cs-04-c07/removal" not in after and "cs-04-c02/removal" in after
    assert "removal" not in filled.client("auditor", language).get("/e/laws/pipl-17").text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_lawyer_sees_the_laws_beside_each_clause_of_the_review(web: House, language: str) -> None:
    with web.app.app_context(), clock.frozen(MONDAY):
        revision = story.given_in_review(web)
        with transaction():
            law = add_law(web, "CS-04-C07")
            registers.note_change(
                web.actor("director"),
                law,
                applies_on=clock.today() + dt.timedelta(days=30),
                words="告知要显著",
            )
        number = revision.number
        db.session.remove()
    with clock.frozen(MONDAY):
        page = web.client("lawyer", language).get(f"/r/{number}/review").text
        said = "个人信息保护法 第十七条" if language == "zh" else "PIPL, article 17"
        assert re.search(rf'<article[^>]* id="c07".*?{said}.*?</article>', page, re.DOTALL)
