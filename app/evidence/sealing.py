"""Owns sealing and opening texts with a key that stands in a file, outside the database. Keeps no text and knows no ticket."""

from pathlib import Path

from app.core.errors import NotFound
from app.core.secret_files import kept_secret

try:
    from cryptography.fernet import Fernet, InvalidToken
except ImportError:  # only an instance that keeps originals needs it
    Fernet = InvalidToken = None


def box(key_file: Path) -> "Box":
    """Returns what seals and opens with the key of a file, which is made when it is not there, readable by its owner only.

    Raises RuntimeError where the library is missing: keeping originals unsealed instead would be worse than stopping.
    """
    if Fernet is None:
        raise RuntimeError("TOUCHSTONE_KEEP_ORIGINALS_DAYS needs the package cryptography")
    return Box(kept_secret(key_file, Fernet.generate_key))


class Box:
    """Seals texts and opens them again. What another key sealed, or somebody changed, does not open."""

    def __init__(self, key: bytes) -> None:
        self._fernet = Fernet(key)

    def seal(self, text: str) -> str:
        """Returns the text sealed; the same text sealed twice gives two different results."""
        return str(self._fernet.encrypt(text.encode()).decode())

    def open(self, sealed: str) -> str:
        """Returns the text that was sealed. Raises NotFound when the key is another one or the sealed text was changed."""
        try:
            return str(self._fernet.decrypt(sealed.encode()).decode())
        except InvalidToken:
            raise NotFound("original.cannot_open") from None
