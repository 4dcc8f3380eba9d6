"""Importing the starter library: publications, projection, what binds when."""

import datetime as dt
from pathlib import Path

from app.core import activity, clock
from app.core.access import SYSTEM
from app.core.db import db
from app.standards import library, queries
from tests.house_fixtures import MONDAY, House

STARTER = Path(__file__).resolve().parents[2] / "standards_repo" / "starter"


def starter(code: str) -> dict[str, str]:
    return {language: (STARTER / code / f"{language}.md").read_text("utf-8") for language in ("zh", "en")}


def test_a_standard_is_published_and_binds_from_its_date(house: House) -> None:
    made = library.import_standard(SYSTEM, starter("cs-04"))
    assert (made.outcome, made.versions) == ("created", 1)
    standard = queries.standard("cs-04")
    assert (standard.title_zh, standard.title_en) != (None, None)
    found = queries.in_force(standard.id)
    assert len(found.bindings) == made.clauses
    assert found.binding("c07").version.key.body_zh  # type: ignore[union-attr]
    assert queries.in_force(standard.id, MONDAY - dt.timedelta(days=1)).bindings == ()
    assert activity.verify_chain() == []


def test_importing_twice_changes_nothing(house: House) -> None:
    library.import_standard(SYSTEM, starter("cs-01"))
    lines = activity.head()
    assert library.import_standard(SYSTEM, starter("cs-01")).outcome == "unchanged"
    assert activity.head() == lines


def test_only_the_changed_clause_gets_a_new_instant(house: House) -> None:
    library.import_standard(SYSTEM, starter("cs-04"))
    texts = {
        k: t.replace("24 小时", "12 小时").replace("24 hours", "12 hours").replace("value: 24", "value: 12")
        for k, t in starter("cs-04").items()
    }
    with clock.frozen(MONDAY + dt.timedelta(days=30)):
        made = library.import_standard(SYSTEM, texts)
        assert (made.outcome, made.versions) == ("updated", 2)
        standard = queries.standard("cs-04")
        changed = [
            b.clause_id for b in queries.in_force(standard.id).bindings if b.version.effective_at > MONDAY
        ]
    assert "c07" in changed and len(changed) < 4
    before = queries.in_force(standard.id, MONDAY + dt.timedelta(days=29)).binding("c07")
    assert before is not None and "24 小时" in before.version.key.body_zh  # type: ignore[union-attr]
    db.session.commit()
