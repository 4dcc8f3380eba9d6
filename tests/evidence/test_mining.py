"""Texts without labels become groups that keep what people said; a measurement refuses a bad file by line and field."""

import csv
import json
import re
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from app.evaluate_command import evaluate, table_of
from app.evidence.mining import evaluation
from app.evidence.mining.clauses import ClauseIndex, ClauseText, plain_bm25
from app.evidence.mining.clusters import find_groups, how_many
from app.evidence.mining.encoder import LatentEncoder, SentenceEncoder, make_encoder
from app.evidence.mining.files import BadFile, Row, read_rows
from app.evidence.mining.finding import find
from app.evidence.mining.labels import ClauseNames
from app.evidence.mining.words import pairs, prepare, units
from app.standards.clause_folder import clauses_of

DATA = Path(__file__).parent.parent / "data"
LATE = [f"快递{n}天了还没有送到，一直没有消息" for n in range(2, 14)]
TWICE = [f"我的卡被扣了两次{n}元，要求退款" for n in range(10, 22)]


def write(path: Path, head: list[str], rows: list[list[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *rows])
    return path


def test_words_of_both_languages_are_found() -> None:
    assert "退款" in units("我要退款") and "_退款" in units("我要退款")
    assert pairs("my card") == ["my", "card", "my card"]
    assert prepare("ＡＰＰ [手机号]") == "app  # "


def test_two_things_become_two_groups_whichever_encoder() -> None:
    for encoder in (make_encoder(), LatentEncoder()):
        labels = find_groups([*LATE, *TWICE], encoder, groups=2).labels
        assert len(set(labels[: len(LATE)])) == 1 and len(set(labels[len(LATE) :])) == 1
        assert labels[0] != labels[-1]


def test_the_rest_is_carried_from_a_sample() -> None:
    texts = [*LATE, *TWICE] * 5
    found = find_groups(texts, make_encoder(), sample=30, groups=2)
    assert len(found.sample) == 30
    assert [found.labels[0] == label for label in found.labels] == ([True] * 12 + [False] * 12) * 5


def test_what_a_person_confirmed_stays_and_attracts_its_like() -> None:
    texts = [*LATE, *TWICE]
    found = find_groups(texts, make_encoder(), known=dict.fromkeys(range(6), 0), fixed=1).labels
    assert set(found[:6]) == {0} and (found[6:12] == 0).sum() >= 3
    assert not (found[12:] == 0).any()


def test_what_a_person_took_out_does_not_come_back() -> None:
    texts = [*LATE, *TWICE]
    found = find_groups(texts, make_encoder(), known=dict.fromkeys(range(6), 0), fixed=1, out=[(7, 0)]).labels
    assert found[7] != 0


def test_confirmed_groups_that_no_text_is_left_of_keep_their_number_free() -> None:
    assert find_groups(LATE, make_encoder(), fixed=3).labels.min() == 3


def test_an_issue_is_named_in_its_own_words_and_shows_its_clause() -> None:
    clauses = [
        {
            "key": "cs-01/c01",
            "chapter": "配送",
            "heading": "送达时限",
            "body": "快递在三天内送到，晚到要告知客户。",
        },
        {"key": "cs-01/c02", "chapter": "付款", "heading": "重复扣款", "body": "多扣的钱在一天内退回卡上。"},
        {"key": "cs-01/c03", "chapter": "隐私", "heading": "个人信息", "body": "不泄露客户的电话和地址。"},
    ]
    answer = find({"texts": [*LATE, *TWICE], "groups": 2, "clauses": clauses})
    late, twice = sorted(answer["issues"], key=lambda one: one["members"][0])
    assert late["clauses"][0][0] == "cs-01/c01" and twice["clauses"][0][0] == "cs-01/c02"
    assert any("扣" in term for term in twice["terms"]["zh"])
    assert len(late["typical"]) == 12
    assert find({"texts": []}) == {"issues": []}


def test_how_many_groups_grows_with_the_root() -> None:
    assert [how_many(n) for n in (0, 3, 100, 10_003, 1_000_000)] == [2, 2, 10, 100, 100]


def test_a_clause_is_found_across_languages() -> None:
    clauses = [
        ClauseText("a/c01", "配送", "送达时限", "快递在三天内送到。"),
        ClauseText("a/c02", "付款", "重复扣款", "多扣的钱在一天内退回。"),
        ClauseText("a/c03", "隐私", "个人信息", "不泄露客户的电话和地址。"),
    ]
    index = ClauseIndex(clauses, SentenceEncoder())
    assert index.best(["you charged my card twice, give the money back"])[0][0][0] == "a/c02"
    assert plain_bm25({c.key: c.body for c in clauses}, ["快递没有送到"])[0][0] == "a/c01"


def test_what_people_confirmed_moves_a_clause_up() -> None:
    clauses = [
        ClauseText("a/c01", "", "Returns", "Goods come back."),
        ClauseText("a/c02", "", "Bills", "We send bills."),
    ]
    plain = ClauseIndex(clauses, make_encoder()).scores(["the parrot is dead"])
    taught = ClauseIndex(clauses, make_encoder(), [("my parrot died", "a/c01")]).scores(
        ["the parrot is dead"]
    )
    assert np.diff(taught)[0, 0] < np.diff(plain)[0, 0]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "line 1: the column 'text' is missing"),
        (b"text,topic\na,b\n", "line 1: the column 'label' is missing"),
        (b"text,label\n", "there is no row"),
        (b"text,label\nfine,a\n,b\n,c\n", "line 3, field text: it is empty (2 of 3 rows cannot be used)"),
        (b"text,label\nfine,\n", "line 2, field label: it is empty"),
        (b"text,label\none, two, three\n", "line 2: 3 cells under 2 columns"),
        (b"text,label\nonly\n", "line 2, field label: the row ends before it"),
        (b'text,label\n"never ends,a\n', "no CSV"),
        ("text,label\n好的,a\n".encode("gb18030"), "line 2: not UTF-8"),
        (b'text,label\n"two\nlines",\n,b\n', "line 2, field label"),
    ],
)
def test_a_bad_file_is_refused_by_line_and_field(tmp_path: Path, data: bytes, says: str) -> None:
    path = tmp_path / "given.csv"
    path.write_bytes(data)
    with pytest.raises(BadFile, match=re.escape(says)):
        read_rows(path, "label")


