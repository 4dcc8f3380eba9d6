"""Makes the application; owns nothing else. What reacts to what stands in `app/wiring.py`."""

import logging
from pathlib import Path

import structlog
from flask import Flask, Response
from flask_migrate import Migrate

from app import config, wiring
from app.core import calendar, clock, seasons, worker_queue, working_time
from app.core.access import open_to_all
from app.core.db import db
from app.people import sign_in
from app.standards import starting, store_access
from app.web import shell


def create_app(settings: config.Settings | None = None) -> Flask:
    """Returns a ready application on the given settings, or on those of the environment.

    Makes the data folder and the store when they are not there; the database is made by the migrations.
    """
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.INFO))
    settings = settings or config.load()
    folder = settings.data.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    app = Flask("app", static_folder=None)
    app.config.update(_flask_config(settings, folder))
    app.config["SETTINGS"] = settings
    clock.configure(folder, settings.zone)
    _configure_calendar(settings)
    app.before_request(working_time.look)
    db.init_app(app)
    Migrate(app, db, directory=str(wiring.MIGRATIONS), render_as_batch=True)
    shell.init_app(app)
    sign_in.init_app(app)
    store_access.init_app(app, folder)
    wiring.wire(app)
    worker_queue.wake_on_commit(app)
    app.wsgi_app = starting.BeforeFirstRequest(app)  # type: ignore[method-assign]

    @app.get("/healthz")
    @open_to_all
    def healthz() -> Response:
        db.session.execute(db.select(1))
        return Response("ok\n", mimetype="text/plain")

    return app


def _configure_calendar(settings: config.Settings) -> None:
    for name, configure, value in (
        ("SHIFTS", calendar.use_shifts, settings.shifts),
        ("DAYS", calendar.use_days, settings.days),
        ("PEAKS", seasons.use_peaks, settings.peaks),
    ):
        try:
            configure(value)
        except ValueError as error:
            raise ValueError(f"TOUCHSTONE_{name} cannot be read: {error}") from None


def _flask_config(settings: config.Settings, folder: Path) -> dict[str, object]:
    address = settings.database or f"sqlite:///{folder}/touchstone.db"
    if address.startswith("postgresql://"):
        address = "postgresql+psycopg://" + address.removeprefix("postgresql://")
    secure = settings.base_url.startswith("https://")
    return {
        "SQLALCHEMY_DATABASE_URI": address,
        # What people wrote must not reach the log by a fault.
        "SQLALCHEMY_ENGINE_OPTIONS": {"hide_parameters": True},
        "SECRET_KEY": config.secret(folder),
        "SESSION_COOKIE_NAME": "__Host-touchstone" if secure else "touchstone",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": secure,
        "MAX_CONTENT_LENGTH": settings.upload_limit_bytes,
        "MAX_FORM_MEMORY_SIZE": 4 * settings.text_limit_bytes,
        "MAX_FORM_PARTS": 5000,
        "TRUSTED_HOSTS": [h.strip() for h in settings.hosts.split(",") if h.strip()]
        or ["localhost", "127.0.0.1", "[::1]"],
        "WTF_CSRF_TIME_LIMIT": None,
        "ZONE": settings.zone,
        "BASE_URL": settings.base_url,
        "ORGANISATION_ZH": settings.organisation_zh,
        "ORGANISATION_EN": settings.organisation_en,
    }
