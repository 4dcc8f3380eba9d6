"""Attacks the import of standards: a text that could not be shown is refused before anything is kept."""

import pytest

from app.core.access import SYSTEM
from app.core.db import db
from app.core.errors import DomainError
from app.standards import library
from app.standards.models import Publication, Standard
from tests.attack.test_sizes import SLOW
from tests.house_fixtures import House
from tests.standards.reading_world import starter_texts


@pytest.mark.parametrize("name", ["brackets", "links", "mixed", "quotes", "table"])
def test_a_text_that_no_page_could_show_is_not_imported(sqlite_house: House, name: str) -> None:
    zh = starter_texts("cs-02")["zh"].rstrip() + f"\n\n### 附则 {{#c90}}\n\n{SLOW[name]}\n"
    with pytest.raises(DomainError):
        library.import_standard(SYSTEM, {"zh": zh})
    db.session.rollback()
    assert db.session.query(Standard).count() == 0, [
        (p.state, p.version) for p in db.session.query(Publication)
    ]
