"""Effects, sealed dossiers, the log's anchors and the export: made by the verbs, checked with git and sha256sum alone."""

import datetime as dt
import io
import json
import subprocess
import zipfile
from pathlib import Path

import pytest

from app.archive import anchoring, bundle, dossier_page, evaluation, exporting, queries, service
from app.archive.effects import EffectVerdict
from app.core import activity, clock
from app.core.access import SYSTEM
from app.core.db import db
from app.core.errors import NotAllowed, Refused
from app.evidence import service as evidence
from app.evidence.readers.generic_table import write_csv
from app.standards.models import Publication, Revision
from app.standards.store_access import store
from app.standards.workflow import State
from tests import story
from tests.audit_cases import contact
from tests.house_fixtures import House, csrf

DAY = dt.timedelta(days=1)


def given_effect(house: House, folder: Path) -> tuple[Revision, Publication]:
    """Returns a revision in force whose contacts kept 12 hours in 30 of 60 before, in 57 of 60 since."""
    revision, publication = story.given_in_force(house)
    start = publication.effective_at
    records = []
    for number in range(60):
        for sign, kept in ((-1, 30), (1, 57)):
            at = start + sign * (1 + number % 29) * DAY + dt.timedelta(hours=3)
            reply = at + dt.timedelta(hours=3 if number < kept else 20)
            records.append(
                contact(
                    number,
                    external_id=f"E{sign}-{number}",
                    created_at=at,
                    first_reply_at=reply,
                    resolved_at=reply,
                    conversation=(),
                    updated_at=at,
                )
            )
    write_csv(records, folder / "effect.csv")
    evidence.import_tickets(SYSTEM, "csv", folder / "effect.csv")
    db.session.commit()
    return revision, publication


def at_90(publication: Publication) -> dt.datetime:
    return publication.effective_at + 90 * DAY + dt.timedelta(hours=2)


def given_sealed(house: House, folder: Path) -> tuple[Revision, dt.datetime]:
    revision, publication = given_effect(house, folder)
    moment = at_90(publication)
    with clock.frozen(moment):
        evaluation.evaluate_due()
        service.seal(house.actor("auditor"), revision, keep="先试排班", change="模板同日上线")
        house.run_jobs()
    return revision, moment


def test_the_effect_is_computed_at_its_days_against_what_was_registered(house: House, tmp_path: Path) -> None:
    revision, publication = given_effect(house, tmp_path)
    with clock.frozen(publication.effective_at + 29 * DAY):
        evaluation.evaluate_due()
    assert queries.effects(revision.id) == []
    with clock.frozen(publication.effective_at + 31 * DAY):
        evaluation.evaluate_due()
        evaluation.evaluate_due()
        with pytest.raises(Refused):
            service.seal(house.actor("auditor"), revision)
        db.session.rollback()
    (first,) = queries.effects(revision.id)
    assert (first.days, first.before_kept, first.before_count) == (30, 30, 60)
    assert (first.after_kept, first.after_count) == (57, 60)
    assert first.verdict == EffectVerdict.REACHED
    gap = evaluation.difference(first)
    assert gap is not None and gap.interval.low > 0.2


def test_a_dossier_is_sealed_once_and_tampering_is_seen(house: House, tmp_path: Path) -> None:
    revision, moment = given_sealed(house, tmp_path)
    assert revision.state is State.ARCHIVED
    row = queries.dossier(revision.id)
    assert row is not None and row.sha256 and bundle.is_intact(row, revision.number)
    with clock.frozen(moment + DAY):
        again = service.seal(house.actor("auditor"), revision, keep="anders")
        assert again.id == row.id and again.keep == "先试排班"
        with pytest.raises((NotAllowed, Refused)):
            service.seal(house.actor("agent"), story.given_draft(house, ("c08",), title="别的"))
        db.session.rollback()
    with zipfile.ZipFile(bundle.path_of(revision.number)) as archive:
        names = set(archive.namelist())
        words = archive.read("dossier.zh.html").decode()
        record = archive.read("SHA256SUMS").decode()
    assert {"verify.sh", "manifest.json", "sign-offs.json", "tables/timeline.csv", "dossier.en.html"} <= names
    assert "先试排班" in words and "24" in words and len(record.splitlines()) == len(names) - 1
    path = bundle.path_of(revision.number)
    path.write_bytes(path.read_bytes() + b"x")
    assert not bundle.is_intact(row, revision.number)
    page = dossier_page.dossier_page(revision, house.actor("auditor"))
    assert page.is_built and not page.is_intact and not page.may_seal


