"""The house's own forbidden words: found in the right places, repaired by one click, stopped before review without a reason."""

import pytest

from app.core.access import SYSTEM
from app.core.db import db, transaction
from app.core.errors import Invalid, NotAllowed
from app.standards import checks, queries, word_list
from app.standards.house_words import ForbiddenWord, WordScope, read_word_fix, used_in, with_better
from app.standards.models import Revision
from app.standards.wording import check_clause
from tests.house_fixtures import House, csrf
from tests.review_cases import make_drafting
from tests.standards.reading_world import STARTER
from tests.standards.test_pages_edit import EDIT, change, fields

PAGE = "/s/words"
ALL, SCRIPTS = WordScope.ALL, WordScope.SCRIPTS


def forbidden(
    word: str, language: str, scope: WordScope = ALL, better: str = "", number: int = 1
) -> ForbiddenWord:
    return ForbiddenWord(number, word, language, scope, "原因", better)


@pytest.mark.parametrize(
    ("text", "word", "is_used"),
    [
        ("本店概不负责。", forbidden("概不负责", "zh"), True),
        ("本店应当负责。", forbidden("概不负责", "zh"), False),
        ("规则。\n> 不要说：“概不负责。”", forbidden("概不负责", "zh"), False),
        ("规则里没办法写全。\n> 这样说：“我来查。”", forbidden("没办法", "zh", SCRIPTS), False),
        ("规则。\n> 这样说：“没办法。”", forbidden("没办法", "zh", SCRIPTS), True),
        ("规则。\n> 这样说：“我来查，\n> 没办法的话再说。”", forbidden("没办法", "zh", SCRIPTS), True),
        ("This is guaranteed.", forbidden("guarantee", "en"), False),
        ("We GUARANTEE it.", forbidden("guarantee", "en"), True),
        ("Rule.\n> Do not say: I guarantee it.", forbidden("guarantee", "en"), False),
        ("", forbidden("x", "en"), False),
    ],
)
def test_a_word_is_found_where_it_counts(text: str, word: ForbiddenWord, is_used: bool) -> None:
    assert bool(used_in(text, word.language, [word])) is is_used
    assert used_in(text, "en" if word.language == "zh" else "zh", [word]) == []
    for given, is_stopped in ((set(), is_used), ({1}, False)):
        found = check_clause({word.language: text}, house_words=[word], reasons_given=given)
        assert ("wording.house_word" in {f.key for f in found}) is is_stopped


def test_the_better_word_goes_in_everywhere_but_into_what_is_never_said() -> None:
    word = forbidden("亲亲", "zh", SCRIPTS, "您好")
    text = "亲亲是昵称。\n> 这样说：“亲亲，亲亲在吗？”\n> 不要说：“亲亲。”"
    assert with_better(text, word) == "亲亲是昵称。\n> 这样说：“您好，您好在吗？”\n> 不要说：“亲亲。”"
    assert (
        with_better("We GUARANTEE, guarantee.", forbidden("guarantee", "en", ALL, "\\1 do"))
        == "We \\1 do, \\1 do."
    )


@pytest.mark.parametrize(
    "value", ["fix-word:1:zh", "fix-word:2:en", "fix-word:x:en", "fix-word:1", "fix", ""]
)
def test_only_a_listed_word_with_a_better_one_is_repaired(value: str) -> None:
    words = [forbidden("a", "en", ALL, "b", 1), forbidden("c", "en", ALL, "", 2)]
    assert read_word_fix(value, words) is None
    assert read_word_fix("fix-word:1:en", words) == words[0]


def test_the_starter_library_uses_none_of_its_own_words(house: House) -> None:
    with transaction():
        assert word_list.begin() == 20
    assert word_list.begin() == 0, "once"
    words = word_list.words()
    for path in STARTER.glob("cs-*/*.md"):
        assert [w.word for w in used_in(path.read_text("utf-8"), path.stem, words)] == [], path


