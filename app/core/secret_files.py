"""Owns secrets that stand in a file of their own, readable by their owner only. Knows none of them."""

import contextlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path


def kept_secret(path: Path, make: Callable[[], bytes]) -> bytes:
    """Returns the secret of a file, without the white space around it; one that is not there is made once, mode 0600.

    Of several processes that begin at once, all return the one secret that is kept.
    """
    with contextlib.suppress(FileNotFoundError):
        return path.read_bytes().strip()
    handle, made = tempfile.mkstemp(
        dir=path.parent, prefix=f".{path.name}-"
    )  # for its owner from its first byte on
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(make())
        with contextlib.suppress(FileExistsError):
            os.link(made, path)  # whole or not at all: nobody reads half a secret
    finally:
        os.unlink(made)
    return path.read_bytes().strip()
