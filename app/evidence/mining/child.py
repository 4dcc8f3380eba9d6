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
from app.evidence.mining.labels import ClauseNames, answered, are_words, says_yes, strings_to_mask

MISUSE = 2
MOST_TOLD = 20  # sentences about rows that were left out


def _issues(asked: dict[str, Any]) -> dict[str, Any]:
    train, test, about = _both(asked)
    encoder = make_encoder()
    return {**evaluation.evaluate_issues(train, test, encoder), "encoder": encoder.name, **about}


def _complaints(asked: dict[str, Any]) -> dict[str, Any]:
    train, test, about = _both(asked)
    encoder = make_encoder()
    return {**evaluation.evaluate_complaints(train, test, encoder), "encoder": encoder.name, **about}


def _clauses(asked: dict[str, Any]) -> dict[str, Any]:
    names = ClauseNames(asked["clauses"])
    clauses = [
        ClauseText(one["key"], one["chapter"], one["heading"], one["body"]) for one in asked["clauses"]
    ]
    left_out: list[str] = []
    train = answered(Path(asked["train"]), names, left_out, must_find=False) if asked.get("train") else []
    test = answered(Path(asked["test"]), names, left_out)
    encoder = make_encoder()
    found = evaluation.evaluate_clauses(train, test, clauses, encoder)
    return {**found, "encoder": encoder.name, **_sizes(train, test, left_out), **names.not_found()}


def _masking(asked: dict[str, Any]) -> dict[str, Any]:
    path = Path(asked["test"])
    left_out: list[str] = []
    rows = read_rows(path, "label", may_be_empty=True, left_out=left_out)

    def masked(text: str) -> tuple[str, int]:
        done = mask(text)
        return done.text, sum(done.found.values())

    if are_words(rows):
        told = [(row.text, says_yes(row.label)) for row in rows]
        return {
            **evaluation.evaluate_masked_texts(told, masked),
            "baselines": {},
            **_sizes([], rows, left_out),
        }
    test = strings_to_mask(path, rows, left_out)
    return {**evaluation.evaluate_masking(test, masked), "baselines": {}, **_sizes([], test, left_out)}


def _both(asked: dict[str, Any]) -> tuple[list[Row], list[Row], dict[str, Any]]:
    left_out: list[str] = []
    train, test = (read_rows(Path(asked[one]), "label", left_out=left_out) for one in ("train", "test"))
    must_have(Path(asked["train"]), train, 2, lambda row: row.label)
    return train, test, _sizes(train, test, left_out)


def _sizes(train: list[Any], test: list[Any], left_out: list[str]) -> dict[str, Any]:
    said = {"rows_left_out": len(left_out), "left_out": left_out[:MOST_TOLD]} if left_out else {}
    return {"train": len(train), "test": len(test), **said}


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
