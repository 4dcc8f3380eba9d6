"""Owns the fixed questions by which clause suggestion is measured: made from agent guidelines, held out of the clauses.

    python -m bench.clause_questions ../shared/data/policies/abcd-agent-guidelines.json OUT

writes OUT/standards/*.md, one standard a flow and one clause a subflow in the house's own format, and OUT/questions.csv
with the columns text,clause_ids. Three kinds of questions, each a sentence of the guidelines that is taken *out* of the
clause before anything searches it:

- the situation of a subflow, turned into the customer's words ("The customer believes …" becomes "I believe …");
- conditions on the customer ("If the customer …") that stand in one subflow only, at most two a subflow;
- every second question of a list of frequent questions.

Sentences that only say how to begin or to end a conversation ask nothing and are left out. The rules were written and
committed before the method was tuned; nothing is drawn at random, so that the same file gives the same questions.
"""

import argparse
import csv
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

CONDITIONS = 2
LEAST_WORDS = 6
ASKS_NOTHING = (
    "as always",
    "as usual",
    "start by",
    "in all three",
    "the main effort",
    "to get their",
    "help the customer",
    "let the customer know",
    "wrap up",
)
IN_CUSTOMERS_WORDS = (
    (r"\b(?:the )?customer(?:s|’s|'s) (?=credit card|account)", "my "),
    (r"\b(?:the )?customers? (?:is|are)\b", "I am"),
    (r"\b(?:the )?customers? (?:has|have)\b", "I have"),
    (r"\b(?:the )?customers? (?:accidentally ordered)\b", "I accidentally ordered"),
    (r"\b(?:the )?customers? does(?: not|n’t|n't)\b", "I do not"),
    (r"\b(?:the )?customers? (want|believe|think|need|choose|search)s?(?:es)?\b", r"I \1"),
    (r"\band wants\b", "and I want"),
    (r"\b(?:the )?customer(?:s|’s|'s)?\b", "I"),
    (r"\btheir\b", "my"),
    (r"\bthey (?:are|is)\b", "I am"),
    (r"\bthey\b", "I"),
    (r"\bthem\b", "me"),
)


def main() -> None:
    """Writes the folder of standards and the table of questions, and prints how many there are."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("guidelines", type=Path)
    parser.add_argument("out", type=Path)
    given = parser.parse_args()
    flows: dict[str, Any] = json.loads(given.guidelines.read_text(encoding="utf-8"))
    folder: Path = given.out / "standards"
    folder.mkdir(parents=True, exist_ok=True)
    asked_in = Counter(
        line for flow in flows.values() for sub in flow["subflows"].values() for line in set(_conditions(sub))
    )
    questions: dict[
        str, list[str]
    ] = {}  # the same question about two clauses is one question with two answers
    for place, (name, flow) in enumerate(flows.items(), 1):
        code = f"flow-{place:02d}"
        lines = [
            "---",
            f"code: {code}",
            "language: en",
            f"title: {json.dumps(name)}",
            "---",
            "",
            f"# {name}",
            "",
        ]
        for number, (title, sub) in enumerate(flow["subflows"].items(), 1):
            taken = _taken(sub, asked_in)
            for question in dict.fromkeys(question for question, _line in taken):
                questions.setdefault(question, []).append(f"{code}/c{number:02d}")
            lines += [f"## {title} {{#c{number:02d}}}", "", *_clause(sub, {line for _q, line in taken}), ""]
        (folder / f"{code}.md").write_text("\n".join(lines), encoding="utf-8")
    with (given.out / "questions.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["text", "clause_ids"])
        writer.writerows((question, " ".join(clauses)) for question, clauses in questions.items())
    print(f"{len(questions)} questions on {sum(len(flow['subflows']) for flow in flows.values())} clauses")


def _taken(sub: dict[str, Any], asked_in: Counter[str]) -> list[tuple[str, str]]:
    """Returns `(question, the sentence it was made of)` of one subflow."""
    taken: list[tuple[str, str]] = []
    for line in _instructions(sub):
        if _is_list(line):
            taken += [(one.strip(), one) for one in line.split(",")[1::2]]
            continue
        if not line.lower().startswith(ASKS_NOTHING) and line == sub["instructions"][0].strip():
            said = [
                one for one in _sentences(line)[:2] if _is_situation(one, first=one == _sentences(line)[0])
            ]
            taken += [(_as_customer(" ".join(said)), one) for one in said]
    unique = [line for line in _conditions(sub) if asked_in[line] == 1]
    return taken + [(_as_customer(_condition(line)), line) for line in unique[:CONDITIONS]]


def _clause(sub: dict[str, Any], taken: set[str]) -> list[str]:
    """Returns what is left of a subflow as lines of Markdown."""
    kept: list[str] = []
    for line in [*_instructions(sub), *_said(sub)]:
        if _is_list(line):
            kept.append("- " + ",".join(one for one in line.split(",") if one not in taken))
            continue
        rest = " ".join(one for one in _sentences(line) if one not in taken)
        if rest:
            kept.append("- " + re.sub(r"[<>`*_#]", " ", rest))
    return kept or ["- As agreed."]


def _instructions(sub: dict[str, Any]) -> list[str]:
    return [line.strip() for line in sub["instructions"] if line.strip()]


def _said(sub: dict[str, Any]) -> list[str]:
    return [line.strip() for act in sub["actions"] for line in [act["text"], *act["subtext"]] if line.strip()]


def _is_list(line: str) -> bool:
    return (
        line.count(",") >= 3 and not line.lower().startswith(("the ", "customer", "if ")) and len(line) < 400
    )


def _is_situation(sentence: str, first: bool) -> bool:
    """Tells whether a sentence says what has happened to the customer: the first one, and a second about "the customer"."""
    about = first or re.search(r"\b(?:customer|they)\b", sentence, re.IGNORECASE) is not None
    return about and not sentence.startswith("If") and ">" not in sentence


def _sentences(line: str) -> list[str]:
    return [one.strip() for one in re.split(r"(?<=[.?!])\s+", line) if one.strip()] or [line]


def _conditions(sub: dict[str, Any]) -> list[str]:
    lines = [one for line in _said(sub) for one in _sentences(line)]
    return [
        one
        for one in lines
        if re.match(r"If (?:the )?customer", one)
        and len(_condition(one).split()) >= LEAST_WORDS
        and not re.search(r"[>()\[\]]", _condition(one))
    ]


def _condition(line: str) -> str:
    """Returns the part of "If …, do that." before the comma, without the If."""
    return re.sub(r"^If\s+", "", line).split(",")[0].rstrip(".")


def _as_customer(line: str) -> str:
    for pattern, words in IN_CUSTOMERS_WORDS:
        line = re.sub(pattern, words, line, flags=re.IGNORECASE)
    return line


if __name__ == "__main__":
    main()
