"""Owns the pages of an amendment: the table on the screen, as PDF and as Word, and the redline as Word."""

import io
from typing import Any

from flask import redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from app.core.access import Permission, requires
from app.core.db import transaction
from app.standards import amendment_pdf, amendment_word, outputs
from app.standards.amendment import Amendment
from app.standards.amendment_words import notes_of
from app.standards.pages import standards
from app.standards.reading import LANGUAGES
from app.web.language import current_language

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FILES = 'any("amendments.pdf", "amendments.docx", "redline.docx")'


@standards.get("/s/<code>/compare/<pair>/amendments")
@requires(Permission.READ_STANDARDS)
def amendments(code: str, pair: str) -> ResponseReturnValue:
    """Shows two texts of a standard as an amendment table; `?text=` chooses zh or en."""
    return _table({"code": code, "pair": pair})


@standards.get(f"/s/<code>/compare/<pair>/<{FILES}:filename>")
@requires(Permission.READ_STANDARDS)
def amendments_file(code: str, pair: str, filename: str) -> ResponseReturnValue:
    """Sends one of the files of a comparison; a PDF that is not there yet leads to the page that makes it."""
    return _file({"code": code, "pair": pair}, filename)


@standards.route("/s/<code>/compare/<pair>/amendments/pdf", methods=["GET", "POST"])
@requires(Permission.READ_STANDARDS)
def amendments_work(code: str, pair: str) -> ResponseReturnValue:
    """Asks for the PDF of a comparison, and says how far it is."""
    return _work({"code": code, "pair": pair})


@standards.get("/r/<number>/changes/amendments")
@requires(Permission.READ_REVISIONS)
def revision_amendments(number: str) -> ResponseReturnValue:
    """Shows what a revision changes as an amendment table; `?text=` chooses zh or en."""
    return _table({"number": number})


@standards.get(f"/r/<number>/changes/<{FILES}:filename>")
@requires(Permission.READ_REVISIONS)
def revision_amendments_file(number: str, filename: str) -> ResponseReturnValue:
    """Sends one of the files of a revision's changes; a PDF that is not there yet leads to the page that makes it."""
    return _file({"number": number}, filename)


@standards.route("/r/<number>/changes/amendments/pdf", methods=["GET", "POST"])
@requires(Permission.READ_REVISIONS)
def revision_amendments_work(number: str) -> ResponseReturnValue:
    """Asks for the PDF of a revision's changes, and says how far it is."""
    return _work({"number": number})


def _table(where: dict[str, str]) -> ResponseReturnValue:
    made = amendment_pdf.found(where, _language())
    return render_template(
        "standards/amendments.html",
        amendment=made,
        notes_of=notes_of,
        comparison=made.comparison,
        back=_address("back", where),
        pdf=_pdf(made, where),
        table_word=_address("file", where, filename="amendments.docx", text=made.language),
        redline_word=_address("file", where, filename="redline.docx", text=made.language),
    )


def _file(where: dict[str, str], filename: str) -> ResponseReturnValue:
    made = amendment_pdf.found(where, _language())
    name = f"{made.file_stem}-{made.language}-{filename}"
    if filename == "amendments.pdf":
        path = outputs.path_of(made.key)
        if not path.exists():
            return redirect(_address("work", where, text=made.language))
        return send_file(path, mimetype="application/pdf", download_name=name)
    data = (
        amendment_word.table_word(made)
        if filename == "amendments.docx"
        else amendment_word.redline_word(made)
    )
    return send_file(io.BytesIO(data), mimetype=WORD, download_name=name, as_attachment=True)


def _work(where: dict[str, str]) -> ResponseReturnValue:
    made = amendment_pdf.found(where, _language())
    if request.method == "POST":
        with transaction():
            amendment_pdf.ask_for(made.key, where, made.language)
        return redirect(_address("work", where, text=made.language), 303)
    return render_template(
        "standards/amendments_work.html",
        amendment=made,
        work=outputs.work_on(amendment_pdf.JOB, made.key),
        pdf=_pdf(made, where),
        table=_address("table", where, text=made.language),
        here_again=_address("work", where, text=made.language),
    )


def _pdf(made: Amendment, where: dict[str, str]) -> outputs.PdfLink:
    return outputs.PdfLink(
        url=_address("file", where, filename="amendments.pdf", text=made.language),
        is_there=outputs.path_of(made.key).exists(),
        make_url=_address("work", where),
    )


ENDPOINTS = {
    "table": ("standards.amendments", "standards.revision_amendments"),
    "file": ("standards.amendments_file", "standards.revision_amendments_file"),
    "work": ("standards.amendments_work", "standards.revision_amendments_work"),
    "back": ("standards.comparison", "reviews.changes"),
}
"""The pages of two texts and those of a revision."""


def _address(what: str, where: dict[str, Any], **more: Any) -> str:
    return url_for(ENDPOINTS[what]["number" in where], **where, **more)


def _language() -> str:
    asked = request.values.get("text")
    return asked if asked in LANGUAGES else current_language()
