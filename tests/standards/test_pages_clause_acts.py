"""Moving, splitting and joining over HTTP in both languages, and where a published version tells of it."""

import re

from app.core.db import transaction
from app.standards import descent, drafting, queries
from app.standards.manifest import read_manifest
from app.standards.matching import Origin
from tests.house_fixtures import House
from tests.review_cases import make_drafting
from tests.standards.test_clause_acts import CODE, ZH, join, publish_draft, split


def test_the_publication_carries_the_lineage_and_a_clause_page_tells_it(web: House) -> None:
    with web.app.app_context():
        revision = make_drafting(web, ("c07", "c09", "c10"))
        split(web, revision)
        join(web, revision, "c09", "c10")
        with transaction():
            drafting.retire_clause(web.actor("drafter"), revision, "c12", reason="不再需要", successor="c11")
        publication_id = publish_draft(web, revision)
        assert publication_id
        found = {
            clause: [
                (r.origin, r.clause_id, r.is_source) for r in descent.relatives(revision.standard_id, clause)
            ]
            for clause in ("c15", "c10", "c12", "c07")
        }
        assert found == {
            "c15": [(Origin.SPLIT, "c07", True)],
            "c10": [(Origin.MERGED, "c09", False)],
            "c12": [(Origin.REPLACED, "c11", False)],
            "c07": [(Origin.SPLIT, "c15", False)],
        }
        manifest = read_manifest(queries.newest_publication(revision.standard_id).manifest)
        assert {step["clause"] for step in manifest.reasons["lineage"]} == {"c15", "c10", "c12"}
    reader = web.client("agent")
    for clause, words, other in (
        ("c15", "SPLIT", "C07"),
        ("c10", "MERGED", "C09"),
        ("c12", "REPLACED", "C11"),
    ):
        page = reader.get(f"/s/cs-04/{clause}").text
        assert re.search(rf"{ZH[words]} <a class=\"id\"[^>]*>CS-04-{other}<", page), page


def test_the_three_acts_over_http_in_both_languages(web: House) -> None:
    with web.app.app_context():
        make_drafting(web, ("c07", "c09", "c10"))
    zh, en = web.client("drafter"), web.client("drafter", language="en")
    for client, words in ((zh, "放到哪里"), (en, "Where is it to stand?")):
        assert words in client.get(f"{CODE}/c07/move").text
    sent = hidden(zh.get(f"{CODE}/c07/move").text)
    assert zh.post(f"{CODE}/c07/move", data={**sent, "place": "after:c07"}).status_code == 422
    assert zh.post(f"{CODE}/c07/move", data={**sent, "place": "nonsense"}).status_code == 422
    assert zh.post(f"{CODE}/c07/move", data={**sent, "place": "after:c12"}).status_code == 303
    assert "移动" in zh.get(CODE).text

    page = zh.get(f"{CODE}/c09/split").text
    assert 'name="at_zh"' in page
    form = hidden(page)
    assert zh.post(f"{CODE}/c09/split", data=form).status_code == 422
    form |= {"at_zh": "1", "at_en": "1", "heading_zh": "退款的例外", "heading_en": "Exceptions"}
    assert zh.post(f"{CODE}/c09/split", data={**form, "seen": "0" * 16}).status_code == 409
    done = zh.post(f"{CODE}/c09/split", data=form)
    assert done.location.endswith("/edit/c15")
    assert (
        zh.post(f"{CODE}/c09/split", data=form).status_code == 409
    )  # the same form again splits nothing more
    assert "Split off from C09" in en.get(CODE).text

    assert "Which clause goes into it?" in en.get(f"{CODE}/c07/join").text
    page = en.get(f"{CODE}/c07/join?with=c10").text
    form = {**hidden(page), **boxes(page)}
    assert en.post(f"{CODE}/c07/join", data=form).location.endswith("/edit/c07")
    assert "Taken into C07" in en.get("/r/26-001/changes").text
    assert en.get(f"{CODE}/c10/move").status_code == 409
    assert en.get(f"{CODE}/c07/join?with=<script>").status_code == 200
    assert en.get(f"{CODE}/c99/split").status_code == 409


def hidden(html: str) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html)
    return {name: value for name, value in found if name != "lang"}


def boxes(html: str) -> dict[str, str]:
    made = dict(re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\n?(.*?)</textarea>', html, re.S))
    return made | dict(
        re.findall(r'<input type="text" id="[^"]+" name="(heading_[^"]+)" value="([^"]*)"', html)
    )
