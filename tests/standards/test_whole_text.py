"""The whole text at once: ids survive, clauses come, go and move, and what cannot be kept gets a clear answer."""

import re

import pytest

from app.standards import queries, whole_text
from app.standards.drafted_documents import draft_documents
from app.standards.models import DraftKind, Revision
from tests.attack.harmless import naughty_strings
from tests.house_fixtures import House
from tests.review_cases import draft_twelve_hours, make_drafting

ALL = "/r/26-001/edit/all"


@pytest.fixture
def drafting(web: House) -> House:
    with web.app.app_context():
        make_drafting(web)
    return web


def form(html: str) -> dict[str, str]:
    found = dict(re.findall(r'<input type="hidden" name="(csrf_token|seen|text)" value="([^"]*)"', html))
    whole = re.search(r'<textarea id="whole"[^>]*>\n?(.*?)</textarea>', html, re.S)
    words = whole.group(1)
    for mark, letter in (("&gt;", ">"), ("&lt;", "<"), ("&#34;", '"'), ("&#39;", "'"), ("&amp;", "&")):
        words = words.replace(mark, letter)
    return {**found, "whole": words, "reason": ""}


def revision(house: House) -> Revision:
    return queries.revision("26-001")


def drafts(house: House) -> dict[str, DraftKind]:
    with house.app.app_context():
        return {d.clause_id: d.kind for d in queries.clause_drafts(revision(house).id)}


def order(house: House, language: str = "zh") -> list[str]:
    with house.app.app_context():
        return [c.id for c in draft_documents(revision(house))[language].clauses]


def section(whole: str, heading: str) -> str:
    return re.search(rf"### {heading}\n.*?(?=\n#|\Z)", whole, re.S).group()


def test_saving_the_text_as_it_is_changes_nothing(drafting: House) -> None:
    client = drafting.client("drafter")
    for language in ("zh", "en"):
        sent = form(client.get(f"{ALL}?text={language}").text)
        sent["whole"] = sent["whole"].replace("\n", "\r\n")  # as a browser sends it
        assert client.post(ALL, data=sent).status_code == 303
    assert drafts(drafting) == {}


def test_only_the_touched_clauses_become_drafts_and_ids_survive(drafting: House) -> None:
    client = drafting.client("drafter")
    sent = form(client.get(ALL).text)
    whole = sent["whole"].replace("### 首次答复\n", "### 第一次答复\n").replace("换货时限", "换货的时限")
    assert client.post(ALL, data={**sent, "whole": whole}).status_code == 303
    assert drafts(drafting) == {"c07": DraftKind.CHANGED, "c11": DraftKind.CHANGED}
    with drafting.app.app_context():
        after = draft_documents(revision(drafting))["zh"]
        assert after.clause("c07").heading == "第一次答复"
        assert [m.id for m in after.measures_of("c07")] == ["m01"]


def test_clauses_come_go_and_move_in_one_save(drafting: House) -> None:
    client = drafting.client("drafter")
    sent = form(client.get(ALL).text)
    whole = sent["whole"]
    gone, moved = section(whole, "运费承担"), section(whole, "办结回访")
    whole = whole.replace(gone, "").replace(moved, "")
    whole = whole.replace("## 受理\n", f"## 受理\n\n{moved}\n\n### 上门取件\n\n客户可以预约上门取件。\n")
    refused = client.post(ALL, data={**sent, "whole": whole})
    assert refused.status_code == 422
    assert "上门取件" in refused.text
    assert drafts(drafting) == {}
    assert client.post(ALL, data={**sent, "whole": whole, "reason": "并到别处"}).status_code == 303
    assert drafts(drafting) == {"c12": DraftKind.RETIRED, "c14": DraftKind.CHANGED, "c15": DraftKind.NEW}
    now = order(drafting)
    assert now[now.index("c14") : now.index("c14") + 3] == ["c14", "c15", "c05"]
    with drafting.app.app_context():
        after = draft_documents(revision(drafting))["zh"]
        assert after.clause("c14").chapter == after.clause("c15").chapter == "受理"
    again = form(client.get(ALL).text)
    assert client.post(ALL, data=again).status_code == 303
    assert len(drafts(drafting)) == 3


