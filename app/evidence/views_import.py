"""Owns the page between sending a file and bringing it in: first rows, columns and fields, what would be refused."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core import jobs
from app.core.access import Permission, requires
from app.core.db import transaction
from app.core.errors import Invalid, NotFound
from app.evidence import previewing, queries
from app.evidence.forms import GUESS, mapping_choices
from app.evidence.import_fields import field_words
from app.evidence.import_reasons import refusal_words
from app.evidence.jobs import waiting_upload
from app.evidence.pages import evidence
from app.evidence.readers import MAPPINGS
from app.people import sign_in
from app.web.reasons import reason_words

PREFIX = "column-"


@evidence.get("/e/import/<int:import_id>/check")
@requires(Permission.MANAGE_EVIDENCE)
def import_check(import_id: int) -> ResponseReturnValue:
    """Shows the beginning of a sent file as a mapping would read it; `?mapping=` tries another."""
    return _page(import_id, request.args.get("mapping", ""), None)


@evidence.post("/e/import/<int:import_id>/check")
@requires(Permission.MANAGE_EVIDENCE)
def import_checked(import_id: int) -> ResponseReturnValue:
    """Shows the beginning again with the chosen columns, or queues the import."""
    name = request.form.get("mapping", "")
    base, columns = _chosen(name)
    if request.form.get("then") != "import":
        return _page(import_id, name, columns)
    row, path = queries.ticket_import(import_id), waiting_upload(import_id)
    if path is None or row.finished_at is not None:
        return redirect(url_for(".import_result", import_id=import_id), 303)
    try:
        with transaction():
            previewing.reader(base, columns)
            if save_as := request.form.get("save_as", "").strip():
                previewing.save_mapping(sign_in.actor(), save_as, base, columns or {})
            row.mapping = base
            jobs.enqueue(
                "import_uploaded",
                key=f"import:{import_id}",
                import_id=import_id,
                stored_as=path.name,
                columns=columns,
            )
    except Invalid as refusal:
        return _page(import_id, name, columns, refusal), 422
    return redirect(url_for(".import_result", import_id=import_id), 303)


def _chosen(name: str) -> tuple[str, dict[str, str] | None]:
    """Returns the mapping and the columns of the form; None where the form has none."""
    base, saved = previewing.named(name)
    titles = request.form.getlist("title")
    if not titles:
        return base, saved
    fields = [request.form.get(f"{PREFIX}{place}", "") for place in range(len(titles))]
    return base, {title: field for title, field in zip(titles, fields, strict=True) if field}


def _page(import_id: int, name: str, columns: dict[str, str] | None, refusal: Invalid | None = None) -> str:
    row, path = queries.ticket_import(import_id), waiting_upload(import_id)
    if path is None:
        raise NotFound("evidence.unknown_import")
    base, saved = previewing.named(name or row.mapping)
    chosen = columns if columns is not None else saved
    problems = [(error.field, reason_words(error.reason)) for error in refusal.errors] if refusal else []
    try:
        seen = previewing.preview(path, base, chosen)
    except Invalid as wrong:
        problems = problems or [(error.field, reason_words(error.reason)) for error in wrong.errors]
        seen = previewing.preview(path, base)
    return render_template(
        "evidence/import_check.html",
        row=row,
        name=name or row.mapping,
        mapping=MAPPINGS[base],
        seen=seen,
        problems=[("", f"{field_words(field)}: {words}" if field else words) for field, words in problems],
        refused=[(one, refusal_words(one)) for one in (seen.refused if seen else ())],
        fields=[(field, field_words(field)) for field in previewing.CHOSEN_FIELDS],
        mappings=[(one.value, one.label) for one in mapping_choices() if one.value != GUESS],
        save_as=request.form.get("save_as", ""),
        title=_("Check the file"),
    )
