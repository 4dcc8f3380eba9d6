"""Owns the pages of the activity log: filters, 50 lines a page, export, and whether the chain holds."""

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from app.admin import log
from app.admin.pages import admin
from app.archive import anchoring
from app.core import activity, clock
from app.core.access import Permission, requires
from app.core.csv_text import csv_bytes
from app.web.paging import paginate

HEADER = ("seq", "at_utc", "subject", "verb", "object_kind", "object_key", "line", "sha256")


@admin.get("/admin/log", endpoint="log")
@requires(Permission.READ_LOG)
def log_page() -> ResponseReturnValue:
    """Shows the lines that fit; `?check=1` reads the whole chain and says whether it holds."""
    wish = _wish()
    page = paginate(log.count(wish), lambda offset, limit: log.lines(wish, offset, limit))
    is_checked = request.args.get("check") == "1"
    return render_template(
        "admin/log.html",
        page=page,
        people=log.people_of(page.items),
        verbs=log.verbs(),
        kinds=log.object_kinds(),
        head=activity.head()[0],
        anchor=anchoring.newest(),
        is_checked=is_checked,
        wrong=activity.verify_chain() if is_checked else [],
    )


@admin.get("/admin/log.csv")
@requires(Permission.READ_LOG)
def log_csv() -> ResponseReturnValue:
    """Sends the lines that fit as a table; subjects instead of names, no cell runs as a formula."""
    name = f"activity-log-{clock.today().isoformat()}.csv"
    return Response(
        csv_bytes(HEADER, log.exported(_wish())),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _wish() -> log.Wish:
    who = request.args.get("who", "").strip()
    return log.Wish(
        verb=request.args.get("verb", ""),
        object_kind=request.args.get("kind", ""),
        object_key=request.args.get("object", "").strip(),
        subject=log.subject_of(who) if who else "",
    )
