"""Owns the small library the page tests read: starter standards published through the room's own verbs."""

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import event

from app.core import clock
from app.core.access import SYSTEM
from app.core.db import db, transaction
from app.standards import drafting, library, queries, service
from app.standards.measures import Measure
from app.standards.models import Materiality, NeedSource, Publication, Revision
from app.standards.workflow import State
from tests.house_fixtures import House

STARTER = Path(__file__).resolve().parent.parent.parent / "standards_repo" / "starter"


def starter_texts(code: str) -> dict[str, str]:
    """Returns the texts of a starter standard by language."""
    return {name: (STARTER / code / f"{name}.md").read_text(encoding="utf-8") for name in ("zh", "en")}


def publish(code: str = "cs-01", *, on: dt.date | None = None, **changes: tuple[str, str]) -> None:
    """Publishes a starter standard; `zh=("old", "new")` changes its words first."""
    texts = starter_texts(code)
    for language, (old, new) in changes.items():
        assert old in texts[language], old
        texts[language] = texts[language].replace(old, new)
    library.import_standard(SYSTEM, texts, effective_on=on)
    db.session.commit()


def tighter(on: dt.date) -> None:
    """Publishes the next version of cs-01: the first reply to ordinary questions becomes 8 minutes."""
    texts = starter_texts("cs-01")
    zh = texts["zh"].replace("value: 10\n", "value: 8\n")
    start = zh.index("{#c03")
    zh = zh[:start] + zh[start:].replace("10 分钟", "8 分钟", 2)
    en = texts["en"]
    start = en.index("{#c03")
    en = en[:start] + en[start:].replace("10 minutes", "8 minutes", 2)
    library.import_standard(SYSTEM, {"zh": zh, "en": en}, effective_on=on)
    db.session.commit()


def revision_in_drafting(house: House, title: str = "普通咨询 8 分钟内首次响应") -> Revision:
    """Returns a revision of cs-01 that stands in drafting, with clause c03 named and nothing drafted."""
    director = house.actor("director")
    with transaction():
        made = service.make_revision(
            director, queries.standard("cs-01"), title=title, title_en="Reply in 8 minutes",
            source=NeedSource.COMPLAINTS,
        )  # fmt: skip
        made.problem = "312 起投诉说没人回复"
        made.drafter_id = house.person("drafter").id
        service.set_clauses(director, made, ["c03"])
        # The way here belongs to other rooms; their own tests walk it.
        made.state, made.state_since = State.DRAFTING, clock.now()
    return made


def draft_eight_minutes(house: House, revision: Revision, materiality: Materiality | None = None) -> None:
    """Drafts clause c03 in both languages: 10 minutes become 8, in text and measure."""
    drafter = house.actor("drafter")
    base = queries.published_documents(revision.standard)
    measures = []
    for measure in base["zh"].measures_of("c03"):
        measures.append(Measure.from_data({**measure.to_data(), "value": "8"}))
    text = drafting.ClauseText(
        body_zh=base["zh"].clause("c03").body.replace("10 分钟", "8 分钟"),
        body_en=base["en"].clause("c03").body.replace("10 minutes", "8 minutes"),
        measures=measures,
        materiality=materiality,
    )
    with transaction():
        drafting.save_clause(drafter, revision, "c03", text, seen_version=None)


def publication(code: str, version: str) -> Publication:
    """Returns a publication by standard and version."""
    return queries.publication(queries.standard(code).id, version)


def words_of(html: str) -> str:
    """Returns the words of a page in one line, without marks."""
    body = re.sub(r"<(script|style)\b.*?</\1>", " ", html, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


@contextmanager
def counted() -> Iterator[list[str]]:
    """Gathers the statements sent to the database inside."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
