"""Owns the program `touchstone`: its commands, their output and exit codes. The work is done by the rooms.

Exit codes: 0 done, 1 refused, 2 misuse.
"""

import datetime as dt
import json
import re
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import IO, Any

import click
from flask import Flask
from flask_babel import force_locale
from flask_migrate import upgrade
from sqlalchemy.exc import DBAPIError

from app import create_app
from app.archive import exporting
from app.core import clock, clock_job, clock_watch, jobs, schema, uploads
from app.core.access import SYSTEM
from app.core.db import db
from app.core.errors import DomainError, Invalid
from app.demo import build
from app.evaluate_command import evaluate
from app.evidence import connector_tokens, connector_words, connectors, previewing, pulling
from app.evidence import importing as tickets_importing
from app.evidence.import_reasons import refusal_words, refused_csv
from app.evidence.readers import MAPPINGS
from app.evidence.readers.files import as_one, can_be_joined
from app.setup_command import setup
from app.standards import imports as standards_imports
from app.standards import projection, recovery
from app.standards.store_access import store
from app.standards.verification import verify as verify_store
from app.web.reasons import reason_words
from app.wiring import MIGRATIONS

DURATION = re.compile(r"(\d{1,4})([dhm])")
UNITS = {"d": "days", "h": "hours", "m": "minutes"}


class Refusal(click.ClickException):
    """A refusal in one sentence; the program ends with 1."""

    exit_code = 1