def test_a_file_of_another_program_is_read(tmp_path: Path) -> None:
    path = tmp_path / "given.csv"
    path.write_bytes(
        b'\xef\xbb\xbfLabel;, TEXT ,label\r\nx,one,a\r\n\r\nx,two,b,\r\nx,,c\r\nx,three, four,d\r\nx,"fi\r\nve",e\r\n'
    )
    left_out: list[str] = []
    assert [(row.line, row.text, row.label) for row in read_rows(path, "label", left_out=left_out)] == [
        (2, "one", "a"),
        (4, "two", "b"),
        (7, "fi\r\nve", "e"),
    ]
    assert [one.partition(", ")[2][:22] for one in left_out] == [
        "line 5, field text: it",
        "line 6: 4 cells under ",
    ]


def test_the_program_measures_all_four_and_prints_baselines(tmp_path: Path) -> None:
    train = write(
        tmp_path / "train.csv",
        ["text", "label"],
        [[t, "late"] for t in LATE[:8]] + [[t, "twice"] for t in TWICE[:8]],
    )
    test = write(
        tmp_path / "test.csv",
        ["text", "label"],
        [[t, "late"] for t in LATE[8:]] + [[t, "twice"] for t in TWICE[8:]],
    )
    for task in ("issues", "complaints"):
        answer = measured(task, "--train", str(train), "--test", str(test))
        assert answer["accuracy"] == 1.0 and "tfidf_linear" in answer["baselines"]
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "rules.md").write_text(
        "# Rules\n\n## Delivery\n\nParcels come in 3 days.\n\n## Bills\n\nA sum taken twice goes back.\n"
    )
    assert [one.key for one in clauses_of(tmp_path / "texts")] == ["rules/c01", "rules/c02"]
    asked = write(
        tmp_path / "asked.csv",
        ["text", "clause_ids"],
        [["my bill was charged twice", "rules/c02"], ["parcel is late", "c01"]],
    )
    answer = measured("clauses", "--test", str(asked), "--standards", str(tmp_path / "texts"))
    assert answer["hit_at_5"] == answer["hit_at_1"] == 1.0 and "bm25" in answer["baselines"]
    hidden = write(
        tmp_path / "hidden.csv",
        ["text", "label"],
        [["电话13912345678，打了三次", "13912345678"], ["花了199元", ""]],
    )
    assert measured("masking", "--test", str(hidden))["recall"] == 1.0


def test_the_program_says_what_is_wrong_and_ends_with_1_or_2(tmp_path: Path) -> None:
    test = write(tmp_path / "test.csv", ["text", "label"], [["a", "x"], ["", "y"]])
    one = write(tmp_path / "one.csv", ["text", "label"], [["a", "x"]])
    run = CliRunner().invoke
    bad = run(evaluate, ["issues", "--train", str(test), "--test", str(test)])
    assert bad.exit_code == 1 and "2 different labels" in bad.output
    alone = run(evaluate, ["issues", "--train", str(one), "--test", str(one)])
    assert alone.exit_code == 1 and "2 different labels" in alone.output
    assert run(evaluate, ["issues", "--test", str(test)]).exit_code == 2
    assert run(evaluate, ["clauses", "--test", str(test)]).exit_code == 2
    assert run(evaluate, ["poems", "--test", str(test)]).exit_code == 2


