"""What a change of a clause means: the labelled sets, the borders between labels, and texts that want to be slow."""

import json
import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask_babel import force_locale

from app.core.errors import Invalid
from app.evaluate_command import evaluate
from app.standards import figures, label_scores
from app.standards.comparison import Change, Difference, labels_between
from app.standards.label_words import labelled
from app.standards.labels import Label, Labelled, labels_of
from app.standards.redline import redline
from app.standards.text_tokens import tokens
from tests.house_fixtures import House
from tests.samples import OWN

ROOT = Path(__file__).resolve().parents[2]
PRECISION, RECALL = 0.9, 0.8


def labels(old: str, new: str, language: str = "zh") -> set[str]:
    return {one.label.value for one in labels_of(old, new, language)}


@pytest.mark.parametrize(
    "name",
    [
        "change_labels.csv",
        "change_labels_held_out.csv",
        "change_labels_third.csv",
        "change_labels_fourth.csv",
    ],
)
def test_our_own_wording_is_labelled_as_people_do(name: str) -> None:
    score = label_scores.measure(OWN / name, None)
    assert score["precision"] >= PRECISION and score["recall"] >= RECALL, score


@pytest.mark.samples
def test_real_revisions_are_labelled_as_people_do(samples: Path) -> None:
    score = label_scores.measure(ROOT / "bench" / "labels_real.csv", samples / "policies")
    assert score["cases"] == 112
    assert score["precision"] >= PRECISION and score["recall"] >= RECALL, score


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("应当在24小时内答复。", "应当在1天内答复。", set()),
        ("应当在1天内答复。", "应当在1个工作日内答复。", {"deadline", "looser"}),
        ("应当在3个工作日内答复。", "应当在4天内答复。", {"deadline"}),
        ("预算为两亿元。", "预算为1.2亿元。", {"down"}),
        ("保留一个半小时。", "保留90分钟。", set()),
        ("依照第三十条办理。", "依照第三十一条办理。", set()),
        ("客服应当登记。", "客服应当登记。", set()),
        ("客服应当登记。", "客服应当登记！", {"editorial"}),
        ("（1）客服应当登记。", "1. 客服应当登记。", {"editorial"}),
        ("价格为1.5元。", "价格为15元。", {"up"}),
        ("连续两周低于85%的，应当停用。", "连续两周低于88%的，应当停用。", {"up"}),
        ("至少保留3份。", "至少保留2份。", {"down", "looser"}),
        ("甲。乙应当登记。", "乙应当登记。甲。", set()),
        ("", "不得收费。", {"duty_new"}),
        ("不得收费。", "", {"duty_dropped"}),
        ("", "本条自行解释。", set()),
        ("", "", set()),
    ],
)
def test_borders(old: str, new: str, found: set[str]) -> None:
    assert labels(old, new) == found


def test_the_words_a_label_was_read_from_are_told() -> None:
    (up, looser, deadline) = labels_of("在三个工作日内到账。", "在五个工作日内到账。", "zh")
    assert (up.label, up.old, up.new) == (Label.UP, "三个工作日", "五个工作日")
    assert (looser.label, deadline.label) == (Label.LOOSER, Label.DEADLINE)


def test_marks_and_links_alone_are_form() -> None:
    assert [one.label for one in labels_between("见**说明**。", "见说明。", "zh")] == [Label.EDITORIAL]
    assert [one.label for one in labels_between("[a](http://x.example)", "[a](http://y.example)", "en")] == [
        Label.EDITORIAL
    ]


@pytest.mark.parametrize(
    ("text", "language", "read"),
    [
        ("不低于百分之九十", "zh", [("百分之九十", "90", "%", "at least")]),
        ("within two working days", "en", [("two working days", "2", "working day", "at most")]),
        ("第五条规定的三十日内", "zh", [("三十日", "30", "日", "at most")]),
        ("一个客户", "zh", []),
        ("by 18:00", "en", [("18:00", "1080", "clock", "at most")]),
        ("￥1,258,000 人民币", "zh", [("1,258,000", "1258000", "", "")]),
    ],
)
def test_numbers_are_read_with_unit_and_bound(
    text: str, language: str, read: list[tuple[str, str, str, str]]
) -> None:
    found = [(f.words, str(int(f.value)), f.unit, f.bound) for f in figures.figures(text, language)]
    assert found == read


@pytest.mark.parametrize(
    ("old", "new", "whole"),
    [
        ("自2026年1月1日起施行", "自2026年3月1日起施行", "2026年3月1日"),
        ("from 1 March 2026 on", "from 1 April 2026 on", "1 April 2026"),
        ("from March 1, 2026 on", "from March 15, 2026 on", "March 15, 2026"),
        ("限额1,200元", "限额1,500元", "1,500"),
        ("9:30到达", "10:30到达", "10:30"),
    ],
)
def test_numbers_and_dates_are_never_cut(old: str, new: str, whole: str) -> None:
    assert whole in tokens(new)
    assert [s.text for s in redline(old, new) if s.kind == "insert"] == [whole]


@pytest.mark.parametrize(
    ("zh", "en", "shown"),
    [
        ({Label.UP, Label.STRICTER}, {Label.STRICTER, Label.UP}, ["en"]),  # the reader's language
        ({Label.UP}, set(), ["zh"]),
        (set(), set(), []),
        ({Label.UP}, {Label.DOWN}, ["zh", "en"]),
    ],
)
def test_a_label_that_both_languages_bear_is_shown_once(
    sqlite_house: House, zh: set[Label], en: set[Label], shown: list[str]
) -> None:
    both = [
        Difference("C1", Change.CHANGED, language, "", (), (), labels=tuple(map(Labelled, found)))
        for language, found in (("zh", zh), ("en", en))
    ]
    with force_locale("en"):
        assert [one.language for one in labelled(both)] == shown


@pytest.mark.parametrize(
    "text",
    ["1" * 60_000, "应当" * 10_000, "24小时内" * 5_000, "如果，" * 10_000, "<a" * 15_000, "不得" * 5_000 + "，" * 5_000,
     "within 5 days " * 4_000, "、和" * 10_000, "abcdefgh" * 8_000, "（1）" * 10_000],
)  # fmt: skip
def test_no_text_is_slow_to_label(text: str) -> None:
    started = time.process_time()
    labels_of(text, text[: len(text) // 2] + "x", "zh")
    labels_of(text[::-1], text, "en")
    assert time.process_time() - started < 20


def test_the_command_prints_the_figures_and_refuses_a_bad_table(tmp_path: Path) -> None:
    said = CliRunner().invoke(evaluate, ["labels", "--test", str(OWN / "change_labels.csv"), "--json"])
    assert said.exit_code == 0, said.output
    assert (
        json.loads(said.output)["cases"]
        == len((OWN / "change_labels.csv").read_text("utf-8").splitlines()) - 1
    )
    shown = CliRunner().invoke(evaluate, ["labels", "--test", str(OWN / "change_labels.csv")])
    assert shown.exit_code == 0 and "stricter" in shown.output, shown.output
    for head, row in (("a,b", "1,2"), ("language,old,new,labels", "zh,甲,乙,unheard_of")):
        (tmp_path / "bad.csv").write_text(f"{head}\n{row}\n")
        bad = CliRunner().invoke(evaluate, ["labels", "--test", str(tmp_path / "bad.csv")])
        assert bad.exit_code == 1, bad.output
    with pytest.raises(Invalid):
        label_scores.measure(ROOT / "bench" / "labels_real.csv", None)
