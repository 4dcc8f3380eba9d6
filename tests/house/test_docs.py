"""Owns the test that the documents name what there is: rooms, settings, events, permissions, commands, decisions."""

import dataclasses
import re
from collections.abc import Iterable
from pathlib import Path

import click
import pytest

from app.cli import cli
from app.config import Settings
from app.core import events
from app.core.access import Permission
from app.evidence.readers import MAPPINGS
from tests.house.rules import APP, ROOT


def page(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def missing(names: Iterable[str], text: str) -> list[str]:
    """Returns the names that do not stand in the text as code."""
    return sorted(
        name for name in names if not re.search(rf"`(touchstone )?{re.escape(name)}(?![\w-])", text)
    )


def rooms() -> set[str]:
    return {path.parent.name for path in APP.glob("*/__init__.py")}


def all_events() -> set[str]:
    return {kind.__name__ for kind in events.Event.__subclasses__()}


def commands(group: click.Group = cli, before: str = "") -> set[str]:
    found: set[str] = set()
    for name, command in group.commands.items():
        found |= commands(command, f"{name} ") if isinstance(command, click.Group) else {before + name}
    return found


def variables() -> dict[str, str]:
    """Returns {variable: default as the page writes it}."""
    return {f"TOUCHSTONE_{f.name.upper()}": str(f.default) or "empty" for f in dataclasses.fields(Settings)}


@pytest.mark.parametrize(
    ("what", "names", "document"),
    [
        ("rooms", rooms(), "rooms.md"),
        ("events", all_events(), "rooms.md"),
        ("permissions", {str(p) for p in Permission}, "rooms.md"),
        ("settings", set(variables()), "settings.md"),
        ("commands", commands(), "settings.md"),
        ("mappings", set(MAPPINGS), "imports.md"),
    ],
)
def test_documents_name_what_there_is(what: str, names: set[str], document: str) -> None:
    assert names, what
    absent = missing(names, page(document))
    assert not absent, f"docs/{document} says nothing of the {what} {', '.join(absent)}: write a row for each"


def test_a_name_that_is_absent_is_found() -> None:
    text = "`init`, `touchstone demo --advance`, `TOUCHSTONE_DATABASE`, `read_log`"
    assert missing({"init", "demo", "jobs", "TOUCHSTONE_DATA", "read"}, text) == [
        "TOUCHSTONE_DATA",
        "jobs",
        "read",
    ]


def test_settings_stand_with_their_defaults() -> None:
    rows = dict(re.findall(r"^\| `(TOUCHSTONE_\w+)` \| (`[^`]+`|empty) \|", page("settings.md"), re.M))
    assert {name: value.strip("`") for name, value in rows.items()} == variables()


def test_every_decision_is_listed_with_its_title() -> None:
    listed = page("adr/README.md")
    for path in sorted((ROOT / "docs" / "adr").glob("0*.md")):
        title = path.read_text(encoding="utf-8").splitlines()[0]
        number, words = re.fullmatch(r"# (\d+)\. (.+)", title).groups()  # type: ignore[union-attr]
        assert f"[{number}]({path.name}) | {words} |" in listed, (
            f"docs/adr/README.md has no row for {path.name}"
        )


def test_readme_leads_to_every_document() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for path in sorted(Path(ROOT / "docs").glob("*.md")):
        assert f"docs/{path.name}" in text, f"README.md does not lead to docs/{path.name}"
