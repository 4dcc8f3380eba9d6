"""Owns which step a one-time code belongs to (RFC 6238, over RFC 4226): six digits, 30 seconds, SHA-1. Pure.

Authenticator apps know this form and no other for certain. pyotp computes the codes; which step a code
belongs to, which keeps it from being used twice, is found here.
"""

import datetime as dt
import hmac
from collections.abc import Collection

import pyotp

SECONDS, DIGITS = 30, 6
STEPS_ALLOWED = 1  # a code typed slowly, or a clock that is a little off
# How far off a code is recognised, so that a wrong clock is named and not taken for a wrong code. Back: a day, such codes
# are over. Ahead: ten minutes only, for whoever guesses could keep what would be right later.
STEPS_BACK, STEPS_AHEAD = 24 * 120, 20


def new_secret() -> str:
    """Returns a secret of 160 random bits in base32, as RFC 4226 wants it."""
    return pyotp.random_base32()


def step_of(moment: dt.datetime) -> int:
    """Returns the number of the 30 seconds that a moment (aware) lies in, from 1970 on."""
    return int(moment.timestamp()) // SECONDS


def code_of(secret: str, step: int) -> str:
    """Returns the code of a step: six digits."""
    return pyotp.HOTP(secret, digits=DIGITS).at(step)


def clean(code: str) -> str:
    """Returns what was typed without spaces; an empty text where that is not six plain digits."""
    typed = "".join(code.split())
    return typed if len(typed) == DIGITS and typed.isascii() and typed.isdigit() else ""


def matching_step(secret: str, code: str, now: int, used: Collection[int]) -> int | None:
    """Returns the step whose code this is, of those around `now` that were not used; None for a code that does not fit."""
    found: int | None = None
    for step in range(max(0, now - STEPS_ALLOWED), now + STEPS_ALLOWED + 1):
        if hmac.compare_digest(code_of(secret, step), code) and step not in used:
            found = step
    return found


def minutes_off(secret: str, code: str, now: int) -> int | None:
    """Returns by how many minutes a code lies beside `now` (negative: the device is behind); None where it fits nowhere."""
    steps: list[int] = [
        *range(STEPS_ALLOWED + 1, STEPS_AHEAD + 1),
        *range(-STEPS_ALLOWED - 1, -STEPS_BACK - 1, -1),
    ]
    for distance in steps:
        if now + distance >= 0 and hmac.compare_digest(code_of(secret, now + distance), code):
            return int(distance * SECONDS / 60)
    return None


def address(secret: str, issuer: str, account: str) -> str:
    """Returns what an authenticator app reads from the picture: `otpauth://totp/…` with issuer and account."""
    return pyotp.TOTP(secret, digits=DIGITS, interval=SECONDS).provisioning_uri(
        name=account, issuer_name=issuer
    )
