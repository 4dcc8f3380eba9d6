"""Owns the pages of the archive: the effect of a revision, its dossier, how to verify it."""

from flask import Response, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.archive import bundle, dossier_page, queries, service
from app.archive.forms import SealForm
from app.archive.models import Dossier
from app.archive.pages import archive
from app.core.access import Permission, requires
from app.core.db import transaction
from app.core.errors import NotFound, Unavailable
from app.people import sign_in
from app.standards import beside
from app.standards import queries as standards
from app.standards.models import Revision
from app.web.banner import flash_done
from app.web.language import current_language

__all__ = ["archive"]


@archive.get("/r/<number>/effect")
@requires(Permission.READ_REVISIONS)
def effect(number: str) -> ResponseReturnValue:
    """Shows the share kept before and after, with its range, against the effect registered beforehand."""
    page = dossier_page.effect_page(beside.revision_with_all(number))
    return render_template("archive/effect.html", page=page)


@archive.get("/r/<number>/dossier")
@requires(Permission.READ_DOSSIER)
def dossier(number: str) -> ResponseReturnValue:
    """Shows the dossier as it grows, or as it was sealed."""
    return _show(beside.revision_with_all(number), SealForm(formdata=None))


@archive.post("/r/<number>/dossier")
@requires(Permission.ARCHIVE)
def seal(number: str) -> ResponseReturnValue:
    """Seals the dossier with its two lessons; sent twice it is one."""
    revision, form = standards.revision(number), SealForm()
    if not form.submitted:
        return _show(revision, form), 422
    with transaction():
        service.seal(sign_in.actor(), revision, keep=form.keep.data or "", change=form.change.data or "")
    flash_done(_("Sealed. The files are being made; their fingerprints go to the archive."))
    return redirect(url_for(".dossier", number=number), 303)


@archive.get("/r/<number>/dossier.zip")
@requires(Permission.READ_DOSSIER)
def dossier_zip(number: str) -> Response:
    """Returns the sealed archive: pages, tables, texts, manifest, signatures, how to verify."""
    revision, row = _sealed(number)
    if not bundle.is_intact(row, revision.number):
        raise Unavailable("archive.not_built")
    path = bundle.path_of(revision.number)
    return send_file(
        path, mimetype="application/zip", as_attachment=True, download_name=f"dossier-{number}.zip"
    )


@archive.get("/r/<number>/dossier.pdf")
@requires(Permission.READ_DOSSIER)
def dossier_pdf(number: str) -> Response:
    """Returns the sealed dossier as PDF in the reader's language."""
    revision, _row = _sealed(number)
    path = bundle.pdf_path(revision.number, current_language())
    if not path.exists():
        raise Unavailable("archive.not_built")
    return send_file(path, mimetype="application/pdf", download_name=f"dossier-{number}.pdf")


@archive.get("/r/<number>/dossier/verify")
@requires(Permission.READ_DOSSIER)
def verify(number: str) -> ResponseReturnValue:
    """Says how to check a sealed dossier with two programs that are everywhere, without this one."""
    revision, row = _sealed(number)
    is_intact = bundle.is_intact(row, revision.number)
    return render_template("archive/verify.html", revision=revision, dossier=row, is_intact=is_intact)


def _sealed(number: str) -> tuple[Revision, Dossier]:
    revision = standards.revision(number)
    row = queries.dossier(revision.id)
    if row is None:
        raise NotFound("archive.no_dossier", number=revision.number)
    return revision, row


def _show(revision: Revision, form: SealForm) -> str:
    page = dossier_page.dossier_page(revision, sign_in.actor())
    return render_template("archive/dossier.html", page=page, revision=revision, form=form)
