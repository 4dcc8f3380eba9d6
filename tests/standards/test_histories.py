"""Bringing histories in: every text of every document beside what we publish, ids carried, twice without change."""

import datetime as dt
import re
import subprocess
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.core import clock, errors
from app.core.access import SYSTEM
from app.core.db import db
from app.standards import earlier, histories, imports, queries, service
from app.standards.history_models import EarlierState, EarlierText, ImportedHistory
from app.standards.models import Publication, Standard
from app.standards.store_access import store
from app.standards.verification import verify
from tests.git_cases import Elsewhere, listed_by_git
from tests.house_fixtures import House
from tests.standards.reading_world import words_of

RULES = "# 投诉规则\n\n## 受理\n\n客服收到投诉后登记编号，并告知投诉者。\n\n## 答复\n\n普通投诉在 24 小时内答复。\n"
LONGER = RULES + "\n## 回访\n\n结案后 3 天内由班组长回访投诉者。\n"
TIGHTER = LONGER.replace("24 小时", "12 小时").replace("## 答复", "## 答复时限")


@pytest.fixture
def there(tmp_path: Path) -> Elsewhere:
    made = Elsewhere(tmp_path / "there")
    made.commit({"rules.md": RULES}, author="ann@x.example")
    made.commit({"rules.md": LONGER}, author="bob@x.example")
    made.commit({"docs/投诉.md": TIGHTER, "rules.md": None}, author="ann@x.example")
    return made


def rows(code: str) -> list[EarlierText]:
    standard = queries.standard(code)
    return list(
        db.session.scalars(
            sa.select(EarlierText)
            .where(EarlierText.standard_id == standard.id)
            .order_by(EarlierText.position)
        )
    )


def brought(file: Path) -> str:
    done = imports.import_path(SYSTEM, file)
    assert done["refused"] == 0, done["errors"]
    return str(done["documents"][0]["code"])


def ids(row: EarlierText) -> list[tuple[str, str]]:
    document = earlier.document_of(row)
    return [(c.id, c.heading) for c in document.clauses] if document else []


@pytest.mark.samples
@pytest.mark.parametrize(
    ("name", "commits", "documents"), [("ruanyf-document-style-guide", 95, 8), ("usds-playbook-md", 170, 19)]
)
def test_the_real_histories_come_in_as_git_lists_them(
    sqlite_house: House, samples: Path, tmp_path: Path, name: str, commits: int, documents: int
) -> None:
    file = samples / "policies" / f"{name}.bundle"
    done = imports.import_path(SYSTEM, file)
    assert (done["created"], done["refused"]) == (documents, 0), done["errors"]
    assert done["histories"][0]["commits"] == commits
    clone = tmp_path / "clone.git"
    subprocess.run(["git", "clone", "-q", "--bare", str(file), str(clone)], check=True)
    for standard in db.session.scalars(sa.select(Standard)):
        path = (standard.source_name or "").partition(":")[2]
        listed = [row.source_commit for row in reversed(rows(standard.code))]
        assert listed == listed_by_git(clone, path), path
        newest = rows(standard.code)[-1]
        published = queries.newest_publication(standard.id)
        assert published is not None and newest.text in published.content.values()
    before = db.session.scalar(sa.select(sa.func.count(EarlierText.id)))
    again = imports.import_path(SYSTEM, file)
    assert (again["unchanged"], again["histories"][0]["new_texts"]) == (documents, 0)
    assert db.session.scalar(sa.select(sa.func.count(EarlierText.id))) == before
    assert db.session.scalar(sa.select(sa.func.count(Publication.id))) == documents


