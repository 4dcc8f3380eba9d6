"""Owns the error pages (P30): status, words and the page. What went wrong inside is logged, never shown."""

import datetime as dt
import logging
import secrets
from typing import Any

from flask import Flask, Response, make_response, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException, InternalServerError, SecurityError

from app.core import clock, schema
from app.core.errors import DomainError, Invalid, NotSignedIn, Reason, TooMany, Unavailable
from app.web.forms import problems_from
from app.web.navigation import exists
from app.web.places import here
from app.web.reasons import reason_words
from app.web.viewer import forget_viewer

log = logging.getLogger("touchstone.web")

# status: (h1, what it means and what to do)
WORDS: dict[int, tuple[Any, Any]] = {
    400: (
        _l("The request was not understood"),
        _l("Nothing was changed. Go back, reload the page and try again."),
    ),
    401: (_l("Sign in first"), _l("This page is for people who are signed in.")),
    403: (_l("This page is not open to you"), _l("Your roles do not include it. Nothing was changed.")),
    404: (_l("Nothing is at this address"), _l("Check the address, or search for the number or the title.")),
    405: (_l("That cannot be done here"), _l("A link only opens pages. Use the button on the page.")),
    409: (
        _l("This does not fit what is there now"),
        _l("Nothing was changed. What you typed is still in the form when you go back."),
    ),
    413: (_l("This is too large"), _l("Send a smaller file or a shorter text. Nothing was changed.")),
    422: (
        _l("Something in the form needs changing"),
        _l("Nothing was changed. Go back, put it right and send it again."),
    ),
    429: (_l("Too many tries"), _l("Wait a little and try again.")),
    500: (
        _l("Something went wrong on our side"),
        _l(
            "It has been recorded. Go back and try again; if it happens again, give the administrator the code below."
        ),
    ),
    503: (_l("Not available just now"), _l("Your work up to here is kept. Try again in a few minutes.")),
}
RETRY_SECONDS = 120
SIGN_IN = "people.sign_in"
FOR_PROGRAMS = ("/api/", "/e/push/")  # addresses that programs ask: always answered in JSON


def init_errors(app: Flask) -> None:
    """Registers the handlers of domain errors and HTTP errors; Flask turns any other fault into a 500 of these."""
    app.register_error_handler(DomainError, show_domain_error)
    app.register_error_handler(CSRFError, show_token_error)
    app.register_error_handler(HTTPException, show_http_error)


def show_domain_error(error: DomainError) -> Response:
    """Answers a refusal with its status and all its reasons in the reader's language."""
    if isinstance(error, NotSignedIn) and not _wants_json() and exists(SIGN_IN):
        place = here() if request.method == "GET" else None
        return make_response(redirect(url_for(SIGN_IN, next=place), 303))
    if isinstance(error, Unavailable):
        log.warning("unavailable: %s", error)
        forget_viewer()
    problems = problems_from(error.errors) if isinstance(error, Invalid) else []
    reasons = () if problems else error.reasons
    return error_page(error.status, reasons, problems=problems, retry_after=_retry_after(error))


def show_token_error(error: CSRFError) -> Response:
    """Answers a form without a token that belongs to this session."""
    return error_page(400, (Reason("web.token_missing"),))


def show_http_error(error: HTTPException) -> Response:
    """Answers an HTTP error; a redirect or a made response passes unchanged."""
    if error.response is not None:
        return make_response(error.response)
    status = error.code or 500
    if status < 400:
        return make_response(error.get_response())
    if isinstance(error, InternalServerError):
        return show_fault(error.original_exception or error)
    response = error_page(status)
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After", "WWW-Authenticate"):
            response.headers[name] = value
    return response


def show_fault(fault: BaseException) -> Response:
    """Answers an unexpected fault with a code that is also in the log; the page touches no table.

    A database that another release has left, or a new one with no tables, is no fault of ours: 503 says what to do.
    """
    if isinstance(fault, DBAPIError) and schema.is_of_another_release():
        log.error("%s", schema.ADVICE)
        forget_viewer()
        return error_page(503, (Reason("web.other_release"),), retry_after=RETRY_SECONDS)
    code = secrets.token_hex(4)
    log.error("fault %s at %s: %s", code, request.path, type(fault).__name__)
    forget_viewer()
    return error_page(500, code=code)


def error_page(
    status: int,
    reasons: tuple[Reason, ...] = (),
    *,
    problems: list[tuple[str, str]] | None = None,
    code: str = "",
    retry_after: int | None = None,
) -> Response:
    """Returns the page of a status; JSON where the client asked for nothing else."""
    title, advice = WORDS.get(status, WORDS[400 if status < 500 else 500])
    words = [words for reason in reasons if (words := reason_words(reason))]
    if _wants_json():
        body: dict[str, Any] = {
            "status": status,
            "title": str(title),
            "reasons": [r.key for r in reasons],
            "words": words,
        }
        response = make_response({**body, **({"code": code} if code else {})}, status)
    else:
        values = {"status": status, "title": title, "advice": advice, "reasons": words, "code": code}
        response = make_response(render_template(_template(), problems=problems or [], **values), status)
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response


def _template() -> str:
    """Returns the full page, or the bare one where no address can be built (a host we do not answer for)."""
    if isinstance(request.routing_exception, SecurityError):
        return "web/error_bare.html"
    return "web/error.html"


def _wants_json() -> bool:
    best = request.accept_mimetypes.best_match(["text/html", "application/json"], default="text/html")
    return request.path.startswith(FOR_PROGRAMS) or (
        best == "application/json" and not request.accept_mimetypes.accept_html
    )


def _retry_after(error: DomainError) -> int | None:
    if isinstance(error, TooMany):
        until = error.reasons[0].params.get("until")
        if isinstance(until, dt.datetime):
            return max(1, round((until - clock.now()).total_seconds()))
        return RETRY_SECONDS
    return RETRY_SECONDS if isinstance(error, Unavailable) else None