def command(function: Callable[..., Any]) -> Callable[..., Any]:
    """Runs a command inside an application and turns a refusal into one sentence and exit code 1."""

    @wraps(function)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            app = create_app()
        except ValueError as error:
            raise Refusal(str(error)) from error
        with app.app_context(), force_locale("en"):
            try:
                return function(app, *args, **kwargs)
            except DomainError as error:
                raise Refusal(" ".join(reason_words(r) for r in error.reasons)) from error
            except DBAPIError as error:
                if schema.is_of_another_release():
                    raise Refusal(schema.ADVICE) from error
                raise
            finally:
                store().close()  # else its reading process ends only when somebody collects garbage

    return run


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Touchstone keeps customer-service standards true. Each command has its own --help."""


@cli.command()
@command
def init(app: Flask) -> None:
    """Bring database and store of the data folder up to date, and let them agree after an unclean stop."""
    upgrade(directory=str(MIGRATIONS))
    done = recovery.recover(store(), projection.finish, thorough=True).as_data()
    for what, names in done.items():
        click.echo(f"{what}: {', '.join(names)}")
    click.echo(f"ready: {app.config['SETTINGS'].data.absolute()}")


@cli.command()
@click.option(
    "--advance", metavar="16d", help="Move the demonstration's clock: 16d, 5h or 30m, and do what comes due."
)
@click.option("--accounts", is_flag=True, help="Print the demonstration's accounts and do nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print one object.")
@command
def demo(app: Flask, advance: str | None, accounts: bool, as_json: bool) -> None:
    """Fill an empty data folder with the demonstration: people, standards, tickets, revisions in every stage."""
    folder = app.config["SETTINGS"].data.absolute()
    if accounts:
        click.echo(build.accounts_table())
        return
    if advance is not None:
        found = DURATION.fullmatch(advance)
        if found is None:
            raise click.BadParameter("write a number and d, h or m, for example 16d", param_hint="--advance")
        try:
            moved = build.advance(folder, dt.timedelta(**{UNITS[found[2]]: int(found[1])}))
        except PermissionError as error:
            raise Refusal("The clock of a real instance is not moved; only a demonstration's is.") from error
        click.echo(f"The clock stands at {clock.local(clock.now()):%Y-%m-%d %H:%M}; it was moved by {moved}.")
        return
    result = build.build(folder, report=None if as_json else click.echo)
    click.echo(json.dumps(result) if as_json else f"done in {result['seconds']} s")


@cli.group("import")
def import_group() -> None:
    """Bring in standards or tickets."""


@import_group.command("standards")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one object.")
@command
def import_standards(app: Flask, path: Path, as_json: bool) -> None:
    """Import a Markdown or Word document, a bundle of them with its history, or a folder of all these, from PATH.

    Clause ids are assigned and kept. A bundle (`git bundle create FILE HEAD`) brings every text its documents ever had.
    """
    result = standards_imports.import_path(SYSTEM, path)
    if result["histories"]:
        clock_job.run_due()
    _answer(result, as_json)


@import_group.command("tickets")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--mapping", required=True, help=f"How the file is read: {', '.join(sorted(MAPPINGS))}, or a saved one."
)
@click.option(
    "--refused",
    type=click.File("wb", lazy=False),
    help="Write the refused rows with their lines and reasons here.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one object.")
@command
def import_tickets(
    app: Flask, paths: tuple[Path, ...], mapping: str, refused: IO[bytes] | None, as_json: bool
) -> None:
    """Import tickets from PATHS, the files of one export or one folder; personal data are masked before anything is stored."""
    started = clock.monotonic()
    try:
        base, columns = previewing.named(mapping)
    except Invalid as unknown:
        raise click.BadParameter(f"{mapping!r} is not one of them", param_hint="--mapping") from unknown
    if not can_be_joined(paths):
        raise click.UsageError("several PATHS have to be files; bring folders and archives in one by one")
    with as_one(paths) as path:
        row = tickets_importing.import_tickets(
            SYSTEM,
            base,
            path,
            file_name=paths[0].name if len(paths) == 1 else f"{paths[0].name} + {len(paths) - 1}",
            between=lambda _done, _total: db.session.commit(),
            read=previewing.reader(base, columns).read,
        )
    db.session.commit()
    if refused is not None:
        refused.write(refused_csv(row.refused))
    result = {
        "read": row.read_count,
        "created": row.created_count,
        "updated": row.updated_count,
        "unchanged": row.unchanged_count,
        "refused": row.refused_count,
        "errors": [
            {name: one[name] for name in ("file", "line", "field")}
            | {"reason": refusal_words(one), "key": one["reason"]}
            for one in row.refused
        ],
        "seconds": round(clock.monotonic() - started, 3),
    }
    clock_job.run_due()
    _answer(result, as_json)


@cli.command("export")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one object.")
@command
def export_all(app: Flask, folder: Path, as_json: bool) -> None:
    """Write everything to the empty or new FOLDER: a clone of the store, tables as CSV, dossiers, verify.sh."""
    _answer(exporting.export(SYSTEM, folder), as_json)


@cli.command()
@click.argument("clone", required=False, type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one object.")
@command
def verify(app: Flask, clone: Path | None, as_json: bool) -> None:
    """Check the store, or a CLONE of it, against its manifests, and the activity log against its anchors."""
    started = clock.monotonic()
    findings = [
        {"key": f.key, "object": f.place, "detail": f.detail} for f in verify_store(clone or store().path)
    ]
    if clone is None:
        findings += exporting.verify_log()
    result = {"findings": findings, "whole": not findings, "seconds": round(clock.monotonic() - started, 3)}
    if as_json:
        click.echo(json.dumps(result, ensure_ascii=False))
    else:
        for finding in findings:
            click.echo(f"{finding['key']}: {finding['object']}: {finding['detail']}")
        click.echo("whole" if not findings else f"{len(findings)} findings")
    if findings:
        raise SystemExit(1)


@cli.command("jobs")
@click.option("--json", "as_json", is_flag=True, help="Print one object.")
@command
def jobs_command(app: Flask, as_json: bool) -> None:
    """Let dates arrive and do everything that is due, then print how the jobs stand."""
    clock_watch.look()
    clock_job.tick()
    done = clock_job.run_due()
    counts = jobs.counts()
    if as_json:
        click.echo(json.dumps({"tried": done, **counts}))
    else:
        click.echo(f"tried {done}; " + ", ".join(f"{name} {count}" for name, count in counts.items()))
    if counts.get("failed"):
        raise SystemExit(1)


@cli.command()
@click.argument("month")
@click.option("--json", "as_json", is_flag=True, help="Print one object.")
@command
def report(app: Flask, month: str, as_json: bool) -> None:
    """Print the compliance rates of MONTH (2026-10): kept of checked with the 95 % interval, clause by clause."""
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", month):
        raise click.BadParameter("write a month such as 2026-10", param_hint="MONTH")
    rows = exporting.monthly_report(month)
    if as_json:
        click.echo(json.dumps({"month": month, "clauses": rows}, ensure_ascii=False))
        return
    for row in rows:
        low, high = row["low"], row["high"]
        between = "too few for a range" if low is None else f"{low:.0%}-{high:.0%}"
        click.echo(f"{row['clause']:<14} {row['kept']:>5} of {row['checked']:<5} {between}")
    if not rows:
        click.echo("nothing was checked in this month")


@cli.group("connectors")
def connectors_group() -> None:
    """Say how the connected systems stand, keep their tokens, ask one at once."""


@connectors_group.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one object.")
@command
def list_connectors(app: Flask, as_json: bool) -> None:
    """List the connected systems with what came of their last pull."""
    rows = [
        {"name": row.name, "kind": row.kind.value, "state": row.state.value, "failures": row.failures, "pages": row.page_count,
         "next_at": row.next_at, "result": connector_words.connector_result_words(row)}
        for row in connectors.all_connectors()
    ]  # fmt: skip
    if as_json:
        click.echo(json.dumps({"connectors": rows}, ensure_ascii=False, default=str))
        return
    for row in rows:
        click.echo(f"{row['name']:<24} {row['state']:<8} {row['result']}")
    if not rows:
        click.echo("no system is connected")


@connectors_group.command("token")
@click.argument("name")
@command
def keep_token(app: Flask, name: str) -> None:
    """Keep the secret token of the connected system NAME, asked for here or read from a pipe; it is never shown."""
    row = connectors.connector(name)
    token = click.prompt("Token", hide_input=True, err=True) if sys.stdin.isatty() else sys.stdin.readline()
    if not token.strip() or not token.strip().isprintable() or not token.strip().isascii():
        raise Refusal("A token is one line of letters, digits and signs.")
    connector_tokens.keep(app.config["SETTINGS"].data.absolute(), row.name, row.base_url, token.strip())
    connectors.token_came(row)
    db.session.commit()
    click.echo(f"kept for {row.base_url}")


@connectors_group.command("pull")
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print one object.")
@command
def pull_connector(app: Flask, name: str, as_json: bool) -> None:
    """Ask the connected system NAME now for everything that is new, page by page, and say what came of it."""
    made = pulling.pull(connectors.connector(name).id, uploads.uploads_folder())
    row = connectors.connector(name)
    db.session.refresh(row)
    words = connector_words.connector_result_words(row)
    result = {**made, "state": row.state.value, "failures": row.failures, "result": words}
    click.echo(
        json.dumps(result, ensure_ascii=False)
        if as_json
        else f"{made['pages']} pages, {made['rows']} rows: {words}"
    )
    if row.failures:
        raise SystemExit(1)


cli.add_command(evaluate)
cli.add_command(setup)


def _answer(result: dict[str, Any], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(result, ensure_ascii=False, default=str))
    else:
        names = ("read", "created", "updated", "unchanged", "refused")
        click.echo(", ".join(f"{name} {result[name]}" for name in names if name in result))
        for history in result.get("histories", []):
            said = "{name}: {commits} commits, {documents} documents, {texts} texts, {new_texts} of them new"
            click.echo(said.format(**history))
        for error in result.get("errors", [])[:50]:
            line = f"line {error['line']}" if error["line"] else ""
            place = ", ".join(filter(None, (error["file"], line, error["field"])))
            click.echo(f"  {place}: {error['reason']}", err=True)
    if result.get("refused") and not (
        result.get("created") or result.get("updated") or result.get("unchanged")
    ):
        raise SystemExit(1)


def main() -> None:
    """Runs the program."""
    cli()
