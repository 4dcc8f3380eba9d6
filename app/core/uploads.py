"""Owns the folder in which uploaded files wait for the work that reads them. Reads and takes away none."""

from pathlib import Path

from flask import current_app

UPLOADS = "uploads"


def uploads_folder() -> Path:
    """Returns the folder in which uploaded files wait for their import; it is made when it is not there.

    What begins with `import-` and nobody brought in is taken away a day later by the clock.
    """
    folder: Path = current_app.config["SETTINGS"].data.absolute() / UPLOADS
    folder.mkdir(parents=True, exist_ok=True)
    return folder
