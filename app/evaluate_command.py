"""Owns the command `touchstone evaluate`: which files it reads and how it prints. The figures are made by `evidence/mining`."""

import json
from pathlib import Path
from typing import Any

import click
from flask_babel import force_locale

from app import create_app
from app.core.errors import DomainError, Invalid
from app.evidence.mining_process import CannotUse, ask_miner
from app.standards import label_scores
from app.standards.document import parse_document
from app.standards.files import own_text, read_file
from app.standards.identity import assign_ids, first_front
from app.standards.imports import ENDINGS
from app.standards.word import LIMIT_WORD_BYTES
from app.web.reasons import reason_words

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
TASKS = ("issues", "complaints", "clauses", "masking", "labels")
LEARNS = ("issues", "complaints")


@click.command()
@click.argument("task", type=click.Choice(TASKS))
@click.option(
    "--train", type=FILE, help="Labelled texts to learn from: UTF-8 CSV with the columns text,label."
)
@click.option("--test", type=FILE, required=True, help="Labelled texts to be judged by, never learned from.")
@click.option(
    "--standards", type=FOLDER, help="The folder of standards whose clauses the questions are about."
)
@click.option(
    "--histories", type=FOLDER, help="The folder of the bundles that the places of a table of labels name."
)
@click.option("--json", "as_json", is_flag=True, help="Print one object.")
def evaluate(
    task: str, train: Path | None, test: Path, standards: Path | None, histories: Path | None, as_json: bool
) -> None:
    """Measure text mining, or the labels of changes, on labelled files; plain baselines stand beside where there are any.

    TASK issues: are labels learned (accuracy), and do issues found without labels agree with them (nmi).
    complaints: are complaints told from other texts. clauses: is a right clause among the first five (hit_at_5);
    columns text,clause_ids; --train is optional. masking: the label lists what must be masked, with | between; no --train.
    labels: what a change of a clause means; columns language,old,new,labels, or bundle,path,commit,clause,labels with
    --histories; several labels with | between.
    """
    if task == "labels":
        _labels(test, histories, as_json)
        return
    if task in LEARNS and train is None:
        raise click.UsageError(f"evaluate {task} needs --train FILE")
    if task == "clauses" and standards is None:
        raise click.UsageError("evaluate clauses needs --standards DIR")
    request: dict[str, Any] = {"task": task, "test": str(test.resolve())}
    if train is not None:
        request["train"] = str(train.resolve())
    try:
        with create_app().app_context(), force_locale("en"):
            if standards is not None:
                request["clauses"] = clauses_of(standards)
            answer = ask_miner(request)
    except CannotUse as error:
        raise click.ClickException(str(error)) from error
    except DomainError as error:
        raise click.ClickException(
            "; ".join(f"{reason.key} {reason.params}" for reason in error.reasons)
        ) from error
    answer = {"task": task, **answer}
    click.echo(json.dumps(answer, ensure_ascii=False) if as_json else table_of(answer))


def _labels(test: Path, histories: Path | None, as_json: bool) -> None:
    try:
        with create_app().app_context(), force_locale("en"):
            answer = {"task": "labels", **label_scores.measure(test, histories)}
    except Invalid as error:
        raise click.ClickException("; ".join(reason_words(reason) for reason in error.reasons)) from error
    click.echo(json.dumps(answer, ensure_ascii=False) if as_json else table_of(answer))


def clauses_of(folder: Path) -> list[dict[str, str]]:
    """Returns the clauses of all texts of a folder: {key, chapter, heading, body}, languages of a standard together.

    `key` is `cs-04/c07`; a foreign text gets its file's name as code and c01, c02, … in order. Raises CannotUse naming
    file and line for a text that cannot be read, and for a folder without any.
    """
    found: dict[str, dict[str, str]] = {}
    for file in sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix.lower() in ENDINGS):
        try:
            data = file.read_bytes()[: LIMIT_WORD_BYTES + 1]
            text = own_text(file.name, data)
            if text is not None:
                document = parse_document(text)
            else:
                imported = read_file(file.name, data)
                document = assign_ids(imported, None, front=first_front(imported, "doc-01"))
        except Invalid as error:
            first = error.errors[0]
            line = f", line {first.line}" if first.line else ""
            raise CannotUse(
                f"{file.name}{line}, field {first.field}: {reason_words(first.reason)}"
            ) from error
        code = document.front.code if text is not None else file.stem.lower()
        for clause in document.clauses:
            here = found.setdefault(
                f"{code}/{clause.id}",
                {"key": f"{code}/{clause.id}", "chapter": "", "heading": "", "body": ""},
            )
            for name, words in (
                ("chapter", document.front.title),
                ("heading", clause.heading),
                ("body", clause.body),
            ):
                here[name] = "\n".join(one for one in (here[name], words) if one)
    if not found:
        raise CannotUse(f"{folder.name}: no text with clauses stands in this folder")
    return list(found.values())


def table_of(answer: dict[str, Any]) -> str:
    """Returns a line for each figure, then one for each row of a group of figures; the baselines are the plain ones."""
    lines = [f"{name:<20} {value}" for name, value in answer.items() if not isinstance(value, dict)]
    for group, rows in answer.items():
        for name, figures in rows.items() if isinstance(rows, dict) else ():
            head = f"plain {name}" if group == "baselines" else name
            lines.append(f"{head:<20} " + ", ".join(f"{key} {value}" for key, value in figures.items()))
    return "\n".join(lines)
