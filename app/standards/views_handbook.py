"""Owns the doors of the handbook PDF: the file when it is there, else the page that says how far it is."""

from flask import make_response, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from app.core import clock
from app.core.access import Permission, requires
from app.core.db import transaction
from app.core.errors import NotFound
from app.standards import handbook, queries, reading
from app.standards.models import Publication
from app.standards.pages import standards
from app.standards.reading import LANGUAGES
from app.web.language import current_language


@standards.get("/s/<code>.pdf")
@requires(Permission.READ_STANDARDS)
def standard_pdf(code: str) -> ResponseReturnValue:
    """Sends the handbook of the version in force, or leads to the page that makes it."""
    row = queries.standard(code)
    newest = reading.in_force_of(reading.light_publications(row.id), clock.now())
    if newest is None:
        raise NotFound("standard.never_published", code=row.code)
    return _send(newest, code)


@standards.get("/s/<code>/v/<version>.pdf")
@requires(Permission.READ_STANDARDS)
def version_pdf(code: str, version: str) -> ResponseReturnValue:
    """Sends the handbook of one version, or leads to the page that makes it."""
    return _send(queries.publication(queries.standard(code).id, version), code)


@standards.get("/s/<code>/v/<version>/handbook")
@requires(Permission.READ_STANDARDS)
def handbook_work(code: str, version: str) -> ResponseReturnValue:
    """Says how far the handbook is, with a link that asks again; the file's link when it is done."""
    publication = queries.publication(queries.standard(code).id, version)
    language = _language()
    return render_template(
        "standards/handbook_work.html",
        standard=publication.standard,
        version=publication,
        language=language,
        work=handbook.work_on(publication, language),
        pdf=handbook.link_of(publication, language),
    )


@standards.post("/s/<code>/v/<version>/handbook")
@requires(Permission.READ_STANDARDS)
def make_handbook(code: str, version: str) -> ResponseReturnValue:
    """Asks for the handbook and shows how far it is."""
    publication = queries.publication(queries.standard(code).id, version)
    language = _language()
    with transaction():
        handbook.ask_for(publication, language)
    return redirect(url_for(".handbook_work", code=code, version=version, text=language), 303)


def _send(publication: Publication, code: str) -> ResponseReturnValue:
    language = _language()
    path = handbook.path_of(publication, language)
    if not path.exists():
        return redirect(url_for(".handbook_work", code=code, version=publication.version, text=language))
    name = f"{publication.standard.code}-v{publication.version}-{language}.pdf"
    return make_response(send_file(path, mimetype="application/pdf", download_name=name))


def _language() -> str:
    asked = request.values.get("text")
    return asked if asked in LANGUAGES else current_language()
