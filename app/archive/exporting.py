"""Owns leaving: everything of an instance as files that are readable without it, and the check of its log."""

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import current_app

from app.archive import bundle
from app.archive.anchoring import segment_path
from app.archive.models import Anchor, Dossier
from app.audits import rate_queries
from app.core import activity, clock
from app.core.access import Actor
from app.core.activity import ActivityLine
from app.core.csv_text import safe_cell
from app.core.db import Base, db
from app.core.errors import Refused
from app.standards.models import Standard
from app.standards.store_access import store
from app.standards.store_copy import copy_store
from app.standards.verification import open_clone

# What is no record of the company's work: secrets of sign-ins, caches, the machinery's own rows.
LEFT_OUT = frozenset({"sign_in", "sign_in_try", "rendered_text", "job", "outgoing_mail", "sealed_original"})
SECRET_COLUMNS = frozenset({"password_hash", "token_sha256"})
README = """What lies here

store/        every published text with its manifests and records; a plain Git repository
tables/       every table as CSV (UTF-8, cells never run as formulas)
dossiers/     the sealed dossiers
activity.jsonl  the activity log, one line each, each naming the hash of the line before
verify.sh     checks store/ with git and sha256sum alone:  sh verify.sh store
"""


def export(actor: Actor, folder: Path) -> dict[str, Any]:
    """Writes everything to a new or empty folder and returns the account of it.

    The account is {tables: {name: rows}, dossiers, seconds}. Raises Refused for a folder that holds something.
    """
    started = clock.monotonic()
    if folder.exists() and any(folder.iterdir()):
        raise Refused("export.folder_full", folder=str(folder))
    (folder / "tables").mkdir(parents=True, exist_ok=True)
    copy_store(store(), folder / "store")
    tables = {t.name: _write_table(t, folder / "tables") for t in _tables()}
    with (folder / "activity.jsonl").open("w", encoding="utf-8") as out:
        for line in db.session.scalars(sa.select(ActivityLine.line).order_by(ActivityLine.seq)):
            out.write(f"{line}\n")
    dossiers = _copy_dossiers(folder / "dossiers")
    shutil.copyfile(bundle.VERIFY, folder / "verify.sh")
    (folder / "README.txt").write_text(README, encoding="utf-8")
    activity.record(actor, "everything.exported", "export", len(tables))
    db.session.commit()
    return {"tables": tables, "dossiers": dossiers, "seconds": round(clock.monotonic() - started, 3)}


def verify_log() -> list[dict[str, str]]:
    """Returns what is wrong with the activity log: lines that do not follow, stretches that differ from the records."""
    found = [
        {"key": "log.line", "object": str(seq), "detail": "does not follow from the line before"}
        for seq in activity.verify_chain()
    ]
    copy = open_clone(store().path)
    try:
        head = copy.head("refs/heads/records")
        for anchor in db.session.scalars(sa.select(Anchor).order_by(Anchor.first_seq)):
            path = segment_path(anchor)
            lines = db.session.scalars(
                sa.select(ActivityLine.line)
                .where(ActivityLine.seq.between(anchor.first_seq, anchor.last_seq))
                .order_by(ActivityLine.seq)
            ).all()
            kept = copy.read_file(head, path) if head else None
            if kept != "".join(f"{line}\n" for line in lines).encode():
                found.append({"key": "log.anchor", "object": path, "detail": "differs from the records"})
    finally:
        copy.close()
    return found


def monthly_report(month: str) -> list[dict[str, Any]]:
    """Returns a month's clauses, worst first: [{clause, kept, checked, low, high}]; empty when nothing was checked.

    `low` and `high` are the 95 % interval as shares; None where too few were checked to give one.
    """
    codes = {row.id: row.code for row in db.session.execute(sa.select(Standard.id, Standard.code))}
    rows = [
        {
            "clause": f"{codes[standard_id]}-{clause_id}".upper(),
            "kept": rate.kept,
            "checked": rate.checked,
            "low": rate.interval.low if rate.interval else None,
            "high": rate.interval.high if rate.interval else None,
        }
        for (standard_id, clause_id), rate in rate_queries.clause_rates(month).items()
    ]
    return sorted(rows, key=lambda row: (row["kept"] / row["checked"], row["clause"]))


def _tables() -> list[sa.Table]:
    return [t for t in Base.metadata.sorted_tables if t.name not in LEFT_OUT]


def _write_table(table: sa.Table, folder: Path) -> int:
    columns = [c for c in table.columns if c.name not in SECRET_COLUMNS]
    count = 0
    with (folder / f"{table.name}.csv").open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow([c.name for c in columns])
        for row in db.session.execute(sa.select(*columns)).yield_per(2000):
            writer.writerow([safe_cell(_plain(value)) for value in row])
            count += 1
    return count


def _plain(value: object) -> object:
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return "" if value is None else value


def _copy_dossiers(folder: Path) -> int:
    folder.mkdir(exist_ok=True)
    source = current_app.config["SETTINGS"].data.absolute() / bundle.FOLDER
    names = sorted(source.glob("*.zip")) if source.is_dir() else []
    for path in names:
        shutil.copyfile(path, folder / path.name)
    return min(len(names), int(db.session.scalar(sa.select(sa.func.count(Dossier.id))) or 0))
