"""The whole text at once: ids survive, clauses come, go and move, and what cannot be kept gets a clear answer."""

import pytest
import sqlalchemy as sa

from app.core.activity import ActivityLine
from app.core.db import db, transaction
from app.reviews import queries as review_queries
from app.standards import clause_acts, queries, submitting, texts, whole_text
from app.standards import drafting as drafting_verbs
from app.standards.clause import Chapter
from app.standards.drafted_documents import draft_documents
from app.standards.models import DraftKind, Revision
from tests.attack.harmless import naughty_strings
from tests.house_fixtures import House
from tests.review_cases import draft_twelve_hours, make_drafting, make_review
from tests.reviews.test_pages_review import sign
from tests.standards.test_pages_edit import fields

ALL = "/r/26-001/edit/all"


@pytest.fixture
def drafting(web: House) -> House:
    with web.app.app_context():
        make_drafting(web)
    return web


def form(html: str) -> dict[str, str]:
    """Returns what a browser would send of the page's boxes."""
    return {name: str(value) for name, value in fields(html).items()}


def revision(house: House) -> Revision:
    return queries.revision("26-001")


def drafts(house: House) -> dict[str, DraftKind]:
    with house.app.app_context():
        return {d.clause_id: d.kind for d in queries.clause_drafts(revision(house).id)}


def order(house: House, language: str = "zh") -> list[str]:
    with house.app.app_context():
        return [c.id for c in draft_documents(revision(house))[language].clauses]


def replaced(sent: dict[str, str], old: str, new: str) -> dict[str, str]:
    """Returns the form with other words in every box that has the old ones; what the form began with stays."""
    assert any(old in text for name, text in sent.items() if name != "base"), old
    return {name: text if name == "base" else text.replace(old, new) for name, text in sent.items()}


def reordered(sent: dict[str, str], change) -> dict[str, str]:
    """Returns the form with its rows in another order, named without their levels."""
    levels = dict(place.split(":") for place in sent["order"].split())
    keys = change(list(levels))
    return {
        **sent,
        "order": " ".join(f"{key}:{levels.get(key, '2' if key[0] == 'h' else '3')}" for key in keys),
    }


def test_saving_the_text_as_it_is_changes_nothing(drafting: House) -> None:
    client = drafting.client("drafter")
    for language in ("zh", "en"):
        sent = form(client.get(f"{ALL}?text={language}").text)
        sent = {name: text.replace("\n", "\r\n") for name, text in sent.items()}  # as a browser sends it
        assert client.post(ALL, data=sent).status_code == 303
    assert drafts(drafting) == {}


def test_no_sign_of_the_files_stands_in_the_boxes(drafting: House) -> None:
    sent = form(drafting.client("drafter").get(ALL).text)
    boxes = [text for name, text in sent.items() if name.startswith(("heading-", "body-", "preamble"))]
    assert len(boxes) > 20
    assert not [line for box in boxes for line in box.split("\n") if line.startswith(("#", ">", "{"))]


def test_only_the_touched_clauses_become_drafts_and_ids_survive(drafting: House) -> None:
    client = drafting.client("drafter")
    sent = form(client.get(ALL).text)
    sent = replaced(
        {**sent, "heading-c07": "第一次答复", "body-c07": "全是新的话。"}, "换货时限", "换货的时限"
    )
    assert client.post(ALL, data=sent).status_code == 303
    assert drafts(drafting) == {"c07": DraftKind.CHANGED, "c11": DraftKind.CHANGED}
    with drafting.app.app_context():
        after = draft_documents(revision(drafting))["zh"]
        assert (after.clause("c07").heading, after.clause("c07").body) == ("第一次答复", "全是新的话。")
        assert [m.id for m in after.measures_of("c07")] == ["m01"]


def test_clauses_come_go_and_move_in_one_save(drafting: House) -> None:
    client = drafting.client("drafter")
    sent = form(client.get(ALL).text)
    added = {"heading-n1": "上门取件", "body-n1": "客户可以预约上门取件。", "out-c12": "1"}
    sent = reordered(
        {**sent, **added},
        lambda keys: [
            *(k for k in keys[: keys.index("c05")] if k != "c14"),
            "c14",
            "n1",
            *(k for k in keys[keys.index("c05") :] if k != "c14"),
        ],
    )
    refused = client.post(ALL, data=sent)
    assert refused.status_code == 422
    assert "上门取件" in refused.text
    again = form(refused.text)
    assert again["out-c12"] and again["order"] == sent["order"]
    assert drafts(drafting) == {}
    assert client.post(ALL, data={**again, "reason": "并到别处"}).status_code == 303
    assert drafts(drafting) == {"c12": DraftKind.RETIRED, "c14": DraftKind.CHANGED, "c15": DraftKind.NEW}
    now = order(drafting)
    assert now[now.index("c14") : now.index("c14") + 3] == ["c14", "c15", "c05"]
    with drafting.app.app_context():
        after = draft_documents(revision(drafting))["zh"]
        assert after.clause("c14").chapter == after.clause("c15").chapter == "受理"
    assert client.post(ALL, data=form(client.get(ALL).text)).status_code == 303
    assert len(drafts(drafting)) == 3


