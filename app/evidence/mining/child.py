"""Owns the process that loads the learning libraries: one request as JSON on its input, one answer on its output.

    python -m app.evidence.mining.child < request > answer

A request names its `task`; progress goes to the error output as `done/all` lines. Exit code 2: a file cannot
be used, the answer is the sentence.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.evidence.masking import mask
from app.evidence.mining import evaluation, finding
from app.evidence.mining.clauses import ClauseText
from app.evidence.mining.encoder import make_encoder
from app.evidence.mining.files import BadFile, Row, must_have, read_rows

MISUSE = 2


def _issues(asked: dict[str, Any]) -> dict[str, Any]:
    train, test = _both(asked)
    encoder = make_encoder()
    return {
        **evaluation.evaluate_issues(train, test, encoder),
        "encoder": encoder.name,
        **_sizes(train, test),
    }


def _complaints(asked: dict[str, Any]) -> dict[str, Any]:
    train, test = _both(asked)
    encoder = make_encoder()
    return {
        **evaluation.evaluate_complaints(train, test, encoder),
        "encoder": encoder.name,
        **_sizes(train, test),
    }


def _clauses(asked: dict[str, Any]) -> dict[str, Any]:
    clauses = [ClauseText(**one) for one in asked["clauses"]]
    train = _answered(Path(asked["train"]), clauses) if asked.get("train") else []
    test = _answered(Path(asked["test"]), clauses)
    encoder = make_encoder()
    found = evaluation.evaluate_clauses(train, test, clauses, encoder)
    return {**found, "encoder": encoder.name, **_sizes(train, test)}


def _masking(asked: dict[str, Any]) -> dict[str, Any]:
    path = Path(asked["test"])
    rows = read_rows(path, "label", may_be_empty=True)
    test = [(row.text, _strings(path, row)) for row in rows]

    def masked(text: str) -> tuple[str, int]:
        done = mask(text)
        return done.text, sum(done.found.values())

    return {**evaluation.evaluate_masking(test, masked), "baselines": {}, **_sizes([], rows)}


def _both(asked: dict[str, Any]) -> tuple[list[Row], list[Row]]:
    train, test = read_rows(Path(asked["train"]), "label"), read_rows(Path(asked["test"]), "label")
    must_have(Path(asked["train"]), train, 2, lambda row: row.label)
    return train, test


def _answered(path: Path, clauses: list[ClauseText]) -> list[tuple[str, list[str]]]:
    """Returns the questions with the keys of their clauses; an id without a standard's code has to be the only one so."""
    known: dict[str, list[str]] = {}
    for clause in clauses:
        known.setdefault(clause.key, []).append(clause.key)
        known.setdefault(clause.key.rpartition("/")[2], []).append(clause.key)
    found = []
    for row in read_rows(path, "clause_ids"):
        keys = []
        for name in row.label.replace(";", " ").replace("|", " ").replace(",", " ").split():
            if len(known.get(name.lower(), ())) != 1:
                why = (
                    "stands in several standards: write code/id"
                    if name.lower() in known
                    else "is no clause of the folder"
                )
                raise BadFile(f"{path.name}, line {row.line}, field clause_ids: '{name[:40]}' {why}")
            keys += known[name.lower()]
        found.append((row.text, keys))
    return found


def _strings(path: Path, row: Row) -> list[str]:
    strings = [one.strip() for one in row.label.split("|") if one.strip()]
    for one in strings:
        if one not in row.text:
            raise BadFile(
                f"{path.name}, line {row.line}, field label: '{one[:40]}' does not stand in the text"
            )
    return strings


def _sizes(train: list[Any], test: list[Any]) -> dict[str, int]:
    return {"train": len(train), "test": len(test)}


TASKS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "issues": _issues,
    "complaints": _complaints,
    "clauses": _clauses,
    "masking": _masking,
    "find": finding.find,
}


def main() -> int:
    """Answers one request."""
    began = time.monotonic()
    asked = json.load(sys.stdin)
    try:
        answer = TASKS[asked["task"]](asked)
    except BadFile as error:
        print(json.dumps({"error": str(error)}, ensure_ascii=False))
        return MISUSE
    answer["seconds"] = round(time.monotonic() - began, 1)
    print(json.dumps(answer, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
