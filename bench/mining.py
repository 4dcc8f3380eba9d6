"""Owns the measurement of text mining by size: seconds and peak memory for 10,000, 50,000 and 100,000 texts.

    python -m bench.mining ../shared/data/complaints/banking77_train.csv
    python -m bench.mining FILE --sizes 10000 50000 100000 --json

The texts of a CSV (first column) are repeated with their words' order changed, so that no two are the same, until there
are enough. Each size runs in a process of its own, so that its memory is its own.
"""

import argparse
import csv
import json
import random
import resource
import subprocess
import sys
import time
from pathlib import Path

from app.evidence.mining.finding import find

SIZES = (10_000, 50_000, 100_000)


def texts_of(path: Path, size: int) -> list[str]:
    """Returns so many different texts made of those of a CSV, always the same ones."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        given = [row[0] for row in list(csv.reader(file))[1:] if row]
    draw = random.Random(7)
    made = list(given[:size])
    while len(made) < size:
        words = draw.choice(given).split(" ")
        at = draw.randrange(len(words))
        made.append(" ".join([*words[at:], *words[:at], draw.choice(words)]))
    return made


def measure(path: Path, size: int) -> dict[str, float]:
    """Returns what one run over so many texts costs in this process."""
    texts = texts_of(path, size)
    began, used = time.monotonic(), time.process_time()
    found = find({"texts": texts})
    return {
        "texts": size,
        "seconds": round(time.monotonic() - began, 1),
        "cpu_seconds": round(time.process_time() - used, 1),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "issues": len(found["issues"]),
    }


def main() -> None:
    """Measures each size and prints a line for it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--alone", action="store_true", help="measure in this very process")
    given = parser.parse_args()
    if given.alone:
        print(json.dumps(measure(given.file, given.sizes[0])))
        return
    rows = [json.loads(_in_own_process(given.file, size)) for size in given.sizes]
    if given.json:
        print(json.dumps(rows))
        return
    for row in rows:
        print(
            f"{row['texts']:>9,} texts  {row['seconds']:>6} s  {row['cpu_seconds']:>6} s CPU  "
            f"{row['peak_mb']:>5} MB  {row['issues']:>4} issues"
        )


def _in_own_process(file: Path, size: int) -> str:
    command = [sys.executable, "-m", "bench.mining", str(file), "--sizes", str(size), "--alone"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    main()
