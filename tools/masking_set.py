"""Owns the labelled set that masking is measured on: writes `tests/data/masking_labelled.csv`, the same on every run.

    python -m tools.masking_set [--seed N] [PATH]

Columns `text,label`; the label lists what must be hidden, separated by `|`, and is empty where nothing must be. The
sentences were written for it by hand (`masking_set_texts.py`), numbers and names are drawn with a fixed seed; check
digits are right. Another seed gives other numbers in the same sentences: the figures must hold there too.
"""

import argparse
import csv
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from tools import masking_set_texts as texts

PATH = Path("tests/data/masking_labelled.csv")
SEED = 20261122
TURNS = 3  # how often each sentence about a person is drawn
HARMLESS_TURNS = 6
_SLOT = re.compile(r"\{(\w+)\}")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_FULL_WIDTH = {ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"}

Row = tuple[str, str]


def rows(seed: int = SEED) -> Iterator[Row]:
    """Yields `(text, label)`: drawn sentences with something to hide, drawn harmless ones, then the hand-written ones."""
    chance = random.Random(seed)  # noqa: S311 - sentences of a test, nothing secret
    for sentence in texts.PERSONAL:
        for _ in range(TURNS):
            yield _filled(sentence, chance)
    for sentence in texts.HARMLESS:
        for _ in range(HARMLESS_TURNS):
            text, _label = _filled(sentence, chance)
            yield text, ""
    yield from texts.BY_HAND


def write(path: Path, seed: int = SEED) -> int:
    """Writes the set and returns how many different rows it has."""
    unique = list(dict.fromkeys(rows(seed)))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["text", "label"])
        writer.writerows(unique)
    return len(unique)


def _filled(sentence: str, chance: random.Random) -> Row:
    hidden: list[str] = []

    def draw(match: re.Match[str]) -> str:
        value = _DRAWN[match[1]](chance)
        hidden.append(value)
        return value

    return _SLOT.sub(draw, sentence), "|".join(hidden)


def _digits(chance: random.Random, count: int) -> str:
    return "".join(chance.choice("0123456789") for _ in range(count))


def _mobile(chance: random.Random) -> str:
    number = "1" + chance.choice("3456789") + _digits(chance, 9)
    forms: tuple[Callable[[], str], ...] = (
        lambda: number,
        lambda: number,
        lambda: f"{number[:3]}-{number[3:7]}-{number[7:]}",
        lambda: f"{number[:3]} {number[3:7]} {number[7:]}",
        lambda: f"+86 {number}",
        lambda: f"+86-{number}",
        lambda: f"86{number}",
        lambda: f"(+86) {number[:3]} {number[3:7]} {number[7:]}",
        lambda: number.translate(_FULL_WIDTH),
        lambda: f"{number[:3]}.{number[3:7]}.{number[7:]}",
    )
    return chance.choice(forms)()


def _landline(chance: random.Random) -> str:
    area = chance.choice(("010", "021", "0571", "0755", "028", "0512"))
    first = chance.choice("2345678")
    number = first + _digits(chance, 7 if len(area) < 4 or chance.random() < 0.7 else 6)
    return chance.choice(
        (
            f"{area}-{number}",
            f"{area}{number}",
            f"({area}){number}",
            f"{area} {number}",
            f"{area}-{number}-8{_digits(chance, 2)}",
        )
    )


def _foreign(chance: random.Random) -> str:
    return chance.choice(
        (
            f"+44 20 7{_digits(chance, 3)} {_digits(chance, 4)}",
            f"+1 (415) {chance.choice('2345678')}{_digits(chance, 2)}-{_digits(chance, 4)}",
            f"212-{chance.choice('2345678')}{_digits(chance, 2)}-{_digits(chance, 4)}",
            f"+852 9{_digits(chance, 3)} {_digits(chance, 4)}",
            f"(646) {chance.choice('2345678')}{_digits(chance, 2)}-{_digits(chance, 4)}",
            f"+49 151 {_digits(chance, 8)}",
        )
    )


def _mail(chance: random.Random) -> str:
    name = chance.choice(texts.MAIL_NAMES) + chance.choice(("", ".", "_")) + str(chance.randint(1, 9999))
    mail = f"{name}@{chance.choice(texts.MAIL_HOSTS)}"
    return chance.choice((mail, mail, mail.upper()))


def _identity(chance: random.Random) -> str:
    day = f"{chance.randint(1950, 2008)}{chance.randint(1, 12):02}{chance.randint(1, 28):02}"
    number = chance.choice(("110105", "310115", "440306", "330102", "510107")) + day + _digits(chance, 3)
    last = "10X98765432"[sum(int(d) * w for d, w in zip(number, _WEIGHTS, strict=True)) % 11]
    number += chance.choice((last, last.lower()))
    return chance.choice((number, number, f"{number[:6]} {number[6:14]} {number[14:]}"))