def test_the_buttons_move_and_add_rows_without_scripts_and_lose_no_word(drafting: House) -> None:
    client = drafting.client("drafter")
    sent = form(client.get(ALL).text)
    for then, row in (("clause:c07", "n1"), ("chapter:c07", "h99"), ("up:c14", "c14"), ("clause:", "n2")):
        sent["body-c11"] = f"{sent['body-c11']}又一句。"
        answer = client.post(ALL, data={**sent, "then": then})
        assert answer.status_code == 303
        at = answer.location.rpartition("#row-")[2]
        assert at == row or row == "h99"
        sent = form(client.get(answer.location).text)
    assert sent["body-c11"].count("又一句。") == 4
    keys = [place.partition(":")[0] for place in sent["order"].split()]
    assert keys[keys.index("c07") + 1] == "n1" and keys[keys.index("c07") - 1].startswith("h")
    assert keys.index("c14") < keys.index("c13") and keys[0] == "n2"
    assert drafts(drafting) == {}
    assert client.post(ALL, data=sent).status_code == 303
    assert drafts(drafting) == {"c11": DraftKind.CHANGED, "c14": DraftKind.CHANGED}, "empty rows are nothing"


def test_a_stale_page_keeps_the_words_and_overwrites_nothing(drafting: House) -> None:
    client = drafting.client("drafter")
    sent = form(client.get(ALL).text)
    with drafting.app.app_context():
        draft_twelve_hours(drafting.actor("colleague"), revision(drafting))
    answer = client.post(ALL, data=replaced(sent, "7 日", "8 日"))
    assert answer.status_code == 409
    assert "8 日" in answer.text
    assert drafts(drafting) == {"c07": DraftKind.CHANGED}


SPOILT = [
    ({"preamble": "```\n没有关上"}, "preamble"),
    ({"heading-c07": ""}, "heading-c07"),
    ({"heading-c07": "首次答复 {#c99 .legal}"}, "heading-c07"),
    ({"body-c07": "长" * 70_000}, "body-c07"),
    ({"body-c07": "a\u202eb"}, "body-c07"),
    ({"body-c07": "# 大标题"}, "body-c07"),
    ({"body-c07": "话。\n\n```"}, "body-c07"),
    ({"body-c07": "控\u0001制"}, "body-c07"),
    ({"preamble": "长" * 200_000}, "preamble"),
    ({"order": ""}, "preamble"),
    ({"order": "h1:2 h9:2 c05:3", "heading-h9": "空的一章", "heading-h1": "受理二"}, "heading-h1"),
    ({"order": "c05:3 h9:2", "heading-h9": "空的一章"}, "heading-h9"),
]


def test_what_cannot_be_kept_is_named_at_its_box_and_nothing_is_lost(drafting: House) -> None:
    client = drafting.client("drafter", language="en")
    began = form(client.get(ALL).text)
    for spoil, box in SPOILT:
        answer = client.post(ALL, data={**began, **spoil})
        assert answer.status_code == 422, (box, answer.text[:200])
        assert f'id="{box}-error"' in answer.text, box
        shown = form(answer.text)
        assert all(shown[name] == text for name, text in spoil.items() if "\u0001" not in text), box
    assert drafts(drafting) == {}


def test_a_translation_adds_and_takes_away_nothing(drafting: House) -> None:
    client = drafting.client("drafter")
    sent = form(client.get(f"{ALL}?text=en").text)
    more = {**sent, "order": f"{sent['order']} n1:3", "heading-n1": "Pick-up at home"}
    assert client.post(ALL, data=more).status_code == 422
    assert client.post(ALL, data={**sent, "out-c07": "1", "reason": "gone"}).status_code == 422
    assert client.post(ALL, data={**sent, "heading-c07": "The first reply"}).status_code == 303
    assert drafts(drafting) == {"c07": DraftKind.CHANGED}


