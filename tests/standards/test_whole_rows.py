"""The rows of a whole text: written down and read again, moved, added, put together, made of a text from elsewhere."""

from app.standards import whole_rows
from app.standards.document import Document, parse_document
from app.standards.whole_rows import Row, Rows, from_text, joined, read_written, rows_of, written

TEXT = """---
code: cs-90
language: zh
title: 样例
---

# 样例

引言。

## 受理

### 登记 {#c01 .public}

应当登记。

### 答复 {#c02}

应当在 24 小时内答复。

## 办结

### 回访 {#c03}

应当回访。
"""


def document() -> Document:
    return parse_document(TEXT)


def keys(rows: Rows) -> list[str]:
    return [row.key for row in rows.rows]


def test_rows_are_written_down_and_read_again() -> None:
    rows = rows_of(document())
    assert keys(rows) == ["h1", "c01", "c02", "h2", "c03"]
    odd = Rows(
        "前言", (*rows.rows, Row("n1", 3, "用 {花括号} 的标题 #", "- 一\n\n- 二"), Row("n2", 3, is_out=True))
    )
    for one in (rows, odd):
        assert read_written(written(one)) == one
        assert Rows.from_data(one.to_data()) == one


def test_rows_move_and_are_added_beside_others() -> None:
    rows = rows_of(document())
    assert keys(whole_rows.moved(rows, "c02", -1)) == ["h1", "c02", "c01", "h2", "c03"]
    assert whole_rows.moved(rows, "h1", -1) == rows == whole_rows.moved(rows, "c99", 1)
    clause, key = whole_rows.added(rows, "c02", is_chapter=False)
    assert (key, keys(clause)) == ("n1", ["h1", "c01", "c02", "n1", "h2", "c03"])
    chapter, key = whole_rows.added(clause, "c02", is_chapter=True)
    assert (key, keys(chapter)) == ("h3", ["h1", "c01", "h3", "c02", "n1", "h2", "c03"])
    assert {row.level for row in chapter.rows if row.is_chapter} == {2}
    assert keys(whole_rows.added(rows, "", is_chapter=False)[0])[0] == "n1"


def test_a_text_from_elsewhere_keeps_the_ids_and_shows_what_it_lost() -> None:
    for text in (
        "引言。\n\n§ 受理\n\n§§ 二、答复\n\n应当在 12 小时内答复。\n\n§§ 上门\n\n可以预约。",
        "引言。\n\n## 受理\n\n### 答复\n\n应当在 12 小时内答复。\n\n### 上门\n\n可以预约。",
    ):
        rows = from_text(text, document())
        assert rows.preamble == "引言。"
        assert [row.key for row in rows.rows if row.is_out] == ["c01", "c03"]
        standing = [row for row in rows.rows if not row.is_out]
        assert [row.is_chapter for row in standing] == [True, False, False]
        assert (standing[1].key, standing[2].clause_id) == ("c02", None)
        assert "12 小时" in standing[1].body
    law = (
        "第一章 总则\n第一条 应当登记。\n第二条 应当在 24 小时内答复。\n第三条 应当回访。\n第四条 可以上门。"
    )
    rows = from_text(law, document())
    assert [key for key in keys(rows) if key.startswith("c")] == ["c01", "c02", "c03"]
    assert not any(row.is_out for row in rows.rows)


def test_what_others_did_comes_in_where_nothing_was_typed() -> None:
    base = rows_of(document())
    first, *others = base.rows

    def with_words(rows: Rows, **words: str) -> tuple[Row, ...]:
        return tuple(Row(r.key, r.level, r.heading, words.get(r.key, r.body)) for r in rows.rows)

    mine = Rows(base.preamble, (*with_words(base, c02="我的。"), Row("n1", 3, "我加的")))
    theirs = Rows(
        "他们的引言。",
        (first, *with_words(base, c01="他们的。", c02="他们的。")[1:3], Row("c09", 3, "他们加的")),
    )
    made = joined(base, mine, theirs)
    assert made.preamble == "他们的引言。"
    assert [(row.key, row.body) for row in made.rows if row.clause_id] == [
        ("c01", "他们的。"),
        ("c02", "我的。"),
        ("c09", ""),
    ]
    assert "n1" in keys(made) and len(others) == 4
