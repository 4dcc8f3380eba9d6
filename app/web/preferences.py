"""Owns how a page looks to one reader: theme, text size, shortcuts. Kept in cookies, so it works before sign-in."""

from dataclasses import dataclass

from flask import Response, request

THEMES = ("auto", "light", "dark")
SIZES = ("normal", "large")
SHORTCUTS = ("on", "off")
CHOICES = {"theme": THEMES, "text": SIZES, "keys": SHORTCUTS}
COOKIE_SECONDS = 365 * 24 * 3600


@dataclass(frozen=True)
class Preferences:
    """The choices of the reader in front of the page."""

    theme: str
    text: str
    keys: str


def current_preferences() -> Preferences:
    """Returns the reader's choices; anything unknown counts as the first of its list."""
    chosen = {name: request.cookies.get(name, "") for name in CHOICES}
    known = {name: value if value in CHOICES[name] else CHOICES[name][0] for name, value in chosen.items()}
    return Preferences(**known)


def keep_preference(response: Response, name: str, value: str) -> bool:
    """Sets one choice on the response; tells whether name and value are known."""
    if name not in CHOICES or value not in CHOICES[name]:
        return False
    response.set_cookie(
        name, value, max_age=COOKIE_SECONDS, secure=request.is_secure, httponly=True, samesite="Lax"
    )
    return True