def test_only_the_keeper_changes_the_list_and_bad_words_get_an_answer(house: House) -> None:
    good = {"word": "保过", "language": "zh", "scope": "all", "reason": "做不到"}
    with pytest.raises(NotAllowed):
        word_list.add(house.actor("drafter"), **good)
    director = house.actor("director")
    for wrong, field in (
        ({"word": " … "}, "word"),
        ({"language": "fr"}, "language"),
        ({"scope": "some"}, "scope"),
        ({"reason": " "}, "reason"),
        ({"better": "一定保过"}, "better"),
    ):
        with pytest.raises(Invalid) as caught:
            word_list.add(director, **{**good, **wrong})
        assert [e.field for e in caught.value.errors] == [field]
    first = word_list.add(director, **good)
    again = word_list.add(director, **{**good, "better": "尽力"})
    assert first.id == again.id and [w.better for w in word_list.words()] == ["尽力"]
    word_list.remove(director, first.id)
    assert word_list.words() == []
    assert word_list.add(director, **good).id == first.id


@pytest.fixture
def drafting(web: House) -> House:
    with web.app.app_context():
        make_drafting(web)
        with transaction():
            word_list.add(
                SYSTEM,
                word="包退",
                language="zh",
                scope="all",
                reason="不是所有商品都能退",
                better="按规定退",
            )
    return web


def revision() -> Revision:
    return queries.revision("26-001")


def stopped(house: House) -> list[str]:
    with house.app.app_context():
        return [f.key for f in checks.findings_of(revision())["c07"] if f.grade.value == "stop"]


def test_a_draft_with_a_forbidden_word_is_repaired_by_one_click_or_needs_a_reason(drafting: House) -> None:
    drafter = drafting.client("drafter", language="en")
    sent = fields(drafter.get(EDIT).text)
    typed = change(sent, body_zh=f"{sent['body_zh']}\n\n所有商品包退。", then="stay")
    assert drafter.post(EDIT, data=typed).status_code == 303
    page = drafter.get(EDIT).text
    assert "We do not use “包退”" in page and "Use “按规定退” instead" in page
    assert "wording.house_word" in stopped(drafting)
    with drafting.app.app_context():
        number = word_list.words()[0].id
    asked = f"{EDIT}/words/{number}"
    assert "Say why this clause needs the word" in drafter.post(asked, data=csrf(page)).text
    given = drafter.post(asked, data={**csrf(page), "reason": "法律原文如此"})
    assert given.status_code == 303 and "wording.house_word" not in stopped(drafting)
    assert "法律原文如此" in drafting.client("lawyer").get("/r/26-001/changes").text
    with drafting.app.app_context(), transaction():
        db.session.execute(db.delete(word_list.WordUse))
    again = change(fields(drafter.get(EDIT).text), then=f"fix-word:{number}:zh")
    assert drafter.post(EDIT, data=again).status_code == 303
    with drafting.app.app_context():
        assert queries.clause_draft(revision().id, "c07").body_zh.endswith("所有商品按规定退。")
    assert drafter.get(f"{EDIT}/words/99999").status_code == 404
    assert drafter.get(f"/r/26-001/edit/c77/words/{number}").status_code == 404


def test_the_page_lists_words_with_their_places_for_all_and_the_form_for_the_keeper(drafting: House) -> None:
    director, drafter = drafting.client("director", language="en"), drafting.client("drafter")
    page = director.get(PAGE).text
    assert "包退" in page and 'id="word-form"' in page
    form = {"word": "申请", "language": "zh", "scope": "all", "reason": "<b>x</b>", "better": ""}
    assert director.post(PAGE, data={**csrf(page), **form}).status_code == 303
    page = director.get(PAGE).text
    assert "CS-04-C07" in page and "<b>x</b>" not in page
    wrong = director.post(PAGE, data={**csrf(page), **form, "reason": ""})
    assert wrong.status_code == 422 and "Say why the word is not used" in wrong.text
    assert 'id="word-form"' not in drafter.get(PAGE).text
    assert drafter.post(PAGE, data={**csrf(drafter.get(PAGE).text), **form}).status_code == 403
