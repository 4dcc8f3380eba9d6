"""The feed of clauses in force: customers' clauses to everybody, all of them to staff and systems with a token."""

from xml.etree import ElementTree

import pytest
import sqlalchemy as sa

from app.core.db import db, transaction
from app.evidence import articles, push_tokens
from app.standards.models import ClauseVersion, Standard
from tests.house_fixtures import House
from tests.public.test_pages import library

__all__ = ["library"]


def bearer(house: House) -> dict[str, str]:
    with house.app.app_context(), transaction():
        secret = push_tokens.make(house.actor("director"), name="Wiki", mapping=articles.NAME)[1]
    return {"Authorization": f"Bearer {secret}"}


def test_what_is_read_depends_on_who_reads(library: House) -> None:
    head, visitor = bearer(library), library.client()
    with library.app.app_context():
        rows = db.session.scalars(
            sa.select(ClauseVersion)
            .join(Standard, Standard.id == ClauseVersion.standard_id)
            .where(Standard.code == "cs-04")
        ).all()
        every = {f"CS-04-{r.clause_id.upper()}" for r in rows}
        public = {f"CS-04-{r.clause_id.upper()}" for r in rows if "public" in r.tags}
    assert public and public < every
    for reader, more, wanted in (
        (visitor, {}, public), (library.app.test_client(), head, every), (library.client("agent"), {}, every),
    ):  # fmt: skip
        data = reader.get("/feed/cs-04.json", headers=more).json
        assert {c["id"] for c in data["clauses"]} == wanted
        clause = next(c for c in data["clauses"] if c["id"] == "CS-04-C07")
        assert set(clause["heading"]) == {"zh", "en"} == set(clause["markdown"]) and clause["measures"]
        assert reader.get(clause["address"].removeprefix("http://localhost")).status_code in (200, 303)
        listed = reader.get("/feed/standards.json", headers=more).json["standards"]
        assert next(s for s in listed if s["code"] == "CS-04")["clauses"] == len(wanted)
    assert '"say"' in visitor.get("/feed/cs-04.json").text
    assert all(not c["say"] and not c["never_say"] for c in visitor.get("/feed/cs-04.json").json["clauses"])


@pytest.mark.parametrize("address", ["/feed/cs-04.html", "/feed/cs-04.html?lang=en", "/feed/changes.atom"])
def test_pages_for_a_knowledge_base_hold_no_more_than_their_reader_may_read(
    library: House, address: str
) -> None:
    few = library.client(language="en").get(address)
    many = library.app.test_client().get(address, headers=bearer(library))
    assert few.status_code == many.status_code == 200
    assert len(few.data) < len(many.data) and "Set-Cookie" not in few.headers
    if address.endswith("atom"):
        for page in (few, many):
            assert ElementTree.fromstring(page.data).tag.endswith("feed")
    else:
        assert 'id="cs-04-c07"' in few.text and "<script" not in few.text
        assert ('<h2 lang="zh-Hans">' in few.text) is ("lang" not in address)


def test_a_standard_customers_do_not_read_is_not_there_for_them(library: House) -> None:
    with library.app.app_context(), transaction():
        db.session.execute(sa.update(Standard).where(Standard.code == "cs-05").values(visibility="internal"))
    assert library.client().get("/feed/cs-05.json").status_code == 404
    assert library.client("agent").get("/feed/cs-05.json").status_code == 200
    assert library.client().get("/feed/cs-99.html").status_code == 404
