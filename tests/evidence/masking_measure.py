"""Owns how masking is measured on labelled texts: what was found, what was missed, what harmless went too. Pure."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from app.evidence.masking import mask
from app.evidence.personal_numbers import HALF_WIDTH

SEPARATOR = "|"
_NUMBER = re.compile(r"\d+(?:[.,:/×x-]\d+)*")
_DIGIT = re.compile(r"\d")
_RUN = re.compile(r"\d(?:[ .·-]?\d)*")
_TELLING = 6  # so many digits of a number in a row would tell it


@dataclass
class Score:
    """Counts over a labelled set, and the cases behind each count as `(text, piece)`.

    Labels with a digit or an @ are `numbers`, the others `names`. Harmless is every other number of every text.
    """

    texts: int = 0
    numbers: int = 0
    numbers_found: int = 0
    names: int = 0
    names_found: int = 0
    harmless: int = 0
    harmless_masked: int = 0
    harmless_texts: int = 0
    harmless_texts_changed: int = 0
    missed: list[tuple[str, str]] = field(default_factory=list)
    lost: list[tuple[str, str]] = field(default_factory=list)

    @property
    def recall(self) -> float:
        """Returns found of all labelled pieces; 1 when nothing is labelled."""
        return _share(self.numbers_found + self.names_found, self.numbers + self.names)

    @property
    def number_recall(self) -> float:
        """Returns found of the labelled numbers and addresses; 1 when none is labelled."""
        return _share(self.numbers_found, self.numbers)

    @property
    def harmless_share(self) -> float:
        """Returns which share of the harmless numbers was masked; 0 when there are none."""
        return self.harmless_masked / self.harmless if self.harmless else 0.0

    @property
    def precision(self) -> float:
        """Returns found of found and wrongly masked together; 1 when nothing was masked."""
        found = self.numbers_found + self.names_found
        wrong = self.harmless_masked + self.harmless_texts_changed
        return _share(found, found + wrong)


def measure(rows: Iterable[tuple[str, str]]) -> Score:
    """Masks each text and compares with its label: the pieces to hide separated by `|`, empty for none.

    A piece is found when it stands nowhere in the masked text, nor six of its digits in a row. A harmless
    number is masked when it stands there less often than in the text without its labelled pieces. A harmless
    text is one without labels; it is changed when anything in it was masked.
    """
    score = Score()
    for text, label in rows:
        _measure_one(score, text, [piece for piece in label.split(SEPARATOR) if piece])
    return score


def _measure_one(score: Score, text: str, pieces: list[str]) -> None:
    masked = mask(text)
    plain, shown = text.translate(HALF_WIDTH), masked.text.translate(HALF_WIDTH)
    score.texts += 1
    rest = plain
    for piece in sorted((one.translate(HALF_WIDTH) for one in pieces), key=len, reverse=True):
        is_number = bool(_DIGIT.search(piece)) or "@" in piece
        found = _is_gone(piece, shown) if len(piece) > 1 else shown.count(piece) < plain.count(piece)
        score.numbers += is_number
        score.numbers_found += is_number and found
        score.names += not is_number
        score.names_found += found and not is_number
        if not found:
            score.missed.append((text, piece))
        rest = rest.replace(piece, "\0", 1)
    left = Counter(_NUMBER.findall(shown))
    for number, count in Counter(_NUMBER.findall(rest)).items():
        gone = max(0, count - left[number])
        score.harmless += count
        score.harmless_masked += gone
        score.lost += [(text, number)] * gone
    if not pieces:
        score.harmless_texts += 1
        if masked.found:
            score.harmless_texts_changed += 1
            score.lost.append((text, masked.text))


def _is_gone(piece: str, shown: str) -> bool:
    if piece in shown:
        return False
    digits = "".join(_DIGIT.findall(piece))
    runs = {"".join(_DIGIT.findall(run)) for run in _RUN.findall(shown)}
    parts = {digits[i : i + _TELLING] for i in range(len(digits) - _TELLING + 1)}
    return not any(part in run for part in parts for run in runs)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0