def test_a_stale_page_keeps_the_words_and_overwrites_nothing(drafting: House) -> None:
    client = drafting.client("drafter")
    sent = form(client.get(ALL).text)
    with drafting.app.app_context():
        draft_twelve_hours(drafting.actor("colleague"), revision(drafting))
    answer = client.post(ALL, data={**sent, "whole": sent["whole"].replace("7 日", "8 日")})
    assert answer.status_code == 409
    assert "8 日" in answer.text
    assert drafts(drafting) == {"c07": DraftKind.CHANGED}


@pytest.mark.parametrize(
    ("spoil", "status"),
    [
        (lambda whole: "话在前面\n" + whole, 422),
        (lambda whole: whole.replace("## 受理", "## 受理与登记"), 422),
        (lambda whole: whole.replace("## 受理", "## 新的一章\n\n## 受理"), 422),
        (lambda whole: whole.replace("### 首次答复\n", "### 首次答复 {#c99 .legal}\n"), 422),
        (lambda whole: whole.replace("### 首次答复\n", "### 首次答复\n\n" + "长" * 70_000), 422),
        (lambda whole: whole.replace("### 首次答复\n", "### 首次答复\n\na\u202eb\n"), 422),
        (lambda whole: whole.replace("### 首次答复\n", "### 首次答复\n\n# 大标题\n"), 422),
        (lambda whole: whole.replace("### 首次答复\n", "### 首次答复\n\n```\n"), 422),
        (lambda whole: "", 422),
        (lambda whole: "长" * 200_000, 422),
    ],
    ids=[
        "before",
        "chapter",
        "new chapter",
        "attributes",
        "200 kB",
        "bidi",
        "title",
        "code",
        "empty",
        "huge",
    ],
)
def test_what_cannot_be_kept_is_named_and_nothing_is_lost(drafting: House, spoil, status: int) -> None:
    client = drafting.client("drafter", language="en")
    sent = form(client.get(ALL).text)
    answer = client.post(ALL, data={**sent, "whole": spoil(sent["whole"])})
    assert answer.status_code == status, answer.text[:200]
    assert 'id="whole-error"' in answer.text or 'id="reason-error"' in answer.text
    assert drafts(drafting) == {}


def test_a_translation_adds_and_takes_away_nothing(drafting: House) -> None:
    client = drafting.client("drafter")
    sent = form(client.get(f"{ALL}?text=en").text)
    more = sent["whole"] + "\n\n### Pick-up at home\n\nThe customer may ask for it."
    assert client.post(ALL, data={**sent, "whole": more}).status_code == 422
    changed = sent["whole"].replace("### First reply\n", "### The first reply\n")
    assert client.post(ALL, data={**sent, "whole": changed}).status_code == 303
    assert drafts(drafting) == {"c07": DraftKind.CHANGED}


def test_naughty_strings_are_kept_as_words_or_refused_in_words(drafting: House) -> None:
    client = drafting.client("drafter")
    kept = 0
    for words in naughty_strings()[::40]:
        sent = form(client.get(ALL).text)
        whole = sent["whole"].replace("### 首次答复\n", f"### 首次答复\n\n{words}\n", 1)
        answer = client.post(ALL, data={**sent, "whole": whole})
        assert answer.status_code in (303, 422), (words, answer.status_code)
        kept += answer.status_code == 303
        assert "<script>alert" not in client.get("/r/26-001/edit").text
    assert kept > 3


def test_an_unknown_language_and_a_forged_mark_get_an_answer(drafting: House) -> None:
    client = drafting.client("drafter")
    assert client.get(f"{ALL}?text=fr").status_code == 404
    sent = form(client.get(ALL).text)
    assert client.post(ALL, data={**sent, "seen": "x"}).status_code == 409
    assert whole_text.Done().is_empty
