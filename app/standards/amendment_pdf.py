"""Owns the PDF of an amendment table: the page it is made of, and the job that makes it. Once made, kept."""

from flask import current_app, render_template
from flask_babel import force_locale

from app.core.db import db
from app.core.pdf import render_pdf
from app.standards import amendment, outputs, queries
from app.standards.amendment_words import notes_of
from app.web.language import LOCALES

JOB = "make_amendment_pdf"


def ask_for(key: str, where: dict[str, str], language: str) -> None:
    """Queues the making; `where` is `code` and `pair` of two texts, or `number` of a revision."""
    outputs.ask_for(JOB, key, where=where, language=language, wanted=key)


def found(where: dict[str, str], language: str) -> amendment.Amendment:
    """Returns the amendment of an address, its words in its own language. Raises NotFound."""
    with force_locale(LOCALES[language]):
        if "number" in where:
            return amendment.of_revision(queries.revision(where["number"]), language)
        return amendment.of_versions(queries.standard(where["code"]), where["pair"], language)


def make_amendment_pdf(where: dict[str, str], language: str, wanted: str) -> dict[str, object]:
    """Job: makes the PDF; a file that is there is not made again, a text that moved on since is not made at all."""
    with current_app.test_request_context("/"):
        made = found(where, language)
        if made.key != wanted:
            return {"changed": True}
        path = outputs.path_of(wanted)
        if not path.exists():
            html, css = page_of(made), outputs.PDF_STYLE.read_text(encoding="utf-8")
            db.session.rollback()  # no transaction is held while the layout runs
            outputs.keep(path, render_pdf(html, css))
    return {"file": path.name, "bytes": path.stat().st_size}


def page_of(made: amendment.Amendment) -> str:
    """Returns the HTML of the PDF; it names no outside address, so that nothing can be fetched."""
    with force_locale(LOCALES[made.language]):
        return render_template("standards/amendments_pdf.html", amendment=made, notes_of=notes_of)
