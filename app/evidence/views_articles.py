"""Owns the page of articles elsewhere that cite clauses: by hand, by file, amended, removed. Below `/e`, with the registers."""

import secrets
from pathlib import Path

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.core.access import Permission, requires
from app.core.db import transaction
from app.core.errors import Invalid
from app.core.uploads import uploads_folder
from app.evidence import articles as service
from app.evidence.import_reasons import refusal_words
from app.evidence.readers.generic_table import SUFFIXES
from app.evidence.registers import clause_place
from app.evidence.views_registers import register_pages
from app.people import sign_in
from app.web.banner import flash_done
from app.web.forms import problems_from


@register_pages.get("/e/articles")
@requires(Permission.READ_EVIDENCE)
def articles() -> ResponseReturnValue:
    """Shows the articles that cite clauses; `?clause=CS-04-C07` those of one, `?amend=1` those to be amended."""
    return _page()


@register_pages.post("/e/articles")
@requires(Permission.MANAGE_EVIDENCE)
def add_article() -> ResponseReturnValue:
    """Keeps an article entered by hand."""
    form = request.form
    try:
        with transaction():
            service.put(
                sign_in.actor(),
                address=form.get("address", ""),
                title=form.get("title", ""),
                clauses=service.split_clauses(form.get("clauses", "")),
            )
    except Invalid as error:
        return _page(typed=form, problems=problems_from(error.errors)), 422
    flash_done(_("The article is in the register."))
    return redirect(url_for(".articles"), 303)


@register_pages.post("/e/articles/file")
@requires(Permission.MANAGE_EVIDENCE)
def add_articles() -> ResponseReturnValue:
    """Keeps the articles of a file, and shows the rows that were not taken with line and reason."""
    sent = request.files.get("file")
    suffix = Path(sent.filename or "").suffix.casefold() if sent else ""
    if sent is None or suffix not in SUFFIXES:
        return _page(problems=[("file", _("Choose a table (CSV, XLSX) or a JSON file"))]), 422
    path = uploads_folder() / f"import-articles-{secrets.token_hex(16)}{suffix}"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600, exist_ok=False)
    try:
        sent.save(path)
        came = service.bring_in(sign_in.actor(), path, Path(sent.filename or "").name[:120])
    finally:
        path.unlink(missing_ok=True)
    refused = [(one["line"], refusal_words(one)) for one in came.refused]
    return _page(came=came, refused=refused), 200 if not refused else 422


@register_pages.post("/e/articles/<int:article_id>/<any(amended,remove):deed>")
@requires(Permission.MANAGE_EVIDENCE)
def change_article(article_id: int, deed: str) -> ResponseReturnValue:
    """Notes that an article was amended, or takes it out of the register."""
    with transaction():
        if deed == "amended":
            service.amended(sign_in.actor(), article_id)
        else:
            service.remove(sign_in.actor(), article_id)
    flash_done(
        _("The article counts as amended.") if deed == "amended" else _("The article is out of the register.")
    )
    return redirect(url_for(".articles"), 303)


def came_words(came: service.Came) -> str:
    """Returns what came of a file in one sentence."""
    taken = came.created + came.updated + came.unchanged
    words = ngettext("%(num)s article taken", "%(num)s articles taken", taken)
    return str(
        _(
            "%(words)s: %(created)s new, %(updated)s changed.",
            words=words,
            created=came.created,
            updated=came.updated,
        )
    )


def _page(**more: object) -> str:
    asked, place, unknown = request.args.get("clause", "").strip(), None, ""
    if asked:
        try:
            place = clause_place(asked)
        except Invalid:
            unknown = asked[:20]
    only = request.args.get("amend") == "1"
    came = more.get("came")
    return render_template(
        "evidence/articles.html",
        rows=[] if unknown else service.articles(place, only_to_amend=only),
        asked=asked.upper() if place else "",
        unknown=unknown,
        only_to_amend=only,
        most=service.MOST_SHOWN,
        spoken=service.spoken,
        came_words=came_words(came) if isinstance(came, service.Came) else "",
        **more,
    )
