"""Owns an independent measurement of masking on real texts: what is put into them and found, what is harmless and goes.

    python -m bench.masking [--seed N] [--times N] [--show N] [--json]

Reads reviews, bank questions, service requests and conversations from the folder that TOUCHSTONE_SAMPLES
names. Three questions: generated numbers, addresses and names are put at random places into real sentences:
which share is gone afterwards; harmless numbers are put there the same way: which share went too; in
sentences as they are: which share of all numbers went. The labels of bitext (order and invoice numbers,
persons, amounts) are other people's. Knows nothing of the rules it measures.
"""

import argparse
import csv
import json
import os
import random
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.evidence.masking import mask
from bench.masking_values import HARMLESS, PERSONAL

SHARED = Path(os.environ.get("TOUCHSTONE_SAMPLES", Path(__file__).parents[2] / "shared" / "data"))
SEED, TIMES = 20261123, 400
_NUMBER = re.compile(r"\d+(?:[.,:/-]\d+)*")


def texts() -> dict[str, list[str]]:
    """Returns real sentences by source."""
    folder = SHARED / "complaints"
    with (folder / "banking77_train.csv").open(encoding="utf-8", newline="") as stream:
        bank = [row["text"] for row in csv.DictReader(stream)]
    reviews = [
        line
        for name in ("neg", "pos")
        for line in (folder / f"zh_reviews_{name}_3000.txt").read_text("utf-8").splitlines()
    ]
    return {
        "reviews": [one for one in reviews if one.strip()],
        "banking77": bank,
        "tickets": list(_ticket_texts()),
    }


@dataclass(frozen=True)
class Counted:
    """What was asked of one kind: how many there were, how many are gone, and the texts that went wrong."""

    count: int
    gone: int
    wrong: list[str]
    more: str = ""


def measure(seed: int, times: int) -> dict[str, Counted]:
    """Returns for each kind how many there were and how many are gone, by name of the question."""
    chance, made = random.Random(seed), texts()
    hosts = [*made["reviews"], *made["banking77"]]
    found: dict[str, Counted] = {}
    for question, kinds in (("personal", PERSONAL), ("harmless", HARMLESS)):
        for name, make in kinds.items():
            gone, wrong = 0, []
            for _ in range(times):
                value = make(chance)
                text = put_in(chance, chance.choice(hosts), value)
                is_gone = not _stands(value, text, mask(text).text)
                gone += is_gone
                if is_gone != (question == "personal"):
                    wrong.append(text)
            found[f"{question}: {name}"] = Counted(times, gone, wrong)
    for source, sentences in made.items():
        found[f"untouched: {source}"] = _untouched(sentences)
    return found | _bitext()


def put_in(chance: random.Random, host: str, value: str) -> str:
    """Puts a value at a place of a sentence where no Latin letter and no digit touches it, with a space in English."""
    host = host[:300]
    latin = re.search(r"[一-鿿]", host) is None
    places = [
        place
        for place in range(len(host) + 1)
        if not any(
            (c.isascii() and (c.isalnum() or c in ".,-+:/%¥$#")) or c.isdigit()
            for c in host[max(0, place - 1) : place + 1]
        )
    ]
    place = chance.choice(places or [len(host)])
    between = " " if latin or not places else ""
    return f"{host[:place]}{between}{value}{between}{host[place:]}"


def _stands(value: str, text: str, shown: str) -> bool:
    """Says whether a value can still be read: itself, six of its digits in a row, or a name as often as before."""
    plain, value = unicodedata.normalize("NFKC", shown), unicodedata.normalize("NFKC", value)
    if value in plain:
        return True
    number = "".join(c for c in value if c.isdigit())
    if len(number) >= 6:
        parts = {number[i : i + 6] for i in range(len(number) - 5)}
        return any(part in re.sub(r"[ .\-·()]", "", plain) for part in parts)
    core = re.sub(r"先生|女士|小姐|联系人：|收件人|，|^(?:Mr|Ms|Mrs|Dr)\.? ", "", value)
    return plain.count(core) >= unicodedata.normalize("NFKC", text).count(core)


def _untouched(sentences: list[str]) -> Counted:
    """Counts all numbers of sentences as they are, and those that masking took away."""
    count, gone = 0, 0
    cases: list[str] = []
    for text in sentences:
        shown = mask(text).text
        before = Counter(_NUMBER.findall(unicodedata.normalize("NFKC", text)))
        count += sum(before.values())
        lost = before - Counter(_NUMBER.findall(unicodedata.normalize("NFKC", shown)))
        gone += sum(lost.values())
        if shown != text:
            cases.append(f"{text[:200]}  =>  {shown[:200]}")
    return Counted(count, gone, cases, f"{len(cases)} of {len(sentences)} texts changed")


def _bitext() -> dict[str, Counted]:
    """Counts the labelled pieces of service requests: order and invoice numbers and persons go, amounts stay."""
    made: dict[str, Counted] = {}
    counted: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for name in ("bitext_train.csv", "bitext_dev.csv"):
        with (SHARED / "complaints" / name).open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                if row["entity_type"] in ("order_id", "invoice_id", "person_name", "refund_amount"):
                    counted[row["entity_type"]].append((row["utterance"], row["entity_value"]))
    for name, rows in counted.items():
        gone = [not _stands(value, text, mask(text).text) for text, value in rows]
        is_harmless = name == "refund_amount"
        cases = [text for (text, _), one in zip(rows, gone, strict=True) if one == is_harmless]
        made[f"{'harmless' if is_harmless else 'personal'}: bitext {name}"] = Counted(
            len(rows), sum(gone), cases
        )
    return made


def _ticket_texts() -> Iterator[str]:
    for path in sorted((SHARED / "tickets").rglob("*.json")):
        yield from _strings(
            json.loads(path.read_text("utf-8")),
            ("summary", "description", "description_text", "body", "body_text", "subject"),
        )
    for path in sorted((SHARED / "tickets").rglob("*.csv")):
        with path.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                yield from (row[name] for name in ("subject", "description", "body") if row.get(name))


def _strings(value: object, names: tuple[str, ...]) -> Iterator[str]:
    if isinstance(value, dict):
        for name, one in value.items():
            if name in names and isinstance(one, str) and one:
                yield one
            else:
                yield from _strings(one, names)
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one, names)


def main() -> None:
    """Prints a line a kind, and the sums: found of what had to go, gone of what is harmless."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--times", type=int, default=TIMES)
    parser.add_argument("--show", type=int, default=0, help="print so many cases of each kind")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for name, one in measure(asked.seed, asked.times).items():
        kind = name.partition(":")[0]
        kind = f"{kind} names" if name.endswith(("name", "person_name")) else kind
        sums[kind][0] += one.count
        sums[kind][1] += one.gone
        _say(name, one, as_json=asked.json)
        for case in one.wrong[: asked.show]:
            print("    ", case)
    for kind, (count, gone) in sums.items():
        _say(f"all {kind}", Counted(count, gone, []), as_json=asked.json)


def _say(name: str, one: Counted, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"kind": name, "n": one.count, "gone": one.gone}))
    else:
        share = 100 * one.gone / one.count if one.count else 0.0
        print(f"{name:30} {one.gone:6} of {one.count:6} gone {share:7.2f} %  {one.more}".rstrip())


if __name__ == "__main__":
    main()
