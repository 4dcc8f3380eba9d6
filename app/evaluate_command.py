"""Owns the command `touchstone evaluate`: which files it reads and how it prints. The figures are made by `evidence/mining`."""

import json
from pathlib import Path
from typing import Any

import click
from flask_babel import force_locale

from app import create_app
from app.core.errors import DomainError, Invalid
from app.evidence.mining_process import CannotUse, ask_miner
from app.standards import clause_folder, label_scores
from app.standards.imports import ENDINGS
from app.web.reasons import reason_words

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
TEXTS = click.Path(exists=True, path_type=Path)
TASKS = ("issues", "complaints", "clauses", "masking", "labels")
LEARNS = ("issues", "complaints")


@click.command()
@click.argument("task", type=click.Choice(TASKS))
@click.option(
    "--train", type=FILE, help="Labelled texts to learn from: UTF-8 CSV with the columns text,label."
)
@click.option("--test", type=FILE, required=True, help="Labelled texts to be judged by, never learned from.")
@click.option(
    "--standards",
    type=TEXTS,
    help="The folder of standards (or one text) whose clauses the questions are about; else the one beside --test.",
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
    columns text,clause_ids; --train is optional. masking: the label lists what must be masked, with | between, is the
    masked text, or a word such as yes and no; no --train.
    labels: what a change of a clause means; columns language,old,new,labels, or bundle,path,commit,clause,labels with
    --histories; several labels with | between.
    """
    if task == "labels":
        _labels(test, histories, as_json)
        return
    if task in LEARNS and train is None:
        raise click.UsageError(f"evaluate {task} needs --train FILE")
    if task == "clauses" and standards is None:
        standards = _folder_beside(test)
    request: dict[str, Any] = {"task": task, "test": str(test.resolve())}
    if train is not None:
        request["train"] = str(train.resolve())
    with create_app().app_context(), force_locale("en"):
        try:
            if task == "clauses" and standards is not None:
                request["clauses"] = _clauses(standards)
            answer = {"task": task, **ask_miner(request)}
        except CannotUse as error:
            raise click.ClickException(str(error)) from error
        except DomainError as error:
            raise click.ClickException(_words(error)) from error
    click.echo(json.dumps(answer, ensure_ascii=False) if as_json else table_of(answer))


def _labels(test: Path, histories: Path | None, as_json: bool) -> None:
    with create_app().app_context(), force_locale("en"):
        try:
            answer = {"task": "labels", **label_scores.measure(test, histories)}
        except Invalid as error:
            raise click.ClickException(_words(error)) from error
    click.echo(json.dumps(answer, ensure_ascii=False) if as_json else table_of(answer))


def _words(error: DomainError) -> str:
    """Returns the reasons as a sentence; of a measurement that broke also what it said last."""
    said = [str(reason.params["why"]).strip() for reason in error.reasons if "why" in reason.params]
    ends = [one.splitlines()[-1] for one in said if one]
    return "; ".join([*(reason_words(reason) for reason in error.reasons), *ends])


def _clauses(folder: Path) -> list[dict[str, Any]]:
    """Returns the clauses of a folder as the miner takes them. Raises CannotUse naming file, line and field."""
    try:
        found = clause_folder.clauses_of(folder)
    except clause_folder.UnreadableText as error:
        first = error.errors[0]
        line = f", line {first.line}" if first.line else ""
        raise CannotUse(f"{error.file}{line}, field {first.field}: {reason_words(first.reason)}") from error
    if not found:
        raise CannotUse(f"{folder.name}: no text with clauses stands in this folder")
    return [{**vars(clause), "names": sorted(clause.names)} for clause in found]


def _folder_beside(test: Path) -> Path:
    """Returns the folder of standards beside a table of questions: `standards`, the only one with texts, or its own."""
    here = test.resolve().parent
    named = here / "standards"
    folders = [named] if named.is_dir() else [one for one in sorted(here.iterdir()) if _holds_texts(one)]
    if len(folders) == 1:
        return folders[0]
    if not folders and any(one.suffix.lower() in ENDINGS for one in here.iterdir()):
        return here
    raise click.UsageError(
        "evaluate clauses needs --standards DIR; without it, one folder of standards beside the file of --test"
    )


def _holds_texts(folder: Path) -> bool:
    """Says whether a folder holds texts, itself or one folder further down."""
    if not folder.is_dir() or folder.name.startswith("."):
        return False
    return any(one.suffix.lower() in ENDINGS for depth in ("*", "*/*") for one in folder.glob(depth))


def table_of(answer: dict[str, Any]) -> str:
    """Returns a line for each figure, then one for each row of a group of figures; the baselines are the plain ones."""
    lines = [f"{name:<20} {_plain(value)}" for name, value in answer.items() if not isinstance(value, dict)]
    for group, rows in answer.items():
        for name, figures in rows.items() if isinstance(rows, dict) else ():
            head = f"plain {name}" if group == "baselines" else name
            lines.append(f"{head:<20} " + ", ".join(f"{key} {value}" for key, value in figures.items()))
    return "\n".join(lines)


def _plain(value: object) -> str:
    return "; ".join(str(one) for one in value) if isinstance(value, list) else str(value)
