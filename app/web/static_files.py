"""Owns the static files of all rooms: their addresses with content hash, and how long they are kept."""

import hashlib
import mimetypes
from pathlib import Path

from flask import Flask, Response, abort, current_app, request, url_for
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
    return _hash((folder / name).read_bytes())


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
    content = (folder / filename).read_bytes()
    kind = mimetypes.guess_type(filename)[0] or "application/octet-stream"
    response = Response(content, mimetype=kind)
    response.set_etag(_hash(content))
    is_current = request.args.get("h") == _hash(content)
    response.headers["Cache-Control"] = (
        f"public, max-age={KEPT_SECONDS}, immutable" if is_current else "no-cache"
    )
    response.make_conditional(request)
    return response


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:HASH_LENGTH]


def init_static(app: Flask) -> None:
    """Makes `url_for_static` known to all templates."""
    app.jinja_env.globals["url_for_static"] = url_for_static
