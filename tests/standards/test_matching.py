"""Which clause is which: renumbering, new headings, moves, splits, merges, and amended texts whose truth is known."""

from collections import Counter
from pathlib import Path

import pytest

from app.core.access import SYSTEM
from app.core.db import db
from app.standards import descent, imports, queries
from app.standards.clause import Clause
from app.standards.comparison import Change, compare, states_of
from app.standards.document import Document
from app.standards.identity import assign_ids, first_front
from app.standards.importing import read_markdown, read_text
from app.standards.matching import Lineage, Origin, lineage, match
from app.standards.structure import without_number
from bench import text_forms
from bench.identity import amendment_marks, changes_between, han
from tests.house_fixtures import House
from tests.samples import SHARED, present
from tests.standards.reading_world import words_of

SUBJECTS = ("投诉", "退款", "换货", "发票", "物流", "保修", "隐私", "回访", "升级", "夜班", "电话")
DUTIES = (
    "登记编号并告知客户",
    "在期限内书面答复",
    "核对凭证后办理",
    "保存记录备查",
    "由组长复核",
    "说明理由",
)


def article(number: int) -> str:
    """Returns the words of an article unlike every other one, though made of the same few words."""
    who, what = SUBJECTS[number % len(SUBJECTS)], DUTIES[number % len(DUTIES)]
    return f"客服人员受理第{number}类{who}事项，应当{what}；{who}事项的材料编为{number * 7}号。"


def law(bodies: list[str], chapter_every: int = 30) -> str:
    lines = ["# 客户服务条例\n"]
    for place, body in enumerate(bodies):
        if place % chapter_every == 0:
            lines.append(f"## 第{han(place // chapter_every + 1)}章 规则\n")
        lines.append(f"第{han(place + 1)}条 {body}\n")
    return "\n".join(lines)


def two(old: list[str], new: list[str]) -> tuple[Document, Document]:
    first = read_text("x.md", law(old))
    before = assign_ids(first, None, front=first_front(first, "im-01"))
    return before, assign_ids(read_text("x.md", law(new)), before)


STRANGERS = [f"主管部门每{n}年评估本条例的施行情况，评估报告向社会公布并征求意见。" for n in range(2, 9)]
BODIES = [article(n) for n in range(1, 133)]


@pytest.mark.parametrize("at", [0, 1, 60, 131])
def test_one_article_of_132_that_changed_is_exactly_one_change(at: int, tmp_path: Path) -> None:
    changed = [*BODIES[:at], BODIES[at].replace("应当", "必须"), *BODIES[at + 1 :]]
    (tmp_path / "old.md").write_text(law(BODIES))
    (tmp_path / "new.md").write_text(law(changed))
    said = changes_between(tmp_path / "old.md", tmp_path / "new.md")
    assert said["changes"] == [["changed", f"c{at + 1:02d}", f"第{han(at + 1)}条"]]
    assert (said["same"], said["renumbered"]) == (131, 0)


@pytest.mark.parametrize("at", [0, 1, 60, 131])
def test_one_article_put_in_is_exactly_one_change_and_the_rest_is_renumbered(at: int) -> None:
    before, after = two(
        BODIES, [*BODIES[:at], "经营者不得向客户收取手续费，但双方另有约定的除外。", *BODIES[at:]]
    )
    found = compare(states_of({"zh": before}), states_of({"zh": after}), "zh")
    assert [(d.change, d.clause_id) for d in found.differences] == [(Change.NEW, "c133")]
    assert (found.same, found.renumbered) == (132, 132 - at)


def test_an_article_that_moved_to_another_chapter_is_one_move() -> None:
    before, after = two(BODIES, [*BODIES[:5], *BODIES[6:100], BODIES[5], *BODIES[100:]])
    found = compare(states_of({"zh": before}), states_of({"zh": after}), "zh")
    assert [(d.change, d.clause_id) for d in found.differences] == [(Change.MOVED, "c06")]


def test_an_article_rewritten_in_its_place_keeps_its_id() -> None:
    new = "客服人员受理第7类物流事项，核对运单后当日转交承运人，并把结果告诉客户。"
    before, after = two(BODIES, [*BODIES[:6], new, *BODIES[7:]])
    assert [c.id for c in after.clauses] == [c.id for c in before.clauses]


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("第五条", ""), ("第五条之一", ""), ("第五条 受理", "受理"), ("3.2 首次答复", "首次答复"), ("（一）受理", "受理"),
        ("一、受理", "受理"), ("3. Scope", "Scope"), ("Article 4. Scope", "Scope"), ("Article 12", ""),
        ("24 小时内答复", "24 小时内答复"), ("2026 年计划", "2026 年计划"), ("首次答复", "首次答复"),
        ("1.5 倍赔偿", "倍赔偿"),
    ],
)  # fmt: skip
def test_a_number_before_a_heading_is_told_from_a_quantity(heading: str, words: str) -> None:
    assert without_number(heading) == words


