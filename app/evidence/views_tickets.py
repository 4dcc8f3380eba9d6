"""Owns the pages of tickets: the filtered table, one ticket, bringing tickets in."""

import secrets
from pathlib import Path

from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from app.core import jobs
from app.core.access import Permission, requires
from app.core.db import transaction
from app.core.errors import Invalid, Reason
from app.core.uploads import uploads_folder
from app.evidence import job_queries, originals, previewing, queries, service
from app.evidence.forms import GUESS, ImportForm
from app.evidence.import_reasons import refusal_words, refused_csv
from app.evidence.jobs import waiting_upload
from app.evidence.pages import evidence
from app.evidence.readers import MAPPINGS, generic_table
from app.evidence.ticket_filters import CODES, filter_from
from app.evidence.tickets import Channel, Complexity, Priority
from app.people import queries as people_queries
from app.people import sign_in
from app.web.forms import problems_from
from app.web.paging import paginate
from app.web.reasons import reason_words

SUFFIXES = frozenset({*generic_table.SUFFIXES, ".zip"})
FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


@evidence.get("/e/tickets")
@requires(Permission.READ_EVIDENCE)
def tickets() -> ResponseReturnValue:
    """Shows the tickets that the filters of the address let through, newest first."""
    wanted = filter_from(request.args)
    total = queries.count_tickets(wanted)
    return render_template(
        "evidence/tickets.html",
        page=paginate(total, lambda offset, limit: queries.tickets(wanted, offset, limit)),
        wanted=wanted,
        codes=CODES,
        choices=_choices(),
        span=queries.ticket_span(),
    )


@evidence.get("/e/tickets/<int:ticket_id>")
@requires(Permission.READ_EVIDENCE)
def ticket(ticket_id: int) -> ResponseReturnValue:
    """Shows one masked ticket with its conversation."""
    return _ticket(ticket_id)


@evidence.post("/e/tickets/<int:ticket_id>/original")
@requires(Permission.UNMASK)
def original(ticket_id: int) -> ResponseReturnValue:
    """Shows the ticket once as it was before masking, for a typed reason; nothing of it is kept anywhere on the way."""
    try:
        with transaction():
            found = originals.unmask(
                sign_in.actor(), queries.ticket(ticket_id), reason=request.form.get("reason", "")
            )
    except Invalid as error:
        return _ticket(ticket_id, problems=problems_from(error.errors)), 422
    response = make_response(_ticket(ticket_id, original=found))
    response.headers["Cache-Control"] = "no-store"
    return response


@evidence.route("/e/import", methods=["GET", "POST"])
@requires(Permission.MANAGE_EVIDENCE)
def import_page() -> ResponseReturnValue:
    """Takes a file of tickets and queues its import."""
    form = ImportForm()
    if request.method == "GET":
        return _import_form(form)
    sent: FileStorage | None = request.files.get("file")
    if not form.validate() or sent is None or not sent.filename:
        if sent is None or not sent.filename:
            form.file.errors = [*form.file.errors, reason_words(Reason("evidence.no_file"))]
        return _import_form(form), 422
    suffix = Path(sent.filename.replace("\\", "/")).suffix.lower()
    stored_as = secrets.token_hex(16) + (suffix if suffix in SUFFIXES else ".csv")
    path = uploads_folder() / stored_as
    sent.save(path)
    chosen = previewing.guess(path) if form.mapping.data == GUESS else form.mapping.data
    with transaction():
        base, columns = previewing.named(chosen)
        row = service.announce_import(sign_in.actor(), base, sent.filename)
        number = row.id
        if request.form.get("then") != "check":
            jobs.enqueue(
                "import_uploaded",
                key=f"import:{number}",
                import_id=number,
                stored_as=stored_as,
                columns=columns,
            )
    if request.form.get("then") == "check":
        path.rename(path.with_name(f"import-{number}{path.suffix}"))
        return redirect(url_for(".import_check", import_id=number, mapping=chosen), 303)
    return redirect(url_for(".import_result", import_id=number), 303)


@evidence.get("/e/import/<int:import_id>")
@requires(Permission.MANAGE_EVIDENCE)
def import_result(import_id: int) -> ResponseReturnValue:
    """Shows how far an import is, then what came of it."""
    row = queries.ticket_import(import_id)
    return render_template(
        "evidence/import_result.html",
        row=row,
        mapping=MAPPINGS.get(row.mapping),
        failed=queries.import_failed(import_id),
        waiting=not row.finished_at and waiting_upload(import_id) is not None,
        progress=None if row.finished_at else job_queries.import_progress(import_id),
        refused=[(one, refusal_words(one)) for one in row.refused[:20]],
    )


@evidence.get("/e/import/<int:import_id>/refused.csv")
@requires(Permission.MANAGE_EVIDENCE)
def refused_rows(import_id: int) -> ResponseReturnValue:
    """Gives the refused rows with file, line, field and reason as a table a spreadsheet opens safely."""
    row = queries.ticket_import(import_id)
    body = refused_csv(row.refused)
    name = f"refused-{row.id}.csv"
    return Response(
        body,
        mimetype="text/csv",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Content-Type": "text/csv; charset=utf-8",
        },
    )


def _ticket(ticket_id: int, **more: object) -> str:
    may_ask = sign_in.actor().may(Permission.UNMASK) and originals.is_kept(ticket_id)
    return render_template(
        "evidence/ticket.html",
        ticket=queries.ticket(ticket_id),
        keeps_originals=originals.keeps(),
        may_ask=may_ask,
        **more,
    )


def _import_form(form: ImportForm) -> str:
    made = queries.imports()
    return render_template(
        "evidence/import.html",
        form=form,
        mappings=MAPPINGS.values(),
        imports=made,
        people=people_queries.by_ids([row.actor_id or 0 for row in made]),
    )


def _choices() -> dict[str, list[str]]:
    return {
        "category": queries.categories(),
        "region": [region.code for region in people_queries.regions()],
        "channel": [one.value for one in Channel],
        "priority": [one.value for one in Priority],
        "complexity": [one.value for one in Complexity],
    }
