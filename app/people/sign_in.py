"""Owns the doors: who is at the request, which view is open to whom. Rows of sign-ins stand in `sign_in_rows`."""

import datetime as dt

from flask import Flask, current_app, request, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from app.core import clock, once
from app.core.access import Actor, Permission, required_of
from app.core.db import set_reading_only
from app.core.errors import NotAllowed, NotSignedIn
from app.people import codes, passwords, queries, sign_in_rows, words
from app.people.models import Grant, Person, SignIn
from app.web.viewer import NOBODY, Viewer, provide_viewer

# A sign-in on a trusted phone lives long, so after the ordinary hours it opens only what reading needs.
TRUSTED_PERMISSIONS = frozenset({Permission.USE_DESK, Permission.ACKNOWLEDGE, Permission.READ_STANDARDS})


class SignedIn(UserMixin):  # type: ignore[misc]
    """The person of this request with the actor they are today."""

    def __init__(self, token: str, row: SignIn, person: Person, grants: list[Grant]) -> None:
        self.id = token
        self.person = person
        self.confirmed_at: dt.datetime = row.confirmed_at
        self.confirmed_by: str = row.confirmed_by
        self.created_at: dt.datetime = row.created_at
        self.is_trusted: bool = row.is_trusted
        self.actor: Actor = queries.actor_for(person, grants)


def init_app(app: Flask) -> None:
    """Puts the doors into the app: one check before every request, closed by default."""
    settings = app.config["SETTINGS"]
    passwords.configure(settings.argon2_time_cost, settings.argon2_memory_kib)
    manager = LoginManager(app)
    manager.session_protection = (
        None  # our token is random and its row can end; nothing is bound to the browser
    )
    manager.user_loader(_load)
    provide_viewer(app, _viewer)
    app.jinja_env.globals["role_words"] = words.role_words
    app.before_request(_open_or_refuse)
    app.teardown_request(_end_of_request)


def signed_in() -> SignedIn | None:
    """Returns who is signed in at this request, None for a visitor."""
    user = current_user._get_current_object() if current_user else None
    return user if isinstance(user, SignedIn) else None


def actor() -> Actor:
    """Returns the actor of this request. Raises NotSignedIn for a visitor."""
    user = signed_in()
    if user is None:
        raise NotSignedIn("access.sign_in_first")
    return user.actor


def viewer_person() -> Person:
    """Returns the person of this request. Raises NotSignedIn for a visitor."""
    user = signed_in()
    if user is None:
        raise NotSignedIn("access.sign_in_first")
    return user.person


def begin(person: Person, *, trust_phone: bool) -> None:
    """Signs the person in with a fresh session: what the browser held before is worth nothing."""
    settings = current_app.config["SETTINGS"]
    life = (
        dt.timedelta(days=settings.trusted_session_days)
        if trust_phone
        else dt.timedelta(hours=settings.session_hours)
    )
    token = sign_in_rows.start(person, life, trust_phone)
    language = session.get("lang")
    session.clear()
    session.permanent = trust_phone
    if language:
        session["lang"] = language
    found = sign_in_rows.living(token)
    if found is not None:
        login_user(SignedIn(token, *found))


def finish() -> None:
    """Signs out: the row ends, so a copied cookie ends with it."""
    user = signed_in()
    if user is not None:
        sign_in_rows.end(str(user.id))
    logout_user()
    session.clear()


def is_fresh() -> bool:
    """Tells whether the password was given so recently that signing need not ask again (`step_up_minutes`)."""
    user = signed_in()
    if user is None:
        return False
    age = clock.now() - user.confirmed_at
    return age <= dt.timedelta(minutes=current_app.config["SETTINGS"].step_up_minutes)


def confirm_password(password: str) -> bool:
    """Checks the own password again and notes it on the sign-in; tells whether it fits."""
    user = signed_in()
    settings = current_app.config["SETTINGS"]
    if user is None:
        return False
    person = sign_in_rows.check_password(
        user.person.sign_in_name, password, network(), settings.sign_in_tries
    )
    if person is None or person.id != user.person.id:
        return False
    _confirmed(user, "password")
    return True


def confirm_code(code: str) -> bool:
    """Checks a one-time or recovery code, uses it up and notes it on the sign-in; tells whether it fits.

    Raises Invalid for a code of another time (a clock is wrong), TooMany as for passwords.
    """
    user = signed_in()
    if user is None:
        return False
    tries = current_app.config["SETTINGS"].sign_in_tries
    found = codes.check(user.person, code, network(), tries)
    if found is None:
        return False
    _confirmed(user, found)
    return True


def _confirmed(user: SignedIn, by: str) -> None:
    """Notes on the sign-in, and for the rest of this request, that the person has just said who they are."""
    sign_in_rows.confirm(str(user.id), by)
    user.confirmed_at, user.confirmed_by = clock.now(), by


def network() -> str:
    """Returns the network a request comes from, for counting tries."""
    return request.remote_addr or "unknown"


def _load(token: str) -> SignedIn | None:
    found = sign_in_rows.living(token)
    return SignedIn(token, *found) if found else None


def _viewer() -> Viewer:
    user = signed_in()
    if user is None:
        return NOBODY
    person = user.person
    return Viewer(person.name, user.actor, person.language, person.name_latin)


def _end_of_request(_error: BaseException | None) -> None:
    set_reading_only(False)
    once.end()


def _open_or_refuse() -> None:
    is_reading = request.method in ("GET", "HEAD", "OPTIONS")
    set_reading_only(is_reading)
    once.begin() if is_reading else once.end()
    if request.endpoint is None:
        return
    view = current_app.view_functions[request.endpoint]
    permission = required_of(view)
    if permission is False:
        raise NotAllowed("access.unmarked")
    if permission is None:
        return
    user = signed_in()
    if user is None:
        raise NotSignedIn("access.sign_in_first")
    assert isinstance(permission, Permission)
    if not user.actor.may(permission):
        raise NotAllowed("access.not_yours")
    hours = current_app.config["SETTINGS"].session_hours
    is_old = clock.now() - user.created_at > dt.timedelta(hours=hours)
    if user.is_trusted and is_old and permission not in TRUSTED_PERMISSIONS:
        raise NotSignedIn("access.sign_in_again")