def test_every_text_has_its_date_and_its_clauses_keep_their_ids(house: House, there: Elsewhere) -> None:
    code = brought(there.bundle())
    first, second, third = rows(code)
    assert [ids(row) for row in (first, second, third)] == [
        [("c01", "受理"), ("c02", "答复")],
        [("c01", "受理"), ("c02", "答复"), ("c03", "回访")],
        [("c01", "受理"), ("c02", "答复时限"), ("c03", "回访")],
    ]
    assert [row.changes for row in (first, second, third)] == [
        [["c01", "new", ""], ["c02", "new", ""]],
        [["c03", "new", ""]],
        [["c02", "changed", ""]],
    ]
    assert [row.path for row in (first, second, third)] == ["rules.md", "rules.md", "docs/投诉.md"]
    assert first.at == dt.datetime.fromtimestamp(1_600_086_400, dt.UTC)
    assert queries.standard(code).used_clause_ids == ["c01", "c02", "c03"]


def test_authors_stand_under_a_name_of_this_history_only(house: House, there: Elsewhere) -> None:
    first, second, third = rows(brought(there.bundle()))
    assert first.author_subject == third.author_subject != second.author_subject
    assert re.fullmatch("x-[0-9a-f]{8}", first.author_subject)
    history = db.session.scalar(sa.select(ImportedHistory))
    assert history is not None
    assert histories.pseudonym(history.salt, "ann@x.example") == first.author_subject
    assert histories.pseudonym("another", "ann@x.example") != first.author_subject


def test_the_same_bundle_again_changes_nothing_and_a_longer_one_adds(house: House, there: Elsewhere) -> None:
    code = brought(there.bundle())
    before = [(row.id, row.number) for row in rows(code)]
    same = imports.import_path(SYSTEM, there.bundle())
    assert (same["unchanged"], same["histories"][0]["new_texts"]) == (1, 0)
    assert [(row.id, row.number) for row in rows(code)] == before
    there.commit({"docs/投诉.md": None, "投诉办法.md": TIGHTER.replace("3 天", "2 天")})
    longer = imports.import_path(SYSTEM, there.bundle())
    assert (longer["updated"], longer["documents"][0]["code"]) == (1, code), (
        "it is the same document, renamed"
    )
    assert [(row.id, row.number) for row in rows(code)][:3] == before
    assert rows(code)[-1].changes == [["c03", "changed", ""]]
    older = imports.import_path(SYSTEM, there.bundle())
    assert older["unchanged"] == 1


def test_a_history_that_went_another_way_is_refused(house: House, there: Elsewhere) -> None:
    brought(there.bundle())
    there.git("reset", "-q", "--hard", "HEAD~1")
    there.commit({"rules.md": LONGER + "\n## 别的\n\n另一条路。\n"})
    done = imports.import_path(SYSTEM, there.bundle())
    assert (done["refused"], done["errors"][0]["key"]) == (1, "history.other_way")


def test_a_clause_that_comes_back_has_its_old_id(house: House, tmp_path: Path) -> None:
    there = Elsewhere(tmp_path / "elsewhere")
    for text in (LONGER, RULES, LONGER + "\n## 收费\n\n不得向投诉者收费。\n"):
        there.commit({"a.md": text})
    code = brought(there.bundle())
    assert ids(rows(code)[-1])[2:] == [("c03", "回访"), ("c04", "收费")]


def test_what_cannot_be_read_is_listed_with_its_reason(house: House, tmp_path: Path) -> None:
    there = Elsewhere(tmp_path / "elsewhere")
    there.commit({"a.md": RULES, "bad.md": b"\xff\xfe\x00bad"})
    there.commit({"a.md": b"\x80\x81\xff\xff"})
    there.commit({"a.md": None})
    there.commit({"a.md": RULES.encode("gb18030")})
    done = imports.import_path(SYSTEM, there.bundle())
    assert (done["created"], done["refused"]) == (1, 1)
    assert done["errors"][0]["file"].endswith(": bad.md")
    code = done["documents"][0]["code"]
    assert [row.state for row in rows(code)] == [
        EarlierState.TEXT, EarlierState.UNREADABLE, EarlierState.GONE, EarlierState.TEXT,
    ]  # fmt: skip
    assert rows(code)[1].why["key"] == "import.not_text"
    assert rows(code)[3].changes == [], "the words are the same again"