def _card(chance: random.Random) -> str:
    start = chance.choice(("622202", "621700", "436742", "528931", "621226"))
    body = start + _digits(chance, chance.choice((9, 12)))
    doubled = [int(d) * 2 - 9 if int(d) > 4 else int(d) * 2 for d in body[::-2]]
    number = body + str(-(sum(doubled) + sum(int(d) for d in body[-2::-2])) % 10)
    return chance.choice((number, " ".join(number[i : i + 4] for i in range(0, len(number), 4))))


def _order(chance: random.Random) -> str:
    return chance.choice(
        (
            _digits(chance, 12),
            "2026" + f"{chance.randint(1, 12):02}{chance.randint(1, 28):02}" + _digits(chance, 8),
            "DD" + _digits(chance, 10),
            "TB" + _digits(chance, 12),
            _digits(chance, 18),
            "E" + _digits(chance, 9),
        )
    )


def _parcel(chance: random.Random) -> str:
    return chance.choice(("SF", "YT", "JD", "ZTO", "")) + chance.choice("123456789") + _digits(chance, 12)


def _plate(chance: random.Random) -> str:
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZ"
    city = chance.choice("京沪粤浙苏川鲁渝") + chance.choice("ABCDE")
    tail = chance.choice(letters) + _digits(chance, 4)
    return (
        city
        + chance.choice(("", "·", " "))
        + chance.choice((tail, "D" + chance.choice(letters) + _digits(chance, 4)))
    )


def _name(chance: random.Random) -> str:
    return chance.choice(texts.SURNAMES) + chance.choice(texts.GIVEN)


def _surname(chance: random.Random) -> str:
    return chance.choice(texts.SURNAMES)


def _latin(chance: random.Random) -> str:
    return f"{chance.choice(texts.FIRST)} {chance.choice(texts.LAST)}"


_DRAWN: dict[str, Callable[[random.Random], str]] = {
    "mobile": _mobile,
    "landline": _landline,
    "foreign": _foreign,
    "mail": _mail,
    "identity": _identity,
    "card": _card,
    "order": _order,
    "parcel": _parcel,
    "plate": _plate,
    "name": _name,
    "surname": _surname,
    "latin": _latin,
    "last": lambda chance: chance.choice(texts.LAST),
    "first": lambda chance: chance.choice(texts.FIRST),
    # Harmless numbers: never listed in a label, because their sentences have none.
    "price": lambda chance: f"{chance.randint(1, 9999)}.{_digits(chance, 2)}",
    "thousands": lambda chance: f"{chance.randint(1, 99)},{_digits(chance, 3)}.00",
    "count": lambda chance: str(chance.randint(2, 99_999)),
    "large": lambda chance: str(chance.randint(1_000_000, 99_999_999)),
    "clock": lambda chance: f"{chance.randint(0, 23):02}:{chance.randint(0, 59):02}",
    "seconds": lambda chance: (
        f"{chance.randint(0, 23):02}:{chance.randint(0, 59):02}:{chance.randint(0, 59):02}"
    ),
    "day": lambda chance: f"20{chance.randint(15, 27)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}",
    "compact_day": lambda chance: (
        f"20{chance.randint(15, 27)}{chance.randint(1, 12):02}{chance.randint(1, 28):02}"
    ),
    "stamp": lambda chance: (
        f"20{chance.randint(15, 27)}{chance.randint(1, 12):02}{chance.randint(1, 28):02}{chance.randint(0, 23):02}{chance.randint(0, 59):02}{chance.randint(0, 59):02}"
    ),
    "year": lambda chance: str(chance.randint(1998, 2027)),
    "version": lambda chance: f"{chance.randint(1, 19)}.{chance.randint(0, 20)}.{chance.randint(0, 9999)}",
    "address": lambda chance: ".".join(str(chance.randint(1, 254)) for _ in range(4)),
    "percent": lambda chance: f"{chance.randint(1, 100)}.{chance.randint(0, 9)}",
    "hotline": lambda chance: chance.choice(
        ("400-820-8820", "12315", "95588", "4008106666", "12345", "10086", "800-810-8888")
    ),
}


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description="Writes the labelled set of masking.")
    asked.add_argument("path", nargs="?", type=Path, default=PATH)
    asked.add_argument("--seed", type=int, default=SEED)
    wanted = asked.parse_args()
    print(f"{write(wanted.path, wanted.seed)} rows in {wanted.path}")
