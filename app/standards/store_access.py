"""Owns which store this instance uses. What a store can do stands in `store.py`."""

from pathlib import Path

from flask import Flask, current_app

from app.standards import recovery
from app.standards.store import Store


def init_app(app: Flask, folder: Path) -> None:
    """Opens the store of the data folder, made when it is not there; refuses one whose settings changed."""
    store = Store(folder / "store.git")
    is_new = not store.path.exists()
    store.create()
    if is_new:
        recovery.note_boot(store)
    app.extensions["store"] = store


def store() -> Store:
    """Returns the store of the current application."""
    found: Store = current_app.extensions["store"]
    return found
