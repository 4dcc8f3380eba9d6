"""Owns the handbook PDF of a standard: when it is there, asking for it, and the job that makes it. Once made, kept."""

from pathlib import Path

import segno
from flask import current_app, render_template, url_for
from flask_babel import force_locale
from markupsafe import Markup

from app.core.db import db
from app.core.pdf import render_pdf
from app.standards import outputs, reading
from app.standards.models import Publication, Standard
from app.web.language import LOCALES

FORM = 1  # part of each file's name: a new layout makes new files
JOB = "make_handbook"


def link_of(publication: Publication | None, language: str) -> outputs.PdfLink | None:
    """Returns the link to the handbook of a version in a language; None before the first version. No query."""
    if publication is None:
        return None
    code = publication.standard.code
    return outputs.PdfLink(
        url=url_for("standards.version_pdf", code=code, version=publication.version, text=language),
        is_there=path_of(publication, language).exists(),
        make_url=url_for("standards.make_handbook", code=code, version=publication.version),
    )


def key_of(publication: Publication, language: str) -> str:
    """Returns the name of the file: a hash of everything that goes into it."""
    return outputs.key_of(
        (
            f"handbook/{FORM}", publication.standard.code, publication.version, publication.content_sha256,
            publication.effective_on.isoformat(), language, live_url(publication.standard),
        )
    )  # fmt: skip


def path_of(publication: Publication, language: str) -> Path:
    """Returns where the file stands or would stand in the data folder."""
    return outputs.path_of(key_of(publication, language))


def live_url(standard: Standard) -> str:
    """Returns the address that the QR code leads to: the text in force, whatever the paper says."""
    base = str(current_app.config.get("BASE_URL") or "http://127.0.0.1:8000").rstrip("/")
    return f"{base}/s/{standard.code}"


def ask_for(publication: Publication, language: str) -> None:
    """Queues the making of a handbook; asking twice is asking once, a failed job is tried again."""
    outputs.ask_for(JOB, key_of(publication, language), publication_id=publication.id, language=language)


def work_on(publication: Publication, language: str) -> outputs.PdfWork:
    """Returns how far the making of a handbook is."""
    return outputs.work_on(JOB, key_of(publication, language))


def make_handbook(publication_id: int, language: str) -> dict[str, object]:
    """Job: makes the handbook of a publication in one language; a file that is there is not made again."""
    publication = db.session.get_one(Publication, publication_id)
    path = path_of(publication, language)
    if not path.exists():
        html, css = page_of(publication, language), outputs.PDF_STYLE.read_text(encoding="utf-8")
        db.session.rollback()  # no transaction is held while the layout runs
        outputs.keep(path, render_pdf(html, css))
    return {"file": path.name, "bytes": path.stat().st_size}


def page_of(publication: Publication, language: str) -> str:
    """Returns the HTML of the handbook; it names no outside address, so that nothing can be fetched."""
    standard = publication.standard
    url = live_url(standard)
    # The words come from the catalogue of the handbook's language, whoever asked for it.
    with current_app.test_request_context("/"), force_locale(LOCALES[language]):
        return render_template(
            "standards/handbook.html",
            reading=reading.as_published(standard, publication, (language,)),
            standard=standard,
            version=publication,
            language=language,
            fingerprint=publication.content_sha256[:16],
            url=url,
            qr=Markup(segno.make(url, error="m").svg_inline(scale=3, border=0)),  # noqa: S704 - made here
        )
