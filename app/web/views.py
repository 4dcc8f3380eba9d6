"""Owns the shell's own pages: static files, preferences, help. No other room's page."""

from flask import Blueprint, Response, make_response, redirect, render_template, request
from werkzeug.exceptions import BadRequest

from app.core.access import open_to_all
from app.web.glossary import terms
from app.web.places import safe_place
from app.web.preferences import CHOICES, keep_preference
from app.web.static_files import send_static
from app.web.styleguide import samples

web = Blueprint("web", __name__, template_folder="templates")


@web.get("/static/<path:filename>")
@open_to_all
def static(filename: str) -> Response:
    """Sends a static file of any room."""
    return send_static(filename)


@web.post("/preferences")
@open_to_all
def preferences() -> Response:
    """Keeps how pages look on this device and goes back to the page the reader was on."""
    response = make_response(redirect(safe_place(request.form.get("next"), "/"), 303))
    chosen = [name for name in CHOICES if name in request.form]
    if not chosen or not all(keep_preference(response, name, request.form[name]) for name in chosen):
        raise BadRequest
    return response


@web.get("/help")
@open_to_all
def help_home() -> str:
    """Shows what help there is."""
    return render_template("web/help.html")


@web.get("/help/keys")
@open_to_all
def help_keys() -> str:
    """Shows the keyboard shortcuts."""
    return render_template("web/help_keys.html")


@web.get("/help/glossary")
@open_to_all
def help_glossary() -> str:
    """Shows the words of the house in both languages, those that hold the text asked for."""
    asked = request.args.get("q", "").strip()
    wanted = asked.casefold()
    found = [term for term in terms() if wanted in f"{term.code} {term.en} {term.zh}".casefold()]
    return render_template("web/help_glossary.html", terms=found, asked=asked, total=len(terms()))


@web.get("/help/styleguide")
@open_to_all
def help_styleguide() -> str:
    """Shows every component with sample content, in the language and theme asked for."""
    return render_template("web/styleguide.html", **samples())
