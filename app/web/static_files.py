"""Owns the static files of all rooms: their addresses with content hash, and how long they are kept."""

import hashlib
from pathlib import Path

from flask import Flask, Response, abort, current_app, request, send_from_directory, url_for
from markupsafe import Markup

ROOMS = Path(__file__).resolve().parent.parent
KEPT_SECONDS = 365 * 24 * 3600
HASH_LENGTH = 12


def find_static(name: str) -> Path | None:
    """Returns the folder that holds the static file `room/...` or `vendor/...`, None when there is none."""
    for folder in sorted(ROOMS.glob("*/static")):
        path = (folder / name).resolve()
        if path.is_file() and path.is_relative_to(folder):
            return folder
    return None


def content_hash(name: str) -> str:
    """Returns the first characters of the file's sha256; raises FileNotFoundError for an unknown name."""
    folder = find_static(name)
    if folder is None:
        raise FileNotFoundError(f"no room has the static file {name}")
    return hashlib.sha256((folder / name).read_bytes()).hexdigest()[:HASH_LENGTH]


def url_for_static(name: str) -> str:
    """Returns the address of a static file, for example `web/app.css`; it changes with the content."""
    hashes: dict[str, str] = current_app.extensions.setdefault("web.static_hashes", {})
    if name not in hashes or current_app.debug:
        hashes[name] = content_hash(name)
    return url_for("web.static", filename=name, h=hashes[name])


def script(name: str) -> Markup:
    """Returns the tag that loads a behaviour: `autosave` of the shell, or `standards/backtest` of a room."""
    path = f"{name}.js" if "/" in name else f"web/js/{name}.js"
    return Markup('<script type="module" src="{}"></script>').format(url_for_static(path))


def send_static(filename: str) -> Response:
    """Sends a static file; one asked for with its current hash may be kept for a year."""
    folder = find_static(filename)
    if folder is None:
        abort(404)
    response = send_from_directory(folder, filename)
    if request.args.get("h") == content_hash(filename):
        response.headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}, immutable"
    else:
        response.headers["Cache-Control"] = "no-cache"
    return response


def init_static(app: Flask) -> None:
    """Makes `url_for_static` known to all templates."""
    app.jinja_env.globals["url_for_static"] = url_for_static