def test_headings_with_numbers_of_their_own_may_be_numbered_anew() -> None:
    old = [Clause("c01", "3.1 受理", "登记编号。"), Clause("c02", "3.2 答复", "一天内答复。")]
    new = [
        Clause("c01", "3.1 范围", "适用全部投诉。"),
        Clause("c01", "3.2 受理", "马上登记。"),
        Clause("c01", "3.3 答复", "两天内答复。"),
    ]
    assert {i: c.id for i, c in match(new, old).items()} == {1: "c01", 2: "c02"}


def test_repeated_headings_are_told_apart_by_their_chapters() -> None:
    old = [
        Clause("c01", "例外", "节假日除外。", chapter="受理"),
        Clause("c02", "例外", "批发除外。", chapter="退款"),
    ]
    new = [
        Clause("c09", "例外", "批发与团购除外。", chapter="退款"),
        Clause("c09", "例外", "节假日、夜间除外。", chapter="受理"),
    ]
    assert {i: c.id for i, c in match(new, old).items()} == {0: "c02", 1: "c01"}


def test_splits_and_merges_are_told() -> None:
    first, second = (
        "客服收到投诉后当日登记受理编号，并告知投诉者。",
        "普通投诉在三日内书面答复，复杂投诉在七日内答复。",
    )
    whole = [Clause("c01", "投诉", f"{first}{second}"), Clause("c02", "回访", "结案后由组长回访。")]
    parts = [Clause("c01", "受理", first), Clause("c03", "答复", second), whole[1]]
    assert lineage(parts, whole) == [Lineage(Origin.SPLIT, "c03", "c01")]
    assert lineage(whole, parts) == [Lineage(Origin.MERGED, "c03", "c01")]
    assert lineage(whole, whole) == []


def test_a_split_and_a_move_to_another_standard_are_kept_and_shown(web: House, tmp_path: Path) -> None:
    head = "# {}\n\n## 受理\n\n{}\n\n## 保密\n\n{}\n"
    first, second = (
        "客服收到投诉后当日登记受理编号，并告知投诉者。",
        "普通投诉在三日内书面答复，复杂投诉在七日内答复。",
    )
    secret = "客户资料只用于办理投诉，任何人不得外传。"
    a, b = tmp_path / "甲规则.md", tmp_path / "乙规则.md"
    a.write_text(head.format("甲规则", first + second, secret))
    b.write_text("# 乙规则\n\n## 开场\n\n先问候客户，再询问事由。\n")
    with web.app.app_context():
        codes = [imports.import_path(SYSTEM, file)["documents"][0]["code"] for file in (a, b)]
        b.write_text(b.read_text() + f"\n## 资料保密\n\n{secret}\n")
        imports.import_path(SYSTEM, b)
        a.write_text(f"# 甲规则\n\n## 受理\n\n{first}\n\n## 答复\n\n{second}\n")
        imports.import_path(SYSTEM, a)
        one, two_ = (queries.standard(code) for code in codes)
        assert descent.relatives(one.id, "c03") == [descent.Relative(Origin.SPLIT, codes[0], "c01", True)]
        assert descent.relatives(one.id, "c01") == [descent.Relative(Origin.SPLIT, codes[0], "c03", False)]
        assert descent.relatives(two_.id, "c02") == [descent.Relative(Origin.MOVED, codes[0], "c02", True)]
        assert descent.relatives(one.id, "c02") == [descent.Relative(Origin.MOVED, codes[1], "c02", False)]
        db.session.remove()
    client = web.client("agent")
    assert f"由此拆分而来： {codes[0].upper()}-C01" in words_of(client.get(f"/s/{codes[0]}/c03").text)
    assert f"由此移来： {codes[0].upper()}-C02" in words_of(client.get(f"/s/{codes[1]}/c02").text)
    assert f"由此拆分而来： {codes[0].upper()}-C01" in words_of(
        client.get(f"/s/{codes[0]}/compare/1.0..1.1").text
    )


def test_amended_texts_keep_what_they_should() -> None:
    """The aims of the measured command, on fewer seeds; on our own text too, so that it never stands on nothing."""
    files = [file for folder in present(SHARED / "laws-zh") for file in sorted(folder.glob("*.md"))]
    texts = [read_text("x.md", law(BODIES)), *(read_markdown(f.name, f.read_bytes()) for f in files)]
    marks: Counter[str] = Counter()
    for text in texts:
        for seed in range(6):
            amendment_marks(text, STRANGERS, seed, marks)
    shares = {name: marks[name] / marks[f"{name} of"] for name in marks if f"{name} of" in marks}
    assert shares["amended: left alone, number moved on"] >= 0.95
    assert shares["amended: moved, words the same"] >= 0.95
    assert min(shares.values()) >= 0.85, shares


@pytest.mark.parametrize(("form", "language"), text_forms.FORMS)
def test_clauses_keep_their_ids_through_whole_files_of_every_form(form: str, language: str) -> None:
    marks = text_forms.measured(form, language, 1)
    assert marks["read"] == 1 and marks["one change shows as one"] == 1
    for done in ("left alone", "move", "rename"):
        assert marks[done] >= 0.95 * marks[f"{done} of"], (done, marks)
