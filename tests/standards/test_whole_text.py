"""The whole text at once: ids survive, clauses come, go and move, and what cannot be kept gets a clear answer."""

import re
from html import unescape

import pytest

from app.core.db import transaction
from app.reviews import queries as review_queries
from app.standards import clause_acts, queries, submitting, texts, whole_text
from app.standards import drafting as drafting_verbs
from app.standards.clause import Chapter
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
    found = dict(
        re.findall(r'<input type="hidden" name="(csrf_token|version|text|base)" value="([^"]*)"', html)
    )
    whole = re.search(r'<textarea id="whole"[^>]*>\n?(.*?)</textarea>', html, re.S)
    fields = {name: unescape(value) for name, value in found.items()}
    return {**fields, "whole": unescape(whole.group(1)), "reason": ""}


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
        (lambda whole: "```\n" + whole, 422),
        (lambda whole: whole.replace("## 受理\n", "### 受理\n"), 422),
        (lambda whole: whole.replace("## 受理", "## 新的一章\n\n## 受理"), 422),
        (lambda whole: whole.replace("### 首次答复\n", "## 首次答复\n"), 422),
        (lambda whole: whole.replace("## 受理\n", "## 新的一章\n\n一段话。\n\n## 受理\n"), 422),
        (lambda whole: whole.replace("### 首次答复\n", "### 首次答复 {#c99 .legal}\n"), 422),
        (lambda whole: whole.replace("### 首次答复\n", "### 首次答复\n\n" + "长" * 70_000), 422),
        (lambda whole: whole.replace("### 首次答复\n", "### 首次答复\n\na\u202eb\n"), 422),
        (lambda whole: whole.replace("### 首次答复\n", "### 首次答复\n\n# 大标题\n"), 422),
        (lambda whole: whole.replace("### 首次答复\n", "### 首次答复\n\n```\n"), 422),
        (lambda whole: "", 422),
        (lambda whole: "长" * 200_000, 422),
    ],
    ids=[
        "open code before",
        "chapter as clause",
        "empty chapter",
        "clause as chapter",
        "chapter text",
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
    every = naughty_strings()
    for words in every[:: max(1, len(every) // 12)]:
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
    assert client.post(ALL, data={**sent, "version": "x"}).status_code == 409
    assert whole_text.Done().is_empty


def chapters(house: House, language: str = "zh") -> list[str]:
    with house.app.app_context():
        return [
            b.heading for b in draft_documents(revision(house))[language].blocks if isinstance(b, Chapter)
        ]


def chapter_of(house: House, clause_id: str) -> str:
    with house.app.app_context():
        return draft_documents(revision(house))["zh"].clause(clause_id).chapter


def save(house: House, change, who: str = "drafter", language: str = "zh", **more: str):
    client = house.client(who)
    sent = form(client.get(f"{ALL}?text={language}").text)
    return client.post(ALL, data={**sent, "whole": change(sent["whole"]), **more})


def test_chapters_come_go_move_and_get_other_names(drafting: House) -> None:
    first = chapters(drafting)
    assert save(drafting, lambda w: f"本标准说明退换货怎么办。\n\n{w}").status_code == 303
    assert save(drafting, lambda w: w.replace(f"## {first[0]}\n", "## 申请与受理\n")).status_code == 303
    assert chapters(drafting) == ["申请与受理", *first[1:]]
    assert drafts(drafting) == {}, "the clauses stay as they are"
    divided = save(drafting, lambda w: w.replace("### 首次答复\n", "## 答复\n\n### 首次答复\n"))
    assert divided.status_code == 303
    assert chapter_of(drafting, "c07") == "答复"
    before = order(drafting)
    assert save(drafting, lambda w: w.replace("## 答复\n\n", "")).status_code == 303
    assert "答复" not in chapters(drafting) and order(drafting) == before
    last = first[-1]

    def last_first(whole: str) -> str:
        moved = re.search(rf"## {last}\n.*\Z", whole, re.S).group()
        return whole.replace(moved, "").replace("## 申请与受理", f"{moved}\n\n## 申请与受理", 1)

    assert save(drafting, last_first).status_code == 303
    assert chapters(drafting)[0] == last and drafts(drafting) == {}
    with drafting.app.app_context():
        row = revision(drafting)
        assert draft_documents(row)["zh"].preamble.startswith("本标准说明退换货怎么办。\n")
        assert {"between/zh", "order/zh"} == set(texts.current_parts(row))
    page = drafting.client("lawyer").get("/r/26-001/changes").text
    assert "首条之前的文字" in page and "申请与受理" in page


def test_a_chapter_with_only_new_clauses_holds_them_and_moves_follow(drafting: House) -> None:
    added = "\n\n## 上门\n\n### 上门取件\n\n客户可以预约。\n\n### 上门退款\n\n当场登记。\n"
    assert save(drafting, lambda w: w + added).status_code == 303
    assert [chapter_of(drafting, c) for c in ("c15", "c16")] == ["上门", "上门"]
    with drafting.app.app_context(), transaction():
        clause_acts.move_clause(drafting.actor("drafter"), revision(drafting), "c05", after="c15")
    assert chapter_of(drafting, "c05") == "上门" and order(drafting)[-3:] == ["c15", "c05", "c16"]
    with drafting.app.app_context(), transaction():
        drafting_verbs.discard_draft(drafting.actor("drafter"), revision(drafting), "c05")
    assert chapter_of(drafting, "c05") == "受理"


def test_a_frame_as_published_again_is_no_draft_and_free_for_others(drafting: House) -> None:
    with drafting.app.app_context():
        other = make_drafting(drafting, ("c09",), title="回访比例").number
    sent = form(drafting.client("drafter").get(ALL).text)
    assert save(drafting, lambda w: f"引言。\n\n{w}").status_code == 303
    taken = drafting.client("colleague")
    elsewhere = form(taken.get(f"/r/{other}/edit/all").text)
    wish = {**elsewhere, "whole": f"别的引言。\n\n{elsewhere['whole']}"}
    answer = taken.post(f"/r/{other}/edit/all", data=wish)
    assert answer.status_code == 409 and "26-001" in answer.text and "别的引言" in answer.text
    assert save(drafting, lambda w: sent["whole"]).status_code == 303
    assert taken.post(f"/r/{other}/edit/all", data=wish).status_code == 303


def test_two_who_write_the_whole_text_get_both_changes_or_are_told(drafting: House) -> None:
    one, two = drafting.client("drafter"), drafting.client("colleague", language="en")
    mine, theirs = form(one.get(ALL).text), form(two.get(ALL).text)
    change = {**mine, "whole": mine["whole"].replace("换货时限", "换货的时限")}
    assert one.post(ALL, data=change).status_code == 303
    fits = two.post(ALL, data={**theirs, "whole": f"引言。\n\n{theirs['whole']}"})
    assert fits.status_code == 409 and "Both changes are in the box" in fits.text
    both = form(fits.text)
    assert "引言。" in both["whole"] and "换货的时限" in both["whole"]
    assert two.post(ALL, data=both).status_code == 303
    collides = two.post(ALL, data={**theirs, "whole": theirs["whole"].replace("换货时限", "换货期限")})
    assert collides.status_code == 409 and "What others changed while you were writing" in collides.text
    assert "换货期限" in form(collides.text)["whole"]


def test_what_is_typed_outlives_the_browser_and_the_server(drafting: House) -> None:
    client = drafting.client("drafter")
    sent = form(client.get(ALL).text)
    typed = sent["whole"].replace("换货时限", "写到一半")
    said = client.post(f"{ALL}/autosave", data={**sent, "whole": typed})
    assert said.status_code == 200 and said.json["saved"]
    assert drafts(drafting) == {}, "half a sentence is no draft yet"
    again = client.get(ALL).text
    assert "写到一半" not in again and "kept=1" in again
    assert "kept=1" not in drafting.client("colleague").get(ALL).text, "one's own words"
    with drafting.app.app_context():
        draft_twelve_hours(drafting.actor("colleague"), revision(drafting))
    put_back = form(client.get(f"{ALL}?kept=1").text)
    assert "写到一半" in put_back["whole"]
    told = client.post(ALL, data=put_back)
    assert told.status_code == 409
    assert client.post(ALL, data=form(told.text)).status_code == 303
    assert drafts(drafting) == {"c07": DraftKind.CHANGED, "c11": DraftKind.CHANGED}
    assert "kept=1" not in client.get(ALL).text
    assert client.post(f"{ALL}/autosave", data={**sent, "whole": "长" * 200_000}).status_code == 422


def test_who_wrote_the_chapters_does_not_sign_them(drafting: House) -> None:
    assert save(drafting, lambda w: f"引言。\n\n{w}", who="colleague").status_code == 303
    with drafting.app.app_context():
        row = revision(drafting)
        assert drafting.person("colleague").id in review_queries.authors_of(row)
        draft_twelve_hours(drafting.actor("drafter"), row)
        with transaction():
            submitting.submit(drafting.actor("drafter"), row)
        drafting.run_jobs()
    page = drafting.client("lawyer").get("/r/26-001/review").text
    assert "首条之前的文字" in page and "引言。" in page
