"""Importing: every clause found, none lost, ids given once and kept, hostile files refused."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import Invalid
from app.standards.document import Clause, Document, parse_document, write_document
from app.standards.files import own_text, read_file
from app.standards.identity import assign_ids, first_front
from app.standards.importing import ImportedText, read_markdown, read_text
from app.standards.matching import similarity
from app.standards.structure import find_structure, number_of
from tests.samples import OWN, SHARED, present

RULES = OWN / "service-rules.zh.md"
POLICY = OWN / "agent-policy.en.md"


def first_import(path: Path) -> Document:
    """Returns the document of a file that was never imported before."""
    imported = read_file(path.name, path.read_bytes())
    return assign_ids(imported, None, front=first_front(imported, "im-01"))


def test_articles_are_clauses_and_chapters_are_headings() -> None:
    document = first_import(RULES)
    assert document.front.title == "客户服务管理办法"
    assert document.preamble == "2026年1月1日 第三次修订"
    assert [(c.id, c.heading, c.chapter) for c in document.clauses] == [
        ("c01", "第一条", "第一章 总则"),
        ("c02", "第二条", "第一章 总则"),
        ("c03", "第三条", "第一节 电话"),
        ("c04", "第四条", "第一节 电话"),
        ("c05", "第五条之一", "第二节 在线"),
    ]
    assert document.clause("c02").body == "本办法适用于全部客服人员。\n\n依照第一条的规定，外包人员同样适用。"
    assert document.clause("c03").body.startswith("电话应当在20秒内接听。")
    assert document.clause("c04").body.endswith("- 来电时间\n- 来电事由")


@pytest.mark.parametrize(
    ("name", "clauses"),
    [("消费者权益保护法(2013-10-25).md", 63), ("电子商务法(2018-08-31).md", 89)],
)
def test_the_laws_give_every_article_as_a_clause(name: str, clauses: int) -> None:
    for path in present(SHARED / "laws-zh" / name):
        document = first_import(path)
        assert len(document.clauses) == clauses
        assert document.clauses[0].heading == "第一条"
        assert all(
            re.fullmatch(r"第[一二三四五六七八九十]+章 .*|第.节 .*", c.chapter) for c in document.clauses
        )
        articles = re.findall(r"(?m)^第\S+条 ", path.read_text("utf-8"))
        assert [c.heading for c in document.clauses] == [article.strip() for article in articles]


def test_headings_of_a_policy_are_clauses_and_their_lists_their_bodies() -> None:
    document = first_import(POLICY)
    assert document.front.language == "en"
    assert [(c.id, c.heading, c.level) for c in document.clauses] == [
        ("c01", "Agent policy", 2),
        ("c02", "Cancel an order", 2),
        ("c03", "Modify an order", 2),
        ("c04", "Modify payment", 3),
    ]
    assert "gift cards are refunded at once;" in document.clause("c02").body
    assert document.blocks[-1].heading == "Contact"


@pytest.mark.parametrize(
    "path",
    [
        RULES,
        POLICY,
        OWN / "lists.md",
        *present(*sorted(SHARED.glob("laws-zh/*.md")), *sorted(SHARED.glob("policies/*.md"))),
    ],
    ids=lambda path: path.stem,
)
def test_no_word_is_lost_and_the_same_file_gives_the_same_bytes(path: Path) -> None:
    document = first_import(path)
    written = write_document(document)
    assert parse_document(written) == document
    words = re.findall(r"\w+", re.sub(r"(?s)<!--.*?-->", "", path.read_text("utf-8")))
    shown = re.findall(r"\w+", re.sub(r"\{#c\d+\}", "", written.split("\n---\n", 1)[1]))
    assert [word for word in words if word not in shown] == []
    again = read_file(path.name, path.read_bytes())
    assert write_document(assign_ids(again, document)) == written


def imported(*clauses: tuple[str, str]) -> ImportedText:
    """Returns an imported text of these (heading, body) pairs."""
    return read_text(
        "x.md", "# 标准\n\n" + "\n\n".join(f"## {heading}\n\n{body}" for heading, body in clauses)
    )


ORDINARY = (
    ("受理", "客服收到投诉后登记受理编号，并告知投诉者。"),
    ("答复", "普通投诉在 24 小时内答复，复杂投诉在 72 小时内答复。"),
    ("回访", "结案后 3 天内由班组长回访投诉者。"),
)


@pytest.mark.parametrize(
    ("now", "ids"),
    [
        (ORDINARY, ["c01", "c02", "c03"]),
        (ORDINARY[::-1], ["c03", "c02", "c01"]),
        ((ORDINARY[0], ("新增", "不得向投诉者收费。"), *ORDINARY[1:]), ["c01", "c04", "c02", "c03"]),
        ((("登记", ORDINARY[0][1]), *ORDINARY[1:]), ["c01", "c02", "c03"]),
        ((("受理", "一律电话受理。"), *ORDINARY[1:]), ["c01", "c02", "c03"]),
        (
            (("投诉的受理", "客服收到投诉后马上登记受理编号，并告知投诉者。"), *ORDINARY[1:]),
            ["c01", "c02", "c03"],
        ),
        ((("保密", "客户资料一律不得外传。"), *ORDINARY[1:]), ["c04", "c02", "c03"]),
        (ORDINARY[1:], ["c02", "c03"]),
    ],
    ids=["same", "moved", "inserted", "renamed", "rewritten", "edited", "replaced", "removed"],
)
def test_clauses_keep_their_ids_by_text_then_heading_then_likeness(
    now: tuple[tuple[str, str], ...], ids: list[str]
) -> None:
    first = imported(*ORDINARY)
    before = assign_ids(first, None, front=first_front(first, "im-01"))
    assert [clause.id for clause in assign_ids(imported(*now), before).clauses] == ids


def test_an_article_put_in_before_others_does_not_take_their_ids() -> None:
    """The numbers move on by one; the texts tell which clause is which."""
    articles = [
        ("第一条", "为规范服务，制定本办法。"),
        ("第二条", "电话在二十秒内接听。"),
        ("第三条", "投诉在一天内答复。"),
    ]
    first = read_text("x.md", "\n\n".join(f"{number} {text}" for number, text in articles))
    before = assign_ids(first, None, front=first_front(first, "im-01"))
    texts = [
        "为规范服务，制定本办法。",
        "客服着装整齐，佩戴工牌。",
        "电话在十五秒内接听。",
        "投诉在一天内答复。",
    ]
    numbers = ["第一条", "第二条", "第三条", "第四条"]
    now = read_text(
        "x.md", "\n\n".join(f"{number} {text}" for number, text in zip(numbers, texts, strict=True))
    )
    assert [clause.id for clause in assign_ids(now, before).clauses] == ["c01", "c04", "c02", "c03"]


def test_an_id_is_never_used_again() -> None:
    first = imported(*ORDINARY)
    before = assign_ids(first, None, front=first_front(first, "im-01"))
    shorter = assign_ids(imported(*ORDINARY[:2]), before)
    longer = imported(*ORDINARY[:2], ("保密", "客户资料一律不得外传。"))
    assert [c.id for c in assign_ids(longer, shorter, used_ids=["c01", "c02", "c03"]).clauses] == [
        "c01",
        "c02",
        "c04",
    ]
    assert [c.id for c in assign_ids(longer, shorter, used_ids=["c99"]).clauses] == ["c01", "c02", "c100"]
    with pytest.raises(Invalid) as caught:
        assign_ids(longer, shorter, used_ids=["c9999"])
    assert caught.value.errors[0].reason.key == "import.too_many_clauses"


def test_tags_audience_and_measures_stay_with_the_clause() -> None:
    before = parse_document((OWN / "cs-02.zh.md").read_text("utf-8"))
    body = write_document(before).split("\n---\n", 1)[1]
    edited = read_text("x.md", re.sub(r" \{#.*\}", "", body).replace("24 小时", "12 小时"))
    now = assign_ids(edited, before)
    known = [clause for clause in now.clauses if before.has(clause.id)]
    assert [(c.id, c.tags, c.audience) for c in known] == [(c.id, c.tags, c.audience) for c in before.clauses]
    new = [clause.id for clause in now.clauses if not before.has(clause.id)]
    assert new == ["c12"], "the chapter that holds text of its own"
    assert now.front.measures == before.front.measures
    assert [c.id for c in known if c.body != before.clause(c.id).body] == ["c04"]
    without = assign_ids(read_text("x.md", re.sub(r" \{#.*\}", "", body).split("### 解决时限")[0]), before)
    assert [measure.clause_id for measure in without.front.measures] == ["c03"]
    assert [c.id for c in before.clauses if not without.has(c.id)] == ["c04", "c11"]


def test_a_text_without_a_head_needs_one() -> None:
    with pytest.raises(Invalid) as caught:
        assign_ids(imported(*ORDINARY), None)
    assert caught.value.errors[0].reason.key == "import.no_head"


@pytest.mark.parametrize(
    ("text", "title", "headings"),
    [
        ("# T\n\n## A\n\nx\n\n# B\n\ny", "T", [("A", 3, True), ("B", 2, True)]),
        ("Title\n=====\n\nA\n-\n\nx\n\nB\n---\n\ny", "Title", [("B", 2, True)]),
        ("# T {#top .x}\n\n## A {#a}\n\nx", "T", [("A", 2, True)]),
        ("# T\n\n## **A**\n\nx\n\n##\n\ny", "T", [("A", 2, True)]),
        ("# T\n\n## A\n\n## B\n\nx", "T", [("A", 2, False), ("B", 2, True)]),
        ("# T\n\nonly text", "T", [("T", 2, True)]),
        (
            "办法\n\n一、受理\n\nx\n\n（一）登记\n\ny\n\n二、答复\n\nz",
            "办法",
            [("一、受理", 2, True), ("（一）登记", 3, True), ("二、答复", 2, True)],
        ),
        (
            "**办法**\n\n**一、受理**\n\nx\n\n**二、答复**\n\nz",
            "办法",
            [("一、受理", 2, True), ("二、答复", 2, True)],
        ),
        ("# T\n\n```\n## no heading\n```\n\n## A\n\nx", "T", [("A", 2, True)]),
        (
            "办法\n\n目录\n第一章 总则\n第二章 附则\n\n第一章 总则\n第一条 a\n第二条 b\n第二章 附则\n第三条 c",
            "办法",
            [
                ("第一章 总则", 2, False),
                ("第一条", 3, True),
                ("第二条", 3, True),
                ("第二章 附则", 2, False),
                ("第三条", 3, True),
            ],
        ),
        (
            "**第一条** a\n\n**第二条** b\n\n**第三条**　c",
            "",
            [("第一条", 3, True), ("第二条", 3, True), ("第三条", 3, True)],
        ),
        (
            "第一条为规范，制定。\n\n第二条的规定适用。\n\n第二条电话接听。\n\n第三条在线答复。",
            "",
            [("第一条", 3, True), ("第二条", 3, True), ("第三条", 3, True)],
        ),
        ("# T\n\n## A\n\n见第一条 和第二条。\n\n第五条 另有规定。", "T", [("A", 2, True)]),
        (
            "办法\n\n第一条【目的】a\n\n**第二条**（范围） b\n\n第五条（退款）的规定适用。\n\n第二条（一）项除外。\n\n第三条 c",
            "办法",
            [("第一条 目的", 3, True), ("第二条 范围", 3, True), ("第三条", 3, True)],
        ),
        ("# 一、总则\n\na\n\n# 二、受理\n\nb", "", [("一、总则", 2, True), ("二、受理", 2, True)]),
        (
            "Act\n\nPART I - GENERAL\n\nArticle 1\na\n\nArticle 2 - Reply\nb\n\nArticle 1 of that Act applies.\n\n"
            "PART II - CARE\n\nArticle 12A. An agent must reply.",
            "Act",
            [
                ("PART I - GENERAL", 2, False),
                ("Article 1", 3, True),
                ("Article 2. Reply", 3, True),
                ("PART II - CARE", 2, False),
                ("Article 12A", 3, True),
            ],
        ),
        (
            "制度\n\n1 总则\n1.1 目的\n为了规范服务。\n1.2 范围\n适用于客服部。\n2 受理\n2.1 登记\n客服应当登记。",
            "制度",
            [
                ("1 总则", 2, False),
                ("1.1 目的", 3, True),
                ("1.2 范围", 3, True),
                ("2 受理", 2, False),
                ("2.1 登记", 3, True),
            ],
        ),
        ("# T\n\n## A\n\nx\n\nArticle 6 GDPR\nArticle 13 GDPR\nArticle 17 GDPR", "T", [("A", 2, True)]),
        (
            "Rules\n\n1. Log the call\n2. Answer the call\n3. Close the call\n\nThank you.",
            "Rules",
            [("Rules", 2, True)],
        ),
    ],
    ids=[
        "two h1",
        "underlined",
        "attributes",
        "bold",
        "empty",
        "no headings",
        "sections",
        "bold sections",
        "code",
        "contents",
        "bold articles",
        "no space",
        "mentions",
        "captions",
        "several of level 1",
        "English articles",
        "numbered sections",
        "laws by name",
        "a list is a list",
    ],
)
def test_a_text_is_cut_where_its_writer_meant_it(
    text: str, title: str, headings: list[tuple[str, int, bool]]
) -> None:
    found = find_structure(text)
    assert found.title == title
    assert [(block.heading, block.level, block.is_clause) for block in found.blocks] == headings


@pytest.mark.parametrize(
    ("numeral", "number"),
    [
        ("一", 1),
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("八十九", 89),
        ("一百零三", 103),
        ("一〇三", 103),
        ("两百", 200),
        ("一千二百", 1200),
        ("12", 12),
        ("２３", 23),
    ],
)
def test_chinese_numerals_are_read(numeral: str, number: int) -> None:
    assert number_of(numeral) == number


def test_an_open_code_block_is_closed_and_told() -> None:
    read = read_markdown("x.md", b"# T\n\n## A\n\n```\ncode\n## still code\n")
    assert [warning.key for warning in read.warnings] == ["import.open_code_block"]
    assert [block.body for block in read.blocks] == ["```\ncode\n## still code\n\n```"]


def test_a_file_of_our_own_is_told_from_an_import() -> None:
    data = (OWN / "cs-02.zh.md").read_bytes()
    assert own_text("zh.md", data) == data.decode()
    assert own_text("policy.md", POLICY.read_bytes()) is None
    assert own_text("play.md", b"---\ntitle: x\n---\n") is None
    assert own_text("x.docx", data) is None


def test_a_comment_that_never_closes_costs_nothing() -> None:
    text = "# T\n\n## A\n\n" + "<!-- " * 60_000
    with pytest.raises(Invalid) as caught:
        read_text("x.md", text)
    assert caught.value.errors[0].reason.key == "markup.too_complex"


def test_likeness_counts_pairs_of_letters() -> None:
    assert similarity("", "") == 1.0
    assert similarity("退款", "换货") == 0.0
    assert similarity("十分钟内答复", "十分钟内答复") == 1.0
    assert 0.6 < similarity("普通投诉在 24 小时内答复", "普通投诉在 12 小时内答复") < 1.0


@given(st.text(alphabet="第一二十条章 \n#-*`答复abc。<!->|=", max_size=300))
def test_any_text_is_imported_or_refused_and_comes_back_the_same(text: str) -> None:
    try:
        read = read_text("x.md", text)
    except Invalid:
        return
    document = assign_ids(read, None, front=first_front(read, "im-01"))
    written = write_document(document)
    assert parse_document(written) == document
    assert write_document(assign_ids(read_text("x.md", text), document)) == written
    assert all(isinstance(clause, Clause) for clause in document.clauses)
