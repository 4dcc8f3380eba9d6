"""Masking on the labelled set: 99 % of numbers found, under 1 % of harmless numbers masked, on other draws as well."""

import csv
from pathlib import Path

import pytest

from app.evidence.masking import mask
from tests.evidence.masking_measure import measure
from tools import masking_set

PATH = Path(__file__).parent.parent / "data" / "masking_labelled.csv"


def written() -> list[tuple[str, str]]:
    with PATH.open(encoding="utf-8", newline="") as file:
        return [(row["text"], row["label"]) for row in csv.DictReader(file)]


def test_the_written_set_is_what_the_tool_writes(tmp_path: Path) -> None:
    count = masking_set.write(tmp_path / "again.csv")
    assert count >= 600
    assert (tmp_path / "again.csv").read_text(encoding="utf-8") == PATH.read_text(encoding="utf-8"), (
        "run `python -m tools.masking_set`"
    )


def test_half_of_the_set_is_harmless() -> None:
    harmless = [text for text, label in written() if not label]
    assert 0.4 < len(harmless) / len(written()) < 0.6


@pytest.mark.parametrize("seed", [masking_set.SEED, 1, 2, 3])
def test_numbers_are_found_and_harmless_ones_stay(seed: int, capsys: pytest.CaptureFixture[str]) -> None:
    score = measure(masking_set.rows(seed))
    with capsys.disabled():
        print(
            f"\nseed {seed}: numbers {score.numbers_found}/{score.numbers}, names {score.names_found}/{score.names}, "
            f"harmless masked {score.harmless_masked}/{score.harmless}, harmless texts changed "
            f"{score.harmless_texts_changed}/{score.harmless_texts}"
        )
    assert score.number_recall >= 0.99, score.missed
    assert score.names_found >= 0.97 * score.names, score.missed
    assert score.harmless_share < 0.01, score.lost
    assert score.harmless_texts_changed < 0.01 * score.harmless_texts, score.lost


@pytest.mark.parametrize("row", written()[::3], ids=lambda row: str(row)[:30])
def test_masking_a_masked_text_changes_nothing(row: tuple[str, str]) -> None:
    once = mask(row[0]).text
    assert mask(once).text == once


@pytest.mark.parametrize(
    ("text", "label", "expected"),
    [
        ("手机13800138000", "13800138000", (1, 1, 0, 0)),
        ("王先生", "王", (0, 0, 1, 1)),
        ("价格12.50元", "", (0, 0, 0, 0)),
        ("红色的13.5寸", "红色", (0, 0, 1, 0)),
        ("没有", "", (0, 0, 0, 0)),
    ],
)
def test_what_the_measure_counts(text: str, label: str, expected: tuple[int, int, int, int]) -> None:
    score = measure([(text, label)])
    assert (score.numbers, score.numbers_found, score.names, score.names_found) == expected
    assert score.harmless_masked == 0


def test_a_number_that_is_cut_but_still_tells_is_missed() -> None:
    score = measure([("价格12345678元", "手机12345678")])
    assert (score.numbers, score.numbers_found) == (1, 0)


def test_no_rows_are_a_whole_score() -> None:
    score = measure([])
    assert (score.recall, score.number_recall, score.precision, score.harmless_share) == (1, 1, 1, 0)
