"""Owns the translation catalogues: extraction, update and the check of every room. Knows no string.

A room is a folder of `app/`; its catalogue stands in
`app/<room>/translations/zh_Hans/LC_MESSAGES/messages.po` and holds the strings of that room's Python files
and templates, and no others.
"""

import argparse
import io
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

LOCALE = "zh_Hans"
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2"), ("**/templates/**.txt", "jinja2")]
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "lazy_pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
STAMPS = (
    "POT-Creation-Date",
    "PO-Revision-Date",
    "Generated-By",
    "Last-Translator",
    "Language-Team",
    "Project-Id-Version",
    "Report-Msgid-Bugs-To",
)
HEADER = (
    "# Chinese texts of the room `{room}`. The source strings stand in its Python files and templates.\n#"
)


def rooms(app: Path) -> list[Path]:
    """Returns the folders of `app` that are packages, sorted by name."""
    return sorted(path.parent for path in app.glob("*/__init__.py"))


def catalogue_path(room: Path) -> Path:
    """Returns where the room's catalogue stands, whether or not it exists."""
    return room / "translations" / LOCALE / "LC_MESSAGES" / "messages.po"


def extracted(room: Path) -> Catalog:
    """Returns the strings that the room's Python files and templates use now, without translations."""
    found = Catalog(locale=LOCALE, charset="utf-8")
    options = {"jinja2": {"trimmed": "true", "silent": "false"}}
    rows = extract_from_dir(
        room, METHODS, {pattern: options.get(method, {}) for pattern, method in METHODS}, KEYWORDS, ("i18n:",)
    )
    for name, _line, text, comments, context in rows:
        found.add(text, None, [(f"{room.name}/{name}", 0)], auto_comments=comments, context=context)
    return found


def known(room: Path) -> Catalog:
    """Returns the room's catalogue as it stands on disk; an absent file is an empty catalogue."""
    path = catalogue_path(room)
    if not path.exists():
        return Catalog(locale=LOCALE, charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=LOCALE)


def update(room: Path, tidy: bool = False) -> tuple[int, int]:
    """Brings the room's catalogue up to its strings; returns how many there are and how many lack Chinese.

    Translations stay; strings no longer used stay as comments, or go when `tidy` is true. A room without
    strings and without a catalogue gets none.
    """
    template, kept = extracted(room), known(room)
    path = catalogue_path(room)
    if not len(template) and not path.exists():
        return 0, 0
    kept.update(template, no_fuzzy_matching=True)
    kept.header_comment = HEADER.format(room=room.name)
    kept.fuzzy = False
    out = io.BytesIO()
    write_po(
        out, kept, width=110, include_lineno=False, sort_by_file=True, ignore_obsolete=tidy, omit_header=False
    )
    text = "".join(
        line for line in out.getvalue().decode().splitlines(keepends=True) if not _moves_by_itself(line)
    )
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return len(kept), sum(1 for message in kept if message.id and not _translated(message))


def _moves_by_itself(line: str) -> bool:
    return line.startswith(tuple(f'"{stamp}' for stamp in STAMPS))


def check(app: Path) -> list[str]:
    """Returns one sentence for each fault of the catalogues; empty means that every string has its Chinese.

    Faults: a string without a catalogue entry, without a translation or marked fuzzy; an entry that nothing
    uses; a placeholder lost or invented; one source string with two translations in two rooms, since the
    rooms' catalogues are merged at run time.
    """
    faults: list[str] = []
    meanings: dict[tuple[object, object], dict[object, str]] = defaultdict(dict)
    for room in rooms(app):
        catalogue = known(room)
        faults += _faults_of(room, extracted(room), catalogue)
        for message in catalogue:
            if message.id and _translated(message):
                meanings[(message.id, message.context)][message.string] = room.name
    for (text, _context), translations in meanings.items():
        if len(translations) > 1:
            both = ", ".join(f"{name}: {string}" for string, name in translations.items())
            faults.append(f"{_short(text)} has two translations ({both}); agree on one or use pgettext")
    return faults


def _faults_of(room: Path, used: Catalog, catalogue: Catalog) -> Iterable[str]:
    for message in used:
        if not message.id:
            continue
        entry = catalogue.get(message.id, message.context)
        where = message.locations[0][0] if message.locations else room.name
        if entry is None:
            yield f"{where}: {_short(message.id)} is not in the catalogue (./dev translate {room.name})"
        elif not _translated(entry):
            yield f"{where}: {_short(message.id)} has no Chinese"
        elif entry.fuzzy:
            yield f"{where}: {_short(message.id)} is marked fuzzy"
        else:
            entry.flags |= message.flags
            for error in entry.check():
                yield f"{where}: {_short(message.id)}: {error}"
    for message in catalogue:
        if message.id and used.get(message.id, message.context) is None:
            yield f"{room.name}: {_short(message.id)} is translated but used nowhere in the room"


def _translated(message: Message) -> bool:
    strings = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
    return all(strings) and bool(strings)


def _short(text: object) -> str:
    first = text[0] if isinstance(text, (tuple, list)) else text
    return f'"{str(first)[:70]}"'


def main(arguments: list[str] | None = None) -> int:
    """Runs update or check from the command line; 0 done, 1 faults found, 2 misuse."""
    parser = argparse.ArgumentParser(prog="python -m tools.catalogues", description=__doc__.splitlines()[0])
    parser.add_argument("verb", choices=["update", "check"])
    parser.add_argument("room", nargs="*", help="rooms to update; none is all")
    parser.add_argument("--tidy", action="store_true", help="drop the comments of strings no longer used")
    parser.add_argument("--app", type=Path, default=Path(__file__).parent.parent / "app")
    options = parser.parse_args(arguments)
    if options.verb == "check":
        faults = check(options.app)
        print("\n".join(faults) or "translations: complete")
        return 1 if faults else 0
    wanted = [options.app / name for name in options.room] or rooms(options.app)
    for room in wanted:
        if not (room / "__init__.py").exists():
            print(f"there is no room called {room.name}", file=sys.stderr)
            return 2
        count, missing = update(room, options.tidy)
        if count:
            print(f"{room.name}: {count} strings, {missing} without Chinese")
    return 0


if __name__ == "__main__":
    sys.exit(main())
