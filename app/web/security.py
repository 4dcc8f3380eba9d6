"""Owns the security headers, the token of forms and the check where a request comes from."""

from urllib.parse import urlsplit

from flask import Flask, Response, current_app, request
from flask_wtf.csrf import CSRFProtect, generate_csrf
from markupsafe import Markup

from app.core.errors import BadInput
from app.web.viewer import current_viewer

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "media-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "manifest-src 'self'",
    )
)
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
HSTS = "max-age=63072000; includeSubDomains"

csrf = CSRFProtect()


def init_security(app: Flask) -> None:
    """Sets up the origin check, the form token and the headers of each response.

    `TRUSTED_HOSTS` and the base address come from the configuration; Flask itself answers 400 to another host.
    """
    # The session ends when the person is signed out; a form left open over lunch must still be sendable.
    app.config.setdefault("WTF_CSRF_TIME_LIMIT", None)
    app.before_request(limit_form)
    app.before_request(refuse_foreign_origin)
    csrf.init_app(app)
    app.after_request(add_headers)
    app.jinja_env.globals["csrf_field"] = csrf_field


def csrf_field() -> Markup:
    """Returns the hidden input that each POST form carries."""
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())


def limit_form() -> None:
    """Holds a plain form to `MAX_FORM_MEMORY_SIZE`; Werkzeug does so for forms with files only. Longer ones get 413."""
    limit = current_app.config.get("MAX_FORM_MEMORY_SIZE")
    if limit is not None and request.mimetype == "application/x-www-form-urlencoded":
        request.max_content_length = limit


def refuse_foreign_origin() -> None:
    """Refuses an unsafe request that another site sent; raises BadInput."""
    if request.method in SAFE_METHODS or request.routing_exception is not None:
        return
    origin = request.headers.get("Origin")
    if origin is not None:
        if urlsplit(origin).netloc != request.host:
            raise BadInput("web.foreign_origin")
    elif request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
        raise BadInput("web.foreign_origin")


def add_headers(response: Response) -> Response:
    """Adds the security headers; pages of a signed-in person are kept by no cache."""
    headers = response.headers
    headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("X-Frame-Options", "DENY")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
    if _is_https():
        headers.setdefault("Strict-Transport-Security", HSTS)
    if request.endpoint != "web.static":
        response.vary.update(("Cookie", "Accept-Language"))
        if "Cache-Control" not in headers:
            headers["Cache-Control"] = "no-store" if current_viewer().is_signed_in else "no-cache"
    return response


def _is_https() -> bool:
    settings = current_app.config.get("SETTINGS")
    return request.is_secure or str(getattr(settings, "base_url", "")).startswith("https:")