def test_a_text_from_elsewhere_is_no_promise_of_ours(house: House, there: Elsewhere) -> None:
    code = brought(there.bundle())
    standard = queries.standard(code)
    assert [p.version for p in queries.publications(standard.id)] == ["1.0"]
    assert queries.in_force(standard.id, rows(code)[1].at).bindings == ()
    assert {b.version.effective_at for b in queries.in_force(standard.id).bindings} == {
        clock.start_of(clock.today())
    }


def test_what_was_revised_here_is_not_overwritten(house: House, there: Elsewhere) -> None:
    code = brought(there.bundle())
    standard = queries.standard(code)
    newest = queries.newest_publication(standard.id)
    assert newest is not None
    revision = _revised_here(house, standard)
    newest.revision_id = revision
    db.session.commit()
    there.commit({"docs/投诉.md": TIGHTER.replace("3 天", "2 天")})
    done = imports.import_path(SYSTEM, there.bundle())
    assert done["histories"][0]["new_texts"] == 1
    assert [p.version for p in queries.publications(standard.id)] == ["1.0"]
    assert rows(code)[-1].changes == [["c03", "changed", ""]]


def test_the_texts_stand_in_the_archive_too(house: House, there: Elsewhere, tmp_path: Path) -> None:
    code = brought(there.bundle())
    house.run_jobs()
    refs = store().refs("refs/imports/")
    assert len(refs) == 1
    (ref, head), *_ = refs.items()
    chain = store().commits(ref)
    texts = rows(code)
    assert [c.author_subject for c in chain] == [row.author_subject for row in texts]
    assert [c.trailers["Source-Commit"] for c in chain] == [row.source_commit for row in texts]
    assert (store().read_file(head, f"standards/{code}/zh.md") or b"").decode() == texts[-1].text
    assert verify(store().path) == []
    whole = subprocess.run(
        ["git", "-C", str(store().path), "log", "--all", "--format=%an %ae %cn %ce %B"],
        capture_output=True, check=True, text=True,
    ).stdout  # fmt: skip
    assert "x.example" not in whole and "Some One" not in whole
    there.commit({"docs/投诉.md": TIGHTER.replace("3 天", "2 天")})
    imports.import_path(SYSTEM, there.bundle())
    house.run_jobs()
    assert store().is_ancestor(head, store().refs("refs/imports/")[ref])


def test_only_who_may_publish_brings_a_history_in(house: House, there: Elsewhere) -> None:
    with pytest.raises(errors.NotAllowed):
        histories.import_bundle(house.actor("drafter"), there.bundle())


def test_the_history_page_lists_and_compares_them(web: House, there: Elsewhere) -> None:
    with web.app.app_context():
        code = brought(there.bundle())
        db.session.remove()
    for language, before, never in (
        ("zh", "入库之前的早期文本", "从未在这里发布"),
        ("en", "Earlier texts, from before it came here", "never published here"),
    ):
        client = web.client("agent", language)
        page = client.get(f"/s/{code}/history")
        assert before in words_of(page.text)
        assert [f"/s/{code}/earlier/{n}" in page.text for n in (1, 2, 3, 4)] == [True, True, True, False]
        one = client.get(f"/s/{code}/earlier/1")
        assert never in words_of(one.text) and "24 小时内答复" in one.text
        assert client.get(f"/s/{code}/earlier/9").status_code == 404
        chosen = client.get(f"/s/{code}/compare?old=e1&new=e3")
        assert chosen.status_code == 303 and chosen.location.endswith(f"/s/{code}/compare/e1..e3")
        compared = client.get(chosen.location)
        assert "<del" in compared.text and "12" in words_of(compared.text)
        assert client.get(f"/s/{code}/compare/e3..1.0").status_code == 200
        assert client.get(f"/s/{code}/compare/e3..e99").status_code == 404
        assert client.get(f"/s/{code}/compare").location.endswith(f"/s/{code}/history")


def _revised_here(house: House, standard: Standard) -> int:
    return service.make_revision(house.actor("director"), standard, title="在这里改过").id
