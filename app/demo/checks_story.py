"""Owns the demonstration's quality checks: two months drawn and scored, findings, an appeal, a sealed dossier."""

from typing import Protocol


class Calendar(Protocol):
    """What is needed of the timeline."""

    def on(self, days: int, act: object, hour: int = 10, minute: int = 0) -> None: ...


def note(time: Calendar) -> None:
    """Notes the checks on the timeline."""