def test_a_clone_and_two_programs_are_enough(house: House, tmp_path: Path) -> None:
    revision, moment = given_sealed(house, tmp_path)
    with clock.frozen(moment):
        anchoring.anchor_log()
    clone, folder = tmp_path / "clone", tmp_path / "dossier"
    run = {"check": True, "capture_output": True, "text": True}
    subprocess.run(["git", "clone", "-q", "--mirror", str(store().path), str(clone)], **run)  # type: ignore[call-overload]
    with zipfile.ZipFile(bundle.path_of(revision.number)) as archive:
        archive.extractall(folder)
    subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=folder, **run)  # type: ignore[call-overload]
    shown = subprocess.run(
        ["git", "-C", str(clone), "show", f"records:dossiers/{revision.number}.json"],
        **run,  # type: ignore[call-overload]
    )
    record = json.loads(shown.stdout)
    listed = (line.split("  ") for line in (folder / "SHA256SUMS").read_text().splitlines())
    assert record["files"] == {name: digest for digest, name in listed}
    for person in ("高洁", "Gao Jie", "王芳"):
        assert person not in shown.stdout
    witness = (folder / "publication.txt").read_text().strip()
    said = subprocess.run(["sh", str(folder / "verify.sh"), str(clone), witness], **run)  # type: ignore[call-overload]
    assert "everything agrees" in said.stdout
    (folder / "manifest.json").write_text("{}")
    changed = subprocess.run(
        ["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=folder, capture_output=True
    )
    assert changed.returncode != 0


def test_an_export_is_complete_and_the_log_is_checked_against_its_anchors(
    house: House, tmp_path: Path
) -> None:
    _revision, moment = given_sealed(house, tmp_path)
    with clock.frozen(moment):
        anchoring.anchor_log()
        folder = tmp_path / "export"
        account = exporting.export(house.actor("admin"), folder)
        assert exporting.verify_log() == []
    assert account["dossiers"] == 1 and account["tables"]["revision"] == 1
    people = (folder / "tables" / "person.csv").read_text("utf-8-sig")
    assert "高洁" in people and "argon2" not in people and "password_hash" not in people
    lines = (folder / "activity.jsonl").read_text("utf-8").splitlines()
    assert json.loads(lines[-1])["seq"] >= account["tables"]["activity_line"] - 1
    said = subprocess.run(
        ["sh", str(folder / "verify.sh"), str(folder / "store")], capture_output=True, text=True
    )
    assert said.returncode == 0, said.stdout
    with pytest.raises(Refused):
        exporting.export(house.actor("admin"), folder)
    assert activity.verify_chain() == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_pages_show_effect_dossier_and_how_to_verify(web: House, tmp_path: Path, language: str) -> None:
    with web.app.app_context():
        revision, publication = given_effect(web, tmp_path)
        number, moment = revision.number, at_90(publication)
    with clock.frozen(moment):
        client = web.client("auditor", language)
        page = client.get(f"/r/{number}/dossier")
        assert page.status_code == 200 and 'id="seal"' in page.text and 'name="keep"' not in page.text
        with web.app.app_context():
            evaluation.evaluate_due()
        assert client.get(f"/r/{number}/effect").status_code == 200
        page = client.get(f"/r/{number}/dossier")
        assert 'name="keep"' in page.text
        data = {"keep": "先试排班", "change": "", **csrf(page.text)}
        for _again in range(2):
            assert client.post(f"/r/{number}/dossier", data=data).status_code == 303
        assert client.get(f"/r/{number}/dossier.zip").status_code == 503
        with web.app.app_context():
            web.run_jobs()
        page = client.get(f"/r/{number}/dossier")
        assert "先试排班" in page.text and f"/r/{number}/dossier.zip" in page.text
        found = client.get(f"/r/{number}/dossier.zip")
        assert zipfile.ZipFile(io.BytesIO(found.data)).testzip() is None
        found.close()
        verify = client.get(f"/r/{number}/dossier/verify")
        assert verify.status_code == 200 and "sha256sum --check SHA256SUMS" in verify.text
        assert client.get(f"/r/{number}").status_code == 200
        assert web.client("agent", language).get(f"/r/{number}/dossier").status_code == 403
        bundle_path = tmp_path / "data" / "dossiers" / f"{number}.zip"
        bundle_path.write_bytes(b"nothing")
        assert "note-bad" in client.get(f"/r/{number}/dossier").text
