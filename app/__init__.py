"""The product. `create_app` is loaded when it is first asked for: the process that mines texts needs none of its rooms."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.factory import create_app

__all__ = ["create_app"]


def __getattr__(name: str) -> object:
    if name in __all__:
        return getattr(import_module("app.factory"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
