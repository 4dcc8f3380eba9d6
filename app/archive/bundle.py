"""Owns the files of a sealed dossier: one archive that is complete without the program, and its hashes in the records."""

import hashlib
import io
import json
import zipfile
from pathlib import Path

from flask import current_app, render_template
from flask_babel import force_locale
from markupsafe import Markup

from app.archive.models import Dossier
from app.core import jobs
from app.core.access import SYSTEM
from app.core.csv_text import csv_bytes
from app.core.db import db
from app.core.pdf import render_pdf
from app.people import queries as people
from app.publishing import queries as publishing
from app.reviews import signed_lines
from app.standards import queries as standards
from app.standards.models import Revision
from app.standards.store_access import store
from app.web import contributions
from app.web.contributions import DossierSection

FOLDER = "dossiers"
LANGUAGES = {"zh": "zh_Hans", "en": "en"}
FIRST_MARK, LAST_MARK = "<!-- chapters -->", "<!-- end of chapters -->"
PDF_STYLE = Path(__file__).resolve().parents[1] / "web" / "static" / "web" / "pdf.css"
SCREEN_STYLE = "@media screen { body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; } table { display: block; overflow-x: auto; } }\n"
VERIFY = Path(__file__).resolve().parents[1] / "standards" / "verify.sh"
FIRST_TIME = (1980, 1, 1, 0, 0, 0)  # the same content gives the same archive, whenever it is made


def path_of(number: str) -> Path:
    """Returns where the archive of a revision's dossier lies in the data folder."""
    return _folder() / f"{number}.zip"


def pdf_path(number: str, language: str) -> Path:
    """Returns where the PDF of a dossier lies; it is made from the sealed page and can be made again at any time."""
    return _folder() / f"{number}.{language}.pdf"


def _folder() -> Path:
    folder: Path = current_app.config["SETTINGS"].data.absolute() / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def build_dossier(dossier_id: int) -> dict[str, object]:
    """Job: makes the archive once and writes the hashes of its files to the records; again it changes nothing."""
    row = db.session.get_one(Dossier, dossier_id)
    revision = db.session.get_one(Revision, row.revision_id)
    number, sealed_at = revision.number, row.sealed_at
    subject = people.person(row.sealed_by_id).subject if row.sealed_by_id else SYSTEM.subject
    path = path_of(number)
    if row.sha256 is None or not path.exists():
        files = content(revision, row)
        hashes = {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())}
        sums = "".join(f"{digest}  {name}\n" for name, digest in hashes.items())
        data = _zip({**files, "SHA256SUMS": sums.encode()})
        if row.files is not None and row.files != hashes:
            return {"changed": True}  # sealed is sealed: the page shows that the copy differs
        fresh = path.with_suffix(".new")
        fresh.write_bytes(data)
        fresh.replace(path)
        row.files, row.sha256 = hashes, hashlib.sha256(data).hexdigest()
        db.session.commit()
    record = {
        "revision": number,
        "sealed_at": sealed_at.isoformat(),
        "sealed_by": subject,
        "files": row.files,
    }
    text = (json.dumps(record, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()
    db.session.commit()
    commit = store().append_records({f"dossiers/{number}.json": text}, subject, sealed_at)
    db.session.get_one(Dossier, dossier_id).record_commit = commit
    for language in LANGUAGES:
        jobs.enqueue(
            "make_dossier_pdf", key=f"dossier-pdf:{number}:{language}", number=number, language=language
        )
    return {"commit": commit}


def make_dossier_pdf(number: str, language: str) -> dict[str, object]:
    """Job: makes the PDF of a sealed dossier from its sealed page; a file that is there is not made again."""
    path = pdf_path(number, language)
    if not path.exists():
        html, css = _read(number, f"dossier.{language}.html").decode(), PDF_STYLE.read_text(encoding="utf-8")
        db.session.rollback()  # no transaction is held while the layout runs
        data = render_pdf(html, css)
        fresh = path.with_suffix(".new")
        fresh.write_bytes(data)
        fresh.replace(path)
    return {"file": path.name, "bytes": path.stat().st_size}


def sealed_words(number: str, language: str) -> Markup:
    """Returns the chapters of a sealed dossier as they were sealed; call it for an intact archive only."""
    page = _read(number, f"dossier.{language}.html").decode()
    inner = page.partition(FIRST_MARK)[2].partition(LAST_MARK)[0]
    return Markup(inner)  # noqa: S704 - the page was made here and its hash stands in the records


def _read(number: str, name: str) -> bytes:
    with zipfile.ZipFile(path_of(number)) as archive:
        return archive.read(name)


def content(revision: Revision, dossier: Dossier) -> dict[str, bytes]:
    """Returns the files of a dossier: pages in both languages, tables, texts, manifest, signatures, how to verify."""
    files: dict[str, bytes] = {}
    for language, locale in LANGUAGES.items():
        # The words come from the catalogue of the page's language, whoever sealed it.
        with current_app.test_request_context("/"), force_locale(locale):
            sections = contributions.dossier_of(revision)
            page = render_template(
                "archive/dossier_file.html",
                chapters=chapters(revision, sections),
                revision=revision,
                dossier=dossier,
                lang_code=language,
            )
            files[f"dossier.{language}.html"] = _dressed(page).encode()
            if language == "zh":
                for section in sections:
                    for name, (header, rows) in section.tables.items():
                        files[f"tables/{name}.csv"] = csv_bytes(header, rows)
    publication = publishing.publication_of(revision.id)
    if publication is not None:
        files.update({path: text.encode() for path, text in publication.content.items()})
        files["manifest.json"] = publication.manifest.encode()
        files["publication.txt"] = f"{publication.commit_id}\n".encode()
    newest = standards.newest_text_version(revision.id)
    if newest is not None and newest.commit_id:
        files["draft.txt"] = f"{newest.commit_id}\n".encode()
    signed = json.dumps(
        signed_lines.manifest_sign_offs(revision), ensure_ascii=False, sort_keys=True, indent=1
    )
    files["sign-offs.json"] = f"{signed}\n".encode()
    files["verify.sh"] = VERIFY.read_bytes()
    return files


def _dressed(page: str) -> str:
    """Puts the style into the page itself: the file is read from an archive, with nothing beside it."""
    css = PDF_STYLE.read_text(encoding="utf-8") + SCREEN_STYLE
    return page.replace("</head>", f"<style>\n{css}</style>\n</head>", 1)


def chapters(revision: Revision, sections: list[DossierSection]) -> list[tuple[str, Markup]]:
    """Returns the chapters of a dossier as (key, HTML) in the reader's language, in their order."""
    return [
        (s.key, Markup(render_template(s.template, **{"revision": revision, "section": s, **s.context})))  # noqa: S704
        for s in sections
    ]


def is_intact(dossier: Dossier, number: str) -> bool:
    """Tells whether the archive on the disk is the one that was sealed."""
    path = path_of(number)
    return path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == dossier.sha256


def _zip(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name, FIRST_TIME), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()