def test_naughty_strings_are_kept_as_words_or_refused_in_words(drafting: House) -> None:
    client = drafting.client("drafter")
    kept = 0
    every = naughty_strings()
    for words in every[:: max(1, len(every) // 12)]:
        sent = form(client.get(f"{ALL}?kept=0").text)
        answer = client.post(ALL, data={**sent, "body-c07": words})
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


def save(house: House, change, who: str = "drafter", language: str = "zh"):
    client = house.client(who)
    return client.post(ALL, data=change(form(client.get(f"{ALL}?text={language}").text)))


def begun(sent: dict[str, str]) -> dict[str, str]:
    return {**sent, "preamble": f"本标准说明退换货怎么办。\n\n{sent['preamble']}"}


def with_chapter(sent: dict[str, str]) -> dict[str, str]:
    put = reordered(sent, lambda keys: [*keys[: keys.index("c07")], "h9", *keys[keys.index("c07") :]])
    return {**put, "heading-h9": "答复"}


def test_chapters_come_go_move_and_get_other_names(drafting: House) -> None:
    first = chapters(drafting)
    assert save(drafting, begun).status_code == 303
    assert save(drafting, lambda sent: {**sent, "heading-h1": "申请与受理"}).status_code == 303
    assert chapters(drafting) == ["申请与受理", *first[1:]]
    assert drafts(drafting) == {}, "the clauses stay as they are"
    assert save(drafting, with_chapter).status_code == 303
    assert chapter_of(drafting, "c07") == "答复"
    before = order(drafting)
    at = chapters(drafting).index("答复") + 1
    assert save(drafting, lambda sent: {**sent, f"out-h{at}": "1"}).status_code == 303
    assert "答复" not in chapters(drafting) and order(drafting) == before
    last = first[-1]

    def last_first(sent: dict[str, str]) -> dict[str, str]:
        cut = [place.partition(":")[0] for place in sent["order"].split()].index(f"h{len(first)}")
        return reordered(sent, lambda keys: [*keys[cut:], *keys[:cut]])

    assert save(drafting, last_first).status_code == 303
    assert chapters(drafting)[0] == last and drafts(drafting) == {}
    with drafting.app.app_context():
        row = revision(drafting)
        assert draft_documents(row)["zh"].preamble.startswith("本标准说明退换货怎么办。\n")
        assert {"between/zh", "order/zh"} == set(texts.current_parts(row))
    page = drafting.client("lawyer").get("/r/26-001/changes").text
    assert "首条之前的文字" in page and "申请与受理" in page


def test_a_chapter_with_only_new_clauses_holds_them_and_moves_follow(drafting: House) -> None:
    added = {
        "heading-h9": "上门",
        "heading-n1": "上门取件",
        "body-n1": "客户可以预约。",
        "heading-n2": "上门退款",
    }
    wish = lambda sent: {**reordered(sent, lambda keys: [*keys, "h9", "n1", "n2"]), **added}  # noqa: E731
    assert save(drafting, wish).status_code == 303
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
    taken = drafting.client("colleague")
    elsewhere = begun(form(taken.get(f"/r/{other}/edit/all").text))
    assert save(drafting, begun).status_code == 303
    answer = taken.post(f"/r/{other}/edit/all", data=elsewhere)
    assert answer.status_code == 409 and "26-001" in answer.text and "怎么办" in form(answer.text)["preamble"]
    assert save(drafting, lambda now: {**now, "preamble": sent["preamble"]}).status_code == 303
    assert taken.post(f"/r/{other}/edit/all", data=elsewhere).status_code == 303


def test_two_who_write_the_whole_text_get_both_changes_or_are_told(drafting: House) -> None:
    one, two = drafting.client("drafter"), drafting.client("colleague", language="en")
    mine, theirs = form(one.get(ALL).text), form(two.get(ALL).text)
    change = replaced({**mine, "heading-h1": "申请"}, "换货时限", "换货的时限")
    assert one.post(ALL, data=change).status_code == 303
    fits = two.post(ALL, data=begun(theirs))
    assert fits.status_code == 409 and "Both changes are in the boxes" in fits.text
    both = form(fits.text)
    assert "怎么办" in both["preamble"] and (both["heading-h1"], both["heading-c11"]) == (
        "申请",
        "换货的时限",
    )
    assert two.post(ALL, data=both).status_code == 303
    mixed = {**theirs, "heading-c11": "换货期限", "heading-c07": "第一次答复"}
    collides = two.post(ALL, data=mixed)
    assert collides.status_code == 409 and "What others changed while you were writing" in collides.text
    told = form(collides.text)
    assert (told["heading-c11"], told["heading-c07"]) == ("换货期限", "第一次答复"), "mine where both wrote"
    assert "怎么办" in told["preamble"], "theirs where I wrote nothing"


def test_a_text_from_elsewhere_is_shown_first_and_keeps_the_ids(drafting: House) -> None:
    client = drafting.client("drafter", language="en")
    sent = form(client.get(ALL).text)
    pasted = (
        "引言。\n\n§ 受理\n\n§§ 首次答复\n\n"
        + sent["body-c07"]
        + "再加一句。\n\n§§ 上门取件\n\n客户可以预约。"
    )
    page = form_of_paste(client.get(f"{ALL}/from-text").text)
    assert client.post(f"{ALL}/from-text", data={**page, "whole": " "}).status_code == 422
    assert client.post(f"{ALL}/from-text", data={**page, "whole": "a\u202eb"}).status_code == 422
    answer = client.post(f"{ALL}/from-text", data={**page, "whole": pasted})
    assert answer.status_code == 303 and drafts(drafting) == {}
    shown = form(client.get(answer.location).text)
    assert shown["preamble"] == "引言。" and shown["body-c07"].endswith("再加一句。")
    kept = [
        place.partition(":")[0]
        for place in shown["order"].split()
        if f"out-{place.partition(':')[0]}" not in shown
    ]
    assert kept[1] == "c07" and len(kept) == 3 and shown[f"heading-{kept[2]}"] == "上门取件"
    assert client.post(ALL, data={**shown, "reason": "新文本"}).status_code == 303
    assert drafts(drafting)["c07"] is DraftKind.CHANGED and drafts(drafting)["c15"] is DraftKind.NEW


def form_of_paste(html: str) -> dict[str, str]:
    return form(
        html.replace('<form method="post" class="card whole-paste"', '<form method="post" id="editor"')
    )


def test_what_is_typed_outlives_the_browser_and_the_server(drafting: House) -> None:
    client = drafting.client("drafter")
    sent = form(client.get(ALL).text)
    typed = replaced(sent, "换货时限", "写到一半")
    said = client.post(f"{ALL}/autosave", data=typed)
    assert said.status_code == 200 and said.json["saved"]
    assert drafts(drafting) == {}, "half a sentence is no draft yet"
    assert form(client.get(ALL).text)["heading-c11"] == "写到一半"
    as_saved = client.get(f"{ALL}?kept=0").text
    assert "写到一半" not in as_saved and "你没有保存" not in as_saved
    assert "写到一半" not in drafting.client("colleague").get(ALL).text, "one's own words"
    with drafting.app.app_context():
        draft_twelve_hours(drafting.actor("colleague"), revision(drafting))
    told = client.post(ALL, data=form(client.get(ALL).text))
    assert told.status_code == 409
    assert client.post(ALL, data=form(told.text)).status_code == 303
    assert drafts(drafting) == {"c07": DraftKind.CHANGED, "c11": DraftKind.CHANGED}
    assert "kept=0" not in client.get(ALL).text
    assert client.post(f"{ALL}/autosave", data={**sent, "preamble": "长" * 200_000}).status_code == 422


def test_who_wrote_the_chapters_does_not_sign_them(drafting: House) -> None:
    assert save(drafting, begun, who="colleague").status_code == 303
    with drafting.app.app_context():
        row = revision(drafting)
        assert drafting.person("colleague").id in review_queries.authors_of(row)
        draft_twelve_hours(drafting.actor("drafter"), row)
        with transaction():
            submitting.submit(drafting.actor("drafter"), row)
        drafting.run_jobs()
    page = drafting.client("lawyer").get("/r/26-001/review").text
    assert "首条之前的文字" in page and "退换货怎么办。" in page


def test_saving_the_whole_text_during_review_freezes_one_text_and_tells_once(web: House) -> None:
    with web.app.app_context():
        make_review(web)
        before = queries.newest_text_version(revision(web).id).number
    assert sign(web.client("lawyer")).status_code == 303
    change = lambda sent: replaced({**sent, "heading-c07": "第一次答复"}, "换货时限", "换货的时限")  # noqa: E731
    assert save(web, change).status_code == 303
    with web.app.app_context():
        row = revision(web)
        assert queries.newest_text_version(row.id).number == before + 1
        reopened = db.session.scalars(
            sa.select(ActivityLine).where(ActivityLine.verb == "review.reopened")
        ).all()
        assert [entry.data["clauses"] for entry in reopened] == [["c07", "c11"]]