def test_ten_texts_without_a_word_are_measured(tmp_path: Path) -> None:
    rows = [["😡" * n, "bad" if n % 2 else "good"] for n in range(1, 9)] + [["", "bad"]]
    path = write(tmp_path / "odd.csv", ["text", "label"], rows)
    for task in ("issues", "complaints"):
        answer = measured(task, "--train", str(path), "--test", str(path))
        assert (answer["train"], answer["rows_left_out"]) == (8, 2) and 0 <= answer["accuracy"] <= 1


def test_of_very_long_files_some_rows_are_drawn_and_no_label_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluation, "MOST_LEARNED", 5)
    rows = [Row(n, f"text {n}", "rare" if n == 17 else "often") for n in range(40)]
    taught, asked, said = evaluation._fewer(rows, rows[:8])
    assert {row.label for row in taught} == {"rare", "often"} and len(asked) == 8
    assert said == {"learned_from": len(taught)} and len(taught) <= 6


def test_clauses_are_named_as_people_name_them(tmp_path: Path) -> None:
    """Ids in headings, headings, numbers, languages in folders or in names; a folder that lies beside the questions."""
    folder = tmp_path / "rules"
    for place, text in {
        "returns/zh.md": "# 退货\n\n## 期限\n\n三十天内可以退。\n\n## 运费\n\n运费由我们出。\n",
        "returns/en.md": "# Returns\n\n## Time limit\n\nWithin 30 days.\n\n## Postage\n\nWe pay the postage.\n",
        "flights/zh.md": "# 航班\n\n## 改签 {#rebook}\n\n一天内免费改一次。\n\n## 3.2 行李\n\n五天内找到。\n",
        "README.md": "What this folder holds.\n",
    }.items():
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        (folder / place).write_text(text, encoding="utf-8")
    found = clauses_of(folder)
    assert [one.key for one in found][:4] == ["flights/rebook", "flights/c02", "returns/c01", "returns/c02"]
    names = ClauseNames([vars(one) for one in found])
    for cell, keys in {
        "returns/c01": ["returns/c01"],
        "returns#c01；rebook": ["returns/c01", "flights/rebook"],
        "运费, 3.2": ["returns/c02", "flights/c02"],
        '["Time limit", "flights/zh.md#行李"]': ["returns/c01", "flights/c02"],
        "returns/c02|returns/c01 flights:rebook": ["returns/c02", "returns/c01", "flights/rebook"],
        "c02": [],
    }.items():
        assert names.keys(cell) == keys, cell
    assert any("several standards" in one for one in names.not_found()["clause_ids_not_found"])
    asked = [["三十天内能退吗", "期限"], ["我的行李丢了", "flights/c02"], ["谁知道", "c99"]]
    test = write(tmp_path / "asked.csv", ["clause_ids", "text"], [row[::-1] for row in asked])
    answer = measured("clauses", "--test", str(test))
    assert answer["hit_at_5"] == 0.6667 and "c99" in answer["clause_ids_not_found"][0]


def test_labels_of_masking_are_strings_a_masked_text_or_words(tmp_path: Path) -> None:
    for number, (labels, accuracy) in enumerate(
        {
            ("13912345678", "", "张;13800138000"): 1.0,
            ('["13912345678"]', "无", "[姓名]先生，*******"): 1.0,
            ("phone", "none", "name,phone"): 1.0,
            ("1", "1", "0"): 0.3333,
        }.items()
    ):
        texts = ("电话13912345678，打了三次", "花了199元", "张先生，13800138000")
        test = write(
            tmp_path / f"{number}.csv",
            ["text", "label"],
            [list(row) for row in zip(texts, labels, strict=True)],
        )
        answer = measured("masking", "--test", str(test))
        assert answer["accuracy"] == accuracy and answer["test"] == 3, labels


def measured(*words: str) -> dict:
    done = CliRunner().invoke(evaluate, [*words, "--json"])
    assert done.exit_code == 0, done.output
    answer = json.loads(done.output)
    printed = table_of(answer)  # what a person gets without --json
    assert all(name in printed for name in answer.keys() - {"baselines"})
    assert all(f"plain {name}" in printed for name in answer.get("baselines", {}))
    return dict(answer)
