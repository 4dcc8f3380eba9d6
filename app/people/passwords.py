"""Owns the password hash. The algorithm is argon2id from argon2-cffi; nothing here knows an account."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.core.errors import Invalid

SHORTEST = 10
LONGEST = 256

_state = {"hasher": PasswordHasher()}
_dummy: dict[PasswordHasher, str] = {}


def configure(time_cost: int, memory_kib: int) -> None:
    """Sets the cost of a hash (`argon2_time_cost`, `argon2_memory_kib`)."""
    _state["hasher"] = PasswordHasher(time_cost=time_cost, memory_cost=memory_kib, parallelism=2)


def make_hash(password: str) -> str:
    """Returns the hash. Raises Invalid for a password under 10 or over 256 characters, before hashing."""
    if len(password) < SHORTEST:
        raise Invalid.of("password", "password.too_short", least=SHORTEST)
    if len(password) > LONGEST:
        raise Invalid.of("password", "password.too_long", most=LONGEST)
    return _state["hasher"].hash(password)


def matches(password: str, hashed: str | None) -> bool:
    """Tells whether the password belongs to the hash; takes as long for an account that does not exist."""
    hasher = _state["hasher"]
    if len(password) > LONGEST:
        password = ""
    if hashed is None:
        if hasher not in _dummy:
            _dummy[hasher] = hasher.hash("nobody has this password")
        hashed, password = _dummy[hasher], ""
    try:
        return hasher.verify(hashed, password) and password != ""
    except (VerificationError, InvalidHashError):
        return False
