"""Owns the fixtures of the shell's tests: an app with the shell alone and viewers of our choice. Knows no room."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, Response, jsonify, render_template_string, request
from flask.testing import FlaskClient

from app.core import clock
from app.core.access import Actor, GrantValue, Permission, Role, open_to_all, requires
from app.core.errors import Invalid, Refused, TooMany, Unavailable
from app.web import shell
from app.web.viewer import NOBODY, Viewer, provide_viewer

DIRECTOR = Actor(1, "p-1", (GrantValue(Role.SERVICE_DIRECTOR),))
AGENT = Actor(2, "p-2", (GrantValue(Role.PROPOSER), GrantValue(Role.AGENT)))
VIEWERS = {
    "director": Viewer("王芳", DIRECTOR),
    "agent": Viewer("吴敏", AGENT),
    "english": Viewer("Owen", AGENT, "en"),
}
NOW = dt.datetime(2026, 3, 15, 10, 0, tzinfo=dt.UTC)  # Sunday, 18:00 in Shanghai
PAGE = """{% extends "web/base.html" %}{% block title %}{{ title }}{% endblock %}{% block h1 %}{{ title }}{% endblock %}"""

WRITE = """{% extends "web/base.html" %}{% from "components/field.html" import textarea, choices %}
{% from "components/decision_bar.html" import submit %}{% from "components/banner.html" import job %}
{% from "components/fold.html" import copy %}
{% block title %}{{ title }}{% endblock %}{% block h1 %}{{ title }}{% endblock %}{% block content %}
<form method="post" action="/act" data-autosave="/save" data-confirm-leave>{{ csrf_field() }}
<input type="hidden" name="version" value="6">
<p class="saved" role="status" data-saved data-saving="saving" data-done="saved %s" data-failed="not saved"></p>
<button type="button" hidden data-restore>restore</button>
{{ textarea("note", "Note", data={"data-preview": "/preview", "data-preview-into": "shown"}) }}
<div id="shown"></div>{{ submit("Send") }}</form>
<div data-keys-list data-keys-next>{% for n in (1, 2) %}<section data-keys-row id="row-{{ n }}">
<h2>Row {{ n }}</h2>{% for key in ("1", "2", "3") %}<label><input type="radio" name="q{{ n }}" value="{{ key }}" data-key="{{ key }}">{{ key }}</label>{% endfor %}
</section>{% endfor %}</div>
{{ job("Reading", "/write", done=1, total=2, poll_url="/job/1") }}{{ copy("a phrase") }}
{% endblock %}
{% block scripts %}{{ super() }}{% for name in ("autosave", "preview", "poll", "copy", "keys", "confirm-leave") %}{{ script(name) }}{% endfor %}{% endblock %}"""


@pytest.fixture
def shell_app(tmp_path: Path) -> Iterator[Flask]:
    """An app that has the shell and a few pages; `?as=director` chooses who looks."""
    app = Flask("shell", static_folder=None)
    app.config.update(
        SECRET_KEY="test", TRUSTED_HOSTS=["localhost", "127.0.0.1"], TESTING=True, PROPAGATE_EXCEPTIONS=False
    )
    clock.configure(tmp_path, "Asia/Shanghai")
    shell.init_app(app)
    app.before_request(shell.refuse_unmarked)
    provide_viewer(app, lambda: VIEWERS.get(request.args.get("as", ""), NOBODY))
    add_pages(app)
    with clock.frozen(NOW):
        yield app


@pytest.fixture
def browser_of(shell_app: Flask) -> FlaskClient:
    """A browser of the app with the shell alone."""
    return shell_app.test_client()


def add_pages(app: Flask) -> None:
    """Adds pages as rooms would, and views that fail in every way."""

    @app.get("/s", endpoint="standards.library")
    @requires(Permission.READ_STANDARDS)
    def library() -> str:
        return render_template_string(PAGE, title="S")

    @app.get("/e", endpoint="evidence.inbox")
    @requires(Permission.READ_EVIDENCE)
    def inbox() -> str:
        return render_template_string(PAGE, title="E")

    @app.get("/open")
    @open_to_all
    def page() -> str:
        return render_template_string(PAGE, title="Open")

    @app.get("/unmarked")
    def unmarked() -> str:
        return "open to whoever finds it"

    @app.get("/write")
    @open_to_all
    def write() -> str:
        return render_template_string(WRITE, title="Write")

    @app.post("/save")
    @open_to_all
    def save() -> Response | tuple[str, int]:
        if request.form["note"] == "theirs":
            return "", 409
        return jsonify(saved="10:32:05", version=7)

    @app.post("/preview")
    @open_to_all
    def preview() -> str:
        return render_template_string("<ins>{{ request.form.note }}</ins>")

    @app.get("/job/<int:step>")
    @open_to_all
    def job(step: int) -> str:
        return "<p id='end'>ready</p>" if step else ""

    @app.post("/act")
    @open_to_all
    def act() -> str:
        return "done"

    @app.get("/fail/<kind>")
    @open_to_all
    def fail(kind: str) -> str:
        faults = {
            "refused": Refused("web.required"),
            "unknown": Refused("nobody.knows"),
            "invalid": Invalid.of("title", "web.too_long", limit=60, length=61),
            "many": TooMany("web.required", until=NOW + dt.timedelta(minutes=5)),
            "away": Unavailable("web.required"),
        }
        if kind in faults:
            raise faults[kind]
        raise RuntimeError("secret inside")
