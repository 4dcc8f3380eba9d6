"""Owns where other systems send rows, and the tokens that let them. The one door without a form token: it asks for a bearer's."""

import secrets
from pathlib import Path

from flask import Response, current_app, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from app.core.access import Permission, open_to_all, requires
from app.core.db import transaction
from app.core.errors import Invalid, NotSignedIn
from app.core.uploads import uploads_folder
from app.evidence import articles, push_tokens, pushing
from app.evidence.import_reasons import refusal_words
from app.evidence.pages import evidence
from app.evidence.ticket_rows import Row
from app.evidence.views_connectors import list_page
from app.people import sign_in
from app.web.banner import flash_done
from app.web.errors import error_page
from app.web.forms import problems_from
from app.web.security import csrf

KINDS = {
    "application/json": ".json",
    "application/x-ndjson": ".jsonl",
    "application/jsonl": ".jsonl",
    "text/csv": ".csv",
}
BLOCK = 256 * 1024
SCHEME = "Bearer "


@evidence.post("/e/push/<mapping>")
@csrf.exempt  # type: ignore[untyped-decorator]
@open_to_all
def push(mapping: str) -> ResponseReturnValue:
    """Takes rows of a mapping as JSON, JSON Lines or CSV and answers in JSON what came of them."""
    settings = current_app.config["SETTINGS"]
    try:
        with transaction():
            sender = push_tokens.let_in(bearer(), mapping, settings.push_tries).name
    except NotSignedIn as refusal:
        response = error_page(refusal.status, refusal.reasons)
        response.headers["WWW-Authenticate"] = "Bearer"
        return response
    suffix = KINDS.get(request.mimetype)
    if suffix is None:
        raise UnsupportedMediaType
    path = uploads_folder() / f"import-push-{secrets.token_hex(16)}{suffix}"
    try:
        _receive(path, settings.push_limit_bytes)
        return _said(pushing.bring_in(mapping, path, sender))
    finally:
        path.unlink(missing_ok=True)


@evidence.post("/e/connectors/tokens")
@requires(Permission.MANAGE_EVIDENCE)
def make_token() -> ResponseReturnValue:
    """Makes a token and shows it, this once."""
    form = request.form
    try:
        with transaction():
            row, secret = push_tokens.make(
                sign_in.actor(), name=form.get("token_name", ""), mapping=form.get("mapping", "")
            )
            name, mapping = row.name, row.mapping
    except Invalid as error:
        return list_page(typed=form, token_problems=problems_from(error.errors)), 422
    address = url_for(".push", mapping=mapping, _external=True)
    feed = url_for("public.feed_list", _external=True) if mapping == articles.NAME else ""
    return render_template("evidence/push_token.html", name=name, secret=secret, address=address, feed=feed)


@evidence.post("/e/connectors/tokens/<int:token_id>/revoke")
@requires(Permission.MANAGE_EVIDENCE)
def revoke_token(token_id: int) -> ResponseReturnValue:
    """Takes a token back."""
    with transaction():
        name = push_tokens.revoke(sign_in.actor(), token_id).name
    flash_done(_("%(name)s can send nothing more.", name=name))
    return redirect(url_for(".connectors_page"), 303)


def bearer() -> str:
    """Returns the token of the request's Authorization header, empty without one."""
    given = request.headers.get("Authorization", "")
    return given.removeprefix(SCHEME).strip() if given.startswith(SCHEME) else ""


def _receive(path: Path, limit: int) -> None:
    """Writes the body to a file that only we read. Raises RequestEntityTooLarge."""
    request.max_content_length = limit
    if request.content_length is not None and request.content_length > limit:
        raise RequestEntityTooLarge
    path.touch(mode=0o600, exist_ok=False)
    with path.open("wb") as out:
        while block := request.stream.read(BLOCK):
            out.write(block)


def _said(brought: pushing.Brought) -> Response:
    """Returns the counts; 422 for a body that could not be read as a whole, of which nothing was kept."""
    response = jsonify(
        {
            "read": brought.read,
            "created": brought.created,
            "updated": brought.updated,
            "unchanged": brought.unchanged,
            "refused": brought.refused,
            "errors": [_error(one) for one in brought.errors],
            "import": brought.import_id,
        }
    )
    response.status_code = 200 if brought.is_whole else 422
    return response


def _error(one: Row) -> dict[str, object]:
    return {"line": one["line"], "field": one["field"], "reason": one["reason"], "words": refusal_words(one)}
