"""Owns the pages that bring in a history of texts from a file: sending it, how far it is, what came of it."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.access import Permission, requires
from app.core.db import transaction
from app.core.errors import Invalid, Reason, TooLarge
from app.people import sign_in
from app.standards import history_uploads
from app.standards.bundle import LIMIT_BUNDLE_BYTES
from app.standards.pages import standards
from app.web.forms import problems_from
from app.web.reasons import reason_words


@standards.route("/s/history-files", methods=["GET", "POST"])
@requires(Permission.PUBLISH)
def history_files() -> ResponseReturnValue:
    """Takes a file with the history of texts, and lists the files sent last."""
    if request.method == "GET":
        return _page()
    try:
        with transaction():
            number = history_uploads.take(sign_in.actor(), request.files.get("file"))
    except Invalid as refused:
        return _page(problems_from(refused.errors)), 422
    except TooLarge as refused:
        return _page([("file", reason_words(reason)) for reason in refused.reasons]), refused.status
    return redirect(url_for(".history_file", job_id=number), 303)


@standards.get("/s/history-files/<int:job_id>")
@requires(Permission.PUBLISH)
def history_file(job_id: int) -> ResponseReturnValue:
    """Shows how far the reading of a file is, then what was brought in and what was refused, each with its reason."""
    return render_template(
        "standards/history_file.html",
        reading=history_uploads.reading(job_id),
        reason_of=lambda data: reason_words(Reason(data["key"], data["params"])),
        outcome_words=lambda outcome: {
            "created": _("new in the library"),
            "updated": _("brought up to date"),
            "unchanged": _("was there already"),
        }.get(outcome, outcome),
    )


def _page(problems: list[tuple[str, str]] | None = None) -> str:
    return render_template(
        "standards/history_files.html",
        readings=history_uploads.readings(),
        megabytes=LIMIT_BUNDLE_BYTES // (1024 * 1024),
        problems=problems,
        errors=dict(problems or []),
    )
